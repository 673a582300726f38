//! Rows as Parquet, for DuckDB, pandas and Spark, in row groups of bounded size.
//!
//! Figures are DECIMAL(38, 10). One that has more digits is null there and never rounded; the column `text` has every
//! figure as printed.

use std::io::Write;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{ByteArray, FixedLenByteArray};
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use rust_decimal::Decimal;

use super::{Head, Row, role};

/// Digits after the point of every figure.
const SCALE: u32 = 10;

/// Rows held before they are written.
const GROUP: usize = 20_000;

const SCHEMA: &str = "message figures {
    REQUIRED BYTE_ARRAY file (STRING);
    OPTIONAL BYTE_ARRAY entity (STRING);
    OPTIONAL INT32 year;
    OPTIONAL BYTE_ARRAY profile (STRING);
    OPTIONAL BYTE_ARRAY section (STRING);
    OPTIONAL BYTE_ARRAY measure (STRING);
    OPTIONAL BYTE_ARRAY label (STRING);
    OPTIONAL BYTE_ARRAY scope (STRING);
    OPTIONAL BYTE_ARRAY fund (STRING);
    OPTIONAL BYTE_ARRAY basis (STRING);
    OPTIONAL INT32 period;
    OPTIONAL BYTE_ARRAY role (STRING);
    OPTIONAL BYTE_ARRAY text (STRING);
    OPTIONAL FIXED_LEN_BYTE_ARRAY(16) value (DECIMAL(38,10));
    OPTIONAL BYTE_ARRAY unit (STRING);
    OPTIONAL FIXED_LEN_BYTE_ARRAY(16) low (DECIMAL(38,10));
    OPTIONAL FIXED_LEN_BYTE_ARRAY(16) high (DECIMAL(38,10));
    OPTIONAL FIXED_LEN_BYTE_ARRAY(16) amount (DECIMAL(38,10));
    OPTIONAL BYTE_ARRAY amount_unit (STRING);
    OPTIONAL FIXED_LEN_BYTE_ARRAY(16) amount_low (DECIMAL(38,10));
    OPTIONAL FIXED_LEN_BYTE_ARRAY(16) amount_high (DECIMAL(38,10));
    OPTIONAL BYTE_ARRAY modifier (STRING);
    OPTIONAL BYTE_ARRAY source (STRING);
    OPTIONAL INT32 line;
    OPTIONAL INT32 column;
    OPTIONAL BYTE_ARRAY place (STRING);
    OPTIONAL INT32 relations;
    OPTIONAL BYTE_ARRAY error (STRING);
}";

/// The cells of some rows, column by column; of another file they are made in another thread.
#[derive(Debug, Default)]
pub struct Batch {
    rows: usize,
    /// In the order of the schema.
    columns: Vec<Column>,
}

#[derive(Debug)]
enum Column {
    Text(Vec<Option<ByteArray>>),
    Whole(Vec<Option<i32>>),
    Figure(Vec<Option<FixedLenByteArray>>),
}

impl Batch {
    /// The rows of one file; a file that could not be read is a row with nothing but its reason.
    pub fn of(head: &Head, rows: &[Row]) -> Batch {
        let of_rows: Vec<Option<&Row>> = match &head.error {
            Some(_) => vec![None],
            None => rows.iter().map(Some).collect(),
        };
        let all = of_rows.as_slice();
        let same = |value: Option<&str>| {
            let value = value.map(ByteArray::from);
            Column::Text(all.iter().map(|_| value.clone()).collect())
        };
        let text = |of: fn(&Row) -> Option<String>| {
            let cell = |row: &Option<&Row>| row.and_then(of).map(|cell| ByteArray::from(cell.into_bytes()));
            Column::Text(all.iter().map(cell).collect())
        };
        let whole =
            |of: fn(&Row) -> Option<i32>| Column::Whole(all.iter().map(|row| row.and_then(of)).collect());
        let figure = |of: fn(&Row) -> Decimal| {
            Column::Figure(all.iter().map(|row| row.and_then(|row| unscaled(of(row)))).collect())
        };
        let owned = |text: &str| Some(text.to_owned());
        let year = head.year.map(i32::from);
        let columns = vec![
            same(Some(&head.file)),
            same(head.entity.as_deref()),
            Column::Whole(vec![year; all.len()]),
            same(head.profile.as_deref()),
            text(|row| row.section.map(str::to_owned)),
            text(|row| row.measure.map(str::to_owned)),
            text(|row| Some(row.label.to_owned())),
            text(|row| row.scope.map(str::to_owned)),
            text(|row| row.fund.map(str::to_owned)),
            text(|row| row.basis.map(str::to_owned)),
            whole(|row| row.period.map(i32::from)),
            text(|row| Some(role(row.role).to_owned())),
            text(|row| Some(row.text.to_owned())),
            figure(|row| row.value),
            text(|row| Some(row.unit.to_owned())),
            figure(|row| row.low),
            figure(|row| row.high),
            figure(|row| row.amount),
            text(|row| Some(row.amount_unit.to_string())),
            figure(|row| row.amount_low),
            figure(|row| row.amount_high),
            text(|row| Some(row.modifier.to_owned())),
            text(|row| Some(row.source.to_owned())),
            whole(|row| i32::try_from(row.line).ok()),
            whole(|row| i32::try_from(row.column).ok()),
            text(|row| row.place.clone()),
            whole(|row| i32::try_from(row.relations).ok()),
            Column::Text(vec![
                head.error
                    .as_deref()
                    .and_then(owned)
                    .map(|text| ByteArray::from(text.into_bytes()));
                all.len()
            ]),
        ];
        Batch { rows: all.len(), columns }
    }

