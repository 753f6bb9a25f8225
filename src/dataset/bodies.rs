//! Who reported: the tables `entities` and `disclosures`, gathered while outcomes pass by. Documents are put
//! together by what they say they are, and by nothing else. Memory grows with the number of reports.

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::RecordBatch;
use sha2::{Digest, Sha256};

use super::batch::{Rows, Value};
use super::rows::{fault, region_code, word};
use super::schema::Table;
use super::{Load, Outcome};
use crate::error::Result;

/// A body at one level: region, name, and `department`, `unit` or nothing.
type Body = (String, String, Option<String>);

#[derive(Debug, Default)]
struct Seen {
    region_name: Option<String>,
    years: BTreeSet<u16>,
    kinds: BTreeSet<String>,
    reports: usize,
}

/// Bodies and their disclosures.
#[derive(Debug, Default)]
pub(super) struct Bodies {
    bodies: BTreeMap<Body, Seen>,
    disclosures: BTreeMap<(Body, Option<u16>, Option<String>), BTreeSet<String>>,
}

impl Bodies {
    /// Looks at one outcome; one that was not read, or whose body is unknown, is passed over.
    pub(super) fn see(&mut self, outcome: &Outcome) {
        let report = &outcome.report;
        let identity = &report.identity;
        let Some(entity) = identity.entity.clone() else { return };
        if !outcome.has_content() || outcome.is_failure() {
            return;
        }
        let level = identity.entity_level.and_then(|level| match word(&level) {
            Value::Text(word) => Some(word.into_owned()),
            _ => None,
        });
        let body = (region_code(report).to_owned(), entity, level);
        let seen = self.bodies.entry(body.clone()).or_default();
        seen.region_name = seen.region_name.take().or_else(|| identity.region.as_ref().map(|r| r.name.clone()));
        seen.years.extend(identity.fiscal_year);
        seen.kinds.extend(identity.kind.clone());
        seen.reports += 1;
        let disclosure = (body, identity.fiscal_year, identity.kind.clone());
        self.disclosures.entry(disclosure).or_default().insert(report.id.clone());
    }

    /// The rows of both tables.
    pub(super) fn batches(&self, load: &Load) -> Result<Vec<(Table, RecordBatch)>> {
        let tables = [(Table::Disclosures, self.disclosures(load)), (Table::Entities, self.entities(load))];
        let finish =
            |(table, rows): (Table, Rows)| rows.finish().map(|batch| Ok((table, batch.map_err(fault(table))?)));
        tables.into_iter().filter_map(finish).collect()
    }

    fn entities(&self, load: &Load) -> Rows {
        let mut rows = Rows::new(Table::Entities);
        for ((region, entity, level), seen) in &self.bodies {
            let years: Vec<String> = seen.years.iter().map(ToString::to_string).collect();
            let kinds: Vec<&str> = seen.kinds.iter().map(String::as_str).collect();
            rows.push([
                id_of(&[region, entity, level.as_deref().unwrap_or_default()]).into(),
                (&load.id).into(),
                region.into(),
                seen.region_name.as_deref().into(),
                entity.into(),
                level.as_deref().into(),
                seen.years.first().copied().into(),
                seen.years.last().copied().into(),
                years.join("\n").into(),
                kinds.join("\n").into(),
                seen.reports.into(),
            ]);
        }
        rows
    }

    fn disclosures(&self, load: &Load) -> Rows {
        let mut rows = Rows::new(Table::Disclosures);
        for (((region, entity, level), year, kind), reports) in &self.disclosures {
            let (level, kind) = (level.as_deref(), kind.as_deref());
            let spelt = year.map(|y| y.to_string()).unwrap_or_default();
            let documents: Vec<&str> = reports.iter().map(String::as_str).collect();
            rows.push([
                id_of(&[region, entity, level.unwrap_or_default(), &spelt, kind.unwrap_or_default()]).into(),
                (&load.id).into(),
                region.into(),
                (*year).into(),
                entity.into(),
                level.into(),
                kind.into(),
                documents.len().into(),
                documents.join("\n").into(),
            ]);
        }
        rows
    }
}

/// An id that the same words always have.
fn id_of(words: &[&str]) -> String {
    let digest = Sha256::digest(words.join("\u{1F}").as_bytes());
    let start = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    format!("{start:016x}")
}

#[cfg(test)]
mod tests {
    use arrow_array::cast::AsArray;

    use super::*;
    use crate::dataset::{Ledger, sample};
    use crate::model::Status;

    fn texts(batch: &RecordBatch, column: &str) -> Vec<String> {
        let array = batch.column_by_name(column).expect("a column").as_string::<i32>().clone();
        array.iter().map(|v| v.unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn documents_of_one_identity_are_one_disclosure() {
        let mut unread = sample::outcome("d.pdf", "丙局", 2024);
        unread.report.status = Status::NeedsOcr;
        let mut twin = sample::outcome("e.docx", "甲局", 2024);
        twin.ledger = Ledger::Skipped("a.docx".into());
        let mut bodies = Bodies::default();
        for outcome in [
            sample::outcome("b.pdf", "甲局", 2024),
            sample::outcome("a.docx", "甲局", 2024),
            sample::outcome("c.docx", "甲局", 2023),
            unread,
            twin,
        ] {
            bodies.see(&outcome);
        }
        let load = Load { id: "l".into(), started_ms: 0, extractor: "juesuan/0".into() };
        let batches = bodies.batches(&load).expect("rows fit their columns");
        let [(Table::Disclosures, disclosures), (Table::Entities, entities)] = batches.as_slice() else {
            panic!("both tables have rows")
        };
        assert_eq!(texts(disclosures, "documents"), ["c.docx 甲局", "a.docx 甲局\nb.pdf 甲局"]);
        assert_eq!(texts(entities, "years"), ["2023\n2024"]);
        assert_eq!(texts(entities, "kinds"), ["final_accounts.department"]);
    }
}
