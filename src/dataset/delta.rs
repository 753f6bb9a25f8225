//! The sink that lasts: Delta tables in a folder or a bucket, of which the ledger `reports` is written last.
//!
//! Rows are written to files whenever there are enough of them, and published every few seconds, in two steps: first the
//! files of the tables of content, then the ledger rows that make them count, with the rows that they take the place of.
//! Every view joins on report and load, so a reader sees a document's old version or its new one at any instant. What a
//! killed run left behind, content without a ledger row, is removed when the next one opens the dataset, and so are rows
//! of versions that a newer one took the place of (`tidy.rs`). Memory: the rows of one batch of files.

mod taken;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow_array::RecordBatch;

use super::batches::Batches;
use super::derived::{Derived, PartitionRows};
use super::entry::{Entry, JOINING, VANISHED};
use super::hands::{Hands, OneHand};
use super::holdings::Holdings;
use super::known::{self, KnownBodies};
use super::ledger::{Amendment, RowKey, amend};
use super::log::Change;
use super::part::{Part, refused, write_part, write_parts};
use super::partition::Partition;
use super::place::Place;
use super::reference;
use super::region::Totals;
use super::schema::Table;
use super::store::Store;
use super::tidy::Dead;
use super::views::VIEWS;
use super::{Commit, Load, Outcome, Sink, Told};
use crate::error::Result;
use crate::forms::Forms;

/// Documents after which rows are written to files.
const BATCH_DOCUMENTS: usize = 2_048;
/// Bytes of rows after which they are.
const BATCH_BYTES: usize = 32 << 20;
/// Time after which they are.
const BATCH_TIME: Duration = Duration::from_mins(1);
/// Time after which the files that were written meanwhile are published. A killed night loses what it read in this time, and
/// every table's log has a commit the less, which costs a reader of the log more memory than the files.
const PUBLISH_TIME: Duration = Duration::from_secs(10);

/// Writes a load into Delta tables.
pub struct DeltaSink {
    store: Store,
    load: Load,
    forms: &'static Forms,
    hands: Arc<dyn Hands>,
    known: KnownBodies,
    /// Whether what is known of bodies differs from what the tables rest on.
    is_better_known: bool,
    holdings: Holdings,
    /// The last batch that the ledger has.
    batch: i64,
    waiting: Waiting,
    waiting_limit: usize,
    unpublished: Unpublished,
    publish_time: Duration,
    amendments: BTreeMap<Partition, BTreeMap<RowKey, Amendment>>,
    dead: Dead,
    /// Disclosures of the partitions that were computed anew.
    told: Told,
    /// Partitions whose sums have to be computed anew.
    changed: BTreeSet<Partition>,
    /// Whether a run before this one did not come to its end.
    is_recovering: bool,
}

/// Rows of the batch that is next.
#[derive(Default)]
struct Waiting {
    batches: Batches,
    since: Option<Instant>,
}

/// Files that were written and that no log names yet.
struct Unpublished {
    parts: Vec<(Table, Part)>,
    /// How often files were written.
    batches: u32,
    /// When the last ones were published.
    since: Instant,
}

impl Unpublished {
    fn new() -> Self {
        Self { parts: Vec::new(), batches: 0, since: Instant::now() }
    }
}

impl Waiting {
    fn is_full(&self, documents: usize) -> bool {
        let is_old = self.since.is_some_and(|since| since.elapsed() >= BATCH_TIME);
        self.batches.documents >= documents || self.batches.bytes >= BATCH_BYTES || is_old
    }
}

impl DeltaSink {
    /// Opens a dataset for a load, and makes it where there is none. The reference tables will be those of
    /// `forms`. What an interrupted run left is cleared away.
    ///
    /// # Errors
    /// When something else than a dataset lies there, another load is writing to it, or it cannot be written.
    pub fn open(dataset: impl Into<Place>, load: Load, forms: &'static Forms) -> Result<Self> {
        let mut store = Store::open_for_writing(&dataset.into())?;
        let holdings = store.holdings()?;
        let batch = store.batch(Table::Reports)?;
        let is_recovering = !is_finished(&mut store, batch)?;
        let known = KnownBodies::of_dataset(store.dir(), forms)?;
        let mut sink = Self {
            store,
            load,
            forms,
            hands: Arc::new(OneHand),
            known,
            is_better_known: false,
            told: Told::default(),
            holdings,
            batch,
            waiting: Waiting::default(),
            waiting_limit: BATCH_DOCUMENTS,
            unpublished: Unpublished::new(),
            publish_time: PUBLISH_TIME,
            amendments: BTreeMap::new(),
            dead: Dead::default(),
            changed: BTreeSet::new(),
            is_recovering,
        };
        if is_recovering {
            sink.recover()?;
        }
        Ok(sink)
    }

