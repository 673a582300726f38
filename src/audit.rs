//! The public door: everything run once over one document.
//!
//! Takes a [`Document`], a [`RuleSet`] and [`Options`]; gives an [`Audit`]. No I/O.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::diagnostic::Diagnostic;
use crate::document::Document;
use crate::facts::{self, FactTable};
use crate::fingerprint;
use crate::form;
use crate::judge::{Context, Reckoned, Sink, judge_figures, judge_text, unused_ignores};
use crate::lexer::{self, Lexed};
use crate::options::Options;
use crate::outline::{self, Outline};
use crate::reconcile::{self, Check, Reconciled};
use crate::rules::RuleSet;
use crate::scores;
use crate::subject::{self, Subject};
use crate::suppress::{self, Answer, Parted, Suppressed};

/// Bytes from which on the work on one document is shared among threads; a folder of shorter ones shares out the documents.
const LONG: usize = 64 << 10;

/// All that was read and found.
#[derive(Debug)]
pub struct Audit {
    /// Id of the profile judged by; `none` where no profile fits.
    pub profile: String,
    pub lexed: Lexed,
    pub outline: Outline,
    pub subject: Subject,
    pub facts: FactTable,
    pub checks: Vec<Check>,
    /// By place, then code.
    pub diagnostics: Vec<Diagnostic>,
    /// Findings that the text or the configuration answers for, by place.
    pub suppressed: Vec<Suppressed>,
    /// Places in [`Options::suppress`] that no finding answered to, though their rules ran.
    pub unused_entries: Vec<usize>,
    /// What the text or the configuration answers for of rules that only all reports together can judge.
    pub answers: Vec<Answer>,
}

pub fn audit(document: &Document, rules: &RuleSet, options: &Options) -> Audit {
    let flow = document.flow();
    let long = document.text.len() >= LONG;
    let (lexed, outline) = if long {
        rayon::join(|| lexer::lex(document, rules), || outline::recover(document))
    } else {
        (lexer::lex(document, rules), outline::recover(document))
    };
    let form = form::recognise(document, rules, &lexed, &outline, options.profile.as_deref());
    let subject = subject::identify(document, &rules.bodies, &lexed, &outline);
    let sheets = scores::sheets(document, rules, &lexed);
    let ignores = suppress::read(document, rules);
    let awaited = !ignores.is_empty() || !options.suppress.is_empty();
    let loud = if awaited { suppress::loud(options, rules, &ignores) } else { Options::default() };
    let wanted = options;
    let options = if awaited { &loud } else { options };
    let cx = Context {
        document,
        rules,
        options,
        lexed: &lexed,
        outline: &outline,
        form: &form,
        subject: &subject,
        sheets: &sheets,
        flow: &flow,
        wrapped: document.markup.iter().any(|span| document.slice(*span).contains('\n')),
        ignores: &ignores,
    };
    let reckon = || {
        let year = subject.year.map(|year| year.value);
        let facts = facts::gather(document, rules, &lexed, &outline, &sheets, year);
        let reconciled = reconcile::reconcile(document, rules, &lexed, &sheets, &facts);
        (facts, reconciled)
    };
    let text = || by_all_rules(rules, options, long, |index, sink| judge_text(&cx, index, sink));
    let ((facts, mut reconciled), mut found) =
        if long { rayon::join(reckon, text) } else { (reckon(), text()) };
    let open = found.iter().filter(|one| rules.rules[usize::from(one.rule)].leaves_open);
    reconciled.leave_open(document, &facts, &open.map(|one| one.span).collect::<Vec<_>>());
    let Reconciled { checks, causes } = reconciled;
    let reckoned = Reckoned { read: &cx, facts: &facts, checks: &checks, causes: &causes };
    found.extend(by_all_rules(rules, options, long, |index, sink| judge_figures(&reckoned, index, sink)));
    let mut found = sorted(found);
    fingerprint::assign(document, &outline, &mut found);
    let mut parted = Parted { kept: found, ..Parted::default() };
    let mut answers = Vec::new();
    if awaited {
        answers = suppress::answers_for_later(document, &outline, rules, wanted, &ignores);
        parted = suppress::part(document, &outline, rules, wanted, &ignores, parted.kept);
        let mut sink = Sink::new(rules, wanted);
        unused_ignores(&cx, &parted.unused, &mut sink);
        fingerprint::assign(document, &outline, &mut sink.diagnostics);
        parted.kept.append(&mut sink.diagnostics);
        parted.kept = sorted(parted.kept);
    }
    let Parted { kept: diagnostics, suppressed, unused_entries, .. } = parted;
    Audit {
        profile: form.profile.id.to_string(),
        lexed,
        outline,
        subject,
        facts,
        checks,
        diagnostics,
        suppressed,
        unused_entries,
        answers,
    }
}

/// What `judge` finds by every rule that is wanted. Rules know nothing of one another.
fn by_all_rules<'a>(
    rules: &'a RuleSet,
    options: &'a Options,
    long: bool,
    judge: impl Fn(u16, &mut Sink<'a>) + Sync,
) -> Vec<Diagnostic> {
    let count = rules.rules.len();
    let wanted = |index: &usize| options.enabled.get(*index).copied().unwrap_or(true);
    if !long {
        let mut sink = Sink::new(rules, options);
        (0..count).filter(wanted).for_each(|index| judge(index as u16, &mut sink));
        return sink.diagnostics;
    }
    let one = |index| {
        let mut sink = Sink::new(rules, options);
        judge(index as u16, &mut sink);
        sink.diagnostics
    };
    (0..count).into_par_iter().filter(wanted).flat_map_iter(one).collect()
}

fn sorted(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    found.sort_by(|a, b| (a.span, &a.code).cmp(&(b.span, &b.code)));
    found
}
