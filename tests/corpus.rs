//! The project's own reports raise no error and no warning: see tests/corpus/README.md.

use gouji::diagnostic::Severity;
use gouji::document::LineIndex;
use gouji::{Options, audit, input, rules};

#[test]
fn own_reports_are_clean() {
    let set = rules::embedded().expect("embedded rules load");
    let folder = format!("{}/tests/corpus", env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("a folder").flatten().map(|file| file.path()).collect();
    files.retain(|path| path.file_name().is_some_and(|name| name != "README.md"));
    files.sort();
    assert!(files.len() >= 40, "{} reports", files.len());
    let mut wrong = Vec::new();
    for path in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).expect("readable");
        let document = input::read_bytes(&name, bytes, &input::Limits::default()).expect("text");
        let result = audit(&document, &set, &Options::default());
        let index = LineIndex::new(&document.text);
        let kind = match name.split('-').next().unwrap_or_default() {
            "self" => "self-evaluation",
            "project" => "project-self-evaluation",
            "evaluation" => "project-evaluation",
            "final" => "final-accounts",
            "budget" => "budget",
            "hunan" if name.starts_with("hunan-earlier") => "hunan-department-earlier",
            "hunan" => "hunan-department",
            "yunnan" => "yunnan-department",
            "hubei" => "hubei-department",
            "guangdong" => "guangdong-department",
            "sichuan" => "sichuan-department",
            other => panic!("no kind for {other}"),
        };
        if result.profile != kind {
            wrong.push(format!("{name}: taken for {}", result.profile));
        }
        for found in result.diagnostics.iter().filter(|found| found.severity > Severity::Hint) {
            let line = index.position(&document.text, found.span.start as usize).line;
            wrong.push(format!(
                "{name}:{line}: {} “{}” {}",
                found.code,
                document.slice(found.span),
                found.message
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
