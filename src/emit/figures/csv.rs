//! Rows as CSV: RFC 4180 with a byte order mark, without which Excel takes Chinese for the old encoding.

use super::super::columns::quoted;
use super::{Head, Row, role};

const COLUMNS: &str = "file,entity,year,profile,section,measure,label,scope,fund,basis,period,role,text,value,unit,low,high,\
amount,amount_unit,amount_low,amount_high,modifier,source,line,column,place,relations,error";

pub fn open() -> String {
    format!("\u{feff}{COLUMNS}\r\n")
}

/// The rows of one file; a file that could not be read is a row with nothing but its reason.
pub fn file(head: &Head, rows: &[Row]) -> String {
    let text = |cell: &Option<String>| quoted(cell.as_deref().unwrap_or_default());
    let year = |year: Option<u16>| year.map(|year| year.to_string()).unwrap_or_default();
    let lead = [quoted(&head.file), text(&head.entity), year(head.year), text(&head.profile)].join(",");
    if head.error.is_some() {
        let blanks = COLUMNS.split(',').count() - 4;
        return format!("{lead}{}{}\r\n", ",".repeat(blanks), text(&head.error));
    }
    let mut out = String::new();
    for row in rows {
        let cells = [
            quoted(row.section.unwrap_or_default()),
            quoted(row.measure.unwrap_or_default()),
            quoted(row.label),
            quoted(row.scope.unwrap_or_default()),
            quoted(row.fund.unwrap_or_default()),
            quoted(row.basis.unwrap_or_default()),
            year(row.period),
            role(row.role).to_owned(),
            quoted(row.text),
            row.value.to_string(),
            quoted(row.unit),
            row.low.to_string(),
            row.high.to_string(),
            row.amount.to_string(),
            quoted(&row.amount_unit),
            row.amount_low.to_string(),
            row.amount_high.to_string(),
            row.modifier.to_owned(),
            row.source.to_owned(),
            row.line.to_string(),
            row.column.to_string(),
            quoted(row.place.as_deref().unwrap_or_default()),
            row.relations.to_string(),
            String::new(),
        ];
        out.push_str(&lead);
        for cell in &cells {
            out.push(',');
            out.push_str(cell);
        }
        out.push_str("\r\n");
    }
    out
}
