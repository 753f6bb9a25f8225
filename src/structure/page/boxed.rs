//! Several rows, or several columns, in one box: rules that enclose more than one line of a table.
//!
//! ```text
//! ┌────────┬──────────────┐      The lines of the boxes of a row stand on common baselines, and
//! │ income │ 12.50  13.50 │      those of at least two columns are whole figures: each is a row of
//! │ outlay │ 10.00  11.00 │      its own. Where the words of a column leave gutters free from top
//! └────────┴──────────────┘      to bottom, and figures stand behind them, each is a column.
//! ```
//!
//! Wrapped texts have no figures on every line, and a figure that its cell wraps fills the cell.

use super::columns::{find_gutters, holds_figures, words_to_rows};
use super::grid::{Grid, GridCell};
use super::lines::{Apart, glyphs_to_lines};
use crate::model::{Glyph, PageLine, Points, Printed};

/// Rows of words that gutters must run through.
const FEWEST_WORD_ROWS: usize = 3;
/// Columns of figures that must agree on the rows of a box.
const FEWEST_FIGURES: usize = 2;
/// Gap between two characters, in font sizes, that may be a gutter.
const GAP: f64 = 0.9;
/// Room, in font sizes, that a whole figure leaves in its cell.
const ROOM: f64 = 1.5;

/// A cell that is one row high or one column wide: its width and its glyphs.
type Boxed<'a> = (Points, &'a [Glyph]);

/// Cuts the boxes of a grid that hold several rows or columns; `None` when none does. `glyphs` are those of its cells.
#[must_use]
pub fn split_boxes(grid: &Grid, glyphs: &[Vec<Glyph>]) -> Option<Grid> {
    let mut in_rows: Vec<Vec<Boxed>> = vec![Vec::new(); grid.rows()];
    let mut in_cols: Vec<Vec<Boxed>> = vec![Vec::new(); grid.cols()];
    for (cell, glyphs) in grid.cells.iter().zip(glyphs).filter(|(_, glyphs)| !glyphs.is_empty()) {
        let boxed = (grid.cell_rect(cell).width(), glyphs.as_slice());
        in_rows.get_mut(cell.row).filter(|_| cell.row_span == 1).into_iter().for_each(|row| row.push(boxed));
        in_cols.get_mut(cell.col).filter(|_| cell.col_span == 1).into_iter().for_each(|col| col.push(boxed));
    }
    let heights = grid.ys.windows(2).map(|w| if let [a, b] = w { b - a } else { 0.0 });
    let rows: Vec<Vec<Points>> = in_rows.iter().zip(heights).map(|(row, height)| lines_in_row(row, height)).collect();
    let cols: Vec<Vec<Points>> = in_cols.iter().map(|col| lines_in_col(col)).collect();
    if rows.iter().chain(&cols).all(Vec::is_empty) {
        return None;
    }
    let mut cells: Vec<GridCell> = Vec::new();
    let (row_of, col_of) = (new_numbers(&rows), new_numbers(&cols));
    for (cell, glyphs) in grid.cells.iter().zip(glyphs) {
        let (row, row_end) = ends(&row_of, cell.row, cell.row_span);
        let (col, col_end) = ends(&col_of, cell.col, cell.col_span);
        let is_free = cell.col_span == 1 && cols.get(cell.col).is_some_and(|at| keeps_clear(glyphs, at));
        let row_step = if cell.row_span == 1 { 1 } else { row_end - row };
        let col_step = if is_free { 1 } else { col_end - col };
        for row in (row..row_end).step_by(row_step.max(1)) {
            let piece = |col| GridCell { row, col, row_span: row_step, col_span: col_step };
            cells.extend((col..col_end).step_by(col_step.max(1)).map(piece));
        }
    }
    cells.sort_unstable();
    Some(Grid { xs: with_lines(&grid.xs, &cols), ys: with_lines(&grid.ys, &rows), cells })
}

/// The new number of each old line, where so many lines come in behind each.
fn new_numbers(added: &[Vec<Points>]) -> Vec<usize> {
    let mut numbers = vec![0];
    let mut next = 0;
    for lines in added {
        next += 1 + lines.len();
        numbers.push(next);
    }
    numbers
}

