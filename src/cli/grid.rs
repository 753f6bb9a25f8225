//! Draws a grid of cells with box-drawing characters, merged cells as one box, in a given width.
//!
//! ```text
//! ┌──────┬───────────────┐
//! │      │    决算数     │      a cell of two columns
//! │ 项目 ├───────┬───────┤      a cell of two rows
//! │      │ 合计  │ 基本  │
//! ╞══════╪═══════╪═══════╡      below the header
//! │ 合计 │ 12.50 │ 10.00 │      figures to the right
//! └──────┴───────┴───────┘
//! ```
//!
//! Columns get the width that their text wants, the widest give way first, and text is wrapped. A grid that is
//! too wide even so is drawn in several blocks, each with the leading columns again.

use super::canvas::Canvas;
use super::paint::{Paint, Style};
use super::text;
use crate::model::{Printed, Table};

/// No column is made narrower than this to fit, as long as another is wider.
const NARROW: usize = 6;
/// Nor is one made wider than this, unless there is room to spare.
const WIDE: usize = 48;

/// No more columns than this are drawn; a person wants another tool for the rest.
pub(super) const MOST_COLUMNS: u32 = 128;

/// Cells on a grid, ready to be drawn.
#[derive(Debug, Clone, Default)]
pub(super) struct Grid {
    pub(super) rows: usize,
    pub(super) cols: usize,
    pub(super) header_rows: usize,
    /// Columns that are repeated in every block.
    pub(super) key_cols: usize,
    /// Whether lines stand between the rows below the header; a list reads better without.
    pub(super) is_ruled: bool,
    pub(super) cells: Vec<Tile>,
}

/// A cell, merged or not.
#[derive(Debug, Clone, Default)]
pub(super) struct Tile {
    pub(super) row: usize,
    pub(super) col: usize,
    pub(super) row_span: usize,
    pub(super) col_span: usize,
    pub(super) text: String,
    pub(super) style: Style,
    pub(super) align: Align,
}

/// Which side the text of a cell keeps to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Align {
    #[default]
    Left,
    Center,
    Right,
}

impl Grid {
    /// The first `rows` rows of a table; `style` gives the look of a body cell.
    pub(super) fn of_table(table: &Table, rows: usize, style: impl Fn(u32, u32) -> Style) -> Self {
        let rows = rows.min(table.rows as usize);
        let cols = table.cols.min(MOST_COLUMNS);
        let header_rows = (table.header_rows as usize).min(rows);
        let visible = table.cells.iter().filter(|c| (c.row as usize) < rows && c.col < cols);
        let cells: Vec<Tile> = visible
            .map(|c| {
                let (row, col) = (c.row as usize, c.col as usize);
                let text = text::plain(&c.text, true);
                let (align, style) = match (row < header_rows, Printed::parse(&c.text)) {
                    (true, _) => (Align::Center, Style::Bold),
                    (_, Printed::Number(_)) if is_code(&text) && col < 3 => (Align::Left, style(c.row, c.col)),
                    (_, Printed::Number(_) | Printed::Dash) => (Align::Right, style(c.row, c.col)),
                    _ => (Align::Left, style(c.row, c.col)),
                };
                let row_span = (c.row_span.max(1) as usize).min(rows - row);
                let col_span = (c.col_span.max(1).min(cols - c.col)) as usize;
                Tile { row, col, row_span, col_span, text, style, align }
            })
            .collect();
        let mut grid = Self { rows, cols: cols as usize, header_rows, key_cols: 0, is_ruled: true, cells };
        grid.key_cols = grid.leading_text_columns();
        grid
    }

