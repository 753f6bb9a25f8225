//! A statement's cells become facts: header words and row labels name the metric, codes the classification, and
//! every number keeps its cell. Two, three and four panels, one row under named columns and code rows are one road:
//! a panel's label columns name the row, its amount columns the rest.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::forms::Forms;
use crate::forms::expression::Expression;
use crate::forms::metrics::MetricKind;
use crate::forms::statements::{ColumnRule, RowRule, Side, StatementForm};
use crate::limits::Deadline;
use crate::model::{Basis, CodeSource, Fact, Measure, Phase, RowLevel, Unit};

use super::codes::{CodeColumn, Coded};
use super::figures::{Amount, Origin, Subject, last_year_of, to_fact};
use super::grid::{Grid, Panel};

/// What a statement has to know of its document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting<'a> {
    pub(crate) forms: &'a Forms,
    /// `budget`, `final_accounts` or `performance`.
    pub(crate) family: &'a str,
    pub(crate) year: Option<u16>,
    /// Stage that figures are of when nothing says otherwise.
    pub(crate) phase: Option<Phase>,
    /// What 预算数 means in final accounts: the initial budget, or the adjusted one where the report says so.
    pub(crate) budget_phase: Phase,
    /// Asked once a table and once a paragraph.
    pub(crate) deadline: &'a Deadline,
}

/// Reads the figures of a table that is known to be `form`.
pub(crate) fn read_statement(
    grid: &Grid<'_>,
    form: &StatementForm,
    unit: Unit,
    confidence: f32,
    setting: &Setting<'_>,
) -> Vec<Fact> {
    let header = grid.header_text();
    let takes = |path: &str| form.columns.iter().any(|c| c.path.is_match(path));
    let panels = grid.panels(&setting.forms.statements.words, takes);
    let reader = Reader { grid, form, unit, confidence, setting, header };
    let functions = most_classes(&reader, &panels);
    let mut facts = Vec::new();
    for (index, panel) in panels.iter().enumerate() {
        reader.read_panel(panel, functions.is_none_or(|f| f == index), &mut facts);
    }
    facts.sort_by_key(|f| (f.location.row, f.location.col));
    facts
}

/// Of several panels of expenditure the one that lists the most functional classes lists functions; the others
/// list uses or economic classes, some by the same names (其他支出).
fn most_classes(reader: &Reader<'_, '_>, panels: &[Panel]) -> Option<usize> {
    let hits = panels
        .iter()
        .map(|p| reader.grid.rows().filter(|&row| reader.class_of(reader.label(p, row)).is_some()).count());
    let best = hits.enumerate().max_by_key(|&(index, hits)| (hits, std::cmp::Reverse(index)))?;
    (best.1 > 0).then_some(best.0)
}

struct Reader<'g, 't> {
    grid: &'g Grid<'t>,
    form: &'g StatementForm,
    unit: Unit,
    confidence: f32,
    setting: &'g Setting<'g>,
    header: String,
}

/// What the figures of one column are, whatever row they stand in.
struct Column<'r> {
    col: u32,
    rule: &'r ColumnRule,
    phase: Option<Phase>,
    period: Option<u16>,
}

/// What one row of a panel says of itself.
struct Row<'a, 'g> {
    index: u32,
    label: &'a str,
    side: Option<Side>,
    code: Option<Coded>,
    above: &'a Above<'a>,
    fallbacks: &'a [bool],
    may_be_class: bool,
    /// The row says a stage alone (预算数 above 决算数): its figures are of that stage.
    is_stage: bool,
    /// The row names another body than the report's.
    entity: Option<&'a str>,
    /// What its words name, whatever the column; found when it is first asked for.
    rule: OnceCell<Option<&'g RowRule>>,
    is_total: OnceCell<bool>,
}

/// The labels of the rows above, each of which a pattern meets once.
#[derive(Default)]
struct Above<'a> {
    labels: Vec<&'a str>,
    /// For each pattern, known by its rule and its place there, how many labels it has met, and whether one fits.
    met: RefCell<BTreeMap<(usize, Bound), (usize, bool)>>,
}

/// Which rows a rule's row stands between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bound {
    After,
    Before,
}

impl Above<'_> {
    /// Whether a label fits the pattern that is the `bound` of the `rule`-th rule.
    fn has(&self, rule: usize, bound: Bound, pattern: &Expression) -> bool {
        let mut met = self.met.borrow_mut();
        let (seen, fits) = met.entry((rule, bound)).or_default();
        let new = self.labels.get(*seen..).unwrap_or_default();
        *fits = *fits || new.iter().any(|label| pattern.is_match(label));
        *seen = self.labels.len();
        *fits
    }
}

