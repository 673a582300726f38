//! Which kind of report a text is, and which of its headings is which section of that kind.
//!
//! Takes a document, its tokens, its outline and the profiles of the rule set; gives [`Form`].
//! Sections are known by their titles, never by their ordinals. It must not judge anything.

use std::cmp::Reverse;

use crate::document::{BlockKind, Document, Span};
use crate::lexer::Lexed;
use crate::outline::{NodeId, NodeKind, Outline, Style};
use crate::rules::{Groups, Hit, Profile, RuleSet, Section, Word};

/// The profile judged by, and the section headings found.
#[derive(Debug, Clone)]
pub struct Form<'r> {
    pub profile: &'r Profile,
    /// The title, also where the outline found none.
    pub title: Option<Span>,
    /// The title and the other short lines above the text.
    pub head: Vec<Span>,
    /// For each section of the profile, its heading.
    pub places: Vec<Option<Place>>,
}

/// The heading that answers to a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Ordinal and title.
    pub heading: Span,
    pub title: Span,
    /// None where the outline has no heading there: a page flattened to one line.
    pub node: Option<NodeId>,
    /// The title is one of the section's own, not merely like it.
    pub exact: bool,
    /// It stands on the level of the other sections.
    pub ranked: bool,
}

/// Blocks looked at for title and opening when the text begins with no heading for long.
const HEAD_BLOCKS: usize = 12;
/// A block longer than this is no title.
const TITLE_CHARS: usize = 60;
/// Bytes of text that a notice may have.
const NOTICE: usize = 3000;
/// Headings looked at to tell the kind; a report has some dozens.
const HEADINGS: usize = 400;

/// `forced` is a profile's id; one that does not exist is passed over.
pub fn recognise<'r>(
    document: &Document,
    rules: &'r RuleSet,
    lexed: &Lexed,
    outline: &Outline,
    forced: Option<&str>,
) -> Form<'r> {
    let head = Head::of(document, outline);
    let profile = (forced.and_then(|id| rules.profile(id)))
        .or_else(|| detect(rules, lexed, outline, &head))
        .filter(|profile| profile.sections.is_empty() || !is_notice(document, outline, &head))
        .unwrap_or(&rules.no_profile);
    let places = place(document, lexed, outline, profile);
    Form { profile, title: head.title, head: head.titles, places }
}

/// What stands before the first heading.
struct Head {
    /// Lines that may be the title.
    titles: Vec<Span>,
    title: Option<Span>,
    whole: Span,
}

impl Head {
    fn of(document: &Document, outline: &Outline) -> Self {
        let first = outline.nodes.iter().find(|node| node.marker.is_some());
        let until = first.map_or(usize::MAX, |node| node.block as usize);
        let blocks: Vec<Span> = document
            .blocks
            .iter()
            .take(until.clamp(1, HEAD_BLOCKS))
            .filter(|block| !matches!(block.kind, BlockKind::Row { .. } | BlockKind::PageFurniture))
            .map(|block| block.span)
            .collect();
        let mut titles: Vec<Span> = (outline.title.into_iter())
            .chain(blocks.iter().copied().filter(|span| short(document.slice(*span))))
            .collect();
        let whole = match (blocks.first(), blocks.last()) {
            (Some(first), Some(last)) => first.to(*last),
            _ => Span::default(),
        };
        let title = outline.title.or(titles.first().copied());
        if titles.is_empty() {
            titles.extend(blocks.first().map(|first| beginning(document, *first)));
        }
        titles.sort_unstable();
        titles.dedup();
        Head { titles, title, whole: Span::new(whole.start, whole.end.min(whole.start + 3000)) }
    }
}

