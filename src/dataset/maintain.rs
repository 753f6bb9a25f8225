//! What a dataset needs now and then: small files put together, files that no version of the last days names
//! removed, and a checkpoint so that the log is read fast. No row changes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::log::{Change, LOG};
use super::part::{Part, write_part};
use super::partition::Partition;
use super::place::Place;
use super::schema::Table;
use super::store::Store;
use crate::error::Result;

/// A file from this size on is left as it is.
const LARGE_BYTES: u64 = 64 << 20;
/// Files are put together up to this size.
const GROUP_BYTES: u64 = 128 << 20;

/// What maintenance did to one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maintained {
    /// The table.
    pub table: Table,
    /// Live files before.
    pub files_before: usize,
    /// Live files after.
    pub files_after: usize,
    /// Files removed, that no reader of the last days needs.
    pub removed: usize,
    /// Their bytes.
    pub removed_bytes: u64,
}

/// Puts small files together and removes those that nothing has named for `keep`. Readers of a version older than
/// that lose it.
///
/// # Errors
/// When there is no dataset, a crawl is writing to it, or the storage refuses.
pub fn maintain(dataset: impl Into<Place>, keep: Duration) -> Result<Vec<Maintained>> {
    let dataset = &dataset.into();
    Store::open(dataset)?;
    let mut store = Store::open_for_writing(dataset)?;
    Table::ALL.into_iter().map(|table| maintain_table(&mut store, table, keep)).collect()
}

fn maintain_table(store: &mut Store, table: Table, keep: Duration) -> Result<Maintained> {
    let before = store.parts(table)?;
    compact(store, table, &before)?;
    store.log(table)?.checkpoint()?;
    let after = store.parts(table)?;
    let (removed, removed_bytes) = vacuum(&store.dir().join(table.name()), &after, keep)?;
    Ok(Maintained { table, files_before: before.len(), files_after: after.len(), removed, removed_bytes })
}

fn compact(store: &mut Store, table: Table, parts: &[Part]) -> Result<()> {
    let mut change = Change { keeps_rows: true, ..Change::default() };
    let version = store.log(table)?.version();
    let dir = store.dir().join(table.name());
    for (number, (at, group)) in groups(parts).into_iter().enumerate() {
        // Its name sorts before those of batches to come, so that rows stay in the order of their batches.
        let name = format!("part-0000000000-{version:010}-{number:06}");
        let part = write_part(&dir, table, &at, &name, store.rows(table, &group, None))?;
        change.added.push(part);
        change.removed.extend(group);
    }
    if change.removed.is_empty() { Ok(()) } else { store.commit(table, &change) }
}

/// Files to put together: of one partition, small, at least two.
fn groups(parts: &[Part]) -> Vec<(Partition, Vec<Part>)> {
    let mut places: BTreeMap<&Partition, Vec<Vec<Part>>> = BTreeMap::new();
    for part in parts.iter().filter(|part| part.bytes < LARGE_BYTES) {
        let groups = places.entry(&part.partition).or_default();
        let fits = |group: &&mut Vec<Part>| group.iter().map(|p| p.bytes).sum::<u64>() + part.bytes <= GROUP_BYTES;
        match groups.last_mut().filter(fits) {
            Some(group) => group.push(part.clone()),
            None => groups.push(vec![part.clone()]),
        }
    }
    let groups = places.into_iter().flat_map(|(at, groups)| groups.into_iter().map(|group| (at.clone(), group)));
    groups.filter(|(_, group)| group.len() > 1).collect()
}

/// Removes data files that are not live and older than `keep`; gives their number and bytes.
fn vacuum(dir: &Place, live: &[Part], keep: Duration) -> Result<(usize, u64)> {
    let live: BTreeSet<&str> = live.iter().map(|part| part.path.as_str()).collect();
    let oldest = SystemTime::now().checked_sub(keep).unwrap_or(SystemTime::UNIX_EPOCH);
    let (mut removed, mut bytes) = (0, 0);
    for file in dir.files(LOG)? {
        let is_data = Path::new(&file.path).extension().is_some_and(|e| e == "parquet");
        let is_dead = is_data && file.modified <= oldest && !live.contains(file.path.as_str());
        // What cannot be removed stays invisible, and the next time tries again.
        if is_dead && dir.join(&file.path).remove().is_ok() {
            removed += 1;
            bytes += file.bytes;
        }
    }
    Ok((removed, bytes))
}
