//! What is kept of one report: a little for the whole run, the rest on disk until it is written out.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::across::{self, Sketch};
use super::checked::Checked;
use crate::audit::Audit;
use crate::diagnostic::Severity;
use crate::document::{self, Block, Cell, Document, Source, Span};
use crate::emit::figures::{self, Row};
use crate::emit::{self, Emitter, Format, Ledger};
use crate::facts::Role;
use crate::options::Lang;
use crate::reconcile::{self, Formula};
use crate::rules::RuleSet;
use crate::suppress::Answer;

/// One report as the run keeps it in memory.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// As shown; `archive.zip!/a/b.docx` for a file in an archive. Empty in the store, where reports are known
    /// by their content.
    pub path: String,
    /// Where its record is kept: hash of content, rules, options and program. Empty if it was not read.
    pub key: String,
    /// Why nothing was checked.
    pub unread: Option<String>,
    pub title: Option<String>,
    pub unit: Option<String>,
    pub year: Option<u16>,
    /// Id of the kind of report, and what it is called.
    pub profile: String,
    pub profile_name: String,
    pub counts: Counts,
    pub ledger: Ledger,
    /// Whether the store has the document with comments.
    pub annotated: bool,
    pub sketch: Sketch,
    /// What is answered for of findings across reports.
    pub answers: Vec<Answer>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub errors: usize,
    pub warnings: usize,
    pub hints: usize,
}

impl Counts {
    pub fn add(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Hint => self.hints += 1,
        }
    }
}

/// All that the outputs need of one report.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub report: Report,
    pub checked: Checked,
    pub leaf: Leaf,
}

/// The text, its parts and its figures, as the report's page shows them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Leaf {
    pub text: String,
    pub blocks: Vec<Block>,
    pub tables: Vec<Table>,
    pub headings: Vec<Heading>,
    pub facts: Vec<FactRow>,
    /// What a reader of the file calls places, each from an offset on; empty for plain text.
    pub places: Vec<(u32, document::Place)>,
    /// Names of sheets, for those places.
    pub sheets: Vec<String>,
    /// Beside the checks of [`Checked::ledger`], one each.
    pub ties: Vec<Tie>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    pub rows: Vec<Vec<Cell>>,
    pub header_rows: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Heading {
    /// From the ordinal to the end of the title.
    pub span: Span,
    pub level: u8,
}

/// One figure and what it says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FactRow {
    /// The lexicon's name, or null for a label it does not know.
    pub measure: Option<String>,
    /// As written.
    pub label: String,
    /// Words before the measure that narrow it, as written.
    pub scope: Option<String>,
    pub fund: Option<String>,
    /// The measure of the total that lists it as a part.
    pub part_of: Option<String>,
    pub basis: Option<String>,
    pub period: Option<u16>,
    pub role: Role,
    /// The figure as printed.
    pub text: String,
    /// In the printed unit, with the digits printed.
    pub value: Decimal,
    pub unit: String,
    /// The same in the base unit of its kind (元, %, 人), and what it may stand for.
    pub amount: Decimal,
    pub amount_unit: String,
    pub amount_low: Decimal,
    pub amount_high: Decimal,
    /// `exact`, `about`, `at-least`, `at-most`.
    pub modifier: String,
    /// The figure is damaged, and its value a guess.
    pub broken: bool,
    pub section: Option<String>,
    pub line: u32,
    pub column: u32,
    /// As a reader of the file calls it; null in plain text.
    pub place: Option<String>,
    pub span: Span,
}

/// Which figures a check ties together: places in [`Leaf::facts`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tie {
    /// The figure that the others come to.
    pub result: Option<u32>,
    pub parts: Vec<u32>,
    /// The relation by name, for identities and indicators.
    pub formula: String,
}

