//! Why a relation could not be evaluated, in words for people.

use crate::options::Lang;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// 其中 with fewer parts than the total: others may have been left out.
    OpenList,
    /// 占P%, and nothing says of what.
    NoWhole,
    /// 增长P%, and the earlier figure is nowhere.
    NoBase,
    /// The grammar leaves several figures that may be meant, and none fits.
    SeveralReadings,
    /// 约, 余, 以上: the figure does not claim to be exact.
    Approximate,
    /// A figure is misprinted, its value a guess.
    Broken,
    /// 下发整改通知份: a figure of the sentence is missing.
    Missing,
    /// A rate on a base of zero, or a value out of range.
    Undefined,
    /// Two tables that agree nowhere are hardly of one scope.
    OtherScope,
    /// Names of an equation that the report does not state.
    NotStated(Vec<String>),
    /// A name of an equation that the report states with several values.
    SeveralValues(String),
}

impl Why {
    pub fn say(&self, lang: Lang) -> String {
        let said = match self {
            Why::OpenList => lang.of(
                "所列各项未必是全部，合计大于各项之和不算矛盾",
                "the list may be incomplete, so a larger total is no contradiction",
            ),
            Why::NoWhole => lang.of("分母不明确，未核对", "it is not clear of what, so not checked"),
            Why::NoBase => lang
                .of("比较的基数没有写出，未核对", "the figure compared with is not stated, so not checked"),
            Why::SeveralReadings => lang.of(
                "与哪个数比较不明确，未核对",
                "it is not clear which figure is compared with, so not checked",
            ),
            Why::Approximate => {
                lang.of("有约数（约、余、以上等），不作精确核对", "a figure is approximate (约, 余, 以上 …)")
            }
            Why::OtherScope => lang.of(
                "两个表格的范围可能不同，未核对",
                "the two tables may be of different scope, so not checked",
            ),
            Why::Broken => {
                lang.of("有数字写坏了，真实的数不确定", "a figure is misprinted, its true value unknown")
            }
            Why::Missing => lang.of(
                "同一句话里缺了数字，补上后再核对",
                "a figure of the sentence is missing: write it first",
            ),
            Why::Undefined => lang.of("基数为零，没有比率可言", "the base is zero, so there is no rate"),
            Why::NotStated(names) => {
                let names = names.join("、");
                return match lang {
                    Lang::Zh => format!("没有写出{names}"),
                    Lang::En => format!("{names} not stated"),
                };
            }
            Why::SeveralValues(name) => {
                return match lang {
                    Lang::Zh => format!("{name}有几个不同的数，不知道用哪一个"),
                    Lang::En => format!("{name} is stated with several values"),
                };
            }
        };
        said.to_owned()
    }
}
