//! The canvas that the interpreter paints a page on: it keeps characters, rules and the boxes of images.
//!
//! Coordinates arrive in the space of the page as it is shown, from its top left corner. Text that a person
//! does not see, because it is clipped away or off the page, is kept and flagged: it can be the tail of a
//! visible run. What is painted in white or without any opacity draws no rule.

use hayro_interpret::font::{Glyph as PdfGlyph, GlyphRun, OutlineGlyph};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::{BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, Paint, SoftMask};
use kurbo::{Affine, BezPath, PathEl, Point, Rect as Box2, Shape};

use crate::model::{Glyph, Page, Points, Rect, Rule};

/// A box thinner than this is a line that was drawn as an area.
const THIN: Points = 3.0;
/// How far from upright a line may be and still count as a rule.
const SLANT: Points = 0.5;
/// How far the middle of a glyph may lie outside of the clip and still be seen.
const CLIP_SLACK: Points = 0.5;
/// Ascent and descent of a glyph's box, in thousandths of its size.
const ASCENT: f64 = 880.0;
const DESCENT: f64 = -120.0;

/// Collects the marks of one page.
pub(super) struct PageDevice {
    page: Page,
    clips: Vec<Box2>,
    fonts: Vec<Font>,
    last_run: Option<RunSignature>,
    marks: u64,
    most_marks: u64,
}

/// A font of the page by what tells it from the others.
struct Font {
    key: u128,
    name: Option<String>,
    bold: bool,
}

/// What is the same when a run is painted a second time.
#[derive(PartialEq)]
struct RunSignature {
    glyphs: usize,
    transform: [f64; 6],
    first: [f64; 6],
    code: u32,
}

impl PageDevice {
    /// An empty canvas of that size in points, which keeps at most `most_marks` glyphs and rules.
    pub(super) fn new(number: u32, width: Points, height: Points, most_marks: u64) -> Self {
        Self {
            page: Page { number, width, height, ..Page::default() },
            clips: vec![Box2::new(0.0, 0.0, width, height)],
            fonts: Vec::new(),
            last_run: None,
            marks: 0,
            most_marks,
        }
    }

    /// Glyphs and rules that were painted, those over the limit included.
    pub(super) fn marks(&self) -> u64 {
        self.marks
    }

    /// The page as far as it was painted.
    pub(super) fn into_page(self) -> Page {
        self.page
    }

    fn clip(&self) -> Box2 {
        self.clips.last().copied().unwrap_or(Box2::ZERO)
    }

    /// Counts a mark; false when there is no room for it.
    fn has_room(&mut self) -> bool {
        self.marks += 1;
        self.marks <= self.most_marks
    }

    /// Keeps the visible part of a line.
    fn add_rule(&mut self, from: Point, to: Point, fill_edge: bool) {
        let clip = self.clip().inflate(CLIP_SLACK, CLIP_SLACK);
        let (x0, x1) = (from.x.min(to.x).max(clip.x0), from.x.max(to.x).min(clip.x1));
        let (y0, y1) = (from.y.min(to.y).max(clip.y0), from.y.max(to.y).min(clip.y1));
        let is_visible = x0 <= x1 && y0 <= y1 && [x0, x1, y0, y1].iter().all(|v| v.is_finite());
        if is_visible && self.has_room() {
            self.page.rules.push(Rule { from: (x0, y0), to: (x1, y1), fill_edge });
        }
    }

    /// Keeps a filled box: its middle line where it is thin, else its four edges.
    fn add_box(&mut self, area: Box2, is_white: bool) {
        let (width, height) = (area.width(), area.height());
        let (middle_x, middle_y) = (area.center().x, area.center().y);
        if is_white {
            return;
        }
        if height <= THIN && width >= height {
            self.add_rule(Point::new(area.x0, middle_y), Point::new(area.x1, middle_y), false);
        } else if width <= THIN {
            self.add_rule(Point::new(middle_x, area.y0), Point::new(middle_x, area.y1), false);
        } else {
            let corner = |x, y| Point::new(x, y);
            self.add_rule(corner(area.x0, area.y0), corner(area.x1, area.y0), true);
            self.add_rule(corner(area.x0, area.y1), corner(area.x1, area.y1), true);
            self.add_rule(corner(area.x0, area.y0), corner(area.x0, area.y1), true);
            self.add_rule(corner(area.x1, area.y0), corner(area.x1, area.y1), true);
        }
    }

    /// Keeps one subpath, unless it is curved.
    fn add_subpath(&mut self, points: &[Point], stroke: bool, is_white: bool) {
        let upright = |a: Point, b: Point| (a.x - b.x).abs() < SLANT || (a.y - b.y).abs() < SLANT;
        let sides = points.iter().zip(points.iter().skip(1));
        if stroke {
            for (&a, &b) in sides.filter(|(a, b)| upright(**a, **b)) {
                self.add_rule(a, b, false);
            }
        } else if let Some(&first) = points.first().filter(|_| points.len() >= 3) {
            let area = points.iter().fold(Box2::from_points(first, first), |r, p| r.union_pt(*p));
            // Borders with mitred ends are thin but not upright all around.
            let is_thin = area.width().min(area.height()) <= THIN;
            if is_thin || sides.clone().all(|(a, b)| upright(*a, *b)) {
                self.add_box(area, is_white);
            }
        }
    }

