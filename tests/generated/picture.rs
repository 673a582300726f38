//! Terminal output with its colours, as SVG. Every stretch of narrow and of wide characters is placed by
//! itself, so that Chinese and Latin stay aligned whatever fonts the viewer has.

use std::fmt::Write;

use unicode_width::UnicodeWidthChar;

const COLUMN: usize = 8;
const LINE: usize = 19;
const MARGIN: usize = 16;
const HEAD: usize = 34;

/// `output` as printed after `$ command`.
pub fn svg(command: &str, output: &str) -> String {
    let lines: Vec<&str> = output.lines().map(str::trim_end).collect();
    let columns = lines.iter().map(|line| width(line)).max().unwrap_or_default().max(80);
    let (wide, high) = (columns * COLUMN + 2 * MARGIN, (lines.len() + 1) * LINE + HEAD + MARGIN);
    let mut out = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" font-family="'Sarasa Mono SC','Noto Sans Mono CJK SC','Cascadia Mono',Menlo,Consolas,monospace" font-size="14" xml:space="preserve">
<rect width="{wide}" height="{high}" rx="8" fill="#1e2127"/>
<circle cx="18" cy="17" r="5" fill="#e06c75"/><circle cx="36" cy="17" r="5" fill="#e5c07b"/><circle cx="54" cy="17" r="5" fill="#98c379"/>
"##
    );
    let prompt = format!("\x1b[32m$\x1b[0m {command}");
    for (row, line) in std::iter::once(prompt.as_str()).chain(lines).enumerate() {
        text(line, HEAD + (row + 1) * LINE - 5, &mut out);
    }
    out.push_str("</svg>\n");
    out
}

/// One line: a `text` element for every stretch of one style and width.
fn text(line: &str, y: usize, out: &mut String) {
    let (mut column, mut style) = (0, Style::default());
    for part in runs(line) {
        let (codes, shown) = part;
        codes.iter().for_each(|code| style.apply(*code));
        let fill = style.fill;
        let weight = if style.bold { " font-weight=\"bold\"" } else { "" };
        for (letters, each) in pieces(shown) {
            let (x, length) = (MARGIN + column * COLUMN, letters.chars().count() * each * COLUMN);
            column += letters.chars().count() * each;
            if !letters.starts_with(' ') {
                let letters = letters.replace('&', "&amp;").replace('<', "&lt;");
                let _ = writeln!(
                    out,
                    r#"<text y="{y}" x="{x}" textLength="{length}" fill="{fill}"{weight}>{letters}</text>"#
                );
            }
        }
    }
}

/// Stretches of blanks, of narrow and of wide characters, with the columns each character takes.
fn pieces(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let kind = |c: char| (c == ' ', c.width().unwrap_or_default());
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = kind(rest.chars().next()?);
        let end = rest.find(|c| kind(c) != first).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some((piece, first.1))
    })
}

/// Style codes, and the text up to the next ones.
fn runs(line: &str) -> Vec<(Vec<u8>, &str)> {
    let mut parts = line.split("\x1b[");
    let mut runs = vec![(Vec::new(), parts.next().unwrap_or_default())];
    for part in parts {
        let (codes, shown) = part.split_once('m').expect("only styles are written");
        runs.push((codes.split(';').filter_map(|code| code.parse().ok()).collect(), shown));
    }
    runs
}

struct Style {
    fill: &'static str,
    bold: bool,
}

impl Default for Style {
    fn default() -> Self {
        Style { fill: "#d7dae0", bold: false }
    }
}

impl Style {
    fn apply(&mut self, code: u8) {
        match code {
            1 => self.bold = true,
            31 => self.fill = "#ff7b86",
            32 => self.fill = "#98c379",
            33 => self.fill = "#e5c07b",
            36 => self.fill = "#56b6c2",
            _ => *self = Style::default(),
        }
    }
}

fn width(line: &str) -> usize {
    runs(line).iter().flat_map(|(_, shown)| shown.chars()).map(|c| c.width().unwrap_or_default()).sum()
}
