//! What a page draws: characters with their places, straight rules, pictures.
//!
//! Takes a page of the library; gives [`Drawn`] in the page's own reading direction, y downwards. Pictures are not
//! decoded, patterns and masks not followed, actions and links not looked at. The one file that knows how
//! the library draws.

use std::panic::resume_unwind;

use hayro_interpret::font::{Glyph as Font, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::object::Dict;
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo::{Affine, BezPath, PathEl, Point, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, RenderContent, SoftMask, interpret_page,
};
use smol_str::SmolStr;

use super::unicode::{self, Predefined};

/// Thicker strokes and fills are areas, no rules.
const THICKEST: f64 = 3.0;
/// Shorter ones belong to drawn letters.
const SHORTEST: f64 = 3.0;
/// What a form costs at least: it is unpacked and read again each time it is drawn.
const FORM: u64 = 500;
/// What stands in place of a character that cannot be told.
pub const LOST: char = '\u{fffd}';

#[derive(Debug, Clone)]
pub struct Glyph {
    pub text: SmolStr,
    pub x0: f64,
    pub x1: f64,
    /// Of the line on which it stands.
    pub y: f64,
    pub size: f64,
    /// The file itself says that it belongs to the page and not to the text.
    pub furniture: bool,
    /// A line crosses it out.
    pub struck: bool,
}

impl Glyph {
    pub fn is_blank(&self) -> bool {
        self.text.chars().all(|c| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{ad}'))
    }

    pub fn middle(&self) -> (f64, f64) {
        ((self.x0 + self.x1) / 2.0, self.y - 0.35 * self.size)
    }
}

/// A straight line along the page: at that height from left to right, or there from top to bottom.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    pub level: bool,
    pub at: f64,
    pub from: f64,
    pub to: f64,
}

/// What one page shows.
#[derive(Debug, Default)]
pub struct Drawn {
    pub glyphs: Vec<Glyph>,
    /// Text that runs another way than most of the page.
    pub aside: Vec<Glyph>,
    pub rules: Vec<Rule>,
    /// Part of the page that pictures cover, 0 to 1 and more.
    pub pictures: f64,
    /// Filled shapes that are no rules.
    pub shapes: u32,
    pub width: f64,
    pub height: f64,
}

/// What drawing may still cost; it ends the reading when it is used up.
pub struct Budget {
    pub left: u64,
    /// What drawing a form costs beside its glyphs.
    pub form: u64,
}

/// Thrown through the library when the budget is used up.
pub struct Spent;

impl Budget {
    fn spend(&mut self, cost: u64) {
        match self.left.checked_sub(cost) {
            Some(left) => self.left = left,
            None => resume_unwind(Box::new(Spent)),
        }
    }
}

pub fn draw<'a>(
    page: &Page<'a>,
    cache: &InterpreterCache<'a>,
    budget: &mut Budget,
    predefined: &mut Predefined<'a>,
) -> Drawn {
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let frame = Rect::new(0.0, 0.0, width, height);
    let settings =
        InterpreterSettings { render_content: RenderContent::all(), ..InterpreterSettings::default() };
    let transform = Affine::new(page.initial_transform(true).as_coeffs());
    let mut context = Context::new(transform, frame, cache, page.xref(), settings);
    let mut device = Collector {
        frame,
        budget,
        predefined,
        turned: Default::default(),
        rules: Vec::new(),
        artifacts: Vec::new(),
        pictures: 0.0,
        shapes: 0,
    };
    interpret_page(page, &mut context, &mut device);
    device.finish()
}

struct Collector<'b, 'a> {
    frame: Rect,
    budget: &'b mut Budget,
    predefined: &'b mut Predefined<'a>,
    /// By the direction of the text in quarter turns to the right, placed as if it were not turned.
    turned: [Vec<Glyph>; 4],
    rules: Vec<Rule>,
    /// For each open mark whether it marks furniture.
    artifacts: Vec<bool>,
    pictures: f64,
    shapes: u32,
}

impl Collector<'_, '_> {
    fn finish(self) -> Drawn {
        let mut turned = self.turned;
        let most = (0..4).max_by_key(|&turn| (turned[turn].len(), 4 - turn)).unwrap_or(0);
        let glyphs = std::mem::take(&mut turned[most]);
        let (width, height) = (self.frame.width(), self.frame.height());
        let rules = self.rules.into_iter().map(|rule| {
            let Rule { level, at, from, to } = rule;
            match most {
                0 => rule,
                1 if level => Rule { level: false, at, from: width - to, to: width - from },
                1 => Rule { level: true, at: width - at, from, to },
                2 if level => Rule { level, at: height - at, from: width - to, to: width - from },
                2 => Rule { level, at: width - at, from: height - to, to: height - from },
                _ if level => Rule { level: false, at: height - at, from, to },
                _ => Rule { level: true, at, from: height - to, to: height - from },
            }
        });
        Drawn {
            glyphs,
            aside: turned.into_iter().flatten().collect(),
            rules: rules.collect(),
            pictures: self.pictures,
            shapes: self.shapes,
            width: if most % 2 == 0 { width } else { height },
            height: if most % 2 == 0 { height } else { width },
        }
    }

