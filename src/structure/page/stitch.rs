//! Tables that a page break cut in two become one again.
//!
//! A fragment continues the table above when their columns agree and nothing but running text stands between
//! them. A repeated header is dropped, a row that the break cut through is joined. Where a title stands
//! between, or opens the fragment, the tables stay two: 政府性基金 and 国有资本经营 tables share columns and
//! header, and only the title tells them apart.

use std::collections::BTreeSet;

use super::cells::{Fit, PageTable};
use super::edges::TOLERANCE;
use super::script::line_break;
use super::sideways::begins_over;
use crate::error::Result;
use crate::limits::Limits;
use crate::model::{Cell, Location, Points, Printed};
use crate::structure::flow::FlowTable;

/// Header rows that a page can repeat at most.
const MOST_HEADER_ROWS: u32 = 8;

/// Rows of totals that a page can repeat below the header at most.
const MOST_TOTAL_ROWS: u32 = 2;

/// A table that may still go on over the next page.
#[derive(Debug, Clone)]
pub struct OpenTable {
    table: FlowTable,
    /// For each cell, how its text fits into it.
    fits: Vec<Fit>,
    xs: Vec<Points>,
    page: u32,
    imagined: bool,
}

impl OpenTable {
    /// Starts a table with its first fragment.
    #[must_use]
    pub fn start(fragment: PageTable) -> Self {
        let table = FlowTable {
            rows: steps(&fragment.ys),
            cols: steps(&fragment.xs),
            cells: fragment.cells.clone(),
            locations: vec![Location::on_page(fragment.page, fragment.rect())],
            ..FlowTable::default()
        };
        Self { table, fits: fragment.fits, xs: fragment.xs, page: fragment.page, imagined: fragment.imagined }
    }

    /// The page of the last fragment.
    #[must_use]
    pub fn page(&self) -> u32 {
        self.page
    }

    /// Whether the fragment continues this table. Where the title comes again above it, the header must too.
    #[must_use]
    pub fn goes_on(&self, fragment: &PageTable, is_titled: bool) -> bool {
        if fragment.page != self.page + 1 {
            return false;
        }
        let repeats_header = self.repeated_rows(fragment) > 0;
        if !repeats_header && self.begins_over(fragment) {
            return false;
        }
        let is_about_there = self.imagined && fragment.imagined && is_near(&self.xs, &fragment.xs);
        if is_about_there || shared_columns(&self.xs, &fragment.xs).is_some() {
            let goes_on = if is_titled { self.repeats_label(fragment) } else { !opens_with_title(fragment) };
            return repeats_header || goes_on;
        }
        // Some producers set the columns of each page anew; the same header then tells that they are the same.
        repeats_header && fragment.xs.len() == self.xs.len()
    }

    /// Whether the fragment begins the rows of this table anew, with columns of its own.
    #[must_use]
    pub fn begins_over(&self, fragment: &PageTable) -> bool {
        fragment.page == self.page + 1 && begins_over(&self.table.cells, &fragment.cells, steps(&fragment.ys))
    }

    /// Whether the fragment opens with the label of this table's last row: a merged cell that each page shows.
    fn repeats_label(&self, fragment: &PageTable) -> bool {
        let label = fragment.cells.first().filter(|c| c.row == 0 && c.col == 0 && is_words(&c.text));
        let last = self.table.rows.saturating_sub(1);
        let is_again = |label: &Cell| self.table.cells.iter().rev().any(|c| c.covers(last, 0) && c.text == label.text);
        label.is_some_and(is_again)
    }

