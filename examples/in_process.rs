//! What does isolation cost? Reads the documents of a folder in this process, on as many threads as asked for, into the
//! same dataset that `juesuan crawl --jobs N` makes with worker processes. Compare the processor time of both:
//!
//! `bash -c 'time target/release/examples/in_process 2 FOLDER D1'`
//! `bash -c 'time target/release/juesuan crawl FOLDER --dataset D2 --jobs 2 --quiet'`

use std::error::Error;
use std::path::PathBuf;

use juesuan::dataset::{DeltaSink, Load, Outcome, Sink};
use juesuan::forms::Forms;
use juesuan::limits::Limits;
use juesuan::pipeline::{EXTRACTOR, Source, extract_source, walk};
use rayon::prelude::*;

/// Documents that are read before they are handed to the sink.
const BATCH: usize = 64;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().ok_or("in_process THREADS FOLDER DATASET");
    let (threads, folder, dataset) = (next()?.parse()?, PathBuf::from(next()?), PathBuf::from(next()?));
    let (limits, forms) = (Limits::default(), Forms::builtin());
    let load = Load { id: "in-process".into(), started_ms: 0, extractor: EXTRACTOR.into() };
    let mut sink = DeltaSink::open(&dataset, load, forms)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(64 << 20).build()?;
    let sources = walk(&[folder], &limits)?;
    // While one batch is read the one before it is written, as in a crawl.
    let mut read: Vec<Outcome> = Vec::new();
    for batch in sources.chunks(BATCH) {
        let (written, next) = std::thread::scope(|scope| {
            let reading =
                scope.spawn(|| pool.install(|| batch.par_iter().map(|s| outcome(s, forms, &limits)).collect()));
            let written = sink.write(&read);
            (written, reading.join())
        });
        written?;
        read = next.map_err(|_| "a thread panicked")?;
    }
    sink.write(&read)?;
    sink.commit()?;
    Ok(())
}

fn outcome(source: &Source, forms: &Forms, limits: &Limits) -> Outcome {
    let report = extract_source(source, forms, limits);
    Outcome { modified_ms: source.modified_ms, ..Outcome::of(report) }
}