    fn append(&mut self, other: Batch) {
        if self.columns.is_empty() {
            *self = other;
            return;
        }
        self.rows += other.rows;
        for pair in self.columns.iter_mut().zip(other.columns) {
            match pair {
                (Column::Text(own), Column::Text(more)) => own.extend(more),
                (Column::Whole(own), Column::Whole(more)) => own.extend(more),
                (Column::Figure(own), Column::Figure(more)) => own.extend(more),
                _ => {}
            }
        }
    }
}

/// `value` times ten to the [`SCALE`], big end first; `None` where that is no whole number.
fn unscaled(value: Decimal) -> Option<FixedLenByteArray> {
    let value = value.normalize();
    let up = 10i128.checked_pow(SCALE.checked_sub(value.scale())?)?;
    let whole = value.mantissa().checked_mul(up).filter(|whole| whole.unsigned_abs() < 10u128.pow(38))?;
    Some(FixedLenByteArray::from(whole.to_be_bytes().to_vec()))
}

/// Writes batches in the order they are given.
pub struct Writer<W: Write + Send> {
    file: SerializedFileWriter<W>,
    waiting: Batch,
}

impl<W: Write + Send> Writer<W> {
    pub fn new(out: W) -> Result<Self> {
        let schema = Arc::new(parse_message_type(SCHEMA)?);
        let properties = WriterProperties::builder()
            .set_compression(Compression::UNCOMPRESSED)
            .set_created_by(format!("gouji {}", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Writer {
            file: SerializedFileWriter::new(out, schema, Arc::new(properties))?,
            waiting: Batch::default(),
        })
    }

    pub fn push(&mut self, batch: Batch) -> Result<()> {
        self.waiting.append(batch);
        if self.waiting.rows >= GROUP { self.group() } else { Ok(()) }
    }

    pub fn finish(mut self) -> Result<()> {
        if self.waiting.rows > 0 {
            self.group()?;
        }
        self.file.close()?;
        Ok(())
    }

    fn group(&mut self) -> Result<()> {
        let batch = std::mem::take(&mut self.waiting);
        let mut group = self.file.next_row_group()?;
        for (place, column) in batch.columns.into_iter().enumerate() {
            let Some(mut writer) = group.next_column()? else { break };
            // The name of the file is there in every row; all else may be absent.
            let optional = place > 0;
            match (writer.untyped(), column) {
                (ColumnWriter::ByteArrayColumnWriter(writer), Column::Text(cells)) => {
                    let (levels, values) = parted(cells);
                    writer.write_batch(&values, optional.then_some(&levels), None)?;
                }
                (ColumnWriter::Int32ColumnWriter(writer), Column::Whole(cells)) => {
                    let (levels, values) = parted(cells);
                    writer.write_batch(&values, Some(&levels), None)?;
                }
                (ColumnWriter::FixedLenByteArrayColumnWriter(writer), Column::Figure(cells)) => {
                    let (levels, values) = parted(cells);
                    writer.write_batch(&values, Some(&levels), None)?;
                }
                _ => return Err(ParquetError::General("a column of another type".to_owned())),
            }
            writer.close()?;
        }
        group.close()?;
        Ok(())
    }
}

/// Which cells are there, and those that are.
fn parted<T>(cells: Vec<Option<T>>) -> (Vec<i16>, Vec<T>) {
    let levels = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
    (levels, cells.into_iter().flatten().collect())
}
