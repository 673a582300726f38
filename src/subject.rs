//! What a report is about: its kind, its year and the unit that speaks.
//!
//! Takes document, tokens and outline; gives [`Subject`]. It must not judge. What cannot be told is `None`,
//! and whoever asks stays silent.

use rustc_hash::FxHashMap;

use crate::document::chars::{holds, is_han};
use crate::document::{BlockKind, Document, Span};
use crate::lexer::{Lexed, NameEnd};
use crate::outline::Outline;
use crate::rules::{Bodies, Genre};

#[derive(Debug, Clone, Copy, Default)]
pub struct Subject {
    pub genre: Genre,
    /// A report on part of a year: 上半年, 第三季度, 绩效监控.
    pub interim: bool,
    /// The line that names the report.
    pub title: Option<Span>,
    /// The year reported on (or budgeted for), and whether the title says it.
    pub year: Option<Year>,
    /// One mention of the unit's name, as full as the document has it.
    pub unit: Option<Span>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Year {
    pub value: u16,
    /// Where the title says it; `None`: it is the year most of the text speaks of.
    pub titled: Option<Span>,
}

/// A title stands near the top.
const TOP: usize = 15;
/// Longest title line, in bytes.
const LONGEST_TITLE: usize = 180;
/// Places of a text at which a name may begin.
const STARTS: usize = 8000;
/// Characters of the longest name looked for in running text.
const LONGEST_NAME: usize = 24;
const TITLE_WORDS: [&str; 6] = ["报告", "说明", "自评", "决算", "预算", "总结"];

pub fn identify(document: &Document, bodies: &Bodies, lexed: &Lexed, outline: &Outline) -> Subject {
    let title = outline.title.or_else(|| find_title(document, outline));
    let said = title.map(|title| document.slice(title)).unwrap_or_default();
    Subject {
        genre: genre(said),
        interim: INTERIM.iter().any(|word| holds(said, word)),
        title,
        year: titled_year(lexed, title).or_else(|| frequent_year(lexed)),
        unit: title
            .and_then(|title| unit_in(document, bodies, title))
            .or_else(|| labelled_unit(document, bodies))
            .or_else(|| unit_line(document, bodies))
            .or_else(|| frequent_unit(document, lexed)),
    }
}

fn find_title(document: &Document, outline: &Outline) -> Option<Span> {
    let numbered = outline.nodes.iter().find(|node| node.marker.is_some());
    let until = numbered.map_or(TOP, |node| TOP.min(node.block as usize));
    let top = || {
        let top = document.blocks.iter().take(until);
        top.filter(|block| block.kind != BlockKind::PageFurniture).map(|block| block.span)
    };
    let is_title = |span: &Span| {
        let text = document.slice(*span);
        text.len() <= LONGEST_TITLE
            && !text.contains('。')
            && !text.ends_with(['：', '，', ':'])
            && TITLE_WORDS.iter().any(|word| holds(text, word))
    };
    // A cover may part the title into lines; the one with the year says most.
    let has_year = |span: &Span| {
        let text = document.slice(*span);
        text.contains('年') && TITLE_WORDS.iter().chain(&["公开"]).any(|word| text.ends_with(word))
    };
    top().filter(is_title).find(has_year).or_else(|| top().find(is_title))
}

fn genre(title: &str) -> Genre {
    let has = |words: &[&str]| words.iter().any(|word| holds(title, word));
    if has(&["自评"]) {
        Genre::SelfEvaluation
    } else if has(&["绩效评价", "绩效报告"]) {
        Genre::Evaluation
    } else if has(&["决算"]) {
        Genre::FinalAccounts
    } else if has(&["预算"]) {
        Genre::Budget
    } else {
        Genre::Other
    }
}

/// Titles of reports on less than a year.
const INTERIM: [&str; 6] = ["半年", "季度", "监控", "1-6月", "1—6月", "阶段"];

fn titled_year(lexed: &Lexed, title: Option<Span>) -> Option<Year> {
    let title = title?;
    let first = lexed.dates.partition_point(|date| date.span.start < title.start);
    lexed.dates[first..]
        .iter()
        .take_while(|date| date.span.end <= title.end)
        .find(|date| date.month.is_none())
        .and_then(|date| Some(Year { value: date.year?, titled: Some(date.span) }))
}

/// The year that more than half of all dated mentions speak of.
fn frequent_year(lexed: &Lexed) -> Option<Year> {
    let mut count: FxHashMap<u16, usize> = FxHashMap::default();
    let years = lexed.dates.iter().filter_map(|date| date.year);
    years.for_each(|year| *count.entry(year).or_default() += 1);
    let all: usize = count.values().sum();
    let (value, most) = count.into_iter().max_by_key(|&(year, times)| (times, year))?;
    (most >= 2 && most * 2 > all).then_some(Year { value, titled: None })
}

/// The name of a body in a title, up to what the title says of it.
fn unit_in(document: &Document, bodies: &Bodies, title: Span) -> Option<Span> {
    let text = document.slice(title);
    let mut at = 0;
    for run in text.split(|c: char| !is_han(c) || c == '年') {
        let start = at;
        at += run.len() + text[at + run.len()..].chars().next().map_or(0, char::len_utf8);
        let lead = bodies.lead(run);
        let name = bodies.in_title(&run[lead..]);
        if name.chars().count() >= 4 {
            let from = title.start as usize + start + lead;
            return Some(Span::of(from, from + name.len()));
        }
    }
    None
}

fn labelled_unit(document: &Document, bodies: &Bodies) -> Option<Span> {
    document.blocks.iter().take(TOP).find_map(|block| {
        let text = document.slice(block.span);
        let start = bodies.labelled(text)?;
        let run = text[start..].find(|c| !is_han(c)).map_or(&text[start..], |len| &text[start..start + len]);
        let from = block.span.start as usize + start;
        (run.chars().count() >= 4).then(|| Span::of(from, from + run.len()))
    })
}

/// A line near the top that is a body's name and nothing else, as on a cover.
fn unit_line(document: &Document, bodies: &Bodies) -> Option<Span> {
    let mut lines = document.blocks.iter().take(TOP / 3).map(|block| block.span);
    lines.find(|span| {
        let text = document.slice(*span);
        text.len() < LONGEST_TITLE
            && text.chars().count() >= 4
            && text.chars().all(is_han)
            && bodies.in_title(text) == text
    })
}

/// The name that most often begins a clause or the name of a paper, where it does so three times at least and twice as often as
/// any other.
fn frequent_unit(document: &Document, lexed: &Lexed) -> Option<Span> {
    let (text, flow) = (document.text.as_str(), document.flow());
    let mut count: FxHashMap<&str, (usize, Span)> = FxHashMap::default();
    let blocks = document.blocks.iter().map(|block| block.span.start as usize);
    let after_years = lexed.dates.iter().map(|date| date.span.end as usize);
    let marks = lexed.marks.list.iter().filter(|mark| matches!(mark.char, '，' | '。' | '；' | '《'));
    let after_marks = marks.map(|mark| flow.source(mark.span()).end as usize);
    // Three lists in order each, which this sort joins.
    let mut starts: Vec<usize> = blocks.chain(after_years).chain(after_marks).collect();
    starts.sort();
    starts.dedup();
    let mut ends = lexed.name_ends.as_slice();
    for from in starts.into_iter().take(STARTS) {
        let passed = ends.iter().take_while(|end| end.span.end as usize <= from).count();
        ends = &ends[passed..];
        let Some(end) = first_end(ends, from, from + LONGEST_NAME * char::MAX.len_utf8()) else { continue };
        let name = text.get(from..end).unwrap_or_default();
        let chars = name.chars().count();
        if !(5..=LONGEST_NAME).contains(&chars) || !name.chars().all(is_han) {
            continue;
        }
        // 《云州县财政局关于…的通知》 names who wrote to the unit.
        let is_writer = text[..from].ends_with('《') && text[end..].starts_with("关于");
        if !is_writer {
            let entry = count.entry(name).or_insert((0, Span::of(from, end)));
            entry.0 += 1;
        }
    }
    let mut names: Vec<(usize, &str, Span)> =
        count.into_iter().map(|(name, (times, span))| (times, name, span)).collect();
    names.sort_unstable_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)));
    let second = names.get(1).map_or(0, |(times, ..)| *times);
    names.first().filter(|(times, ..)| *times >= 3 && *times >= second * 2).map(|(.., span)| *span)
}