    /// Adds a fragment that goes on; `texts` are those of all cells of the document.
    pub fn add(&mut self, mut fragment: PageTable, texts: &BTreeSet<String>) {
        self.page = fragment.page;
        let place = Location::on_page(fragment.page, fragment.rect());
        if let Some(columns) = shared_columns(&self.xs, &fragment.xs) {
            self.widen(&mut fragment, &columns);
        } else {
            self.xs.clone_from(&fragment.xs);
        }
        let repeated = self.repeated_rows(&fragment);
        if repeated > 0 {
            self.table.header_rows = Some(repeated);
        }
        let repeated = repeated + self.repeated_totals(&fragment, repeated);
        let joint = Joint {
            is_cut_row: self.is_cut_row(&fragment, repeated),
            is_key_blank: fragment.cells.iter().any(|c| c.row == repeated && c.col == 0 && c.text.is_empty()),
        };
        let shift = self.table.rows.saturating_sub(u32::from(joint.is_cut_row));
        let mut added = Vec::new();
        for (cell, fit) in fragment.cells.into_iter().zip(fragment.fits).filter(|(c, _)| c.row >= repeated) {
            let is_first = cell.row == repeated;
            let cell = Cell { row: cell.row - repeated + shift, ..cell };
            if !is_first || !self.continue_cell(&cell, fit, joint, texts) {
                added.push((cell, fit));
            }
        }
        for (cell, fit) in added {
            self.table.cells.push(cell);
            self.fits.push(fit);
        }
        self.table.rows = shift + steps(&fragment.ys).saturating_sub(repeated);
        self.table.locations.push(place);
    }

    /// Refuses a table that has grown too large over its pages.
    ///
    /// # Errors
    /// When it has more positions than [`Limits::cells`].
    pub fn check_size(&self, limits: &Limits) -> Result<()> {
        let positions = u64::from(self.table.rows).saturating_mul(u64::from(self.table.cols));
        let place = || Location { page: Some(self.page), ..Location::default() };
        Limits::check("the number of cells of a table", "cells", positions, limits.cells).map_err(|e| e.at(place()))
    }

    /// The whole table.
    #[must_use]
    pub fn finish(mut self) -> FlowTable {
        self.table.cells.sort_by_key(|c| (c.row, c.col));
        self.table
    }

    /// Brings both onto the same columns.
    fn widen(&mut self, fragment: &mut PageTable, columns: &[Points]) {
        // A long table keeps its columns from page to page; only new ones move what it holds already.
        if self.xs != columns {
            respan(&mut self.table.cells, &self.xs, columns);
        }
        let shift = columns.first().unwrap_or(&0.0) - fragment.xs.first().unwrap_or(&0.0);
        let shifted: Vec<Points> = fragment.xs.iter().map(|x| x + shift).collect();
        respan(&mut fragment.cells, &shifted, columns);
        self.xs = columns.to_vec();
        self.table.cols = steps(columns);
    }

    /// How many leading rows the fragment repeats of this table's own head; the last one never counts.
    fn repeated_rows(&self, fragment: &PageTable) -> u32 {
        let most = MOST_HEADER_ROWS.min(steps(&fragment.ys)).min(self.table.rows);
        (1..=most).rev().find(|&rows| is_same_head(&self.table.cells, &fragment.cells, rows)).unwrap_or(0)
    }

    /// How many rows behind its `repeated` header the fragment repeats of this table's body: a spreadsheet that
    /// prints its header on every page can be told to print the total below it too.
    fn repeated_totals(&self, fragment: &PageTable, repeated: u32) -> u32 {
        if repeated == 0 {
            return 0;
        }
        let same = |row: &u32| is_same_row(&self.table.cells, &fragment.cells, *row);
        let most = steps(&fragment.ys).min(self.table.rows).min(repeated + MOST_TOTAL_ROWS);
        u32::try_from((repeated..most).take_while(same).count()).unwrap_or(0)
    }

