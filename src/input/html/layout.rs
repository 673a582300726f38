//! Tells tables that hold data from tables that only arrange a page.
//!
//! Takes tokens; says of each `<table>` which it is. Old pages stand in tables as a whole: one that holds other
//! tables, or has one column only, arranges.

use html5gum::Token;
use rustc_hash::FxHashSet;

pub struct Layout {
    /// Places of the start tags among the tokens.
    data: FxHashSet<usize>,
}

struct Open {
    at: usize,
    holds_tables: bool,
    cells: u32,
    widest: u32,
}

impl Layout {
    pub fn of(tokens: &[Token<usize>]) -> Layout {
        let mut data = FxHashSet::default();
        let mut open: Vec<Open> = Vec::new();
        let mut close = |table: Open| {
            if !table.holds_tables && table.widest.max(table.cells) > 1 {
                data.insert(table.at);
            }
        };
        for (at, token) in tokens.iter().enumerate() {
            match token {
                Token::StartTag(tag) => match &**tag.name {
                    b"table" => {
                        open.last_mut().into_iter().for_each(|outer| outer.holds_tables = true);
                        open.push(Open { at, holds_tables: false, cells: 0, widest: 0 });
                    }
                    b"tr" => {
                        if let Some(table) = open.last_mut() {
                            table.widest = table.widest.max(table.cells);
                            table.cells = 0;
                        }
                    }
                    b"td" | b"th" => open.last_mut().into_iter().for_each(|table| table.cells += 1),
                    _ => {}
                },
                Token::EndTag(tag) if **tag.name == *b"table" => open.pop().into_iter().for_each(&mut close),
                _ => {}
            }
        }
        open.into_iter().for_each(close);
        Layout { data }
    }

    /// Whether the table that starts with the token at `at` holds data.
    pub fn holds_data(&self, at: usize) -> bool {
        self.data.contains(&at)
    }
}