    /// A plain table: a header and rows of text; `right` names the columns of figures.
    pub(super) fn of_rows(header: &[&str], rows: &[Vec<String>], right: &[usize]) -> Self {
        let boxed = |row: usize, col: usize, text: &str, style, align| {
            let text = text::plain(text, true);
            Tile { row, col, row_span: 1, col_span: 1, text, style, align }
        };
        let mut cells = Vec::new();
        for (col, name) in header.iter().enumerate() {
            cells.push(boxed(0, col, name, Style::Bold, Align::Center));
        }
        for (row, values) in rows.iter().enumerate() {
            for (col, value) in values.iter().enumerate() {
                let align = if right.contains(&col) { Align::Right } else { Align::Left };
                cells.push(boxed(row + 1, col, value, Style::Plain, align));
            }
        }
        Self { rows: rows.len() + 1, cols: header.len(), header_rows: 1, key_cols: 1, is_ruled: false, cells }
    }

    /// How many columns stand before the first one that holds figures, at most 3.
    fn leading_text_columns(&self) -> usize {
        let body = self.cells.iter().filter(|c| c.row >= self.header_rows && c.align == Align::Right);
        body.map(|c| c.col).min().unwrap_or(1).clamp(1, 3)
    }

    /// The drawing as lines of at most `columns`, if columns of text can be made that narrow.
    pub(super) fn draw(&self, columns: usize, paint: Paint) -> Vec<String> {
        let natural = self.natural_widths();
        let mut lines = Vec::new();
        for block in self.blocks(&natural, columns) {
            let widths = self.shrink(&block, &natural, columns);
            let view = self.view(&block);
            let view = if self.is_ruled { view } else { view.without_rules(&widths) };
            lines.extend(view.draw_block(&widths, paint));
        }
        lines
    }

    /// The width that each column would like: its longest line, up to [`WIDE`].
    fn natural_widths(&self) -> Vec<usize> {
        let mut widths = vec![1; self.cols];
        for cell in self.cells.iter().filter(|c| c.col_span == 1) {
            if let Some(w) = widths.get_mut(cell.col) {
                *w = (*w).max(longest_line(&cell.text).min(WIDE));
            }
        }
        for cell in self.cells.iter().filter(|c| c.col_span > 1) {
            let Some(spanned) = widths.get_mut(cell.col..cell.col + cell.col_span) else { continue };
            let has = inner_width(spanned);
            let wants = longest_line(&cell.text).min(WIDE);
            let count = spanned.len();
            for (i, w) in spanned.iter_mut().enumerate() {
                let missing = wants.saturating_sub(has);
                *w += missing / count + usize::from(i < missing % count);
            }
        }
        widths
    }

    /// Which columns each block shows: all of them, if they can be made to fit.
    fn blocks(&self, natural: &[usize], columns: usize) -> Vec<Vec<usize>> {
        let least = |c: usize| natural.get(c).map_or(0, |&w| self.least_width(c, w)) + 3;
        if (0..self.cols).map(least).sum::<usize>() < columns || self.cols == 0 {
            return vec![(0..self.cols).collect()];
        }
        let key: Vec<usize> = (0..self.key_cols.min(self.cols.saturating_sub(1))).collect();
        let key_width: usize = key.iter().map(|&c| least(c)).sum();
        let (mut blocks, mut block, mut used) = (Vec::new(), key.clone(), key_width + 1);
        for col in key.len()..self.cols {
            if used + least(col) > columns && block.len() > key.len() {
                blocks.push(std::mem::replace(&mut block, key.clone()));
                used = key_width + 1;
            }
            used += least(col);
            block.push(col);
        }
        blocks.push(block);
        blocks
    }

    /// A column of figures is never wrapped; text may be, down to [`NARROW`].
    fn least_width(&self, col: usize, natural: usize) -> usize {
        let figures = self.cells.iter().filter(|c| c.col == col && c.col_span == 1 && c.align == Align::Right);
        figures.map(|c| longest_line(&c.text)).max().unwrap_or(0).clamp(natural.min(NARROW), natural)
    }

