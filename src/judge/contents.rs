//! Kind `contents`: entries of the table of contents that no heading answers to.
//!
//! Placeholders: `{quote}` the entry's title, `{title}` the heading in its place. Label: `heading`. Case
//! `absent` where nothing stands in its place.

use rustc_hash::FxHashMap;

use super::{Context, Sink};
use crate::document::Span;
use crate::outline::{ContentsEntry, NodeId, NodeKind, Outline, Style};
use crate::rules::{Contents, Rule};

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, contents: &'a Contents, sink: &mut Sink<'a>) {
    let entries = &cx.outline.contents;
    if entries.len() < 3 {
        return;
    }
    let headings = Headings::of(cx);
    let chains = chains(entries);
    let answers: Vec<Answer> =
        entries.iter().zip(&chains).map(|(entry, chain)| headings.answer(cx, entry, chain)).collect();
    // Only where the numbers of the contents are those of the headings does a number lead to one.
    let numbered =
        answers.iter().filter(|answer| matches!(answer, Answer::Found { by_number: true })).count();
    if numbered * 100 < entries.len() * usize::from(contents.at_least) {
        return;
    }
    for (entry, answer) in entries.iter().zip(answers) {
        let quote = cx.document.slice(entry.title);
        match answer {
            Answer::Found { .. } | Answer::Unclear => {}
            Answer::Other(title) => sink
                .report(rule, entry.title)
                .value("quote", quote)
                .value("title", cx.document.slice(title))
                .label(title, "heading")
                .emit(),
            Answer::Absent => sink.report(rule, entry.title).case("absent").value("quote", quote).emit(),
        }
    }
}

enum Answer {
    Found {
        by_number: bool,
    },
    /// A heading with the same number has this title.
    Other(Span),
    Absent,
    /// Not numbered, or cut by the page.
    Unclear,
}

/// A number with those it stands under, outermost first.
type Chain = Vec<(Style, u32)>;

struct Headings {
    by_chain: FxHashMap<Chain, Vec<Span>>,
    titles: Vec<String>,
    whole: String,
}

impl Headings {
    fn of(cx: &Context) -> Headings {
        let outline = cx.outline;
        let mut by_chain: FxHashMap<Chain, Vec<Span>> = FxHashMap::default();
        let mut titles = Vec::new();
        for (id, node) in outline.nodes.iter().enumerate() {
            titles.push(plain(cx.document.slice(node.title)));
            if node.kind != NodeKind::Label && node.read_as.is_some() {
                by_chain.entry(chain(outline, NodeId(id as u32))).or_default().push(node.title);
            }
        }
        titles.extend(outline.title.map(|title| plain(cx.document.slice(title))));
        // Titles of tables are paragraphs of their own and no headings of the outline.
        let contents_end = outline.contents.last().map_or(0, |entry| entry.title.end as usize);
        let mut whole = String::new();
        for block in cx.document.blocks.iter().filter(|block| block.span.start as usize >= contents_end) {
            if block.span.len() < 160 {
                whole.push_str(&plain(cx.document.slice(block.span)));
                whole.push('\n');
            }
        }
        Headings { by_chain, titles, whole }
    }

    fn answer(&self, cx: &Context, entry: &ContentsEntry, chain: &Chain) -> Answer {
        let wanted = plain(cx.document.slice(entry.title));
        let alike = |title: &String| {
            !title.is_empty() && (title.starts_with(&wanted) || wanted.starts_with(title.as_str()))
        };
        if wanted.chars().count() < 3 {
            return Answer::Unclear;
        }
        let numbered = self.by_chain.get(chain).map(Vec::as_slice).unwrap_or_default();
        let by_number = numbered.iter().any(|title| alike(&plain(cx.document.slice(*title))));
        if by_number || self.titles.contains(&wanted) || self.whole.contains(&wanted) {
            return Answer::Found { by_number };
        }
        match numbered {
            _ if entry.marker.is_none() => Answer::Unclear,
            [title] if related(&wanted, &plain(cx.document.slice(*title))) => Answer::Other(*title),
            [] if !self.titles.iter().any(alike) => Answer::Absent,
            _ => Answer::Unclear,
        }
    }
}

/// Half the characters of the shorter title stand in the other: one title in two wordings.
fn related(a: &str, b: &str) -> bool {
    let (short, long) = if a.chars().count() <= b.chars().count() { (a, b) } else { (b, a) };
    let (count, shared) = (short.chars().count(), short.chars().filter(|&c| long.contains(c)).count());
    count > 0 && shared * 2 >= count
}

/// Letters, figures and characters only.
fn plain(title: &str) -> String {
    title.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn chain(outline: &Outline, id: NodeId) -> Chain {
    let mut chain: Chain = std::iter::successors(Some(id), |&id| outline.node(id).parent)
        .filter_map(|id| outline.node(id).read_as)
        .collect();
    chain.reverse();
    chain
}

fn chains(entries: &[ContentsEntry]) -> Vec<Chain> {
    let mut open: Chain = Vec::new();
    entries
        .iter()
        .map(|entry| {
            if let Some(mark) = entry.marker {
                open.retain(|&(style, _)| style < mark.style);
                open.push((mark.style, mark.value));
            }
            open.clone()
        })
        .collect()
}
