//! The output formats over one audit made by hand, so that every field is there and no rule's wording
//! is part of the test; and real output against the published schemas.

use std::fs;
use std::path::Path;
use std::process::Command;

use gouji::audit::Audit;
use gouji::diagnostic::{Applicability, Diagnostic, Edit, Fix, Label, Severity};
use gouji::document::{Document, Span};
use gouji::emit::{Audited, Emitter, File, Format, Summary};
use gouji::options::Lang;
use gouji::reconcile::{Check, State};
use gouji::{Options, audit, input, rules};
use serde_json::Value;

const TEXT: &str = "一、支出情况\n2023年支出合计140.43万元，其中基本支出118.43万元，项目支出20万元，\
                    “三公”经费支出合计0.7万元，比上年减少；其余用于日常运转以及科普活动、会议培训、设备购置等方面。\n\
                    二、其他\n见附件(1)。";

fn span(quote: &str) -> Span {
    let at = TEXT.find(quote).expect("quote stands in the text");
    Span::of(at, at + quote.len())
}

fn made_by_hand() -> (Document, Audit) {
    let document = input::read_text("报告.txt", TEXT.to_owned());
    let set = rules::embedded().expect("embedded rules load");
    let options = Options { enabled: vec![false; set.rules.len()], ..Options::default() };
    let mut made = audit(&document, &set, &options);
    let sum = Diagnostic {
        rule: 0,
        code: "FIG001".into(),
        name: "sum-mismatch".into(),
        severity: Severity::Error,
        message: "合计140.43万元，各项相加为138.43万元".into(),
        span: span("140.43万元"),
        note: "合计".into(),
        labels: vec![
            Label { span: span("118.43万元"), message: "第1项".into() },
            Label { span: span("20万元"), message: "第2项".into() },
        ],
        trace: Some("140.43 ≠ 118.43 + 20 = 138.43，差 2.00\n若“140.43”为“138.43”则平".into()),
        citation: Some("《某办法》第一条".into()),
        help: Some("核对合计数".into()),
        fixes: Vec::new(),
        fingerprint: 0x0123_4567_89ab_cdef,
        standing: None,
    };
    let brackets = Diagnostic {
        code: "TXT004".into(),
        name: "half-width-punctuation".into(),
        severity: Severity::Warning,
        message: "中文里用了半角括号“(1)”".into(),
        span: span("(1)"),
        note: String::new(),
        labels: Vec::new(),
        trace: None,
        citation: None,
        help: None,
        fixes: vec![Fix {
            description: "改为全角".into(),
            applicability: Applicability::Safe,
            edits: vec![Edit { span: span("(1)"), replacement: "（1）".into() }],
        }],
        fingerprint: 1,
        ..sum.clone()
    };
    let missing = Diagnostic {
        code: "SEC001".into(),
        name: "missing-section".into(),
        severity: Severity::Hint,
        message: "缺少“存在的问题”部分".into(),
        span: Span::default(),
        fixes: Vec::new(),
        fingerprint: 2,
        ..brackets.clone()
    };
    made.diagnostics = vec![missing, sum, brackets];
    made.checks = vec![Check {
        kind: "sum",
        state: State::Fails,
        expression: "140.43 = 118.43 + 20".into(),
        trace: "差 2.00".into(),
        spans: vec![span("140.43万元"), span("118.43万元")],
        ..Check::default()
    }];
    (document, made)
}

fn emitted(format: Format, lang: Lang) -> String {
    let (document, made) = made_by_hand();
    let set = rules::embedded().expect("embedded rules load");
    let emitter = Emitter {
        format,
        lang,
        color: false,
        rules: Vec::new(),
        many: true,
        explain_checks: false,
        show_suppressed: false,
    };
    let read = Ok(Audited {
        document: &document,
        audit: &made,
        rules: &set,
        profile: "部门整体支出绩效自评报告",
        fixed: &[],
    });
    let mut out = Vec::new();
    let mut total = Summary::of(&made);
    total.add(&Summary::unreadable());
    emitter.open(&mut out);
    emitter.file(&File { path: "上报/报告.txt", result: read }, &mut out);
    if format == Format::Json {
        out.extend_from_slice(emitter.separator());
    }
    emitter.file(&File { path: "坏.doc", result: Err("这是 Word 文档") }, &mut out);
    emitter.close(&total, &[("坏.doc".into(), "这是 Word 文档".into())], &mut out);
    let text = String::from_utf8(out).expect("UTF-8");
    text.replace(env!("CARGO_PKG_VERSION"), "VERSION")
}

fn pretty(json: &str) -> String {
    let value: Value = serde_json::from_str(json).expect("JSON");
    serde_json::to_string_pretty(&value).expect("JSON")
}

#[test]
fn terminal() {
    insta::assert_snapshot!(emitted(Format::Terminal, Lang::Zh));
}

#[test]
fn concise() {
    insta::assert_snapshot!(emitted(Format::Concise, Lang::En));
}

#[test]
fn json() {
    insta::assert_snapshot!(pretty(&emitted(Format::Json, Lang::Zh)));
}

#[test]
fn sarif() {
    insta::assert_snapshot!(pretty(&emitted(Format::Sarif, Lang::Zh)));
}

