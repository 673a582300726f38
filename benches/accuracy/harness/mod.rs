//! The accuracy harness: what the engine reports on slips put into clean reports, and on reports as they
//! are found. Takes reports; gives counts and Markdown. It knows the library only from outside.

pub mod base;
pub mod corpus;
pub mod formats;
pub mod mutation;
pub mod natural;
pub mod operators;
pub mod page;
pub mod random;
pub mod score;
pub mod slips;
pub mod tables;
