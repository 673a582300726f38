//! Which level each mark belongs to: the cheapest reading of all marks together.
//!
//! Takes the events of [`super::lines`]; gives one [`Decision`] for each. Costs say what a reader would
//! find odd; the beam keeps the readings that are still close to the best, so the work grows with the
//! number of marks and not with their combinations. It must not know titles or bodies.

use super::lines::{Break, Event, MarkEvent, Place};
use super::{Ordinal, Style};
use crate::lexer::ordinal::Boundary;

/// Levels open at once; deeper marks are read as text.
const DEPTH: usize = 8;
/// Readings kept after each mark.
const BEAM: usize = 10;
/// A reading this much dearer than the best is dropped.
const MARGIN: i32 = 55;

/// Another sign after the number than its siblings have.
const SIGN: i32 = 12;
/// The same bracket with the other script, or the same script with half a bracket.
const TWIN: i32 = 35;

/// What becomes of an event in the cheapest reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// No numbering mark of the outline.
    Ignore,
    /// Next item of the series open at `depth`, read as `value`.
    Join { depth: u8, value: u32 },
    /// First item of a new series at `depth`.
    Open { depth: u8, value: u32 },
    /// Unnumbered format heading at `depth`.
    Head { depth: u8 },
}

/// One open series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Level {
    /// The style most of its items have; `None` for an unnumbered format heading.
    style: Option<Style>,
    votes: u8,
    sign: Sign,
    /// What its last item was read as, and what was typed there.
    last: u32,
    typed: u32,
    /// The style of its last item, where that is another one.
    switched: Option<Style>,
    /// Items so far, at most 2.
    items: u8,
    /// Format level of its items; `u8::MAX` for plain paragraphs.
    format: u8,
    /// Event of its last item.
    event: u32,
}

/// Marks of one series are followed by the same sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Dot,
    Comma,
    None,
}

impl Sign {
    fn of(mark: &Ordinal) -> Sign {
        match mark.punctuation {
            Some('.' | '．') => Sign::Dot,
            Some('、') => Sign::Comma,
            _ => Sign::None,
        }
    }
}

#[derive(Clone, Copy)]
struct State {
    levels: [Level; DEPTH],
    depth: u8,
    cost: i32,
    /// The last 第…条, which runs on across headings.
    article: u32,
    /// Entry of the trail that led here.
    trail: u32,
}

impl State {
    fn open(&self) -> &[Level] {
        &self.levels[..self.depth as usize]
    }

    /// Whether the future can treat both alike.
    fn same(&self, other: &State) -> bool {
        self.depth == other.depth
            && self.article == other.article
            && self.open().iter().zip(other.open()).rev().all(|(a, b)| {
                a.style == b.style
                    && a.last == b.last
                    && a.typed == b.typed
                    && a.sign == b.sign
                    && a.format == b.format
            })
    }
}

const NO_LEVEL: Level = Level {
    style: None,
    votes: 0,
    sign: Sign::None,
    last: 0,
    typed: 0,
    switched: None,
    items: 0,
    format: 0,
    event: 0,
};

/// The last events with a break of at least this strength before them.
#[derive(Default, Clone, Copy)]
struct Breaks {
    plain: u32,
    soft: u32,
    hard: u32,
}

pub fn search(events: &[Event]) -> Vec<Decision> {
    let start = State { levels: [NO_LEVEL; DEPTH], depth: 0, cost: 0, article: 0, trail: 0 };
    let mut trail: Vec<(u32, Decision)> = vec![(0, Decision::Ignore)];
    let mut beam = vec![start];
    let mut kept = Vec::with_capacity(BEAM);
    let mut next = Next { steps: Vec::with_capacity(BEAM * 8), best: 0 };
    let mut breaks = Breaks::default();
    for (index, event) in events.iter().enumerate() {
        let index = index as u32;
        next.steps.clear();
        next.best = i32::MAX - MARGIN;
        match event {
            Event::Label { .. } => continue,
            Event::Heading { level, .. } => {
                breaks.soft = index;
                for (from, state) in beam.iter().enumerate() {
                    next.push(Step { from, cost: state.cost, decision: head(state, *level) });
                }
            }
            Event::Mark(mark) => {
                match mark.before {
                    Break::None => {}
                    Break::Plain => breaks.plain = index,
                    Break::Soft => (breaks.plain, breaks.soft) = (index, index),
                    Break::Hard => (breaks.plain, breaks.soft, breaks.hard) = (index, index, index),
                }
                for (from, state) in beam.iter().enumerate() {
                    if state.cost <= next.most() {
                        options(from, state, mark, breaks, &mut next);
                    }
                }
            }
        }
        keep(&mut next, &beam, event, index, &mut trail, &mut kept);
        std::mem::swap(&mut beam, &mut kept);
    }
    let best = beam.iter().min_by_key(|state| state.cost).map_or(0, |state| state.trail);
    decisions(events, &trail, best)
}

