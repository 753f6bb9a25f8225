//! Who reported: the tables `entities` and `disclosures`, gathered from rows of the ledger. Documents are put
//! together by what they say they are, and by nothing else. Memory grows with the number of reports.

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::RecordBatch;
use sha2::{Digest, Sha256};

use super::Load;
use super::batch::{Rows, Value};
use super::disclosures::{Disclosure, Document};
use super::entry::Entry;
use super::known::{KnownBodies, KnownBody};
use super::schema::Table;
use super::value::{UNKNOWN_REGION, as_json, fault, word};
use crate::error::{Error, ErrorKind, Result};
use crate::forms::Forms;

/// A body at one level: region, name, and `department`, `unit` or nothing.
type Body = (String, String, Option<String>);

fn body_of(entry: &Entry) -> Option<Body> {
    Some((entry.region_code.clone(), entry.entity.clone()?, entry.entity_level.clone()))
}

#[derive(Debug, Default)]
struct Seen {
    region_name: Option<String>,
    years: BTreeSet<u16>,
    kinds: BTreeSet<String>,
    reports: usize,
}

/// Bodies over all years.
#[derive(Debug, Default)]
pub(super) struct Entities {
    bodies: BTreeMap<Body, Seen>,
}

impl Entities {
    /// Looks at a document that was read; one whose body is unknown is passed over.
    pub(super) fn see(&mut self, entry: &Entry) {
        let Some(body) = body_of(entry) else { return };
        let seen = self.bodies.entry(body).or_default();
        seen.region_name = seen.region_name.take().or_else(|| entry.region_name.clone());
        seen.years.extend(entry.fiscal_year);
        seen.kinds.extend(entry.kind.clone());
        seen.reports += 1;
    }

    /// The rows of `entities`: who reported, then who is only known.
    pub(super) fn batch(&self, load: &Load, known: &KnownBodies, forms: &Forms) -> Result<Option<RecordBatch>> {
        let mut rows = Rows::new(Table::Entities);
        let mut described: BTreeSet<&KnownBody> = BTreeSet::new();
        for ((region, entity, level), seen) in &self.bodies {
            let body = known.find(region, entity, forms);
            described.extend(body.filter(|body| body.name == *entity));
            let years: Vec<String> = seen.years.iter().map(ToString::to_string).collect();
            let kinds: Vec<&str> = seen.kinds.iter().map(String::as_str).collect();
            let of_reports = [
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
            ];
            let canonical = known.canonical(region, entity, forms).unwrap_or_else(|| entity.clone());
            rows.push(of_reports.into_iter().chain(what_is_known(canonical, body)));
        }
        for body in known.iter().filter(|body| !described.contains(body)) {
            let region = body.region.as_deref().unwrap_or(UNKNOWN_REGION);
            let of_reports = [
                id_of(&[region, &body.name, ""]).into(),
                (&load.id).into(),
                region.into(),
                Value::Null,
                (&body.name).into(),
                Value::Null,
                Value::Null,
                Value::Null,
                "".into(),
                "".into(),
                0_u32.into(),
            ];
            let canonical = known.canonical(region, &body.name, forms).unwrap_or_else(|| body.name.clone());
            rows.push(of_reports.into_iter().chain(what_is_known(canonical, Some(body))));
        }
        rows.finish().transpose().map_err(fault(Table::Entities))
    }
}

/// The last columns of `entities`.
fn what_is_known(canonical: String, body: Option<&KnownBody>) -> [Value<'_>; 7] {
    let text = |part: fn(&KnownBody) -> Option<&String>| body.and_then(part).into();
    [
        canonical.into(),
        body.map(|body| body.aliases.join("\n")).into(),
        text(|body| body.valid_from.as_ref()),
        text(|body| body.valid_to.as_ref()),
        text(|body| body.parent.as_ref()),
        text(|body| body.successor.as_ref()),
        body.and_then(|body| body.change).into(),
    ]
}

/// What joining looks at of a document that was read, from the ledger's row of it and the column `joining` of that.
///
/// # Errors
/// When what the ledger keeps of a document cannot be read back.
pub(super) fn document_of(entry: &Entry, joining: &str, known: &KnownBodies, forms: &Forms) -> Result<Document> {
    let broken = |e: serde_json::Error| {
        let reason = format!("column joining: {e}");
        Error::from(ErrorKind::Dataset { path: Table::Reports.name().to_owned(), reason })
    };
    let document = serde_json::from_str::<Document>(joining).map_err(broken)?;
    let name = document.entity.as_deref().and_then(|name| known.canonical(&entry.region_code, name, forms));
    Ok(Document { known_as: name, ..document })
}

