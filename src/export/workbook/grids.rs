//! A sheet for each kind of table: the tables of all departments one below the other, each row with the body, year and
//! place that it is of, so that a filter shows one department and a sum can be made over all.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::sheet::{Head, Shown};
use super::{Out, Report, Reports, file_name};
use crate::dataset::Table;
use crate::error::Result;
use crate::export::personal::{Redactor, Rows};
use crate::export::record::each;
use crate::export::selection::Selection;
use crate::lang;

/// Columns of a table that are written; the widest published form has fewer.
const MAX_COLUMNS: usize = 60;

/// Report and load, and the table's id.
type Name = ((String, String), String);

/// A table with its cells, row by row.
#[derive(Debug, Default)]
struct Grid {
    form: String,
    title: String,
    unit: String,
    page: Option<i64>,
    header_rows: i64,
    rows: BTreeMap<i64, BTreeMap<usize, String>>,
}

pub(super) fn write(out: &mut Out, selection: &mut Selection<'_>, reports: &Reports) -> Result<()> {
    let mut grids = heads_of_tables(selection, reports)?;
    fill(selection, &mut grids)?;
    let mut forms: BTreeMap<String, Vec<(Name, Grid)>> = BTreeMap::new();
    for (name, grid) in grids {
        forms.entry(grid.form.clone()).or_default().push((name, grid));
    }
    for (form, grids) in &forms {
        let title = most_common(grids.iter().map(|(_, grid)| grid.title.as_str()));
        let title = if title.is_empty() { form.clone() } else { title };
        let width = grids.iter().flat_map(|(_, g)| g.rows.values()).filter_map(|row| row.keys().next_back()).max();
        let width = width.map_or(0, |last| (last + 1).min(MAX_COLUMNS));
        let rows = grids.iter().flat_map(|(name, grid)| {
            let report = reports.of.get(&name.0).cloned().unwrap_or_default();
            rows(grid, &report, width, out.lang).into_iter()
        });
        let rows: Vec<Vec<Shown>> = rows.collect();
        out.sheet(&title, heads(out, width), 4, rows)?;
    }
    Ok(())
}

/// The tables with a form of reports that count, without their cells.
fn heads_of_tables(selection: &mut Selection<'_>, reports: &Reports) -> Result<BTreeMap<Name, Grid>> {
    let mut grids = BTreeMap::new();
    each(selection, Table::Tables, |row| {
        if let Some(form) = row.known("form").filter(|_| reports.counting(&row.version()).is_some()) {
            let grid = Grid {
                form: form.to_owned(),
                title: row.text("title").split_whitespace().collect(),
                unit: row.text("unit").to_owned(),
                page: row.whole("page"),
                header_rows: row.whole("header_rows").unwrap_or(0),
                rows: BTreeMap::new(),
            };
            grids.insert((row.version(), row.text("table_id").to_owned()), grid);
        }
        Ok(())
    })?;
    Ok(grids)
}

fn fill(selection: &mut Selection<'_>, grids: &mut BTreeMap<Name, Grid>) -> Result<()> {
    let redactor: Option<Redactor> = (!selection.keeps_personal()).then(|| selection.redactor());
    let mut black = redactor.map(|redactor| Rows::new(Table::Cells, redactor));
    each(selection, Table::Cells, |row| {
        let shown = black.as_mut().and_then(|black| black.text_of(row.cells()));
        let Some(grid) = grids.get_mut(&(row.version(), row.text("table_id").to_owned())) else { return Ok(()) };
        let (line, col) = (row.whole("row").unwrap_or(0), row.whole("col").unwrap_or(0));
        let text = shown.unwrap_or_else(|| row.text("text").to_owned());
        if !text.is_empty() {
            grid.rows.entry(line).or_default().insert(usize::try_from(col).unwrap_or(0), text);
        }
        Ok(())
    })
}

