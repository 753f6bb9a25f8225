//! Lines become paragraphs, over line and page breaks.
//!
//! A line goes on in the next one when the next one's first word would not have fitted behind it, when the
//! next one is not indented, and when it does not start like a heading. Everything else ends a paragraph:
//! two paragraphs glued together are worse than one cut in two.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::script::{is_cjk, line_break};
use super::{PageParts, Piece};
use crate::model::{Anchor, Location, PageLine, ParagraphStyle, Points, Role};
use crate::structure::flow::FlowParagraph;

/// What ends a sentence, or the part of one after which a list begins.
const SENTENCE_ENDS: [char; 7] = ['。', '；', '：', '！', '？', ';', ':'];

/// Starts that always begin a paragraph: numbering of headings, notes, and the lines above tables.
///
/// These are rules of typesetting, the numbering of official documents (GB/T 9704-2012 §7.3.3) and the words by
/// which any document opens a note or an annex; nothing here depends on a province, a year or a kind of report,
/// and what does is data of a form.
#[allow(clippy::expect_used)] // the pattern is a constant, and a test compiles it
static STARTS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(第[一二三四五六七八九十百\d]+(部分|章|节|条)|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]|\d{1,2}(、|[.．]([^\d]|$))|附[件表：:]|注[：:]|单位[：:]|部门[：:])",
    )
    .expect("a pattern")
});

/// Whether a line of that text always begins a paragraph.
#[must_use]
pub fn begins_paragraph(text: &str) -> bool {
    STARTS.is_match(text)
}

/// Left and right edge of the text on pages of one size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure {
    /// Left edge, without the indent of first lines.
    pub left: Points,
    /// Right edge of full lines.
    pub right: Points,
}

/// Measures the text of each page, from all pages of its size together.
#[must_use]
pub fn measures(pages: &[PageParts]) -> Vec<Measure> {
    let mut by_size: BTreeMap<(i64, i64), Vec<&PageParts>> = BTreeMap::new();
    for page in pages {
        by_size.entry(size_of(page)).or_default().push(page);
    }
    let by_size: BTreeMap<(i64, i64), Measure> = by_size.into_iter().map(|(size, p)| (size, measure(&p))).collect();
    pages.iter().filter_map(|page| by_size.get(&size_of(page)).copied()).collect()
}

/// Width and height in whole points.
#[allow(clippy::cast_possible_truncation)] // `as` saturates
fn size_of(page: &PageParts) -> (i64, i64) {
    (page.width.round() as i64, page.height.round() as i64)
}

fn measure(pages: &[&PageParts]) -> Measure {
    let width = pages.first().map_or(0.0, |page| page.width);
    let wide = |l: &&PageLine| l.rect.width() > 0.5 * width;
    let lines: Vec<&PageLine> = pages.iter().flat_map(|p| &p.lines).filter(wide).collect();
    let mut lefts: Vec<Points> = lines.iter().map(|l| l.rect.x0).collect();
    let mut rights: Vec<Points> = lines.iter().map(|l| l.rect.x1).collect();
    lefts.sort_by(f64::total_cmp);
    rights.sort_by(f64::total_cmp);
    let left = lefts.get(lefts.len() / 10).copied().unwrap_or(0.1 * width);
    let right = rights.get(rights.len() * 9 / 10).copied().unwrap_or(0.9 * width);
    Measure { left, right }
}

/// The lines of one page, each with what it is.
#[must_use]
pub fn lines_to_pieces(lines: Vec<PageLine>, roles: Vec<Role>, measure: Measure) -> Vec<Piece> {
    let piece = |(line, role): (PageLine, Role)| Piece::Line { line, role, measure };
    lines.into_iter().zip(roles).map(piece).collect()
}

/// A paragraph that may still go on.
#[derive(Debug, Clone)]
pub struct Open {
    paragraph: FlowParagraph,
    first: PageLine,
    last: PageLine,
    measure: Measure,
    lines: usize,
}

