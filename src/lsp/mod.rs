//! `gouji lsp`: a language server for drafts in text and Markdown.
//!
//! Takes a client's messages and the settings that a [`Configure`] finds; gives answers. One file answers one
//! kind of request, from what was read in the current state of the document ([`files::Read`]). It must not know
//! files of the disk nor how a rule works; only [`place`] knows how the protocol counts.

mod actions;
mod capabilities;
mod diagnostics;
mod edits;
mod explain;
mod files;
mod hints;
mod hover;
mod mentions;
mod outline;
mod place;
mod rename;
mod requests;
mod server;
mod settings;
mod start;
mod tokens;
pub mod wire;
mod worker;

pub use settings::{Configure, Setting, Trouble, Wishes};
pub use start::run;
