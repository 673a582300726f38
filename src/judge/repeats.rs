//! Kind `repeats`: a word or sentence printed twice.
//!
//! A noun may rightly end one compound and begin the next (各部门部门预算), so a doubled word is reported
//! only where it is one of a closed list, where what stands beside it shows that no compound begins, or, as
//! case `likely`, where the same words stand elsewhere with it once.
//! Placeholders: `{quote}` the doubled word or sentence, `{expected}` the word once. Case `sentence`.

use memchr::memmem;
use smol_str::SmolStr;

use super::{Context, Sink, words};
use crate::diagnostic::{Applicability, Edit};
use crate::document::Span;
use crate::document::chars::{is_han, is_stop};
use crate::rules::{Repeats, Rule};

/// Characters of the longest word looked for.
const LONGEST: usize = 8;
/// Characters beside a doubled word that must stand beside it elsewhere too.
const BESIDE: usize = 2;
/// Doubled words looked up in the whole text; a report has a few.
const SEARCHES: usize = 64;
/// Characters of a doubled sentence that are quoted.
const QUOTE: usize = 12;
/// Bytes of a Chinese character of the common planes.
const HAN: usize = 3;

pub fn judge<'a>(cx: &Context<'a>, rule: &'a Rule, repeats: &'a Repeats, sink: &mut Sink<'a>) {
    words::judge(cx, rule, &repeats.fixed, sink);
    let mut searches = SEARCHES;
    for paragraph in cx.prose() {
        sentences(cx, rule, repeats.sentence, paragraph, sink);
        let text = cx.text(paragraph);
        let mut at = 0;
        for start in suspects(text) {
            let Some(len) = doubled(text.as_bytes(), start).filter(|_| start >= at) else { continue };
            at = start;
            let span = Span::of(paragraph.start as usize + at, paragraph.start as usize + at + 2 * len);
            let word = &text[at..at + len];
            let always = repeats.always.iter().any(|one| one == word);
            if always || is_slip(cx, repeats, paragraph, span, word) {
                report(cx, rule, span, word, always, "", sink);
            } else if is_likely(cx, repeats, paragraph, span, word, &mut searches) {
                report(cx, rule, span, word, false, "likely", sink);
            }
            at += 2 * len;
        }
    }
}

/// Where words of two to [`LONGEST`] characters stand twice, in order, as places of the text in bytes.
fn suspects(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut places = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        // Of two characters that are equal the second adds no bit.
        let (start, mut bits) = (at, 0u64);
        while let Some([lead, second, third]) = bytes.get(at..at + HAN)
            && begins_han(lead)
        {
            bits |= 1 << ((second << 1 ^ third) & 63);
            at += HAN;
        }
        if (at - start) / HAN >= 2 + bits.count_ones() as usize {
            doubled_in(&bytes[start..at], start, &mut places);
        }
        at += 1;
    }
    places.sort_unstable();
    places.dedup();
    places
}

/// The same within a run of Chinese characters, which begins at byte `base`.
fn doubled_in(run: &[u8], base: usize, places: &mut Vec<usize>) {
    for len in 2..=LONGEST.min(run.len() / HAN / 2) {
        let pairs = run.chunks_exact(HAN).zip(run[len * HAN..].chunks_exact(HAN));
        let mut equal = 0;
        for (place, (one, other)) in pairs.enumerate() {
            equal = if one == other { equal + 1 } else { 0 };
            if equal >= len {
                places.push(base + (place + 1 - len) * HAN);
            }
        }
    }
}

fn begins_han(byte: &u8) -> bool {
    (0xE4..=0xE9).contains(byte)
}

/// Byte length of the word of two to eight Chinese characters that stands twice at `at`.
fn doubled(bytes: &[u8], at: usize) -> Option<usize> {
    let first = han(bytes, at)?;
    let mut len = 2 * HAN;
    while len <= LONGEST * HAN && at + 2 * len <= bytes.len() {
        // Most places are ruled out by the first character alone.
        if bytes[at + len..at + len + HAN] == *first && bytes[at..at + len] == bytes[at + len..at + 2 * len] {
            let all_han = (0..len).step_by(HAN).all(|step| han(bytes, at + step).is_some());
            let one_character = bytes[at..at + len].chunks(HAN).all(|c| c == first);
            return (all_han && !one_character).then_some(len);
        }
        len += HAN;
    }
    None
}

fn han(bytes: &[u8], at: usize) -> Option<&[u8]> {
    bytes.get(at..at + HAN).filter(|c| begins_han(&c[0]))
}

fn is_slip(cx: &Context, repeats: &Repeats, paragraph: Span, span: Span, word: &str) -> bool {
    let rest = cx.text(Span::new(span.end, paragraph.end));
    let ends = if rest.is_empty() {
        // Jumbled cells of a table end like this too; a sentence holds marks.
        cx.lexed.marks.within(paragraph).iter().any(|mark| matches!(mark.char, '，' | '。'))
    } else {
        rest.starts_with(|c: char| c.is_ascii_digit())
            || repeats.followers.iter().any(|follower| rest.starts_with(follower.as_str()))
    };
    // 项目|的|目的|的: what ends in 的 is two words.
    let parted = word.ends_with('的') || word.starts_with(['的', '一', '几']);
    ends && !parted && !repeats.allowed.iter().any(|one| one == word) && !cx.lexed.marks.is_quoted(span)
}

