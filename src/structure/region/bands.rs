//! Where one table of a sheet ends and the next begins: blank rows, wide gaps between columns, and titles in
//! mid-sheet.

use super::{Row, Spans};
use crate::forms::wording::SheetWords;
use crate::model::SheetCell;

/// Blank columns that separate what stands left and right of them.
const COLUMN_GAP: u32 = 16;

/// Blank rows that a table may leave between its rows, where what follows is plainly its own.
const ROW_GAP: u32 = 40;

/// Characters of the longest label of a row that may stand alone behind blank rows.
const LABEL: usize = 6;

/// Cuts the rows of a sheet into bands, each with at most one table, from top to bottom and left to right.
pub(super) fn split<'a>(rows: Vec<Row<'a>>, spans: &Spans, words: &SheetWords) -> Vec<Vec<Row<'a>>> {
    let mut bands: Vec<Vec<Row>> = Vec::new();
    let mut current: Vec<Row> = Vec::new();
    let mut end = 0;
    let mut rows = rows.into_iter().peekable();
    while let Some(row) = rows.next() {
        let gap = row.number.saturating_sub(end).saturating_sub(1);
        if !current.is_empty() && starts_band(&current, gap, &row, rows.peek(), spans) {
            bands.push(std::mem::take(&mut current));
        }
        let bottom = row.cells.iter().map(|c| spans.near_end(c.row, c.col).0).max().unwrap_or(row.number);
        end = if current.is_empty() { bottom } else { end.max(bottom) };
        current.push(row);
    }
    bands.push(current);
    bands.into_iter().filter(|band| !band.is_empty()).flat_map(|band| split_columns(band, spans, words)).collect()
}

/// Two blank rows end a table unless figures go on in its columns; after one blank row, or none, a title does.
fn starts_band(band: &[Row], gap: u32, row: &Row, next: Option<&Row>, spans: &Spans) -> bool {
    if gap >= 2 {
        return gap > ROW_GAP || !continues(band, row, next);
    }
    let has_table = band.iter().any(|r| r.cells.len() > 1 && !r.look.captions);
    let [only] = row.cells.as_slice() else { return false };
    let captioned = next.is_some_and(|n| n.look.captions);
    let leads_on = next.is_some_and(|n| n.cells.len() > 1 || (gap > 0 && n.look.title));
    if !has_table || !(leads_on || captioned) {
        return false;
    }
    let wide = spans.near_end(only.row, only.col).1.saturating_sub(only.col) >= 2;
    if gap == 1 { wide || row.look.title } else { captioned && row.look.title }
}

/// Whether a row below blank ones goes on with the table above: figures within its columns, or words such as
/// 收入总计 beside 支出总计 that head no row of their own, as in a form that is not filled in.
fn continues(band: &[Row], row: &Row, next: Option<&Row>) -> bool {
    let columns = || band.iter().filter(|r| r.cells.len() > 1).flat_map(|r| r.cells.iter().map(|c| c.col));
    let (Some(first), Some(last)) = (columns().min(), columns().max()) else { return false };
    if !row.cells.iter().all(|c| (first..=last).contains(&c.col)) {
        return false;
    }
    let has_figures = row.cells.iter().skip(1).any(|c| is_figure(&c.text()));
    let heads_rows = next.is_some_and(|n| n.number == row.number + 1 && n.cells.len() > 1);
    let starts_left = row.cells.first().is_some_and(|c| c.col == first);
    has_figures || (starts_left && !heads_rows && is_label(row))
}

fn is_label(row: &Row) -> bool {
    let short = row.cells.iter().all(|c| c.text().trim().chars().count() <= LABEL);
    short && !row.look.captions && !row.look.title && !row.look.note
}

fn is_figure(text: &str) -> bool {
    crate::model::Literal::parse(text).is_some()
}

/// Cuts a band where it leaves [`COLUMN_GAP`] columns blank over its whole height.
fn split_columns<'a>(band: Vec<Row<'a>>, spans: &Spans, words: &SheetWords) -> Vec<Vec<Row<'a>>> {
    let mut taken: Vec<(u32, u32)> =
        band.iter().flat_map(|r| &r.cells).map(|c| (c.col, spans.near_end(c.row, c.col).1)).collect();
    taken.sort_unstable();
    let mut starts = Vec::new();
    let mut end = taken.first().map_or(0, |t| t.1);
    for (from, to) in taken {
        if from > end.saturating_add(COLUMN_GAP) {
            starts.push(from);
        }
        end = end.max(to);
    }
    if starts.is_empty() {
        return vec![band];
    }
    let mut groups: Vec<Vec<(u32, Vec<&SheetCell>)>> = vec![Vec::new(); starts.len() + 1];
    for row in band {
        for cell in row.cells {
            let group = starts.partition_point(|&start| start <= cell.col);
            let Some(rows) = groups.get_mut(group) else { continue };
            match rows.last_mut().filter(|(number, _)| *number == row.number) {
                Some((_, cells)) => cells.push(cell),
                None => rows.push((row.number, vec![cell])),
            }
        }
    }
    groups.retain(|g| !g.is_empty());
    let rows = |group: Vec<(u32, Vec<&'a SheetCell>)>| {
        group.into_iter().map(|(number, cells)| Row::new(number, cells, words)).collect()
    };
    groups.into_iter().map(rows).collect()
}
