//! Takes rows out of the tables of content: those of versions that a newer one took the place of, and those of a
//! batch whose ledger rows never came. A file that holds any is written anew without them, and one that holds
//! nothing else goes. What is removed here was invisible before, because no ledger row names it.

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::{BooleanArray, RecordBatch};

use super::entry::text_column;
use super::log::Change;
use super::part::{Part, refused, write_part};
use super::partition::Partition;
use super::schema::Table;
use super::store::Store;
use crate::error::Result;

/// Report and load, which name the rows of a document version.
type Version = (String, String);

/// Versions whose rows have to go, and where these lie.
#[derive(Debug, Default)]
pub(super) struct Dead {
    versions: BTreeMap<Partition, BTreeSet<Version>>,
}

impl Dead {
    pub(super) fn put(&mut self, at: Partition, report_id: String, load_id: String) {
        self.versions.entry(at).or_default().insert((report_id, load_id));
    }
}

/// The tables whose rows belong to a report.
fn content() -> impl Iterator<Item = Table> {
    Table::ALL.into_iter().filter(|t| *t != Table::Reports && !t.is_derived() && !t.is_reference())
}

/// Removes the rows of dead versions.
pub(super) fn remove_dead(store: &mut Store, dead: &Dead, load_id: &str) -> Result<()> {
    if dead.versions.is_empty() {
        return Ok(());
    }
    content().try_for_each(|table| {
        let is_dead = |part: &Part, version: &Version| {
            dead.versions.get(&part.partition).is_some_and(|versions| versions.contains(version))
        };
        let may_hold = |part: &Part| dead.versions.contains_key(&part.partition);
        let change = sweep(store, table, load_id, may_hold, is_dead)?;
        if change.removed.is_empty() { Ok(()) } else { store.commit(table, &change) }
    })
}

/// Removes all rows but those of live versions, and takes tables that are ahead of the ledger back to its batch.
pub(super) fn keep_live(store: &mut Store, live: &BTreeSet<Version>, load_id: &str, batch: i64) -> Result<()> {
    content().try_for_each(|table| {
        let change = sweep(store, table, load_id, |_| true, |_, version| !live.contains(version))?;
        let is_ahead = store.batch(table)? > batch;
        if change.removed.is_empty() && !is_ahead {
            return Ok(());
        }
        store.commit(table, &Change { batch: is_ahead.then_some(batch), ..change })
    })
}

/// Rewrites the files that hold dead rows; those that cannot hold any are not looked at.
fn sweep(
    store: &mut Store,
    table: Table,
    load_id: &str,
    may_hold: impl Fn(&Part) -> bool,
    is_dead: impl Fn(&Part, &Version) -> bool,
) -> Result<Change> {
    let mut change = Change::default();
    for (number, part) in store.parts(table)?.into_iter().enumerate().filter(|(_, part)| may_hold(part)) {
        let name = format!("tidy-{load_id}-{number:06}");
        match rest_of(store, table, &part, &is_dead, &name)? {
            Rest::All => continue,
            Rest::Some(rest) => change.added.push(rest),
            Rest::None => {}
        }
        change.removed.push(part);
    }
    Ok(change)
}

/// What is left of a file.
enum Rest {
    /// It has no dead rows.
    All,
    /// These rows, in a file of their own.
    Some(Part),
    /// Nothing.
    None,
}

/// A file without its dead rows.
fn rest_of(
    store: &Store,
    table: Table,
    part: &Part,
    is_dead: impl Fn(&Part, &Version) -> bool,
    name: &str,
) -> Result<Rest> {
    let parts = std::slice::from_ref(part);
    let mut dead = BTreeSet::new();
    for batch in store.rows(table, parts, Some(&["report_id", "load_id"])) {
        dead.extend(versions(&batch?)?.into_iter().filter(|version| is_dead(part, version)));
    }
    if dead.is_empty() {
        return Ok(Rest::All);
    }
    let rest = store.rows(table, parts, None).map(|batch| without(store, &batch?, &dead));
    let dir = store.dir().join(table.name());
    let rest = write_part(&dir, table, &part.partition, name, rest)?;
    Ok(if rest.rows > 0 { Rest::Some(rest) } else { Rest::None })
}

/// The versions of a batch, each once: rows of one document stand together.
fn versions(batch: &RecordBatch) -> Result<BTreeSet<Version>> {
    let (report, load) = (text_column(batch, "report_id")?, text_column(batch, "load_id")?);
    let mut found = BTreeSet::new();
    for row in 0..batch.num_rows() {
        let is_next = row == 0 || report.value(row) != report.value(row - 1) || load.value(row) != load.value(row - 1);
        if is_next {
            found.insert((report.value(row).to_owned(), load.value(row).to_owned()));
        }
    }
    Ok(found)
}

fn without(store: &Store, batch: &RecordBatch, dead: &BTreeSet<Version>) -> Result<RecordBatch> {
    let (report, load) = (text_column(batch, "report_id")?, text_column(batch, "load_id")?);
    let is_kept = |row: usize| !dead.contains(&(report.value(row).to_owned(), load.value(row).to_owned()));
    let kept: BooleanArray = (0..batch.num_rows()).map(|row| Some(is_kept(row))).collect();
    arrow_select::filter::filter_record_batch(batch, &kept).map_err(|e| refused(store.dir(), e))
}
