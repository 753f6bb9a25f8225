//! Tables without rules, or with horizontal ones only: aligned words become imaginary edges, and the rest of
//! the road does not know the difference.
//!
//! A block of rows is a table only where the words leave gutters free over the rows. Between rules two columns
//! are enough; without any it takes three columns, three rows and figures, so that prose never becomes a table.

use super::edges::{Edge, Edges, TOLERANCE};
use super::lines::{Apart, glyphs_to_lines};
use crate::model::{Glyph, PageLine, Points, Printed};

/// Part of the rows whose words may run over a gutter, as headings over several columns do.
const MAY_CROSS: f64 = 0.2;
/// Narrowest gutter, in font sizes.
const GUTTER: f64 = 0.6;
/// Distance of rows that still belong together, in font sizes.
const ROW_PITCH: f64 = 2.6;

/// So many rules are the borders of rows, even where their texts have several lines.
const RULED_ROWS: usize = 6;
/// Longest mean text of words between rules, in characters; longer ones are prose in columns.
const LONGEST: usize = 24;

/// Words that stand on one line, from the left.
pub(super) type Row = Vec<PageLine>;

/// Imagines the edges of the tables that the words of a page make up, between its free horizontal rules or
/// without any.
#[must_use]
pub fn words_to_edges(glyphs: &[Glyph], rules: &[Edge]) -> Edges {
    let rows = words_to_rows(glyphs_to_lines(1, glyphs, Apart::Words));
    let mut edges = Edges::default();
    let blocks = ruled_blocks(rules);
    let is_ruled = |row: &Row| blocks.iter().any(|b| b.holds(row));
    for block in &blocks {
        let inside: Vec<&Row> = rows.iter().filter(|row| block.holds(row)).collect();
        add_block(&mut edges, &inside, Some(block));
    }
    for group in rows.chunk_by(follows) {
        let free: Vec<&Row> = group.iter().filter(|row| !is_ruled(row)).collect();
        add_block(&mut edges, &free, None);
    }
    edges
}

/// Groups words of one baseline; they come in order from the top and from the left.
pub(super) fn words_to_rows(words: Vec<PageLine>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for word in words {
        let middle = word.rect.center().1;
        match rows.last_mut().filter(|row| row.last().is_some_and(|w| middle < w.rect.y1 && middle > w.rect.y0)) {
            Some(row) => row.push(word),
            None => rows.push(vec![word]),
        }
    }
    rows
}

#[allow(clippy::ptr_arg)] // `chunk_by` calls it with the rows as they are
fn follows(a: &Row, b: &Row) -> bool {
    let (Some(above), Some(below)) = (a.first(), b.first()) else { return false };
    a.len() >= 2 && b.len() >= 2 && below.rect.y1 - above.rect.y1 < ROW_PITCH * below.size
}

/// The area between the first and the last of several rules that start and end together.
#[derive(Debug, Clone, PartialEq)]
struct Block {
    from: Points,
    to: Points,
    rules: Vec<Points>,
}

impl Block {
    fn holds(&self, row: &Row) -> bool {
        let (Some(&top), Some(&bottom)) = (self.rules.first(), self.rules.last()) else { return false };
        let inside = |word: &PageLine| {
            let (x, y) = word.rect.center();
            x > self.from && x < self.to && y > top && y < bottom
        };
        row.iter().all(inside)
    }

    /// Whether no two lines of text with words in several columns stand between the same two rules: what else
    /// stands there are the other lines of wrapped texts.
    fn parts_rows(&self, rows: &[&Row]) -> bool {
        let middles = rows.iter().filter(|row| row.len() >= 2).filter_map(|row| span_of(row));
        let bands: Vec<usize> =
            middles.map(|s| self.rules.partition_point(|&rule| rule < f64::midpoint(s.0, s.1))).collect();
        bands.len() + 1 == self.rules.len() && bands.windows(2).all(|pair| matches!(pair, [a, b] if a < b))
    }
}

/// At least three long rules that start and end together make a block; their number tells rows or only head
/// and foot.
fn ruled_blocks(rules: &[Edge]) -> Vec<Block> {
    let mut sorted: Vec<Edge> = rules.iter().filter(|e| e.length() > 100.0).copied().collect();
    sorted.sort_by(|a, b| a.from.total_cmp(&b.from).then(a.to.total_cmp(&b.to)).then(a.at.total_cmp(&b.at)));
    let is_same = |a: &Edge, b: &Edge| (a.from - b.from).abs() <= TOLERANCE && (a.to - b.to).abs() <= TOLERANCE;
    let groups = sorted.chunk_by(is_same).filter(|group| group.len() >= 3);
    let block = |group: &[Edge]| {
        let mut rules: Vec<Points> = group.iter().map(|e| e.at).collect();
        rules.sort_by(f64::total_cmp);
        Some(Block { from: group.first()?.from, to: group.first()?.to, rules })
    };
    groups.filter_map(block).collect()
}

