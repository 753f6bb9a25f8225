//! Puts rows in place: temporary tables are filled by COPY, what they replace is deleted, they are inserted, and the
//! transaction ends. The tables that are computed from all documents, and the reference tables, follow at the end; of
//! them exactly the groups of rows change that another crawl wrote.

use std::collections::BTreeMap;

use super::copy::escape;
use super::ddl::{column_list, identifier};
use super::fault::refused;
use super::feed::{Takes, copy};
use super::plan::{Batch, COUNTED, Name, Place};
use super::session::Session;
use super::{Changed, Loaded, Order};
use crate::dataset::{DataFile, Snapshot, Table};
use crate::error::Result;

/// A load that is under way.
pub(super) struct Put<'l> {
    session: &'l Session,
    snapshot: &'l mut Snapshot,
    order: &'l Order,
    dataset_id: String,
    /// Version of each table that the warehouse is up to.
    known: BTreeMap<Table, u64>,
    rows: BTreeMap<Table, Changed>,
    batches: u64,
}

impl<'l> Put<'l> {
    /// Begins a load. One that loads everything anew is one transaction, so that nobody sees an empty warehouse.
    pub(super) fn new(
        session: &'l Session,
        snapshot: &'l mut Snapshot,
        order: &'l Order,
        dataset_id: String,
    ) -> Result<Self> {
        let known = if order.full { BTreeMap::new() } else { known_versions(session)? };
        let mut put = Self { session, snapshot, order, dataset_id, known, rows: BTreeMap::new(), batches: 0 };
        if order.full {
            session.run("BEGIN", "beginning")?;
            for table in Table::ALL {
                let deleted = session.execute(&format!("DELETE FROM {}", table.name()), &[], "emptying tables")?;
                put.rows.entry(table).or_default().deleted += deleted;
            }
            session.run("DELETE FROM loaded_versions", "emptying tables")?;
        }
        Ok(put)
    }

    /// Loads a batch of documents.
    pub(super) fn batch(&mut self, batch: &Batch) -> Result<()> {
        self.begin()?;
        let before = self.sums();
        self.stage_names("gone_versions", &[&batch.versions, &batch.versions_gone])?;
        self.stage_names("gone_entries", &[&batch.entries_gone])?;
        let mut counts = [0; 4];
        for table in Table::ALL.into_iter().filter(|table| table.is_content()) {
            let inserted = self.content(table, batch)?;
            let counted = COUNTED.iter().position(|(counted, _)| *counted == table);
            if let Some(count) = counted.and_then(|at| counts.get_mut(at)) {
                *count += inserted;
            }
        }
        self.refuse_gaps(batch, counts)?;
        self.ledger(batch)?;
        self.session.run("DROP TABLE gone_versions, gone_entries", "tidying up")?;
        self.record(batch.entries.len() as u64 + batch.entries_gone.len() as u64, before)?;
        self.commit()
    }

    /// Loads the tables that rest on all documents, notes how far the warehouse is, and ends the load.
    pub(super) fn finish(mut self, loaded: &mut Loaded) -> Result<()> {
        self.begin()?;
        let before = self.sums();
        for table in Table::ALL.into_iter().filter(|table| table.is_derived() || table.is_reference()) {
            if self.snapshot.version(table)? != self.known.get(&table).copied() {
                self.whole(table)?;
            }
        }
        if self.sums() != before {
            self.record(0, before)?;
        }
        self.note_versions()?;
        self.session.run("COMMIT", "ending the transaction")?;
        self.rows.retain(|_, changed| !changed.is_nothing());
        for table in self.rows.keys() {
            // The planner knows the new rows at once; it would learn of them by itself, later.
            self.session.run(&format!("ANALYZE {}", table.name()), "analysing tables")?;
        }
        loaded.batches = self.batches;
        loaded.rows = self.rows;
        Ok(())
    }

    fn begin(&self) -> Result<()> {
        if self.order.full { Ok(()) } else { self.session.run("BEGIN", "beginning a transaction") }
    }

    fn commit(&mut self) -> Result<()> {
        self.batches += 1;
        if self.order.full { Ok(()) } else { self.session.run("COMMIT", "ending a transaction") }
    }

    /// Rows inserted and deleted so far; an update is both.
    fn sums(&self) -> (u64, u64) {
        let of = |pick: fn(&Changed) -> u64| self.rows.values().map(pick).sum();
        (of(|c| c.inserted + c.updated), of(|c| c.deleted + c.updated))
    }