/// A way on from a reading of the beam. The reading it leads to is built only if it is kept: building
/// and sorting all of them took a tenth of the whole engine's time.
#[derive(Clone, Copy)]
struct Step {
    from: usize,
    cost: i32,
    decision: Decision,
}

/// The ways on so far, but for those that are too dear beside another.
struct Next {
    steps: Vec<Step>,
    /// The cheapest cost so far.
    best: i32,
}

impl Next {
    /// What a way on may cost.
    fn most(&self) -> i32 {
        self.best + MARGIN
    }

    fn push(&mut self, step: Step) {
        if step.cost <= self.most() {
            self.best = self.best.min(step.cost);
            self.steps.push(step);
        }
    }
}

impl Step {
    fn take(&self, beam: &[State], event: &Event, index: u32) -> State {
        let from = &beam[self.from];
        let mut state = match (self.decision, event) {
            (Decision::Join { depth, value }, Event::Mark(mark)) => {
                join(from, depth as usize, mark, index, value)
            }
            (Decision::Open { depth, value }, Event::Mark(mark)) => {
                open(from, depth as usize, mark, index, value)
            }
            (Decision::Head { depth }, Event::Heading { level, .. }) => {
                let mut state = *from;
                state.levels[depth as usize] = Level { format: *level, event: index, ..NO_LEVEL };
                state.depth = depth + 1;
                state
            }
            _ => *from,
        };
        state.cost = self.cost;
        state
    }
}

/// Keeps the cheapest distinct readings, with their way written to the trail.
fn keep(
    next: &mut Next,
    beam: &[State],
    event: &Event,
    index: u32,
    trail: &mut Vec<(u32, Decision)>,
    kept: &mut Vec<State>,
) {
    kept.clear();
    let (best, most) = (next.best, next.most());
    next.steps.retain(|step| step.cost <= most);
    next.steps.sort_by_key(|step| step.cost);
    for step in &next.steps {
        if kept.len() == BEAM {
            break;
        }
        let mut state = step.take(beam, event, index);
        if kept.iter().any(|kept| kept.same(&state)) {
            continue;
        }
        trail.push((state.trail, step.decision));
        state.trail = trail.len() as u32 - 1;
        // Only differences matter; the sum would overflow on a text without end.
        state.cost -= best;
        kept.push(state);
    }
}

fn decisions(events: &[Event], trail: &[(u32, Decision)], best: u32) -> Vec<Decision> {
    let mut out = vec![Decision::Ignore; events.len()];
    let mut at = best;
    for (index, _) in
        events.iter().enumerate().rev().filter(|(_, event)| !matches!(event, Event::Label { .. }))
    {
        let (before, decision) = trail[at as usize];
        out[index] = decision;
        at = before;
    }
    out
}

/// An unnumbered format heading closes what stands at its level or below.
fn head(state: &State, format: u8) -> Decision {
    let kept = state.open().iter().rposition(|level| level.format < format).map_or(0, |last| last + 1);
    Decision::Head { depth: kept.min(DEPTH - 1) as u8 }
}

