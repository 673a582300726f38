//! One slip put into a report on purpose, and the text with it.

use gouji::document::Span;
use rust_decimal::Decimal;
use smol_str::SmolStr;

pub struct Mutation {
    /// Byte range of the original text with what replaces it; sorted, disjoint.
    pub edits: Vec<(Span, String)>,
    /// Unchanged places of the original text that belong to the slip: the total that was not updated,
    /// the bracket left alone.
    pub also: Vec<Span>,
    pub truth: Truth,
}

/// What a right answer is, beyond a finding at the place.
pub enum Truth {
    Place,
    /// One figure was changed: the first edit.
    Figure(Figure),
    /// Parts were changed; the last place of `also` is the total left behind.
    Total {
        rule: SmolStr,
    },
    /// A finding of this code whose message has these words; where it stands does not matter. Findings of the
    /// families in `follow` are right consequences.
    Says {
        code: &'static str,
        words: String,
        follow: &'static [&'static str],
    },
}

pub struct Figure {
    /// What the figure was, in base units.
    pub value: Decimal,
    /// Base units of one unit as printed now: 10000 for 万元.
    pub factor: Decimal,
    /// Rule that would tell the first relation that the change breaks; none where all still hold.
    pub rule: Option<SmolStr>,
    /// It takes part in some relation that holds.
    pub related: bool,
    pub repeated: bool,
    /// The rest of the report decides that this figure is the wrong one.
    pub determined: bool,
}

impl Mutation {
    pub fn at(span: Span, text: impl Into<String>) -> Self {
        Mutation { edits: vec![(span, text.into())], also: Vec::new(), truth: Truth::Place }
    }

    pub fn with(mut self, place: Span) -> Self {
        self.also.push(place);
        self
    }

    /// The changed text, and the places of edits and of `also` in it.
    pub fn apply(&self, text: &str) -> (String, Vec<Span>) {
        let mut out = String::with_capacity(text.len() + 64);
        let mut places = Vec::with_capacity(self.edits.len() + self.also.len());
        let mut at = 0;
        for (span, replacement) in &self.edits {
            out.push_str(&text[at..span.range().start]);
            let start = out.len();
            out.push_str(replacement);
            places.push(Span::of(start, out.len()));
            at = span.range().end;
        }
        out.push_str(&text[at..]);
        places.extend(self.also.iter().map(|span| self.moved(*span)));
        (out, places)
    }

    /// Where a span that no edit meets stands in the changed text.
    pub fn moved(&self, span: Span) -> Span {
        let shift = |at: u32| {
            let before = self.edits.iter().take_while(|(edit, _)| edit.end <= at);
            before.fold(i64::from(at), |at, (edit, text)| at + text.len() as i64 - edit.len() as i64) as usize
        };
        Span::of(shift(span.start), shift(span.end))
    }
}

/// Whether the spans share a character; an empty place (something deleted) is widened to its neighbours.
pub fn touches(text: &str, place: Span, span: Span) -> bool {
    let place = if place.is_empty() { widened(text, place) } else { place };
    place.overlaps(span) || span.is_empty() && place.contains(span)
}

fn widened(text: &str, place: Span) -> Span {
    let at = place.range().start;
    let before = text[..at].chars().next_back().map_or(0, char::len_utf8);
    let after = text[at..].chars().next().map_or(0, char::len_utf8);
    Span::of(at - before, at + after)
}
