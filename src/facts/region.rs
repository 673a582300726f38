//! The words between one figure and the next: what they say of the figure that follows.
//!
//! Takes items one at a time; gives a [`Region`]: period, basis, fund, measure or label, and the cues.

use crate::document::Span;
use crate::rules::{BasisId, Cue, Entry, FundId, MeasureId};

/// Whose figure is spoken of.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Subject {
    pub measure: Option<MeasureId>,
    /// The words of the label as written; empty where there is none.
    pub label: Span,
    /// Words before the measure that narrow it: a unit, a project.
    pub qualifier: Option<Span>,
    pub fund: Option<FundId>,
}

impl Subject {
    pub fn is_named(&self) -> bool {
        self.measure.is_some() || !self.label.is_empty()
    }
}

/// The cues met so far, as a set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cues(u32);

impl Cues {
    pub fn add(&mut self, cue: Cue) {
        self.0 |= 1 << cue as u32;
    }

    pub fn has(self, cue: Cue) -> bool {
        self.0 & (1 << cue as u32) != 0
    }
}

#[derive(Debug, Clone, Copy, Default)]
pub struct Region {
    pub subject: Subject,
    pub basis: Option<BasisId>,
    pub period: Option<Period>,
    pub cues: Cues,
    /// 比, 较 … directly before a period, basis or label: what follows is compared with.
    pub compared: bool,
    /// The last change or direction word, and where it stands.
    pub direction: Option<(Cue, Span)>,
    /// The direction word is stuck to a label that is no known measure: it may be part of a name.
    pub maybe_name: bool,
    /// 支出 and nothing else: the outturn of what was spoken of.
    pub bare_noun: Option<Span>,
    /// Where 无 stands.
    pub zero: Option<u32>,
    /// Start of the first word that belongs to the figure.
    pub start: Option<u32>,
    /// The last word of the region.
    pub last: Option<Span>,
    /// Of what 完成 was said, and where it stands.
    pub completed: Option<(Subject, Span)>,
    /// The words for a plan right behind 比 or 较.
    pub plan: Option<Span>,
    /// 比年初: it is the beginning of the year that the change is from.
    pub opening: bool,
    /// Where 比 or 较 stands.
    pub compare: Option<u32>,
    /// 秋季比春季: the words on either side of 比, where both are plain labels.
    pub rival: Option<(Span, Span)>,
    pub(super) pending_compare: bool,
    pub(super) pending_from: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    Year(u16),
    /// 上年
    Prior,
    /// 本年
    Current,
}

impl Region {
    pub fn word(&mut self, span: Span, entry: Entry, glued: bool) {
        let compare_here = std::mem::take(&mut self.pending_compare);
        let from_here = std::mem::take(&mut self.pending_from);
        match entry {
            Entry::Measure(measure) => {
                self.compared |= compare_here;
                let before = self.subject.label;
                let qualifier = self.follows(before, glued).then_some(before);
                self.subject =
                    Subject { measure: Some(measure), label: span, qualifier, fund: self.subject.fund };
                self.bare_noun = None;
            }
            Entry::Basis(basis) => {
                self.compared |= compare_here;
                self.basis = Some(basis);
            }
            Entry::Fund(fund) => self.subject.fund = Some(fund),
            Entry::Prior => {
                self.compared |= compare_here || from_here;
                self.period = Some(Period::Prior);
            }
            Entry::Current => self.period = Some(Period::Current),
            Entry::Cue(cue) => self.cue(span, cue, glued),
        }
        self.reach(span);
    }

    fn cue(&mut self, span: Span, cue: Cue, glued: bool) {
        match cue {
            Cue::Noun => self.noun(span, glued),
            Cue::Compare => {
                self.pending_compare = true;
                self.compare = Some(span.start);
            }
            Cue::From => {
                self.pending_from = true;
                self.cues.add(cue);
            }
            Cue::Link => {}
            Cue::OfWhich | Cue::Including | Cue::By | Cue::Share | Cue::Complete => {
                if cue == Cue::Complete {
                    self.completed = Some((self.subject, span));
                }
                self.subject = Subject { fund: self.subject.fund, ..Subject::default() };
                self.basis = None;
                self.cues.add(cue);
            }
            Cue::Up | Cue::Down | Cue::UpTo | Cue::DownTo | Cue::Flat => {
                self.maybe_name = self.subject.measure.is_none() && self.follows(self.subject.label, glued);
                self.direction = Some((cue, span));
                self.cues.add(cue);
            }
            Cue::SpentOn => {
                self.cues.add(cue);
                self.cues.add(Cue::Open);
            }
            Cue::Zero => {
                self.zero = Some(span.start);
                self.cues.add(cue);
            }
            _ => self.cues.add(cue),
        }
        if cue != Cue::Compare {
            self.pending_compare = false;
        }
    }

    /// 经费, 支出 …: part of a label it follows, else the outturn of what was spoken of.
    fn noun(&mut self, span: Span, glued: bool) {
        let follows = self.follows(self.subject.label, glued);
        let label = &mut self.subject.label;
        if follows {
            if self.subject.measure.is_none() {
                label.end = span.end;
            }
        } else if label.is_empty() {
            self.bare_noun = Some(span);
        } else if self.subject.measure.is_none()
            || !glued
            || self.last.is_none_or(|last| last.start != label.end)
        {
            self.subject = Subject { label: span, fund: self.subject.fund, ..Subject::default() };
        }
        // “三公”经费预算支出 is still “三公”经费.
    }

    pub fn date(&mut self, span: Span, year: Option<u16>) {
        let compare_here = std::mem::take(&mut self.pending_compare);
        let from_here = std::mem::take(&mut self.pending_from);
        if let Some(year) = year {
            self.compared |= compare_here || from_here;
            self.period = Some(Period::Year(year));
        }
        self.reach(span);
    }

    pub fn text(&mut self, span: Span, glued: bool) {
        let label = self.subject.label;
        if self.pending_compare && self.subject.measure.is_none() && !label.is_empty() {
            self.rival = Some((label, span));
        }
        (self.pending_compare, self.pending_from) = (false, false);
        if let Some(noun) = self.bare_noun.take()
            && self.follows(noun, glued)
        {
            self.subject = Subject { label: noun.to(span), fund: self.subject.fund, ..Subject::default() };
        } else if self.follows(label, glued) {
            // A known measure with more words behind it is some other thing.
            self.subject = Subject { measure: None, label: label.to(span), ..self.subject };
        } else {
            self.subject = Subject { label: span, fund: self.subject.fund, ..Subject::default() };
        }
        self.reach(span);
    }

    /// Whether the next item, `glued` or not, stands right behind `label`.
    fn follows(&self, label: Span, glued: bool) -> bool {
        glued && !label.is_empty() && self.last.is_some_and(|last| last.end == label.end)
    }

    fn reach(&mut self, span: Span) {
        self.start.get_or_insert(span.start);
        self.last = Some(span);
    }
}