/// The first words of a text that is flattened to one line: its title, if any.
fn beginning(document: &Document, block: Span) -> Span {
    let text = document.slice(block);
    // 附件2：项目支出绩效自评表 …
    let rest = text.strip_prefix("附件").unwrap_or(text);
    let text =
        rest.trim_start_matches(|c: char| c.is_ascii_digit() || c.is_whitespace() || "：:".contains(c));
    let block = Span::new(block.end - text.len() as u32, block.end);
    let end = text.find(|c: char| c.is_whitespace() || "，。；：".contains(c)).unwrap_or(text.len());
    Span::new(block.start, block.start + end as u32)
}

/// No sentence, no way through a web site (首页 > 政务公开 > 年度报告), and short enough for a title.
fn short(text: &str) -> bool {
    text.chars().nth(TITLE_CHARS).is_none()
        && !text.contains(['，', '。', '；', '>'])
        && !text.ends_with('：')
}

/// A text of some paragraphs that has no heading and does not call itself a report: the result of an evaluation,
/// made known.
fn is_notice(document: &Document, outline: &Outline, head: &Head) -> bool {
    let bare = outline.nodes.iter().all(|node| node.marker.is_none());
    let called = head.titles.iter().any(|title| document.slice(*title).contains("报告"));
    bare && !called && document.text.len() < NOTICE
}

fn detect<'r>(rules: &'r RuleSet, lexed: &Lexed, outline: &Outline, head: &Head) -> Option<&'r Profile> {
    let titles = WordsOf::all(lexed, head.titles.iter().copied());
    let opening = WordsOf::all(lexed, std::iter::once(head.whole));
    let headings = WordsOf::all(lexed, outline.nodes.iter().take(HEADINGS).map(|node| node.title));
    let mut best: Option<(u32, &Profile)> = None;
    for profile in &rules.profiles {
        let detect = &profile.detect;
        let ruled_out = detect.not.iter().any(|word| titles.has(word));
        let titled = if ruled_out { None } else { titles.most(&detect.title) };
        let opened = opening.any(&detect.opening);
        let found = detect.headings.iter().filter(|word| headings.has(word)).count() as u32;
        if !(titled.is_some() || opened) || found < u32::from(detect.needs) {
            continue;
        }
        // The title says most; then headings, which only the narrower kinds ask for; then how much of
        // the title.
        let weight = titled.map_or(0, |words| 10_000 + words as u32) + found * 100;
        if best.is_none_or(|(other, _)| weight > other) {
            best = Some((weight, profile));
        }
    }
    best.map(|(_, profile)| profile)
}

/// The numbers of the profile words that stand in some places of the text.
struct WordsOf(Vec<bool>);

impl WordsOf {
    fn all(lexed: &Lexed, spans: impl Iterator<Item = Span>) -> Self {
        let mut there = vec![false; lexed.outline_words.len()];
        spans.flat_map(|span| hits(lexed, span)).for_each(|hit| there[usize::from(hit.item)] = true);
        WordsOf(there)
    }

    fn has(&self, word: &Word) -> bool {
        self.0.get(usize::from(word.id)).is_some_and(|there| *there)
    }

    fn any(&self, groups: &Groups) -> bool {
        self.most(groups).is_some()
    }

    /// How many words the longest list has of which all are there.
    fn most(&self, groups: &Groups) -> Option<usize> {
        let whole = groups.iter().filter(|words| words.iter().all(|word| self.has(word)));
        whole.map(Vec::len).max()
    }
}

/// Occurrences of profile words inside `span`, in order of their end.
pub fn hits(lexed: &Lexed, span: Span) -> impl Iterator<Item = Hit> {
    let all = &lexed.outline_hits;
    let from = all.partition_point(|hit| hit.span.end <= span.start);
    let until = from + all[from..].partition_point(|hit| hit.span.end <= span.end);
    all[from..until].iter().filter(move |hit| hit.span.start >= span.start).copied()
}