    /// Goes by what a file says of bodies, from now on and for what is there already. Its columns are `name`, `aliases`,
    /// `region_code`, `valid_from`, `valid_to`, `parent`, `successor` and `change`.
    ///
    /// # Errors
    /// When the file cannot be read or breaks its rules; the line is named.
    pub fn know_bodies(&mut self, file: &Path) -> Result<()> {
        let known = KnownBodies::read(file, self.forms)?;
        self.is_better_known = known != self.known;
        self.known = known;
        Ok(())
    }

    /// Writes rows to files after this many documents, which are else [`BATCH_DOCUMENTS`], and publishes them at once.
    pub fn commit_every(&mut self, documents: usize) {
        self.waiting_limit = documents.max(1);
        self.publish_time = Duration::ZERO;
    }

    /// Removes content that no ledger row makes count.
    fn recover(&mut self) -> Result<()> {
        tracing::info!(batch = self.batch, "the last run did not come to its end; going on from its last batch");
        if self.store.dir().folder().is_none() {
            // That run may be asleep and not dead: its next commit of the ledger will find this one and fail.
            self.batch += 1;
            self.store.commit(Table::Reports, &Change { batch: Some(self.batch), ..Change::default() })?;
        }
        let live = self.holdings.iter().filter(|e| e.has_content());
        let live = live.map(|e| (e.report_id.clone(), e.load_id.clone())).collect();
        super::tidy::keep_live(&mut self.store, &live, &self.load.id, self.batch)
    }

    /// Notes that a row of the ledger is not the present one any more, because its source was read as `sha256`.
    fn replace(&mut self, source_uri: &str, sha256: Option<&str>) {
        let Some(old) = self.holdings.get(source_uri) else { return };
        let is_same_version = old.sha256.as_deref() == sha256 && old.extractor == self.load.extractor;
        let amendment = if is_same_version { Amendment::Drop } else { Amendment::Supersede };
        let at = old.partition();
        if old.has_content() {
            self.dead.put(at.clone(), old.report_id.clone(), old.load_id.clone());
        }
        let key = (old.source_uri.clone(), old.load_id.clone());
        self.amendments.entry(at).or_default().insert(key, amendment);
    }

    /// Writes what waits to files, as many at once as there are hands.
    fn flush(&mut self) -> Result<()> {
        let rows = std::mem::take(&mut self.waiting).batches.rows;
        let name = format!("{}-{:06}", self.name_of_files(), self.unpublished.batches);
        let parts = write_parts(self.store.dir(), rows, name, self.hands.as_ref())?;
        self.unpublished.parts.extend(parts);
        self.unpublished.batches += 1;
        Ok(())
    }

    /// Publishes all that was written, and what waits.
    fn publish(&mut self) -> Result<()> {
        self.flush()?;
        let parts = std::mem::take(&mut self.unpublished.parts);
        self.unpublished.since = Instant::now();
        self.publish_parts(parts)
    }

    /// How the names of files begin that are published next.
    fn name_of_files(&self) -> String {
        format!("part-{:010}-{}", self.batch + 1, self.load.id)
    }

    /// Publishes files and amendments as one batch: content first, the ledger last.
    fn publish_parts(&mut self, parts: Vec<(Table, Part)>) -> Result<()> {
        let amendments = std::mem::take(&mut self.amendments);
        if parts.is_empty() && amendments.is_empty() {
            return Ok(());
        }
        let (batch, name) = (self.batch + 1, self.name_of_files());
        let mut changes: BTreeMap<Table, Change> = BTreeMap::new();
        self.amend_ledger(&amendments, &name, changes.entry(Table::Reports).or_default())?;
        for (table, part) in parts {
            self.changed.insert(part.partition.clone());
            changes.entry(table).or_default().added.push(part);
        }
        let ledger = changes.remove(&Table::Reports);
        for (table, change) in changes.into_iter().chain(ledger.map(|change| (Table::Reports, change))) {
            self.store.commit(table, &Change { batch: Some(batch), ..change })?;
        }
        self.batch = batch;
        self.changed.extend(amendments.into_keys());
        Ok(())
    }

