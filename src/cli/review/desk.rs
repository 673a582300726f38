//! The second pass: each record comes back once, gets the findings made since, and is written out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::num::NonZero;
use std::path::Path;

use anyhow::{Context, Result};

use crate::diagnostic::Severity;
use crate::emit::Summary;
use crate::options::Lang;
use crate::review::across::Later;
use crate::review::index::{self, Row, Spread, State};
use crate::review::json;
use crate::review::letter;
use crate::review::names::{self, Name};
use crate::review::page::{self, Around};
use crate::review::papers::Notes;
use crate::review::store::Store;
use crate::review::workbook::Book;
use crate::review::{FactRow, Finding, Record, Report};
use crate::stream;

/// What is written, and from what.
pub struct Desk<'a> {
    pub out: &'a Path,
    pub work: &'a Path,
    pub store: &'a Store,
    pub reports: &'a [Report],
    /// What was found since, for each of `reports`.
    pub later: &'a [Later],
    pub media: usize,
    pub notes: &'a Notes,
    pub html: bool,
    pub threads: Option<NonZero<usize>>,
    pub lang: Lang,
}

/// What became of the reports.
pub struct Outcome {
    pub rows: Vec<Row>,
    /// With all findings counted, in the order of the reports.
    pub reports: Vec<Report>,
    pub summary: Summary,
}

/// What is left of a report when its record is gone again.
struct Piece {
    report: Report,
    row: Row,
    json: Vec<u8>,
    summary: Summary,
    findings: Vec<Finding>,
    facts: Vec<FactRow>,
    written: Vec<String>,
}

/// Names of the files that an earlier run wrote into the folder: what this one does not write again is removed.
const WRITTEN: &str = ".gouji-outputs";
const REPORTS: &str = "reports";
const RETURNED: &str = "returned";
const ANNOTATED: &str = "annotated";
/// Lists that stand among the letters.
const PASSED: (&str, &str) = ("审核通过名单", "passed");
const UNREAD: (&str, &str) = ("没有读出的文件", "unread");

pub fn write(desk: &Desk, tick: impl Fn() + Sync + Send) -> Result<Outcome> {
    let lists = [PASSED, UNREAD].map(|(zh, en)| desk.lang.of(zh, en));
    let names = names::names(desk.reports.iter().map(|report| report.path.as_str()), &lists);
    let read: Vec<usize> = (0..names.len()).filter(|&place| desk.reports[place].unread.is_none()).collect();
    let before = earlier(desk.out);
    let planned = names
        .iter()
        .flat_map(|Name { plain, annotated }| [page_of(plain), letter_of(plain), annotated_of(annotated)]);
    note(desk.out, &before.iter().cloned().chain(planned).collect())?;
    for folder in [REPORTS, RETURNED, ANNOTATED] {
        fs::create_dir_all(desk.out.join(folder)).with_context(|| unwritable(desk.out, folder, desk.lang))?;
    }

    let mut data = BufWriter::new(create(desk, "review.json")?);
    data.write_all(json::open().as_bytes())?;
    let mut book = Book::new(desk.work, desk.lang)?;
    let mut outcome = Outcome { rows: Vec::new(), reports: Vec::new(), summary: Summary::default() };
    let mut spread: BTreeMap<(String, String), (Severity, usize)> = BTreeMap::new();
    let mut written: BTreeSet<String> = BTreeSet::new();
    let places: Vec<usize> = (0..names.len()).collect();
    let mut pieces = names.iter();
    stream::in_order(
        &places,
        desk.threads,
        |&place| desk.one(place, &names, &read),
        |piece: Result<Piece>| {
            let Piece { report, row, json, summary, findings, facts, written: files } = piece?;
            let name = pieces.next().map(|name| name.plain.as_str()).unwrap_or_default();
            if !outcome.rows.is_empty() {
                data.write_all(b",\n")?;
            }
            data.write_all(&json)?;
            book.report(&row, &report, desk.lang)?;
            let link = desk.html.then_some(name);
            for (place, finding) in findings.iter().enumerate() {
                book.finding(&row, link, place, finding)?;
            }
            for fact in &facts {
                book.figure(&row, fact)?;
            }
            let kinds: BTreeSet<(&str, &str)> =
                findings.iter().map(|finding| (finding.code.as_str(), finding.name.as_str())).collect();
            for (code, name) in kinds {
                let of_code = findings.iter().filter(|finding| finding.code == code);
                let worst = of_code.map(|finding| finding.severity).max().unwrap_or(Severity::Hint);
                let entry = spread.entry((code.to_owned(), name.to_owned())).or_insert((worst, 0));
                *entry = (entry.0.max(worst), entry.1 + 1);
            }
            written.extend(files);
            outcome.summary.add(&summary);
            outcome.rows.push(row);
            outcome.reports.push(report);
            tick();
            Ok(())
        },
    )?;
    data.write_all(json::close(&outcome.summary, desk.media, desk.notes).as_bytes())?;
    data.flush()?;
    let notes = desk.notes.lines(desk.lang);
    for note in &notes {
        book.note(note)?;
    }
    book.save(&desk.out.join("review.xlsx"))
        .with_context(|| unwritable(desk.out, "review.xlsx", desk.lang))?;

    if desk.html {
        let mut spread: Spread = spread
            .into_iter()
            .map(|((code, name), (severity, reports))| (code, name, severity, reports))
            .collect();
        spread.sort_by(|a, b| b.3.cmp(&a.3).then(a.0.cmp(&b.0)));
        let page = index::render(&outcome.rows, &spread, desk.media, &notes, desk.lang);
        put(desk, "index.html", &page, &mut written)?;
    }
    let of =
        |wanted: fn(State) -> bool| outcome.reports.iter().filter(move |report| wanted(State::of(report)));
    let [passed, unread] = lists;
    let list = letter::passed(of(|state| matches!(state, State::Clean | State::Hint)), desk.lang);
    put(desk, &letter_of(passed), &list, &mut written)?;
    if outcome.summary.unreadable > 0 {
        let list = letter::unread(of(|state| state == State::Unread), desk.lang);
        put(desk, &letter_of(unread), &list, &mut written)?;
    }
    for name in before.difference(&written) {
        // What is not there any more need not be removed.
        let _ = fs::remove_file(desk.out.join(name));
    }
    note(desk.out, &written)?;
    Ok(outcome)
}