impl<'g> Reader<'g, '_> {
    fn read_panel(&self, panel: &Panel, may_be_class: bool, facts: &mut Vec<Fact>) {
        let columns: Vec<Column<'g>> = panel.amounts.iter().filter_map(|&col| self.column(col)).collect();
        if columns.is_empty() {
            return;
        }
        let side = self.side(panel);
        let fallbacks = self.fallbacks(panel, side, &columns);
        let groups = self.code_groups(panel);
        let mut codes: Vec<CodeColumn> = groups.iter().map(|_| CodeColumn::default()).collect();
        let mut above = Above::default();
        let totals = OnceCell::new();
        for row in self.grid.rows().filter(|&r| !self.grid.is_numbering_row(r)) {
            let label = self.label(panel, row);
            let read = groups.iter().zip(&mut codes).filter_map(|(g, c)| c.read(&self.texts(g, row)));
            let coded: Vec<Coded> = read.collect();
            let entity = self.entity(panel, label, &totals);
            // A row of function and economic class at once is a part of both, and the whole of neither.
            let is_cross = coded.iter().any(|c| c.code.starts_with('2')) && coded.len() > 1;
            let code = coded.into_iter().find(|c| c.code.starts_with(['2', '3']));
            let row = Row {
                index: row,
                label,
                side,
                code,
                above: &above,
                fallbacks: &fallbacks,
                may_be_class,
                is_stage: self.form.single_row && self.setting.forms.statements.words.stage.is_match(label),
                entity,
                rule: OnceCell::new(),
                is_total: OnceCell::new(),
            };
            if !is_cross {
                for column in &columns {
                    facts.extend(self.figure(&row, column));
                }
            }
            if !label.is_empty() {
                above.labels.push(label);
            }
        }
    }

    fn figure(&self, row: &Row<'_, 'g>, column: &Column<'_>) -> Option<Fact> {
        let literal = self.grid.number(row.index, column.col).filter(|l| !l.percent)?;
        let cell = self.grid.cell(row.index, column.col)?;
        let subject = self.subject(row, column.rule)?;
        let origin = Origin {
            basis: Basis::Table,
            confidence: self.confidence,
            location: self.grid.table.place(cell),
            printed: cell.text.trim().to_owned(),
        };
        let metrics = &self.setting.forms.metrics;
        // A statement of money may count vehicles and guests in lines of their own.
        let is_count = metrics.get(&subject.metric)?.kind == MetricKind::Count;
        let (measure, unit) = if is_count { (Measure::Count, Unit::Count) } else { (Measure::Amount, self.unit) };
        let amount = Amount { literal, unit, negative: false };
        let (period, phase) = if row.is_stage {
            (self.period(row.label), self.phase(row.label).or(column.phase))
        } else {
            (column.period, column.phase)
        };
        to_fact(&subject, measure, period, phase, amount, origin, metrics)
    }

    /// What the figure in this row under this column measures.
    fn subject(&self, row: &Row<'_, 'g>, rule: &ColumnRule) -> Option<Subject> {
        let named = rule.row.then(|| *row.rule.get_or_init(|| self.row_rule(row))).flatten();
        let mut subject = match named {
            Some(found) => Subject::of(&found.metric),
            None => self.unnamed_subject(row, rule)?,
        };
        subject.fund = rule.fund.or(subject.fund);
        subject.entity = row.entity.map(str::to_owned);
        if subject.row_level.is_none() && self.is_total(row) {
            subject.row_level = Some(RowLevel::Total);
        }
        Some(subject)
    }

    fn unnamed_subject(&self, row: &Row<'_, 'g>, rule: &ColumnRule) -> Option<Subject> {
        if let Some(coded) = &row.code {
            return coded_subject(coded, rule);
        }
        let is_plain = row.is_stage || (self.form.single_row && row.label.is_empty());
        if self.is_total(row) || is_plain || row.entity.is_some() {
            let metric = rule.total.as_deref().or(rule.metric.as_deref())?;
            return Some(Subject::of(metric));
        }
        if let Some(code) = self.class_of(row.label).filter(|_| row.may_be_class && row.side != Some(Side::In)) {
            let coded = Coded { code: code.to_owned(), name: row.label.to_owned(), source: Some(CodeSource::Inferred) };
            let func = rule.func.as_deref()?;
            return Some(Subject { func: Some(coded), row_level: Some(RowLevel::Class), ..Subject::of(func) });
        }
        // A table without label columns, such as 合计|基本支出|项目支出 over one line, is its own total.
        let is_single = self.grid.rows().len() <= 2 && row.label.is_empty();
        let metric = rule.metric.as_deref().filter(|_| is_plain).or(rule.total.as_deref().filter(|_| is_single))?;
        Some(Subject::of(metric))
    }

    fn is_total(&self, row: &Row<'_, 'g>) -> bool {
        *row.is_total.get_or_init(|| self.setting.forms.statements.words.total.is_match(row.label))
    }

    fn row_rule(&self, row: &Row<'_, 'g>) -> Option<&'g RowRule> {
        let fits_side = |rule: &RowRule| rule.side.is_none() || row.side.is_none() || rule.side == row.side;
        let mut indexed = self.form.rows.iter().zip(row.fallbacks).filter(|(rule, _)| fits_side(rule));
        let fallback =
            indexed.find(|(rule, is_open)| **is_open && rule.fallback.as_ref().is_some_and(|f| f.is_match(row.label)));
        if let Some((rule, _)) = fallback {
            return Some(rule);
        }
        let above = |n, bound, pattern: &Option<Expression>| pattern.as_ref().map(|p| row.above.has(n, bound, p));
        let fits = |(n, rule): &(usize, &RowRule)| {
            fits_side(rule)
                && rule.labels.is_match(row.label)
                && above(*n, Bound::After, &rule.after).unwrap_or(true)
                && !above(*n, Bound::Before, &rule.before).unwrap_or(false)
        };
        self.form.rows.iter().enumerate().find(fits).map(|(_, rule)| rule)
    }

    /// For each row rule, whether its fallback labels count: no row of the panel has one of its proper labels.
    fn fallbacks(&self, panel: &Panel, side: Option<Side>, columns: &[Column<'_>]) -> Vec<bool> {
        let has_number = |row: u32| columns.iter().any(|c| self.grid.number(row, c.col).is_some());
        let labels: Vec<&str> =
            self.grid.rows().filter(|&row| has_number(row)).map(|row| self.label(panel, row)).collect();
        let is_open = |rule: &RowRule| {
            let fits_side = rule.side.is_none() || side.is_none() || rule.side == side;
            fits_side && rule.fallback.is_some() && !labels.iter().any(|l| rule.labels.is_match(l))
        };
        self.form.rows.iter().map(is_open).collect()
    }

    fn column(&self, col: u32) -> Option<Column<'g>> {
        let words = &self.setting.forms.statements.words;
        let path = self.grid.path(col);
        if words.compare.is_match(path) {
            return None;
        }
        let family = |only: &Option<String>| only.as_deref().is_none_or(|f| f == self.setting.family);
        let fits = |rule: &&ColumnRule| {
            rule.path.is_match(path)
                && family(&rule.only)
                && !rule.unless.as_ref().is_some_and(|u| u.is_match(&self.header))
        };
        // A header that was lost leaves the rows to speak.
        let headless = || self.form.columns.iter().rfind(|r| r.row).filter(|_| path.is_empty());
        let rule = self.form.columns.iter().find(fits).or_else(headless)?;
        let phase = self.phase(path);
        (!rule.skip || rule.row).then_some(Column { col, rule, phase, period: self.period(path) })
    }

    /// The stage that words tell; 预算数 of accounts is what the report calls budget, 年初 aside.
    fn phase(&self, told_by: &str) -> Option<Phase> {
        let words = &self.setting.forms.statements.words;
        let is_accounts = self.setting.family == "final_accounts";
        let family = |only: &Option<String>| only.as_deref().is_none_or(|f| f == self.setting.family);
        let told = words.phases.iter().find(|(p, _, only)| p.is_match(told_by) && family(only));
        let told = match told.map(|(_, phase, _)| *phase) {
            Some(Phase::InitialBudget) if is_accounts && !told_by.contains("年初") => Some(self.setting.budget_phase),
            told => told,
        };
        told.or(self.setting.phase.filter(|_| self.form.default_phase))
    }

    /// The year that a header names, or that it is away from the report's.
    fn period(&self, path: &str) -> Option<u16> {
        let year = self.setting.year;
        if let Some(named) = last_year_of(path) {
            return Some(named);
        }
        let words = &self.setting.forms.statements.words;
        let offset = words.periods.iter().find(|(p, _)| p.is_match(path)).map_or(0, |(_, years)| *years);
        year.and_then(|y| y.checked_add_signed(offset))
    }

    fn side(&self, panel: &Panel) -> Option<Side> {
        let paths = panel.labels.iter().chain(&panel.amounts).map(|&col| self.grid.path(col));
        let told = paths.map(|path| self.side_of(path)).find_map(|s| s);
        told.or_else(|| {
            let labels: Vec<&str> = self.grid.rows().map(|row| self.label(panel, row)).collect();
            let count = |side| labels.iter().filter(|l| self.side_of(l) == Some(side)).count();
            let (income, expenditure) = (count(Side::In), count(Side::Out));
            match income.cmp(&expenditure) {
                std::cmp::Ordering::Greater => Some(Side::In),
                std::cmp::Ordering::Less => Some(Side::Out),
                std::cmp::Ordering::Equal => None,
            }
        })
    }

    /// The side that the first words of a header or a label tell.
    fn side_of(&self, text: &str) -> Option<Side> {
        let words = &self.setting.forms.statements.words;
        let head = text.split('/').next().unwrap_or(text);
        match (words.income.is_match(head), words.expenditure.is_match(head)) {
            (true, false) => Some(Side::In),
            (false, true) => Some(Side::Out),
            _ => None,
        }
    }

    fn texts(&self, cols: &[u32], row: u32) -> Vec<&str> {
        cols.iter().map(|&col| self.grid.text(row, col)).collect()
    }

    /// The words of a row: the last label cell that is no number, without its ordinal.
    fn label(&self, panel: &Panel, row: u32) -> &'g str {
        let is_words = |t: &&str| !t.is_empty() && !t.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let text = panel.labels.iter().rev().map(|&col| self.grid.text(row, col)).find(is_words).unwrap_or("");
        let cut = ORDINAL.as_ref().and_then(|r| r.find(text)).map_or(0, |m| m.end());
        text.get(cut..).unwrap_or("").trim_end_matches([':', ';'])
    }

    fn class_of(&self, label: &str) -> Option<&'g str> {
        if label.is_empty() { None } else { self.setting.forms.functional.class(label) }
    }

    /// Label columns that belong to one classification: a code column behind a name column starts another.
    fn code_groups(&self, panel: &Panel) -> Vec<Vec<u32>> {
        let words = &self.setting.forms.statements.words;
        let mut groups: Vec<Vec<u32>> = Vec::new();
        let mut after_name = true;
        for &col in &panel.labels {
            let is_code =
                words.code.is_match(self.grid.path(col)) && !words.name.is_match(last_word(self.grid.path(col)));
            if is_code && after_name || groups.is_empty() || self.holds_glued_codes(col) {
                groups.push(Vec::new());
            }
            after_name = !is_code;
            if let Some(group) = groups.last_mut() {
                group.push(col);
            }
        }
        groups
    }

    fn holds_glued_codes(&self, col: u32) -> bool {
        let mut rows = self.grid.rows().take(20).map(|row| self.grid.text(row, col));
        rows.any(|t| t.len() > 8 && t.get(..5).is_some_and(|c| c.bytes().all(|b| b.is_ascii_digit())))
    }

    /// In a table of one row a body the row's name tells whose figures they are, when several stand there.
    /// `totals` is the number of the panel's total rows, counted when it is first asked for.
    fn entity<'l>(&self, panel: &Panel, label: &'l str, totals: &OnceCell<usize>) -> Option<&'l str> {
        let words = &self.setting.forms.statements.words;
        let is_listed = self.form.single_row && self.form.rows.iter().all(|r| !r.labels.is_match(label));
        let is_body = is_listed && words.body.is_match(label);
        let is_total = |row| words.total.is_match(self.label(panel, row));
        let totals = || *totals.get_or_init(|| self.grid.rows().filter(|&row| is_total(row)).count());
        (is_body && totals() > usize::from(words.total.is_match(label))).then_some(label)
    }
}

fn coded_subject(coded: &Coded, rule: &ColumnRule) -> Option<Subject> {
    if coded.code.starts_with('3') {
        let metric = rule.econ.as_deref()?;
        return Some(Subject { econ: Some(coded.clone()), row_level: econ_level(&coded.code), ..Subject::of(metric) });
    }
    let metric = rule.func.as_deref()?;
    Some(Subject { func: Some(coded.clone()), ..Subject::of(metric) })
}

fn econ_level(code: &str) -> Option<RowLevel> {
    match code.len() {
        3 => Some(RowLevel::Class),
        5 => Some(RowLevel::Section),
        _ => None,
    }
}

fn last_word(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

static ORDINAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(?:其中[:：]?)?(?:[0-9]+[.、)]?)?(?:[一二三四五六七八九十]+[、.,]|\([一二三四五六七八九十0-9]+\)|[0-9]+[.、)])?(?:其中[:：]?)?",
    )
    .ok()
});

#[cfg(test)]
mod tests;