    /// Whether the fragment's first row is the rest of this table's last one: what it holds are the ends of
    /// texts that go on, and a cell that must be printed on the first page is blank on the second.
    fn is_cut_row(&self, fragment: &PageTable, first: u32) -> bool {
        let head = || fragment.cells.iter().zip(&fragment.fits).filter(|(c, _)| c.row == first);
        let is_left_out = |c: &Cell| self.above(c).is_some_and(|(t, _)| t.row_span == 1 && !t.text.is_empty());
        let key = head().find(|(c, _)| self.above(c).is_none_or(|(t, _)| t.row_span == 1 || !c.text.is_empty()));
        let is_key_blank = key.is_some_and(|(c, _)| c.text.is_empty());
        let continues = |(c, fit): (&Cell, &Fit)| {
            let above = self.above(c).filter(|(t, _)| is_words(&t.text) && t.text != c.text);
            c.row_span == 1 && is_words(&c.text) && above.is_some_and(|a| goes_on_in(a, (c, fit), is_key_blank))
        };
        let mut filled = head().filter(|(c, _)| !c.text.is_empty()).peekable();
        head().any(|(c, _)| c.text.is_empty() && is_left_out(c)) && filled.peek().is_some() && filled.all(continues)
    }

    /// The cell of the last row that covers the same columns.
    fn above(&self, cell: &Cell) -> Option<(&Cell, &Fit)> {
        let last = self.table.rows.saturating_sub(1);
        let above = self.table.cells.iter().zip(&self.fits).rev().find(|(c, _)| c.covers(last, cell.col));
        above.filter(|(t, _)| t.col == cell.col && t.col_span == cell.col_span)
    }

    /// Lets the cell above take the rest of itself; false when it is no such cell.
    fn continue_cell(&mut self, rest: &Cell, fit: Fit, joint: Joint, texts: &BTreeSet<String>) -> bool {
        let last = self.table.rows.saturating_sub(1);
        let above = self.table.cells.iter_mut().zip(&self.fits).rev().find(|(c, _)| c.covers(last, rest.col));
        let Some((above, above_fit)) = above.filter(|(c, _)| c.col == rest.col && c.col_span == rest.col_span) else {
            return false;
        };
        let is_cut_merge = if rest.text.is_empty() {
            let may_go_on = above.row_span > 1 || is_words(&above.text);
            rest.row_span > 1 && may_go_on && joint.is_key_blank
        } else {
            above.row_span > 1 && rest.row_span > 1 && is_cut_label((above, above_fit), (rest, &fit))
        };
        let whole = format!("{}{}{}", above.text, line_break(&above.text, &rest.text, true), rest.text);
        // A label that stands whole in other tables of the document is cut here.
        let is_known = above_fit.is_full && !rest.text.is_empty() && is_words(&whole) && texts.contains(&whole);
        if !joint.is_cut_row && !is_cut_merge && !is_known {
            return false;
        }
        above.text = whole;
        above.row_span += rest.row_span - u32::from(joint.is_cut_row);
        true
    }
}

/// Whether the text of a cell goes on in the cell below the break, of a row whose key is blank there or not.
fn goes_on_in((above, fit): (&Cell, &Fit), (below, below_fit): (&Cell, &Fit), is_key_blank: bool) -> bool {
    let is_cut = is_key_blank && fit.is_at_bottom && below_fit.is_at_top;
    // An indented line is broken at the right border, and goes on at the left one.
    let is_broken = fit.is_full || fit.is_at_end && below_fit.is_at_start;
    is_cut || is_broken && !ends_sentence(&above.text) && !is_start(&below.text)
}

/// Whether the break cuts through the text of a merged cell.
fn is_cut_label((above, fit): (&Cell, &Fit), (below, below_fit): (&Cell, &Fit)) -> bool {
    let is_cut = fit.is_full && fit.is_at_bottom && !fit.is_at_top && below_fit.is_at_top && !below_fit.is_at_bottom;
    is_cut && above.text != below.text && !ends_sentence(&above.text) && !is_start(&below.text)
}

/// What stands at the seam of two fragments.
#[derive(Debug, Clone, Copy)]
struct Joint {
    /// Whether the break cuts through a row.
    is_cut_row: bool,
    /// Whether the first cell behind the break is blank, so that nothing new begins there.
    is_key_blank: bool,
}

fn steps(lines: &[Points]) -> u32 {
    u32::try_from(lines.len().saturating_sub(1)).unwrap_or(u32::MAX)
}

