//! What stays in memory of a report's text: its grams, and where it names itself and others.
//!
//! Takes a read report; gives [`Sketch`]. It must not know other reports.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use super::super::Heading;
use super::passages::Passages;
use crate::audit::Audit;
use crate::document::chars::is_han;
use crate::document::{Document, Span};
use crate::rules::{Genre, Kind, RuleSet};
use crate::subject::place_and_body;

/// Other bodies' names that are kept of one report.
const NAMES: usize = 32;
/// Characters of a name, at most.
const LONGEST: usize = 24;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sketch {
    /// Sampled grams, by number.
    pub grams: Vec<u32>,
    /// The whole text without blanks, hashed.
    pub text: u64,
    pub genre: Genre,
    /// A report on part of a year.
    pub interim: bool,
    pub title: Option<Span>,
    pub unit: Option<Span>,
    /// Whether the unit stands in the title.
    pub titled: bool,
    /// Where the title says the year.
    pub year: Option<Span>,
    /// Bodies of which the report says what one says of oneself.
    pub named: Vec<Named>,
}

/// A name where a clause begins, with what follows it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Named {
    pub name: String,
    pub span: Span,
}

/// Made where the text is at hand.
pub fn sketch(document: &Document, audit: &Audit, headings: &[Heading], rules: &RuleSet) -> Sketch {
    let near = rules.rules.iter().find_map(|rule| match &rule.check {
        Kind::NearDuplicate(kind) => Some(kind),
        _ => None,
    });
    let subject = &audit.subject;
    let passages = |kind| Passages::of(&document.text, &document.blocks, headings, subject.title, kind);
    let grams = near.map(|kind| passages(kind).sketch());
    let titled = subject.title.zip(subject.unit).is_some_and(|(title, unit)| title.contains(unit));
    Sketch {
        grams: grams.unwrap_or_default(),
        text: hash(&document.text),
        genre: subject.genre,
        interim: subject.interim,
        title: subject.title,
        unit: subject.unit,
        titled,
        year: subject.year.and_then(|year| year.titled),
        named: if titled { named(document, audit, rules) } else { Vec::new() },
    }
}

fn hash(text: &str) -> u64 {
    let mut hash = Xxh3::new();
    text.split_whitespace().for_each(|word| hash.update(word.as_bytes()));
    hash.digest()
}

/// Names of bodies at the head of a clause that go on as a report does of its own unit.
fn named(document: &Document, audit: &Audit, rules: &RuleSet) -> Vec<Named> {
    let kind = rules.rules.iter().find_map(|rule| match &rule.check {
        Kind::UnitOfBatch(kind) => Some(kind),
        _ => None,
    });
    let (Some(kind), Some(unit)) = (kind, audit.subject.unit) else { return Vec::new() };
    let own = document.slice(unit);
    let text = document.text.as_str();
    let blocks = document.blocks.iter().map(|block| block.span.start);
    let dates = audit.lexed.dates.iter().map(|date| date.span.end);
    let mut starts: Vec<usize> = blocks.chain(dates).map(|at| at as usize).collect();
    starts.extend(text.match_indices(['。', '；', '，']).map(|(at, mark)| at + mark.len()));
    starts.sort_unstable();
    starts.dedup();
    let mut found = Vec::new();
    for start in starts {
        let rest = text.get(start..).unwrap_or_default();
        let trimmed = rest.trim_start_matches(|c: char| c == '，' || c.is_whitespace() || c == '度');
        let start = start + rest.len() - trimmed.len();
        let len: usize =
            trimmed.chars().take(LONGEST + 8).take_while(|c| is_han(*c)).map(char::len_utf8).sum();
        let may_end = |(_, c): &(usize, char)| rules.bodies.may_end(*c);
        let ends = trimmed[..len].char_indices().filter(may_end).map(|(at, c)| at + c.len_utf8());
        let goes_on = |end: &usize| {
            let after = &trimmed[*end..];
            // A year between the name and what is said of it.
            let year = after
                .find('年')
                .filter(|at| *at == 4 && after.as_bytes()[..4].iter().all(u8::is_ascii_digit));
            let after = year.map_or(after, |at| after[at + '年'.len_utf8()..].trim_start_matches('度'));
            kind.own.iter().any(|word| after.starts_with(word.as_str()))
        };
        // The longest name is meant: 教育局幼儿园 and not 教育局.
        let is_name = |end: &usize| *end >= 12 && rules.bodies.is_body(&trimmed[..*end]);
        let Some(end) = ends.rev().find(|end| is_name(end) && goes_on(end)) else { continue };
        let name = &trimmed[..end];
        if name != own && !own.ends_with(name) && !name.ends_with(own) && !place_and_body(name).1.is_empty() {
            found.push(Named { name: name.to_owned(), span: Span::of(start, start + end) });
            if found.len() == NAMES {
                break;
            }
        }
    }
    found
}
