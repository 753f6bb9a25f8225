//! Performance forms: a project's name and money, and one indicator a row, in merged and unmerged layouts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use crate::forms::expression::Expression;
use crate::forms::performance::Performance;
use crate::model::{Basis, Cell, Fact, Indicator, Literal, Measure, Table, Unit, fold_text};

use super::figures::{Amount, Origin, Subject, to_fact};
use super::grid::Grid;
use super::statement::Setting;
use super::units::{TableUnit, table_unit};

/// The id of the performance form that a table is: its own title says so, or a line near it and its cells.
pub(crate) fn form_of<'f>(table: &Table, grid: &Grid<'_>, forms: &'f Performance) -> Option<&'f str> {
    let head = head_text(table, grid);
    let found = forms.forms.iter().find(|(_, title)| title.is_match(&head));
    let says = |title: &Expression| table.title.as_deref().is_some_and(|t| title.is_match(&fold_text(t)));
    let is_form = |title| says(title) || header_row(grid, forms).is_some() || has_project(grid, forms);
    found.filter(|(_, title)| is_form(title)).map(|(id, _)| id.as_str())
}

fn head_text(table: &Table, grid: &Grid<'_>) -> String {
    let lines = table.title.iter().chain(&table.captions).map(|l| fold_text(l));
    let cells = (0..table.rows.min(3)).map(|row| grid.text(row, 0).into());
    lines.chain(cells).collect::<Vec<_>>().join(" ")
}

fn has_project(grid: &Grid<'_>, forms: &Performance) -> bool {
    project_cell(grid, forms).is_some()
}

fn project_cell<'g>(grid: &'g Grid<'_>, forms: &Performance) -> Option<&'g str> {
    let rows = 0..grid.table.rows.min(12);
    rows.flat_map(|row| grid.cols().map(move |col| (row, col)))
        .find(|&(row, col)| forms.project_label.is_match(grid.text(row, col)))
        .map(|(row, col)| grid.text(row, next_col(grid, row, col)))
        .filter(|name| !name.is_empty())
}

fn next_col(grid: &Grid<'_>, row: u32, col: u32) -> u32 {
    grid.cell(row, col).map_or(col + 1, |c| c.col + c.col_span.max(1))
}

/// Reads a performance form; amounts without a unit of their own are in `unit`.
pub(crate) fn read_form(
    grid: &Grid<'_>,
    forms: &Performance,
    unit: TableUnit,
    setting: &Setting<'_>,
) -> (Vec<Fact>, Vec<Indicator>) {
    let project = project_name(grid, forms);
    let header = header_row(grid, forms);
    let end = header.map_or(grid.table.rows, |(row, _)| row);
    let form = MoneyForm { grid, forms, unit, project: &project, setting };
    let facts = form.read(end);
    let indicators = header.map_or_else(Vec::new, |(row, cols)| read_indicators(grid, forms, row, cols, &project));
    (facts, indicators)
}

fn project_name(grid: &Grid<'_>, forms: &Performance) -> String {
    if let Some(name) = project_cell(grid, forms) {
        return name.to_owned();
    }
    let title = head_text(grid.table, grid);
    let titles =
        title.split(' ').filter_map(|t| forms.project_title.captures(t)?.get(1).map(|m| m.as_str().to_owned()));
    titles.into_iter().next().unwrap_or_default()
}

/// Where the header of the indicators stands: its row, and the column of each part.
fn header_row(grid: &Grid<'_>, forms: &Performance) -> Option<(u32, [Option<u32>; 7])> {
    (0..grid.table.rows.min(200)).find_map(|row| {
        let first = grid.cols().find(|&col| forms.indicators.columns[0].is_match(grid.text(row, col)))?;
        // The cell before them often names the whole block: 绩效指标完成情况.
        let find = |p: &Expression| {
            grid.cols()
                .skip(first as usize)
                .find(|&col| grid.cell(row, col).is_some_and(|c| c.col == col) && p.is_match(grid.text(row, col)))
        };
        let cols = forms.indicators.columns.each_ref().map(find);
        (cols[0].is_some() && cols[2].is_some()).then_some((row, cols))
    })
}