/// Whether all words of some list of `groups` stand inside `span`.
pub fn holds(lexed: &Lexed, span: Span, groups: &Groups) -> bool {
    let there = |word: &Word| has(lexed, word);
    let whole = span.start == 0 && lexed.outline_hits.last().is_none_or(|last| last.span.end <= span.end);
    let inside = |word: &Word| whole || hits(lexed, span).any(|hit| hit.item == word.id);
    groups.iter().any(|words| words.iter().all(there) && words.iter().all(inside))
}

/// Whether the word stands anywhere in the text.
pub fn has(lexed: &Lexed, word: &Word) -> bool {
    lexed.outline_words.get(usize::from(word.id)).is_some_and(|there| *there)
}

/// How well a heading answers to a section; the greatest wins, the first of equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    exact: bool,
    /// Of a table of contents and the part itself, the part.
    has_body: bool,
    numbered: bool,
    shallow: i16,
    /// Percentage of the title that the words cover.
    cover: u32,
}

fn place(document: &Document, lexed: &Lexed, outline: &Outline, profile: &Profile) -> Vec<Option<Place>> {
    let mut best: Vec<Option<(Fit, NodeId)>> = vec![None; profile.sections.len()];
    if best.is_empty() {
        return Vec::new();
    }
    let sections: Vec<Present> = profile.sections.iter().map(|section| Present::of(lexed, section)).collect();
    // For each word, the sections that it can answer for, by their number or one that is alike in its last six bits.
    let mut asking = vec![0u64; lexed.outline_words.len()];
    for (number, section) in sections.iter().enumerate() {
        section.words().for_each(|word| asking[usize::from(word.id)] |= 1 << (number % 64));
    }
    // The words in one title.
    let mut found = vec![false; lexed.outline_words.len()];
    for (at, node) in outline.nodes.iter().enumerate() {
        if node.kind == NodeKind::Item && node.title.len() > 90 {
            continue;
        }
        let mut asked = 0;
        for hit in hits(lexed, node.title) {
            found[usize::from(hit.item)] = true;
            asked |= asking[usize::from(hit.item)];
        }
        for (number, (section, best)) in sections.iter().zip(&mut best).enumerate() {
            if asked >> (number % 64) & 1 == 0 {
                continue;
            }
            let Some(cover) = section.cover(document, &found, node.title) else { continue };
            let fit = Fit {
                exact: cover >= EXACT,
                has_body: !node.body.is_empty() || !node.children.is_empty(),
                numbered: node.marker.is_some(),
                shallow: -i16::from(node.level),
                cover,
            };
            if best.is_none_or(|(other, _)| fit > other) {
                *best = Some((fit, NodeId(at as u32)));
            }
        }
        hits(lexed, node.title).for_each(|hit| found[usize::from(hit.item)] = false);
    }
    let exact = best.iter().flatten().filter(|(fit, _)| fit.exact).map(|(_, node)| *node);
    let rank = Rank::of(outline, exact);
    best.into_iter()
        .zip(&profile.sections)
        .map(|(found, section)| {
            // A heading that is merely like a section's title counts only on the sections' own level.
            found
                .map(|(fit, id)| (fit, id, rank.has(outline, id)))
                .filter(|(fit, id, ranked)| fit.exact || *ranked || outline.node(*id).level < rank.level)
                .map(|(fit, id, ranked)| {
                    let node = outline.node(id);
                    let heading = node.marker.map_or(node.title, |marker| marker.span.to(node.title));
                    Place { heading, title: node.title, node: Some(id), exact: fit.exact, ranked }
                })
                .or_else(|| in_text(document, lexed, section, rank))
        })
        .collect()
}

/// The level that most sections stand on, and the ordinals they bear.
#[derive(Debug, Clone, Copy)]
struct Rank {
    level: u8,
    style: Option<Style>,
}

