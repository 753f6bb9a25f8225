//! The sheets of a workbook as a flow: where each table of a sheet begins and ends.
//!
//! A sheet is cut into [`bands`] of rows and columns that stand apart; of each band the [`lines`] above and
//! below its grid become paragraphs, the rest a table on its [`grid`]. Only cells that hold text are looked at,
//! so that a cell at the far corner of a sheet costs no more than any other.

mod bands;
mod grid;
mod lines;

use std::collections::BTreeMap;

use super::flow::{Flow, FlowParagraph, Item};
use crate::error::Result;
use crate::forms::Forms;
use crate::forms::wording::SheetWords;
use crate::limits::{Deadline, Limits};
use crate::model::{Anchor, Location, RawDocument, Sheet, SheetCell};

/// Rows or columns that a merged range may add to a table beyond its last text.
const REACH: u32 = 64;

/// The cells of one row that hold text, from left to right, and what its words make of it.
#[derive(Debug, Clone)]
struct Row<'a> {
    number: u32,
    cells: Vec<&'a SheetCell>,
    look: lines::Look,
}

/// Last row and column of each merged range, by its first.
#[derive(Debug, Default)]
struct Spans(BTreeMap<(u32, u32), (u32, u32)>);

/// Takes the sheets of `raw` as a flow.
///
/// # Errors
/// When a grid would pass [`Limits::cells`].
pub(super) fn sheets_to_flow(
    raw: &mut RawDocument,
    forms: &Forms,
    limits: &Limits,
    deadline: &Deadline,
) -> Result<Flow> {
    let words = &forms.wording.sheet;
    let mut flow = Flow::default();
    for sheet in std::mem::take(&mut raw.sheets) {
        let spans = Spans::new(&sheet.merges);
        for band in bands::split(rows_of(&sheet, words), &spans, words) {
            deadline.check()?;
            band_to_items(&sheet, &band, &spans, limits, raw, &mut flow)?;
        }
        if !sheet.charts.is_empty() {
            flow.items.push(Item::Paragraph(FlowParagraph { charts: sheet.charts, ..FlowParagraph::default() }));
        }
    }
    Ok(flow)
}

fn band_to_items(
    sheet: &Sheet,
    band: &[Row],
    spans: &Spans,
    limits: &Limits,
    raw: &mut RawDocument,
    flow: &mut Flow,
) -> Result<()> {
    let (above, body, below) = lines::part(band, spans);
    push_lines(sheet, above, flow);
    if !body.is_empty() {
        let bottom = below.first().map(|row| row.number);
        let table = grid::place(sheet, body, spans, bottom, limits, &mut raw.notes)?;
        flow.items.push(Item::Table(table));
    }
    push_lines(sheet, below, flow);
    Ok(())
}

fn push_lines(sheet: &Sheet, rows: &[Row], flow: &mut Flow) {
    for cell in rows.iter().flat_map(|row| &row.cells) {
        let location = Location::in_sheet(&sheet.name, cell.row, cell.col);
        let anchors = vec![Anchor { start: 0, location, edges: Vec::new() }];
        let text = cell.text().trim().to_owned();
        flow.items.push(Item::Paragraph(FlowParagraph { text, anchors, ..FlowParagraph::default() }));
    }
}

fn rows_of<'a>(sheet: &'a Sheet, words: &SheetWords) -> Vec<Row<'a>> {
    let mut rows: Vec<(u32, Vec<&SheetCell>)> = Vec::new();
    for cell in sheet.cells.iter().filter(|c| !c.text().trim().is_empty()) {
        match rows.last_mut().filter(|(number, _)| *number == cell.row) {
            Some((_, cells)) => cells.push(cell),
            None => rows.push((cell.row, vec![cell])),
        }
    }
    rows.into_iter().map(|(number, cells)| Row::new(number, cells, words)).collect()
}

impl<'a> Row<'a> {
    fn new(number: u32, cells: Vec<&'a SheetCell>, words: &SheetWords) -> Self {
        let look = lines::Look::of(&cells, words);
        Self { number, cells, look }
    }
}

impl Spans {
    fn new(merges: &[[u32; 4]]) -> Self {
        Self(merges.iter().map(|&[top, left, bottom, right]| ((top, left), (bottom, right))).collect())
    }

    /// Last row and column of the range that starts at a place; the place itself where none does.
    fn end(&self, row: u32, col: u32) -> (u32, u32) {
        self.0.get(&(row, col)).copied().unwrap_or((row, col))
    }

    /// As [`Spans::end`], a range longer than [`REACH`] in one direction not counted in it.
    fn near_end(&self, row: u32, col: u32) -> (u32, u32) {
        let (bottom, right) = self.end(row, col);
        let near = |from: u32, to: u32| if to - from.min(to) > REACH { from } else { to };
        (near(row, bottom), near(col, right))
    }
}

#[cfg(test)]
mod tests;
