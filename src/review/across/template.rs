//! The table that `--ledger` reads, empty: one row as an example, and a sheet that explains the columns.

use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, XlsxError};

/// Head, example, what the column holds.
const COLUMNS: [(&str, &str, &str, f64); 5] = [
    ("单位", "（示例）云州县文学协会", "单位的全称，和报告标题中的写法相同", 30.0),
    (
        "项目",
        "支出合计",
        "数字的名称，如支出合计、基本支出、项目支出、“三公”经费、公务接待费、年末结转和结余；报告中常见的叫法都认得",
        22.0,
    ),
    ("口径", "决算", "年初预算、调整预算、决算等；名称本身已经说明口径的（如支出合计）可以不填", 14.0),
    ("年度", "2023", "数字所属的年度，四位数字", 10.0),
    (
        "金额（万元）",
        "140.43",
        "批复的数字。单位写在表头的括号里（万元、元、人、%），也可以写在数字后面（140.43万元、8人）",
        18.0,
    ),
];

/// What a user should know beside the columns.
const NOTES: [&str; 6] = [
    "用法：gouji review 报送材料文件夹 --out 结果文件夹 --ledger 本表.xlsx",
    "第一张表逐行填写，一行一个数字；示例那一行可以删掉，留着也不影响。",
    "表头的写法可以变：单位名称、科目、年份、批复数等都认得；列的次序不限，另有别的列也不要紧。",
    "不同计量单位的数字可以另起一张工作表，或者加一列“计量单位”。",
    "报告中的数字按写出来的位数比较：台账 140.43 万元，报告写 140.4 万元，算相符。",
    "也可以用 CSV 文件，列相同；UTF-8 和 GBK 编码都可以。认不出的行会连同行号和原因一起列出。",
];

/// The bytes of the workbook.
pub fn template() -> Result<Vec<u8>, XlsxError> {
    let head =
        Format::new().set_bold().set_background_color(Color::RGB(0x00DD_EBF7)).set_align(FormatAlign::Center);
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("台账")?;
    for (column, (name, example, _, width)) in (0u16..).zip(COLUMNS) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(0, column, name, &head)?;
        match example.parse::<f64>() {
            // Numbers as a clerk would type them; they are shown as they stand.
            Ok(number) => sheet.write_number(1, column, number)?,
            Err(_) => sheet.write_string(1, column, example)?,
        };
    }
    sheet.set_freeze_panes(1, 0)?;
    let sheet = book.add_worksheet().set_name("说明")?;
    sheet.set_column_width(0, 16)?;
    sheet.set_column_width(1, 90)?;
    for (row, (name, _, meaning, _)) in (0u32..).zip(COLUMNS) {
        sheet.write_string_with_format(row, 0, name, &head)?;
        sheet.write_string_with_format(row, 1, meaning, &wrapped)?;
    }
    for (row, note) in (COLUMNS.len() as u32 + 1..).zip(NOTES) {
        sheet.write_string_with_format(row, 1, note, &wrapped)?;
    }
    book.save_to_buffer()
}
