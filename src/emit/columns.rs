//! Tables for the terminal: columns aligned under full-width characters.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns parted by two blanks, as wide as their widest cell; the last one is not filled up.
pub fn aligned<const N: usize>(rows: Vec<[String; N]>) -> String {
    let mut widths = [0; N];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let mut out = String::new();
    for row in &rows {
        let mut line = String::new();
        for (width, cell) in widths.iter().zip(row) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width - cell.width() + 2));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// At most `columns` columns of `text`, on one line.
pub fn short(text: &str, columns: usize) -> String {
    if text.width() <= columns && !text.contains('\n') {
        return text.to_owned();
    }
    let mut used = 0;
    let fits = |c: &char| {
        used += c.width().unwrap_or_default();
        used < columns
    };
    let mut cut: String = text.chars().map(|c| if c == '\n' { ' ' } else { c }).take_while(fits).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}

/// A cell of a CSV file, in quotes where it needs them. A text that a spreadsheet would run as a formula
/// is kept text.
pub fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula || cell.contains(['"', ',', '\n', '\r']) {
        format!("\"{}{}\"", if formula { "'" } else { "" }, cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_under_full_width_characters() {
        let rows = vec![["名称".to_owned(), "b".to_owned()], ["a".to_owned(), "值".to_owned()]];
        assert_eq!(aligned(rows), "名称  b\na     值\n");
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(short("一二三四", 8), "一二三四");
        assert_eq!(short("一二三四五", 8), "一二三…");
    }

    #[test]
    fn cells_that_would_break_a_row_are_quoted() {
        assert_eq!(quoted("基本支出"), "基本支出");
        assert_eq!(quoted("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(quoted("=1+1"), "\"'=1+1\"");
    }
}