    fn glyph(&mut self, font: &Font<'_>, place: Affine) {
        let [a, b, c, d, e, f] = place.as_coeffs();
        let size = c.hypot(d) * 1000.0;
        if ![a, b, c, d, e, f].iter().all(|number| number.is_finite()) || !(0.5..2000.0).contains(&size) {
            return;
        }
        let text: SmolStr = match font.as_unicode() {
            Some(BfString::Char('\0')) | None => match self.predefined.lookup(font) {
                Some(c) => SmolStr::from_iter([unicode::fold(c)]),
                None => SmolStr::from_iter([LOST]),
            },
            Some(BfString::Char(c)) => SmolStr::from_iter([unicode::fold(c)]),
            Some(BfString::String(text)) => text.chars().map(unicode::fold).collect(),
        };
        let advance = match font {
            Font::Outline(glyph) => glyph.advance_width(),
            Font::Type3(glyph) => glyph.advance_width(),
        };
        let advance = f64::from(advance.unwrap_or(500.0)).abs() * size / 1000.0;
        if !advance.is_finite() || !self.frame.contains(Point::new(e, f)) {
            return;
        }
        let (width, height) = (self.frame.width(), self.frame.height());
        let (turn, x, y) = match (a.abs() >= 8.0 * b.abs(), b.abs() >= 8.0 * a.abs()) {
            (true, _) if a > 0.0 => (0, e, f),
            (true, _) => (2, width - e, height - f),
            (_, true) if b > 0.0 => (1, f, width - e),
            (_, true) => (3, height - f, e),
            // Aslant: a watermark.
            _ => return,
        };
        let furniture = self.artifacts.contains(&true);
        self.turned[turn].push(Glyph { text, x0: x, x1: x + advance, y, size, furniture, struck: false });
    }

    fn segment(&mut self, from: Point, to: Point) {
        let (across, down) = ((to.x - from.x).abs(), (to.y - from.y).abs());
        if !across.is_finite() || !down.is_finite() || across.max(down) < SHORTEST {
            return;
        }
        if down <= 0.02 * across + 0.3 {
            self.rules.push(Rule {
                level: true,
                at: (from.y + to.y) / 2.0,
                from: from.x.min(to.x),
                to: from.x.max(to.x),
            });
        } else if across <= 0.02 * down + 0.3 {
            self.rules.push(Rule {
                level: false,
                at: (from.x + to.x) / 2.0,
                from: from.y.min(to.y),
                to: from.y.max(to.y),
            });
        }
    }

    /// A filled shape: thin ones are rules.
    fn area(&mut self, area: Rect) {
        let (width, height) = (area.width(), area.height());
        if !width.is_finite() || !height.is_finite() {
            return;
        }
        let middle = area.center();
        if height <= THICKEST && width > height && width >= SHORTEST {
            self.segment(Point::new(area.x0, middle.y), Point::new(area.x1, middle.y));
        } else if width <= THICKEST && height > width && height >= SHORTEST {
            self.segment(Point::new(middle.x, area.y0), Point::new(middle.x, area.y1));
        } else {
            self.shapes = self.shapes.saturating_add(1);
        }
    }
}

impl<'a> Device<'a> for Collector<'_, 'a> {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        self.budget.spend(1 + run.glyphs().len() as u64);
        for glyph in run.glyphs() {
            self.glyph(glyph, props.transform * glyph.transform());
        }
    }

    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.budget.spend(1 + path.elements().len() as u64);
        let stroke = match mode {
            DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke) => Some(stroke.line_width),
            _ => None,
        };
        let wide = stroke.is_some_and(|width| {
            f64::from(width) * props.transform.determinant().abs().sqrt() > 2.0 * THICKEST
        });
        let place = |point: Point| props.transform * point;
        let (mut start, mut last) = (Point::ZERO, Point::ZERO);
        let mut bounds: Option<Rect> = None;
        for element in path.elements() {
            let next = match *element {
                PathEl::MoveTo(point) => {
                    if let Some(bounds) = bounds.take().filter(|_| stroke.is_none()) {
                        self.area(bounds);
                    }
                    start = place(point);
                    last = start;
                    bounds = Some(Rect::from_points(start, start));
                    continue;
                }
                PathEl::LineTo(point) => place(point),
                PathEl::ClosePath => start,
                // A curve makes no rule; where it ends the path goes on.
                PathEl::QuadTo(_, point) | PathEl::CurveTo(_, _, point) => {
                    last = place(point);
                    bounds = bounds.map(|bounds| bounds.union_pt(last));
                    continue;
                }
            };
            if stroke.is_some() && !wide {
                self.segment(last, next);
            }
            bounds = bounds.map(|bounds| bounds.union_pt(next));
            last = next;
        }
        if let Some(bounds) = bounds.filter(|_| stroke.is_none()) {
            self.area(bounds);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.budget.spend(1);
        let unit = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let shown = props.transform.transform_rect_bbox(unit).intersect(self.frame);
        let part = shown.area() / self.frame.area();
        if part.is_finite() {
            self.pictures += part;
        }
    }

    fn push_clip_path(&mut self, _: &ClipPath) {
        self.budget.spend(FORM + self.budget.form);
    }

    fn push_clip_rect(&mut self, _: &Rect) {
        self.budget.spend(1);
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.budget.spend(1);
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}

    fn begin_marked_content(&mut self, tag: &[u8], properties: Option<&Dict<'_>>) {
        self.budget.spend(1);
        let pagination = || {
            let kind = properties.and_then(|dict| {
                dict.get::<hayro_interpret::hayro_syntax::object::Name<'_>>(b"Type" as &[u8])
            });
            kind.is_some_and(|kind| &*kind == b"Pagination")
        };
        self.artifacts.push(tag == b"Artifact" && pagination());
    }

    fn end_marked_content(&mut self) {
        self.artifacts.pop();
    }
}