    fn add_path(&mut self, path: &BezPath, transform: Affine, stroke: bool, is_white: bool) {
        let mut points: Vec<Point> = Vec::new();
        let mut is_curved = false;
        for element in path.elements() {
            match *element {
                PathEl::MoveTo(p) => {
                    if !is_curved {
                        self.add_subpath(&points, stroke, is_white);
                    }
                    points.clear();
                    is_curved = false;
                    points.push(transform * p);
                }
                PathEl::LineTo(p) => points.push(transform * p),
                PathEl::ClosePath => points.extend(points.first().copied()),
                PathEl::QuadTo(..) | PathEl::CurveTo(..) => is_curved = true,
            }
        }
        if !is_curved {
            self.add_subpath(&points, stroke, is_white);
        }
    }

    /// The number of a glyph's font on this page, and whether it is bold.
    fn font(&mut self, glyph: &PdfGlyph<'_>) -> (u16, bool) {
        let (key, name, weight) = match glyph {
            PdfGlyph::Outline(outline) => font_of(outline),
            PdfGlyph::Type3(_) => (1, None, None),
        };
        let known = self.fonts.iter().position(|f| f.key == key && f.name == name);
        let index = known.unwrap_or(self.fonts.len());
        if known.is_none() {
            self.fonts.push(Font { key, bold: is_bold(name.as_deref(), weight), name });
        }
        let bold = self.fonts.get(index).is_some_and(|f| f.bold);
        (u16::try_from(index).unwrap_or(u16::MAX), bold)
    }

    /// Marks the run that was just painted as bold: it is painted again, as an outline.
    fn embolden_last_run(&mut self, glyphs: usize) {
        for glyph in self.page.glyphs.iter_mut().rev().take(glyphs) {
            glyph.bold = true;
        }
    }

    fn add_glyph(&mut self, glyph: &PdfGlyph<'_>, place: Affine, font: u16, bold: bool) {
        let advance = match glyph {
            PdfGlyph::Outline(outline) => outline.advance_width(),
            PdfGlyph::Type3(glyph) => glyph.advance_width(),
        };
        let advance = advance.map_or(1000.0, f64::from);
        let area = place.transform_rect_bbox(Box2::new(0.0, DESCENT, advance, ASCENT));
        let size = (place * Point::new(0.0, 1000.0) - place * Point::ORIGIN).hypot();
        let baseline = (place * Point::ORIGIN).y;
        if ![area.x0, area.y0, area.x1, area.y1, size, baseline].iter().all(|v| v.is_finite()) {
            return;
        }
        let [a, b, ..] = place.as_coeffs();
        let turned = b.abs() > a.abs();
        let clip = self.clip().inflate(CLIP_SLACK, CLIP_SLACK);
        let middle = area.center();
        let hidden = !(middle.x >= clip.x0 && middle.x <= clip.x1 && middle.y >= clip.y0 && middle.y <= clip.y1);
        let rect = Rect::new(area.x0, area.y0, area.x1, area.y1);
        let text = glyph.as_unicode().unwrap_or(BfString::Char('\u{FFFD}'));
        let mut push = |c: char, rect: Rect| {
            if self.has_room() {
                self.page.glyphs.push(Glyph { c: shown(c), rect, baseline, size, font, bold, hidden, turned });
            }
        };
        match text {
            BfString::Char(c) => push(c, rect),
            BfString::String(text) => split_ligature(&text, rect).for_each(|(c, rect)| push(c, rect)),
        }
    }
}

/// Gives each character of a ligature its share of the width.
fn split_ligature(text: &str, rect: Rect) -> impl Iterator<Item = (char, Rect)> + '_ {
    let count = text.chars().count().max(1);
    let step = rect.width() / count as f64;
    text.chars().enumerate().map(move |(i, c)| {
        let x0 = rect.x0 + step * i as f64;
        (c, Rect { x0, x1: x0 + step, ..rect })
    })
}

/// Control characters and special blanks as a space; a character of no meaning as U+FFFD.
fn shown(c: char) -> char {
    match c {
        '\0' => '\u{FFFD}',
        c if c.is_control() || c.is_whitespace() && c != '\u{3000}' => ' ',
        '\u{200B}' | '\u{FEFF}' | '\u{00AD}' => ' ',
        c => c,
    }
}

fn font_of(outline: &OutlineGlyph) -> (u128, Option<String>, Option<u32>) {
    match outline.font_data() {
        Some(data) => (data.cache_key, data.postscript_name, data.weight),
        None => (0, None, None),
    }
}

