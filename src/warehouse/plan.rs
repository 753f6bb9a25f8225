//! What a load has to do: the dataset's ledger held against the warehouse's. A document version that only the dataset
//! has comes, one that only the warehouse has goes, a row that says otherwise is written anew, and everything else
//! stays untouched, so that the same load twice does nothing.

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatch};

use super::session::Session;
use crate::dataset::{Snapshot, Table};
use crate::error::{ErrorKind, Result};

/// Figures after which a batch is full.
const BATCH_FACTS: u64 = 250_000;
/// Documents after which a batch is full.
const BATCH_DOCUMENTS: usize = 2_000;
/// Statuses of rows without content: another row has it.
const WITHOUT_CONTENT: [&str; 2] = ["superseded", "skipped"];

/// Source and load, which name a row of the ledger; or report and load, which name the rows of a document version.
pub(super) type Name = (String, String);
/// Region and year.
pub(super) type Place = (String, Option<i32>);

/// The columns of the ledger that a plan rests on.
const COLUMNS: [&str; 11] = [
    "report_id",
    "load_id",
    "region_code",
    "fiscal_year",
    "source_uri",
    "modified_at",
    "status",
    "section_count",
    "table_count",
    "fact_count",
    "indicator_count",
];

/// The tables whose rows the ledger counts, with the column that does.
pub(super) const COUNTED: [(Table, &str); 4] = [
    (Table::Sections, "section_count"),
    (Table::Tables, "table_count"),
    (Table::Facts, "fact_count"),
    (Table::Indicators, "indicator_count"),
];

/// A row of a ledger, as far as a plan needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    report_id: String,
    place: Place,
    status: String,
    modified_us: Option<i64>,
    /// Rows in the tables of [`COUNTED`].
    counts: [u64; 4],
}

impl Entry {
    fn has_content(&self) -> bool {
        !WITHOUT_CONTENT.contains(&self.status.as_str())
    }

    /// Whether the ledger says the same; nothing else in a row ever changes.
    fn says_the_same(&self, other: &Self) -> bool {
        self.status == other.status && self.modified_us == other.modified_us
    }
}

/// Ledger rows by source, then by load.
type Ledger = BTreeMap<String, BTreeMap<String, Entry>>;

/// What one transaction does.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Rows of the ledger to insert or to write anew.
    pub(super) entries: BTreeSet<Name>,
    /// Rows of the ledger that go.
    pub(super) entries_gone: BTreeSet<Name>,
    /// Document versions whose content comes.
    pub(super) versions: BTreeSet<Name>,
    /// Document versions whose content goes.
    pub(super) versions_gone: BTreeSet<Name>,
    /// Where the rows that come lie in the dataset.
    pub(super) places: BTreeSet<Place>,
    /// How many rows have to come in the tables of [`COUNTED`].
    pub(super) counts: [u64; 4],
}

impl Batch {
    fn is_full(&self) -> bool {
        self.counts[2] >= BATCH_FACTS || self.entries.len() >= BATCH_DOCUMENTS
    }

    fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.entries_gone.is_empty()
    }
}

/// Works out the batches that make the warehouse's ledger that of the dataset. `is_full_load` takes the warehouse as
/// empty.
pub(super) fn batches(snapshot: &mut Snapshot, session: Option<&Session>) -> Result<Vec<Batch>> {
    let ours = of_dataset(snapshot)?;
    let theirs = session.map_or(Ok(Ledger::new()), of_warehouse)?;
    Ok(compare(&ours, &theirs))
}

/// All rows of one source go into one batch, so that a document's old version makes way for its new one in the
/// transaction that brings it. Sources of one place stand together: their rows lie in the same files.
fn compare(ours: &Ledger, theirs: &Ledger) -> Vec<Batch> {
    let none = BTreeMap::new();
    let mut sources: BTreeMap<&Place, BTreeSet<&String>> = BTreeMap::new();
    for source in ours.keys().chain(theirs.keys()) {
        let rows = ours.get(source).or_else(|| theirs.get(source)).unwrap_or(&none);
        if let Some(entry) = rows.values().next_back() {
            sources.entry(&entry.place).or_default().insert(source);
        }
    }
    let (mut batches, mut batch) = (Vec::new(), Batch::default());
    for sources in sources.values() {
        for source in sources {
            add(&mut batch, source, ours.get(*source).unwrap_or(&none), theirs.get(*source).unwrap_or(&none));
        }
        if batch.is_full() {
            batches.push(std::mem::take(&mut batch));
        }
    }
    batches.push(batch);
    batches.retain(|batch| !batch.is_empty());
    batches
}

fn add(batch: &mut Batch, source: &str, ours: &BTreeMap<String, Entry>, theirs: &BTreeMap<String, Entry>) {
    for (load, entry) in ours {
        let known = theirs.get(load);
        if known.is_some_and(|known| known.says_the_same(entry)) {
            continue;
        }
        batch.entries.insert((source.to_owned(), load.clone()));
        batch.places.insert(entry.place.clone());
        let version = (entry.report_id.clone(), load.clone());
        match (entry.has_content(), known.is_some_and(Entry::has_content)) {
            (true, false) => {
                batch.versions.insert(version);
                batch.counts.iter_mut().zip(entry.counts).for_each(|(sum, n)| *sum += n);
            }
            (false, true) => drop(batch.versions_gone.insert(version)),
            _ => {}
        }
    }
    for (load, entry) in theirs.iter().filter(|(load, _)| !ours.contains_key(*load)) {
        batch.entries_gone.insert((source.to_owned(), load.clone()));
        if entry.has_content() {
            batch.versions_gone.insert((entry.report_id.clone(), load.clone()));
        }
    }
}

