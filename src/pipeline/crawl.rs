//! A whole crawl: sources in, a committed load and its summary out. What the dataset holds already is not read
//! again.

use std::sync::Arc;
use std::time::Instant;

use super::bucket::fetch;
use super::cores::Cores;
use super::download::{LIST, download, is_address, read_list};
use super::incremental::{Found, Work, plan};
use super::kept::unfetched;
use super::run::run_on;
use super::summary::Summary;
use super::{Job, Watch, walk};
use crate::bucket::is_bucket;
use crate::dataset::{Holdings, Sink};
use crate::error::Result;

/// Reads every source of a job that is new or has changed, and commits what came of it to `sink`.
///
/// A document whose bytes another source has too is counted as skipped, and its content stored once. A source that
/// the dataset holds and that is not there any more is marked as vanished. When the job is told to stop, what was
/// read by then is committed, and the summary says so.
///
/// # Errors
/// When a source does not exist, workers cannot be started, or the sink refuses; what was committed by then stays.
pub fn crawl(job: &Job, sink: &mut dyn Sink, watch: &mut dyn Watch) -> Result<Summary> {
    let started = Instant::now();
    let (found, is_cut) = find(job, sink.holdings())?;
    let work = plan(found, &job.sources, sink.holdings(), &job.limits, job.refreshes);
    watch.found(&work.read);
    let mut summary = begin(&work, sink);
    let Work { read, mut holders, .. } = work;
    let cores = Arc::new(Cores::new(job.workers));
    sink.lend(cores.clone());
    let job = &Job { load: Some(sink.load().id.clone()), ..job.clone() };
    run_on(job, &cores, &read, watch, &mut |mut outcome| {
        holders.mark(&mut outcome);
        summary.count(&outcome);
        sink.write(std::slice::from_ref(&outcome))
    })?;
    summary.interrupted = is_cut || summary.documents < read.len() as u64;
    // What joins a region's documents takes the place of their list.
    drop((read, holders));
    summary.commit = sink.commit()?;
    summary.seconds = started.elapsed().as_secs_f64();
    Ok(summary)
}

/// Finds the sources of a job, and whether it was told to stop before all were found. An address that was
/// never read and is not there is a source with a problem, so that it has its row.
pub(super) fn find(job: &Job, holdings: &Holdings) -> Result<(Found, bool)> {
    let (addresses, places): (Vec<_>, Vec<_>) = job.sources.iter().cloned().partition(|s| is_address(s));
    let (buckets, places): (Vec<_>, Vec<_>) = places.into_iter().partition(|s| is_bucket(s));
    let (lists, places): (Vec<_>, Vec<_>) =
        places.into_iter().partition(|p| p.is_file() && p.extension().is_some_and(|e| e == LIST));
    let mut sources = walk(&places, &job.limits)?;
    let mut addresses: Vec<String> = addresses.iter().map(|a| a.to_string_lossy().into_owned()).collect();
    for list in lists.iter().chain(&job.lists) {
        addresses.extend(read_list(list)?);
    }
    let downloads = download(&addresses, &job.downloads, &job.limits, &job.stop)?;
    sources.extend(downloads.sources);
    let was_read = |uri: &str| holdings.get(uri).is_some_and(|held| held.sha256.is_some());
    let (gone, unknown): (Vec<_>, Vec<_>) = downloads.gone.into_iter().partition(|(uri, _)| was_read(uri));
    sources.extend(unknown.into_iter().map(|(uri, words)| unfetched(&uri, words)));
    let gone = gone.into_iter().map(|(uri, _)| uri).collect();
    let mut is_cut = downloads.stopped;
    let mut whole = Vec::new();
    for bucket in buckets.iter().map(|bucket| bucket.to_string_lossy()) {
        let fetched = fetch(&bucket, job, holdings)?;
        sources.extend(fetched.sources);
        is_cut |= fetched.stopped;
        whole.extend(Some(bucket.trim_end_matches('/').to_owned()).filter(|_| !fetched.stopped));
    }
    Ok((Found { sources, gone, whole }, is_cut))
}

/// Marks what needs no reading.
pub(super) fn begin(work: &Work, sink: &mut dyn Sink) -> Summary {
    work.vanished.iter().for_each(|uri| sink.vanish(uri));
    work.touched.iter().for_each(|(uri, modified_ms)| sink.touch(uri, *modified_ms));
    let held = sink.holdings();
    let replaced = work.read.iter().filter(|s| held.get(&s.uri).is_some_and(crate::dataset::Entry::is_live)).count();
    Summary {
        unchanged: work.unchanged,
        touched: work.touched.len() as u64,
        vanished: work.vanished.len() as u64,
        replaced: replaced as u64,
        ..Summary::default()
    }
}
