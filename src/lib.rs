//! `gouji` 勾稽: reads a Chinese budget-performance report, builds the fact table of its figures, and
//! says where the figures do not tie, which mandatory parts are missing and where the numbering breaks.
//!
//! Data flows one way, and a module may use what stands above it in this list, never what stands below:
//!
//! | module | gives |
//! |---|---|
//! | [`document`] | one text, its blocks and tables, spans |
//! | [`diagnostic`] | the shape of a finding |
//! | [`options`] | what a caller may choose |
//! | [`mistake`] | the shape of a mistake in the user's own TOML files |
//! | [`input`] | a [`document::Document`] from bytes |
//! | [`rules`] (model) | the rule set as data |
//! | [`lexer`] | quantities, dates, document numbers, ordinals, terms |
//! | [`outline`] | the heading tree, and what its recovery had to forgive |
//! | [`form`] | which kind of report it is, and which heading is which of its sections |
//! | [`subject`] | what the report is about: kind, year, unit |
//! | [`scores`] | self-evaluation forms, cell by cell as filled in |
//! | [`facts`] | the fact table and the relations the text states |
//! | [`reconcile`] | checks with their state, blame, the ledger |
//! | [`fingerprint`] | identities of findings that survive edits |
//! | [`suppress`] | findings that the author has answered for |
//! | [`judge`] | findings, one file per kind of rule |
//! | [`audit`] | everything run once over one document |
//! | [`fix`] | the text with its safe repairs made |
//! | [`baseline`] | what became of the findings of an earlier round |
//! | [`emit`] | how findings reach people |
//! | [`word`] | findings as comments and repairs as tracked changes in a Word document |
//! | [`stream`] | many inputs in parallel and in order |
//! | [`review`] | a folder of incoming reports: run, cache, pages, workbook, letters |
//! | [`lsp`] | drafts in an editor |
//! | [`cli`] | arguments in, exit code out |

pub mod audit;
pub mod baseline;
pub mod cli;
pub mod diagnostic;
pub mod document;
pub mod emit;
pub mod facts;
pub mod fingerprint;
pub mod fix;
pub mod form;
pub mod input;
pub mod judge;
pub mod lexer;
#[cfg(feature = "lsp")]
pub mod lsp;
pub mod mistake;
pub mod options;
pub mod outline;
pub mod reconcile;
#[cfg(feature = "review")]
pub mod review;
pub mod rules;
pub mod scores;
pub mod stream;
pub mod subject;
pub mod suppress;
#[cfg(feature = "word")]
pub mod word;

pub use audit::{Audit, audit};
pub use options::{Lang, Options};