/// The columns of both, where those of one are among those of the other, margins aside.
fn shared_columns(a: &[Points], b: &[Points]) -> Option<Vec<Points>> {
    let (&a0, &b0) = (a.first()?, b.first()?);
    let shift = a0 - b0;
    let b: Vec<Points> = b.iter().map(|x| x + shift).collect();
    let is_same_width = (a.last()? - b.last()?).abs() <= 2.0 * TOLERANCE;
    let (few, many) = if a.len() < b.len() { (a, b.as_slice()) } else { (b.as_slice(), a) };
    let is_among = |x: &Points| many.iter().any(|y| (x - y).abs() <= TOLERANCE);
    (is_same_width && few.iter().all(is_among)).then(|| many.to_vec())
}

/// Whether two rows of lines have the same ends, and the same number between them about where the other has them.
fn is_near(a: &[Points], b: &[Points]) -> bool {
    let ends = |v: &[Points]| Some((*v.first()?, *v.last()?));
    let (Some(first), Some(second)) = (ends(a), ends(b)) else { return false };
    let is_same_end = |a: Points, b: Points| (a - b).abs() <= 2.0 * TOLERANCE;
    let between = |own: &[Points], other: &[Points]| {
        own.windows(3)
            .zip(other.iter().skip(1))
            .all(|(own, x)| matches!(own, [left, _, right] if left < x && x < right))
    };
    a.len() == b.len() && is_same_end(first.0, second.0) && is_same_end(first.1, second.1) && between(a, b)
}

/// Moves cells from columns `xs` to the finer `columns`.
fn respan(cells: &mut [Cell], xs: &[Points], columns: &[Points]) {
    let index = |line: u32| {
        let x = xs.get(line as usize).copied().unwrap_or_default();
        let nearest = (0u32..).zip(columns).min_by(|a, b| (a.1 - x).abs().total_cmp(&(b.1 - x).abs()));
        nearest.map_or(line, |(i, _)| i)
    };
    for cell in cells {
        let end = index(cell.col + cell.col_span);
        cell.col = index(cell.col);
        cell.col_span = end.saturating_sub(cell.col).max(1);
    }
}

/// Whether a row of two tables is the same and holds an amount.
fn is_same_row(a: &[Cell], b: &[Cell], row: u32) -> bool {
    let texts = |cells: &[Cell]| -> Vec<(u32, String)> {
        let inside = cells.iter().take_while(|c| c.row <= row).filter(|c| c.row == row && !c.text.is_empty());
        inside.map(|c| (c.col, c.text.clone())).collect()
    };
    let (a, b) = (texts(a), texts(b));
    let is_amount = |text: &str| matches!(Printed::parse(text), Printed::Number(l) if l.decimals > 0);
    a.iter().any(|(_, text)| is_words(text)) && a.iter().any(|(_, text)| is_amount(text)) && a == b
}

/// Whether two tables have the same first rows, with something in them.
fn is_same_head(a: &[Cell], b: &[Cell], rows: u32) -> bool {
    let head = |cells: &[Cell]| -> Vec<(u32, u32, u32, String)> {
        let inside = cells.iter().take_while(|c| c.row < rows).filter(|c| !c.text.is_empty());
        inside.map(|c| (c.row, c.col, c.row + c.row_span, c.text.clone())).collect()
    };
    let (a, b) = (head(a), head(b));
    let is_closed = a.iter().all(|c| c.2 <= rows);
    let has_words = a.iter().any(|c| is_words(&c.3));
    let holds_amounts = a.iter().any(|c| matches!(Printed::parse(&c.3), Printed::Number(l) if l.decimals > 0));
    a.len() >= 2 && is_closed && has_words && !holds_amounts && a == b
}