    /// Takes width from the widest columns of `block` until it fits; columns of figures give way last.
    fn shrink(&self, block: &[usize], natural: &[usize], columns: usize) -> Vec<usize> {
        let natural: Vec<usize> = block.iter().map(|&c| natural.get(c).copied().unwrap_or(1)).collect();
        let least: Vec<usize> = block.iter().zip(&natural).map(|(&c, &w)| self.least_width(c, w)).collect();
        let mut widths = natural;
        while inner_width(&widths) + 4 > columns {
            let spare = |i: usize, w: usize| least.get(i).is_some_and(|&least| w > least);
            let widest = widths.iter().enumerate().max_by_key(|&(i, &w)| (spare(i, w), w)).map(|(i, _)| i);
            let Some(widest) = widest.and_then(|i| widths.get_mut(i)).filter(|w| **w > 2) else { break };
            *widest -= 1;
        }
        widths
    }

    /// The grid with only some of its columns; cells that reach out are clipped.
    fn view(&self, block: &[usize]) -> Self {
        let cells = self.cells.iter().filter_map(|cell| {
            let is_covered = |c: &&usize| (cell.col..cell.col + cell.col_span).contains(*c);
            let col_span = block.iter().filter(is_covered).count();
            let col = block.iter().position(|c| is_covered(&c))?;
            Some(Tile { col, col_span, ..cell.clone() })
        });
        Self { cols: block.len(), cells: cells.collect(), ..*self }
    }

    /// The same with all rows below the header in one, so that no lines stand between them.
    fn without_rules(&self, widths: &[usize]) -> Self {
        let heights = self.heights(widths);
        let (mut cells, mut columns): (Vec<Tile>, Vec<Tile>) = (Vec::new(), Vec::new());
        for cell in &self.cells {
            if cell.row < self.header_rows {
                cells.push(cell.clone());
                continue;
            }
            let room = widths.get(cell.col).copied().unwrap_or(1);
            let mut lines = text::wrap(&cell.text, room);
            lines.resize(heights.get(cell.row).copied().unwrap_or(1), String::new());
            match columns.iter_mut().find(|c| c.col == cell.col) {
                Some(column) => {
                    column.text.push('\n');
                    column.text.push_str(&lines.join("\n"));
                }
                None => columns.push(Tile { row: self.header_rows, text: lines.join("\n"), ..cell.clone() }),
            }
        }
        cells.extend(columns);
        Self { rows: self.header_rows + usize::from(self.rows > self.header_rows), cells, ..*self }
    }

    fn draw_block(&self, widths: &[usize], paint: Paint) -> Vec<String> {
        let heights = self.heights(widths);
        let lefts = edges(widths, 3);
        let tops = edges(&heights, 1);
        let mut canvas = Canvas::new(lefts.last().map_or(0, |x| x + 1), tops.last().map_or(0, |y| y + 1));
        let at = |list: &[usize], i: usize| list.get(i).copied().unwrap_or(0);
        for cell in self.cells.iter().chain(&self.gaps()) {
            let (x0, x1) = (at(&lefts, cell.col), at(&lefts, cell.col + cell.col_span));
            let (y0, y1) = (at(&tops, cell.row), at(&tops, cell.row + cell.row_span));
            canvas.frame(x0, y0, x1, y1);
            let lines = text::wrap(&cell.text, (x1 - x0).saturating_sub(3));
            let free = (y1 - y0).saturating_sub(1 + lines.len());
            let down = if cell.row_span > 1 { free / 2 } else { 0 };
            for (i, line) in lines.iter().enumerate().take((y1 - y0).saturating_sub(1)) {
                let room = (x1 - x0).saturating_sub(3 + text::width(line));
                let right = match cell.align {
                    Align::Left => 0,
                    Align::Center => room / 2,
                    Align::Right => room,
                };
                canvas.write(x0 + 2 + right, y0 + 1 + down + i, line, cell.style);
            }
        }
        if self.header_rows > 0 && self.header_rows < self.rows {
            canvas.double(at(&tops, self.header_rows));
        }
        canvas.lines(paint)
    }