/// Adds the imaginary edges of one block of rows, if it is a table.
fn add_block(edges: &mut Edges, rows: &[&Row], block: Option<&Block>) {
    let Some(gutters) = find_gutters(rows) else { return };
    let columns = gutters.len() + 1;
    let is_table = match block {
        Some(_) => rows.len() >= 2 && columns >= 2 && !is_prose(rows),
        None => rows.len() >= 3 && columns >= 3 && holds_figures(rows, &gutters),
    };
    if !is_table {
        return;
    }
    let words = || rows.iter().flat_map(|row| row.iter());
    let left = words().map(|w| w.rect.x0).fold(block.map_or(f64::INFINITY, |b| b.from), f64::min) - TOLERANCE;
    let right = words().map(|w| w.rect.x1).fold(block.map_or(f64::NEG_INFINITY, |b| b.to), f64::max) + TOLERANCE;
    let stops = row_stops(rows, block);
    let (Some(&top), Some(&bottom)) = (stops.first(), stops.last()) else { return };
    edges.horizontal.extend(stops.iter().map(|&at| Edge { at, from: left, to: right }));
    edges.vertical.extend([left, right].map(|at| Edge { at, from: top, to: bottom }));
    for (&from, &to) in stops.iter().zip(stops.iter().skip(1)) {
        let in_row = |w: &&PageLine| w.rect.center().1 > from && w.rect.center().1 < to;
        let in_row: Vec<&PageLine> = words().filter(in_row).collect();
        let is_free = |at: Points| in_row.iter().all(|w| w.rect.x0 > at || w.rect.x1 < at);
        edges.vertical.extend(gutters.iter().filter(|at| is_free(**at)).map(|&at| Edge { at, from, to }));
    }
}

/// The middles of the vertical strips that words leave free in nearly all rows with more than one word.
pub(super) fn find_gutters(rows: &[&Row]) -> Option<Vec<Points>> {
    let several: Vec<&&Row> = rows.iter().filter(|row| row.len() >= 2).collect();
    if several.len() < 2 || several.len() * 2 < rows.len() {
        return None;
    }
    let size = several.first()?.first()?.size;
    let mut ends: Vec<(Points, i32)> = Vec::new();
    for word in several.iter().flat_map(|row| row.iter()) {
        ends.extend([(word.rect.x0, 1), (word.rect.x1, -1)]);
    }
    ends.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    let may_cross = (several.len() as f64 * MAY_CROSS).floor();
    let mut gutters = Vec::new();
    let mut strip: Vec<Step> = Vec::new();
    let (mut open, mut last) = (0, f64::NEG_INFINITY);
    for (x, change) in ends {
        if f64::from(open) <= may_cross && last.is_finite() {
            strip.push(Step { from: last, to: x, open });
        } else {
            gutters.extend(gutter_of(&strip, GUTTER * size));
            strip.clear();
        }
        open += change;
        last = x;
    }
    (!gutters.is_empty()).then_some(gutters)
}

/// A stretch of a page's width with the number of words over it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Step {
    from: Points,
    to: Points,
    open: i32,
}

/// The middle of a wide enough strip, or of the part of it that no heading runs over: heads that stand to the left
/// over figures that stand to the right leave less between them than the figures do.
fn gutter_of(strip: &[Step], least: Points) -> Option<Points> {
    let (from, to) = (strip.first()?.from, strip.last()?.to);
    let fewest = strip.iter().filter(|s| s.to - s.from >= TOLERANCE).map(|s| s.open).min().unwrap_or(0);
    let width = |s: &&Step| s.to - s.from;
    let emptiest = strip.iter().filter(|s| s.open == fewest).max_by(|a, b| width(a).total_cmp(&width(b)));
    let middle = emptiest.map_or(f64::midpoint(from, to), |s| f64::midpoint(s.from, s.to));
    (to - from >= least).then_some(middle)
}

/// Whether the rows are of a table without rules: full rows, short words, and figures behind the first column.
pub(super) fn holds_figures(rows: &[&Row], gutters: &[Points]) -> bool {
    let first = gutters.first().copied().unwrap_or_default();
    let behind: Vec<&PageLine> = rows.iter().flat_map(|r| r.iter()).filter(|w| w.rect.x0 > first).collect();
    let is_figure = |w: &&&PageLine| matches!(Printed::parse(&w.text), Printed::Number(_) | Printed::Dash);
    let figures = behind.iter().filter(is_figure).count();
    let filled: usize = rows.iter().map(|r| r.len()).sum();
    figures * 2 >= behind.len() && filled * 10 >= rows.len() * (gutters.len() + 1) * 6
}

fn is_prose(rows: &[&Row]) -> bool {
    let words = || rows.iter().flat_map(|row| row.iter());
    words().map(|w| w.text.chars().count()).sum::<usize>() > LONGEST * words().count()
}

