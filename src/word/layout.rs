//! Where the runs of a part stand, and how to cut between any two of their characters.
//!
//! Takes the XML of a part; gives places where elements may be put in so that nothing else of the part changes.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::input::docx::xml::{Fault, Name, Space, Tag, Token, Xml};

/// The runs of a part that stand in no other run, in order: what a text box or ruby holds belongs to the run around it.
pub struct Layout<'a> {
    xml: &'a str,
    pub runs: Vec<Run>,
    /// Places of references: footnote (`true`) or endnote, and its id.
    pub references: FxHashMap<(bool, i64), Range<usize>>,
    /// Largest id of comments, and of anything.
    pub largest_comment: i64,
    pub largest_id: i64,
    /// The namespace of the part's own elements, and whether `w:` means it.
    pub namespace: String,
    pub usual_prefix: bool,
}

pub struct Run {
    pub start: usize,
    pub end: usize,
    /// The start tag and, where there are some, the properties.
    head: (Range<usize>, Range<usize>),
    /// The end tag.
    tail: Range<usize>,
    children: Vec<Child>,
    /// Never cut: a formula.
    solid: bool,
    pub paragraph: u32,
    /// The start tag of the insertion of another author's that holds it.
    pub inserted: Option<Range<usize>>,
    /// What was moved here, which no change may touch.
    pub fixed: bool,
    /// The field, begun and ended in this paragraph, that gave the text: some programs take all that stands in it for
    /// its text, so nothing is put in there.
    field: Option<Range<usize>>,
}

struct Child {
    start: usize,
    end: usize,
    /// Of a text: its start tag and its characters.
    text: Option<(Range<usize>, Range<usize>)>,
}

/// Which end of a range of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Start,
    End,
}

/// A place for elements between runs: `close` must stand before them and `open` after them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cut {
    pub at: usize,
    pub close: String,
    pub open: String,
    /// A start tag that must keep blanks once its text is cut.
    pub keep: Option<Range<usize>>,
}

