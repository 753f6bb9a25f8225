//! The nine tables of a district budget, eight in 元 and the last in 万元. Codes stand in three columns.

use rust_decimal::Decimal;

use super::Budget;
use crate::classification::{Classification, ordinal};
use crate::fact::Key;
use crate::grid::{Figures, Grid};
use crate::model::{FISCAL, Fund, Line};
use crate::statement::Statement;

const GPB: &[Fund] = &[Fund::Gpb];
const GF: &[Fund] = &[Fund::Gf];

/// A column: what it adds up, and the metric of the total and of the other rows.
type Column = (fn(&Line) -> Decimal, Option<&'static str>, Option<&'static str>);

/// What the tables are made from.
#[derive(Clone, Copy)]
struct Plan<'a> {
    budget: &'a Budget,
    names: &'a Classification,
    figures: Figures,
}

/// All nine.
pub fn all(budget: &Budget, names: &Classification) -> Vec<Statement> {
    let figures = Figures { year: budget.year, phase: "initial_budget", in_yuan: true, zeros: false };
    let plan = Plan { budget, names, figures };
    vec![
        plan.titled("budget.revenue_expenditure_summary", "部门财务收支预算总表", summary(plan)),
        plan.titled("budget.revenue", "部门收入预算总表", revenue(plan)),
        plan.titled("budget.expenditure", "部门支出预算总表", expenditure(plan)),
        plan.titled("budget.fiscal_summary", "部门财政拨款收支预算总表", fiscal(plan)),
        plan.titled("budget.gpb_expenditure_by_function", "部门一般公共预算支出功能分类预算表", general(plan)),
        plan.titled("budget.gf_expenditure_by_function", "部门政府性基金预算支出功能分类预算表", fund(plan)),
        plan.empty("budget.soc_expenditure_by_function", "部门国有资本经营预算支出功能分类预算表", capital(plan)),
        plan.titled("budget.gpb_basic_by_economic", "部门一般公共预算基本支出部门预算经济分类预算表", economic(plan)),
        three_public(plan),
    ]
}

impl Plan<'_> {
    fn titled(self, form: &'static str, title: &str, grid: Grid) -> Statement {
        Statement {
            form,
            title: format!("{}年{title}", self.budget.year),
            code: String::new(),
            body: format!("编制部门：{}", self.budget.department),
            unit: "元",
            grid,
            notes: Vec::new(),
        }
    }

    fn empty(self, form: &'static str, title: &str, grid: Grid) -> Statement {
        let note = format!("注：本部门{}年没有国有资本经营预算财政拨款安排的预算，故本表为空表。", self.budget.year);
        Statement { notes: vec![note], ..self.titled(form, title, grid) }
    }

    fn sum(self, funds: &[Fund], code: &str, value: impl Fn(&Line) -> Decimal) -> Decimal {
        self.budget.lines.sum(funds, code, value)
    }

    fn put(self, grid: &mut Grid, at: (u32, u32), amount: Decimal, key: Option<Key>) {
        self.figures.put(grid, at, amount, key);
    }

    /// 类 that are spent on, with the ordinals that this form gives anew.
    fn classes(self) -> Vec<(String, String)> {
        let codes = self.budget.lines.codes(FISCAL, |_| true).into_iter().filter(|code| code.len() == 3);
        let named = |(at, code): (usize, String)| {
            let line = format!("{}、{}", ordinal(at + 1), self.names.function(&code));
            (code, line)
        };
        codes.enumerate().map(named).collect()
    }
}

/// Table 1: two sides, 总计 in the last row.
fn summary(plan: Plan) -> Grid {
    let mut grid = Grid::new(&[30, 16, 26, 16], 2);
    grid.merge((0, 0), (1, 2), "本年收入");
    grid.merge((0, 2), (1, 2), "本年支出");
    for (col, text) in (0..).zip(["项目", "预算数", "项目", "预算数"]) {
        grid.put(1, col, text);
    }
    let spent = |funds: &[Fund]| plan.sum(funds, "", Line::spent);
    let left = [
        ("一、财政拨款收入", spent(FISCAL), Some("rev.fiscal")),
        ("1.一般公共预算资金", spent(GPB), Some("rev.gpb")),
        ("2.政府性基金", spent(GF), Some("rev.gf")),
        ("3.国有资本经营预算", Decimal::ZERO, None),
        ("二、事业收入", Decimal::ZERO, None),
        ("三、事业单位经营收入", Decimal::ZERO, None),
        ("四、其他收入", Decimal::ZERO, None),
    ];
    for (row, (name, amount, metric)) in (2..).zip(left) {
        grid.put(row, 0, name);
        plan.put(&mut grid, (row, 1), amount, metric.map(Key::from));
    }
    for (row, (code, name)) in (2..).zip(plan.classes()) {
        grid.put(row, 2, name);
        plan.put(&mut grid, (row, 3), plan.sum(FISCAL, &code, Line::spent), Some(Key::func("exp.func", &code)));
    }
    let bottom = grid.rows;
    for (col, name, metric) in [(0, "收入总计", "total.in"), (2, "支出总计", "total.out")] {
        grid.put(bottom, col, name);
        plan.put(&mut grid, (bottom, col + 1), spent(FISCAL), Some(metric.into()));
    }
    grid
}