impl Rank {
    fn of(outline: &Outline, exact: impl Iterator<Item = NodeId>) -> Self {
        let mut ranks: Vec<(u8, Option<Style>)> = exact
            .map(|id| outline.node(id))
            .map(|node| (node.level, node.marker.map(|marker| marker.style)))
            .collect();
        ranks.sort_unstable();
        let most = ranks.chunk_by(|a, b| a == b).max_by_key(|run| (run.len(), Reverse(run[0])));
        // One heading alone shows no rank.
        most.filter(|run| run.len() > 1)
            .map_or(Rank { level: u8::MAX, style: None }, |run| Rank { level: run[0].0, style: run[0].1 })
    }

    /// A section far out of its place may have been read as part of another; its ordinal still shows
    /// its rank.
    fn has(self, outline: &Outline, id: NodeId) -> bool {
        let node = outline.node(id);
        node.level == self.level
            || (self.style.is_some() && self.style == node.marker.map(|marker| marker.style))
    }
}

/// Where the section's title stands behind an ordinal in the midst of a text.
fn in_text(document: &Document, lexed: &Lexed, section: &Section, rank: Rank) -> Option<Place> {
    const NUMERALS: &str = "一二三四五六七八九十";
    let words = || std::iter::once(&section.title).chain(&section.aliases);
    if !words().any(|word| has(lexed, word)) {
        return None;
    }
    let own = |id: u16| words().any(|word| word.id == id);
    lexed.outline_hits.iter().filter(|hit| own(hit.item)).find_map(|hit| {
        let before = document.text[..hit.span.start as usize].trim_end_matches([' ', '\u{3000}', '\u{a0}']);
        let bare = before.strip_suffix(['、', '.', '．', '）', ')'])?;
        let numeral =
            bare.len() - bare.trim_end_matches(|c: char| c.is_ascii_digit() || NUMERALS.contains(c)).len();
        let start = bare.len() - numeral;
        let chinese = bare[start..].starts_with(|c| NUMERALS.contains(c));
        let ranked =
            chinese && before.ends_with('、') && rank.style.is_none_or(|style| style == Style::Chinese);
        (numeral > 0 && (chinese || !before.ends_with('）'))).then(|| Place {
            heading: Span::new(start as u32, hit.span.end),
            title: hit.span,
            node: None,
            exact: true,
            ranked,
        })
    })
}

/// Titles carry years, unit names and 关于…的 around the words of the outline.
const EXACT: u32 = 60;

/// The words of a section that stand in the text at all: most of a profile's words do not.
struct Present<'r> {
    own: Vec<&'r Word>,
    keys: Vec<&'r [Word]>,
    not: Vec<&'r Word>,
}

impl<'r> Present<'r> {
    fn of(lexed: &Lexed, section: &'r Section) -> Self {
        let there = |word: &&Word| has(lexed, word);
        Present {
            own: std::iter::once(&section.title).chain(&section.aliases).filter(there).collect(),
            keys: (section.keys.iter().map(Vec::as_slice))
                .filter(|words| words.iter().all(|word| has(lexed, word)))
                .collect(),
            not: section.not.iter().filter(there).collect(),
        }
    }

    /// The words of which some must stand in a title that answers to the section.
    fn words(&self) -> impl Iterator<Item = &'r Word> {
        self.own.iter().copied().chain(self.keys.iter().flat_map(|words| words.iter()))
    }

    /// How much of the title is the section's own, in percent; 0 where only its keys are found. `found`: by
    /// number, whether a word stands in the title.
    fn cover(&self, document: &Document, found: &[bool], title: Span) -> Option<u32> {
        let has = |word: &Word| found[usize::from(word.id)];
        if self.not.iter().any(|word| has(word)) {
            return None;
        }
        let own = self.own.iter().filter(|word| has(word)).map(|word| word.text.chars().count()).max();
        match own {
            Some(own) => {
                let all = document.slice(title).chars().filter(|c| !c.is_whitespace()).count().max(1);
                Some((own * 100 / all) as u32)
            }
            None => self.keys.iter().any(|words| words.iter().all(has)).then_some(0),
        }
    }
}
