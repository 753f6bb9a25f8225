//! The tables that come from the form files: regions, metrics and the two classifications, so that codes in
//! the other tables have names in the dataset itself.

use std::collections::BTreeSet;

use arrow_array::RecordBatch;

use super::Load;
use super::batch::{Rows, Value};
use super::schema::Table;
use super::value::{fault, maybe};
use crate::error::Result;
use crate::forms::Forms;
use crate::forms::codes::Classification;
use crate::forms::metrics::MetricKind;

/// The rows of every reference table.
pub(super) fn batches(forms: &Forms, load: &Load) -> Result<Vec<(Table, RecordBatch)>> {
    let tables = [
        (Table::Regions, regions(forms, load)),
        (Table::Metrics, metrics(forms, load)),
        (Table::FuncCodes, codes(Table::FuncCodes, &forms.functional, load)),
        (Table::EconCodes, codes(Table::EconCodes, &forms.economic, load)),
    ];
    let finish = |(table, rows): (Table, Rows)| rows.finish().map(|batch| Ok((table, batch.map_err(fault(table))?)));
    tables.into_iter().filter_map(finish).collect()
}

/// A code stands here once, under its highest rank: zones have no code of their own, and a city without counties
/// stands in the list for its county too.
fn regions(forms: &Forms, load: &Load) -> Rows {
    let known: BTreeSet<&str> = forms.regions.iter().map(|(code, ..)| code).collect();
    let mut written = BTreeSet::new();
    let mut rows = Rows::new(Table::Regions);
    for (code, name, level) in forms.regions.iter() {
        if !written.insert(code) {
            continue;
        }
        let above = [(4, "00"), (2, "0000")].map(|(digits, end)| format!("{}{end}", code.get(..digits).unwrap_or("")));
        let parent = above.into_iter().find(|p| p != code && known.contains(p.as_str()) && level != "province");
        rows.push([(&load.id).into(), code.into(), name.into(), level.into(), parent.into()]);
    }
    rows
}

fn metrics(forms: &Forms, load: &Load) -> Rows {
    let mut rows = Rows::new(Table::Metrics);
    for metric in forms.metrics.iter() {
        let kind = match metric.kind {
            MetricKind::Money => "money",
            MetricKind::Count => "count",
            MetricKind::Score => "score",
            MetricKind::Text => "text",
        };
        rows.push([
            (&load.id).into(),
            (&metric.id).into(),
            (&metric.label).into(),
            kind.into(),
            (&metric.aggregation).into(),
            maybe(metric.fund.as_ref()),
        ]);
    }
    rows
}

fn codes(table: Table, list: &Classification, load: &Load) -> Rows {
    let mut rows = Rows::new(table);
    for (code, name) in list.iter() {
        let level = match code.len() {
            3 => "class",
            5 => "section",
            _ => "item",
        };
        let parent: Value<'_> = code.len().checked_sub(2).and_then(|n| code.get(..n)).filter(|p| p.len() >= 3).into();
        rows.push([(&load.id).into(), code.into(), name.into(), level.into(), parent]);
    }
    rows
}

#[cfg(test)]
mod tests {
    use arrow_array::cast::AsArray;

    use super::*;

    #[test]
    fn every_code_stands_once_and_its_parent_too() {
        let load = Load { id: "l".into(), started_ms: 0, extractor: "juesuan/0".into() };
        let batches = batches(Forms::builtin(), &load).expect("rows fit their columns");
        assert_eq!(batches.len(), 4);
        for (table, batch) in batches.iter().filter(|(table, _)| *table != Table::Metrics) {
            let codes = batch.column(1).as_string::<i32>();
            let all: BTreeSet<&str> = codes.iter().flatten().collect();
            assert_eq!(all.len(), batch.num_rows(), "{}", table.name());
            let parents = batch.column_by_name("parent_code").expect("a column").as_string::<i32>();
            let lost: Vec<&str> = parents.iter().flatten().filter(|p| !all.contains(p)).collect();
            assert!(lost.is_empty(), "{}: {lost:?}", table.name());
        }
    }
}
