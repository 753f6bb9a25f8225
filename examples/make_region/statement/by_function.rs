//! Statements with one row a functional code: 合计 first, then 类, 款 and 项, each the sum of what is below it.

use rust_decimal::Decimal;

use super::{Books, Statement, named};
use crate::fact::Key;
use crate::grid::Grid;
use crate::model::{ALL, Fund, Line};

/// A column of amounts: what it adds up, and the metric of its total row and of its other rows.
type Column = (fn(&Line) -> Decimal, Option<&'static str>, Option<&'static str>);

/// 收入决算表
pub fn revenue(books: Books) -> Statement {
    let heads =
        ["本年收入合计", "财政拨款收入", "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入"];
    let columns: [Column; 7] = [
        (Line::revenue, Some("rev.current"), Some("rev.func")),
        (|l| if l.fund == Fund::Nonfiscal { Decimal::ZERO } else { l.revenue() }, Some("rev.fiscal"), None),
        (|_| Decimal::ZERO, None, None),
        (|l| if l.source == "business" { l.revenue() } else { Decimal::ZERO }, Some("rev.business"), None),
        (|_| Decimal::ZERO, None, None),
        (|_| Decimal::ZERO, None, None),
        (|l| if l.source == "other" { l.revenue() } else { Decimal::ZERO }, Some("rev.other"), None),
    ];
    let grid = by_function(books, ALL, &heads, &columns, |line| !line.revenue().is_zero());
    named(
        books,
        "final_accounts.revenue",
        "收入决算表",
        grid,
        "本表按功能分类列出本年取得的全部收入，不含年初结转和结余。",
    )
}

/// 支出决算表
pub fn expenditure(books: Books) -> Statement {
    let heads = ["本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出"];
    let columns: [Column; 6] = [
        (Line::spent, Some("exp.current"), Some("exp.func")),
        (Line::basic_total, Some("exp.basic"), Some("exp.func.basic")),
        (Line::project_total, Some("exp.project"), Some("exp.func.project")),
        (|_| Decimal::ZERO, None, None),
        (|_| Decimal::ZERO, None, None),
        (|_| Decimal::ZERO, None, None),
    ];
    let grid = by_function(books, ALL, &heads, &columns, spends);
    named(books, "final_accounts.expenditure", "支出决算表", grid, "本表按功能分类列出本年的全部支出。")
}

/// 一般公共预算财政拨款支出决算表
pub fn gpb_expenditure(books: Books) -> Statement {
    let columns: [Column; 3] = [
        (Line::spent, Some("gpb.exp"), Some("gpb.exp.func")),
        (Line::basic_total, Some("gpb.exp.basic"), Some("gpb.exp.func.basic")),
        (Line::project_total, Some("gpb.exp.project"), Some("gpb.exp.func.project")),
    ];
    let grid = by_function(books, &[Fund::Gpb], &["合计", "基本支出", "项目支出"], &columns, spends);
    named(
        books,
        "final_accounts.gpb_expenditure",
        "一般公共预算财政拨款支出决算表",
        grid,
        "本表列出用一般公共预算财政拨款安排的本年支出。",
    )
}

/// 一般公共预算财政拨款项目支出决算表
pub fn gpb_project(books: Books) -> Statement {
    let columns: [Column; 1] = [(Line::project_total, None, None)];
    let has_project = |line: &Line| !line.project_total().is_zero();
    let grid = by_function(books, &[Fund::Gpb], &["项目支出"], &columns, has_project);
    named(
        books,
        "final_accounts.gpb_project",
        "一般公共预算财政拨款项目支出决算表",
        grid,
        "本表列出用一般公共预算财政拨款安排的项目支出。",
    )
}

/// 政府性基金预算财政拨款收入支出决算表
pub fn gf(books: Books) -> Statement {
    let title = "政府性基金预算财政拨款收入支出决算表";
    let grid = fund_balance(books, &[Fund::Gf]);
    let note = if books.year.spent(&[Fund::Gf]).is_zero() {
        without(books, "政府性基金预算财政拨款收入和支出")
    } else {
        "本表列出政府性基金预算财政拨款的收支和结转结余。".to_owned()
    };
    named(books, "final_accounts.gf_revenue_expenditure", title, grid, note)
}