impl<'a> Layout<'a> {
    pub fn of(xml: &'a str) -> Result<Layout<'a>, Fault> {
        let mut layout = Layout {
            xml,
            runs: Vec::new(),
            references: FxHashMap::default(),
            largest_comment: -1,
            largest_id: -1,
            namespace: String::new(),
            usual_prefix: false,
        };
        let mut scan = Scan::default();
        let mut reader = Xml::new(xml);
        loop {
            let (token, bytes) = reader.next()?;
            match token {
                Token::Start(tag) => {
                    layout.note_ids(&tag, &bytes);
                    scan.start(&mut layout, tag, bytes);
                }
                Token::End(name) => scan.end(&mut layout, name, bytes),
                Token::Text(_) | Token::Char(_) => {}
                Token::Eof => return Ok(layout),
            }
        }
    }

    fn note_ids(&mut self, tag: &Tag, bytes: &Range<usize>) {
        if tag.name.space != Space::Word {
            return;
        }
        if self.namespace.is_empty() {
            self.usual_prefix = tag.raw.starts_with("<w:");
            let strict = self.xml[..bytes.end].contains("http://purl.oclc.org/ooxml/wordprocessingml/main");
            self.namespace = if strict { STRICT } else { TRANSITIONAL }.to_owned();
        }
        let local = tag.name.local;
        if !matches!(local, "p" | "r" | "t" | "rPr" | "pPr")
            && let Some(id) = tag.attribute("id").and_then(|id| id.trim().parse::<i64>().ok())
        {
            match local {
                "footnoteReference" => drop(self.references.entry((true, id)).or_insert(bytes.clone())),
                "endnoteReference" => drop(self.references.entry((false, id)).or_insert(bytes.clone())),
                "comment" | "commentRangeStart" | "commentRangeEnd" | "commentReference" => {
                    self.largest_comment = self.largest_comment.max(id);
                }
                _ => {}
            }
            self.largest_id = self.largest_id.max(id);
        }
    }

    /// The run that holds the byte, or the last one before it.
    pub fn run_at(&self, at: usize) -> Option<&Run> {
        let after = self.runs.partition_point(|run| run.start <= at);
        self.runs[..after].last()
    }

    /// The last run of the paragraph of `run`.
    pub fn last_of_paragraph(&self, run: &Run) -> Option<&Run> {
        let after = self.runs.partition_point(|other| other.paragraph <= run.paragraph);
        self.runs[..after].last()
    }

    /// Where to cut so that the byte at `at` begins or ends a range.
    pub fn cut(&self, run: &Run, at: usize, side: Side) -> Cut {
        let around = run.field.clone().unwrap_or(run.start..run.end);
        let before = Cut { at: around.start, ..Cut::default() };
        let after = Cut { at: around.end, ..Cut::default() };
        if run.solid || run.field.is_some() || at <= run.start || at >= run.end {
            return if side == Side::Start { before } else { after };
        }
        let place = run.children.partition_point(|child| child.end < at);
        let Some(child) = run.children.get(place) else { return after };
        let between = |place: usize, at: usize| match place {
            0 => before.clone(),
            _ if place == run.children.len() => after.clone(),
            _ => Cut { at, close: self.xml[run.tail.clone()].to_owned(), open: self.head(run), keep: None },
        };
        match &child.text {
            Some((tag, text)) if text.start < at && at < text.end => {
                let raw = &self.xml[tag.clone()];
                let name = raw[1..].split([' ', '\t', '\r', '\n', '>']).next().unwrap_or_default();
                let keeps = raw.contains("xml:space=\"preserve\"");
                let again = if keeps { raw.to_owned() } else { format!("<{name} xml:space=\"preserve\">") };
                let blank = self.xml[..at].ends_with(|c: char| c.is_ascii_whitespace());
                Cut {
                    at,
                    close: format!("</{name}>{}", &self.xml[run.tail.clone()]),
                    open: self.head(run) + &again,
                    keep: (!keeps && blank).then(|| tag.clone()),
                }
            }
            Some((_, text)) if at <= text.start => between(place, child.start),
            Some(_) => between(place + 1, child.end),
            None if at <= child.start || at < child.end && side == Side::Start => between(place, child.start),
            None => between(place + 1, child.end),
        }
    }

    /// Whether the bytes are characters of texts of the run and whole elements, so that they can be replaced.
    pub fn is_plain(&self, run: &Run, bytes: &Range<usize>) -> bool {
        let inside = |child: &Child| match &child.text {
            Some((_, text)) => text.start <= bytes.start && bytes.end <= text.end,
            None => child.start == bytes.start && child.end == bytes.end,
        };
        !run.solid && !run.fixed && run.field.is_none() && run.children.iter().any(inside)
    }

    /// The start tag and properties of a run, for another one like it.
    pub fn head(&self, run: &Run) -> String {
        self.xml[run.head.0.clone()].to_owned() + &self.xml[run.head.1.clone()]
    }

    pub fn tail(&self, run: &Run) -> &str {
        &self.xml[run.tail.clone()]
    }

    /// What elements put in must declare.
    pub fn declaration(&self) -> String {
        if self.usual_prefix { String::new() } else { format!(" xmlns:w=\"{}\"", self.namespace) }
    }
}

pub const TRANSITIONAL: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
pub const STRICT: &str = "http://purl.oclc.org/ooxml/wordprocessingml/main";

#[derive(Default)]
struct Scan {
    /// The open run, and how many elements are open in it.
    open: Option<Run>,
    depth: usize,
    math: bool,
    paragraph: u32,
    inserted: Vec<Range<usize>>,
    moved: usize,
    /// Open fields: place of the run that begins it.
    fields: Vec<usize>,
    /// Open fields that are elements: where they begin, and the place of their first run.
    simple: Vec<(usize, usize)>,
    /// Fields that end in the open run.
    ended: Vec<usize>,
}

impl Scan {
    fn start(&mut self, layout: &mut Layout, tag: Tag, bytes: Range<usize>) {
        if let Some(run) = &mut self.open {
            if self.depth == 0 && !self.math {
                match tag.attribute("fldCharType").filter(|_| tag.is("fldChar")).as_deref() {
                    Some("begin") => self.fields.push(layout.runs.len()),
                    Some("end") => self.ended.extend(self.fields.pop()),
                    _ => {}
                }
                if tag.is("rPr") {
                    run.head.1 = bytes.clone();
                } else {
                    let text = tag.is("t").then(|| (bytes.clone(), bytes.end..bytes.end));
                    run.children.push(Child { start: bytes.start, end: bytes.end, text });
                }
            }
            self.depth += 1;
            return;
        }
        let math = tag.name.space == Space::Math && matches!(tag.name.local, "oMath" | "oMathPara");
        if math || tag.is("r") {
            let nothing = bytes.end..bytes.end;
            let run = Run {
                start: bytes.start,
                end: bytes.end,
                head: (bytes.clone(), nothing.clone()),
                tail: nothing,
                children: Vec::new(),
                solid: math || tag.raw.ends_with("/>"),
                paragraph: self.paragraph,
                inserted: self.inserted.last().cloned(),
                fixed: self.moved > 0,
                field: None,
            };
            (self.open, self.depth, self.math) = (Some(run), 0, math);
        } else if tag.is("fldSimple") {
            self.simple.push((bytes.start, layout.runs.len()));
        } else if tag.is("p") {
            self.paragraph += 1;
        } else if tag.is("ins") {
            self.inserted.push(bytes);
        } else if tag.is("moveTo") || tag.is("moveFrom") || tag.is("del") {
            self.moved += 1;
        }
    }