    fn record(&self, documents: u64, before: (u64, u64)) -> Result<()> {
        let sums = self.sums();
        let whole = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let sql =
            "INSERT INTO load_batches (loaded_by, documents, rows_inserted, rows_deleted) VALUES ($1, $2, $3, $4)";
        let [inserted, deleted] = [sums.0 - before.0, sums.1 - before.1].map(whole);
        self.session.execute(sql, &[&self.order.program, &whole(documents), &inserted, &deleted], "recording")?;
        Ok(())
    }

    /// A temporary table of names.
    fn stage_names(&self, table: &str, names: &[&std::collections::BTreeSet<Name>]) -> Result<()> {
        let sql =
            format!("CREATE TEMP TABLE {table} (name text COLLATE \"C\", load_id text COLLATE \"C\") ON COMMIT DROP");
        let doing = "making temporary tables";
        self.session.run(&sql, doing)?;
        let mut text = Vec::new();
        for (name, load) in names.iter().flat_map(|names| names.iter()) {
            for (value, end) in [(name, b'\t'), (load, b'\n')] {
                escape(&mut text, value);
                text.push(end);
            }
        }
        self.session.copy(table, [Ok(text)], doing)?;
        self.session.run(&format!("ANALYZE {table}"), doing)
    }

    /// A temporary table like one of the warehouse, filled with rows of files.
    fn stage(&self, table: Table, files: &[DataFile], takes: Takes<'_>) -> Result<(String, u64)> {
        let name = format!("stage_{}", table.name());
        let sql = format!("CREATE TEMP TABLE {name} (LIKE {}) ON COMMIT DROP", table.name());
        self.session.run(&sql, "making temporary tables")?;
        let into = format!("{name} ({})", column_list(table));
        let rows = copy(self.session, self.snapshot, table, files, takes, &into)?;
        Ok((name, rows))
    }

    /// Replaces the rows of documents in one table.
    fn content(&mut self, table: Table, batch: &Batch) -> Result<u64> {
        let mut deleted = 0;
        let doing = format!("replacing rows of {}", table.name());
        if !self.order.full {
            let name = table.name();
            let sql = format!(
                "DELETE FROM {name} t USING gone_versions g WHERE t.report_id = g.name AND t.load_id = g.load_id"
            );
            deleted = self.session.execute(&sql, &[], &doing)?;
        }
        let files = if batch.versions.is_empty() { Vec::new() } else { self.files(table, batch)? };
        let mut inserted = 0;
        if !files.is_empty() {
            let takes = Takes::Named(["report_id", "load_id"], &batch.versions);
            let (stage, rows) = self.stage(table, &files, takes)?;
            inserted = self.insert(table, &stage, "")?;
            debug_assert_eq!(rows, inserted);
        }
        let changed = self.rows.entry(table).or_default();
        changed.inserted += inserted;
        changed.deleted += deleted;
        Ok(inserted)
    }

    /// The files that can hold rows of a batch: those of its regions and years that are newer than what is loaded.
    fn files(&mut self, table: Table, batch: &Batch) -> Result<Vec<DataFile>> {
        let mut files = match self.known.get(&table) {
            Some(version) => self.snapshot.files_since(table, *version)?,
            None => self.snapshot.files(table)?,
        };
        files.retain(|file| batch.places.contains(&place(file)));
        Ok(files)
    }

    fn insert(&self, table: Table, stage: &str, condition: &str) -> Result<u64> {
        let columns = column_list(table);
        let name = table.name();
        let sql = format!("INSERT INTO {name} ({columns}) SELECT {columns} FROM {stage} s{condition}");
        let doing = format!("inserting rows of {name}");
        let rows = self.session.execute(&sql, &[], &doing)?;
        self.session.run(&format!("DROP TABLE {stage}"), &doing)?;
        Ok(rows)
    }

    /// What the ledger counts has to have come; else the warehouse would be short of figures and say nothing.
    fn refuse_gaps(&self, batch: &Batch, came: [u64; 4]) -> Result<()> {
        for (((table, _), wanted), came) in COUNTED.iter().zip(batch.counts).zip(came) {
            if came != wanted {
                let advice = if self.order.full {
                    "the dataset is damaged, crawl its sources again with --refresh"
                } else {
                    "load with --full"
                };
                return Err(refused(format!(
                    "{} has {came} rows for the documents of this batch and the ledger counts {wanted}; {advice}",
                    table.name()
                )));
            }
        }
        Ok(())
    }

