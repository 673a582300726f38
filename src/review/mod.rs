//! The reviewer's desk: a folder of incoming reports, each with its page, its letter and its row.
//!
//! Two passes. In the first every file is read and audited on its own and becomes a [`Record`], kept in the
//! [`store`]; of it only the [`Report`] stays in memory, for there may be tens of thousands. Then [`across`]
//! sees all reports together. In the second pass each record comes back once, gets the findings made since, and is
//! written out. So memory does not grow with the texts, what is done survives an interruption, and the
//! outputs depend neither on the number of threads nor on where a run was broken off.

pub mod across;
mod archive;
mod checked;
mod html;
pub mod index;
pub mod json;
pub mod letter;
pub mod names;
pub mod page;
pub mod papers;
mod record;
pub mod rounds;
pub mod store;
pub mod walk;
pub mod workbook;
pub mod workers;

pub use checked::{Check, Checked, Edit, FileLedger, Finding, Fix, Label, Place, Suppressed};
pub use record::{Counts, FactRow, Heading, Leaf, Record, Report, Tie, record};
