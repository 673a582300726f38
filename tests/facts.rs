//! `gouji facts` over many files: one row a figure, the same bytes on any number of threads, no file skipped, and no
//! figure rounded on its way into a column.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const REPORT: &str = "云州县文学协会2023年度部门整体支出绩效自评报告\n一、支出情况\n\
    2023年支出合计140.43万元，其中：基本支出118.43万元、项目支出22万元。约12人参加，惠及1.5亿元以上。\n";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("temporary folder");
    for place in 0..40 {
        let text = REPORT.repeat(1 + place % 3);
        fs::write(folder.path().join(format!("{place:02}.txt")), text).expect("writable");
    }
    fs::write(folder.path().join("20.txt"), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").expect("writable");
    folder
}

fn gouji(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gouji"));
    command.arg("facts").args(args).current_dir(folder).output().expect("the binary runs")
}

/// The cells of a CSV file without quoted line ends.
fn cells(line: &str) -> Vec<&str> {
    line.split(',').collect()
}

#[test]
fn csv_has_a_row_for_each_figure_and_each_file_that_cannot_be_read() {
    let folder = folder();
    let runs = ["1", "2", "3"].map(|threads| {
        let output = gouji(folder.path(), &[".", "--format", "csv", "--threads", threads]);
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stdout).expect("UTF-8")
    });
    assert!(runs[0] == runs[1] && runs[1] == runs[2]);
    let mut lines = runs[0].trim_start_matches('\u{feff}').split_terminator("\r\n");
    let head = cells(lines.next().expect("a head"));
    let column = |name: &str| head.iter().position(|cell| *cell == name).expect("a column");
    let rows: Vec<Vec<&str>> = lines.map(cells).collect();
    assert!(rows.iter().all(|row| row.len() == head.len()));
    let errors: Vec<_> = rows.iter().filter(|row| !row[column("error")].is_empty()).collect();
    assert_eq!((errors.len(), errors[0][0]), (1, "20.txt"));
    let row = rows.iter().find(|row| row[column("text")] == "118.43万元").expect("there");
    let of = |name: &str| row[column(name)];
    assert_eq!((of("file"), of("entity"), of("year")), ("00.txt", "云州县文学协会", "2023"));
    assert_eq!((of("measure"), of("value"), of("unit")), ("基本支出", "118.43", "万元"));
    assert_eq!((of("amount"), of("amount_unit")), ("1184300", "元"));
    assert_eq!((of("amount_low"), of("amount_high"), of("relations")), ("1184250", "1184350", "1"));
    let mut files: Vec<&str> = rows.iter().map(|row| row[0]).collect();
    assert!(files.is_sorted());
    files.dedup();
    assert_eq!(files.len(), 40);
}

#[test]
fn json_is_one_object_for_a_file_and_a_list_for_more() {
    let folder = folder();
    let one: Value =
        serde_json::from_slice(&gouji(folder.path(), &["00.txt", "--format", "json"]).stdout).expect("JSON");
    assert_eq!(one["entity"], "云州县文学协会");
    assert!(one["facts"].as_array().is_some_and(|facts| facts.len() >= 3));
    let all: Value =
        serde_json::from_slice(&gouji(folder.path(), &[".", "--format", "json"]).stdout).expect("JSON");
    let all = all.as_array().expect("a list");
    assert_eq!((all.len(), &all[0]["facts"]), (40, &one["facts"]));
    assert!(all[20]["error"].is_string());
}

#[test]
fn one_file_that_cannot_be_read_is_an_error() {
    let folder = folder();
    let output = gouji(folder.path(), &["20.txt"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("20.txt"));
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_holds_what_csv_holds() {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;

    let folder = folder();
    for threads in ["1", "3"] {
        let name = format!("{threads}.parquet");
        let output = gouji(folder.path(), &[".", "--format", "parquet", "-o", &name, "--threads", threads]);
        assert_eq!((output.status.code(), output.stderr.len()), (Some(2), 0));
    }
    let bytes = |name: &str| fs::read(folder.path().join(name)).expect("written");
    assert!(bytes("1.parquet") == bytes("3.parquet"));
    let csv = gouji(folder.path(), &[".", "--format", "csv"]).stdout;
    let csv = String::from_utf8(csv).expect("UTF-8");
    let mut lines = csv.trim_start_matches('\u{feff}').split_terminator("\r\n");
    let head = cells(lines.next().expect("a head"));
    let file = fs::File::open(folder.path().join("1.parquet")).expect("written");
    let reader = SerializedFileReader::new(file).expect("Parquet");
    let mut rows = 0;
    for (row, line) in reader.get_row_iter(None).expect("rows").zip(lines.by_ref()) {
        let row = row.expect("a row");
        for ((name, field), cell) in row.get_column_iter().zip(cells(line)) {
            assert_eq!(
                name,
                head[row.get_column_iter().position(|(other, _)| other == name).expect("there")]
            );
            let same = match field {
                Field::Null => cell.is_empty(),
                Field::Str(text) => text == cell,
                Field::Int(number) => number.to_string() == cell,
                Field::Decimal(_) => {
                    let text = field.to_string();
                    let [read, said] = [text.as_str(), cell]
                        .map(|text| text.parse::<rust_decimal::Decimal>().expect("a figure"));
                    read == said
                }
                _ => false,
            };
            assert!(same, "{name}: {field} is not {cell}");
        }
        rows += 1;
    }
    assert!(rows > 100 && lines.next().is_none());
}