fn ends(numbers: &[usize], start: usize, span: usize) -> (usize, usize) {
    let at = |i: usize| numbers.get(i).copied().unwrap_or_default();
    (at(start), at(start + span))
}

fn with_lines(lines: &[Points], added: &[Vec<Points>]) -> Vec<Points> {
    let mut all: Vec<Points> = lines.iter().chain(added.iter().flatten()).copied().collect();
    all.sort_by(f64::total_cmp);
    all
}

/// Where the boxes of a row are to be cut, so that each line of figures is a row.
fn lines_in_row(row: &[Boxed<'_>], height: Points) -> Vec<Points> {
    let size = row.iter().find_map(|(_, g)| g.first()).map_or(f64::INFINITY, |g| g.size);
    if height < 2.0 * size {
        return Vec::new();
    }
    let boxes: Vec<(Points, Vec<PageLine>)> = row
        .iter()
        .map(|(width, g)| (*width, glyphs_to_lines(1, g, Apart::Keep)))
        .filter(|(_, lines)| !lines.is_empty())
        .collect();
    let (figures, labels): (Vec<_>, Vec<_>) = boxes.iter().partition(|(width, lines)| is_figures(lines, *width));
    let columns: usize = figures.iter().map(|(_, lines)| words_of(lines)).sum();
    let mut spans = rows_of_lines(figures.iter().flat_map(|(_, lines)| lines));
    let is_told = if labels.is_empty() { are_alike(&figures) } else { columns >= FEWEST_FIGURES };
    if !is_told || spans.len() < 2 {
        return Vec::new();
    }
    for line in labels.iter().flat_map(|(_, lines)| lines) {
        let middle = line.rect.center().1;
        let at = spans.partition_point(|s| s.1 <= middle);
        let Some(span) = spans.get_mut(at).filter(|s| middle > s.0) else { return Vec::new() };
        *span = (span.0.min(line.rect.y0), span.1.max(line.rect.y1));
    }
    spans.iter().zip(spans.iter().skip(1)).map(|(a, b)| f64::midpoint(a.1, b.0)).collect()
}

/// Whether without any label enough boxes hold as many lines of figures each.
fn are_alike(figures: &[&(Points, Vec<PageLine>)]) -> bool {
    let first = figures.first().map_or(0, |(_, lines)| lines.len());
    figures.len() > FEWEST_FIGURES && figures.iter().all(|(_, lines)| lines.len() == first)
}

/// Whether every one of several lines of a cell of that width is figures, and none had to be wrapped.
fn is_figures(lines: &[PageLine], width: Points) -> bool {
    let is_figure = |word: &str| matches!(Printed::parse(word), Printed::Number(_) | Printed::Dash);
    let is_whole = |l: &PageLine| width - l.rect.width() > ROOM * l.size && !l.text.starts_with(['.', ',', '，']);
    lines.len() >= 2 && lines.iter().all(|l| is_whole(l) && l.text.split(' ').all(is_figure))
}

fn words_of(lines: &[PageLine]) -> usize {
    lines.iter().map(|l| l.text.split(' ').count()).max().unwrap_or(0)
}

/// Top and bottom of the rows that the lines stand in, from the top.
fn rows_of_lines<'a>(lines: impl Iterator<Item = &'a PageLine>) -> Vec<(Points, Points)> {
    let mut spans: Vec<(Points, Points)> = lines.map(|l| (l.rect.y0, l.rect.y1)).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut rows: Vec<(Points, Points)> = Vec::new();
    for span in spans {
        match rows.last_mut() {
            Some(row) if f64::midpoint(span.0, span.1) < row.1 => row.1 = row.1.max(span.1),
            _ => rows.push(span),
        }
    }
    rows
}

