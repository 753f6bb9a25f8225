//! Rows and columns of a grid that are no part of the table: title, unit and note lines that a print frame
//! or a spreadsheet puts inside it, and blank columns at its edges.
//!
//! ```text
//! | 收入决算表           |   peeled: title
//! | 部门：…   单位：万元 |   peeled: caption, unit
//! | 项目 | 金额          |   row 0
//! | 注：本表反映…        |   peeled: footnote
//! ```

use super::around::Surroundings;
use super::caption::{CaptionLine, read_caption};
use crate::forms::wording::Wording;
use crate::model::{Cell, fold_line, tidied};
use crate::structure::flow::FlowTable;

/// Leading rows that are looked at.
const LEADING: u32 = 8;

/// Takes the rows that are captions or notes off a grid and says what they said.
pub(super) fn peel(table: &mut FlowTable, wording: &Wording) -> Surroundings {
    let (top, mut found) = read_leading(table, wording);
    let bottom = read_trailing(table, top, wording, &mut found);
    drop_rows(table, top, bottom);
    drop_blank_edges(table);
    found
}

/// Reads caption rows from the top; the count says how many rows to take off.
fn read_leading(table: &FlowTable, wording: &Wording) -> (u32, Surroundings) {
    let mut found = Surroundings::default();
    let mut top = 0;
    for row in 0..LEADING.min(table.rows.saturating_sub(1)) {
        let cells = table.filled(row);
        if cells.is_empty() {
            continue;
        }
        let Some(lines) = read_row(&cells, wording) else { break };
        let own_row = lines.iter().filter_map(|l| l.title.as_deref()).any(|t| wording.captions.own_row.is_match(t));
        let mut rest = std::mem::take(&mut found);
        let mut inner = Surroundings::default();
        lines.into_iter().rev().for_each(|line| inner.take_above(line));
        join_subtitle(&mut rest, &inner);
        found = rest.or(inner);
        if own_row {
            break;
        }
        top = row + 1;
    }
    (top, found)
}

/// A row that goes on with a title belongs to the row above it.
fn join_subtitle(outer: &mut Surroundings, inner: &Surroundings) {
    if let (Some(title), Some(subtitle), None) = (&mut outer.title, inner.subtitle_alone(), &inner.title) {
        title.push_str(subtitle);
    }
}

/// Reads every line of a row's cells as captions; `None` when one of them is anything else.
fn read_row(cells: &[&Cell], wording: &Wording) -> Option<Vec<CaptionLine>> {
    let mut lines = Vec::new();
    for cell in cells {
        if cell.row_span > 1 {
            return None;
        }
        let read = |line: &str| read_caption(line, wording);
        let of_cell: Option<Vec<_>> = cell.text.lines().filter(|l| !l.trim().is_empty()).map(read).collect();
        let of_cell = of_cell?;
        let labelled = of_cell.iter().any(CaptionLine::is_labelled);
        if cells.len() > 1 && !labelled {
            return None;
        }
        lines.extend(of_cell);
    }
    Some(lines)
}

/// Reads note rows from the bottom, never below `top + 1`; the count says how many rows to take off.
fn read_trailing(table: &FlowTable, top: u32, wording: &Wording, found: &mut Surroundings) -> u32 {
    let mut bottom = 0;
    let mut notes = Vec::new();
    for row in (top.saturating_add(1)..table.rows).rev() {
        let [cell] = table.filled(row)[..] else { break };
        let is_note = cell.row_span == 1 && wording.captions.note.is_match(&fold_line(&cell.text).text);
        if !is_note {
            break;
        }
        notes.push(cell.text.lines().map(tidied).filter(|l| !l.is_empty()).collect::<Vec<_>>().join("\n"));
        bottom += 1;
    }
    found.footnotes.extend(notes.into_iter().rev());
    bottom
}

fn drop_rows(table: &mut FlowTable, top: u32, bottom: u32) {
    if top == 0 && bottom == 0 {
        return;
    }
    let end = table.rows.saturating_sub(bottom);
    table.cells.retain(|c| (top..end).contains(&c.row));
    for cell in &mut table.cells {
        cell.row_span = cell.row_span.min(end - cell.row).max(1);
        cell.row -= top;
    }
    table.paragraphs.retain(|(row, _, _)| (top..end).contains(row));
    table.paragraphs.iter_mut().for_each(|(row, _, _)| *row -= top);
    table.header_rows = table.header_rows.map(|n| n.saturating_sub(top));
    table.rows = end.saturating_sub(top);
}