/// Where the first end of a body's name stops that stands between `from` and `until`.
fn first_end(ends: &[NameEnd], from: usize, until: usize) -> Option<usize> {
    let inside = |end: &&NameEnd| end.span.start as usize >= from;
    ends.chunk_by(|a, b| a.span.end == b.span.end)
        .take_while(|same| same[0].span.end as usize <= until)
        .find(|same| {
            let mut same = same.iter().filter(inside).peekable();
            same.peek().is_some() && same.all(|end| end.ends)
        })
        .map(|same| same[0].span.end as usize)
}

/// Place and body of a name: `益阳市赫山区` and `科学技术协会`; the place may be empty.
pub fn place_and_body(name: &str) -> (&str, &str) {
    let ends_a_place = |at: usize, c: char| {
        let (before, after) = (&name[..at], &name[at..]);
        let words = IN_BODIES.iter().any(|(lead, rest)| before.ends_with(lead) && after.starts_with(rest));
        at >= 6 && !words && matches!(c, '省' | '市' | '区' | '县' | '旗' | '镇' | '乡')
    };
    let cut = name
        .char_indices()
        .filter(|&(at, c)| ends_a_place(at, c))
        .map(|(at, c)| at + c.len_utf8())
        .next_back()
        .unwrap_or(0);
    name.split_at(cut)
}

