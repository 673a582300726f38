//! How the figures tie together: what fails is drawn whole, the broken tie in red; what holds is one line each.
//!
//! Takes the checks of a record; gives SVG. A total stands left of its parts. Checks that fail and share a figure are
//! one picture, with the checks that hold and share a figure with them, for they tell which figure is wrong.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{brief, class};
use crate::emit::check_kind;
use crate::options::Lang;
use crate::reconcile::State;
use crate::review::html::{escape, escaped};
use crate::review::record::role;
use crate::review::{Check, FactRow, Place, Record, Tie};

/// Pictures of one report, and figures in one.
const PICTURES: usize = 60;
const FIGURES: usize = 48;
/// Checks that hold, listed.
const LISTED: usize = 400;
/// Columns of figures.
const DEPTH: usize = 6;

const WIDTH: usize = 184;
const HEIGHT: usize = 44;
const ACROSS: usize = 264;
const DOWN: usize = 58;
const MARGIN: usize = 8;

pub fn render(out: &mut String, record: &Record, lang: Lang) {
    let checks = &record.checked.ledger.checks;
    let name = lang.of("勾稽图", "How the figures tie");
    let _ = writeln!(out, "<section id=\"drawing\" class=\"block\"><h2>{name}</h2>");
    let groups = groups(checks);
    if groups.is_empty() {
        let nothing = lang.of("没有对不上的数字。", "No figures that fail to tie.");
        let _ = writeln!(out, "<p class=\"none\">{nothing}</p>");
    }
    for group in groups.iter().take(PICTURES) {
        picture(out, record, group, lang);
    }
    if groups.len() > PICTURES {
        let rest = groups.len() - PICTURES;
        let more = lang.of(format!("另有 {rest} 处见核对台账。"), format!("{rest} more are in the ledger."));
        let _ = writeln!(out, "<p class=\"quiet\">{more}</p>");
    }
    holding(out, record, lang);
    out.push_str("</section>\n");
}

type Figure = (u32, u32);

fn figures(check: &Check) -> impl Iterator<Item = Figure> + '_ {
    check.spans.iter().map(|span| (span.start, span.end))
}

/// Places of the checks of each picture: those that fail, then those that hold beside them.
fn groups(checks: &[Check]) -> Vec<Vec<usize>> {
    // Each failing check joins the group of a figure that it shares.
    let mut group_of: BTreeMap<Figure, usize> = BTreeMap::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (place, check) in checks.iter().enumerate().filter(|(_, check)| check.state == State::Fails) {
        let found = figures(check).find_map(|figure| group_of.get(&figure).copied());
        let group = found.filter(|&group| size(checks, &groups[group]) < FIGURES).unwrap_or(groups.len());
        if group == groups.len() {
            groups.push(Vec::new());
        }
        groups[group].push(place);
        figures(check).for_each(|figure| {
            group_of.entry(figure).or_insert(group);
        });
    }
    let witnesses = checks.iter().enumerate().filter(|(_, check)| {
        matches!(check.state, State::Holds | State::WithinRounding) && !check.spans.is_empty()
    });
    for (place, check) in witnesses {
        let beside = figures(check).find_map(|figure| group_of.get(&figure).copied());
        if let Some(group) = beside
            && size(checks, &groups[group]) + check.spans.len() <= FIGURES
        {
            groups[group].push(place);
        }
    }
    groups
}

fn size(checks: &[Check], group: &[usize]) -> usize {
    group.iter().map(|&place| checks[place].spans.len()).sum()
}

/// A figure in a picture.
#[derive(Default)]
struct Node {
    /// No figure: a tie passes here on its way to a column further right.
    ghost: bool,
    place: Place,
    name: String,
    text: String,
    column: usize,
    x: usize,
    y: usize,
    /// The finding that stands on it.
    finding: Option<usize>,
}