fn options(from: usize, state: &State, mark: &MarkEvent, breaks: Breaks, next: &mut Next) {
    let ordinal = &mark.ordinal;
    // Whatever costs more from here on is too dear.
    let most = next.most() - state.cost;
    let mut push =
        |cost: i32, decision: Decision| next.push(Step { from, cost: state.cost + cost, decision });
    push(ignoring(mark), Decision::Ignore);
    // What it costs to close the levels from each depth on.
    let mut closed = [0; DEPTH + 1];
    for depth in (0..state.depth as usize).rev() {
        closed[depth] = closed[depth + 1] + closing(&state.levels[depth]);
    }
    for depth in 0..state.depth as usize {
        let level = &state.levels[depth];
        let Some(style) = level.style else { continue };
        let closing = closed[depth + 1];
        let crossing = if level.event < breaks.hard { 20 } else { 0 };
        let format = if level.format == mark.format { 0 } else { 15 };
        let expected = level.last + 1;
        let styled = style_cost(level, style, ordinal);
        if let Some(styled) = styled.filter(|styled| closing + crossing + format + styled <= most) {
            let exact = ordinal.value == expected;
            let valued = value_cost(level, ordinal.value, mark);
            let near = exact || styled <= SIGN || styled <= TWIN && ordinal.value == expected + 1;
            if let Some(valued) = valued.filter(|_| near) {
                let cost = closing + crossing + format + styled + valued;
                // As typed, a section is lost or came in twice; as expected, only the number is wrong.
                // Which of the two, the marks after it say; where they do not, a jump is a loss.
                let typed = (ordinal.value >= level.last).then_some(ordinal.value);
                let both = if ordinal.value > level.last {
                    [typed, Some(expected)]
                } else {
                    [Some(expected), typed]
                };
                let distinct = if exact { &both[..1] } else { &both[..] };
                for value in distinct.iter().flatten().copied() {
                    push(cost, Decision::Join { depth: depth as u8, value });
                }
            }
        }
        if style == ordinal.style && ordinal.value == 1 && style != Style::Article {
            let cost = closing + format + restart(level, mark, breaks);
            push(cost, Decision::Open { depth: depth as u8, value: 1 });
        }
    }
    for (depth, &closing) in closed.iter().enumerate().take((state.depth as usize + 1).min(DEPTH)) {
        if let Some(cost) = opening(state, depth, mark, closing) {
            let value = ordinal.value;
            push(cost, Decision::Open { depth: depth as u8, value });
            if value == 2 {
                // The first two changed places.
                push(cost, Decision::Open { depth: depth as u8, value: 1 });
            }
        }
    }
}

fn join(state: &State, depth: usize, mark: &MarkEvent, event: u32, value: u32) -> State {
    let mut new = *state;
    new.depth = depth as u8 + 1;
    let level = &mut new.levels[depth];
    level.switched = (level.style != Some(mark.ordinal.style)).then_some(mark.ordinal.style);
    if level.style == Some(mark.ordinal.style) {
        level.votes = level.votes.saturating_add(1).min(200);
    } else if level.votes > 0 {
        level.votes -= 1;
    } else {
        (level.style, level.votes) = (Some(mark.ordinal.style), 1);
        level.sign = Sign::of(&mark.ordinal);
    }
    level.last = value;
    level.typed = mark.ordinal.value;
    level.items = 2;
    level.event = event;
    if mark.ordinal.style == Style::Article {
        new.article = value;
    }
    new
}

fn open(state: &State, depth: usize, mark: &MarkEvent, event: u32, value: u32) -> State {
    let mut new = *state;
    new.depth = depth as u8 + 1;
    new.levels[depth] = Level {
        style: Some(mark.ordinal.style),
        votes: 1,
        sign: Sign::of(&mark.ordinal),
        last: value,
        typed: mark.ordinal.value,
        switched: None,
        items: 1,
        format: mark.format,
        event,
    };
    if mark.ordinal.style == Style::Article {
        new.article = mark.ordinal.value;
    }
    new
}

/// Reading a mark as plain text.
fn ignoring(mark: &MarkEvent) -> i32 {
    if mark.echo {
        return 3;
    }
    match (mark.place, mark.ordinal.style) {
        (_, Style::Adverb) => 1,
        (_, Style::Article | Style::Chapter | Style::Division) => 12,
        (Place::Start, _) => 88,
        (Place::Doubtful, _) => 12,
        (Place::Inline(Boundary::Strong), Style::Is) => 70,
        (Place::Inline(Boundary::Strong), _) => 62,
        // 二、 after a blank: only believed at all where a page is one line, and there it is a heading.
        (Place::Inline(Boundary::Medium), Style::Chinese) => 58,
        (Place::Inline(Boundary::Medium), _) => 22,
        (Place::Inline(Boundary::Weak), _) => 6,
    }
}

/// A series that ends after its first item.
fn closing(level: &Level) -> i32 {
    if level.items == 1 && level.style.is_some() { 8 } else { 0 }
}