fn of_dataset(snapshot: &mut Snapshot) -> Result<Ledger> {
    let files = snapshot.files(Table::Reports)?;
    let mut ledger = Ledger::new();
    for batch in snapshot.rows(Table::Reports, &files, Some(&COLUMNS)) {
        read(&batch?, &mut ledger).ok_or_else(|| ErrorKind::Dataset {
            path: Table::Reports.name().to_owned(),
            reason: "a column is missing or has another type".to_owned(),
        })?;
    }
    Ok(ledger)
}

fn read(batch: &RecordBatch, ledger: &mut Ledger) -> Option<()> {
    let text = |name: &str| batch.column_by_name(name)?.as_string_opt::<i32>();
    let int = |name: &str| batch.column_by_name(name)?.as_primitive_opt::<Int32Type>();
    let (report, load, region) = (text("report_id")?, text("load_id")?, text("region_code")?);
    let (source, status, year) = (text("source_uri")?, text("status")?, int("fiscal_year")?);
    let modified = batch.column_by_name("modified_at")?.as_primitive_opt::<TimestampMicrosecondType>()?;
    let counts = [int(COUNTED[0].1)?, int(COUNTED[1].1)?, int(COUNTED[2].1)?, int(COUNTED[3].1)?];
    for row in 0..batch.num_rows() {
        let entry = Entry {
            report_id: report.value(row).to_owned(),
            place: (region.value(row).to_owned(), year.is_valid(row).then(|| year.value(row))),
            status: status.value(row).to_owned(),
            modified_us: modified.is_valid(row).then(|| modified.value(row)),
            counts: counts.map(|column| u64::try_from(column.value(row)).unwrap_or(0)),
        };
        ledger.entry(source.value(row).to_owned()).or_default().insert(load.value(row).to_owned(), entry);
    }
    Some(())
}

fn of_warehouse(session: &Session) -> Result<Ledger> {
    let sql = "SELECT source_uri, load_id, report_id, region_code, fiscal_year, status, \
               (EXTRACT(EPOCH FROM modified_at) * 1000000)::bigint FROM reports";
    let mut ledger = Ledger::new();
    for row in session.query(sql, &[], "reading the warehouse's ledger")? {
        let entry = Entry {
            report_id: row.get(2),
            place: (row.get(3), row.get(4)),
            status: row.get(5),
            modified_us: row.get(6),
            counts: [0; 4],
        };
        ledger.entry(row.get(0)).or_default().insert(row.get(1), entry);
    }
    Ok(ledger)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(rows: &[(&str, &str, &str)]) -> Ledger {
        let mut ledger = Ledger::new();
        for (source, load, status) in rows {
            let entry = Entry {
                report_id: format!("{source}@{load}"),
                place: ("310199".to_owned(), Some(2024)),
                status: (*status).to_owned(),
                modified_us: None,
                counts: [1, 2, 3, 4],
            };
            ledger.entry((*source).to_owned()).or_default().insert((*load).to_owned(), entry);
        }
        ledger
    }

    #[test]
    fn the_same_ledgers_leave_nothing_to_do() {
        let same = ledger(&[("a", "1", "extracted"), ("b", "1", "skipped")]);
        assert!(compare(&same, &same).is_empty());
    }

    #[test]
    fn a_newer_version_comes_and_the_earlier_one_goes_in_one_batch() {
        let ours = ledger(&[("a", "1", "superseded"), ("a", "2", "extracted"), ("b", "1", "extracted")]);
        let theirs = ledger(&[("a", "1", "extracted"), ("b", "1", "extracted")]);
        let batches = compare(&ours, &theirs);
        let [batch] = batches.as_slice() else { panic!("one batch: {batches:?}") };
        let name = |a: &str, b: &str| BTreeSet::from([(a.to_owned(), b.to_owned())]);
        assert_eq!(batch.versions, name("a@2", "2"));
        assert_eq!(batch.versions_gone, name("a@1", "1"));
        assert_eq!(batch.entries.len(), 2, "the new row, and that of the version it replaces");
        assert!(batch.entries_gone.is_empty(), "an earlier version stays in the ledger");
        assert_eq!(batch.counts, [1, 2, 3, 4]);
    }

    #[test]
    fn what_the_dataset_has_no_more_goes() {
        let batches = compare(&ledger(&[]), &ledger(&[("a", "1", "extracted"), ("b", "1", "superseded")]));
        let gone: usize = batches.iter().map(|b| b.entries_gone.len()).sum();
        let content: usize = batches.iter().map(|b| b.versions_gone.len()).sum();
        assert_eq!((gone, content), (2, 1));
    }

    #[test]
    fn a_vanished_file_keeps_its_rows() {
        let batches = compare(&ledger(&[("a", "1", "vanished")]), &ledger(&[("a", "1", "extracted")]));
        assert_eq!(batches.len(), 1);
        assert!(batches[0].versions.is_empty() && batches[0].versions_gone.is_empty());
    }
}
