//! The text as its author wrote it: without the notation of the format and without the line ends
//! that only wrap a paragraph.

use std::borrow::Cow;

use super::{Document, Span};

/// `Document::text` without `Document::markup`, and the way back. A word or figure that is broken by
/// markup or by a soft line end is whole here.
#[derive(Debug, Clone)]
pub struct Flow<'a> {
    pub text: Cow<'a, str>,
    /// Where in `text` something is left out, and how many bytes have been left out up to there.
    cuts: Vec<(u32, u32)>,
}

impl Document {
    /// Borrowed, at no cost, where nothing is left out.
    pub fn flow(&self) -> Flow<'_> {
        if self.markup.is_empty() {
            return Flow { text: Cow::Borrowed(&self.text), cuts: Vec::new() };
        }
        let mut text = String::with_capacity(self.text.len());
        let mut cuts = Vec::with_capacity(self.markup.len());
        let (mut at, mut removed) = (0, 0);
        for &span in &self.markup {
            let kept = Span { start: at, end: span.start };
            text.push_str(self.slice(kept));
            removed += span.len() as u32;
            cuts.push((text.len() as u32, removed));
            at = span.end;
        }
        text.push_str(self.slice(Span { start: at, end: self.text.len() as u32 }));
        Flow { text: Cow::Owned(text), cuts }
    }
}

impl Flow<'_> {
    /// The span of `Document::text` that shows `span` of the flowing text.
    pub fn source(&self, span: Span) -> Span {
        if self.is_whole() {
            return span;
        }
        // What is left out just before a start or just after an end stays outside.
        let start = self.removed(self.cuts.partition_point(|&(at, _)| at <= span.start));
        let end = self.removed(self.cuts.partition_point(|&(at, _)| at < span.end));
        let (start, end) = (span.start + start, span.end + end);
        Span { start: start.min(end), end }
    }

    /// What is left of `span` of `Document::text` here.
    pub fn shown(&self, span: Span) -> Span {
        if self.is_whole() {
            return span;
        }
        let place = |offset: u32| {
            let cut = self.cuts.partition_point(|&(at, removed)| at + removed <= offset);
            let here = offset - self.removed(cut);
            // Inside what is left out: where it was.
            self.cuts.get(cut).map_or(here, |&(at, _)| here.min(at))
        };
        Span { start: place(span.start), end: place(span.end) }
    }

    /// Whether this is `Document::text` itself.
    pub fn is_whole(&self) -> bool {
        self.cuts.is_empty()
    }

    fn removed(&self, cuts: usize) -> u32 {
        cuts.checked_sub(1).map_or(0, |last| self.cuts[last].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_lead_back_around_what_is_left_out() {
        let text = "共**138.\n43**万元".to_owned();
        let at = |word: &str| Span::of(text.find(word).unwrap(), text.find(word).unwrap() + word.len());
        let stars = Span::of(3, 5);
        let document = Document {
            markup: vec![stars, at("\n"), Span::of(at("43").end as usize, at("万").start as usize)],
            text: text.clone(),
            ..Document::default()
        };
        let flow = document.flow();
        assert_eq!(flow.text, "共138.43万元");
        let of = |word: &str| {
            let start = flow.text.find(word).unwrap();
            document.slice(flow.source(Span::of(start, start + word.len())))
        };
        assert_eq!([of("138.43"), of("共"), of("万元")], ["138.\n43", "共", "万元"]);
        for word in ["共**138.\n43**万元", "138.\n43", "**138.", "\n43**", "万元"] {
            let plain = word.replace(['*', '\n'], "");
            assert_eq!(&flow.text[flow.shown(at(word)).range()], plain, "{word}");
        }
    }
}
