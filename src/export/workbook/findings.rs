//! 问题清单: what the reports say wrongly, each with its page or cell and the words that stand there, and room for what
//! was done about it.

use std::collections::{BTreeMap, BTreeSet};

use super::sheet::Shown;
use super::{Out, Reports, file_name};
use crate::dataset::Table;
use crate::error::Result;
use crate::export::personal::Redactor;
use crate::export::record::{Record, each};
use crate::export::selection::Selection;
use crate::lang::{self, Lang};

/// Characters of a quotation.
const QUOTE: usize = 160;

/// Report, load, table and row of a place in a table.
type Line = ((String, String), String, i64);

/// The words that stand where findings point to.
#[derive(Debug, Default)]
struct Quotes {
    /// The cells of a table's row.
    lines: BTreeMap<Line, String>,
    /// The literals of figures.
    facts: BTreeMap<((String, String), String), String>,
}

pub(super) fn write(out: &mut Out, selection: &mut Selection<'_>, reports: &Reports) -> Result<()> {
    let quotes = quotes(selection)?;
    let redactor = (!selection.keeps_personal()).then(|| selection.redactor());
    let lang = out.lang;
    let mut rows: Vec<(Key, Vec<Shown>)> = Vec::new();
    each(selection, Table::Findings, |row| {
        if let Some(report) = reports.counting(&row.version()).filter(|_| row.text("status") == "violated") {
            let black = |text: &str| redactor.map_or_else(|| text.to_owned(), |r: Redactor| r.text(text).into_owned());
            let key = (report.entity.clone(), report.year, rank(row.text("severity")), row.text("code").to_owned());
            let cells = vec![
                Shown::Long(report.entity.clone()),
                report.year.into(),
                lang.word(&report.kind).into(),
                lang.word(row.text("severity")).into(),
                row.text("code").into(),
                Shown::Long(black(row.text("message"))),
                Shown::Long(place(row, lang)),
                Shown::Long(black(&quotes.of(row))),
                row.exact("delta").map_or(Shown::Nothing, |delta| Shown::Number(delta.normalize(), 2)),
                Shown::Long(black(row.text("hint"))),
                Shown::Long(file_name(&report.source).to_owned()),
                Shown::Nothing,
            ];
            rows.push((key, cells));
        }
        Ok(())
    })?;
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let numbered = (1..).zip(rows).map(|(n, (_, cells))| std::iter::once(Shown::Whole(n)).chain(cells).collect());
    let rows: Vec<Vec<Shown>> = numbered.collect();
    let heads = out.heads([
        (lang::NUMBER, 6.0),
        (lang::DEPARTMENT, 22.0),
        (lang::YEAR, 7.0),
        (lang::KIND, 12.0),
        (lang::SEVERITY, 7.0),
        (lang::ID, 8.0),
        (lang::FAULT, 44.0),
        (lang::PLACE, 15.0),
        (lang::QUOTE, 32.0),
        (lang::DELTA, 14.0),
        (lang::HINT, 24.0),
        (lang::FILE, 24.0),
        (lang::DONE, 16.0),
    ]);
    out.sheet(lang.say(lang::FINDING_LIST), heads, 2, rows)
}

/// Body, year, severity and check, by which the list is sorted.
type Key = (String, Option<i64>, usize, String);

fn rank(severity: &str) -> usize {
    ["critical", "error", "warn", "info"].iter().position(|word| *word == severity).unwrap_or(9)
}

/// Where a person has to look: page, cell or paragraph.
fn place(row: &Record<'_>, lang: Lang) -> String {
    let number = |name: &str| row.whole(name).map(|n| n.to_string());
    let mut words = Vec::new();
    words.extend(number("page").map(|page| match lang {
        Lang::Zh => format!("第{page}页"),
        Lang::En => format!("page {page}"),
    }));
    if let (Some(sheet), Some(cell)) = (row.known("sheet"), row.known("cell_ref")) {
        words.push(format!("{sheet}!{cell}"));
    }
    if let (Some(table), Some(line)) = (row.known("place_table"), row.whole("place_row")) {
        words.push(match lang {
            Lang::Zh => format!("表{} 第{}行", table.trim_start_matches('t'), line + 1),
            Lang::En => format!("table {} row {}", table.trim_start_matches('t'), line + 1),
        });
    } else if words.is_empty() {
        words.extend(number("paragraph").map(|paragraph| match lang {
            Lang::Zh => format!("第{paragraph}段"),
            Lang::En => format!("paragraph {paragraph}"),
        }));
    }
    words.join(" ")
}

/// Report and load, table and row of a finding's first place.
fn line(row: &Record<'_>) -> Option<Line> {
    Some((row.version(), row.known("place_table")?.to_owned(), row.whole("place_row")?))
}

fn quotes(selection: &mut Selection<'_>) -> Result<Quotes> {
    let (mut lines, mut facts) = (BTreeSet::new(), BTreeSet::new());
    each(selection, Table::Findings, |row| {
        if row.text("status") == "violated" {
            lines.extend(line(row));
            facts.extend(row.text("facts").lines().map(|fact| (row.version(), fact.to_owned())));
        }
        Ok(())
    })?;
    let mut quotes = Quotes::default();
    each(selection, Table::Cells, |row| {
        let key = (row.version(), row.text("table_id").to_owned(), row.whole("row").unwrap_or(-1));
        if lines.contains(&key) && !row.text("text").trim().is_empty() {
            let quote = quotes.lines.entry(key).or_default();
            if !quote.is_empty() {
                quote.push_str(" | ");
            }
            quote.push_str(row.text("text").trim());
        }
        Ok(())
    })?;
    each(selection, Table::Facts, |row| {
        let key = (row.version(), row.text("fact_id").to_owned());
        if facts.contains(&key) {
            let (printed, unit) = (row.text("printed"), row.text("printed_unit"));
            let literal = if printed.ends_with(unit) { printed.to_owned() } else { format!("{printed}{unit}") };
            quotes.facts.insert(key, literal);
        }
        Ok(())
    })?;
    Ok(quotes)
}

impl Quotes {
    /// The row of the table that a finding points to; else the figures that it rests on, as printed.
    fn of(&self, row: &Record<'_>) -> String {
        let of_table = line(row).and_then(|line| self.lines.get(&line)).cloned();
        let text = of_table.unwrap_or_else(|| {
            let facts = row.text("facts").lines().filter_map(|id| self.facts.get(&(row.version(), id.to_owned())));
            facts.map(String::as_str).collect::<Vec<_>>().join("；")
        });
        let plain: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        plain.chars().take(QUOTE).collect()
    }
}
