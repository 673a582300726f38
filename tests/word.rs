//! Comments and tracked changes in Word documents: where they stand, and that nothing else changes.
#![cfg(feature = "word")]

use std::collections::HashSet;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::process::Command;

use gouji::document::Document;
use gouji::input::{Limits, read_bytes};
use gouji::options::Lang;
use gouji::{Audit, Options, audit, rules, word};

const DATE: &str = "2024-03-01T09:00:00Z";

fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read(bytes: &[u8]) -> Document {
    read_bytes("报告.docx", bytes.to_vec(), &Limits::default()).expect("readable")
}

fn checked(document: &Document) -> Audit {
    audit(document, &rules::embedded().expect("embedded rules load"), &Options::default())
}

fn part(archive: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).expect("an archive");
    let mut text = String::new();
    archive.by_name(name).expect("a part").read_to_string(&mut text).expect("UTF-8");
    text
}

/// Entries as they lie in the archive.
fn raw(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).expect("an archive");
    (0..archive.len())
        .map(|at| {
            let mut entry = archive.by_index_raw(at).expect("an entry");
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).expect("readable");
            (entry.name().expect("a name").into_owned(), bytes)
        })
        .collect()
}

/// The length of the comment anchors that `xml` begins with.
fn anchors(xml: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = &xml[at..];
        let reference = rest.starts_with("<w:r><w:commentReference ");
        at += match rest {
            _ if reference => rest.find("</w:r>").expect("closed") + 6,
            _ if rest.starts_with("<w:commentRange") => rest.find("/>").expect("closed") + 2,
            _ => return at,
        };
    }
}

/// Anchors of the comment that the fixture has already are content like any other.
fn without_old_comment(body: &str) -> String {
    ["RangeStart", "RangeEnd", "Reference"].iter().fold(body.to_owned(), |body, kind| {
        body.replace(&format!("<w:comment{kind} w:id=\"7\"/>"), &format!("<w:old{kind}/>"))
    })
}

fn beginning(xml: &str) -> String {
    xml.chars().take(160).collect()
}

/// Walks both bodies side by side: all that the new one has more is anchors, and runs closed and opened again alike.
fn differs_by_anchors_only(old: &str, new: &str) {
    let has_old = old.contains("commentRangeStart");
    let plain = |body: &str| if has_old { without_old_comment(body) } else { body.to_owned() };
    let (old, new) = (&plain(old), &plain(new));
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        let (left, right) = (&old[i..], &new[j..]);
        let own = anchors(right);
        if own > 0 && !left.starts_with(&right[..own]) {
            j += own;
            continue;
        }
        for close in ["</w:t></w:r>", "</w:r>"] {
            let cut =
                right.starts_with(close) && anchors(&right[close.len()..]) > 0 && !left.starts_with(close);
            if cut {
                let rest = &right[close.len()..];
                let rest = &rest[anchors(rest)..];
                let start = old[..i].rfind("<w:r>").max(old[..i].rfind("<w:r ")).expect("inside a run");
                let text = if close.len() > 6 { old[..i].rfind("<w:t").expect("inside a text") } else { i };
                let head = match old[start..].find("</w:rPr>").filter(|end| start + end < i) {
                    Some(end) => &old[start..start + end + 8],
                    None => &old[start..start + old[start..].find('>').expect("a tag") + 1],
                };
                let goes_on = &rest[head.len().min(rest.len())..];
                if text < i && !goes_on.starts_with("<w:t>") && !goes_on.starts_with("<w:t ") {
                    // The text ends here, and the cut is behind it.
                    continue;
                }
                assert!(rest.starts_with(head), "the run goes on as it was: {}", beginning(rest));
                let again = if text < i { rest[head.len()..].find('>').expect("a tag") + 1 } else { 0 };
                j = new.len() - rest.len() + head.len() + again;
                break;
            }
        }
        let (left, right) = (&old[i..], &new[j..]);
        if anchors(right) > 0 && !left.starts_with("<w:comment") {
            continue;
        }
        let (a, b) = (left.chars().next(), right.chars().next());
        assert_eq!(
            a,
            b,
            "
{}
{}",
            beginning(left),
            beginning(right)
        );
        let step = a.map_or(1, char::len_utf8);
        (i, j) = (i + step, j + step);
    }
}