fn most_common<'t>(titles: impl Iterator<Item = &'t str>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for title in titles.filter(|title| !title.is_empty()) {
        *counts.entry(title).or_default() += 1;
    }
    let best = counts.into_iter().max_by_key(|(title, n)| (*n, std::cmp::Reverse(title.len())));
    best.map_or_else(String::new, |(title, _)| without_year(title).to_owned())
}

/// A title without the year that it begins with: a sheet holds tables of all years.
fn without_year(title: &str) -> &str {
    let rest = title.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = if rest.len() < title.len() { rest.strip_prefix('年').unwrap_or(rest) } else { title };
    let rest = if rest.len() < title.len() { rest.strip_prefix('度').unwrap_or(rest) } else { rest };
    if rest.chars().count() < 3 { title } else { rest }
}

fn heads(out: &Out, width: usize) -> Vec<Head> {
    let mut heads = out.heads([
        (lang::DEPARTMENT, 28.0),
        (lang::YEAR, 7.0),
        (lang::KIND, 12.0),
        (lang::PLACE, 9.0),
        (lang::UNIT_OF, 7.0),
    ]);
    let letters = (1..=width).map(|n| Head { title: format!("{}{n}", out.lang.say(lang::COLUMN)), width: 16.0 });
    heads.extend(letters);
    heads
}

fn rows(grid: &Grid, report: &Report, width: usize, lang: lang::Lang) -> Vec<Vec<Shown>> {
    let entity = if report.entity.is_empty() { file_name(&report.source) } else { &report.entity };
    let place = grid.page.map(|page| match lang {
        lang::Lang::Zh => format!("第{page}页"),
        lang::Lang::En => format!("p. {page}"),
    });
    let row = |(line, cells): (&i64, &BTreeMap<usize, String>)| {
        let mut row: Vec<Shown> = vec![
            entity.into(),
            report.year.into(),
            lang.word(&report.kind).into(),
            place.as_deref().unwrap_or_default().into(),
            grid.unit.as_str().into(),
        ];
        let is_head = *line < grid.header_rows;
        row.extend((0..width).map(|col| cells.get(&col).map_or(Shown::Nothing, |text| shown(text, is_head))));
        row
    };
    grid.rows.iter().map(row).collect()
}

fn shown(text: &str, is_head: bool) -> Shown {
    if is_head {
        return Shown::Band(text.split_whitespace().collect());
    }
    amount(text).unwrap_or_else(|| Shown::Text(text.trim().to_owned()))
}

/// A literal with decimals, as amounts are printed. A whole number may be a code, and stays text.
fn amount(text: &str) -> Option<Shown> {
    let plain: String = text.trim().replace([',', '，'], "").replace(['－', '−'], "-");
    let (whole, part) = plain.split_once('.')?;
    let digits = |text: &str| !text.is_empty() && text.len() <= 15 && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole.trim_start_matches('-')) || !digits(part) {
        return None;
    }
    let number: Decimal = plain.parse().ok()?;
    Some(Shown::Number(number.normalize(), u32::try_from(part.len()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_named_for_no_year() {
        assert_eq!(without_year("2024年部门支出预算总表"), "部门支出预算总表");
        assert_eq!(without_year("2024年度收入决算表"), "收入决算表");
        assert_eq!(without_year("支出决算表"), "支出决算表");
        assert_eq!(
            most_common(["甲表", "2023年乙表", "2023年乙表", ""].into_iter()),
            "2023年乙表",
            "too short without"
        );
    }

    #[test]
    fn an_amount_is_a_number_and_a_code_is_not() {
        assert_eq!(amount("1,234.50"), Some(Shown::Number(Decimal::new(12_345, 1), 2)));
        assert_eq!(amount("-0.10"), Some(Shown::Number(Decimal::new(-1, 1), 2)));
        for text in ["2010301", "201", "—", "1.2.3", "12.5%", "", "."] {
            assert_eq!(amount(text), None, "{text}");
        }
    }
}