fn read_indicators(
    grid: &Grid<'_>,
    forms: &Performance,
    header: u32,
    cols: [Option<u32>; 7],
    project: &str,
) -> Vec<Indicator> {
    let words = &forms.indicators;
    let mut levels = [String::new(), String::new()];
    let mut indicators = Vec::new();
    let below = grid.cell(header, cols[0].unwrap_or(0)).map_or(header + 1, |c| c.row + c.row_span.max(1));
    for row in below..grid.table.rows {
        let text =
            |i: usize| cols.get(i).copied().flatten().and_then(|col| printed(grid, row, col)).unwrap_or_default();
        if grid.cols().take(2).any(|col| words.end.is_match(grid.text(row, col))) {
            break;
        }
        if words.columns[2].is_match(&text(2)) || words.empty.is_match(&text(2)) && words.empty.is_match(&text(3)) {
            carry(&mut levels, &text(0), &text(1), words);
            continue;
        }
        carry(&mut levels, &text(0), &text(1), words);
        let place = cols[2].and_then(|col| grid.cell(row, col)).or_else(|| grid.cell(row, 0));
        indicators.push(Indicator {
            project: project.to_owned(),
            level1: levels[0].clone(),
            level2: levels[1].clone(),
            level3: text(2),
            target: text(3),
            actual: text(4),
            weight: Literal::parse(&text(5)).map(|l| l.value),
            score: Literal::parse(&text(6)).map(|l| l.value),
            location: place.map(|c| grid.table.place(c)).unwrap_or_default(),
        });
    }
    indicators
}

/// Level 1 and 2 hold until another one is printed; a new level 1 starts without a level 2.
fn carry(levels: &mut [String; 2], first: &str, second: &str, words: &crate::forms::performance::IndicatorWords) {
    if !words.empty.is_match(first) && levels[0] != first {
        first.clone_into(&mut levels[0]);
        levels[1].clear();
    }
    if !words.empty.is_match(second) {
        second.clone_into(&mut levels[1]);
    }
}

/// The text of a cell without the breaks of its lines.
fn printed(grid: &Grid<'_>, row: u32, col: u32) -> Option<String> {
    grid.cell(row, col).map(|c| c.text.trim().to_owned())
}

static AMOUNT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^([0-9,]+(?:\.[0-9]+)?)(万元|元|万)?$").ok());

/// The part of a form that tells the money of its project.
struct MoneyForm<'f> {
    grid: &'f Grid<'f>,
    forms: &'f Performance,
    unit: TableUnit,
    project: &'f str,
    setting: &'f Setting<'f>,
}

impl MoneyForm<'_> {
    /// Budget and outturn stand as label and value side by side, or as columns of a small table; both are read by the
    /// kind of the column that a value stands in or behind, and the kind of its row.
    fn read(&self, end: u32) -> Vec<Fact> {
        let (grid, forms) = (self.grid, self.forms);
        let mut kinds: BTreeMap<u32, &str> = BTreeMap::new();
        let mut facts = Vec::new();
        for row in 0..end {
            let mut row_kind: Option<&str> = None;
            let mut label_col = None;
            for col in grid.cols() {
                let Some(cell) = grid.cell(row, col).filter(|c| c.col == col && c.row == row) else { continue };
                let text = grid.text(row, col);
                if let Some((literal, unit)) = amount(text) {
                    let kind = kinds.get(&col).or_else(|| label_col.and_then(|c| kinds.get(&c)));
                    let metric = kind.zip(row_kind).and_then(|(k, r)| forms.metrics.get(&format!("{k}.{r}")));
                    facts.extend(metric.and_then(|m| self.fact(cell, m, literal, unit)));
                    continue;
                }
                if let Some((_, kind)) = forms.columns.iter().find(|(words, _)| words.is_match(text)) {
                    kinds.insert(col, kind);
                }
                if let Some((_, kind)) = forms.rows.iter().find(|(words, _)| words.is_match(text)) {
                    row_kind = Some(kind);
                    label_col = Some(col);
                }
            }
        }
        facts
    }

    fn fact(&self, cell: &Cell, metric: &str, literal: Literal, unit: Option<Unit>) -> Option<Fact> {
        let project = Some(self.project.to_owned()).filter(|p| !p.is_empty());
        let subject = Subject { project, ..Subject::of(metric) };
        let is_sure = unit.is_some() || self.unit.is_printed;
        let origin = Origin {
            basis: Basis::Form,
            confidence: if is_sure { 0.9 } else { 0.5 },
            location: self.grid.table.place(cell),
            printed: cell.text.trim().to_owned(),
        };
        let amount = Amount { literal, unit: unit.unwrap_or(self.unit.unit), negative: false };
        to_fact(&subject, Measure::Amount, self.setting.year, None, amount, origin, &self.setting.forms.metrics)
    }
}