/// A check in a picture: from one node to others.
struct Bond<'a> {
    check: &'a Check,
    from: usize,
    /// For each part, the nodes on the way to it, itself the last.
    to: Vec<Vec<usize>>,
    equal: bool,
}

fn picture(out: &mut String, record: &Record, group: &[usize], lang: Lang) {
    let (mut nodes, mut bonds) = gather(record, group, lang);
    let (width, height) = arrange(&mut nodes, &mut bonds);
    out.push_str("<figure class=\"ties\"><div class=\"wide\">");
    let label = lang.of("这几个数字之间的关系", "the relations between these figures");
    let _ = writeln!(
        out,
        "<svg role=\"img\" aria-label=\"{label}\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">"
    );
    // What fails is drawn last, above the others.
    for fails in [false, true] {
        for (place, bond) in
            bonds.iter().enumerate().filter(|(_, bond)| (bond.check.state == State::Fails) == fails)
        {
            draw(out, &nodes, &bonds, place, bond);
        }
    }
    for node in nodes.iter().filter(|node| !node.ghost) {
        boxed(out, record, node, lang);
    }
    out.push_str("</svg></div>\n<figcaption><ul>");
    for bond in &bonds {
        let _ = write!(
            out,
            "<li class=\"{}\"><b>{}</b> ",
            state(bond.check.state),
            escaped(check_kind(&bond.check.kind, lang))
        );
        let told = if bond.check.state == State::Fails { &bond.check.trace } else { &bond.check.expression };
        escape(out, if told.is_empty() { &bond.check.expression } else { told });
        out.push_str("</li>");
    }
    out.push_str("</ul></figcaption></figure>\n");
}

fn gather<'a>(record: &'a Record, group: &[usize], lang: Lang) -> (Vec<Node>, Vec<Bond<'a>>) {
    let mut nodes: Vec<Node> = Vec::new();
    let mut known: BTreeMap<Figure, usize> = BTreeMap::new();
    let mut bonds = Vec::new();
    let none = Tie::default();
    for &place in group {
        let check = &record.checked.ledger.checks[place];
        let tie = record.leaf.ties.get(place).unwrap_or(&none);
        let mut ends: Vec<usize> = Vec::new();
        for &span in check.spans.iter().take(FIGURES) {
            let figure = (span.start, span.end);
            let node = *known.entry(figure).or_insert_with(|| {
                nodes.push(node(record, span, lang));
                nodes.len() - 1
            });
            if !ends.contains(&node) {
                ends.push(node);
            }
        }
        if let Some((&from, to)) = ends.split_first() {
            bonds.push(Bond {
                check,
                from,
                to: to.iter().map(|&part| vec![part]).collect(),
                equal: tie.result.is_none(),
            });
        }
    }
    (nodes, bonds)
}

fn node(record: &Record, span: Place, lang: Lang) -> Node {
    let facts = &record.leaf.facts;
    let at = facts.partition_point(|fact| fact.span.start < span.start);
    let fact = facts[at..].iter().find(|fact| fact.span.start == span.start && fact.span.end == span.end);
    let named = |fact: &FactRow| match (&fact.measure, fact.label.as_str()) {
        (Some(measure), _) => measure.clone(),
        (None, "") => role(fact, lang).to_owned(),
        (None, label) => label.to_owned(),
    };
    let name = fact.map(named).unwrap_or_default();
    let year = fact.and_then(|fact| fact.period).filter(|year| Some(*year) != record.report.year);
    let text = record.leaf.text.get(span.start as usize..span.end as usize).unwrap_or_default();
    let on = |other: &Place| other.start < span.end && span.start < other.end;
    Node {
        place: span,
        name: match year {
            Some(year) => format!("{year} {name}"),
            None => name,
        },
        text: text.to_owned(),
        finding: record.checked.diagnostics.iter().position(|found| on(&found.span)),
        ..Node::default()
    }
}