fn gouji(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_gouji")).args(args).output().expect("the binary runs");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Holds `values` to the schema that `gouji schema <which>` prints.
fn assert_valid(which: &str, values: impl IntoIterator<Item = (String, Value)>) {
    let schema: Value = serde_json::from_str(&gouji(&["schema", which])).expect("JSON");
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.add_resource("gouji.json", schema).expect("a schema");
    let index = compiler.compile("gouji.json", &mut schemas).expect("a schema");
    for (name, value) in values {
        if let Err(error) = schemas.validate(&value, index) {
            panic!("{name}: {error:#}");
        }
    }
}

fn examples() -> Vec<String> {
    let folder = fs::read_dir("examples").expect("readable");
    let mut paths: Vec<String> =
        folder.map(|entry| entry.expect("readable").path().display().to_string()).collect();
    paths.sort();
    paths
}

#[test]
fn json_output_keeps_to_its_schema() {
    let mut outputs = vec![("by hand".to_owned(), emitted(Format::Json, Lang::Zh))];
    outputs.extend(examples().into_iter().map(|path| {
        let output = gouji(&["check", "--no-config", "--hints", "--format", "json", &path]);
        (path, output)
    }));
    assert_valid(
        "output",
        outputs.into_iter().map(|(name, text)| (name, serde_json::from_str(&text).expect("JSON"))),
    );
}

#[test]
fn rule_files_keep_to_their_schema() {
    let set = ["figures", "tables", "sections", "numbering", "consistency", "wording", "across"];
    let files = set.iter().filter_map(|family| fs::read_dir(Path::new("rules").join(family)).ok()).flatten();
    let values = files.map(|entry| {
        let path = entry.expect("readable").path();
        let text = fs::read_to_string(&path).expect("readable");
        let value: toml::Table = text.parse().expect("TOML");
        (path.display().to_string(), serde_json::to_value(value).expect("JSON"))
    });
    assert_valid("rule", values);
}

#[test]
fn configurations_keep_to_their_schema() {
    let text = "select = [\"FIG\"]\nseverity = \"hint\"\nfail-on = \"never\"\nlang = \"en\"\n[levels]\nTXT008 = \"error\"\n";
    let value: toml::Table = text.parse().expect("TOML");
    assert_valid("config", [("gouji.toml".to_owned(), serde_json::to_value(value).expect("JSON"))]);
}

/// SARIF as GitHub and others read it: what the standard requires, and places that are there.
#[test]
fn sarif_output_has_what_readers_require() {
    let sarif: Value = serde_json::from_str(&gouji(&[
        "check",
        "--no-config",
        "--hints",
        "--format",
        "sarif",
        "examples/draft.txt",
    ]))
    .expect("JSON");
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let ids = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let results = run["results"].as_array().expect("results");
    assert!(!results.is_empty());
    for result in results {
        let index = result["ruleIndex"].as_u64().expect("index") as usize;
        assert_eq!(ids[index]["id"], result["ruleId"]);
        assert!(["note", "warning", "error"].contains(&result["level"].as_str().expect("level")));
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()));
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "examples/draft.txt");
        assert!(place["region"]["startLine"].as_u64() >= Some(1));
        assert!(place["region"]["startColumn"].as_u64() >= Some(1));
        assert!(result["partialFingerprints"]["gouji/v1"].as_str().is_some_and(|print| print.len() == 16));
    }
}

proptest::proptest! {
    /// Whatever the text and wherever the spans, every format renders.
    #[test]
    fn any_text_and_any_places_are_shown(
        text in "([一-十，。；：0-9a\t\u{7}“”\u{3000}]{0,90}\n?){0,6}",
        places in proptest::collection::vec((0.0..1.0f64, 0.0..1.0f64), 1..5),
    ) {
        let bounds: Vec<usize> = (0..=text.len()).filter(|&at| text.is_char_boundary(at)).collect();
        let pick = |part: f64| bounds[(part * (bounds.len() - 1) as f64) as usize];
        let spans: Vec<Span> = places
            .iter()
            .map(|&(one, other)| Span::of(pick(one.min(other)), pick(one.max(other))))
            .collect();
        let (_, mut made) = made_by_hand();
        let set = rules::embedded().expect("embedded rules load");
        let document = input::read_text("任意.txt", text);
        let mut found = made.diagnostics.swap_remove(1);
        found.span = spans[0];
        found.labels = spans[1..].iter().map(|&span| Label { span, message: "处".into() }).collect();
        made.diagnostics = vec![found];
        made.checks.clear();
        for format in [Format::Terminal, Format::Concise, Format::Json, Format::Jsonl, Format::Sarif, Format::Github, Format::Gitlab, Format::Junit, Format::Checkstyle, Format::Rdjson] {
            let emitter = Emitter { format, lang: Lang::Zh, color: true, rules: Vec::new(), many: false, explain_checks: false, show_suppressed: false };
            let mut out = Vec::new();
            let read = Ok(Audited { document: &document, audit: &made, rules: &set, profile: "", fixed: &[] });
            emitter.file(&File { path: "任意.txt", result: read }, &mut out);
            let shown = String::from_utf8(out).expect("UTF-8");
            proptest::prop_assert!(shown.contains("FIG001"));
            let moves = shown.contains('\u{7}');
            proptest::prop_assert!(!moves);
        }
    }
}