    fn end(&mut self, layout: &mut Layout, name: Name, bytes: Range<usize>) {
        let Some(run) = &mut self.open else {
            match (name.space, name.local) {
                (Space::Word, "ins") => drop(self.inserted.pop()),
                (Space::Word, "fldSimple") => {
                    if let Some((start, first)) = self.simple.pop().filter(|_| self.simple.is_empty()) {
                        layout.runs[first..].iter_mut().for_each(|run| run.field = Some(start..bytes.end));
                    }
                }
                (Space::Word, "moveTo" | "moveFrom" | "del") => self.moved = self.moved.saturating_sub(1),
                _ => {}
            }
            return;
        };
        if self.depth == 0 {
            (run.tail, run.end) = (bytes.clone(), bytes.end);
            layout.runs.extend(self.open.take());
            for first in std::mem::take(&mut self.ended) {
                self.close_field(layout, first);
            }
            return;
        }
        self.depth -= 1;
        if self.depth == 0 && !self.math {
            if name.space == Space::Word && name.local == "rPr" {
                run.head.1.end = bytes.end;
            } else if let Some(child) = run.children.last_mut() {
                child.end = bytes.end;
                if let Some((tag, text)) = &mut child.text {
                    *text = tag.end..bytes.start.max(tag.end);
                }
            }
        }
    }

    /// Tells the runs of a field that it is theirs; a field inside another of the paragraph leaves it to that.
    fn close_field(&self, layout: &mut Layout, first: usize) {
        let runs = &mut layout.runs;
        let Some(begin) = runs.get(first).filter(|begin| begin.paragraph == self.paragraph) else { return };
        let outer = self.fields.last().and_then(|outer| runs.get(*outer));
        if outer.is_some_and(|outer| outer.paragraph == self.paragraph) {
            return;
        }
        let Some(last) = runs.last() else { return };
        let field = begin.start..last.end;
        runs[first..].iter_mut().for_each(|run| run.field = Some(field.clone()));
    }
}
