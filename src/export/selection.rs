//! Which rows of a dataset an export takes: those of the regions and years asked for, of documents that the ledger names.
//! Rows come batch by batch, whatever the size of the table.

use std::collections::BTreeSet;

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, BooleanArray, RecordBatch};

use super::Options;
use super::personal::Redactor;
use crate::dataset::{DataFile, Place, Snapshot, Table};
use crate::error::{ErrorKind, Result};

/// A dataset, seen through the options of an export.
pub(super) struct Selection<'o> {
    snapshot: Snapshot,
    options: &'o Options,
    /// Report and load of the rows that count. What a killed crawl left is none of them.
    versions: BTreeSet<(String, String)>,
}

impl<'o> Selection<'o> {
    /// Opens a dataset.
    ///
    /// # Errors
    /// When there is none, or none of its documents is wanted.
    pub(super) fn open(dataset: &Place, options: &'o Options) -> Result<Self> {
        let mut selection = Self { snapshot: Snapshot::open(dataset)?, options, versions: BTreeSet::new() };
        let mut versions = BTreeSet::new();
        selection.each(Table::Reports, |batch| {
            let text = |name: &str| batch.column_by_name(name).and_then(|c| c.as_string_opt::<i32>());
            if let (Some(reports), Some(loads)) = (text("report_id"), text("load_id")) {
                let pairs = reports.iter().flatten().zip(loads.iter().flatten());
                versions.extend(pairs.map(|(report, load)| (report.to_owned(), load.to_owned())));
            }
            Ok(())
        })?;
        if versions.is_empty() {
            let reason =
                "it holds no report of these regions and years; `juesuan status` lists what there is".to_owned();
            return Err(ErrorKind::Dataset { path: dataset.to_string(), reason }.into());
        }
        selection.versions = versions;
        Ok(selection)
    }

    /// Whether names and telephone numbers stay.
    pub(super) fn keeps_personal(&self) -> bool {
        self.options.keeps_personal
    }

    /// What blacks them out.
    pub(super) fn redactor(&self) -> Redactor {
        Redactor::new(self.options.forms)
    }

    /// Hands the wanted rows of a table over, batch by batch, in the order of the dataset.
    pub(super) fn each(&mut self, table: Table, mut take: impl FnMut(&RecordBatch) -> Result<()>) -> Result<()> {
        let mut files = self.snapshot.files(table)?;
        if table.is_partitioned() {
            let takes = |f: &DataFile| self.options.takes(f.region_code().unwrap_or_default(), f.fiscal_year());
            files.retain(takes);
        }
        for batch in self.snapshot.rows(table, &files, None) {
            let batch = self.wanted(table, batch?)?;
            if batch.num_rows() > 0 {
                take(&batch)?;
            }
        }
        Ok(())
    }

    fn wanted(&self, table: Table, batch: RecordBatch) -> Result<RecordBatch> {
        if table.is_reference() || table == Table::Reports || (table.is_derived() && table.is_partitioned()) {
            return Ok(batch);
        }
        let text = |name: &str| batch.column_by_name(name).and_then(|c| c.as_string_opt::<i32>());
        let kept: BooleanArray = if table == Table::Entities {
            let (Some(region), years) = (text("region_code"), years(&batch)) else { return Ok(batch) };
            (0..batch.num_rows()).map(|i| Some(self.takes_entity(region.value(i), years(i)))).collect()
        } else {
            let (Some(report), Some(load)) = (text("report_id"), text("load_id")) else { return Ok(batch) };
            let is_known = |i: usize| self.versions.contains(&(report.value(i).to_owned(), load.value(i).to_owned()));
            (0..batch.num_rows()).map(|i| Some(is_known(i))).collect()
        };
        arrow_select::filter::filter_record_batch(&batch, &kept)
            .map_err(|e| ErrorKind::Dataset { path: table.name().to_owned(), reason: e.to_string() }.into())
    }

    fn takes_entity(&self, region: &str, years: Option<(i32, i32)>) -> bool {
        let in_time = |year: &u16| years.is_some_and(|(first, last)| (first..=last).contains(&i32::from(*year)));
        self.options.takes_region(region) && (self.options.years.is_empty() || self.options.years.iter().any(in_time))
    }
}

/// First and last year of a row of `entities`.
fn years(batch: &RecordBatch) -> impl Fn(usize) -> Option<(i32, i32)> + '_ {
    let column = |name: &str| batch.column_by_name(name).and_then(|c| c.as_primitive_opt::<Int32Type>());
    let (first, last) = (column("first_year"), column("last_year"));
    move |row| {
        let of = |column: Option<&arrow_array::Int32Array>| column.filter(|c| c.is_valid(row)).map(|c| c.value(row));
        Some((of(first)?, of(last)?))
    }
}
