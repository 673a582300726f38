//! Renaming, over reports put together at random: every mention of the fact changes in its own form, nothing else does,
//! and places are counted right behind characters of two units.

use proptest::prelude::*;
use serde_json::json;

use super::client::Client;
use super::{FILE, edited};

/// Forms of one amount, in hundreds of yuan.
#[derive(Debug, Clone, Copy)]
enum Form {
    TenThousands,
    Yuan,
    Grouped,
    Wide,
    Decimals,
}

impl Form {
    fn of(self, hundreds: u64) -> String {
        let short = format!("{}.{:02}", hundreds / 100, hundreds % 100);
        match self {
            Form::TenThousands => format!("{short}万元"),
            Form::Yuan => format!("{}元", hundreds * 100),
            Form::Grouped => format!("{}元", grouped(hundreds * 100)),
            Form::Decimals => format!("{}.00元", hundreds * 100),
            Form::Wide => {
                let wide = |c: char| match c {
                    '0'..='9' => char::from_u32(c as u32 - '0' as u32 + '０' as u32).expect("a digit"),
                    _ => '．',
                };
                format!("{}万元", short.chars().map(wide).collect::<String>())
            }
        }
    }
}

fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (place, c) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// A sentence; `{}` stands for a mention of the fact, `[]` for the same amount said of something else.
const SENTENCES: [&str; 8] = [
    "2023年支出合计{}，执行情况较好。",
    "𠮷𠮷：2023年度支出合计{}，比预期略低。",
    "😀2023年支出合计为{}。",
    "全年工作有序推进，群众反映良好。",
    "2022年支出合计[]，𠮷与上年持平。",
    "2023年会议费[]，用于年度例会。",
    "𝟙号楼维修完成，验收合格。",
    "2023年公务接待费[]，😀共接待3批。",
];

fn form() -> impl Strategy<Value = Form> {
    prop_oneof![
        Just(Form::TenThousands),
        Just(Form::Yuan),
        Just(Form::Grouped),
        Just(Form::Wide),
        Just(Form::Decimals)
    ]
}

fn written(sentences: &[(usize, Form)], value: u64, other: u64) -> String {
    let mut text = String::from("# 云岭县文联2023年度部门整体支出绩效自评报告\n\n一、资金情况\n\n");
    for (sentence, form) in sentences {
        let said = SENTENCES[*sentence].replace("{}", &form.of(value)).replace("[]", &form.of(other));
        text.push_str(&said);
        // Now and then two sentences share a line.
        text.push_str(if sentence % 3 == 0 { "" } else { "\n\n" });
    }
    text.push('\n');
    text
}

#[test]
fn a_rename_changes_every_mention_and_nothing_else() {
    let sentence = (0..SENTENCES.len(), form());
    let sentences = (0_usize..3, form(), prop::collection::vec(sentence, 0..10));
    let amounts = (100_u64..10_000_000, 100_u64..10_000_000);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let client = std::cell::RefCell::new(Client::ready("utf-16", json!({ "debounce": 0 })));
    client.borrow_mut().open(FILE, "");
    let version = std::cell::Cell::new(1);
    let tried = runner.run(&(sentences, amounts, any::<prop::sample::Index>()), |case| {
        let ((first, form, rest), (old, new), chosen) = case;
        let mut client = client.borrow_mut();
        let sentences: Vec<(usize, Form)> = std::iter::once((first, form)).chain(rest).collect();
        let text = written(&sentences, old, old);
        version.set(version.get() + 1);
        client.change(FILE, version.get(), json!([{ "text": text }]));
        let mentions: Vec<usize> = (0..sentences.len()).filter(|at| sentences[*at].0 < 3).collect();
        let place = mentions[chosen.index(mentions.len())];
        // Where the chosen mention stands: behind all that is written before it.
        let before = written(&sentences[..place], old, old);
        let lead = SENTENCES[sentences[place].0].split("{}").next().expect("a mention");
        let start = before.len() - 1 + lead.len();
        let line = text[..start].matches('\n').count();
        let column = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let here = json!({ "line": line, "character": text[column..start].encode_utf16().count() });
        let said = sentences[place].1.of(new);
        let params = json!({ "textDocument": { "uri": FILE }, "position": here, "newName": said });
        let edit = client
            .request("textDocument/rename", params)
            .map_err(|code| TestCaseError::fail(format!("{code}: {text}")))?;
        prop_assert_eq!(
            edited(&text, &edit["documentChanges"][0]["edits"]),
            written(&sentences, new, old),
            "{}",
            text
        );
        Ok(())
    });
    if let Err(error) = tried {
        panic!("{error}");
    }
    client.into_inner().leave();
}