/// The rows of `disclosures`; one whose body nobody knows has none.
pub(super) fn disclosure_rows(disclosures: &[Disclosure], load: &Load) -> Result<Option<RecordBatch>> {
    let mut rows = Rows::new(Table::Disclosures);
    let mut ids: BTreeMap<String, usize> = BTreeMap::new();
    for disclosure in disclosures {
        let Some(entity) = &disclosure.entity else { continue };
        let region = disclosure.region_code.as_deref().unwrap_or(UNKNOWN_REGION);
        let level = disclosure.entity_level.as_ref().map(word);
        let level = level.as_ref().and_then(|l| if let Value::Text(word) = l { Some(word.as_ref()) } else { None });
        let (kind, year) = (disclosure.kind.as_deref(), disclosure.fiscal_year);
        let spelt = year.map(|y| y.to_string()).unwrap_or_default();
        let id = id_of(&[region, entity, level.unwrap_or_default(), &spelt, kind.unwrap_or_default()]);
        // Documents that claim one identity and are not joined are disclosures of their own.
        let count = ids.entry(id.clone()).or_default();
        *count += 1;
        let id = if *count > 1 { format!("{id}-{count}") } else { id };
        let live: Vec<&str> = disclosure.live().map(|m| m.report_id.as_str()).collect();
        let gone = disclosure.members.iter().filter(|m| m.superseded_by.is_some());
        let superseded: Vec<&str> = gone.map(|m| m.report_id.as_str()).collect();
        let coverage = &disclosure.coverage;
        rows.push([
            id.into(),
            (&load.id).into(),
            region.into(),
            year.into(),
            entity.into(),
            level.into(),
            kind.into(),
            live.len().into(),
            live.join("\n").into(),
            superseded.join("\n").into(),
            coverage.present.join("\n").into(),
            coverage.declared_empty.join("\n").into(),
            coverage.missing.join("\n").into(),
            as_json(&disclosure.members),
            disclosure.doubts.join("\n").into(),
        ]);
    }
    rows.finish().transpose().map_err(fault(Table::Disclosures))
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
    use crate::dataset::derived::{Derived, PartitionRows};
    use crate::dataset::{Ledger, MemorySink, Outcome, Sink, sample};
    use crate::model::Status;

    fn texts(batch: &RecordBatch, column: &str) -> Vec<String> {
        let array = batch.column_by_name(column).expect("a column").as_string::<i32>().clone();
        array.iter().map(|v| v.unwrap_or_default().to_owned()).collect()
    }

    fn ledger(outcomes: &[Outcome], load: &Load) -> Vec<RecordBatch> {
        let mut sink = MemorySink::new(load.clone(), Forms::builtin());
        sink.write(outcomes).expect("rows fit their columns");
        sink.commit().expect("commits");
        sink.table(Table::Reports).to_vec()
    }

    #[test]
    fn documents_of_one_identity_are_one_disclosure() {
        let mut unread = sample::outcome("d.pdf", "丙局", 2024);
        unread.report.status = Status::NeedsOcr;
        let mut twin = sample::outcome("e.docx", "甲局", 2024);
        twin.ledger = Ledger::Skipped("a.docx".into());
        let outcomes = [
            sample::outcome("old/a.pdf", "甲局", 2024),
            sample::outcome("a.docx", "甲局", 2024),
            sample::outcome("c.docx", "甲局", 2023),
            unread,
            twin,
        ];
        let load = Load { id: "l".into(), started_ms: 0, extractor: "juesuan/0".into() };
        let (known, forms) = (KnownBodies::default(), Forms::builtin());
        let (mut derived, mut partition) = (Derived::default(), PartitionRows::new(&known, forms));
        for batch in ledger(&outcomes, &load) {
            derived.see(&Entry::read(&batch).expect("reads"));
            partition.see(&batch).expect("reads");
        }
        let ([(_, disclosures), _], joined) =
            partition.rows(std::iter::empty(), &load).expect("rows fit their columns");
        assert_eq!(joined.len(), 2);
        let entities = derived.entities(&load, &known, forms).expect("rows fit their columns").expect("rows");
        let disclosures = disclosures.expect("rows");
        assert_eq!(texts(&disclosures, "documents"), ["c.docx 甲局", "a.docx 甲局"]);
        assert_eq!(texts(&disclosures, "superseded"), ["", "old/a.pdf 甲局"], "the same thing again");
        assert_eq!(texts(&entities, "years"), ["2023\n2024"]);
        assert_eq!(texts(&entities, "kinds"), ["final_accounts.department"]);
    }
}