    /// How many lines each row needs when text is wrapped to `widths`.
    fn heights(&self, widths: &[usize]) -> Vec<usize> {
        let mut heights = vec![1; self.rows];
        let lines = |c: &Tile| {
            let room = widths.get(c.col..c.col + c.col_span).map_or(1, inner_width);
            text::wrap(&c.text, room).len()
        };
        let mut cells: Vec<&Tile> = self.cells.iter().collect();
        cells.sort_by_key(|c| c.row_span);
        for cell in cells {
            let Some(spanned) = heights.get_mut(cell.row..cell.row + cell.row_span) else { continue };
            let has = spanned.iter().sum::<usize>() + spanned.len() - 1;
            let missing = lines(cell).saturating_sub(has);
            if let Some(last) = spanned.last_mut() {
                *last += missing;
            }
        }
        heights
    }

    /// Empty boxes for the positions that no cell covers.
    fn gaps(&self) -> Vec<Tile> {
        let mut covered = vec![false; self.rows * self.cols];
        for cell in &self.cells {
            for row in cell.row..cell.row + cell.row_span {
                let start = row * self.cols + cell.col;
                covered.get_mut(start..start + cell.col_span).into_iter().flatten().for_each(|c| *c = true);
            }
        }
        let gap =
            |i: usize| Tile { row: i / self.cols, col: i % self.cols, row_span: 1, col_span: 1, ..Tile::default() };
        covered.iter().enumerate().filter(|(_, covered)| !**covered).map(|(i, _)| gap(i)).collect()
    }
}

/// Whether a text looks like a code of a classification: 3, 5 or 7 digits and nothing else.
fn is_code(text: &str) -> bool {
    matches!(text.len(), 3 | 5 | 7) && text.bytes().all(|b| b.is_ascii_digit())
}

fn longest_line(text: &str) -> usize {
    text.split('\n').map(|line| text::width(line.trim())).max().unwrap_or(0)
}

/// Columns that a cell over several columns can write in: the borders between them are its own.
fn inner_width(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + 3 * widths.len().saturating_sub(1)
}

