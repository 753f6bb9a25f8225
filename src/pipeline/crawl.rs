//! A whole crawl: sources in, a committed load and its summary out.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use super::outcome::skip;
use super::summary::Summary;
use super::{Job, Outcome, Source, Watch, run, walk};
use crate::dataset::Sink;
use crate::error::Result;
use crate::model::Status;

/// Documents of one batch.
const BATCH_DOCUMENTS: usize = 64;
/// Bytes of reports after which a batch is full.
const BATCH_BYTES: u64 = 64 << 20;

/// Reads every source of a job and commits what came of it to `sink`.
///
/// A document whose bytes another one of the run has too is counted as skipped, and its content stored once.
///
/// # Errors
/// When a source does not exist, workers cannot be started, or the sink refuses; nothing is committed then.
pub fn crawl(job: &Job, sink: &mut dyn Sink, watch: &mut dyn Watch) -> Result<Summary> {
    let started = Instant::now();
    let sources = walk(&job.sources)?;
    watch.found(&sources);
    let mut summary = Summary { left_out: count_left_out(&sources, sink), ..Summary::default() };
    let mut batch = Batch::default();
    let mut firsts = BTreeMap::new();
    run(job, &sources, watch, &mut |mut outcome| {
        mark_twin(&mut outcome, &mut firsts);
        summary.count(&outcome);
        batch.put(outcome, sink)
    })?;
    batch.flush(sink)?;
    summary.commit = sink.commit()?;
    summary.seconds = started.elapsed().as_secs_f64();
    Ok(summary)
}

/// How many documents of the dataset before are not in this run, which writes a whole new one. It is said at
/// once, while the run can still be stopped.
fn count_left_out(sources: &[Source], sink: &dyn Sink) -> u64 {
    let earlier = sink.earlier_sources().unwrap_or_else(|error| {
        tracing::warn!(%error, "the dataset before cannot be read; what it holds will be replaced");
        BTreeSet::new()
    });
    let found: BTreeSet<&str> = sources.iter().map(|s| s.uri.as_str()).collect();
    let mut missing = earlier.iter().filter(|uri| !found.contains(uri.as_str()));
    let example = missing.next();
    let left_out = missing.count() as u64 + u64::from(example.is_some());
    if let Some(example) = example {
        tracing::warn!(
            documents = left_out,
            example,
            "documents of the dataset before are not in this run; \
            a crawl writes a whole new dataset, and they will not be in it"
        );
    }
    left_out
}

/// Leaves out a document that was read from another source already.
fn mark_twin(outcome: &mut Outcome, firsts: &mut BTreeMap<String, String>) {
    let report = &outcome.report;
    if report.source.sha256.is_empty() || report.status == Status::Failed {
        return;
    }
    match firsts.get(&report.id) {
        Some(first) => skip(outcome, &first.clone()),
        None => drop(firsts.insert(report.id.clone(), report.source.path.clone())),
    }
}

#[derive(Default)]
struct Batch {
    outcomes: Vec<Outcome>,
    bytes: u64,
}

impl Batch {
    fn put(&mut self, outcome: Outcome, sink: &mut dyn Sink) -> Result<()> {
        self.bytes = self.bytes.saturating_add(outcome.weight);
        self.outcomes.push(outcome);
        if self.outcomes.len() >= BATCH_DOCUMENTS || self.bytes >= BATCH_BYTES {
            return self.flush(sink);
        }
        Ok(())
    }

    fn flush(&mut self, sink: &mut dyn Sink) -> Result<()> {
        self.bytes = 0;
        sink.write(&std::mem::take(&mut self.outcomes))
    }
}
