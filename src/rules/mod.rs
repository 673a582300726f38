//! The rule set as data: what every rule is called, what it says, what it looks for.
//!
//! Takes the TOML files of `rules/` (embedded) and of a user's own folder; gives [`RuleSet`]. It must
//! not know how a rule is judged (`judge`) nor what a document is, and does no I/O.

mod across;
mod bodies;
mod equation;
mod form_kind;
mod formula;
mod kind;
mod lexicon;
mod load;
mod model;
mod naming;
mod pattern;
mod profile;
mod prose;
mod scoring;
mod template;
mod terms;
mod unit;
mod validate;
mod words;

pub use across::{
    LedgerColumns, LedgerMismatch, NearDuplicate, PriorBalance, PriorYear, UnitOfBatch, WrongReport,
};
pub use bodies::Bodies;
pub use equation::{BoundEquation, EquationError, EquationKind, Operand, Split, Within};
pub use form_kind::{Ending, EndingPart, Outturn, Score, SectionFault, Sections, TitleParts};
pub use formula::{Comparison, Equation, Node, Operator};
pub use kind::{
    AnnouncedCount, Bound, BoundClaim, Contents, Direction, GradeScore, ImpossibleRatio, Kind, Lead,
    Numbering, NumberingFault, Reconciled, References, Target,
};
pub use lexicon::{
    Basis, BasisId, Cue, Entry, Fund, FundId, Lexicon, Measure, MeasureId, MeasureRole, WordClass,
};
pub use load::{Detail, LoadError, UserFile, embedded, with};
pub use model::{Case, Citation, Example, Rule, RuleSet, Say};
pub use naming::{ForeignUnit, NameVariant, ReportYear, SelfForm, SelfReference};
pub use pattern::Pattern;
pub use profile::{Content, Genre, Grade, Groups, Need, Profile, Scope, Section, Word};
pub use prose::{
    DocumentNumbers, HalfWidth, ItemMarks, MeasureWord, Pairs, ParagraphEnd, Repeats, Spacing, StrayMarks,
};
pub use scoring::{FormColumn, FormRow, Scoring};
pub use template::fill;
pub use terms::{Hit, Owner, Terms};
pub use unit::{FamilyId, Unit, UnitId, Units};
pub use validate::{faults, profile_faults};
pub use words::{Listed, OneOrMany, WordItem, Words};

/// JSON Schema of one rule file.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Rule)
}
