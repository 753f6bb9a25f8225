//! How parts of a report are drawn in a terminal: a table, a section, a list of facts. Which parts a person sees is
//! the choice of `show.rs` and `overview.rs`; a grid of cells is drawn by `cli/grid.rs`.

use std::collections::BTreeMap;

use serde_json::json;

use super::check_text::printed;
use crate::cli::grid::{Grid, MOST_COLUMNS};
use crate::cli::lang;
use crate::cli::paint::{self, Style};
use crate::cli::plan::Plan;
use crate::cli::text;
use crate::model::{Fact, FindingStatus, Report, Section, Severity, Table};

/// What a drawing needs besides its report.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) plan: &'a Plan,
    pub(super) columns: usize,
}

/// Draws a table: title and unit, the lines above its grid, the grid, the lines below.
pub(super) fn table_lines(report: &Report, table: &Table, rows: usize, view: View<'_>) -> Vec<String> {
    let paint = view.plan.paint;
    let faults = faulty_cells(report, table);
    let style = |row, col| faults.get(&(row, col)).map_or(Style::Plain, |severity| paint::of_fault(*severity));
    let grid = Grid::of_table(table, rows, style).draw(view.columns, paint);
    let drawn = grid.first().map_or(0, |line| text::width(&text::unpainted(line)));
    let mut lines = vec![String::new(), title_line(table, view)];
    let unit = table.unit.as_ref().map(|u| format!("{}{u}", view.plan.lang.say(lang::UNIT)));
    let left = text::plain(&table.captions.join("  "), false);
    let right = [table.code.clone(), unit].into_iter().flatten().collect::<Vec<_>>().join("  ");
    let room = drawn.saturating_sub(text::width(&right) + 1);
    if !left.is_empty() || !right.is_empty() {
        lines.push(paint.dim(&format!("{} {right}", text::fit(&left, room))));
    }
    lines.extend(grid);
    let hidden = (table.rows as usize).saturating_sub(rows);
    if hidden > 0 {
        let more = view.plan.lang.say(lang::MORE_ROWS);
        lines.push(paint.dim(&format!("… {hidden} {more} --table {}", table.id.trim_start_matches('t'))));
    }
    let unseen = table.cols.saturating_sub(MOST_COLUMNS);
    if unseen > 0 {
        lines.push(paint.dim(&format!("… {unseen} {} --json", view.plan.lang.say(lang::MORE_COLUMNS))));
    }
    let below = table.footnotes.iter().flat_map(|note| text::wrap(&text::plain(note, true), view.columns));
    lines.extend(below.map(|line| paint.dim(&line)));
    lines
}

fn title_line(table: &Table, view: View<'_>) -> String {
    let title = table.title.as_deref().unwrap_or(view.plan.lang.say(lang::UNTITLED));
    let form = table.form.as_deref().map(|f| view.plan.paint.dim(f)).unwrap_or_default();
    let title = view.plan.paint.bold(&text::plain(title, false));
    format!("{}  {title}  {form}", view.plan.paint.paint(Style::Accent, &table.id))
}

/// Cells that violated findings point at, each with the gravest severity.
fn faulty_cells(report: &Report, table: &Table) -> BTreeMap<(u32, u32), Severity> {
    let mut cells = BTreeMap::new();
    for finding in report.findings.iter().filter(|f| f.status == FindingStatus::Violated) {
        for place in finding.locations.iter().filter(|l| l.table.as_deref() == Some(&table.id)) {
            let Some(at) = place.row.zip(place.col) else { continue };
            let gravest = cells.entry(at).or_insert(finding.severity);
            *gravest = finding.severity.max(*gravest);
        }
    }
    cells
}

/// A heading with its number, and a space between them where the number does not end with a mark of its own.
pub(super) fn heading_of(section: &Section) -> String {
    let gap = if section.label.ends_with(['分', '章', '节', '件', '篇']) || section.label.ends_with(char::is_numeric)
    {
        " "
    } else {
        ""
    };
    text::plain(&format!("{}{gap}{}", section.label, section.title), false)
}

