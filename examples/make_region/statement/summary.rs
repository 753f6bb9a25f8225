//! The two-sided statements: all money (收入支出决算总表) and 财政拨款 alone. Left and right cells of one row
//! have nothing to do with each other.

use rust_decimal::Decimal;

use super::{Books, Statement, named};
use crate::classification::ordinal;
use crate::fact::Key;
use crate::grid::Grid;
use crate::model::{ALL, FISCAL, Fund, Line};

/// 收入支出决算总表
pub fn revenue_expenditure(books: Books) -> Statement {
    let mut grid = Grid::new(&[30, 12, 26, 12], 2);
    grid.merge((0, 0), (1, 2), "收入");
    grid.merge((0, 2), (1, 2), "支出");
    for (col, text) in (0..).zip(["项目", "决算数", "项目", "决算数"]) {
        grid.put(1, col, text);
    }
    revenue_lines(&mut grid, books);
    let bottom = expenditure_lines(&mut grid, books);
    totals(&mut grid, books, bottom);
    named(
        books,
        "final_accounts.revenue_expenditure_summary",
        "收入支出决算总表",
        grid,
        "本表列出全年各项收支和结转结余，总计两边应当相等。",
    )
}

/// The eight kinds of revenue.
fn revenue_lines(grid: &mut Grid, books: Books) {
    let of = |funds: &[Fund], source: &str| {
        let lines = books.year.paid_by(funds).filter(|line| source.is_empty() || line.source == source);
        lines.map(Line::revenue).sum::<Decimal>()
    };
    let lines = [
        ("一般公共预算财政拨款收入", of(&[Fund::Gpb], ""), "rev.gpb"),
        ("政府性基金预算财政拨款收入", of(&[Fund::Gf], ""), "rev.gf"),
        ("国有资本经营预算财政拨款收入", Decimal::ZERO, "rev.soc"),
        ("上级补助收入", Decimal::ZERO, "rev.superior_subsidy"),
        ("事业收入", of(&[Fund::Nonfiscal], "business"), "rev.business"),
        ("经营收入", Decimal::ZERO, "rev.operating"),
        ("附属单位上缴收入", Decimal::ZERO, "rev.affiliate"),
        ("其他收入", of(&[Fund::Nonfiscal], "other"), "rev.other"),
    ];
    for (at, (name, amount, metric)) in lines.into_iter().enumerate() {
        let row = grid.header_rows + u32::try_from(at).unwrap_or_default();
        grid.put(row, 0, format!("{}、{name}", ordinal(at + 1)));
        books.figures().put(grid, (row, 1), amount, Some(metric.into()));
    }
}

/// The functions; gives the row below them.
fn expenditure_lines(grid: &mut Grid, books: Books) -> u32 {
    let mut row = grid.header_rows;
    for (at, (code, name)) in books.names.summary_lines().enumerate() {
        grid.put(row, 2, format!("{}、{name}", ordinal(at + 1)));
        let amount = books.year.sum(ALL, code, Line::spent);
        books.figures().put(grid, (row, 3), amount, Some(Key::func("exp.func", code)));
        row += 1;
    }
    row
}

/// 合计, balances and 总计 of both sides.
fn totals(grid: &mut Grid, books: Books, top: u32) {
    let year = books.year;
    let sum = |value: fn(&Line) -> Decimal| year.sum(ALL, "", value);
    let rows = [
        ("本年收入合计", sum(Line::revenue), "rev.current", "本年支出合计", sum(Line::spent), "exp.current"),
        (
            "使用非财政拨款结余（含专用结余）",
            sum(|l| l.used),
            "bal.use_nonfiscal_surplus",
            "结余分配",
            sum(|l| l.distributed),
            "bal.distribution",
        ),
        ("年初结转和结余", sum(|l| l.open), "bal.open", "年末结转和结余", sum(|l| l.close), "bal.close"),
        ("总计", year.total(ALL), "total.in", "总计", year.total(ALL), "total.out"),
    ];
    for (row, (left, income, income_metric, right, spending, spending_metric)) in (top..).zip(rows) {
        grid.put(row, 0, left);
        books.figures().put(grid, (row, 1), income, Some(income_metric.into()));
        grid.put(row, 2, right);
        books.figures().put(grid, (row, 3), spending, Some(spending_metric.into()));
    }
}