/// 国有资本经营预算财政拨款收入支出决算表: empty in this district, with the note that says so.
pub fn soc(books: Books) -> Statement {
    let grid = fund_balance(books, &[]);
    let note = without(books, "国有资本经营预算财政拨款收入和支出");
    named(books, "final_accounts.soc_revenue_expenditure", "国有资本经营预算财政拨款收入支出决算表", grid, note)
}

/// 国有资本经营预算财政拨款支出决算表: likewise.
pub fn soc_expenditure(books: Books) -> Statement {
    let columns: [Column; 3] =
        [(Line::spent, None, None), (Line::basic_total, None, None), (Line::project_total, None, None)];
    let grid = by_function(books, &[], &["合计", "基本支出", "项目支出"], &columns, spends);
    let note = without(books, "国有资本经营预算财政拨款支出");
    named(books, "final_accounts.soc_expenditure", "国有资本经营预算财政拨款支出决算表", grid, note)
}

/// The note below an empty statement.
fn without(books: Books, what: &str) -> String {
    format!("本部门{}年度没有{what}，故本表无数据。", books.year.year)
}

/// Whether a line spends anything.
fn spends(line: &Line) -> bool {
    !line.spent().is_zero()
}

/// A grid with code and name, then one column after another under a plain header.
fn by_function(books: Books, funds: &[Fund], heads: &[&str], columns: &[Column], keep: impl Fn(&Line) -> bool) -> Grid {
    let widths: Vec<usize> = [10, 30].into_iter().chain(heads.iter().map(|_| 12)).collect();
    let mut grid = Grid::new(&widths, 2);
    grid.merge((0, 0), (1, 2), "项目");
    grid.put(1, 0, "功能分类科目编码");
    grid.put(1, 1, "科目名称");
    grid.heads(0, 2, heads);
    rows(&mut grid, books, funds, columns, keep);
    grid
}

/// Opening balance, revenue, spending in three columns, closing balance.
fn fund_balance(books: Books, funds: &[Fund]) -> Grid {
    let mut grid = Grid::new(&[10, 30, 12, 12, 12, 12, 12, 12], 2);
    grid.merge((0, 0), (1, 2), "项目");
    grid.put(1, 0, "功能分类科目编码");
    grid.put(1, 1, "科目名称");
    grid.heads(0, 2, &["年初结转和结余", "本年收入"]);
    grid.merge((0, 4), (1, 3), "本年支出");
    grid.heads(1, 4, &["小计", "基本支出", "项目支出"]);
    grid.head(0, 7, "年末结转和结余");
    let columns: [Column; 6] = [
        (|l| l.open, Some("gf.bal.open"), None),
        (Line::revenue, Some("gf.rev"), None),
        (Line::spent, Some("gf.exp"), Some("gf.exp.func")),
        (Line::basic_total, None, None),
        (Line::project_total, Some("gf.exp.project"), None),
        (|l| l.close, Some("gf.bal.close"), None),
    ];
    let plain = columns.map(|(value, _, _)| (value, None, None));
    rows(&mut grid, books, funds, if funds.is_empty() { &plain } else { &columns }, |_| true);
    grid
}

/// The body: 合计, then each code that a kept line rolls up to.
fn rows(grid: &mut Grid, books: Books, funds: &[Fund], columns: &[Column], keep: impl Fn(&Line) -> bool) {
    let top = grid.header_rows;
    grid.merge((top, 0), (1, 2), "合计");
    for (col, (value, total, _)) in (2..).zip(columns) {
        books.figures().put(grid, (top, col), books.year.sum(funds, "", value), total.map(Key::from));
    }
    for (row, code) in (top + 1..).zip(books.year.lines.codes(funds, keep)) {
        grid.put(row, 0, code.clone());
        grid.put(row, 1, books.names.function(&code));
        for (col, (value, _, metric)) in (2..).zip(columns) {
            let key = metric.map(|metric| Key::func(metric, &code));
            books.figures().put(grid, (row, col), books.year.sum(funds, &code, value), key);
        }
    }
}
