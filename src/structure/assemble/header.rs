//! How many leading rows of a grid are column headers.

use crate::forms::wording::Wording;
use crate::model::{Cell, Printed, fold_text};
use crate::structure::flow::FlowTable;

/// Rows that a header may have.
const MOST: u32 = 8;

/// Counts the header rows of a grid from which captions are peeled.
///
/// What the file says is believed, except that the row which numbers the columns always belongs to the header.
pub(super) fn header_rows(table: &FlowTable, wording: &Wording) -> u32 {
    if is_form(&table.filled(0), wording) {
        return 0;
    }
    let most = MOST.min(table.rows.saturating_sub(1)).max(u32::from(table.rows == 1));
    let rows: Vec<Vec<&Cell>> = (0..=most).map(|row| table.filled(row)).collect();
    let row = |at: u32| rows.get(at as usize).map_or(&[][..], Vec::as_slice);
    let said = table.header_rows.filter(|n| *n > 0 && *n <= most);
    let mut count = said.unwrap_or_else(|| (0..most).take_while(|at| is_header(row(*at), *at, wording)).count_u32());
    if said.is_none() {
        count = count.max(merged(table)).min(most);
    }
    if count < most && count > 0 && numbers_columns(row(count), wording) {
        count += 1;
    }
    count
}

trait CountU32: Iterator + Sized {
    fn count_u32(self) -> u32 {
        u32::try_from(self.count()).unwrap_or(u32::MAX)
    }
}

impl<I: Iterator> CountU32 for I {}

/// Rows that the merged cells of the first row cover, unless they run far down as labels of a form do.
fn merged(table: &FlowTable) -> u32 {
    table.filled(0).iter().map(|c| c.row_span).filter(|span| *span <= 4 && *span < table.rows).max().unwrap_or(1)
}

/// Whether the first row is a label with its value, as forms have it.
fn is_form(cells: &[&Cell], wording: &Wording) -> bool {
    let label = cells.first().map(|c| fold_text(&c.text));
    cells.len() <= 3 && label.is_some_and(|l| wording.header.form.is_match(&l))
}

fn is_header(cells: &[&Cell], at: u32, wording: &Wording) -> bool {
    if cells.is_empty() {
        return false;
    }
    if at > 0 && numbers_columns(cells, wording) {
        return true;
    }
    let words: Vec<_> = cells.iter().map(|c| fold_text(&c.text)).collect();
    if words.iter().any(|w| is_figure(w)) {
        return false;
    }
    let spans = cells.len() > 1 && cells.iter().any(|c| c.col_span > 1);
    let named = words.iter().any(|w| wording.header.words.is_match(w));
    let total = words.first().is_some_and(|w| wording.header.totals.is_match(w));
    if total { words.len() > 2 } else { at == 0 || spans || named }
}

fn is_figure(word: &str) -> bool {
    matches!(Printed::parse(word), Printed::Number(_) | Printed::Dash)
}

/// Whether a row numbers the columns: 栏次 1 2 3, or 甲 乙 1 2.
fn numbers_columns(cells: &[&Cell], wording: &Wording) -> bool {
    let words: Vec<_> = cells.iter().map(|c| fold_text(&c.text)).collect();
    let counts: Vec<u32> = words.iter().filter_map(|w| w.split('=').next()?.parse().ok()).collect();
    let rising = counts.windows(2).all(|w| matches!(w, [a, b] if b == &(a + 1)));
    words.len() > 1
        && words.iter().all(|w| wording.header.column_numbers.is_match(w))
        && rising
        && counts.first().is_none_or(|n| *n == 1)
        && (counts.len() > 1 || counts.len() < words.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::Forms;
    use crate::structure::assemble::specimen::flow;
    use crate::structure::flow::Item;

    fn count(spec: &str, said: Option<u32>) -> u32 {
        match flow(spec).items.into_iter().next() {
            Some(Item::Table(table)) => {
                header_rows(&FlowTable { header_rows: said, ..table }, &Forms::builtin().wording)
            }
            other => panic!("no table: {other:?}"),
        }
    }

    #[test]
    fn a_two_sided_summary_has_two_header_rows() {
        let spec = "| 收入<2 | 支出<2 |\n| 项目 | 决算数 | 项目 | 决算数 |\n| 一、财政拨款 | 9.00 | 一、公共服务 | |";
        assert_eq!(count(spec, None), 2);
    }

    #[test]
    fn the_row_that_numbers_the_columns_is_a_header_row() {
        let spec = "| 项目<2 | 合计^2 | 基本^2 |\n| 代码 | 名称 |\n| 栏次<2 | 1 | 2 |\n| 合计<2 | 9.00 | 8.00 |";
        assert_eq!(count(spec, None), 3);
        assert_eq!(count(spec, Some(2)), 3);
    }

    #[test]
    fn a_row_of_totals_without_figures_is_no_header_row() {
        assert_eq!(count("| 科目编码 | 科目名称 | 金额 |\n| 合计 | | |\n| | | |", None), 1);
    }

    #[test]
    fn subtotals_beside_basic_and_project_spending_are_headers() {
        let spec = "| 项目<2 | 年初结转^3 | 本年支出<3 |\n| 科目编码^2 | 名称^2 | 合计^2 | 基本支出^2 | 项目支出^2 |\n| |\n| | | | | | |";
        assert_eq!(count(spec, None), 3);
    }

    #[test]
    fn a_total_may_be_the_first_of_several_column_headers() {
        let spec = "| 2025年预算数<3 | 2026年预算数<3 |\n| 合计 | 出国费 | 接待费 | 合计 | 出国费 | 接待费 |\n| 1 | 1 | 0 | 2 | 2 | 0 |";
        assert_eq!(count(spec, None), 2);
    }

    #[test]
    fn a_form_of_labels_and_values_has_no_header() {
        assert_eq!(count("| 项目名称 | 会议系统<2 |\n| 主管部门 | 某局 | 甲 |", None), 0);
    }

    #[test]
    fn what_the_file_says_is_believed() {
        assert_eq!(count("| 名称 | 备注 |\n| 甲局 | 本级 |\n| 乙局 | |", Some(1)), 1);
        assert_eq!(count("| 名称 | 备注 |\n| 甲局 | 本级 |\n| 乙局 | |", None), 1);
    }
}
