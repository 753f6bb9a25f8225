//! （四）预算绩效管理情况: counts, a summary of each project, and its form in one of the two shapes in use:
//! levels 1 and 2 repeated in every row, or merged downwards.

use crate::document::{Block, Form};
use crate::fact::{Fact, Key, yuan};
use crate::grid::Grid;
use crate::model::{FormShape, Project};
use crate::outline::Outline;
use crate::statement::Books;

/// （四） with all projects.
pub fn projects(outline: &mut Outline, books: Books) {
    let (year, name) = (books.year, &books.department.name);
    let appraised = year.project.len();
    let count = |number: usize| u32::try_from(number).unwrap_or_default();
    outline.section("（四）", "预算绩效管理情况");
    let told = outline.passage().say(format!("{name}编制年初预算时，组织对"));
    let told = told.count("perf.ex_ante.projects", count(year.appraisal.ex_ante), "个项目开展了预算事前绩效评估");
    let told = told.say("，评估通过后填报绩效目标；年中选取");
    let told = told.count("perf.monitor.projects", count(year.appraisal.monitor), "个项目开展绩效监控");
    let told = told.say("，有偏差的当月提醒；年末对");
    outline.tell(told.count("perf.self_eval.projects", count(appraised), "个项目开展了绩效自评。"));
    for (at, project) in year.project.iter().enumerate() {
        summary(outline, at + 1, project);
        outline.push(Block::Form(form(books, project)));
    }
}

/// One paragraph on a project.
fn summary(outline: &mut Outline, number: usize, project: &Project) {
    let key = |metric| Key::project(metric, &project.name);
    let told = outline.passage().say(format!("（{number}）{}项目绩效目标完成情况综述。项目全年预算数", project.name));
    let told = told.money(key("proj.budget"), project.budget).say("，执行数为");
    let told = told.money(key("proj.executed"), project.executed).say("，");
    let told = told.completion(key("proj.executed"), project.executed, project.budget);
    let told = told.say(format!("。{}。", project.story));
    outline.tell(if project.issue.is_empty() {
        told
    } else {
        told.say(format!("发现的主要问题：{}。下一步改进措施：{}。", project.issue, project.remedy))
    });
}

/// The form of a project.
fn form(books: Books, project: &Project) -> Form {
    let (grid, title, subtitle) = match books.department.performance {
        FormShape::Repeated => {
            (repeated(books, project), "项目绩效目标完成情况表".to_owned(), format!("（{}年度）", books.year.year))
        }
        FormShape::Merged => (
            merged(books, project),
            format!("{}年特定目标类部门预算项目绩效目标自评", books.year.year),
            format!("（{}）", project.name),
        ),
    };
    Form { title, subtitle, project: project.name.clone(), indicators: project.indicators.clone(), grid }
}

/// A figure of the form.
fn figure(books: Books, metric: &'static str, project: &Project, printed: &str) -> Fact {
    let amount = if metric == "proj.budget" { project.budget } else { project.executed };
    let fact = Key::project(metric, &project.name).fact("amount", books.year.year, yuan(amount), printed);
    Fact { basis: "form", ..fact }
}