/// Everything that is kept of a report that was read.
pub fn record(document: &Document, audit: &Audit, rules: &RuleSet, lang: Lang, profile: &str) -> Record {
    let checked = checked(document, audit, rules, lang, profile);
    let leaf = leaf(document, audit, rules, lang);
    let mut counts = Counts::default();
    audit.diagnostics.iter().for_each(|found| counts.add(found.severity));
    let said = |span: Option<Span>| {
        span.map(|span| document.slice(span).split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let report = Report {
        title: said(audit.subject.title),
        unit: said(audit.subject.unit),
        year: audit.subject.year.map(|year| year.value),
        profile: audit.profile.clone(),
        profile_name: profile.to_owned(),
        counts,
        ledger: Ledger::of(audit),
        sketch: across::sketch(document, audit, &leaf.headings, rules),
        answers: audit.answers.clone(),
        ..Report::default()
    };
    Record { report, checked, leaf }
}

/// By way of the JSON itself: what is kept is what `check` says.
fn checked(document: &Document, audit: &Audit, rules: &RuleSet, lang: Lang, profile: &str) -> Checked {
    let emitter = Emitter {
        format: Format::Json,
        lang,
        color: false,
        rules: Vec::new(),
        many: true,
        explain_checks: false,
        show_suppressed: false,
    };
    let mut json = Vec::new();
    let result = Ok(emit::Audited { document, audit, rules, profile, fixed: &[] });
    emitter.file(&emit::File { path: "", result }, &mut json);
    serde_json::from_slice(&json).unwrap_or_default()
}

fn leaf(document: &Document, audit: &Audit, rules: &RuleSet, lang: Lang) -> Leaf {
    let facts = figures::rows(document, rules, audit, lang).into_iter().map(row);
    let tables = document
        .tables
        .iter()
        .map(|table| Table { rows: table.rows.clone(), header_rows: table.header_rows });
    let headings = audit.outline.nodes.iter().map(|node| Heading {
        span: Span::new(node.start().min(node.title.start), node.title.end),
        level: node.level,
    });
    Leaf {
        text: document.text.clone(),
        blocks: document.blocks.clone(),
        tables: tables.collect(),
        headings: headings.collect(),
        facts: facts.collect(),
        places: document.source.places.clone(),
        sheets: document.source.sheets.clone(),
        ties: audit.checks.iter().map(|check| tie(check, rules, lang)).collect(),
    }
}

fn row(row: Row) -> FactRow {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    FactRow {
        measure: owned(row.measure),
        label: row.label.to_owned(),
        scope: owned(row.scope),
        fund: owned(row.fund),
        part_of: owned(row.part_of),
        basis: owned(row.basis),
        period: row.period,
        role: row.role,
        text: row.text.to_owned(),
        value: row.value,
        unit: row.unit.to_owned(),
        amount: row.amount,
        amount_unit: row.amount_unit.to_string(),
        amount_low: row.amount_low,
        amount_high: row.amount_high,
        modifier: row.modifier.to_owned(),
        broken: row.broken,
        section: owned(row.section),
        line: row.line,
        column: row.column,
        place: row.place,
        span: Span::new(row.start, row.end),
    }
}

fn tie(check: &reconcile::Check, rules: &RuleSet, lang: Lang) -> Tie {
    let equation = check.equation.and_then(|place| rules.equations.get(usize::from(place)));
    let formula = equation.map(|one| lang.of(&one.zh, &one.en).to_string()).unwrap_or_default();
    let Some(bound) = &check.formula else { return Tie { formula, ..Tie::default() } };
    let ids: Vec<u32> = bound.facts().iter().map(|id| id.0).collect();
    let (result, parts) = match bound {
        // Of equals none comes from the others.
        Formula::Equal { .. } => (None, ids),
        _ => (ids.first().copied(), ids.get(1..).unwrap_or_default().to_vec()),
    };
    Tie { result, parts, formula }
}

/// What the role of a figure is called.
pub fn role(fact: &FactRow, lang: Lang) -> &'static str {
    use Role::*;
    match fact.role {
        Value => lang.of("数值", "value"),
        Base => lang.of("比较基数", "base"),
        Change => lang.of("增减额", "change"),
        Rate => lang.of("增减率", "rate"),
        Share => lang.of("占比", "share"),
        Completion => lang.of("完成率", "completion"),
        Ratio => lang.of("比率", "ratio"),
        Standard => lang.of("标准", "standard"),
    }
}

impl Leaf {
    /// As much of the document as a finding needs that is made later.
    pub fn document(&self) -> Document {
        let table = |table: &Table| document::Table {
            span: Span::default(),
            rows: table.rows.clone(),
            header_rows: table.header_rows,
        };
        Document {
            text: self.text.clone(),
            blocks: self.blocks.clone(),
            tables: self.tables.iter().map(table).collect(),
            source: Source { places: self.places.clone(), sheets: self.sheets.clone(), ..Source::default() },
            ..Document::default()
        }
    }

    /// The text of `span`.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }
}
