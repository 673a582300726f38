//! The engine on one core: bytes to diagnostics, and each stage by itself.
//!
//! `cargo bench --bench engine`

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use gouji::document::Document;
use gouji::input::{Limits, read_bytes};
use gouji::rules::{self, RuleSet};
use gouji::{Options, audit, lexer, outline};
use std::sync::LazyLock;

mod support;

static RULES: LazyLock<RuleSet> = LazyLock::new(|| rules::embedded().expect("rules load"));

fn main() {
    LazyLock::force(&RULES);
    divan::main();
}

fn document(text: String) -> Document {
    read_bytes("report.txt", text.into_bytes(), &Limits::default()).expect("readable")
}

fn whole(bencher: Bencher, text: String) {
    let options = Options::default();
    bencher.counter(BytesCount::of_str(&text)).with_inputs(|| text.clone().into_bytes()).bench_values(
        |bytes| {
            let document = read_bytes("report.txt", bytes, &Limits::default()).expect("readable");
            audit(&document, &RULES, black_box(&options)).diagnostics.len()
        },
    );
}

#[divan::bench]
fn one_report(bencher: Bencher) {
    whole(bencher, support::report(0));
}

#[divan::bench(sample_count = 20)]
fn one_megabyte(bencher: Bencher) {
    whole(bencher, support::text(1 << 20));
}

#[divan::bench(sample_count = 3)]
fn sixteen_megabytes(bencher: Bencher) {
    whole(bencher, support::text(16 << 20));
}

#[divan::bench]
fn rule_set() -> RuleSet {
    rules::embedded().expect("rules load")
}

mod stage {
    use super::*;

    #[divan::bench]
    fn read(bencher: Bencher) {
        let text = support::report(0);
        bencher
            .counter(BytesCount::of_str(&text))
            .with_inputs(|| text.clone().into_bytes())
            .bench_values(|bytes| read_bytes("report.txt", bytes, &Limits::default()));
    }

    #[divan::bench]
    fn lex(bencher: Bencher) {
        let document = document(support::report(0));
        bencher.counter(BytesCount::of_str(&document.text)).bench_local(|| lexer::lex(&document, &RULES));
    }

    #[divan::bench]
    fn outline(bencher: Bencher) {
        let document = document(support::report(0));
        bencher.counter(BytesCount::of_str(&document.text)).bench_local(|| outline::recover(&document));
    }
}
