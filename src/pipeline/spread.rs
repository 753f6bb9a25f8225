//! A crawl whose documents are read on other machines: what there is to do is told here, with the dataset open; its
//! [`Share`]s are read wherever somebody runs [`read_share`]; and what came of them is committed here. Nothing is
//! visible before that, and a share that was read twice, or by a machine that died, leaves files that no log names.

use std::path::{Path, PathBuf};
use std::time::Instant;

use arrow_array::cast::AsArray;
use serde::{Deserialize, Serialize};

use super::crawl::{begin, find};
use super::download::is_address;
use super::incremental::{Work, plan};
use super::scratch::Scratch;
use super::share::{in_full, part};
use super::{Job, Share, Source, Summary, Watch, record, run};
use crate::dataset::{DeltaSink, Load, Place, Sink, Table, TaskWriter, Written, read_columns};
use crate::error::{Error, ErrorKind, Result};
use crate::forms::Forms;

/// A crawl between finding out what there is to do and committing it. The dataset is held as long as this lives.
pub struct Spread {
    job: Job,
    dataset: PathBuf,
    sink: DeltaSink,
    work: Work,
    summary: Summary,
    started: Instant,
}

/// What came of a share: small, whatever the documents are.
#[derive(Debug, Serialize, Deserialize)]
pub struct Returned {
    written: Written,
    summary: Summary,
}

impl Spread {
    /// Finds the sources of a job that are new to the dataset or have changed. Objects of buckets are listed and left
    /// where they are.
    ///
    /// # Errors
    /// When a source does not exist, is an address that only this machine could fetch, or the dataset cannot be opened.
    pub fn open(mut job: Job, dataset: &Path, load: Load, forms: &'static Forms) -> Result<Self> {
        if let Some(address) = job.sources.iter().find(|source| is_address(source)) {
            let words = "an address is fetched by one machine alone: use `juesuan crawl`, or put the files in a bucket";
            return Err(Error::io(address.display(), std::io::Error::other(words)));
        }
        let started = Instant::now();
        job.leaves_objects = true;
        let mut sink = DeltaSink::open(dataset, load, forms)?;
        let (found, _) = find(&job, sink.holdings())?;
        let work = plan(found, &job.sources, sink.holdings(), &job.limits, job.refreshes);
        let summary = begin(&work, &mut sink);
        Ok(Self { job, dataset: in_full(dataset), sink, work, summary, started })
    }

    /// The run.
    #[must_use]
    pub fn load(&self) -> &Load {
        self.sink.load()
    }

    /// What there is to read, in order.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.work.read
    }

    /// What is to be read in at most `count` shares of about the same weight; none is empty, and a long document stands
    /// in one of its own.
    #[must_use]
    pub fn shares(&self, count: usize) -> Vec<Share> {
        let mut first = 0;
        let share = |sources: &[Source]| {
            let share = Share::new(&self.job, self.load(), &self.dataset, first, sources);
            first += sources.len() as u64;
            share
        };
        part(&self.work.read, count).into_iter().map(share).collect()
    }

    /// Commits what came of the shares, and keeps a record of the run.
    ///
    /// # Errors
    /// When a share of another run is among them, a document is there twice, or the dataset cannot be written.
    pub fn commit(mut self, returned: Vec<Returned>) -> Result<Summary> {
        let place = Place::from(&self.dataset);
        let load = self.load().clone();
        let sources: Vec<String> = self.job.sources.iter().map(|source| source.display().to_string()).collect();
        let result = self.publish(returned);
        record(&place, &load, sources, &result)?;
        result
    }

    fn publish(&mut self, returned: Vec<Returned>) -> Result<Summary> {
        let mut summary = std::mem::take(&mut self.summary);
        let mut written = Vec::new();
        for share in returned {
            summary.absorb(share.summary);
            written.push(share.written);
        }
        let count: usize = written.iter().map(Written::documents).sum();
        if count != self.work.read.len() {
            let reason = format!("{count} documents came back of {}: a share is missing", self.work.read.len());
            return Err(ErrorKind::Dataset { path: self.dataset.display().to_string(), reason }.into());
        }
        self.sink.take(&written)?;
        summary.commit = self.sink.commit()?;
        self.count_statuses(&mut summary)?;
        summary.seconds = self.started.elapsed().as_secs_f64();
        Ok(summary)
    }

    /// Which documents are copies of those in another share is known since the commit alone.
    fn count_statuses(&self, summary: &mut Summary) -> Result<()> {
        summary.statuses.clear();
        for batch in read_columns(&self.dataset, Table::Reports, Some(&["load_id", "status"]))? {
            let column = |name| batch.column_by_name(name).and_then(|column| column.as_string_opt::<i32>());
            let (Some(loads), Some(statuses)) = (column("load_id"), column("status")) else { continue };
            for (load, status) in loads.iter().zip(statuses) {
                if load == Some(self.load().id.as_str())
                    && let Some(status) = status
                {
                    *summary.statuses.entry(status.to_owned()).or_default() += 1;
                }
            }
        }
        Ok(())
    }
}

/// Reads the documents of a share by `workers` processes of `program`, which takes `arguments` before `worker`, and
/// writes their rows beside those of the dataset. No two attempts at any share of a run may have the same name `task`.
///
/// # Errors
/// When workers cannot be started, or the dataset or the folder for temporary files cannot be written. What a document
/// does is a row, never an error.
pub fn read_share(
    share: &Share,
    task: &str,
    job: &Job,
    forms: &'static Forms,
    watch: &mut dyn Watch,
) -> Result<Returned> {
    let fetched = Scratch::new()?;
    let sources = share.sources(fetched.path(), &job.limits)?;
    let mut writer = TaskWriter::new(&Place::from(&share.dataset), share.load.clone(), task, forms)?;
    let mut summary = Summary::default();
    let mut position = share.first;
    run(job, &sources, watch, &mut |mut outcome| {
        writer.put(position, &mut outcome)?;
        summary.count(&outcome);
        position += 1;
        Ok(())
    })?;
    Ok(Returned { written: writer.finish()?, summary })
}
