//! Where the time of a document goes: milliseconds for reading, structure, figures, checks and JSON, one line a
//! document, and what each stage costs beside reading and structure.
//!
//! `cargo run --release --example stages -- FOLDER...` measures ten times; `--runs N` says otherwise, and
//! `--totals` leaves the lines of documents out. A document's figure is its fastest run by the clock, because a busy
//! machine only ever adds to it; the lines at the end give the median over documents, the smallest and the largest.
//! The sums are processor time where the system tells it (Linux), the mean of all runs; it is told in steps of some
//! milliseconds, so they need a few seconds of runs.
#![allow(clippy::print_stdout)] // what it is for

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use juesuan::error;
use juesuan::fiscal::read_figures;
use juesuan::forms::Forms;
use juesuan::limits::{Deadline, Limits};
use juesuan::model::Report;
use juesuan::pipeline::extract_bytes;
use juesuan::{check, read, structure};

const STAGES: [&str; 5] = ["read", "structure", "fiscal", "check", "json"];

/// Milliseconds by stage.
type Times = [f64; STAGES.len()];

struct Measured {
    format: String,
    pages: u32,
    /// The fastest run by the clock.
    times: Times,
    /// The mean of all runs in processor time.
    processor: Times,
}

fn main() -> Result<()> {
    let mut runs = 10_u32;
    let mut with_lines = true;
    let mut paths = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--runs" => runs = arguments.next().and_then(|n| n.parse().ok()).context("--runs takes a number")?,
            "--totals" => with_lines = false,
            _ => paths.push(argument),
        }
    }
    if paths.is_empty() || runs == 0 {
        bail!("name folders or files to read, and at least one run");
    }
    let mut measured = Vec::new();
    for path in files(&paths)? {
        let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Ok(document) = measure(&bytes, &name, runs) else { continue };
        if with_lines {
            println!("{} {} {}", line(&document.times), document.format, path.display());
        }
        measured.push(document);
    }
    summarise(&measured);
    Ok(())
}

fn files(paths: &[String]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in paths.iter().flat_map(|path| walkdir::WalkDir::new(path).sort_by_file_name()) {
        let entry = entry?;
        if entry.file_type().is_file() {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

fn measure(bytes: &[u8], name: &str, runs: u32) -> error::Result<Measured> {
    let report = extract_bytes(bytes, name, Forms::builtin(), &Limits::default()); // compiles what it meets
    let mut times = [f64::INFINITY; STAGES.len()];
    let mut processor = [0.0; STAGES.len()];
    for _ in 0..runs {
        for (stage, lap) in run(bytes, name, &report)?.into_iter().enumerate() {
            times[stage] = lap.clock.min(times[stage]);
            processor[stage] += lap.processor / f64::from(runs);
        }
    }
    let format = format!("{:?}", report.source.format).to_lowercase();
    Ok(Measured { format, pages: report.source.pages.unwrap_or(0), times, processor })
}

/// One run; the checks and the JSON are those of `report`, which is what the whole road gives.
fn run(bytes: &[u8], name: &str, report: &Report) -> error::Result<[Lap; STAGES.len()]> {
    let (forms, limits) = (Forms::builtin(), Limits::default());
    let deadline = Deadline::start(&limits);
    let (reading, raw) = timed(|| read::read(bytes, read::sniff(bytes, name)?.format, &limits, &deadline));
    let raw = raw?;
    let (structuring, content) = timed(|| structure::structure(raw, forms, &limits, &deadline));
    let mut content = content?;
    let (figuring, figures) = timed(|| read_figures(&mut content, name, forms, &deadline));
    black_box(figures?);
    let (checking, answers) = timed(|| check::check(report, forms));
    black_box(answers);
    let (writing, json) = timed(|| serde_json::to_vec(report));
    black_box(json.is_ok());
    Ok([reading, structuring, figuring, checking, writing])
}

/// Milliseconds of one stage.
struct Lap {
    clock: f64,
    processor: f64,
}

fn timed<T>(work: impl FnOnce() -> T) -> (Lap, T) {
    let (start, before) = (Instant::now(), processor_ms());
    let done = work();
    let clock = start.elapsed().as_secs_f64() * 1e3;
    let processor = before.zip(processor_ms()).map_or(clock, |(before, after)| after - before);
    (Lap { clock, processor }, done)
}

/// Processor time of this thread.
fn processor_ms() -> Option<f64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: u64 = told.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds as f64 / 1e6)
}

fn line(times: &Times) -> String {
    let stages = STAGES.iter().zip(times).map(|(name, ms)| format!("{name} {ms:8.3}"));
    format!("{}  fiscal/reading {:5.2} ", stages.collect::<Vec<_>>().join("  "), share(times))
}

/// What the figures cost beside reading and structure.
fn share([read, structure, fiscal, ..]: &Times) -> f64 {
    fiscal / (read + structure)
}

fn summarise(measured: &[Measured]) {
    let mut by_format: BTreeMap<&str, Vec<&Measured>> = BTreeMap::new();
    for document in measured {
        by_format.entry(&document.format).or_default().push(document);
        by_format.entry("together").or_default().push(document);
    }
    for (format, documents) in by_format {
        let column = |stage: usize| documents.iter().map(|d| d.times[stage]).collect::<Vec<_>>();
        let sum: Times = std::array::from_fn(|stage| documents.iter().map(|d| d.processor[stage]).sum());
        let pages: u32 = documents.iter().map(|d| d.pages).sum();
        let whole = sum.iter().sum::<f64>() / 1e3;
        println!(
            "\n{format}: {} documents, {pages} pages, {whole:.3} processor seconds in all, milliseconds:",
            documents.len()
        );
        println!("  sum      {}", line(&sum));
        for (stage, name) in STAGES.iter().enumerate() {
            println!("  {name:9} {} a document", spread(column(stage)));
        }
        println!(
            "  figures beside reading and structure, each document for itself: {}",
            spread(documents.iter().map(|d| share(&d.times)).collect())
        );
        println!(
            "  {:.1} documents and {:.0} pages per processor second",
            documents.len() as f64 / whole,
            f64::from(pages) / whole
        );
    }
}

/// The median, with the smallest and the largest.
fn spread(mut values: Vec<f64>) -> String {
    values.sort_by(f64::total_cmp);
    let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
    format!("{:.3} ({:.3}–{:.3})", at(values.len() / 2), at(0), at(values.len().saturating_sub(1)))
}
