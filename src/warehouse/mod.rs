//! A dataset in PostgreSQL: a star schema with the dataset's tables and views, fed incrementally and exactly.
//!
//! A load compares two ledgers ([`plan`]), copies what is missing into temporary tables ([`feed`], [`copy`]) and puts it
//! in place in one transaction a batch. A document's figures and its row of the ledger come in the same transaction, so
//! that whoever reads sees its old version or its new one; a load that is killed is taken up by the next one. Here is
//! also what the warehouse looks like ([`ddl()`]) and how it is reached ([`Target`]).

mod copy;
mod ddl;
mod fault;
mod feed;
mod plan;
mod put;
mod schema;
mod session;
mod target;

pub use ddl::ddl;
pub use target::Target;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::dataset::{Place, Snapshot, Table};
use crate::error::{ErrorKind, Result};
use ddl::{identifier, literal};
use fault::refused;
use plan::Batch;
use put::Put;
use schema::State;
use session::Session;

/// How long a load waits for another one into the same schema.
const LOCK_WAIT: Duration = Duration::from_secs(20);

/// What is loaded, and whereto.
#[derive(Debug, Clone)]
pub struct Order {
    /// Where the dataset lies.
    pub dataset: Place,
    /// Server and database.
    pub target: Target,
    /// Schema of that database.
    pub schema: String,
    /// Whether everything is loaded anew.
    pub full: bool,
    /// Whether nothing is changed, and only said what would be.
    pub dry_run: bool,
    /// Name and version of the program, for the warehouse's own records.
    pub program: String,
}

/// What a load did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Loaded {
    /// Whether the schema was made or brought up to date.
    pub migrated: bool,
    /// Document versions that came with their content.
    pub documents: u64,
    /// Document versions whose content went: earlier versions, and what the dataset has no more.
    pub replaced: u64,
    /// Transactions.
    pub batches: u64,
    /// Rows inserted, deleted and written anew, of each table that changed. Of a dry run those that the ledger counts.
    pub rows: BTreeMap<Table, Changed>,
}

/// Rows of a table that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Changed {
    /// Rows that came.
    pub inserted: u64,
    /// Rows that went.
    pub deleted: u64,
    /// Rows that were written anew in place.
    pub updated: u64,
}

impl Changed {
    fn is_nothing(self) -> bool {
        self == Self::default()
    }
}

/// How far a load is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Documents that were loaded.
    pub done: u64,
    /// Documents to load.
    pub total: u64,
}

/// Loads a dataset into a warehouse. `watch` is told before the first batch and after each one.
///
/// # Errors
/// When there is no dataset, no server answers, a right is missing, the schema belongs to another version of the program
/// or holds another dataset, or another load is running. What was committed by then stays; the next load goes on.
pub fn load(order: &Order, mut watch: impl FnMut(Progress)) -> Result<Loaded> {
    let mut snapshot = Snapshot::open(&order.dataset)?;
    let Some(dataset_id) = snapshot.id()? else {
        let path = order.dataset.to_string();
        return Err(ErrorKind::Dataset { path, reason: "no crawl has ended yet; nothing to load".to_owned() }.into());
    };
    let session = open(order)?;
    let state = schema::state(&session, &order.schema)?;
    let mut loaded = Loaded { migrated: state != State::Current, ..Loaded::default() };
    let is_readable = state != State::Absent;
    if is_readable {
        refuse_other_dataset(&session, order, &dataset_id)?;
    }
    if order.dry_run {
        let theirs = Some(&session).filter(|_| is_readable && !order.full);
        foretell(&mut loaded, &plan::batches(&mut snapshot, theirs)?);
        return Ok(loaded);
    }
    schema::migrate(&session, &order.schema, state, &order.program)?;
    let theirs = Some(&session).filter(|_| !order.full);
    let batches = plan::batches(&mut snapshot, theirs)?;
    let total = batches.iter().map(|batch| batch.entries.len() as u64).sum();
    watch(Progress { done: 0, total });
    let mut put = Put::new(&session, &mut snapshot, order, dataset_id)?;
    let mut done = 0;
    for batch in &batches {
        put.batch(batch)?;
        done += batch.entries.len() as u64;
        watch(Progress { done, total });
    }
    put.finish(&mut loaded)?;
    loaded.documents = batches.iter().map(|batch| batch.versions.len() as u64).sum();
    loaded.replaced = batches.iter().map(|batch| batch.versions_gone.len() as u64).sum();
    Ok(loaded)
}

/// Connects, chooses the schema, and keeps other loads of it out for as long as the session lasts.
fn open(order: &Order) -> Result<Session> {
    let session = Session::open(&order.target)?;
    let doing = "setting up the session";
    session
        .run(&format!("SET search_path TO {}; SET client_min_messages TO warning", identifier(&order.schema)), doing)?;
    let lock = format!("SELECT pg_try_advisory_lock(hashtext('juesuan'), hashtext({}))", literal(&order.schema));
    // The server may still be ending what a killed load began.
    let begun = Instant::now();
    while begun.elapsed() < LOCK_WAIT {
        if session.query(&lock, &[], doing)?.first().is_some_and(|row| row.get(0)) {
            return Ok(session);
        }
        std::thread::sleep(Duration::from_millis(500));
    }
    Err(refused(format!("another load into schema {} is running; try again when it has ended", order.schema)))
}

fn refuse_other_dataset(session: &Session, order: &Order, dataset_id: &str) -> Result<()> {
    let sql = "SELECT 1 FROM loaded_versions WHERE dataset_id <> $1 LIMIT 1";
    let others = session.query(sql, &[&dataset_id], "looking at what was loaded")?;
    if others.is_empty() || order.full {
        return Ok(());
    }
    Err(refused(format!(
        "schema {} holds another dataset than {}: --full replaces it, --schema names another schema",
        order.schema, order.dataset
    )))
}

/// What a load would do, as far as the ledgers tell.
fn foretell(loaded: &mut Loaded, batches: &[Batch]) {
    loaded.batches = batches.len() as u64;
    for batch in batches {
        loaded.documents += batch.versions.len() as u64;
        loaded.replaced += batch.versions_gone.len() as u64;
        let reports = loaded.rows.entry(Table::Reports).or_default();
        reports.inserted += batch.entries.len() as u64;
        reports.deleted += batch.entries_gone.len() as u64;
        for ((table, _), count) in plan::COUNTED.iter().zip(batch.counts) {
            loaded.rows.entry(*table).or_default().inserted += count;
        }
    }
    loaded.rows.retain(|_, changed| !changed.is_nothing());
}
