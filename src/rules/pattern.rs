//! Small patterns for what stands beside a word: literal text, classes and bounded repeats.
//!
//! | atom | matches |
//! |---|---|
//! | `{d}` | a digit, half or full width |
//! | `{s}` | a blank, U+3000 and U+00A0 included |
//! | `{h}` | a Chinese character |
//! | `{n}` | a character of a printed number: digit, point, thousands comma |
//! | `{w}` | an ASCII letter |
//! | `{p}` | a Chinese mark that ends a clause: ，。；、：？！ |
//! | `{any}` | any character of the same line |
//! | `{start}`, `{end}` | the edge of the block |
//! | `[约近]` | one of these characters |
//! | `|` | nothing: what stands on its far side from the word is looked at but not counted in |
//!
//! An atom may carry a repeat inside its braces or after its bracket: `{d+}`, `{s*}`, `{h?}`, `{any*}`, `[约]?`.
//! Repeats stop at [`REPEAT`] characters, so a match costs a bounded number of steps.

use schemars::JsonSchema;
use serde::Deserialize;
use smol_str::SmolStr;

use crate::document::chars::{is_blank, is_clause_mark, is_digit, is_han};

/// Longest run that a repeated atom takes.
const REPEAT: u8 = 24;

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "SmolStr")]
#[schemars(with = "String")]
pub struct Pattern {
    atoms: Vec<(Atom, u8, u8)>,
}

#[derive(Debug, Clone)]
enum Atom {
    Char(char),
    OneOf(SmolStr),
    Digit,
    Blank,
    Han,
    Number,
    Letter,
    ClauseMark,
    Any,
    Edge,
    Cut,
}

impl Atom {
    fn takes(&self, c: char) -> bool {
        match self {
            Atom::Char(own) => *own == c,
            Atom::OneOf(set) => set.contains(c),
            Atom::Digit => is_digit(c),
            Atom::Blank => is_blank(c),
            Atom::Han => is_han(c),
            Atom::Number => is_digit(c) || matches!(c, '.' | ',' | '．'),
            Atom::Letter => c.is_ascii_alphabetic(),
            Atom::ClauseMark => is_clause_mark(c),
            Atom::Any => c != '\n',
            Atom::Edge | Atom::Cut => false,
        }
    }
}

impl TryFrom<SmolStr> for Pattern {
    type Error = String;

    fn try_from(source: SmolStr) -> Result<Self, String> {
        let mut atoms: Vec<(Atom, u8, u8)> = Vec::new();
        let mut rest = source.as_str();
        while let Some(first) = rest.chars().next() {
            let close = match first {
                '{' => '}',
                '[' => ']',
                '|' => {
                    atoms.push((Atom::Cut, 0, 0));
                    rest = &rest[1..];
                    continue;
                }
                _ => {
                    atoms.push((Atom::Char(first), 1, 1));
                    rest = &rest[first.len_utf8()..];
                    continue;
                }
            };
            let end = rest.find(close).ok_or_else(|| format!("“{source}”缺“{close}”"))?;
            let mut inside = &rest[1..end];
            rest = &rest[end + 1..];
            let suffix = if first == '{' {
                let suffix = inside.chars().next_back().filter(|c| "+*?".contains(*c));
                inside = inside.trim_end_matches(['+', '*', '?']);
                suffix
            } else {
                let suffix = rest.chars().next().filter(|c| "+*?".contains(*c));
                rest = &rest[suffix.map_or(0, char::len_utf8)..];
                suffix
            };
            let atom = match (first, inside) {
                ('[', set) => Atom::OneOf(set.into()),
                (_, "d") => Atom::Digit,
                (_, "s") => Atom::Blank,
                (_, "h") => Atom::Han,
                (_, "n") => Atom::Number,
                (_, "w") => Atom::Letter,
                (_, "p") => Atom::ClauseMark,
                (_, "any") => Atom::Any,
                (_, "start" | "end") => Atom::Edge,
                _ => return Err(format!("“{source}”中没有“{inside}”这种成分")),
            };
            let (least, most) = match suffix {
                Some('+') => (1, REPEAT),
                Some('*') => (0, REPEAT),
                Some(_) => (0, 1),
                None => (1, 1),
            };
            atoms.push((atom, least, most));
        }
        Ok(Pattern { atoms })
    }
}

impl Pattern {
    /// Byte length of the match at the start of `text`, which runs to the end of its block.
    pub fn after(&self, text: &str) -> Option<usize> {
        self.matched(text, false)
    }

    /// Byte length of the match at the end of `text`, which begins with its block.
    pub fn before(&self, text: &str) -> Option<usize> {
        self.matched(text, true)
    }

    fn matched(&self, text: &str, backward: bool) -> Option<usize> {
        let mut cut = None;
        let rest = run(&self.atoms, text, backward, &mut cut)?;
        Some(text.len() - cut.unwrap_or(rest.len()))
    }
}

/// What is left of `text` when the atoms are taken from its front, or from its back; `cut` gets the length
/// of what was left at [`Atom::Cut`].
fn run<'t>(
    atoms: &[(Atom, u8, u8)],
    text: &'t str,
    backward: bool,
    cut: &mut Option<usize>,
) -> Option<&'t str> {
    let split = if backward { atoms.split_last() } else { atoms.split_first() };
    let Some(((atom, least, most), others)) = split else { return Some(text) };
    match atom {
        Atom::Edge if !text.is_empty() => return None,
        Atom::Cut => *cut = Some(text.len()),
        _ => {}
    }
    if let Atom::Edge | Atom::Cut = atom {
        return run(others, text, backward, cut);
    }
    let mut rest = text;
    for _ in 0..*least {
        rest = step(atom, rest, backward)?;
    }
    // The shortest run that lets the rest match.
    for _ in *least..*most {
        if let Some(left) = run(others, rest, backward, cut) {
            return Some(left);
        }
        rest = step(atom, rest, backward)?;
    }
    run(others, rest, backward, cut)
}

fn step<'t>(atom: &Atom, text: &'t str, backward: bool) -> Option<&'t str> {
    let c = if backward { text.chars().next_back() } else { text.chars().next() }?;
    if !atom.takes(c) {
        return None;
    }
    Some(if backward { &text[..text.len() - c.len_utf8()] } else { &text[c.len_utf8()..] })
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    fn pattern(source: &str) -> Pattern {
        Pattern::try_from(smol_str::SmolStr::new(source)).expect(source)
    }

    #[test]
    fn after_reads_forward_and_before_backward() {
        assert_eq!(pattern("{s*}%{p}").after("  %，占"), Some(6));
        assert_eq!(pattern("{s*}%{p}").after("3%，"), None);
        assert_eq!(pattern("[约近]{n+}{h?}").before("共约3,000人"), Some("约3,000人".len()));
        assert_eq!(pattern("[约近]{n+}{h?}").before("共3,000人"), None);
        assert_eq!(pattern("{s*}%|{p}").after(" %，占"), Some(2));
        assert_eq!(pattern("{d}|[约近]").before("3约"), Some(3));
        assert_eq!(pattern("{start}{s*}").before("  "), Some(2));
        assert_eq!(pattern("{end}").after("。"), None);
    }

    #[test]
    fn mistakes_are_told() {
        for source in ["{x}", "{d", "[约"] {
            assert!(Pattern::try_from(smol_str::SmolStr::new(source)).is_err(), "{source}");
        }
    }
}