/// The form of 2019: label and value in pairs, units inside the cells, levels repeated.
fn repeated(books: Books, project: &Project) -> Grid {
    let style = books.department.figures;
    let mut grid = Grid::new(&[16, 14, 16, 22, 26, 26], 0);
    grid.put(0, 0, "项目名称");
    grid.merge((0, 1), (1, 5), project.name.clone());
    grid.put(1, 0, "预算单位");
    grid.merge((1, 1), (1, 5), books.department.name.clone());
    grid.merge((2, 0), (3, 1), "预算执行情况(万元)");
    for (row, label) in (2..).zip(["预算数:", "其中-财政拨款:", "其它资金:"]) {
        grid.merge((row, 1), (1, 2), label);
        grid.put(row, 4, label.replace("预算数", "执行数"));
        let values = if row == 4 { ["0".to_owned(), "0".to_owned()] } else { pair(style, project) };
        let metrics = ["proj.budget", "proj.executed"];
        for (col, (value, metric)) in [3, 5].into_iter().zip(values.into_iter().zip(metrics)) {
            grid.put(row, col, value.clone());
            if row == 2
                && let Some(cell) = grid.cells.last_mut()
            {
                cell.fact = Some(figure(books, metric, project, value.trim_end_matches("万元")));
            }
        }
    }
    grid.merge((5, 0), (2, 1), "年度目标完成情况");
    grid.merge((5, 1), (1, 3), "预期目标");
    grid.merge((5, 4), (1, 2), "实际完成目标");
    grid.merge((6, 1), (1, 3), project.goal.clone());
    grid.merge((6, 4), (1, 2), project.result.clone());
    let count = u32::try_from(project.indicators.len()).unwrap_or_default();
    grid.merge((7, 0), (count + 1, 1), "绩效指标完成情况");
    let heads =
        ["一级指标", "二级指标", "三级指标", "预期指标值(包含数字及文字描述)", "实际完成指标值(包含数字及文字描述)"];
    for (col, head) in (1..).zip(heads) {
        grid.put(7, col, head);
    }
    for (row, indicator) in (8..).zip(&project.indicators) {
        for (col, text) in (1..).zip(indicator) {
            grid.put(row, col, text.clone());
        }
    }
    grid
}

/// Budget and outturn with the unit in the cell.
fn pair(style: crate::fact::FigureStyle, project: &Project) -> [String; 2] {
    [project.budget, project.executed].map(|amount| format!("{}万元", style.print(amount)))
}

/// The form of 2021: plain numbers under 万元, levels 1 and 2 merged downwards.
fn merged(books: Books, project: &Project) -> Grid {
    let style = books.department.figures;
    let mut grid = Grid::new(&[16, 14, 18, 24, 22, 22], 0);
    grid.put(0, 0, "主管部门及代码");
    grid.merge((0, 1), (1, 2), format!("105001{}", books.department.name));
    grid.put(0, 3, "实施单位");
    grid.merge((0, 4), (1, 2), books.department.name.clone());
    grid.merge((1, 0), (3, 1), "项目预算执行情况（万元）");
    for (row, label) in (1..).zip(["预算数：", "其中：财政拨款", "其他资金"]) {
        grid.merge((row, 1), (1, 2), label);
        grid.put(row, 4, label.replace("预算数", "执行数"));
        if row == 3 {
            continue;
        }
        for (col, metric, amount) in [(3, "proj.budget", project.budget), (5, "proj.executed", project.executed)] {
            let printed = style.print(amount);
            grid.put(row, col, printed.clone());
            if row == 1
                && let Some(cell) = grid.cells.last_mut()
            {
                cell.fact = Some(figure(books, metric, project, &printed));
            }
        }
    }
    grid.merge((4, 0), (2, 1), "年度总体目标完成情况");
    grid.merge((4, 1), (1, 3), "预期目标");
    grid.merge((4, 4), (1, 2), "目标实际完成情况");
    grid.merge((5, 1), (1, 3), project.goal.clone());
    grid.merge((5, 4), (1, 2), project.result.clone());
    indicators(&mut grid, project);
    grid
}

/// The indicator rows of the form of 2021.
fn indicators(grid: &mut Grid, project: &Project) {
    let rows = &project.indicators;
    let count = u32::try_from(rows.len()).unwrap_or_default();
    grid.merge((6, 0), (count + 1, 1), "年度绩效指标完成情况");
    for (col, head) in (1..).zip(["一级指标", "二级指标", "三级指标", "预期指标值", "实际完成指标值"])
    {
        grid.put(6, col, head);
    }
    for (at, indicator) in rows.iter().enumerate() {
        let row = 7 + u32::try_from(at).unwrap_or_default();
        for (level, col) in [(1, 1), (2, 2)] {
            let same = |other: &[String; 5]| other[..level] == indicator[..level];
            if at > 0 && rows.get(at - 1).is_some_and(same) {
                continue;
            }
            let span = rows.iter().skip(at).take_while(|other| same(other)).count();
            grid.merge((row, col), (u32::try_from(span).unwrap_or(1), 1), indicator[level - 1].clone());
        }
        for (col, text) in (3..).zip(&indicator[2..]) {
            grid.put(row, col, text.clone());
        }
    }
}
