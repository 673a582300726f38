//! A table exported as comma-separated values: the only text format told by its name, for any text has commas.
//!
//! Takes the decoded text; gives the rows of a sheet.

use csv::ReaderBuilder;

use super::ReadError;
use super::sheet::{self, Row};
use crate::document::{Document, Format};

pub fn is_csv(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("csv"))
}

pub fn read(name: &str, text: &str) -> Result<Document, ReadError> {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let rows = reader.records().zip(0..).map(|(record, number)| {
        // The text is UTF-8 and rows may be of any length, so there is nothing to fail on.
        let record = record.unwrap_or_default();
        let cells = record.iter().zip(0..).filter(|(cell, _)| !cell.trim().is_empty());
        Row { number, cells: cells.map(|(cell, column)| (column, cell.to_owned())).collect() }
    });
    let rows: Vec<Row> = rows.filter(|row| !row.cells.is_empty()).collect();
    let stem = std::path::Path::new(name).file_stem().unwrap_or_default().to_string_lossy();
    sheet::one(name, &stem, Format::Csv, &rows)
}
