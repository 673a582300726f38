//! The lexer over readable lines: tests/data/figures.txt; and its properties.

use gouji::document::Document;
use gouji::input;
use gouji::lexer::{Lexed, Modifier, lex};
use gouji::rules::{self, RuleSet};
use proptest::prelude::*;

fn shown(document: &Document, lexed: &Lexed, set: &RuleSet) -> String {
    let mut tokens: Vec<(u32, u8, String)> = Vec::new();
    for quantity in &lexed.quantities {
        let modifier = match quantity.modifier {
            Modifier::Exact => "",
            Modifier::About => "about ",
            Modifier::AtLeast => "least ",
            Modifier::AtMost => "most ",
        };
        let upper = quantity.upper.map(|upper| format!("..{upper}")).unwrap_or_default();
        let power = if quantity.power > 0 { format!("^{}", quantity.power) } else { String::new() };
        let unit = quantity.unit.map(|unit| set.units.get(unit).name.as_str()).unwrap_or_default();
        let per = if quantity.per { "/" } else { "" };
        let text = format!("{modifier}{}{upper}{power}[{unit}]{per}", quantity.value);
        tokens.push((quantity.number.start, 1, text));
    }
    for date in &lexed.dates {
        let part = |part: Option<u8>| part.unwrap_or_default();
        let year = date.year.unwrap_or_default();
        tokens.push((date.span.start, 0, format!("D({year}-{}-{})", part(date.month), part(date.day))));
    }
    for number in &lexed.document_numbers {
        tokens.push((number.span.start, 0, format!("N({})", document.slice(number.span))));
    }
    for broken in &lexed.malformed {
        tokens.push((broken.span.start, 0, format!("B({:?})", broken.kind)));
    }
    tokens.sort();
    tokens.into_iter().map(|(_, _, text)| text).collect::<Vec<_>>().join(" ")
}

#[test]
fn figures_are_read_and_nothing_else_is() {
    let set = rules::embedded().expect("embedded rules load");
    let cases = include_str!("data/figures.txt");
    let mut wrong = Vec::new();
    for line in cases.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (text, expected) = line.split_once("=>").expect("a case has =>");
        let document = input::read_text("case", text.trim().to_owned());
        let found = shown(&document, &lex(&document, &set), &set);
        if found != expected.trim() {
            wrong.push(format!("{text}\n   expected {}\n      found {found}", expected.trim()));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

proptest! {
    #[test]
    fn tokens_lie_in_order_on_character_boundaries(
        text in "([0-9０-９.．,，。%～万亿元余多约年月日〔〕()第号一二三十百OlI \\-\n个人]|支出){0,60}"
    ) {
        let set = rules::embedded().expect("embedded rules load");
        let document = input::read_text("any", text);
        let lexed = lex(&document, &set);
        let mut last = 0;
        for quantity in &lexed.quantities {
            prop_assert!(document.text.get(quantity.span.range()).is_some());
            prop_assert!(document.text.get(quantity.number.range()).is_some());
            prop_assert!(quantity.span.contains(quantity.number) && !quantity.number.is_empty());
            prop_assert!(quantity.number.start >= last);
            last = quantity.span.end;
        }
        for span in lexed.dates.iter().map(|date| date.span).chain(lexed.document_numbers.iter().map(|n| n.span)) {
            prop_assert!(document.text.get(span.range()).is_some_and(|text| !text.is_empty()));
        }
    }
}
