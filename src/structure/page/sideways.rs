//! Tables that are wider than their paper: a spreadsheet prints the columns that did not fit on pages behind the
//! others, and repeats the columns of codes and names in front of them.
//!
//! ```text
//! page 1            page 2                    one table
//! code │ a │ b      code │ c        code │ a │ b │ c
//! 201  │ 1 │ 2      201  │ 3        201  │ 1 │ 2 │ 3
//! ```
//!
//! What was printed down the pages is stitched before; here whole tables come in, or what may begin one.

use crate::model::{Cell, Printed};
use crate::structure::flow::FlowTable;

/// Leading columns that are repeated at most: code, name, and a number of the row.
const MOST_KEY_COLUMNS: u32 = 3;
/// Rows with a code that must agree.
const FEWEST_CODES: usize = 3;

/// Whether the cells of a fragment begin the rows of a table anew, under a header of their own: the same codes in
/// the same order from the first row on, above other columns.
#[must_use]
pub fn begins_over(table: &[Cell], fragment: &[Cell], rows: u32) -> bool {
    let (before, after) = (keys(table, 0, rows), keys(fragment, 0, rows));
    !before.is_empty() && before == after && count_codes(&after) >= FEWEST_CODES && !is_same_header(table, fragment, 1)
}

/// Puts the columns of `rest` behind those of `table`, where both have the same rows.
///
/// # Errors
/// Gives `rest` back where it is a table of its own.
pub fn join_sideways(table: &mut FlowTable, rest: FlowTable) -> Result<(), FlowTable> {
    let Some(repeated) = repeated_columns(table, &rest) else { return Err(rest) };
    let (added, shift) = (rest.cols - repeated, table.cols);
    for cell in rest.cells {
        if cell.col >= repeated {
            table.cells.push(Cell { col: cell.col - repeated + shift, ..cell });
        } else if cell.col + cell.col_span > repeated {
            // A title over all columns goes on over the new ones.
            let over = |c: &&mut Cell| c.row == cell.row && c.col == cell.col && c.col + c.col_span == shift;
            table.cells.iter_mut().filter(over).for_each(|c| c.col_span += added);
        }
    }
    table.cols += added;
    table.cells.sort_by_key(|c| (c.row, c.col));
    table.header_rows = table.header_rows.max(rest.header_rows);
    table.locations.extend(rest.locations);
    Ok(())
}

/// How many leading columns `rest` repeats of `table`; `None` when it is no continuation to the side.
fn repeated_columns(table: &FlowTable, rest: &FlowTable) -> Option<u32> {
    let (last, first) = (table.locations.last()?.page?, rest.locations.first()?.page?);
    if table.rows != rest.rows || first != last + 1 {
        return None;
    }
    let most = MOST_KEY_COLUMNS.min(table.cols).min(rest.cols).saturating_sub(1);
    let same = |col: &u32| keys(&table.cells, *col, table.rows) == keys(&rest.cells, *col, rest.rows);
    let repeated = u32::try_from((0..most).take_while(same).count()).ok().filter(|count| *count > 0)?;
    let codes = count_codes(&keys(&rest.cells, 0, rest.rows));
    let is_other = !is_same_header(&table.cells, &rest.cells, repeated);
    (codes >= FEWEST_CODES && is_other).then_some(repeated)
}

/// The texts of one column, a row each, blank ones left out.
fn keys(cells: &[Cell], col: u32, rows: u32) -> Vec<(u32, &str)> {
    let is_key = |c: &&Cell| c.col == col && c.row < rows && !c.text.is_empty();
    cells.iter().filter(is_key).map(|c| (c.row, c.text.as_str())).collect()
}

/// How many of the texts are codes: digits alone, each at most once.
fn count_codes(keys: &[(u32, &str)]) -> usize {
    let is_code = |text: &str| text.len() >= 3 && text.chars().all(|c| c.is_ascii_digit());
    let mut codes: Vec<&str> = keys.iter().map(|(_, text)| *text).filter(|text| is_code(text)).collect();
    let all = codes.len();
    codes.sort_unstable();
    codes.dedup();
    if codes.len() == all { all } else { 0 }
}

/// Whether the words of both, from that column on and above the first code, are the same.
fn is_same_header(a: &[Cell], b: &[Cell], from: u32) -> bool {
    let body = |cells: &[Cell]| {
        let keys = keys(cells, 0, u32::MAX);
        keys.iter().find(|key| count_codes(&[**key]) > 0).map_or(1, |(row, _)| *row)
    };
    let words = |cells: &[Cell]| -> Vec<String> {
        let rows = body(cells);
        let is_head = |c: &&Cell| c.row < rows && c.col >= from && matches!(Printed::parse(&c.text), Printed::Text);
        cells.iter().filter(is_head).map(|c| c.text.clone()).collect()
    };
    words(a) == words(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Location;

    fn table(page: u32, rows: &[&[&str]]) -> FlowTable {
        let number = |i: usize| u32::try_from(i).expect("small");
        let cell = |row: usize, col: usize, text: &str| Cell {
            row: number(row),
            col: number(col),
            row_span: 1,
            col_span: 1,
            text: text.to_owned(),
            location: Location::default(),
        };
        let cells =
            rows.iter().enumerate().flat_map(|(r, row)| row.iter().enumerate().map(move |(c, t)| cell(r, c, t)));
        let place = Location { page: Some(page), ..Location::default() };
        FlowTable {
            rows: number(rows.len()),
            cols: number(rows.first().map_or(0, |r| r.len())),
            cells: cells.collect(),
            locations: vec![place],
            ..FlowTable::default()
        }
    }

    const LEFT: [&[&str]; 4] = [
        &["科目编码", "科目名称", "工资福利支出"],
        &["201", "一般公共服务支出", "1.00"],
        &["20103", "政府办公厅事务", "1.00"],
        &["2010301", "行政运行", "1.00"],
    ];
    const RIGHT: [&[&str]; 4] = [
        &["科目编码", "科目名称", "商品和服务支出", "资本性支出"],
        &["201", "一般公共服务支出", "2.00", ""],
        &["20103", "政府办公厅事务", "2.00", ""],
        &["2010301", "行政运行", "2.00", ""],
    ];

    #[test]
    fn columns_that_go_on_beside_repeated_codes_are_joined() {
        let (mut left, right) = (table(1, &LEFT), table(2, &RIGHT));
        assert!(begins_over(&left.cells, &right.cells, 4));
        join_sideways(&mut left, right).expect("a continuation");
        assert_eq!((left.rows, left.cols, left.cells.len(), left.locations.len()), (4, 5, 20, 2));
        let row: Vec<&str> = left.cells.iter().filter(|c| c.row == 1).map(|c| c.text.as_str()).collect();
        assert_eq!(row, ["201", "一般公共服务支出", "1.00", "2.00", ""]);
    }

    #[test]
    fn the_same_header_again_other_codes_and_a_later_page_are_no_continuation() {
        let same = join_sideways(&mut table(1, &LEFT), table(2, &LEFT));
        assert!(same.is_err());
        let mut other = RIGHT;
        other[3] = &["2010302", "一般行政管理事务", "2.00", ""];
        assert!(join_sideways(&mut table(1, &LEFT), table(2, &other)).is_err());
        assert!(join_sideways(&mut table(1, &LEFT), table(3, &RIGHT)).is_err());
        assert!(!begins_over(&table(1, &LEFT).cells, &table(2, &LEFT).cells, 4));
    }
}