fn amount(text: &str) -> Option<(Literal, Option<Unit>)> {
    let found = AMOUNT.as_ref()?.captures(text)?;
    Some((Literal::parse(found.get(1)?.as_str())?, found.get(2).and_then(|u| Unit::parse(u.as_str()))))
}

/// The unit of a form's amounts: the table's own, or one that a label of its first rows says, such as 预算数(万元);
/// else that of the document's other tables, else 万元, as the forms of the Ministry of Finance are.
pub(crate) fn form_unit(grid: &Grid<'_>, others: &BTreeSet<Unit>) -> TableUnit {
    let rows = 0..grid.table.rows.min(12);
    let labels = rows.flat_map(|row| grid.cols().map(move |col| grid.text(row, col))).filter(|t| amount(t).is_none());
    let labels: String = labels.collect::<Vec<_>>().join(" ");
    let assumed = TableUnit { unit: Unit::TenThousandYuan, is_printed: false };
    table_unit(grid.table, &labels, others).unwrap_or(assumed)
}

#[cfg(test)]
mod tests {
    use crate::fiscal::specimen::{content, read, table, told};

    #[test]
    fn money_stands_behind_labels_and_indicators_below_their_header() {
        let rows = [
            "项目名称|修路|<|<",
            "预算执行情况(万元)|预算数:|8万元|执行数:|7.5万元",
            "^|其中-财政拨款:|8万元|其中-财政拨款:|7.5万元",
            "绩效指标完成情况|一级指标|二级指标|三级指标|预期指标值|实际完成指标值",
            "^|产出指标|数量指标|里程|5公里|5公里",
            "^|||宽度|6米|6米",
            "^|效益指标|……|||",
        ];
        let mut content =
            content(&["某市某局", "2023年度部门决算"], vec![table("项目支出绩效目标完成情况表", None, 0, &rows)], &[]);
        let reading = read(&mut content);
        assert_eq!(
            told(&reading.facts),
            [
                "proj.budget Amount 2023 None 80000",
                "proj.executed Amount 2023 None 75000",
                "proj.budget.fiscal Amount 2023 None 80000",
                "proj.executed.fiscal Amount 2023 None 75000",
            ]
        );
        assert_eq!(reading.facts[0].project.as_deref(), Some("修路"));
        let rows: Vec<_> =
            reading.indicators.iter().map(|i| (i.level1.as_str(), i.level3.as_str(), i.actual.as_str())).collect();
        assert_eq!(rows, [("产出指标", "里程", "5公里"), ("产出指标", "宽度", "6米")]);
    }

    #[test]
    fn a_department_states_its_whole_budget_beside_its_targets() {
        let rows = [
            "部门名称|某市某局|<|<",
            "部门预算支出|预算金额（万元）|收入来源|预算金额（万元）",
            "基本支出|58.5|财政拨款|92.5",
            "项目支出|41.5|其他资金|7.5",
            "一级指标|二级指标|三级指标|年度指标值",
            "产出指标|数量指标|抽检数量|200个",
        ];
        let mut content = content(&[], vec![table("某市某局2026年部门整体预算绩效目标申报表", None, 0, &rows)], &[]);
        let reading = read(&mut content);
        let wanted = ["exp.basic Amount 2026 None 585000", "exp.project Amount 2026 None 415000"];
        assert_eq!(told(&reading.facts), wanted);
        assert_eq!(reading.identity.kind.as_deref(), Some("performance.target_form"));
    }

    #[test]
    fn an_amount_whose_unit_nothing_says_is_doubtful_and_noted() {
        let rows = ["项目名称|修路|<", "资金|预算数|执行数", "年度资金总额|8|7", "一级指标|二级指标|三级指标"];
        let form = |title: &str| content(&["某市某局", "2023年度部门决算"], vec![table(title, None, 0, &rows)], &[]);
        let mut unsaid = form("项目支出绩效自评表");
        let reading = read(&mut unsaid);
        assert!(reading.facts.iter().all(|f| f.confidence < 0.6) && !reading.facts.is_empty(), "{:?}", reading.facts);
        assert!(unsaid.notes.iter().any(|n| n.message.contains("no unit")), "{:?}", unsaid.notes);
        let mut said = form("项目支出绩效自评表（单位：元）");
        let reading = read(&mut said);
        assert_eq!(told(&reading.facts).first().map(String::as_str), Some("proj.budget Amount 2023 None 8"));
    }
}