impl Desk<'_> {
    fn one(&self, place: usize, names: &[Name], read: &[usize]) -> Result<Piece> {
        let report = &self.reports[place];
        let Some(record) = self.record(place) else {
            let lost = self.lang.of("审核结果没有保存下来，请再运行一次", "the result was lost: run again");
            let reason = report.unread.clone().unwrap_or_else(|| lost.to_owned());
            let report =
                Report { unread: Some(reason.clone()), path: report.path.clone(), ..Report::default() };
            return Ok(Piece {
                row: Row::of(&report, None, &[]),
                json: serde_json::to_vec(&json::File::unread(&report.path, &reason))?,
                summary: Summary::unreadable(),
                report,
                findings: Vec::new(),
                facts: Vec::new(),
                written: Vec::new(),
            });
        };
        let Name { plain: name, annotated } = &names[place];
        let mut written = BTreeSet::new();
        let letter = letter::letter(&record, self.lang);
        let letter_path = letter.as_ref().map(|_| letter_of(name));
        if let Some(letter) = &letter {
            put(self, &letter_of(name), letter, &mut written)?;
        }
        let annotated = record.report.annotated.then(|| annotated_of(annotated));
        if let Some(path) = &annotated {
            fs::copy(self.store.annotated(&report.key), self.out.join(path))
                .with_context(|| unwritable(self.out, path, self.lang))?;
            written.insert(path.clone());
        }
        if self.html {
            let own = read.partition_point(|&other| other < place);
            let neighbour =
                |at: Option<usize>| at.and_then(|at| read.get(at)).map(|&at| names[at].plain.as_str());
            let around = Around {
                previous: neighbour(own.checked_sub(1)),
                next: neighbour(Some(own + 1)),
                letter: letter_path.as_deref(),
                annotated: annotated.as_deref(),
            };
            put(self, &page_of(name), &page::render(&record, &around, self.lang), &mut written)?;
        }
        let row = Row::of(&record.report, self.html.then_some(name), &record.checked.diagnostics);
        let summary = json::summary(&record.report, &record.checked);
        let (findings, facts) = (record.checked.diagnostics.clone(), record.leaf.facts.clone());
        let report = record.report.clone();
        let file = json::File {
            page: self.html.then(|| page_of(name)),
            letter: letter_path,
            annotated,
            ..json::File::of(record)
        };
        let json = serde_json::to_vec(&file)?;
        Ok(Piece { report, row, json, summary, findings, facts, written: written.into_iter().collect() })
    }

    /// The record with its path and with all findings, or nothing if the file was not read.
    fn record(&self, place: usize) -> Option<Record> {
        let report = &self.reports[place];
        if report.unread.is_some() {
            return None;
        }
        let mut record = self.store.record(&report.key)?;
        record.report.path.clone_from(&report.path);
        record.checked.path.clone_from(&report.path);
        if let Some(later) = self.later.get(place) {
            later.add_to(&mut record);
        }
        Some(record)
    }
}

fn page_of(name: &str) -> String {
    format!("{REPORTS}/{name}.html")
}

fn letter_of(name: &str) -> String {
    format!("{RETURNED}/{name}.md")
}

fn annotated_of(name: &str) -> String {
    format!("{ANNOTATED}/{name}.docx")
}

fn put(desk: &Desk, name: &str, text: &str, written: &mut BTreeSet<String>) -> Result<()> {
    fs::write(desk.out.join(name), text).with_context(|| unwritable(desk.out, name, desk.lang))?;
    written.insert(name.to_owned());
    Ok(())
}

fn create(desk: &Desk, name: &str) -> Result<File> {
    File::create(desk.out.join(name)).with_context(|| unwritable(desk.out, name, desk.lang))
}

fn unwritable(out: &Path, name: &str, lang: Lang) -> String {
    format!("{} {}", lang.of("写不了", "cannot write"), out.join(name).display())
}

/// What an earlier run wrote; names that lead elsewhere are not taken from the file.
fn earlier(out: &Path) -> BTreeSet<String> {
    let list = fs::read_to_string(out.join(WRITTEN)).unwrap_or_default();
    let ours = |name: &&str| {
        let inside = [REPORTS, RETURNED, ANNOTATED].iter().any(|folder| {
            name.strip_prefix(folder)
                .and_then(|rest| rest.strip_prefix('/'))
                .is_some_and(|rest| !rest.contains(['/', '\\']) && rest != "..")
        });
        inside || **name == *"index.html"
    };
    list.lines().filter(ours).map(str::to_owned).collect()
}

fn note(out: &Path, names: &BTreeSet<String>) -> Result<()> {
    let list: String = names.iter().flat_map(|name| [name.as_str(), "\n"]).collect();
    fs::write(out.join(WRITTEN), list)?;
    Ok(())
}
