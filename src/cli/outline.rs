//! `gouji outline`: the recovered heading tree, and what its recovery had to forgive.

use std::fmt::Write;
use std::path::PathBuf;

use anyhow::Result;

use super::{Shell, print, read_one};
use crate::document::{Document, LineIndex};
use crate::options::Lang;
use crate::outline::{self, Forgiven, ForgivenKind, Node, NodeKind, Outline};

/// 显示报告的章节结构
#[derive(clap::Args)]
#[command(override_usage = "gouji outline <文件>", help_template = super::usage::template!(
    "按最合理的读法还原标题层次，并注明编号上有哪些毛病（←）。"
))]
pub struct Args {
    /// 报告；“-”表示标准输入
    #[arg(value_name = "文件", help_heading = "参数")]
    path: PathBuf,
}

pub fn run(shell: Shell, args: &Args) -> Result<u8> {
    let document = read_one(&args.path, shell.lang())?;
    let tree = outline::recover(&document);
    print(&render(&document, &tree, shell.lang()))
}

fn render(document: &Document, tree: &Outline, lang: Lang) -> String {
    let lines = LineIndex::new(&document.text);
    let line_of = |offset: u32| lines.position(&document.text, offset as usize).line;
    let width = lines.lines().to_string().len();
    let mut out = String::new();
    if let Some(title) = tree.title {
        let _ = writeln!(out, "{:>width$}  {}", line_of(title.start), document.slice(title));
    }
    let mut forgiven: Vec<&Forgiven> = tree.forgiven.iter().collect();
    forgiven.sort_by_key(|one| one.node);
    for (place, node) in tree.nodes.iter().enumerate() {
        let indent = "  ".repeat(usize::from(node.level.saturating_sub(1)));
        let _ = write!(out, "{:>width$}  {indent}{}", line_of(node.start()), heading(document, node));
        let kind = match node.kind {
            NodeKind::Heading => "",
            NodeKind::RunIn => lang.of("（段首标题）", " (run-in)"),
            NodeKind::Label => lang.of("（无编号）", " (label)"),
            NodeKind::Item => lang.of("（列项）", " (item)"),
        };
        out.push_str(kind);
        let own = forgiven.partition_point(|one| (one.node.0 as usize) < place);
        for one in forgiven[own..].iter().take_while(|one| one.node.0 as usize == place) {
            let _ = write!(out, "  ← {}", fault(one, lang));
        }
        out.push('\n');
    }
    if tree.nodes.is_empty() {
        out.push_str(lang.of("没有找到标题\n", "no headings found\n"));
    }
    out
}

/// Marker as typed and the beginning of the title.
fn heading(document: &Document, node: &Node) -> String {
    const LONGEST: usize = 40;
    let marker = node.marker.map_or("", |marker| document.slice(marker.span));
    let title = document.slice(node.title);
    let mut shown: String = title.chars().take(LONGEST).map(|c| if c == '\n' { ' ' } else { c }).collect();
    if title.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    format!("{marker}{shown}")
}

fn fault(forgiven: &Forgiven, lang: Lang) -> String {
    let name = match forgiven.kind {
        ForgivenKind::Gap => lang.of("跳号", "gap"),
        ForgivenKind::Repeat => lang.of("重号", "repeated"),
        ForgivenKind::Script => lang.of("编号形式变了", "other script or bracket"),
        ForgivenKind::Punctuation => lang.of("编号后标点不对", "punctuation"),
        ForgivenKind::LoneChild => lang.of("只有一项", "lone item"),
        ForgivenKind::LevelOrder => lang.of("层次顺序不对", "level order"),
        ForgivenKind::Width => lang.of("全角半角混用", "mixed widths"),
        ForgivenKind::Unnumbered => lang.of("缺编号", "number missing"),
    };
    match &forgiven.expected {
        Some(expected) => {
            format!("{name}{}", lang.of(format!("，应为“{expected}”"), format!(", expected {expected}")))
        }
        None => name.to_owned(),
    }
}
