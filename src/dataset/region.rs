//! The region summary: sums of leaf figures by region, year, fund and function, computed when a load commits.
//!
//! A body often publishes one report in several files (a DOCX and its PDF, a text and its tables). Of those of
//! one entity, level, year and kind the one with the most leaves is summed, ties going to the smaller URI; the
//! view `amounts_leaf` says the same in SQL. Memory grows with the number of reports, not of figures.

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::cast::AsArray;
use arrow_array::types::Decimal128Type;
use arrow_array::{Array, RecordBatch, StringArray};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::Load;
use super::batch::{Rows, Value};
use super::entry::{Entry, text_column};
use super::leaf::{fund_word, own_phase};
use super::schema::Table;
use super::value::{fault, word};
use crate::error::{ErrorKind, Result};
use crate::model::Phase;

/// One report of an entity, level, year and kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Disclosure {
    region: String,
    year: Option<u16>,
    entity: String,
    level: String,
    kind: String,
}

#[derive(Debug, Clone)]
struct Candidate {
    leaves: usize,
    uri: String,
    /// Report and load.
    report: (String, String),
    phase: Phase,
}

/// Chooses one report of each disclosure while outcomes pass by.
#[derive(Debug, Default)]
pub(super) struct Chooser {
    chosen: BTreeMap<Disclosure, Candidate>,
}

impl Chooser {
    /// Looks at one document that was read, of a body that is also known by `name`; one without leaves is passed over.
    pub(super) fn see(&mut self, entry: &Entry, name: Option<String>) {
        if entry.leaf_count == 0 {
            return;
        }
        let candidate = Candidate {
            leaves: entry.leaf_count,
            uri: entry.source_uri.clone(),
            report: (entry.report_id.clone(), entry.load_id.clone()),
            phase: own_phase(entry.kind.as_deref()),
        };
        let best = self.chosen.entry(disclosure(entry, name)).or_insert_with(|| candidate.clone());
        let is_better = candidate.leaves > best.leaves || (candidate.leaves == best.leaves && candidate.uri < best.uri);
        if is_better {
            *best = candidate;
        }
    }

    /// The totals to fill with the rows of `facts`.
    pub(super) fn into_totals(self) -> Totals {
        let group = |(d, c): (Disclosure, Candidate)| {
            let phase = word(&c.phase);
            (c.report, Group { region: d.region, year: d.year, level: d.level, phase: text(&phase) })
        };
        Totals { reports: self.chosen.into_iter().map(group).collect(), sums: BTreeMap::new() }
    }
}

fn disclosure(entry: &Entry, name: Option<String>) -> Disclosure {
    Disclosure {
        region: entry.region_code.clone(),
        year: entry.fiscal_year,
        // A report of an unknown body stands for itself.
        entity: name.or_else(|| entry.entity.clone()).unwrap_or_else(|| entry.source_uri.clone()),
        level: entry.entity_level.clone().unwrap_or_default(),
        kind: entry.kind.clone().unwrap_or_default(),
    }
}

fn text(value: &Value<'_>) -> String {
    if let Value::Text(text) = value { text.clone().into_owned() } else { String::new() }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Group {
    region: String,
    year: Option<u16>,
    level: String,
    phase: String,
}

#[derive(Debug, Default)]
struct Sum {
    name: Option<String>,
    amount: i128,
    facts: u32,
    reports: BTreeSet<String>,
}

/// Sums of the leaves of chosen reports; amounts are in units of 1/10000 元.
#[derive(Debug)]
pub(super) struct Totals {
    reports: BTreeMap<(String, String), Group>,
    sums: BTreeMap<(Group, String, String), Sum>,
}

impl Totals {
    /// The columns of `facts` that [`Totals::add`] reads.
    pub(super) const COLUMNS: [&'static str; 8] =
        ["report_id", "load_id", "metric", "fund", "func_code", "func_name", "is_leaf", "value"];

    /// Adds a batch of the table `facts`.
    pub(super) fn add(&mut self, batch: &RecordBatch) -> Result<()> {
        let text = |name: &str| text_column(batch, name);
        let (report, load, metric) = (text("report_id")?, text("load_id")?, text("metric")?);
        let (fund, code, name) = (text("fund")?, text("func_code")?, text("func_name")?);
        let leaf = batch.column_by_name("is_leaf").and_then(|c| c.as_boolean_opt()).ok_or_else(|| odd("is_leaf"))?;
        let value = batch.column_by_name("value").and_then(|c| c.as_primitive_opt::<Decimal128Type>());
        let value = value.ok_or_else(|| odd("value"))?;
        for i in (0..batch.num_rows()).filter(|&i| leaf.value(i)) {
            let Some(group) = self.reports.get(&(report.value(i).to_owned(), load.value(i).to_owned())) else {
                continue;
            };
            let Some(code) = at(code, i).filter(|_| value.is_valid(i)) else { continue };
            let key = (group.clone(), fund_word(at(fund, i), metric.value(i)), code.to_owned());
            let sum = self.sums.entry(key).or_default();
            sum.name = sum.name.take().or_else(|| at(name, i).map(str::to_owned));
            sum.amount = sum.amount.checked_add(value.value(i)).ok_or_else(|| odd("value"))?;
            sum.facts = sum.facts.saturating_add(1);
            sum.reports.insert(report.value(i).to_owned());
        }
        Ok(())
    }

    /// The rows of `region_summary`.
    pub(super) fn into_batch(self, load: &Load) -> Result<Option<RecordBatch>> {
        let mut rows = Rows::new(Table::RegionSummary);
        for ((group, fund, code), sum) in self.sums {
            let amount = Decimal::try_from_i128_with_scale(sum.amount, 4).map_err(|_| odd("amount"))?;
            rows.push([
                (&load.id).into(),
                (&group.region).into(),
                group.year.into(),
                (&group.level).into(),
                (&group.phase).into(),
                fund.into(),
                code.into(),
                sum.name.into(),
                amount.into(),
                sum.facts.into(),
                sum.reports.len().to_u32().into(),
            ]);
        }
        rows.finish().transpose().map_err(fault(Table::RegionSummary))
    }
}

fn at(column: &StringArray, row: usize) -> Option<&str> {
    column.is_valid(row).then(|| column.value(row))
}

fn odd(column: &str) -> crate::error::Error {
    ErrorKind::Dataset { path: "facts".to_owned(), reason: format!("column {column} cannot be summed") }.into()
}
