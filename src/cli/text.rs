//! `gouji text`: the document as read, which every line, column and span refers to.

use std::borrow::Cow;
use std::fmt::Write;
use std::io;
use std::path::PathBuf;

use anyhow::Result;

use super::{Shell, print, read_one};
use crate::document::Document;
use crate::emit;
use crate::options::Lang;

/// 显示读出的全文
#[derive(clap::Args)]
#[command(override_usage = "gouji text [选项] <文件>", help_template = super::usage::template!(
    "读出的文字：一段一行，表格一行一行、单元格之间用制表符隔开。\n各种输出里的行、列都是按它数的。"
))]
pub struct Args {
    /// 报告；“-”表示标准输入
    #[arg(value_name = "文件", help_heading = "参数")]
    path: PathBuf,
    /// 每行前面写上行号和它在文件中的位置
    #[arg(long, help_heading = "选项")]
    places: bool,
}

pub fn run(shell: Shell, args: &Args) -> Result<u8> {
    let document = read_one(&args.path, shell.lang())?;
    if args.places {
        return print(&placed(&document, shell.lang()));
    }
    let text = match io::IsTerminal::is_terminal(&io::stdout()) {
        true => emit::printable(&document.text),
        false => Cow::Borrowed(document.text.as_str()),
    };
    print(&text)
}

fn placed(document: &Document, lang: Lang) -> String {
    let mut out = String::with_capacity(document.text.len() * 5 / 4);
    let mut start = 0u32;
    for (number, line) in document.text.split_terminator('\n').enumerate() {
        let place = emit::place(document, start, lang).unwrap_or_default();
        let _ = writeln!(out, "{}\t{place}\t{}", number + 1, emit::printable(line));
        start += line.len() as u32 + 1;
    }
    out
}