/// The clause begins with a noun twice, or the document has the same words with it once.
fn is_likely(
    cx: &Context,
    repeats: &Repeats,
    paragraph: Span,
    span: Span,
    word: &str,
    searches: &mut usize,
) -> bool {
    if repeats.allowed.iter().any(|one| one == word) || cx.lexed.marks.is_quoted(span) {
        return false;
    }
    let before = cx.text(Span::new(paragraph.start, span.start));
    let after = cx.text(Span::new(span.end, paragraph.end));
    // Nothing stands before it that the first of the two could end.
    let starts = before.is_empty()
        || before.ends_with(['，', '。', '；', '、', '：', '）', '.', '．', ' ', '\u{3000}']);
    let begins = starts && after.starts_with(is_han);
    if begins && repeats.nouns.iter().any(|noun| noun == word) {
        return true;
    }
    if is_common(cx, repeats, paragraph, before, after, word) {
        return true;
    }
    let lead: usize = before.chars().rev().take(BESIDE).take_while(|c| is_han(*c)).map(char::len_utf8).sum();
    let tail: usize = after.chars().take(BESIDE).take_while(|c| is_han(*c)).map(char::len_utf8).sum();
    if lead < BESIDE * HAN || tail < BESIDE * HAN || *searches == 0 {
        return false;
    }
    *searches -= 1;
    let once = format!("{}{word}{}", &before[before.len() - lead..], &after[..tail]);
    memmem::find(cx.flow.text.as_bytes(), once.as_bytes()).is_some()
}

/// A word of these reports that begins no compound of theirs here. In published reports doubled words are slips but for a
/// few compounds, and those are listed.
fn is_common(
    cx: &Context,
    repeats: &Repeats,
    paragraph: Span,
    before: &str,
    after: &str,
    word: &str,
) -> bool {
    let listed = |words: &[SmolStr]| words.iter().any(|one| one == word);
    let noun = listed(&repeats.common_nouns);
    if !noun && !listed(&repeats.common) {
        return false;
    }
    // Jumbled cells of a table hold no marks and many words.
    let text = cx.text(paragraph).trim_start();
    let is_line = text.chars().count() <= LINE && !text.contains(char::is_whitespace);
    let jumbled = text.contains(['≥', '≤', '=', '|']);
    if jumbled
        || !is_line && !cx.lexed.marks.within(paragraph).iter().any(|mark| matches!(mark.char, '，' | '。'))
    {
        return false;
    }
    let compound = repeats
        .compounds
        .iter()
        .any(|compound| compound.strip_prefix(word).is_some_and(|rest| after.starts_with(rest)));
    // Behind 的 or a mark no compound ends with the first of the two.
    let parted = before.is_empty() || before.ends_with(|c| !is_han(c) || repeats.parts.contains(c));
    !compound || noun && parted
}

/// Characters of a title or heading.
const LINE: usize = 40;

/// Sentences of `least` characters or more that stand twice in a row.
fn sentences<'a>(cx: &Context<'a>, rule: &'a Rule, least: usize, paragraph: Span, sink: &mut Sink<'a>) {
    let text = cx.text(paragraph);
    let mut last = "";
    let mut at = 0;
    for mark in cx.lexed.marks.within(paragraph).iter().filter(|mark| is_stop(mark.char)) {
        let end = (mark.span().end - paragraph.start) as usize;
        let sentence = text.get(at..end).unwrap_or_default();
        if sentence == last && sentence.chars().nth(least).is_some() {
            let span = Span::of(paragraph.start as usize + at, paragraph.start as usize + end);
            let place = cx.flow.source(span);
            let edit = Edit { span: place, replacement: String::new() };
            let quote: String = sentence.chars().take(QUOTE).collect();
            sink.report(rule, place)
                .case("sentence")
                .value("quote", quote)
                .fix(Applicability::Suggested, "", vec![edit])
                .emit();
        }
        (last, at) = (sentence, end);
    }
}

fn report<'a>(
    cx: &Context<'a>,
    rule: &'a Rule,
    span: Span,
    word: &str,
    sure: bool,
    case: &'static str,
    sink: &mut Sink<'a>,
) {
    let second = Span::of((span.start as usize) + word.len(), span.end as usize);
    let applicability = if sure { Applicability::Safe } else { Applicability::Suggested };
    let edit = Edit { span: cx.flow.source(second), replacement: String::new() };
    sink.report(rule, cx.flow.source(span))
        .case(case)
        .value("quote", cx.text(span))
        .value("expected", word)
        .fix(applicability, word, vec![edit])
        .emit();
}

#[cfg(test)]
mod tests {
    use super::{doubled, suspects};

    #[test]
    fn words_of_two_to_eight_characters_are_found() {
        for (text, len) in [
            ("累计累计", Some(6)),
            ("一般公共预算一般公共预算", Some(18)),
            ("人人平等人人平等", Some(12)),
            ("人人等人人等", Some(9)),
            ("哈哈哈哈", None),
            ("20232023", None),
            ("累计，累计", None),
        ] {
            assert_eq!(doubled(text.as_bytes(), 0), len, "{text}");
            let found = suspects(text);
            assert!(len.is_none() || found.contains(&0), "{text}");
        }
    }
}
