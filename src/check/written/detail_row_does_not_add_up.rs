//! IT-15 — in a statement of functions by economic category, a row is not the sum of its classes, or a class not that
//! of its items.
//!
//! **Why it matters.** The detail is what is added up by category; a wrong cell spoils the total of a category.
//! **When it stays quiet.** Where rounding explains the difference, where a cell of the group holds words, and where the
//! header does not tell which columns make a group.
//! **Example.** 小计 413.98 over 工资福利支出, where the cells beside it come to 403.98.

use std::ops::Range;

use rust_decimal::Decimal;

use crate::check::evidence::Evidence;
use crate::check::interval::Interval;
use crate::check::message::{self, Language};
use crate::forms::identities::Written;
use crate::model::{Finding, Literal, Printed, Table, Unit, fold_text};

/// Finds rows that differ from the sum of their groups, and groups that differ from the sum of their cells.
pub(super) fn detail_row_does_not_add_up(
    written: &Written,
    evidence: &Evidence<'_>,
    language: Language,
) -> Vec<Finding> {
    let list = |name: &str| written.words.get(name).map_or(&[][..], Vec::as_slice);
    let is_detail = |form: &String| list("forms").contains(form);
    let tables = evidence.report.tables.iter().filter(|table| table.form.as_ref().is_some_and(is_detail));
    tables.flat_map(|table| of_table(written, table, list("subtotal"), language)).collect()
}

fn of_table(written: &Written, table: &Table, subtotal: &[String], language: Language) -> Vec<Finding> {
    let sums = sums(table, subtotal);
    let decimals = table.cells.iter().filter_map(|cell| number(&cell.text)).map(|n| n.decimals).max().unwrap_or(0);
    let rows = table.header_rows..table.rows;
    let broken = rows.flat_map(|row| sums.iter().filter_map(move |sum| broken(table, row, sum, decimals)));
    broken.map(|fault| finding(written, table, &fault, language)).collect()
}

/// A column and those that it is the sum of.
struct Sum {
    whole: u32,
    parts: Vec<u32>,
}

/// The sums that the header tells of: each class over its items, and the total over the classes.
fn sums(table: &Table, subtotal: &[String]) -> Vec<Sum> {
    let Some(last) = table.header_rows.checked_sub(1) else { return Vec::new() };
    let is_subtotal = |text: &str| subtotal.iter().any(|word| *word == fold_text(text));
    let of_row = |row: u32| table.cells.iter().filter(move |cell| cell.row == row);
    let starts: Vec<u32> = of_row(last).filter(|cell| is_subtotal(&cell.text)).map(|cell| cell.col).collect();
    let group = |start: u32| -> Option<Range<u32>> {
        let above = table.cells.iter().find(|c| c.row < last && c.col == start && c.col_span > 1)?;
        Some(start..start.saturating_add(above.col_span).min(table.cols))
    };
    let groups: Vec<Range<u32>> = starts.iter().filter_map(|start| group(*start)).collect();
    let first = groups.first().map_or(0, |g| g.start);
    let is_closed = groups.windows(2).all(|pair| matches!(pair, [a, b] if a.end == b.start));
    if groups.len() < 2
        || groups.len() != starts.len()
        || !is_closed
        || groups.last().map(|g| g.end) != Some(table.cols)
    {
        return Vec::new();
    }
    let items = groups.iter().map(|g| Sum { whole: g.start, parts: (g.start + 1..g.end).collect() });
    let total = first.checked_sub(1).filter(|col| of_row(0).any(|cell| cell.col == *col && cell.row_span > 1));
    let classes = total.map(|whole| Sum { whole, parts: starts.clone() });
    items.filter(|sum| !sum.parts.is_empty()).chain(classes).collect()
}

/// A row whose column is not the sum of the others, as printed.
struct Fault {
    row: u32,
    col: u32,
    whole: Interval,
    parts: Interval,
    addends: Vec<String>,
}

fn broken(table: &Table, row: u32, sum: &Sum, decimals: u32) -> Option<Fault> {
    let value = |col: u32| value(table.text(row, col), decimals);
    let (whole, mut parts, mut addends) = (value(sum.whole)?, Interval::exact(Decimal::ZERO), Vec::new());
    for col in &sum.parts {
        let part = value(*col)?;
        parts = parts.add(part)?;
        addends.extend((!part.mid.is_zero()).then(|| table.text(row, *col).trim().to_owned()));
    }
    // A row without any part is printed as a total alone.
    let differs = !addends.is_empty() && !whole.meets(&parts);
    differs.then_some(Fault { row, col: sum.whole, whole, parts, addends })
}

