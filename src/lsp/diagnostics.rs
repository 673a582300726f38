//! `textDocument/publishDiagnostics` and `textDocument/diagnostic`.

use lsp_types::{Range, Uri};
use serde_json::{Value, json};

use super::capabilities::Client;
use super::explain;
use super::files::Read;
use super::place::Places;
use crate::diagnostic::{Applicability, Diagnostic, Severity};
use crate::mistake::Mistake;
use crate::options::Lang;

const SOURCE: &str = "gouji";

/// The findings of a document.
pub fn of(read: &Read, client: &Client) -> Value {
    read.audit.diagnostics.iter().map(|found| one(read, client, found)).collect()
}

pub fn one(read: &Read, client: &Client, found: &Diagnostic) -> Value {
    let lang = read.setting.options.lang;
    let mut shown = json!({
        "range": read.range(found.span),
        "severity": severity(found.severity),
        "code": found.code.as_str(),
        "source": SOURCE,
        "message": message(found, lang),
    });
    if client.code_description {
        shown["codeDescription"] = json!({ "href": explain::href(&found.code) });
    }
    if client.related && !found.labels.is_empty() {
        let related = found.labels.iter().map(|label| {
            let message = match label.message.as_str() {
                "" => read.document.slice(label.span),
                said => said,
            };
            json!({ "location": { "uri": read.uri, "range": read.range(label.span) }, "message": message })
        });
        shown["relatedInformation"] = related.collect();
    }
    if client.data {
        let fixes = found.fixes.iter().map(|fix| {
            json!({
                "description": fix.description,
                "safe": fix.applicability == Applicability::Safe,
                "edits": fix.edits.iter()
                    .map(|edit| json!({ "range": read.range(edit.span), "newText": edit.replacement }))
                    .collect::<Value>(),
            })
        });
        let fixes: Value = fixes.collect();
        shown["data"] = json!({
            "name": found.name.as_str(),
            "fingerprint": format!("{:016x}", found.fingerprint),
            "fixes": fixes,
        });
    }
    shown
}

/// The sentence, the arithmetic unless the sentence has it, and the remedy; the basis is in the explanation.
fn message(found: &Diagnostic, lang: Lang) -> String {
    let mut text = found.message.clone();
    let parts = [(lang.of("算式：", "sum: "), &found.trace), (lang.of("建议：", "help: "), &found.help)];
    for (name, part) in parts {
        if let Some(part) = part.as_ref().filter(|part| !found.message.contains(part.trim_end())) {
            text.push('\n');
            text.push_str(name);
            text.push_str(part.trim_end());
        }
    }
    text
}

fn severity(severity: Severity) -> u8 {
    match severity {
        Severity::Error => 1,
        Severity::Warning => 2,
        Severity::Hint => 3,
    }
}

/// Mistakes in the user's own files, by file.
pub fn of_mistakes(mistakes: &[Mistake], client: &Client, lang: Lang) -> Vec<(Uri, Value)> {
    let mut files: Vec<(Uri, Vec<Value>)> = Vec::new();
    for mistake in mistakes {
        let Ok(path) = std::path::absolute(&mistake.path) else { continue };
        let Ok(uri) = Uri::from_file_path(path) else { continue };
        let places = Places::new(&mistake.text, client.encoding);
        let range = places.range(&mistake.text, mistake.span.unwrap_or_default());
        let message = lang.of(&mistake.zh, &mistake.en);
        let shown = json!({ "range": range, "severity": 1, "source": SOURCE, "message": message });
        match files.iter_mut().find(|(known, _)| *known == uri) {
            Some((_, list)) => list.push(shown),
            None => files.push((uri, vec![shown])),
        }
    }
    files.into_iter().map(|(uri, list)| (uri, Value::Array(list))).collect()
}

/// In place of the findings that a mistake of ours has cost.
pub fn of_panic(why: &str, lang: Lang) -> Value {
    let text = lang.of(
        "检查这份报告时程序内部出错，请把报告和这句话发给开发者：",
        "gouji failed on this report; please send it to the developers with these words: ",
    );
    let message = format!("{text}{why}");
    json!([{ "range": Range::default(), "severity": 1, "source": SOURCE, "message": message }])
}