impl Open {
    /// Starts a paragraph.
    #[must_use]
    pub fn start(line: PageLine, role: Role, measure: Measure) -> Self {
        let style = ParagraphStyle {
            bold: line.bold,
            centred: is_centred(&line, measure),
            size: Some((line.size * 100.0).round() / 100.0),
            ..ParagraphStyle::default()
        };
        let mut paragraph = FlowParagraph { style, role, ..FlowParagraph::default() };
        add_line(&mut paragraph, &line, "");
        Self { paragraph, first: line.clone(), last: line, measure, lines: 1 }
    }

    /// Whether `next` is the next line of this paragraph.
    #[must_use]
    pub fn goes_on(&self, next: &PageLine, role: Role) -> bool {
        role == Role::Body
            && self.paragraph.role == Role::Body
            && (!begins_paragraph(&next.text) || self.is_mid_sentence(next))
            && (next.size - self.last.size).abs() < 0.1 * self.last.size
            && self.follows(next)
            && self.has_no_room(next)
            && self.is_flush(next)
    }

    /// Whether `next` only looks like a heading, as the end of `集中统|一、全面覆盖`: it stands flush under an
    /// indented first line, and the sentence before it has not ended.
    fn is_mid_sentence(&self, next: &PageLine) -> bool {
        let is_indented = self.first.rect.x0 > self.measure.left + 1.2 * self.first.size;
        let is_flush = next.rect.x0 < self.measure.left + 0.6 * next.size;
        is_indented && is_flush && !self.paragraph.text.ends_with(SENTENCE_ENDS)
    }

    /// Whether `next` is the line below, or the first one of the next page.
    fn follows(&self, next: &PageLine) -> bool {
        if next.page != self.last.page {
            return next.page == self.last.page + 1;
        }
        let pitch = next.rect.y1 - self.last.rect.y1;
        pitch > 0.5 * next.size && pitch < 2.8 * next.size
    }

    /// Whether the first word of `next` would not have fitted behind the last line.
    fn has_no_room(&self, next: &PageLine) -> bool {
        let room = self.measure.right - self.last.rect.x1;
        room < first_word_width(next) + 0.5 * next.size
    }

    /// Whether `next` starts where the lines of this paragraph do, its first line's indent aside.
    fn is_flush(&self, next: &PageLine) -> bool {
        let slack = 0.6 * next.size;
        if next.page == self.last.page && self.lines > 1 {
            return (next.rect.x0 - self.last.rect.x0).abs() < slack;
        }
        let is_indented = next.rect.x0 > self.measure.left + slack;
        if !is_indented {
            return true;
        }
        // A block that is set in as a whole, unless its line before ended a sentence.
        let is_block = (next.rect.x0 - self.first.rect.x0).abs() < slack || self.first.rect.x0 > next.rect.x0;
        is_block && !self.paragraph.text.ends_with(SENTENCE_ENDS)
    }

    /// Adds a line that goes on.
    pub fn add(&mut self, line: PageLine) {
        let separator = line_break(&self.paragraph.text, &line.text, true);
        add_line(&mut self.paragraph, &line, separator);
        self.last = line;
        self.lines += 1;
    }

    /// The paragraph as it stands.
    #[must_use]
    pub fn finish(self) -> FlowParagraph {
        self.paragraph
    }
}

/// Appends a line's text with one anchor for it; a separator belongs to the line before.
fn add_line(paragraph: &mut FlowParagraph, line: &PageLine, separator: &str) {
    if let Some(anchor) = paragraph.anchors.last_mut().filter(|_| !separator.is_empty()) {
        let end = anchor.edges.last().map_or(0.0, |e| e[1]);
        anchor.edges.extend(separator.chars().map(|_| [end, end]));
    }
    paragraph.text.push_str(separator);
    let start = u32::try_from(paragraph.text.chars().count()).unwrap_or(u32::MAX);
    let location = Location::on_page(line.page, line.rect);
    paragraph.anchors.push(Anchor { start, location, edges: line.edges.clone() });
    paragraph.text.push_str(&line.text);
}