/// Positions of the lines between sizes, where each size has `extra` around it and a line on each side.
fn edges(sizes: &[usize], extra: usize) -> Vec<usize> {
    let mut at = 0;
    let steps = sizes.iter().map(|size| {
        at += size + extra;
        at
    });
    std::iter::once(0).chain(steps.collect::<Vec<_>>()).collect()
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::model::Cell;

    fn table(rows: u32, cols: u32, header_rows: u32, cells: &[(u32, u32, u32, u32, &str)]) -> Table {
        let cell = |&(row, col, row_span, col_span, text): &(u32, u32, u32, u32, &str)| Cell {
            row,
            col,
            row_span,
            col_span,
            text: text.to_owned(),
            ..Cell::default()
        };
        Table { rows, cols, header_rows, cells: cells.iter().map(cell).collect(), ..Table::default() }
    }

    fn drawn(table: &Table, columns: usize) -> String {
        Grid::of_table(table, 99, |_, _| Style::Plain).draw(columns, Paint::off()).join("\n")
    }

    fn statement() -> Table {
        table(
            5,
            5,
            2,
            &[
                (0, 0, 1, 2, "项目"),
                (0, 2, 2, 1, "本年支出合计"),
                (0, 3, 1, 2, "其中"),
                (1, 0, 1, 1, "功能分类科目编码"),
                (1, 1, 1, 1, "科目名称"),
                (1, 3, 1, 1, "基本支出"),
                (1, 4, 1, 1, "项目支出"),
                (2, 0, 1, 2, "合计"),
                (2, 2, 1, 1, "3,569.58"),
                (2, 3, 1, 1, "1,278.53"),
                (2, 4, 1, 1, "2,291.05"),
                (3, 0, 1, 1, "2010301"),
                (3, 1, 1, 1, "行政运行"),
                (3, 2, 1, 1, "1,278.53"),
                (3, 3, 1, 1, "1,278.53"),
                (3, 4, 1, 1, "—"),
                (4, 0, 1, 1, "2010302"),
                (4, 1, 1, 1, "一般行政管理事务"),
            ],
        )
    }

    #[test]
    fn merged_cells_are_one_box() {
        assert_snapshot!(drawn(&statement(), 100), @r#"
        ┌─────────────────────────────────────┬──────────────┬─────────────────────┐
        │                项目                 │              │        其中         │
        ├──────────────────┬──────────────────┤ 本年支出合计 ├──────────┬──────────┤
        │ 功能分类科目编码 │     科目名称     │              │ 基本支出 │ 项目支出 │
        ╞══════════════════╧══════════════════╪══════════════╪══════════╪══════════╡
        │ 合计                                │     3,569.58 │ 1,278.53 │ 2,291.05 │
        ├──────────────────┬──────────────────┼──────────────┼──────────┼──────────┤
        │ 2010301          │ 行政运行         │     1,278.53 │ 1,278.53 │        — │
        ├──────────────────┼──────────────────┼──────────────┼──────────┼──────────┤
        │ 2010302          │ 一般行政管理事务 │              │          │          │
        └──────────────────┴──────────────────┴──────────────┴──────────┴──────────┘
        "#);
    }

    #[test]
    fn a_narrow_terminal_wraps_text_but_not_figures() {
        assert_snapshot!(drawn(&statement(), 60), @r#"
        ┌────────────────────────┬───────────┬─────────────────────┐
        │          项目          │           │        其中         │
        ├────────────┬───────────┤ 本年支出  ├──────────┬──────────┤
        │ 功能分类科 │ 科目名称  │   合计    │ 基本支出 │ 项目支出 │
        │   目编码   │           │           │          │          │
        ╞════════════╧═══════════╪═══════════╪══════════╪══════════╡
        │ 合计                   │  3,569.58 │ 1,278.53 │ 2,291.05 │
        ├────────────┬───────────┼───────────┼──────────┼──────────┤
        │ 2010301    │ 行政运行  │  1,278.53 │ 1,278.53 │        — │
        ├────────────┼───────────┼───────────┼──────────┼──────────┤
        │ 2010302    │ 一般行政  │           │          │          │
        │            │ 管理事务  │           │          │          │
        └────────────┴───────────┴───────────┴──────────┴──────────┘
        "#);
    }

    #[test]
    fn a_grid_too_wide_is_drawn_in_blocks() {
        let mut cells = vec![(0, 0, 1, 1, "单位"), (1, 0, 1, 1, "某局")];
        cells.extend((1..9).flat_map(|c| [(0, c, 1, 1, "金额"), (1, c, 1, 1, "1,234.56")]));
        assert_snapshot!(drawn(&table(2, 9, 1, &cells), 50), @r#"
        ┌──────┬──────────┬──────────┬──────────┐
        │ 单位 │   金额   │   金额   │   金额   │
        ╞══════╪══════════╪══════════╪══════════╡
        │ 某局 │ 1,234.56 │ 1,234.56 │ 1,234.56 │
        └──────┴──────────┴──────────┴──────────┘
        ┌──────┬──────────┬──────────┬──────────┐
        │ 单位 │   金额   │   金额   │   金额   │
        ╞══════╪══════════╪══════════╪══════════╡
        │ 某局 │ 1,234.56 │ 1,234.56 │ 1,234.56 │
        └──────┴──────────┴──────────┴──────────┘
        ┌──────┬──────────┬──────────┐
        │ 单位 │   金额   │   金额   │
        ╞══════╪══════════╪══════════╡
        │ 某局 │ 1,234.56 │ 1,234.56 │
        └──────┴──────────┴──────────┘
        "#);
    }

    #[test]
    fn every_line_is_as_wide_as_the_first() {
        for columns in [40, 60, 80, 120] {
            let lines = drawn(&statement(), columns);
            let widths: Vec<usize> = lines.lines().map(text::width).collect();
            assert!(widths.iter().all(|w| *w == widths[0] && *w <= columns), "{columns}: {widths:?}");
        }
    }
}