    /// Rewrites the files of the ledger that hold amended rows.
    fn amend_ledger(
        &mut self,
        amendments: &BTreeMap<Partition, BTreeMap<RowKey, Amendment>>,
        name: &str,
        change: &mut Change,
    ) -> Result<()> {
        let dir = self.store.dir().join(Table::Reports.name());
        for (at, amendments) in amendments {
            for (number, part) in self.store.parts_at(Table::Reports, at)?.into_iter().enumerate() {
                let rows: Result<Vec<_>> = self.store.rows(Table::Reports, std::slice::from_ref(&part), None).collect();
                let Some(rows) = amend_all(rows?, amendments).map_err(|e| refused(&dir, e))? else { continue };
                if rows.iter().any(|batch| batch.num_rows() > 0) {
                    let name = format!("{name}-a{number:04}");
                    change.added.push(write_part(&dir, Table::Reports, at, &name, rows.into_iter().map(Ok))?);
                }
                change.removed.push(part);
            }
        }
        Ok(())
    }

    /// Writes what rests on all documents, of the partitions that changed. `region_summary` comes last; that it is
    /// up to the ledger's batch says that a run came to its end.
    fn derive(&mut self) -> Result<()> {
        let ledger = self.store.parts(Table::Reports)?;
        let mut places: BTreeMap<Partition, Vec<_>> = BTreeMap::new();
        for part in ledger {
            places.entry(part.partition.clone()).or_default().push(part);
        }
        if self.is_recovering || self.is_better_known {
            self.changed.extend(places.keys().cloned());
        }
        let mut derived = Derived::default();
        let mut changes: BTreeMap<Table, Change> = BTreeMap::new();
        for (at, parts) in &places {
            if self.changed.contains(at) {
                self.derive_partition(at, parts, &mut derived, &mut changes)?;
                continue;
            }
            for batch in self.store.rows(Table::Reports, parts, Some(&Entry::COLUMNS)) {
                derived.see(&Entry::read(&batch?)?);
            }
        }
        let entities = derived.entities(&self.load, &self.known, self.forms)?;
        self.put_in_place(Table::Entities, &Partition::default(), entities, &mut changes)?;
        let last = changes.remove(&Table::RegionSummary).unwrap_or_default();
        for (table, change) in changes {
            self.store.commit(table, &change)?;
        }
        self.store.commit(Table::RegionSummary, &Change { batch: Some(self.batch), ..last })
    }

    fn derive_partition(
        &mut self,
        at: &Partition,
        ledger: &[Part],
        derived: &mut Derived,
        changes: &mut BTreeMap<Table, Change>,
    ) -> Result<()> {
        let mut partition = PartitionRows::new(&self.known, self.forms);
        let columns: Vec<&str> = Entry::COLUMNS.into_iter().chain([JOINING]).collect();
        for batch in self.store.rows(Table::Reports, ledger, Some(&columns)) {
            let batch = batch?;
            derived.see(&Entry::read(&batch)?);
            partition.see(&batch)?;
        }
        let parts = self.store.parts_at(Table::Facts, at)?;
        let facts = self.store.rows(Table::Facts, &parts, Some(&Totals::COLUMNS));
        let (rows, disclosures) = partition.rows(facts, &self.load)?;
        self.told.put(disclosures);
        for (table, rows) in rows {
            self.put_in_place(table, at, rows, changes)?;
        }
        Ok(())
    }

    /// Puts rows in the place of a whole partition, unless they are the same but for the load that wrote them.
    fn put_in_place(
        &mut self,
        table: Table,
        at: &Partition,
        rows: Option<RecordBatch>,
        changes: &mut BTreeMap<Table, Change>,
    ) -> Result<()> {
        let before = self.store.parts_at(table, at)?;
        let old: Vec<RecordBatch> = self.store.rows(table, &before, None).collect::<Result<_>>()?;
        if is_same_but_load(&old, rows.as_ref()) {
            return Ok(());
        }
        let change = changes.entry(table).or_default();
        change.removed.extend(before);
        if let Some(rows) = rows {
            let name = format!("part-{:010}-{}", self.batch, self.load.id);
            change.added.push(write_part(&self.store.dir().join(table.name()), table, at, &name, [Ok(rows)])?);
        }
        Ok(())
    }

    /// Brings the tables of the form files up to date.
    fn refer(&mut self) -> Result<()> {
        let mut changes = BTreeMap::new();
        for (table, rows) in reference::batches(self.forms, &self.load)? {
            self.put_in_place(table, &Partition::default(), Some(rows), &mut changes)?;
        }
        changes.into_iter().try_for_each(|(table, change)| self.store.commit(table, &change))
    }