/// Table 2.
fn revenue(plan: Plan) -> Grid {
    let columns: [Column; 5] = [
        (Line::spent, Some("total.in"), Some("rev.func")),
        (Line::spent, Some("rev.fiscal"), None),
        (|_| Decimal::ZERO, None, None),
        (|_| Decimal::ZERO, None, None),
        (|_| Decimal::ZERO, None, None),
    ];
    let heads = ["合计", "财政拨款收入", "事业收入", "事业单位经营收入", "其他收入"];
    by_function(plan, FISCAL, "收入预算", &heads, &columns)
}

/// Table 3.
fn expenditure(plan: Plan) -> Grid {
    let columns: [Column; 3] = [
        (Line::spent, Some("total.out"), Some("exp.func")),
        (Line::basic_total, Some("exp.basic"), Some("exp.func.basic")),
        (Line::project_total, Some("exp.project"), Some("exp.func.project")),
    ];
    by_function(plan, FISCAL, "支出预算", &["合计", "基本支出", "项目支出"], &columns)
}

/// Table 5.
fn general(plan: Plan) -> Grid {
    let columns: [Column; 3] = [
        (Line::spent, Some("gpb.exp"), Some("gpb.exp.func")),
        (Line::basic_total, Some("gpb.exp.basic"), Some("gpb.exp.func.basic")),
        (Line::project_total, Some("gpb.exp.project"), Some("gpb.exp.func.project")),
    ];
    by_function(plan, GPB, "一般公共预算支出", &["合计", "基本支出", "项目支出"], &columns)
}

/// Table 6.
fn fund(plan: Plan) -> Grid {
    let columns: [Column; 3] = [
        (Line::spent, Some("gf.exp"), Some("gf.exp.func")),
        (Line::basic_total, None, None),
        (Line::project_total, Some("gf.exp.project"), None),
    ];
    by_function(plan, GF, "政府性基金预算支出", &["合计", "基本支出", "项目支出"], &columns)
}

/// Table 7: nobody has any.
fn capital(plan: Plan) -> Grid {
    let nothing: Column = (|_| Decimal::ZERO, None, None);
    by_function(plan, &[], "国有资本经营预算支出", &["合计", "基本支出", "项目支出"], &[nothing, nothing, nothing])
}

/// Code in three columns, name, then columns of amounts; 合计 comes last.
fn by_function(plan: Plan, funds: &[Fund], over: &str, heads: &[&str], columns: &[Column]) -> Grid {
    let widths: Vec<usize> = [9, 7, 7, 30].into_iter().chain(heads.iter().map(|_| 17)).collect();
    let mut grid = Grid::new(&widths, 3);
    grid.merge((0, 0), (1, 4), "项目");
    grid.merge((0, 4), (1, u32::try_from(heads.len()).unwrap_or_default()), over);
    grid.merge((1, 0), (1, 3), "功能分类科目编码");
    for (col, text) in (0..).zip(["类", "款", "项"]) {
        grid.put(2, col, text);
    }
    grid.head(1, 3, "功能分类科目名称");
    grid.heads(1, 4, heads);
    let mut row = 3;
    for code in plan.budget.lines.codes(funds, |_| true) {
        for (col, (from, to)) in (0..).zip([(0, 3), (3, 5), (5, 7)]) {
            if let Some(part) = code.get(from..to) {
                grid.put(row, col, part);
            }
        }
        grid.put(row, 3, plan.names.function(&code));
        for (col, (value, _, metric)) in (4..).zip(columns) {
            let key = metric.map(|metric| Key::func(metric, &code));
            plan.put(&mut grid, (row, col), plan.sum(funds, &code, value), key);
        }
        row += 1;
    }
    grid.merge((row, 0), (1, 4), "合计");
    for (col, (value, total, _)) in (4..).zip(columns) {
        plan.put(&mut grid, (row, col), plan.sum(funds, "", value), total.map(Key::from));
    }
    grid
}