/// Gives every node its place; width and height of the picture.
fn arrange(nodes: &mut Vec<Node>, bonds: &mut [Bond]) -> (usize, usize) {
    // Parts stand right of what they make up. Relations may run in circles: a column is only so far right.
    for _ in 0..DEPTH {
        for bond in bonds.iter() {
            let column = (nodes[bond.from].column + 1).min(DEPTH - 1);
            for part in bond.to.iter().map(|way| way[0]).filter(|&part| part != bond.from) {
                nodes[part].column = nodes[part].column.max(column);
            }
        }
    }
    for bond in bonds.iter_mut() {
        let first = nodes[bond.from].column + 1;
        for way in &mut bond.to {
            let part = way[0];
            *way = (first..nodes[part].column)
                .map(|column| {
                    nodes.push(Node { ghost: true, column, place: nodes[part].place, ..Node::default() });
                    nodes.len() - 1
                })
                .chain([part])
                .collect();
        }
    }
    let mut columns: Vec<Vec<usize>> = vec![Vec::new(); DEPTH];
    (0..nodes.len()).for_each(|node| columns[nodes[node].column].push(node));
    columns.retain(|column| !column.is_empty());
    let tallest = columns.iter().map(Vec::len).max().unwrap_or(0);
    let mut parents: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for bond in bonds.iter() {
        for way in &bond.to {
            let before = [bond.from].into_iter().chain(way.iter().copied());
            before.zip(way).for_each(|(parent, &node)| parents[node].push(parent));
        }
    }
    for (number, column) in columns.iter_mut().enumerate() {
        let height = |node: &usize| {
            let above = parents[*node].iter().map(|&parent| nodes[parent].y).sum::<usize>();
            (above / parents[*node].len().max(1), nodes[*node].place.start)
        };
        column.sort_by_key(height);
        let top = MARGIN + (tallest - column.len()) * DOWN / 2;
        for (row, &node) in column.iter().enumerate() {
            nodes[node].x = MARGIN + number * ACROSS;
            nodes[node].y = top + row * DOWN;
        }
    }
    let width = columns.len().max(1) * ACROSS - (ACROSS - WIDTH) + 2 * MARGIN;
    (width, tallest.max(1) * DOWN + MARGIN)
}

/// From the result to a joint that names the operation, and from there to each part.
fn draw(out: &mut String, nodes: &[Node], bonds: &[Bond], place: usize, bond: &Bond) {
    let from = &nodes[bond.from];
    let alike = |(_, other): &(usize, &Bond)| other.from == bond.from;
    let all = bonds.iter().enumerate().filter(alike).count();
    let before = bonds.iter().enumerate().filter(alike).take_while(|(other, _)| *other < place).count();
    let y = from.y + HEIGHT * (before + 1) / (all + 1);
    // Joints of one figure stand aslant, so that none covers another.
    let (start, joint) = (from.x + WIDTH, from.x + WIDTH + 24 + (before * 20).min(40));
    let class = format!("tie {}{}", state(bond.check.state), if bond.equal { " equal" } else { "" });
    let _ = write!(out, "<g class=\"{class}\"><title>");
    escape(out, if bond.check.trace.is_empty() { &bond.check.expression } else { &bond.check.trace });
    out.push_str("</title>");
    let _ = write!(out, "<path d=\"M{start} {y}H{joint}");
    for way in &bond.to {
        let _ = write!(out, "M{joint} {y}");
        let (mut at, mut height) = (joint, y);
        for node in way.iter().map(|&node| &nodes[node]) {
            let (x, middle) = (node.x, node.y + HEIGHT / 2);
            let bend = at + x.saturating_sub(at) / 2;
            let _ = write!(out, "C{bend} {height} {bend} {middle} {x} {middle}");
            if node.ghost {
                let _ = write!(out, "h{WIDTH}");
            }
            (at, height) = (x + WIDTH, middle);
        }
    }
    let _ = write!(
        out,
        "\"/><circle cx=\"{joint}\" cy=\"{y}\" r=\"9\"/><text x=\"{joint}\" y=\"{}\">{}</text></g>",
        y + 4,
        sign(bond)
    );
    out.push('\n');
}