/// Words of a body's own name that hold a character of places, parted before it: 城市管理局, 市场监督管理局.
const IN_BODIES: [(&str, &str); 14] = [
    ("城", "市"),
    ("城", "乡"),
    ("城", "区"),
    ("", "市场"),
    ("", "市容"),
    ("", "市政公用"),
    ("", "市政园林"),
    ("", "市政设施"),
    ("", "乡村"),
    ("", "乡镇"),
    ("", "镇村"),
    ("社", "区"),
    ("", "区域"),
    ("", "县域"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{input, lexer, rules};

    fn read(text: &str) -> (Document, Subject) {
        let set = rules::embedded().expect("embedded rules load");
        let document = input::read_text("test", text.to_owned());
        let lexed = lexer::lex(&document, &set);
        let subject = identify(&document, &set.bodies, &lexed, &Outline::default());
        (document, subject)
    }

    #[test]
    fn a_title_names_unit_year_and_kind() {
        let (document, subject) = read("云州县教育局2023年度部门整体支出绩效自评报告\n一、概况\n");
        assert_eq!(subject.genre, Genre::SelfEvaluation);
        assert_eq!(subject.year.map(|year| year.value), Some(2023));
        assert_eq!(document.slice(subject.unit.expect("a unit")), "云州县教育局");
        let (document, subject) = read("2022年度青山镇人民政府部门决算说明\n");
        assert_eq!(subject.genre, Genre::FinalAccounts);
        assert_eq!(document.slice(subject.unit.expect("a unit")), "青山镇人民政府");
    }

    #[test]
    fn without_a_title_the_text_decides() {
        let text = "整体支出绩效自评报告\n云州县文学协会属群众团体。\n云州县文学协会有3人。\n2023年云州县文学协会支出2万元，2023年完成。";
        let (document, subject) = read(text);
        assert_eq!(subject.year, Some(Year { value: 2023, titled: None }));
        assert_eq!(document.slice(subject.unit.expect("a unit")), "云州县文学协会");
    }

    #[test]
    fn who_writes_to_a_unit_is_not_the_unit() {
        let paper = "《云州县财政局关于开展自评的通知》";
        let text = format!(
            "整体支出绩效自评报告\n按照{paper}、{paper}和{paper}，现报告如下。\n经核定，云州县文联有编制3名。\n\
             制定了《云州县文联财务制度》和《云州县文联采购制度》。"
        );
        let (document, subject) = read(&text);
        assert_eq!(document.slice(subject.unit.expect("a unit")), "云州县文联");
        let (_, subject) = read(&text.replace("云州县文联财务", "云州县作协财务"));
        assert_eq!(subject.unit, None, "two of one and one of another are too few");
    }

    #[test]
    fn running_text_names_a_body_by_its_first_end() {
        let set = rules::embedded().expect("embedded rules load");
        for (run, name) in [
            ("云州县教育局办公室", "云州县教育局"),
            ("云州县人力资源和社会保障局全年", "云州县人力资源和社会保障局"),
            ("云州县供销社下设", "云州县供销社"),
            ("云州省政协办公厅全年", "云州省政协办公厅"),
            ("云州县供销合作社联合社全年", "云州县供销合作社联合社"),
            ("云州", ""),
        ] {
            let lexed = lexer::lex(&input::read_text("test", run.to_owned()), &set);
            assert_eq!(&run[..first_end(&lexed.name_ends, 0, run.len()).unwrap_or(0)], name);
        }
    }

    #[test]
    fn names_part_into_place_and_body() {
        assert_eq!(place_and_body("云阳市云州区科学技术协会"), ("云阳市云州区", "科学技术协会"));
        assert_eq!(place_and_body("青山镇人民政府"), ("青山镇", "人民政府"));
        assert_eq!(place_and_body("云阳市城市管理局"), ("云阳市", "城市管理局"));
        assert_eq!(place_and_body("云州县住房和城乡建设局"), ("云州县", "住房和城乡建设局"));
        assert_eq!(place_and_body("云州县市场监督管理局"), ("云州县", "市场监督管理局"));
    }
}