/// Table 4.
fn fiscal(plan: Plan) -> Grid {
    let mut grid = Grid::new(&[22, 15, 24, 15, 15, 15, 12], 2);
    grid.merge((0, 0), (1, 2), "财政拨款收入");
    grid.merge((0, 2), (1, 5), "财政拨款支出");
    let heads = ["项目", "预算数", "项目", "合计", "一般公共预算", "政府性基金预算", "国有资本经营预算"];
    for (col, text) in (0..).zip(heads) {
        grid.put(1, col, text);
    }
    let left = [("一、一般公共预算资金", GPB, "rev.gpb"), ("二、政府性基金", GF, "rev.gf")];
    for (row, (name, funds, metric)) in (2..).zip(left) {
        grid.put(row, 0, name);
        plan.put(&mut grid, (row, 1), plan.sum(funds, "", Line::spent), Some(metric.into()));
    }
    grid.put(4, 0, "三、国有资本经营预算");
    for (row, (code, name)) in (2..).zip(plan.classes()) {
        grid.put(row, 2, name);
        for (col, funds) in (3..).zip([FISCAL, GPB, GF]) {
            plan.put(&mut grid, (row, col), plan.sum(funds, &code, Line::spent), None);
        }
    }
    let bottom = grid.rows;
    grid.put(bottom, 0, "收入总计");
    plan.put(&mut grid, (bottom, 1), plan.sum(FISCAL, "", Line::spent), Some("fin.total.in".into()));
    grid.put(bottom, 2, "支出总计");
    for (col, (funds, metric)) in (3..).zip([(FISCAL, Some("fin.total.out")), (GPB, None), (GF, None)]) {
        plan.put(&mut grid, (bottom, col), plan.sum(funds, "", Line::spent), metric.map(Key::from));
    }
    grid
}

/// Table 8: one panel with 人员经费 and 公用经费 as columns.
fn economic(plan: Plan) -> Grid {
    let mut grid = Grid::new(&[9, 7, 34, 16, 16, 16], 3);
    grid.merge((0, 0), (1, 3), "项目");
    grid.merge((0, 3), (1, 3), "一般公共预算基本支出");
    grid.merge((1, 0), (1, 2), "部门预算经济分类科目编码");
    grid.put(2, 0, "类");
    grid.put(2, 1, "款");
    grid.head(1, 2, "经济分类科目名称");
    grid.heads(1, 3, &["合计", "人员经费", "公用经费"]);
    let mut row = 3;
    let lines = &plan.budget.lines;
    for (class, column) in [("301", 4), ("302", 5), ("303", 4), ("310", 5)] {
        for code in std::iter::once(class.to_owned()).chain(lines.basic_codes(class)) {
            grid.put(row, 0, class);
            if let Some(below) = code.get(3..5) {
                grid.put(row, 1, below);
            }
            grid.put(row, 2, plan.names.economic(&code));
            let amount = lines.basic_by_economic(&code);
            plan.put(&mut grid, (row, 3), amount, Some(Key::econ("gpb.basic.econ", &code)));
            plan.put(&mut grid, (row, column), amount, None);
            row += 1;
        }
    }
    grid.merge((row, 0), (1, 3), "合计");
    let (personnel, operating) = (lines.personnel(), lines.operating());
    plan.put(&mut grid, (row, 3), personnel + operating, Some("gpb.exp.basic".into()));
    plan.put(&mut grid, (row, 4), personnel, Some("gpb.basic.personnel".into()));
    plan.put(&mut grid, (row, 5), operating, Some("gpb.basic.operating".into()));
    grid
}

/// Table 9, in 万元.
fn three_public(plan: Plan) -> Statement {
    let mut grid = Grid::new(&[10, 14, 12, 10, 10, 10, 16], 3);
    grid.merge((0, 0), (1, 6), "“三公”经费预算数");
    grid.head(0, 6, "机关运行经费预算数");
    grid.heads(1, 0, &["合计", "因公出国（境）费", "公务接待费"]);
    grid.merge((1, 3), (1, 3), "公务用车购置及运行费");
    grid.heads(2, 3, &["小计", "购置费", "运行费"]);
    let travel = &plan.budget.travel;
    let running = super::in_text(plan.budget.lines.running(&["2070101".to_owned()]));
    let row = [
        (travel.total(), "tp.total"),
        (travel.abroad, "tp.abroad"),
        (travel.reception, "tp.reception"),
        (travel.vehicle(), "tp.vehicle"),
        (travel.purchase, "tp.vehicle.purchase"),
        (travel.operation, "tp.vehicle.operation"),
        (running, "ops.cost"),
    ];
    let figures = Figures { in_yuan: false, zeros: true, ..plan.figures };
    for (col, (amount, metric)) in (0..).zip(row) {
        figures.put(&mut grid, (3, col), amount, Some(metric.into()));
    }
    let form = "budget.three_public_and_operating";
    Statement { unit: "万元", ..plan.titled(form, "部门“三公”经费和机关运行经费预算表", grid) }
}
