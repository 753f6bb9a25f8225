//! Logical tables from the tables of a flow: what stands around and inside each becomes its fields.

use super::around::{Surroundings, read_above, read_below};
use super::header::header_rows;
use super::peel::peel;
use crate::forms::wording::Wording;
use crate::model::{Role, Table, fold_line, squeezed};
use crate::structure::flow::{FlowTable, Item};

/// Rows in which a unit may stand when no caption says one.
const UNIT_ROWS: u32 = 4;

/// Reads what stands around each table of a flow, and marks those lines as captions.
///
/// Notes are read first, so that the note of one table is no caption of the next.
pub(super) fn read_surroundings(items: &[Item], roles: &mut [Role], wording: &Wording) -> Vec<Surroundings> {
    let at: Vec<usize> = (0..items.len()).filter(|i| matches!(items.get(*i), Some(Item::Table(_)))).collect();
    let notes: Vec<Vec<String>> = at.iter().map(|i| read_below(items, roles, *i, wording)).collect();
    let around = |(i, footnotes)| {
        let mut found = read_above(items, roles, i, wording);
        found.footnotes = footnotes;
        found
    };
    at.into_iter().zip(notes).map(around).collect()
}

/// Makes the `number`-th table, from 1, of a report.
pub(super) fn make_table(mut flow: FlowTable, outer: Surroundings, number: usize, wording: &Wording) -> Table {
    let mut said = peel(&mut flow, wording).or(outer);
    said.footnotes.retain(|n| !n.is_empty());
    let own_row = flow.rows > 1 && has_own_title(&flow, wording);
    let header_rows = if own_row { 0 } else { header_rows(&flow, wording) };
    let unit = said.unit.or_else(|| unit_inside(&flow, header_rows, said.title.as_deref(), wording));
    Table {
        id: format!("t{number}"),
        title: said.title,
        code: said.code,
        unit,
        captions: said.captions,
        footnotes: said.footnotes,
        rows: flow.rows,
        cols: flow.cols,
        header_rows,
        cells: flow.cells,
        locations: flow.locations,
        ..Table::default()
    }
}

/// Whether the first row is the title of a form, below which labels and values stand side by side.
fn has_own_title(table: &FlowTable, wording: &Wording) -> bool {
    let [only] = table.filled(0)[..] else { return false };
    only.col_span >= table.cols && wording.captions.own_row.is_match(&squeezed(&only.text))
}

/// The unit that a title or a cell of the header says, in brackets or as 单位：万元.
fn unit_inside(table: &FlowTable, header_rows: u32, title: Option<&str>, wording: &Wording) -> Option<String> {
    let rows = header_rows.max(UNIT_ROWS);
    let cells = table.cells.iter().take_while(|c| c.row < rows).map(|c| c.text.as_str());
    title.into_iter().chain(cells).find_map(|text| {
        let folded = fold_line(text).text;
        let bracketed = || wording.captions.unit_in_brackets.captures(&folded);
        let unit = wording.captions.unit.captures(&folded).or_else(bracketed)?;
        Some(unit.get(1)?.as_str().split_whitespace().collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::Forms;
    use crate::structure::assemble::specimen::flow;

    fn tables(spec: &str) -> Vec<Table> {
        let flow = flow(spec);
        let wording = &Forms::builtin().wording;
        let mut roles = vec![Role::Body; flow.items.len()];
        let around = read_surroundings(&flow.items, &mut roles, wording);
        let grids = flow.items.into_iter().filter_map(|i| match i {
            Item::Table(t) => Some(t),
            Item::Paragraph(_) => None,
        });
        grids.zip(around).enumerate().map(|(i, (t, a))| make_table(t, a, i + 1, wording)).collect()
    }

    #[test]
    fn a_note_between_two_tables_belongs_to_the_first() {
        let found = tables(
            "收入决算表\n单位：万元\n| 项目 | 金额 |\n| 合计 | 1.00 |\n注：本表反映收入。\n支出决算表\n单位：元\n| 项目 | 金额 |\n| 合计 | 2 |",
        );
        assert_eq!(found[0].footnotes, ["注：本表反映收入。"]);
        assert_eq!((found[1].title.as_deref(), found[1].unit.as_deref()), (Some("支出决算表"), Some("元")));
        assert_eq!(found[1].id, "t2");
    }

    #[test]
    fn the_project_in_brackets_belongs_to_the_title_of_its_form() {
        let found = tables("| 2021年特定目标类项目绩效目标自评\\n（安保经费）<2 |\n| 主管部门及代码 | 某局 |");
        assert_eq!(found[0].title.as_deref(), Some("2021年特定目标类项目绩效目标自评（安保经费）"));
        assert_eq!((found[0].rows, found[0].header_rows), (2, 0));
    }

    #[test]
    fn a_unit_in_a_cell_of_the_form_is_found() {
        let found = tables(
            "| 项目绩效目标完成情况表\\n（2020年度）<3 |\n| 项目名称 | 会议<2 |\n| 预算执行情况（万元） | 预算数： | 66万元 |",
        );
        assert_eq!((found[0].unit.as_deref(), found[0].header_rows, found[0].rows), (Some("万元"), 0, 3));
        assert_eq!(found[0].title.as_deref(), Some("项目绩效目标完成情况表（2020年度）"));
    }
}