    fn write_views(&self) -> Result<()> {
        let dir = self.store.dir().join("views");
        for (name, sql) in VIEWS {
            let view = dir.join(&format!("{name}.sql"));
            if view.read()?.as_deref() != Some(sql.as_bytes()) {
                view.replace(sql.as_bytes())?;
            }
        }
        Ok(())
    }
}

impl Sink for DeltaSink {
    fn load(&self) -> &Load {
        &self.load
    }

    fn holdings(&self) -> &Holdings {
        &self.holdings
    }

    fn lend(&mut self, hands: Arc<dyn Hands>) {
        self.hands = hands;
    }

    fn write(&mut self, outcomes: &[Outcome]) -> Result<()> {
        for outcome in outcomes {
            let source = &outcome.report.source;
            self.replace(&source.path, source.hash());
            self.waiting.batches.put(outcome, &self.load, self.forms)?;
        }
        self.waiting.since.get_or_insert_with(Instant::now);
        if !self.waiting.is_full(self.waiting_limit) {
            return Ok(());
        }
        let is_due = self.unpublished.since.elapsed() >= self.publish_time;
        if is_due { self.publish() } else { self.flush() }
    }

    fn vanish(&mut self, source_uri: &str) {
        let Some(entry) = self.holdings.get_mut(source_uri) else { return };
        VANISHED.clone_into(&mut entry.status);
        let key = (entry.source_uri.clone(), entry.load_id.clone());
        let at = entry.partition();
        self.amendments.entry(at).or_default().insert(key, Amendment::Vanish);
    }

    fn touch(&mut self, source_uri: &str, modified_ms: Option<i64>) {
        let Some(entry) = self.holdings.get(source_uri) else { return };
        let key = (entry.source_uri.clone(), entry.load_id.clone());
        self.amendments.entry(entry.partition()).or_default().insert(key, Amendment::Touch(modified_ms));
    }

    fn commit(&mut self) -> Result<Commit> {
        self.publish()?;
        let is_new = self.batch == 0;
        if is_new {
            Table::ALL.into_iter().try_for_each(|table| self.store.log(table).map(|_| ()))?;
        }
        super::tidy::remove_dead(&mut self.store, &std::mem::take(&mut self.dead), &self.load.id)?;
        self.refer()?;
        if self.is_recovering || is_new || self.is_better_known || !self.changed.is_empty() {
            self.derive()?;
        }
        if std::mem::take(&mut self.is_better_known) {
            self.store.dir().join(known::FILE).replace(self.known.text())?;
        }
        self.is_recovering = false;
        self.changed.clear();
        self.write_views()?;
        let mut rows = Vec::new();
        for table in Table::ALL {
            self.store.log(table)?;
            rows.push((table, self.store.parts(table)?.iter().map(|part| part.rows).sum()));
        }
        let place = self.store.dir().in_full();
        Ok(Commit { rows, place, told: std::mem::take(&mut self.told) })
    }
}

/// Whether the run before came to its end: nothing is ahead of the ledger, and the sums are not behind it.
fn is_finished(store: &mut Store, batch: i64) -> Result<bool> {
    for table in Table::ALL {
        let other = store.batch(table)?;
        if other > batch || (table == Table::RegionSummary && other < batch) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The rows of a file with their amendments; `None` when none is amended.
fn amend_all(
    rows: Vec<RecordBatch>,
    amendments: &BTreeMap<RowKey, Amendment>,
) -> Result<Option<Vec<RecordBatch>>, arrow_schema::ArrowError> {
    let mut is_amended = false;
    let mut amended = Vec::with_capacity(rows.len());
    for batch in rows {
        let new = amend(&batch, amendments)?;
        is_amended |= new.is_some();
        amended.push(new.unwrap_or(batch));
    }
    Ok(is_amended.then_some(amended))
}

/// Whether rows on disk are those of `new`, whichever load wrote them.
fn is_same_but_load(old: &[RecordBatch], new: Option<&RecordBatch>) -> bool {
    let without_load = |batch: &RecordBatch| {
        let keeps: Vec<usize> =
            (0..batch.num_columns()).filter(|i| batch.schema().field(*i).name() != "load_id").collect();
        batch.project(&keeps).ok()
    };
    let (Some(first), Some(new)) = (old.first(), new) else { return old.is_empty() && new.is_none() };
    let old = arrow_select::concat::concat_batches(&first.schema(), old).ok();
    old.as_ref().and_then(without_load) == without_load(new)
}