/// Where a column is to be cut, so that each list of figures in it is a column.
fn lines_in_col(col: &[Boxed<'_>]) -> Vec<Points> {
    if col.iter().map(|(_, g)| gaps_of(g)).sum::<usize>() < FEWEST_WORD_ROWS {
        return Vec::new();
    }
    let all: Vec<Glyph> = col.iter().flat_map(|(_, g)| g.iter().copied()).collect();
    let rows = words_to_rows(glyphs_to_lines(1, &all, Apart::Words));
    let rows: Vec<_> = rows.iter().collect();
    let Some(gutters) = find_gutters(&rows) else { return Vec::new() };
    let clear = col.iter().filter(|(_, g)| keeps_clear(g, &gutters)).count();
    let is_clear = clear * 4 >= col.len() * 3;
    let is_table = rows.len() >= FEWEST_WORD_ROWS && holds_figures(&rows, &gutters);
    if is_clear && is_table { gutters } else { Vec::new() }
}

/// Wide gaps between the characters of a cell, one after the other as they were painted.
fn gaps_of(glyphs: &[Glyph]) -> usize {
    let seen: Vec<&Glyph> = glyphs.iter().filter(|g| !g.c.is_whitespace()).collect();
    let is_gap = |w: &&[&Glyph]| matches!(w, [a, b] if b.rect.x0 - a.rect.x1 > GAP * b.size);
    seen.windows(2).filter(is_gap).count()
}

fn keeps_clear(glyphs: &[Glyph], gutters: &[Points]) -> bool {
    let crosses = |at: Points| glyphs.iter().any(|g| !g.c.is_whitespace() && g.rect.x0 < at && g.rect.x1 > at);
    !gutters.iter().any(|&at| crosses(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Rect;

    /// Sets words of 5 pt characters on lines of 15 pt.
    fn set(words: &[(f64, usize, &str)]) -> Vec<Glyph> {
        let mut glyphs = Vec::new();
        for &(x, line, text) in words {
            let y = 5.0 + 15.0 * line as f64;
            for (i, c) in text.chars().enumerate() {
                let x0 = x + 5.0 * i as f64;
                let rect = Rect { x0, y0: y, x1: x0 + 5.0, y1: y + 10.0 };
                let (bold, hidden, turned) = (false, false, false);
                glyphs.push(Glyph { c, rect, baseline: y + 8.0, size: 10.0, font: 0, bold, hidden, turned });
            }
        }
        glyphs
    }

    /// One row of two boxes.
    fn boxes() -> Grid {
        let cell = |col| GridCell { row: 0, col, row_span: 1, col_span: 1 };
        Grid { xs: vec![0.0, 100.0, 250.0], ys: vec![0.0, 50.0], cells: vec![cell(0), cell(1)] }
    }

    #[test]
    fn lines_of_figures_beside_labels_are_rows_and_columns() {
        let labels = set(&[(5.0, 0, "income"), (5.0, 1, "outlay"), (5.0, 2, "rest")]);
        let lines = [(0, "12.50", "13.50"), (1, "10.00", "11.00"), (2, "2.50", "2.50")];
        let figures: Vec<_> = lines.iter().flat_map(|&(i, a, b)| [(120.0, i, a), (180.0, i, b)]).collect();
        let split = split_boxes(&boxes(), &[labels, set(&figures)]).expect("rows and columns");
        assert_eq!((split.rows(), split.cols(), split.cells.len()), (3, 3, 9));
        assert!(split.ys[1] > 15.0 && split.ys[1] < 20.0, "{:?}", split.ys);
    }

    #[test]
    fn a_wrapped_label_and_a_wrapped_figure_are_one_row() {
        let label = set(&[(5.0, 0, "general public"), (5.0, 1, "services")]);
        assert_eq!(split_boxes(&boxes(), &[label.clone(), set(&[(120.0, 0, "12.50")])]), None);
        let mut narrow = boxes();
        narrow.xs = vec![0.0, 100.0, 140.0];
        assert_eq!(split_boxes(&narrow, &[label, set(&[(102.0, 0, "244,895"), (102.0, 1, "02")])]), None);
    }

    #[test]
    fn words_in_columns_without_figures_stay_in_their_box() {
        let labels = set(&[(5.0, 0, "one"), (5.0, 1, "two"), (5.0, 2, "three")]);
        let words: Vec<_> = (0..3).flat_map(|i| [(120.0, i, "goal"), (180.0, i, "result")]).collect();
        assert_eq!(split_boxes(&boxes(), &[labels, set(&words)]), None);
    }
}