/// Putting a mark into a series of `style`; `None` where nobody would.
fn style_cost(level: &Level, style: Style, mark: &Ordinal) -> Option<i32> {
    use Style::*;
    if style == mark.style {
        let bare = matches!(style, Arabic | Chinese);
        return Some(if bare && level.sign != Sign::of(mark) { SIGN } else { 0 });
    }
    match (style, mark.style) {
        (Part | Chapter | Division | Article, _) | (_, Part | Chapter | Division | Article) => None,
        (Adverb, _) | (_, Adverb) => None,
        (Chinese, Arabic)
        | (Arabic, Chinese)
        | (ChineseBracket, ArabicBracket)
        | (ArabicBracket, ChineseBracket)
        | (ArabicHalfBracket, ArabicBracket)
        | (ArabicBracket, ArabicHalfBracket) => {
            // Once switched, or where automatic numbering left its blank, the other script is no surprise.
            Some(if level.switched == Some(mark.style) {
                8
            } else {
                TWIN - if mark.blank_after { 8 } else { 0 }
            })
        }
        (Circled, _) | (_, Circled) => None,
        // Only a number well into the series can be told from the start of another one.
        (Is | First, _) | (_, Is | First) => (mark.value >= 3).then_some(42),
        (Chinese, ChineseBracket)
        | (ChineseBracket, Chinese)
        | (Arabic, ArabicBracket)
        | (ArabicBracket, Arabic) => (mark.value >= 3).then_some(58),
        _ => None,
    }
}

/// Following the last item with `value`.
fn value_cost(level: &Level, value: u32, mark: &MarkEvent) -> Option<i32> {
    let last = level.last;
    let trust = match mark.place {
        Place::Start => 0,
        Place::Inline(Boundary::Strong) => 4,
        Place::Inline(Boundary::Medium) if mark.ordinal.style == Style::Chinese => 4,
        _ => 40,
    };
    match value {
        _ if mark.ordinal.style == Style::Adverb => Some(0),
        _ if value == last + 1 => Some(0),
        // This one has the number that was missing at the one before: the two changed places.
        _ if value == last && level.typed == last + 1 => Some(5 + trust),
        _ if value == last => Some(50 + trust),
        _ if value > last => Some(50 + trust + 9 * (value - last - 2).min(10) as i32),
        _ => Some(60 + trust),
    }
}

/// Beginning a series of the same style anew.
fn restart(level: &Level, mark: &MarkEvent, breaks: Breaks) -> i32 {
    let at = level.event;
    // A series of one item followed by another of the same style is more likely one series.
    let single = if level.items == 1 { 15 } else { 0 };
    if at < breaks.hard {
        0
    } else if at < breaks.soft || mark.announced {
        10
    } else if at < breaks.plain {
        30 + single
    } else {
        60
    }
}

/// Opening a new series at `depth`, below the item open there; `closing` is what closing it costs.
fn opening(state: &State, depth: usize, mark: &MarkEvent, closing: i32) -> Option<i32> {
    let (ordinal, open) = (&mark.ordinal, state.open());
    let style = ordinal.style;
    let mut cost = closing;
    if style == Style::Article {
        let next = ordinal.value == state.article + 1 || ordinal.value == 1;
        return (depth == open.len()).then_some(if next { cost } else { cost + 60 });
    }
    let numbered = |level: &&Level| level.style.is_some();
    let parent = open[..depth].iter().rev().find(numbered).and_then(|level| level.switched.or(level.style));
    if style == Style::Part && parent.is_some() {
        return None;
    }
    if let Some(replaced) = open.get(depth) {
        // A list ends and its heading's next level begins; the other way round it is a child. The same
        // kind is a restart.
        match replaced.style {
            Some(old) if old == style && ordinal.value == 1 => return None,
            Some(old) if old > style || old == Style::Article => cost += 5,
            Some(_) => cost += 45,
            None => cost += 30,
        }
    }
    let inside = open[..depth].iter().any(|level| level.style == Some(style));
    cost += match parent {
        _ if inside => 25,
        None | Some(Style::Article) => 0,
        Some(parent) if parent < style => 2 * (style as i32 - parent as i32 - 1).clamp(0, 2),
        Some(Style::First | Style::Is | Style::Adverb) => 8,
        Some(_) => 20,
    };
    if open[..depth].last().is_some_and(|level| level.format >= mark.format && mark.format != u8::MAX) {
        cost += 20;
    }
    if ordinal.value > 1 && style != Style::Adverb {
        cost += 60 + 5 * (ordinal.value - 2).min(9) as i32;
    }
    Some(cost)
}
