//! Any bytes, read as text or Markdown, through every rule and every output format.
//!
//! `cargo +nightly fuzz run text_rules -- -max_len=8192 -dict=fuzz/words.dict`

#![no_main]

use std::sync::LazyLock;

use gouji::document::Span;
use gouji::emit::{Audited, Emitter, File, Format, Summary};
use gouji::input::{self, Limits};
use gouji::rules::{self, RuleSet};
use gouji::{Options, audit, options::Lang};
use libfuzzer_sys::fuzz_target;

static RULES: LazyLock<RuleSet> = LazyLock::new(|| rules::embedded().expect("rules load"));

fuzz_target!(|bytes: &[u8]| {
    let Some((&first, rest)) = bytes.split_first() else { return };
    let name = if first & 1 == 0 { "a.txt" } else { "a.md" };
    let lang = if first & 2 == 0 { Lang::Zh } else { Lang::En };
    let Ok(document) = input::read_bytes(name, rest.to_vec(), &Limits::default()) else { return };
    if let Ok(written) = input::encode(&document, &document.text) {
        let again = input::read_bytes(name, written, &Limits::default()).expect("what was read is read again");
        assert_eq!(again.text, document.text);
    }
    let options = Options { lang, ..Options::default() };
    let audit = audit(&document, &RULES, &options);
    let inside = |span: Span| assert!(document.text.get(span.range()).is_some(), "{span:?}");
    for found in &audit.diagnostics {
        inside(found.span);
        found.labels.iter().for_each(|label| inside(label.span));
        found.fixes.iter().flat_map(|fix| &fix.edits).for_each(|edit| inside(edit.span));
    }
    for format in [Format::Terminal, Format::Concise, Format::Json, Format::Sarif] {
        let emitter = Emitter { format, lang, color: first & 4 != 0, rules: RULES.rules.iter().collect(), many: true, explain_checks: true, show_suppressed: true };
        let audited = Audited { document: &document, audit: &audit, rules: &RULES, profile: &audit.profile, fixed: &[] };
        let mut out = Vec::new();
        emitter.open(&mut out);
        emitter.file(&File { path: name, result: Ok(audited) }, &mut out);
        emitter.close(&Summary::of(&audit), &[], &mut out);
        std::str::from_utf8(&out).expect("output is UTF-8");
    }
});
