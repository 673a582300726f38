//! What the comments say: one for each finding, and one at each other end of it, which lead to one another.
//!
//! Takes the findings of a document; gives comments in the order of the text. It must not know XML.

use rustc_hash::FxHashMap;

use crate::audit::Audit;
use crate::diagnostic::{Diagnostic, Label};
use crate::document::{Document, Place, Span};
use crate::emit;
use crate::emit::columns::short;
use crate::options::Lang;

/// A finding with more other ends than this says them in its own comment only.
const MOST_ENDS: usize = 4;
/// Columns of a quotation.
const QUOTE: usize = 40;

/// A comment to be.
pub struct Note {
    pub span: Span,
    pub paragraphs: Vec<String>,
}

enum Kind<'a> {
    Finding(&'a Diagnostic),
    /// Other ends of these findings.
    End(Vec<(usize, &'a Label)>),
}

pub fn notes(document: &Document, audit: &Audit, lang: Lang) -> Vec<Note> {
    let found = &audit.diagnostics;
    let mut ends: FxHashMap<Span, Vec<(usize, &Label)>> = FxHashMap::default();
    for (at, finding) in found.iter().enumerate().filter(|(_, finding)| finding.labels.len() <= MOST_ENDS) {
        for label in &finding.labels {
            if !label.span.is_empty() && label.span != finding.span {
                ends.entry(label.span).or_default().push((at, label));
            }
        }
    }
    let mut kinds: Vec<(Span, bool, usize, Kind)> =
        found.iter().enumerate().map(|(at, one)| (one.span, false, at, Kind::Finding(one))).collect();
    let ends = ends.into_iter().map(|(span, ends)| (span, true, ends[0].0, Kind::End(ends)));
    kinds.extend(ends);
    kinds.sort_by_key(|&(span, is_end, at, _)| (span, is_end, at));
    let mut number_of = vec![0; found.len()];
    let mut number_at: FxHashMap<Span, usize> = FxHashMap::default();
    for (number, (span, _, at, kind)) in kinds.iter().enumerate() {
        match kind {
            Kind::Finding(_) => number_of[*at] = number + 1,
            Kind::End(_) => drop(number_at.insert(*span, number + 1)),
        }
    }
    let say = Say { document, lang };
    kinds
        .iter()
        .enumerate()
        .map(|(place, (span, _, _, kind))| {
            let paragraphs = match kind {
                Kind::Finding(finding) => say.finding(place + 1, finding, &number_at),
                Kind::End(ends) => ends
                    .iter()
                    .map(|(at, label)| say.end(place + 1, &found[*at], number_of[*at], label))
                    .collect(),
            };
            Note { span: *span, paragraphs }
        })
        .collect()
}

struct Say<'a> {
    document: &'a Document,
    lang: Lang,
}

impl Say<'_> {
    fn finding(
        &self,
        number: usize,
        finding: &Diagnostic,
        number_at: &FxHashMap<Span, usize>,
    ) -> Vec<String> {
        let severity = emit::severity_word(finding.severity, self.lang);
        let first = match self.lang {
            Lang::Zh => format!("〔批注{number}〕{severity}：{}", finding.message),
            Lang::En => format!("[comment {number}] {severity}: {}", finding.message),
        };
        let mut paragraphs = vec![first];
        let outside = matches!(self.document.source.place(finding.span.start), Some(Place::Aside(..)));
        // The comment cannot stand where the finding is.
        if outside {
            paragraphs.push(format!("{}{}", self.lang.of("位置：", "at: "), self.there(finding.span)));
        }
        let mut add = |zh: &str, en: &str, text: &Option<String>| {
            for line in text.iter().flat_map(|text| text.lines()).filter(|line| !line.trim().is_empty()) {
                paragraphs.push(match self.lang {
                    Lang::Zh => format!("{zh}：{line}"),
                    Lang::En => format!("{en}: {line}"),
                });
            }
        };
        add("算式", "sum", &finding.trace);
        add("依据", "basis", &finding.citation);
        add("建议", "help", &finding.help);
        let named =
            finding.labels.iter().filter(|label| !label.span.is_empty() && label.span != finding.span);
        for label in named {
            let there = self.there(label.span);
            let what = if label.message.is_empty() { String::new() } else { format!(" {}", label.message) };
            let see = match (number_at.get(&label.span), self.lang) {
                (Some(number), Lang::Zh) => format!("，见批注{number}"),
                (Some(number), Lang::En) => format!(", see comment {number}"),
                (None, _) => String::new(),
            };
            paragraphs.push(format!("{}{there}{what}{see}", self.lang.of("对照：", "compare: ")));
        }
        let rule = self.lang.of("规则：", "rule: ");
        paragraphs.push(format!("{rule}{} {}", finding.code, finding.name));
        paragraphs
    }

    fn end(&self, number: usize, finding: &Diagnostic, see: usize, label: &Label) -> String {
        let there = self.there(finding.span);
        let what = if label.message.is_empty() {
            String::new()
        } else {
            format!("{}{}", label.message, self.lang.of("。", ". "))
        };
        match self.lang {
            Lang::Zh => format!("〔批注{number}〕{what}见批注{see}（{there}）：{}", finding.message),
            Lang::En => format!("[comment {number}] {what}See comment {see} ({there}): {}", finding.message),
        }
    }

    /// Place and quotation.
    fn there(&self, span: Span) -> String {
        let place = emit::place(self.document, span.start, self.lang).unwrap_or_default();
        let blank = self.lang.of("", " ");
        format!("{place}{blank}“{}”", short(&emit::printable(self.document.slice(span)), QUOTE))
    }
}