/// Draws a section: its heading with its place, its text, its tables by title, its subsections by heading.
pub(super) fn section_lines(report: &Report, section: &Section, view: View<'_>) -> Vec<String> {
    let paint = view.plan.paint;
    let heading = heading_of(section);
    let place = section.location.to_string();
    let mut lines = vec![String::new(), format!("{}  {}", paint.bold(&heading), paint.dim(&place))];
    for paragraph in text::plain(&section.text, true).lines() {
        lines.extend(
            text::wrap(paragraph, view.columns.min(100).saturating_sub(2)).into_iter().map(|l| format!("  {l}")),
        );
    }
    for table in report.tables.iter().filter(|t| t.section.as_deref() == Some(&section.id)) {
        lines.push(format!("  {}", title_line(table, view)));
    }
    let below = report.sections.iter().filter(|s| s.parent.as_deref() == Some(&section.id));
    lines.extend(below.map(|s| paint.dim(&format!("  ▸ {}", heading_of(s)))));
    lines
}

/// Draws facts as a table of what was named.
pub(super) fn fact_lines(facts: &[&Fact], view: View<'_>) -> Vec<String> {
    let lang = view.plan.lang;
    let header = [
        lang.say(lang::ID),
        lang.say(lang::METRIC),
        lang.say(lang::CODE),
        lang.say(lang::PERIOD),
        lang.say(lang::PHASE),
        lang.say(lang::MEASURE),
        lang.say(lang::PRINTED),
        lang.say(lang::PLACE),
    ];
    let rows: Vec<Vec<String>> = facts.iter().map(|fact| fact_row(fact, view)).collect();
    Grid::of_rows(&header, &rows, &[6]).draw(view.columns, view.plan.paint)
}

fn fact_row(fact: &Fact, view: View<'_>) -> Vec<String> {
    let word = |value: serde_json::Value| value.as_str().map(|w| view.plan.lang.word(w).to_owned()).unwrap_or_default();
    let code = fact.func_code.iter().chain(&fact.func_name).chain(&fact.econ_code).chain(&fact.econ_name);
    let code: Vec<String> = code.chain(&fact.project).map(|c| text::plain(c, false)).collect();
    let mark = if fact.preferred { "" } else { "·" };
    vec![
        format!("{}{mark}", fact.id),
        metric_name(fact, view),
        code.join(" "),
        fact.period.clone().unwrap_or_default(),
        fact.phase.map(|p| word(json!(p))).unwrap_or_default(),
        view.plan.lang.word(measure_word(fact, &json!(fact.measure))).to_owned(),
        printed(fact, ["", ""]),
        short_place(fact),
    ]
}

/// The word of a measure; a change is said to be one up or down, because reports print it without a sign.
fn measure_word<'m>(fact: &Fact, measure: &'m serde_json::Value) -> &'m str {
    match (measure.as_str().unwrap_or_default(), fact.value.is_sign_negative()) {
        (word, _) if fact.value.is_zero() => word,
        ("yoy_abs", false) => "yoy_abs_up",
        ("yoy_abs", true) => "yoy_abs_down",
        ("yoy_pct", false) => "yoy_pct_up",
        ("yoy_pct", true) => "yoy_pct_down",
        (word, _) => word,
    }
}

/// What people call the metric, and its id, by which it is asked for.
fn metric_name(fact: &Fact, view: View<'_>) -> String {
    let label = view.plan.forms.metrics.get(&fact.metric).map(|m| m.label.as_str());
    match label.filter(|_| view.plan.lang == lang::Lang::Zh) {
        Some(label) => format!("{label} {}", fact.metric),
        None => fact.metric.clone(),
    }
}

/// A place in few columns: what a person needs to turn to it.
fn short_place(fact: &Fact) -> String {
    let place = &fact.location;
    let table = match (&place.table, place.row, place.col) {
        (Some(table), Some(row), Some(col)) => Some(format!("{table}[{row},{col}]")),
        _ => None,
    };
    let page = place.page.map(|p| format!("p{p}"));
    let cell = place.cell_ref.as_ref().map(|c| format!("{}!{c}", place.sheet.as_deref().unwrap_or_default()));
    let paragraph = place.paragraph.filter(|_| table.is_none()).map(|p| format!("¶{p}"));
    [page, cell, table, paragraph].into_iter().flatten().collect::<Vec<_>>().join(" ")
}