/// The text between the anchors of a comment.
fn commented(body: &str, id: i64) -> String {
    let start = body.find(&format!("<w:commentRangeStart w:id=\"{id}\"/>")).expect("begins");
    let end = body.find(&format!("<w:commentRangeEnd w:id=\"{id}\"/>")).expect("ends");
    assert!(start < end, "comment {id}");
    let mut text = String::new();
    let mut rest = &body[start..end];
    while let Some(at) = rest.find('<') {
        let tag = &rest[at..at + rest[at..].find('>').expect("a tag") + 1];
        rest = &rest[at + tag.len()..];
        text.push_str(match tag {
            "<w:tab/>" => " ",
            "<w:noBreakHyphen/>" => "-",
            _ => "",
        });
        if (tag == "<w:t>" || tag.starts_with("<w:t ")) && !tag.ends_with("/>") {
            text.push_str(&rest[..rest.find('<').unwrap_or(rest.len())]);
        }
    }
    text
}

fn ids(comments: &str, author: &str) -> Vec<i64> {
    let own =
        comments.split("<w:comment ").skip(1).filter(|one| one.contains(&format!("w:author=\"{author}\"")));
    own.filter_map(|one| one.split("w:id=\"").nth(1)?.split('"').next()?.parse().ok()).collect()
}

#[test]
fn comments_stand_at_the_exact_characters_and_nothing_else_changes() {
    for name in ["draft.docx", "ends.docx", "everything.docx", "numbering.docx"] {
        let bytes = fixture(name);
        let document = read(&bytes);
        let found = checked(&document);
        let new = word::annotate(&bytes, &document, &found, Lang::Zh, DATE).expect("written");
        let (old_body, new_body) = (part(&bytes, "word/document.xml"), part(&new.bytes, "word/document.xml"));
        differs_by_anchors_only(&old_body, &new_body);
        assert_eq!(read(&new.bytes).text, document.text, "{name}: the text is the same");
        let changed =
            ["word/document.xml", "word/comments.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"];
        let (old, new_raw) = (raw(&bytes), raw(&new.bytes));
        for (entry, content) in &old {
            let may = changed.contains(&entry.as_str()) || entry.starts_with("word/comments");
            let same = new_raw.iter().any(|(other, bytes)| other == entry && bytes == content);
            assert!(may || same, "{name}: {entry} changed");
        }
        let comments = part(&new.bytes, "word/comments.xml");
        let own = ids(&comments, "gouji");
        assert_eq!(own.len(), new.comments, "{name}");
        assert_eq!(own.iter().collect::<HashSet<_>>().len(), own.len());
        let texts: Vec<String> =
            own.iter().map(|id| commented(&new_body, *id).replace("&amp;", "&")).collect();
        for finding in &found.diagnostics {
            let counted = document.generated.iter().any(|number| number.overlaps(finding.span));
            let quote = document.slice(finding.span);
            let place = gouji::emit::place(&document, finding.span.start, Lang::Zh).unwrap_or_default();
            // Those in notes and boxes stand where they lead out of the body, those in fields at the field.
            if !counted && !quote.is_empty() && !place.contains(['脚', '尾', '文']) && !quote.contains('\n')
            {
                assert!(texts.iter().any(|text| text.contains(quote)), "{name}: {quote}");
            }
            let exact = texts.iter().any(|text| text == quote);
            assert!(exact || counted || name != "draft.docx" || quote.is_empty(), "{name}: {quote} exactly");
        }
    }
}

#[test]
fn both_ends_lead_to_one_another_and_old_comments_stay() {
    let bytes = fixture("draft.docx");
    let document = read(&bytes);
    let new = word::annotate(&bytes, &document, &checked(&document), Lang::Zh, DATE).expect("written");
    let comments = part(&new.bytes, "word/comments.xml");
    assert_eq!(ids(&comments, "李审核"), [7]);
    assert!(ids(&comments, "gouji").iter().all(|id| *id > 7));
    assert!(comments.contains("题目再核一下。"));
    let one =
        comments.split("<w:comment ").find(|one| one.contains("错误：在职人员控制率写作")).expect("there");
    assert!(one.contains("算式：100% ≠ 8人 ÷ (4名 + 3名) = 114.29%"), "{one}");
    assert!(one.contains("对照：第7段“4名” 行政编制 4名，见批注"), "{one}");
    let number = one.split("〔批注").nth(1).and_then(|rest| rest.split('〕').next()).expect("numbered");
    assert!(
        comments.contains(&format!("行政编制 4名。见批注{number}（第40段“100%”）")),
        "the other end leads back"
    );
}

