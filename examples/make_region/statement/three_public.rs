//! The statements of the 三公: one row, budget and outturn side by side.

use rust_decimal::Decimal;

use super::{Books, Statement, named};
use crate::grid::Grid;

/// Metrics of the six columns, in their order.
const METRICS: [&str; 6] =
    ["tp.total", "tp.abroad", "tp.vehicle", "tp.vehicle.purchase", "tp.vehicle.operation", "tp.reception"];

/// 财政拨款“三公”经费支出决算表
pub fn three_public(books: Books) -> Statement {
    let (budget, outturn) = (&books.year.travel, books.year.outturn());
    let mut grid = twelve_columns();
    let budget = [budget.total(), budget.abroad, budget.vehicle(), budget.purchase, budget.operation, budget.reception];
    for (col, amount) in (0..).zip(budget) {
        books.figures().put(&mut grid, (3, col), amount, None);
    }
    let outturn =
        [outturn.total(), outturn.abroad, outturn.vehicle(), outturn.purchase, outturn.operation, outturn.reception];
    for (col, (amount, metric)) in (6..).zip(outturn.into_iter().zip(METRICS)) {
        books.figures().put(&mut grid, (3, col), amount, Some(metric.into()));
    }
    let note = if outturn_is_zero(&outturn) {
        format!("本部门{}年度没有财政拨款“三公”经费支出，故本表无数据。", books.year.year)
    } else {
        "预算数为调整后的全年预算数，决算数含以前年度结转资金安排的支出。".to_owned()
    };
    grid.rows = 4;
    named(books, "final_accounts.three_public", "财政拨款“三公”经费支出决算表", grid, note)
}

/// Whether nothing was spent.
fn outturn_is_zero(outturn: &[Decimal; 6]) -> bool {
    outturn.iter().all(Decimal::is_zero)
}

/// 政府性基金预算财政拨款“三公”经费支出决算表: empty in this district.
pub fn gf_three_public(books: Books) -> Statement {
    let mut grid = twelve_columns();
    grid.rows = 4;
    let note = format!("本部门{}年度没有政府性基金预算财政拨款“三公”经费支出，故本表无数据。", books.year.year);
    named(books, "final_accounts.gf_three_public", "政府性基金预算财政拨款“三公”经费支出决算表", grid, note)
}

/// Three header rows over twelve columns.
fn twelve_columns() -> Grid {
    let mut grid = Grid::new(&[10; 12], 3);
    for (col, name) in [(0, "预算数"), (6, "决算数")] {
        grid.merge((0, col), (1, 6), name);
        grid.heads(1, col, &["合计", "因公出国（境）费"]);
        grid.merge((1, col + 2), (1, 3), "公务用车购置及运行维护费");
        grid.heads(2, col + 2, &["小计", "公务用车购置费", "公务用车运行维护费"]);
        grid.head(1, col + 5, "公务接待费");
    }
    grid
}