/// What a cell may be worth; nothing where it holds words.
fn value(text: &str, decimals: u32) -> Option<Interval> {
    match Printed::parse(text) {
        Printed::Blank | Printed::Dash => Some(Interval::exact(Decimal::ZERO)),
        Printed::Number(n) if n.value.is_zero() => Some(Interval::exact(n.value)),
        // A workbook cuts trailing zeros, so that the finest figure of the table tells how fine all are.
        Printed::Number(n) => {
            Interval::around(n.value, Literal { decimals: decimals.max(n.decimals), ..n }.half_unit())
        }
        Printed::Text => None,
    }
}

fn number(text: &str) -> Option<Literal> {
    if let Printed::Number(number) = Printed::parse(text) { Some(number) } else { None }
}

fn finding(written: &Written, table: &Table, fault: &Fault, language: Language) -> Finding {
    let unit = table.unit.as_deref().and_then(Unit::parse).unwrap_or(Unit::TenThousandYuan);
    let mut names = (0..fault.col).map(|col| table.text(fault.row, col).trim());
    let name = names.find(|text| matches!(Printed::parse(text), Printed::Text)).unwrap_or_default();
    let (whole, sum) = (table.text(fault.row, fault.col).trim(), fault.parts.mid.normalize());
    let quoted = format!("{name} {whole} ≠ {} = {sum}", fault.addends.join(" + "));
    let cell = table.cells.iter().find(|cell| cell.row == fault.row && cell.col == fault.col);
    let places = cell.map(|cell| table.place(cell)).into_iter().collect();
    let mut finding = message::wording(&written.heading, quoted.trim(), places, language);
    finding.lhs = fault.whole.mid.checked_mul(unit.scale()).map(message::base);
    finding.rhs = fault.parts.mid.checked_mul(unit.scale()).map(message::base);
    finding.delta = (fault.whole.mid - fault.parts.mid).checked_mul(unit.scale()).map(|d| d.normalize());
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Cell;

    /// Two header rows over 合计, two groups of a subtotal and two items, and one row.
    fn table(row: [&str; 8]) -> Table {
        let head = |row, col, row_span, col_span, text: &str| Cell {
            row,
            col,
            row_span,
            col_span,
            text: text.into(),
            ..Cell::default()
        };
        let mut cells = vec![
            head(0, 0, 2, 1, "科目"),
            head(0, 1, 2, 1, "合计"),
            head(0, 2, 1, 3, "工资福利支出"),
            head(0, 5, 1, 3, "商品和服务支出"),
        ];
        for (n, text) in ["小计", "基本工资", "奖金", "小计", "办公费", "印刷费"].into_iter().enumerate()
        {
            cells.push(head(1, u32::try_from(n).unwrap_or(0) + 2, 1, 1, text));
        }
        cells.extend(row.iter().enumerate().map(|(n, text)| head(2, u32::try_from(n).unwrap_or(0), 1, 1, text)));
        Table { rows: 3, cols: 8, header_rows: 2, cells, ..Table::default() }
    }

    fn faults(row: [&str; 8]) -> Vec<(u32, Decimal)> {
        let table = table(row);
        let sums = sums(&table, &["小计".to_owned()]);
        assert_eq!(sums.len(), 3);
        let faults = sums.iter().filter_map(|sum| broken(&table, 2, sum, 2));
        faults.map(|fault| (fault.col, fault.parts.mid)).collect()
    }

    #[test]
    fn a_total_is_the_sum_of_its_classes_and_a_class_of_its_items() {
        assert_eq!(faults(["合计", "9.00", "6.00", "4.00", "2.00", "3.00", "1.00", "2.00"]), []);
        assert_eq!(faults(["合计", "9.1", "6.1", "4.00", "2.1", "3.00", "1.00", "2.00"]), [], "zeros were cut");
        assert_eq!(faults(["合计", "9.00", "6.00", "4.00", "2.40", "3", "1", "2"]), [(2, Decimal::new(640, 2))]);
        assert_eq!(faults(["合计", "9.50", "6.00", "4", "2", "3", "1", "2"]), [(1, Decimal::new(900, 2))]);
    }

    #[test]
    fn blanks_are_zero_but_words_end_the_check() {
        assert_eq!(faults(["教育支出", "3.00", "", "", "", "3.00", "1.00", "2.00"]), []);
        assert_eq!(faults(["教育支出", "9.00", "6.00", "4.00", "见注", "3.00", "1.00", "2.00"]), []);
        assert_eq!(faults(["教育支出", "9.00", "", "", "", "", "", ""]), [], "a total alone");
    }
}