/// Width of what cannot be parted from the start of a line: a Chinese character, a word, a number, and the
/// punctuation behind it.
fn first_word_width(line: &PageLine) -> Points {
    let is_closing =
        |c: char| matches!(c, '，' | '。' | '、' | '；' | '：' | '！' | '？' | '）' | '》' | '”' | ',' | ')' | '%');
    let is_opening = |c: char| matches!(c, '（' | '《' | '“' | '(');
    let mut end = 0;
    let mut last: Option<char> = None;
    for (index, c) in line.text.chars().enumerate() {
        let goes_on = match last {
            None => true,
            Some(last) => is_opening(last) || is_closing(c) || !is_cjk(last) && !is_cjk(c) && c != ' ' && last != ' ',
        };
        if !goes_on {
            break;
        }
        end = index;
        last = Some(c);
    }
    line.edges.get(end).map_or(0.0, |e| e[1] - line.rect.x0)
}

fn is_centred(line: &PageLine, measure: Measure) -> bool {
    let (before, after) = (line.rect.x0 - measure.left, measure.right - line.rect.x1);
    (before - after).abs() < 2.0 * line.size && before > 2.5 * line.size
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Rect;

    const MEASURE: Measure = Measure { left: 0.0, right: 100.0 };

    /// A line of 10 pt characters from `x`, `row` lines of 15 pt down the page.
    fn line(page: u32, row: u32, x: f64, text: &str) -> PageLine {
        let count = text.chars().count();
        let edges = (0..count).map(|i| [x + 10.0 * i as f64, x + 10.0 * (i + 1) as f64]).collect();
        let y = 15.0 * f64::from(row);
        let rect = Rect::new(x, y, x + 10.0 * count as f64, y + 10.0);
        PageLine { page, text: text.into(), edges, rect, size: 10.0, bold: false }
    }

    fn paragraphs(lines: &[PageLine]) -> Vec<String> {
        let mut done: Vec<Open> = Vec::new();
        for line in lines {
            match done.last_mut().filter(|open| open.goes_on(line, Role::Body)) {
                Some(open) => open.add(line.clone()),
                None => done.push(Open::start(line.clone(), Role::Body, MEASURE)),
            }
        }
        done.into_iter().map(|open| open.finish().text).collect()
    }

    #[test]
    fn lines_go_on_over_a_page_break_but_an_indent_starts_anew() {
        let lines = [
            line(1, 1, 20.0, "本年收入合计一二"),
            line(1, 2, 0.0, "三四五六七八九十百千"),
            line(2, 1, 0.0, "万元。"),
            line(2, 2, 20.0, "本年支出"),
        ];
        assert_eq!(paragraphs(&lines), ["本年收入合计一二三四五六七八九十百千万元。", "本年支出"]);
    }

    #[test]
    fn a_line_with_room_for_the_next_word_ends_its_paragraph() {
        let lines = [line(1, 1, 0.0, "本年收入合计"), line(1, 2, 0.0, "本年支出合计")];
        assert_eq!(paragraphs(&lines).len(), 2);
    }

    #[test]
    fn a_heading_starts_a_paragraph_even_behind_a_full_line() {
        let lines = [line(1, 1, 0.0, "一二三四五六七八九十"), line(1, 2, 0.0, "（二）支出情况")];
        assert_eq!(paragraphs(&lines).len(), 2);
    }

    #[test]
    fn a_list_comma_at_the_start_of_a_line_is_no_heading() {
        let lines = [line(1, 1, 20.0, "构建一个集中的统"), line(1, 2, 0.0, "一、全面覆盖的体系。")];
        assert_eq!(paragraphs(&lines).len(), 1);
    }

    #[test]
    fn a_broken_number_is_whole_and_every_character_has_a_place() {
        let lines = [line(1, 1, 0.0, "本年收入合计为共12"), line(1, 2, 0.0, "78.53万元")];
        let mut open = Open::start(lines[0].clone(), Role::Body, MEASURE);
        assert!(open.goes_on(&lines[1], Role::Body));
        open.add(lines[1].clone());
        let paragraph = open.finish();
        assert_eq!(paragraph.text, "本年收入合计为共1278.53万元");
        assert_eq!(paragraph.anchors.iter().map(|a| (a.start, a.edges.len())).collect::<Vec<_>>(), [(0, 10), (10, 7)]);
    }
}