/// Whether the fragment's first row is one text over all columns that reads like a title.
fn opens_with_title(fragment: &PageTable) -> bool {
    let cols = steps(&fragment.xs);
    let first: Vec<&Cell> = fragment.cells.iter().filter(|c| c.row == 0).collect();
    let [title] = first.as_slice() else { return false };
    let is_short = title.text.chars().count() <= 40;
    let is_note = ["注", "说明", "备注"].iter().any(|word| title.text.starts_with(word));
    title.col_span == cols && cols > 1 && is_short && !title.text.is_empty() && !is_note && !title.text.contains('。')
}

fn is_words(text: &str) -> bool {
    matches!(Printed::parse(text), Printed::Text)
}

/// Whether the text begins an entry of its own, such as `十六、` or `（2）`.
fn is_start(text: &str) -> bool {
    let mark = text.chars().take(5).position(|c| matches!(c, '、' | '）' | ')' | '.' | '．' | '：'));
    let is_number = |c: char| c.is_ascii_digit() || "（(一二三四五六七八九十其中".contains(c);
    mark.is_some_and(|end| text.chars().take(end).all(is_number))
}

fn ends_sentence(text: &str) -> bool {
    text.ends_with(['。', '；', '！', '？'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Location;

    /// A table of 20 pt columns and 10 pt rows; an empty text is an empty cell.
    fn table(page: u32, rows: &[Vec<String>]) -> PageTable {
        let cols = rows.first().map_or(0, Vec::len);
        let cell = |row: usize, col: usize, text: &String| Cell {
            row: u32::try_from(row).expect("small"),
            col: u32::try_from(col).expect("small"),
            row_span: 1,
            col_span: 1,
            text: text.clone(),
            location: Location::default(),
        };
        let cells =
            rows.iter().enumerate().flat_map(|(r, row)| row.iter().enumerate().map(move |(c, t)| cell(r, c, t)));
        PageTable {
            page,
            xs: (0..=cols).map(|i| i as f64 * 20.0).collect(),
            ys: (0..=rows.len()).map(|i| i as f64 * 10.0).collect(),
            cells: cells.collect(),
            fits: vec![
                Fit { is_full: true, is_at_end: true, is_at_start: true, is_at_top: true, is_at_bottom: true };
                rows.len() * cols
            ],
            imagined: false,
        }
    }

    fn rows(texts: &[&[&str]]) -> Vec<Vec<String>> {
        texts.iter().map(|row| row.iter().map(|t| (*t).to_owned()).collect()).collect()
    }

    fn stitch(first: PageTable, second: PageTable) -> FlowTable {
        let mut open = OpenTable::start(first);
        assert!(open.goes_on(&second, false));
        open.add(second, &BTreeSet::new());
        open.finish()
    }

    #[test]
    fn a_repeated_header_is_dropped_and_counted() {
        let first = table(1, &rows(&[&["科目", "金额"], &["合计", "12.50"]]));
        let second = table(2, &rows(&[&["科目", "金额"], &["基本支出", "10.00"]]));
        let whole = stitch(first, second);
        assert_eq!((whole.rows, whole.header_rows, whole.locations.len()), (3, Some(1), 2));
    }

    #[test]
    fn a_total_that_is_printed_on_every_page_stands_once() {
        let head: [&[&str]; 2] = [&["科目", "金额"], &["合计", "12.50"]];
        let first = table(1, &rows(&[head[0], head[1], &["公共安全", "2.50"]]));
        let second = table(2, &rows(&[head[0], head[1], &["教育支出", "10.00"]]));
        let whole = stitch(first, second);
        assert_eq!((whole.rows, whole.header_rows), (4, Some(1)));
    }

    #[test]
    fn a_row_that_the_break_cut_is_joined() {
        let first = table(1, &rows(&[&["201", "一般公共", "3.00"]]));
        let second = table(2, &rows(&[&["", "服务支出", ""], &["202", "外交支出", "4.00"]]));
        let whole = stitch(first, second);
        assert_eq!(whole.rows, 2);
        assert_eq!(whole.cells[1].text, "一般公共服务支出");
    }

    #[test]
    fn an_indented_label_that_the_break_cut_goes_on_at_the_left_border() {
        let mut first = table(1, &rows(&[&["年初结转和结", "3.00"]]));
        let mut second = table(2, &rows(&[&["余", ""], &["总计", "4.00"]]));
        first.fits.iter_mut().for_each(|fit| (fit.is_full, fit.is_at_start) = (false, false));
        let whole = stitch(first.clone(), second.clone());
        assert_eq!((whole.rows, whole.cells[0].text.as_str()), (2, "年初结转和结余"));
        second.fits.iter_mut().for_each(|fit| fit.is_at_start = false);
        assert_eq!(stitch(first, second).rows, 3, "a centred label is one of its own");
    }

    #[test]
    fn columns_of_aligned_words_need_only_lie_about_there() {
        let mut first = table(1, &rows(&[&["科目", "金额"], &["合计", "12.50"]]));
        let mut second = table(2, &rows(&[&["基本支出", "10.00"]]));
        second.xs[1] += 8.0;
        assert!(!OpenTable::start(first.clone()).goes_on(&second, false));
        (first.imagined, second.imagined) = (true, true);
        let mut open = OpenTable::start(first);
        assert!(open.goes_on(&second, false));
        open.add(second, &BTreeSet::new());
        assert_eq!((open.table.rows, open.table.cols), (3, 2));
    }

    #[test]
    fn a_label_that_is_known_whole_is_joined_and_covers_both_rows() {
        let first = table(1, &rows(&[&["合计", "3.00"], &["年度目标完", "4.00"]]));
        let second = table(2, &rows(&[&["成情况", "5.00"], &["其他", "6.00"]]));
        let mut open = OpenTable::start(first);
        open.add(second, &BTreeSet::from(["年度目标完成情况".to_owned()]));
        let whole = open.finish();
        assert_eq!((whole.rows, whole.cells[2].row_span, whole.cells[2].text.as_str()), (4, 2, "年度目标完成情况"));
    }

    #[test]
    fn a_fragment_that_opens_with_a_title_is_a_table_of_its_own() {
        let first = table(1, &rows(&[&["科目", "金额"], &["合计", "12.50"]]));
        let mut second = table(2, &rows(&[&["国有资本经营预算支出表", ""], &["科目", "金额"]]));
        second.cells.remove(1);
        second.cells[0].col_span = 2;
        assert!(!OpenTable::start(first).goes_on(&second, false));
    }

    #[test]
    fn a_title_again_parts_two_tables_unless_the_label_of_the_last_row_goes_on() {
        let first = table(1, &rows(&[&["项目名称", "某工程"], &["绩效指标", "90%"]]));
        let mut open = OpenTable::start(first);
        assert!(!open.goes_on(&table(2, &rows(&[&["项目编号", "另一工程"]])), true));
        let rest = table(2, &rows(&[&["绩效指标", "95%"]]));
        assert!(open.goes_on(&rest, true));
        open.add(rest, &BTreeSet::new());
        assert_eq!(open.finish().rows, 3);
    }

    proptest! {
        #[test]
        fn a_table_cut_at_a_row_boundary_is_given_back(
            cut in 1usize..9,
            amounts in prop::collection::vec((100u32..999, 0u32..99_999), 10),
            header_comes_again: bool,
        ) {
            let mut body = rows(&[&["科目编码", "科目名称", "金额"]]);
            body.extend(amounts.iter().map(|(code, sum)| vec![code.to_string(), "支出".into(), format!("{sum}.00")]));
            let mut second: Vec<Vec<String>> = body[cut..].to_vec();
            if header_comes_again {
                second.insert(0, body[0].clone());
            }
            let whole = stitch(table(1, &body[..cut]), table(2, &second));
            let texts = |t: &FlowTable| t.cells.iter().map(|c| (c.row, c.col, c.text.clone())).collect::<Vec<_>>();
            prop_assert_eq!(texts(&whole), texts(&OpenTable::start(table(1, &body)).finish()));
            prop_assert_eq!(whole.rows as usize, body.len());
        }
    }
}