/// Drops columns at the left and right edge in which no cell has text, as a frame around a table leaves them.
fn drop_blank_edges(table: &mut FlowTable) {
    let used = table.cells.iter().filter(|c| !c.text.trim().is_empty());
    let ends = used.map(|c| (c.col, c.col.saturating_add(c.col_span)));
    let Some((first, last)) = ends.reduce(|all, cell| (all.0.min(cell.0), all.1.max(cell.1))) else { return };
    if first == 0 && last >= table.cols {
        return;
    }
    table.cells.retain(|c| c.col < last && c.col.saturating_add(c.col_span) > first);
    for cell in &mut table.cells {
        let end = cell.col.saturating_add(cell.col_span).min(last);
        let start = cell.col.max(first);
        cell.col_span = end.saturating_sub(start).max(1);
        cell.col = start - first;
    }
    table.paragraphs.iter_mut().for_each(|(_, col, _)| *col = col.saturating_sub(first));
    table.cols = last - first;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::forms::Forms;
    use crate::structure::assemble::specimen::flow;
    use crate::structure::flow::Item;

    fn table(spec: &str) -> FlowTable {
        match flow(spec).items.into_iter().next() {
            Some(Item::Table(table)) => table,
            other => panic!("no table: {other:?}"),
        }
    }

    fn peeled(spec: &str) -> (FlowTable, Surroundings) {
        let mut table = table(spec);
        let found = peel(&mut table, &Forms::builtin().wording);
        (table, found)
    }

    #[test]
    fn caption_rows_leave_the_grid_and_their_cells_keep_their_places() {
        let (table, found) = peeled(
            "| 收入决算表<3 |\n| 部门：某局<2 | 单位：万元 |\n| 项目 | 合计 | 其他 |\n| 合计 | 1.00 | 2.00 |\n| 注：本表反映收入。<3 |",
        );
        assert_eq!((table.rows, table.cols), (2, 3));
        assert_eq!(table.cells[0].text, "项目");
        assert_eq!(table.cells[0].row, 0);
        assert_eq!(table.cells[0].location.paragraph, Some(4));
        assert_eq!((found.title.as_deref(), found.unit.as_deref()), (Some("收入决算表"), Some("万元")));
        assert_eq!(found.footnotes, ["注：本表反映收入。"]);
    }

    #[test]
    fn a_performance_form_keeps_its_title_row() {
        let (table, found) = peeled("| 项目绩效目标完成情况表\\n（2020年度）<2 |\n| 项目名称 | 会议 |");
        assert_eq!(table.rows, 2);
        assert_eq!(found.title.as_deref(), Some("项目绩效目标完成情况表（2020年度）"));
    }

    #[test]
    fn a_header_over_all_columns_is_no_caption() {
        let (table, found) = peeled("| 财政拨款“三公”经费<2 |\n| 预算数 | 决算数 |\n| 1.00 | 2.00 |");
        assert_eq!((table.rows, found), (3, Surroundings::default()));
    }

    #[test]
    fn blank_columns_at_the_edges_are_dropped() {
        let (table, _) = peeled("| | 项目 | 金额 | |\n| | 合计 | 1.00 | |");
        assert_eq!((table.cols, table.cells.len(), table.cells[0].col), (2, 4, 0));
    }

    #[test]
    fn a_table_of_one_row_is_never_peeled_away() {
        let (table, _) = peeled("| 单位：万元<2 |");
        assert_eq!(table.rows, 1);
    }

    proptest! {
        #[test]
        fn peeling_keeps_every_cell_inside_the_grid(
            texts in proptest::collection::vec(prop_oneof!["", "单位：万元", "收入决算表", "项目", "1.00", "注：某"], 12),
            spans in proptest::collection::vec(1u32..4, 12),
        ) {
            let cells = texts.iter().zip(&spans).enumerate().map(|(i, (text, span))| {
                let (row, col) = (u32::try_from(i).unwrap() / 3, u32::try_from(i).unwrap() % 3);
                Cell { row, col, row_span: *span, col_span: *span, text: text.clone(), ..Cell::default() }
            });
            let mut table = FlowTable { rows: 4, cols: 3, cells: cells.collect(), ..FlowTable::default() };
            peel(&mut table, &Forms::builtin().wording);
            prop_assert!(table.rows >= 1);
            for cell in &table.cells {
                prop_assert!(cell.row < table.rows && cell.col < table.cols, "{cell:?} in {} x {}", table.rows, table.cols);
            }
        }
    }
}