/// 财政拨款收入支出决算总表
pub fn fiscal(books: Books) -> Statement {
    let mut grid = Grid::new(&[26, 11, 24, 11, 12, 12, 12], 2);
    grid.merge((0, 0), (1, 2), "收入");
    grid.merge((0, 2), (1, 5), "支出");
    let heads = [
        "项目",
        "决算数",
        "项目",
        "合计",
        "一般公共预算财政拨款",
        "政府性基金预算财政拨款",
        "国有资本经营预算财政拨款",
    ];
    for (col, text) in (0..).zip(heads) {
        grid.put(1, col, text);
    }
    fund_lines(&mut grid, books, grid_top(), Line::revenue, ["rev.gpb", "rev.gf"].map(Some));
    let bottom = fiscal_function_lines(&mut grid, books);
    fiscal_totals(&mut grid, books, bottom);
    named(
        books,
        "final_accounts.fiscal_summary",
        "财政拨款收入支出决算总表",
        grid,
        "本表只含三本预算的财政拨款，不含事业收入等其他资金。",
    )
}

/// First row below the header of the fiscal summary.
fn grid_top() -> u32 {
    2
}

/// One line a budget on the left side.
fn fund_lines(
    grid: &mut Grid,
    books: Books,
    top: u32,
    value: fn(&Line) -> Decimal,
    metrics: [Option<&'static str>; 2],
) {
    let names = ["一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款"];
    for (row, (at, name)) in (top..).zip(names.into_iter().enumerate()) {
        grid.put(row, 0, format!("{}、{name}", ordinal(at + 1)));
        let amount = FISCAL.get(at).map_or(Decimal::ZERO, |fund| books.year.sum(&[*fund], "", value));
        let metric = metrics.get(at).copied().flatten();
        books.figures().put(grid, (row, 1), amount, metric.map(Key::from));
    }
}

/// The functions with one column a budget; gives the row below them.
fn fiscal_function_lines(grid: &mut Grid, books: Books) -> u32 {
    let mut row = grid_top();
    for (at, (code, name)) in books.names.summary_lines().enumerate() {
        grid.put(row, 2, format!("{}、{name}", ordinal(at + 1)));
        budget_columns(grid, books, row, |funds| books.year.sum(funds, code, Line::spent));
        let total = books.year.sum(FISCAL, code, Line::spent);
        books.figures().put(grid, (row, 3), total, Some(Key::func("fin.exp.func", code)));
        row += 1;
    }
    row
}

/// The columns of the three budgets.
fn budget_columns(grid: &mut Grid, books: Books, row: u32, amount: impl Fn(&[Fund]) -> Decimal) {
    let columns = [amount(&[Fund::Gpb]), amount(&[Fund::Gf]), Decimal::ZERO];
    for (col, value) in (4..).zip(columns) {
        books.figures().put(grid, (row, col), value, None);
    }
}

/// One side of a row: its name, what it adds up, its metric.
type Side = (&'static str, fn(&Line) -> Decimal, &'static str);

/// 合计, balances with their three lines, and 总计.
fn fiscal_totals(grid: &mut Grid, books: Books, top: u32) {
    let year = books.year;
    let figures = books.figures();
    let rows: [(u32, Side, Side); 3] = [
        (top, ("本年收入合计", Line::revenue, "fin.rev"), ("本年支出合计", Line::spent, "fin.exp")),
        (
            top + 1,
            ("年初财政拨款结转和结余", |l| l.open, "fin.bal.open"),
            ("年末财政拨款结转和结余", |l| l.close, "fin.bal.close"),
        ),
        (
            top + 5,
            ("总计", |l| l.revenue() + l.open, "fin.total.in"),
            ("总计", |l| l.spent() + l.close, "fin.total.out"),
        ),
    ];
    for (row, (left, income, income_metric), (right, spending, spending_metric)) in rows {
        grid.put(row, 0, left);
        figures.put(grid, (row, 1), year.sum(FISCAL, "", income), Some(income_metric.into()));
        grid.put(row, 2, right);
        figures.put(grid, (row, 3), year.sum(FISCAL, "", spending), Some(spending_metric.into()));
        budget_columns(grid, books, row, |funds| year.sum(funds, "", spending));
    }
    fund_lines(grid, books, top + 2, |l| l.open, [None, None]);
}
