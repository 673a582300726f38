//! How findings reach people: one file per output format.
