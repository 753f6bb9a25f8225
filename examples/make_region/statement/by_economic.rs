//! Statements by economic code: the two panels of basic spending, and the wide detail of function × economic.

use rust_decimal::Decimal;

use super::{Books, Statement, named};
use crate::fact::Key;
use crate::grid::Grid;
use crate::model::{Fund, Line};

/// 一般公共预算财政拨款基本支出决算表: 人员经费 on the left, 公用经费 on the right.
pub fn basic(books: Books) -> Statement {
    let mut grid = Grid::new(&[9, 24, 12, 9, 24, 12], 2);
    grid.merge((0, 0), (1, 3), "人员经费");
    grid.merge((0, 3), (1, 3), "公用经费");
    for (col, text) in (0..).zip(["经济分类科目编码", "科目名称", "决算数"].repeat(2)) {
        grid.put(1, col, text);
    }
    let left = panel(&mut grid, books, 0, ["301", "303"]);
    let right = panel(&mut grid, books, 3, ["302", "310"]);
    let bottom = left.max(right);
    for (col, name, amount, metric) in [
        (0, "人员经费合计", books.year.lines.personnel(), "gpb.basic.personnel"),
        (3, "公用经费合计", books.year.lines.operating(), "gpb.basic.operating"),
    ] {
        grid.merge((bottom, col), (1, 2), name);
        books.figures().put(&mut grid, (bottom, col + 2), amount, Some(metric.into()));
    }
    named(
        books,
        "final_accounts.gpb_basic_by_economic",
        "一般公共预算财政拨款基本支出决算表",
        grid,
        "本表按部门预算支出经济分类列出基本支出，不含项目支出。",
    )
}

/// Two 类 with their 款, one below the other; gives the row below.
fn panel(grid: &mut Grid, books: Books, col: u32, classes: [&str; 2]) -> u32 {
    let mut row = grid.header_rows;
    for class in classes {
        let below = books.year.lines.basic_codes(class);
        for code in std::iter::once(class.to_owned()).chain(below) {
            grid.put(row, col, code.clone());
            grid.put(row, col + 1, books.names.economic(&code));
            let key = Key::econ("gpb.basic.econ", &code);
            books.figures().put(grid, (row, col + 2), books.year.lines.basic_by_economic(&code), Some(key));
            row += 1;
        }
    }
    row
}

/// 财政拨款支出决算明细表 and 一般公共预算财政拨款支出决算明细表: every 款 is a column.
pub fn detail(books: Books, funds: &[Fund]) -> Statement {
    let columns = detail_columns(books);
    let widths: Vec<usize> = [10, 30, 12].into_iter().chain(columns.iter().map(|_| 11)).collect();
    let mut grid = Grid::new(&widths, 2);
    detail_header(&mut grid, books, &columns);
    let top = grid.header_rows;
    grid.merge((top, 0), (1, 2), "合计");
    detail_row(&mut grid, books, funds, top, "", &columns);
    for (row, code) in (top + 1..).zip(books.year.lines.codes(funds, |line| !line.spent().is_zero())) {
        grid.put(row, 0, code.clone());
        grid.put(row, 1, books.names.function(&code));
        detail_row(&mut grid, books, funds, row, &code, &columns);
    }
    if funds == [Fund::Gpb] {
        let note = "本表逐项列出一般公共预算财政拨款支出的经济分类。";
        return named(books, "final_accounts.gpb_expenditure_detail", "一般公共预算财政拨款支出决算明细表", grid, note);
    }
    let note = "本表逐项列出财政拨款支出的经济分类。";
    named(books, "final_accounts.fiscal_expenditure_detail", "财政拨款支出决算明细表", grid, note)
}

/// Each 类 and the 款 below it, in the order of the columns.
fn detail_columns(books: Books) -> Vec<String> {
    let classes = ["301", "302", "303", "310"];
    let with_below = |class: &'static str| std::iter::once(class).chain(books.names.economic_below(class));
    classes.into_iter().flat_map(with_below).map(str::to_owned).collect()
}

/// Two header rows: the 类 over its 小计 and 款.
fn detail_header(grid: &mut Grid, books: Books, columns: &[String]) {
    grid.merge((0, 0), (1, 2), "项目");
    grid.put(1, 0, "功能分类科目编码");
    grid.put(1, 1, "科目名称");
    grid.head(0, 2, "合计");
    for (col, code) in (3..).zip(columns) {
        if code.len() == 3 {
            let below = books.names.economic_below(code).count();
            let span = u32::try_from(below).unwrap_or_default() + 1;
            grid.merge((0, col), (1, span), books.names.economic(code));
            grid.put(1, col, "小计");
        } else {
            grid.put(1, col, books.names.economic(code));
        }
    }
}

/// One row of amounts.
fn detail_row(grid: &mut Grid, books: Books, funds: &[Fund], row: u32, code: &str, columns: &[String]) {
    let sum = |value: &dyn Fn(&Line) -> Decimal| books.year.sum(funds, code, value);
    books.figures().put(grid, (row, 2), sum(&Line::spent), None);
    for (col, economic) in (3..).zip(columns) {
        books.figures().put(grid, (row, col), sum(&|line| line.economic(economic)), None);
    }
}