fn is_bold(name: Option<&str>, weight: Option<u32>) -> bool {
    let says_so = |name: &str| ["bold", "black", "heavy"].iter().any(|word| name.to_lowercase().contains(word));
    weight.is_some_and(|w| w >= 600) || name.is_some_and(says_so)
}

fn is_white(paint: &Paint<'_>) -> bool {
    match paint {
        Paint::Color(color) => {
            let [r, g, b, alpha] = color.to_rgba().to_rgba8();
            alpha == 0 || r.min(g).min(b) >= 250
        }
        Paint::Pattern(_) => false,
    }
}

impl<'a> Device<'a> for PageDevice {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        match mode {
            DrawMode::Fill(_) => self.add_path(path, props.transform, false, is_white(&props.paint)),
            DrawMode::Stroke(_) | DrawMode::FillAndStroke(..) if !is_white(&props.paint) => {
                self.add_path(path, props.transform, true, false);
            }
            _ => {}
        }
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        let area = self.clip().intersect(clip.path.bounding_box());
        self.clips.push(area);
    }

    fn push_clip_rect(&mut self, rect: &Box2) {
        let area = self.clip().intersect(*rect);
        self.clips.push(area);
    }

    fn pop_clip(&mut self) {
        if self.clips.len() > 1 {
            self.clips.pop();
        }
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn pop_transparency_group(&mut self) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let Some(first) = run.glyphs().first() else { return };
        let signature = RunSignature {
            glyphs: run.glyphs().len(),
            transform: props.transform.as_coeffs(),
            first: first.transform().as_coeffs(),
            code: first.char_code(),
        };
        // Text render mode 2 comes as the same run twice, filled and then stroked (ISO 32000-2 §9.3.6).
        if matches!(mode, DrawMode::Stroke(_)) && self.last_run.as_ref() == Some(&signature) {
            self.embolden_last_run(signature.glyphs);
            return;
        }
        self.last_run = Some(signature);
        let (font, bold) = self.font(first);
        for glyph in run.glyphs() {
            self.add_glyph(glyph, props.transform * glyph.transform(), font, bold);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let pixels = Box2::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let area = props.transform.transform_rect_bbox(pixels).intersect(self.clip());
        if area.is_finite() && !area.is_zero_area() && self.has_room() {
            self.page.images.push(Rect::new(area.x0, area.y0, area.x1, area.y1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device() -> PageDevice {
        PageDevice::new(1, 100.0, 100.0, 1_000)
    }

    #[test]
    fn a_thin_box_is_one_rule_and_a_thick_one_has_four_edges() {
        let mut page = device();
        page.add_box(Box2::new(10.0, 10.0, 90.0, 10.5), false);
        page.add_box(Box2::new(10.0, 20.0, 90.0, 40.0), false);
        assert_eq!(page.page.rules.len(), 5);
        assert_eq!(page.page.rules[0].from, (10.0, 10.25));
        assert!(page.page.rules[1..].iter().all(|r| r.fill_edge));
    }

    #[test]
    fn a_border_with_mitred_ends_is_a_rule() {
        let mut page = device();
        let corners = [(10.0, 10.0), (90.0, 10.0), (90.0, 9.3), (10.7, 9.3)].map(|(x, y)| Point::new(x, y));
        page.add_subpath(&corners, false, false);
        assert_eq!(page.page.rules.len(), 1);
    }

    #[test]
    fn a_white_background_draws_no_rule() {
        let mut page = device();
        page.add_box(Box2::new(10.0, 20.0, 90.0, 40.0), true);
        assert!(page.page.rules.is_empty());
    }

    #[test]
    fn a_rule_ends_where_its_clip_does() {
        let mut page = device();
        page.push_clip_rect(&Box2::new(0.0, 0.0, 50.0, 50.0));
        page.add_rule(Point::new(10.0, 20.0), Point::new(90.0, 20.0), false);
        page.add_rule(Point::new(10.0, 70.0), Point::new(90.0, 70.0), false);
        assert_eq!(page.page.rules.iter().map(|r| r.to).collect::<Vec<_>>(), [(50.5, 20.0)]);
    }

    #[test]
    fn a_ligature_is_one_glyph_a_character() {
        let parts: Vec<_> = split_ligature("ffi", Rect::new(0.0, 0.0, 9.0, 10.0)).collect();
        assert_eq!(parts.iter().map(|p| p.0).collect::<String>(), "ffi");
        assert_eq!(parts[1].1, Rect::new(3.0, 0.0, 6.0, 10.0));
    }

    #[test]
    fn marks_over_the_limit_are_counted_but_not_kept() {
        let mut page = PageDevice::new(1, 100.0, 100.0, 2);
        page.add_box(Box2::new(10.0, 20.0, 90.0, 40.0), false);
        assert_eq!((page.page.rules.len(), page.marks()), (2, 4));
    }
}