    fn ledger(&mut self, batch: &Batch) -> Result<()> {
        let doing = "writing the ledger";
        let gone = "DELETE FROM reports t USING gone_entries g WHERE t.source_uri = g.name AND t.load_id = g.load_id";
        let deleted = self.session.execute(gone, &[], doing)?;
        let mut files = self.snapshot.files(Table::Reports)?;
        files.retain(|file| batch.places.contains(&place(file)));
        let (stage, _) = self.stage(Table::Reports, &files, Takes::Named(["source_uri", "load_id"], &batch.entries))?;
        let columns = column_list(Table::Reports);
        let of_key = |name: &str| Table::Reports.key().contains(&name);
        let sets = Table::Reports.columns().iter().map(|c| c.name).filter(|name| !of_key(name));
        let sets: Vec<String> = sets.map(|name| format!("{0} = s.{0}", identifier(name))).collect();
        let update = format!(
            "UPDATE reports t SET {} FROM {stage} s WHERE t.source_uri = s.source_uri AND t.load_id = s.load_id",
            sets.join(", ")
        );
        let updated = self.session.execute(&update, &[], doing)?;
        let insert = format!(
            "INSERT INTO reports ({columns}) SELECT {columns} FROM {stage} s WHERE NOT EXISTS \
             (SELECT 1 FROM reports t WHERE t.source_uri = s.source_uri AND t.load_id = s.load_id)"
        );
        let inserted = self.session.execute(&insert, &[], doing)?;
        self.session.run(&format!("DROP TABLE {stage}"), doing)?;
        let changed = self.rows.entry(Table::Reports).or_default();
        changed.inserted += inserted;
        changed.updated += updated;
        changed.deleted += deleted;
        Ok(())
    }

    /// Brings a table that is no document's up to date. A crawl writes such rows anew region by region and year by
    /// year, or all at once, and marks them with its load.
    fn whole(&mut self, table: Table) -> Result<()> {
        let files = self.snapshot.files(table)?;
        let (stage, _) = self.stage(table, &files, Takes::All)?;
        let mut same = "s.load_id = t.load_id".to_owned();
        if table.is_partitioned() {
            same += " AND s.region_code = t.region_code AND s.fiscal_year IS NOT DISTINCT FROM t.fiscal_year";
        }
        let name = table.name();
        let sql = format!("DELETE FROM {name} t WHERE NOT EXISTS (SELECT 1 FROM {stage} s WHERE {same})");
        let deleted = self.session.execute(&sql, &[], &format!("replacing rows of {name}"))?;
        let inserted =
            self.insert(table, &stage, &format!(" WHERE NOT EXISTS (SELECT 1 FROM {name} t WHERE {same})"))?;
        let changed = self.rows.entry(table).or_default();
        changed.inserted += inserted;
        changed.deleted += deleted;
        Ok(())
    }

    /// Notes the versions that are loaded. A table with rows that the ledger does not name yet is not noted: they
    /// would not be looked for again.
    fn note_versions(&mut self) -> Result<()> {
        for table in Table::ALL {
            let Some(version) = self.snapshot.version(table)? else { continue };
            if self.known.get(&table) == Some(&version) || self.snapshot.is_ahead(table)? {
                continue;
            }
            let sql = "INSERT INTO loaded_versions (table_name, dataset_id, delta_version) VALUES ($1, $2, $3) \
                       ON CONFLICT (table_name) DO UPDATE SET dataset_id = EXCLUDED.dataset_id, \
                       delta_version = EXCLUDED.delta_version, loaded_at = now()";
            let version = i64::try_from(version).unwrap_or(i64::MAX);
            self.session.execute(sql, &[&table.name(), &self.dataset_id, &version], "noting versions")?;
        }
        Ok(())
    }
}

fn place(file: &DataFile) -> Place {
    (file.region_code().unwrap_or_default().to_owned(), file.fiscal_year().map(i32::from))
}

/// Up to which version of each table the warehouse is.
fn known_versions(session: &Session) -> Result<BTreeMap<Table, u64>> {
    let sql = "SELECT table_name, delta_version FROM loaded_versions";
    let mut known = BTreeMap::new();
    for row in session.query(sql, &[], "looking at what was loaded")? {
        let (name, version): (String, i64) = (row.get(0), row.get(1));
        let table = Table::ALL.into_iter().find(|table| table.name() == name);
        known.extend(table.zip(u64::try_from(version).ok()));
    }
    Ok(known)
}