/// Where rows begin and end: at the rules where each row has one, else between the lines of text.
fn row_stops(rows: &[&Row], block: Option<&Block>) -> Vec<Points> {
    let is_ruled = |b: &&Block| b.rules.len() > rows.len() || b.rules.len() >= RULED_ROWS || b.parts_rows(rows);
    if let Some(block) = block.filter(is_ruled) {
        return block.rules.clone();
    }
    let spans: Vec<(Points, Points)> = rows.iter().filter_map(|row| span_of(row)).collect();
    let mut stops = Vec::with_capacity(spans.len() + 1);
    stops.extend(spans.first().map(|s| s.0 - TOLERANCE));
    stops.extend(spans.iter().zip(spans.iter().skip(1)).map(|(a, b)| f64::midpoint(a.1, b.0)));
    stops.extend(spans.last().map(|s| s.1 + TOLERANCE));
    stops
}

fn span_of(row: &[PageLine]) -> Option<(Points, Points)> {
    let area = row.iter().map(|w| w.rect).reduce(|a, b| a.union(&b))?;
    Some((area.y0, area.y1))
}

#[cfg(test)]
mod tests {
    use super::super::grid::edges_to_grids;
    use super::*;
    use crate::limits::Limits;
    use crate::model::Rect;

    /// Sets words of 5 pt characters, one row every 15 pt.
    fn set(rows: &[&[(f64, &str)]]) -> Vec<Glyph> {
        let mut glyphs = Vec::new();
        for (row, words) in rows.iter().enumerate() {
            let y = 20.0 + 15.0 * row as f64;
            for (x, text) in *words {
                for (i, c) in text.chars().enumerate() {
                    let x0 = x + 5.0 * i as f64;
                    let rect = Rect { x0, y0: y, x1: x0 + 5.0, y1: y + 10.0 };
                    glyphs.push(Glyph {
                        c,
                        rect,
                        baseline: y + 8.0,
                        size: 10.0,
                        font: 0,
                        bold: false,
                        hidden: false,
                        turned: false,
                    });
                }
            }
        }
        glyphs
    }

    fn shapes(glyphs: &[Glyph], rules: &[Edge]) -> Vec<(usize, usize, usize)> {
        let grids = edges_to_grids(&words_to_edges(glyphs, rules), &Limits::default()).expect("small");
        grids.iter().map(|g| (g.rows(), g.cols(), g.cells.len())).collect()
    }

    #[test]
    fn aligned_figures_without_rules_are_a_table() {
        let rows: [&[(f64, &str)]; 3] = [
            &[(0.0, "income"), (100.0, "12.50"), (200.0, "13.50")],
            &[(0.0, "outlay"), (100.0, "10.00"), (200.0, "11.00")],
            &[(0.0, "rest"), (100.0, "2.50"), (200.0, "2.50")],
        ];
        assert_eq!(shapes(&set(&rows), &[]), [(3, 3, 9)]);
    }

    #[test]
    fn heads_to_the_left_over_figures_to_the_right_are_columns_too() {
        let rows: [&[(f64, &str)]; 6] = [
            &[(0.0, "name"), (100.0, "total"), (150.0, "basic")],
            &[(0.0, "income"), (115.0, "12.50"), (165.0, "13.50")],
            &[(0.0, "outlay"), (115.0, "10.00"), (165.0, "11.00")],
            &[(0.0, "others"), (115.0, "10.00"), (165.0, "11.00")],
            &[(0.0, "wages"), (115.0, "10.00"), (165.0, "11.00")],
            &[(0.0, "rest"), (120.0, "2.50"), (170.0, "2.50")],
        ];
        assert_eq!(shapes(&set(&rows), &[]), [(6, 3, 18)]);
    }

    #[test]
    fn wrapped_texts_between_rules_are_one_row() {
        let rows: [&[(f64, &str)]; 5] = [
            &[(0.0, "name"), (100.0, "sum")],
            &[(0.0, "general public"), (100.0, "1.00")],
            &[(0.0, "services")],
            &[(0.0, "defence and"), (100.0, "2.00")],
            &[(0.0, "security")],
        ];
        let rule = |at| Edge { at, from: -5.0, to: 205.0 };
        assert_eq!(shapes(&set(&rows), &[rule(15.0), rule(32.0), rule(62.0), rule(95.0)]), [(3, 2, 6)]);
    }

    #[test]
    fn prose_with_wide_blanks_is_none() {
        let rows: [&[(f64, &str)]; 3] = [
            &[(0.0, "the report"), (70.0, "tells what"), (140.0, "was spent")],
            &[(0.0, "and what was"), (80.0, "taken in"), (150.0, "by whom")],
            &[(0.0, "it is"), (50.0, "a long"), (120.0, "story")],
        ];
        assert!(shapes(&set(&rows), &[]).is_empty());
    }

    #[test]
    fn horizontal_rules_alone_make_a_table_of_words() {
        let rows: [&[(f64, &str)]; 3] =
            [&[(0.0, "name"), (100.0, "task")], &[(0.0, "one"), (100.0, "audit")], &[(0.0, "two"), (100.0, "budget")]];
        let rule = |at| Edge { at, from: -5.0, to: 205.0 };
        assert_eq!(shapes(&set(&rows), &[rule(15.0), rule(32.0), rule(70.0)]), [(3, 2, 6)]);
    }
}