fn sign(bond: &Bond) -> &'static str {
    let fails = bond.check.state == State::Fails;
    match bond.check.kind.as_str() {
        "sum" | "table-total" | "form-weights" | "form-scores" | "form-funds" => "Σ",
        "share" | "completion" | "form-rate" => "÷",
        "growth" => "Δ",
        "product" => "×",
        _ if fails => "≠",
        _ => "=",
    }
}

fn boxed(out: &mut String, record: &Record, node: &Node, lang: Lang) {
    let Node { x, y, place, .. } = node;
    let finding = node.finding.and_then(|place| Some((place, record.checked.diagnostics.get(place)?)));
    let (kind, link) = match finding {
        Some((place, found)) => (class(found.severity), format!("#m{place}")),
        None => ("", format!("#L{}", place.line)),
    };
    let _ = write!(out, "<a href=\"{link}\" class=\"node {kind}\"><title>");
    escape(out, &node.name);
    let _ = write!(out, "</title><rect x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"6\"/>");
    let _ = write!(out, "<text class=\"name\" x=\"{}\" y=\"{}\">", x + 10, y + 17);
    escape(out, &brief(&node.name, 12));
    let _ = write!(out, "</text><text class=\"value\" x=\"{}\" y=\"{}\">", x + 10, y + 36);
    escape(out, &brief(&node.text, 14));
    let line = place.line;
    let at = lang.of(format!("第{line}行"), format!("line {line}"));
    let _ =
        writeln!(out, "</text><text class=\"line\" x=\"{}\" y=\"{}\">{at}</text></a>", x + WIDTH - 8, y + 36);
}

/// The relations that hold: a small drawing and the arithmetic.
fn holding(out: &mut String, record: &Record, lang: Lang) {
    let hold = |check: &&Check| {
        matches!(check.state, State::Holds | State::WithinRounding) && !check.expression.is_empty()
    };
    let all: Vec<&Check> = record.checked.ledger.checks.iter().filter(hold).collect();
    if all.is_empty() {
        return;
    }
    let name = lang.of(format!("相符的 {} 项", all.len()), format!("{} that hold", all.len()));
    let _ = writeln!(out, "<details class=\"holding\" open><summary>{name}</summary><ul>");
    for check in all.iter().take(LISTED) {
        let line = check.spans.first().map_or(1, |span| span.line);
        let _ = write!(out, "<li class=\"{}\"><a href=\"#L{line}\">", state(check.state));
        tiny(out, check.spans.len().saturating_sub(1).clamp(1, 5));
        escape(out, &brief(&check.expression, 64));
        out.push_str("</a></li>\n");
    }
    out.push_str("</ul></details>\n");
}

/// A total and its parts in the size of a letter.
fn tiny(out: &mut String, parts: usize) {
    out.push_str("<svg class=\"tiny\" width=\"26\" height=\"16\" viewBox=\"0 0 26 16\" aria-hidden=\"true\"><path d=\"");
    let height = |part: usize| 16 * (2 * part + 1) / (2 * parts);
    (0..parts).for_each(|part| {
        let _ = write!(out, "M5 8L21 {}", height(part));
    });
    out.push_str("\"/><circle cx=\"5\" cy=\"8\" r=\"3\"/>");
    (0..parts).for_each(|part| {
        let _ = write!(out, "<circle cx=\"21\" cy=\"{}\" r=\"1.6\"/>", height(part));
    });
    out.push_str("</svg>");
}

fn state(state: State) -> &'static str {
    match state {
        State::Fails => "fails",
        State::WithinRounding => "rounding",
        State::Holds => "holds",
        State::NotEvaluable => "unknown",
    }
}
