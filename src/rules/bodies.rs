//! `rules/bodies.toml`: how names of public bodies are written.
//!
//! Takes runs of characters; gives the name they begin with. It must not know where in a report they stand.

use rustc_hash::FxHashSet;
use serde::Deserialize;
use smol_str::SmolStr;

use crate::document::chars::is_han;

/// The lists of all files, joined.
#[derive(Debug, Clone, Default)]
pub struct Bodies {
    lists: BodiesFile,
    /// Characters that an end, of whatever list, ends with.
    last: FxHashSet<char>,
    /// Characters that what a title goes on with begins with.
    goes_on: FxHashSet<char>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct BodiesFile {
    ends: Vec<SmolStr>,
    title_ends: Vec<SmolStr>,
    no_ends: Vec<SmolStr>,
    alone: Vec<SmolStr>,
    title_goes_on: Vec<SmolStr>,
    leads: Vec<SmolStr>,
    labels: Vec<SmolStr>,
    line_labels: Vec<SmolStr>,
}

impl Bodies {
    pub(super) fn new(files: Vec<BodiesFile>) -> Self {
        let mut lists = BodiesFile::default();
        for file in files {
            lists.ends.extend(file.ends);
            lists.title_ends.extend(file.title_ends);
            lists.no_ends.extend(file.no_ends);
            lists.alone.extend(file.alone);
            lists.title_goes_on.extend(file.title_goes_on);
            lists.leads.extend(file.leads);
            lists.labels.extend(file.labels);
            lists.line_labels.extend(file.line_labels);
        }
        let ends = || lists.ends.iter().chain(&lists.title_ends);
        let last = ends().filter_map(|end| end.chars().next_back()).collect();
        let goes_on = lists.title_goes_on.iter().filter_map(|word| word.chars().next()).collect();
        Bodies { lists, last, goes_on }
    }

    /// Whether a name may end with the character.
    pub fn may_end(&self, c: char) -> bool {
        self.last.contains(&c)
    }

    /// Whether `text` is the name of a body and nothing else.
    pub fn is_body(&self, text: &str) -> bool {
        text.chars().all(is_han) && self.longest(text) == text
    }

    /// The name at the beginning of `run`, which is of a title: the longest beginning that ends as the name of a body
    /// does, before anything that a title says of a body.
    pub fn in_title<'a>(&self, run: &'a str) -> &'a str {
        let lists = &self.lists;
        let said = |(at, c): &(usize, char)| {
            self.goes_on.contains(c)
                && lists.title_goes_on.iter().any(|word| run[*at..].starts_with(word.as_str()))
        };
        let cut = run.char_indices().skip(1).find(said).map_or(run.len(), |(at, _)| at);
        let head = &run[..cut];
        let is_whole =
            lists.title_ends.iter().any(|end| head.ends_with(end.as_str())) && !self.is_no_end(head);
        let name = if is_whole { head } else { self.longest(head) };
        if lists.alone.iter().any(|alone| alone == name) { "" } else { name }
    }

    /// What stands before the name in a title.
    pub fn lead(&self, run: &str) -> usize {
        self.lists.leads.iter().find(|lead| run.starts_with(lead.as_str())).map_or(0, SmolStr::len)
    }

    /// Where on a line the name begins that a label announces.
    pub fn labelled(&self, line: &str) -> Option<usize> {
        let lists = &self.lists;
        let mut colons = line.match_indices('：').map(|(at, colon)| at + colon.len());
        colons.find(|&end| {
            let before = &line[..end];
            lists.labels.iter().any(|label| before.ends_with(label.as_str()))
                || lists.line_labels.iter().any(|label| before == label)
        })
    }

    /// How names end wherever they stand, and (`false`) words that end like a name and are none.
    pub(super) fn ends(&self) -> impl Iterator<Item = (&str, bool)> {
        let ends = self.lists.ends.iter().map(|end| (end.as_str(), true));
        ends.chain(self.lists.no_ends.iter().map(|word| (word.as_str(), false)))
    }

    fn longest<'a>(&self, head: &'a str) -> &'a str {
        let ends = |end: &usize| {
            let name = &head[..*end];
            self.lists.ends.iter().any(|end| name.ends_with(end.as_str())) && !self.is_no_end(name)
        };
        let places = head.char_indices().rev().filter(|(_, c)| self.may_end(*c));
        &head[..places.map(|(at, c)| at + c.len_utf8()).find(ends).unwrap_or(0)]
    }

    fn is_no_end(&self, name: &str) -> bool {
        self.lists.no_ends.iter().any(|word| name.ends_with(word.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use crate::rules;

    #[test]
    fn names_end_where_bodies_do() {
        let bodies = rules::embedded().expect("embedded rules load").bodies;
        for name in [
            "云州县供销合作社联合社",
            "云州县文联",
            "云州县红十字会",
            "云州县文工团",
            "云州县图书馆",
            "云州县农业科学研究所",
            "云州县农机监督站",
            "中共云州县委组织部",
            "云州县人大常委会",
            "云州县政协",
            "云州县残联",
            "云州县卫健委",
            "云州县委党校",
            "云州县自来水厂",
            "云州县国有林场",
            "云州县城市建设投资有限公司",
            "云州县地方志编纂室",
            "云州日报社",
            "共青团云州县委",
            "云州海关",
            "云州县人力资源和社会保障局",
            "云州县住房和城乡建设局",
        ] {
            for after in ["", "部门整体支出绩效自评报告", "单位决算说明", "关于", "绩效自评报告"]
            {
                assert_eq!(bodies.in_title(&format!("{name}{after}")), name);
            }
        }
    }

    #[test]
    fn words_that_end_like_names_are_none() {
        let bodies = rules::embedded().expect("embedded rules load").bodies;
        for run in [
            "云州县城乡居民基本医疗保险项目支出绩效自评报告",
            "云州县城镇老旧小区改造项目",
            "云州县公共厕所",
            "云州县文化活动场所",
            "云州县农贸市场",
            "云州县大数据平台",
            "云州县人民公园",
            "云州县经济社会",
            "云州县第五届运动会",
            "云州县优化空间布局",
            "云州县选调干部",
            "云州县机关",
            "云州县青年创业工作室",
            "人民法院预算公开",
            "云州县部门整体支出",
        ] {
            assert_eq!(bodies.in_title(run), "", "{run}");
        }
        // What is done for a body is no part of its name; a weak end counts at the end only.
        assert_eq!(bodies.in_title("云州县图书馆大楼维修"), "云州县图书馆");
        assert_eq!(bodies.in_title("云州县部分道路改造"), "");
        assert_eq!(bodies.in_title("云州县社区建设"), "");
    }

    #[test]
    fn a_body_is_a_name_and_nothing_else() {
        let bodies = rules::embedded().expect("embedded rules load").bodies;
        assert!(bodies.is_body("云州县教育局"));
        assert!(!bodies.is_body("部门：云州县教育局") && !bodies.is_body("云州县干部"));
    }

    #[test]
    fn labels_announce_a_name() {
        let bodies = rules::embedded().expect("embedded rules load").bodies;
        let after = |line: &'static str| bodies.labelled(line).map(|at| &line[at..]);
        assert_eq!(after("项目名称：书香 主管部门：云州县文联"), Some("云州县文联"));
        assert_eq!(after("部门：云州县文联"), Some("云州县文联"));
        assert_eq!(after("牵头部门：云州县文联"), None);
        assert_eq!(after("单位：万元"), None);
    }
}