#[test]
fn parts_that_keep_account_of_comments_name_the_new_ones() {
    let bytes = fixture("ends.docx");
    let document = read(&bytes);
    let new = word::annotate(&bytes, &document, &checked(&document), Lang::Zh, DATE).expect("written");
    let comments = part(&new.bytes, "word/comments.xml");
    let marks: Vec<&str> =
        comments.split("w14:paraId=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(marks.len(), new.comments + 1);
    assert_eq!(marks.iter().collect::<HashSet<_>>().len(), marks.len());
    for account in ["word/commentsExtended.xml", "word/commentsIds.xml"] {
        let xml = part(&new.bytes, account);
        assert!(marks.iter().all(|mark| xml.contains(&format!(":paraId=\"{mark}\""))), "{account}");
    }
    let body = part(&new.bytes, "word/document.xml");
    let in_box = body.split("<w:txbxContent>").nth(1).and_then(|rest| rest.split("</w:txbxContent>").next());
    assert!(!in_box.expect("a box").contains("comment"), "a text box takes no comments");
    assert!(body.matches("<w:commentReference").count() == new.comments);
}

#[test]
fn repairs_are_tracked_changes_that_can_be_refused() {
    for name in ["draft.docx", "ends.docx"] {
        let bytes = fixture(name);
        let document = read(&bytes);
        let found = checked(&document);
        let can = |edit: &gouji::diagnostic::Edit| word::can_be_made(&document, edit);
        let edits = gouji::fix::possible_edits(&document, &found.diagnostics, can);
        let (new, made) = word::revise(&bytes, &document, &edits, DATE).expect("written");
        assert!(made >= 2, "{name}");
        assert_eq!(read(&new).text, gouji::fix::apply(&document.text, &edits), "{name}: accepted");
        let body = part(&new, "word/document.xml");
        assert_eq!(refused(&body), refused(&part(&bytes, "word/document.xml")), "{name}: refused");
        let (again, found) = (read(&new), checked(&read(&new)));
        let can = |edit: &gouji::diagnostic::Edit| word::can_be_made(&again, edit);
        assert!(
            gouji::fix::possible_edits(&again, &found.diagnostics, can).is_empty(),
            "{name}: nothing is left"
        );
    }
}

/// The text of a body without our insertions and with what we struck out.
fn refused(body: &str) -> String {
    let mut text = String::new();
    let (mut rest, mut ours) = (body, 0);
    while let Some(at) = rest.find('<') {
        let tag = &rest[at..at + rest[at..].find('>').expect("a tag") + 1];
        rest = &rest[at + tag.len()..];
        ours += usize::from(tag.starts_with("<w:ins ") && tag.contains("\"gouji\""));
        if tag == "</w:ins>" {
            ours = usize::from(ours > 1);
        }
        let shown = tag == "<w:t>" || tag.starts_with("<w:t ") || tag.starts_with("<w:delText");
        if shown && ours == 0 {
            text.push_str(&rest[..rest.find('<').unwrap_or(rest.len())]);
        }
    }
    text
}

fn gouji(folder: &Path, args: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gouji"));
    let out =
        command.current_dir(folder).args(args).env("SOURCE_DATE_EPOCH", "1709283600").output().expect("runs");
    let said = [out.stdout, out.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    (out.status.code().unwrap_or(-1), said)
}

#[test]
fn a_second_run_takes_the_place_of_the_first() {
    for name in ["draft.docx", "ends.docx"] {
        let bytes = fixture(name);
        let annotated = |bytes: &[u8]| {
            let document = read(bytes);
            word::annotate(bytes, &document, &checked(&document), Lang::Zh, DATE).expect("written")
        };
        let first = annotated(&bytes);
        let again = annotated(&first.bytes);
        assert_eq!(again.comments, first.comments);
        let count = |bytes: &[u8], what: &str| part(bytes, "word/comments.xml").matches(what).count();
        assert_eq!(count(&again.bytes, "<w:comment "), first.comments + 1, "and the one that was there");
        let body = part(&again.bytes, "word/document.xml");
        assert_eq!(body.matches("commentRangeStart").count(), body.matches("commentReference").count());
        assert_eq!(read(&again.bytes).text, read(&bytes).text);
        if name == "ends.docx" {
            let threads = part(&again.bytes, "word/commentsExtended.xml");
            assert_eq!(threads.matches("w15:paraId=").count(), first.comments + 1);
            assert_eq!(
                part(&again.bytes, "word/commentsIds.xml").matches("durableId=").count(),
                first.comments + 1
            );
        }
    }
}

#[test]
fn a_comment_that_was_answered_stays() {
    let first = {
        let bytes = fixture("ends.docx");
        let document = read(&bytes);
        word::annotate(&bytes, &document, &checked(&document), Lang::Zh, DATE).expect("written")
    };
    let threads = part(&first.bytes, "word/commentsExtended.xml");
    let mark =
        threads.split("w15:paraId=\"").nth(2).and_then(|rest| rest.get(..8)).expect("a comment of ours");
    let answer =
        format!("<w15:commentEx w15:paraId=\"6B000001\" w15:paraIdParent=\"{mark}\"/></w15:commentsEx>");
    let answered =
        rewritten(&first.bytes, "word/commentsExtended.xml", &threads.replace("</w15:commentsEx>", &answer));
    let document = read(&answered);
    let again = word::annotate(&answered, &document, &checked(&document), Lang::Zh, DATE).expect("written");
    let comments = part(&again.bytes, "word/comments.xml");
    assert_eq!(
        comments.matches("<w:comment ").count(),
        first.comments + 2,
        "the old one, the answered one and the new"
    );
    assert!(comments.contains(mark));
}

/// The archive with another text in the place of one part.
fn rewritten(archive: &[u8], name: &str, text: &str) -> Vec<u8> {
    let mut old = zip::ZipArchive::new(Cursor::new(archive)).expect("an archive");
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..old.len() {
        let entry = old.by_index_raw(at).expect("an entry");
        if entry.name().expect("a name") == name {
            out.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
            out.write_all(text.as_bytes()).expect("written");
        } else {
            out.raw_copy_file(entry).expect("copied");
        }
    }
    out.finish().expect("closed").into_inner()
}

#[test]
fn the_commands_keep_the_input_unless_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("报告.docx"), fixture("ends.docx")).expect("written");
    std::fs::write(at("报告.txt"), "一、累计累计\n").expect("written");
    let run = |args: &[&str]| gouji(folder.path(), args);
    let (code, said) = run(&["annotate", "报告.docx", "-o", "报告.docx"]);
    assert!(code == 2 && said.contains("--overwrite"), "{said}");
    assert_eq!(std::fs::read(at("报告.docx")).expect("there"), fixture("ends.docx"));
    let (code, said) = run(&["annotate", "报告.txt", "-o", "新.docx"]);
    assert!(
        code == 2 && said.contains("只有 Word 文档（docx）能写批注") && !at("新.docx").exists(),
        "{said}"
    );
    let (code, said) = run(&["annotate", "报告.docx", "-o", "新.docx", "--select", "CON004"]);
    assert!(code == 1 && said.contains("11 条批注"), "{said}");
    assert_eq!(run(&["annotate", "报告.docx", "-o", "新.docx", "--fail-on", "never"]).0, 0);
    let (_, said) = run(&["check", "--diff", "报告.docx"]);
    assert!(said.contains("+插入的没有社会保险经营预算支出，全年累计培训30人次。"), "{said}");
    let (_, said) = run(&["fix", "报告.docx", "-o", "改.docx"]);
    assert!(said.contains("已改正 2 处文字形式"), "{said}");
    assert_eq!(std::fs::read(at("报告.docx")).expect("there"), fixture("ends.docx"));
    let first = std::fs::read(at("改.docx")).expect("there");
    run(&["fix", "改.docx"]);
    assert_eq!(std::fs::read(at("改.docx")).expect("there"), first, "a second run changes nothing");
    run(&["check", "--fix", "报告.docx"]);
    assert_eq!(std::fs::read(at("报告.docx")).expect("there"), first, "check --fix does the same");
}
