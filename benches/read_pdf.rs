//! Pages per second from the bytes of PDF files to their flow, tables included.
//!
//! The files are yours: `PDF_FOLDER=some/folder cargo bench --bench read_pdf`. Without a folder there is nothing
//! to measure, and the benchmark says so.

use std::path::Path;

use criterion::{Criterion, Throughput};
use juesuan::forms::Forms;
use juesuan::limits::{Deadline, Limits};
use juesuan::read::{Reader, pdf::Pdf};
use juesuan::structure::page::pages_to_flow;

/// The contents of the PDF files of a folder, in order of their names.
fn files(folder: &Path) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries.map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "pdf")).collect();
    paths.sort();
    paths.iter().filter_map(|path| std::fs::read(path).ok()).collect()
}

/// Reads one file to its flow and tells its number of pages; a file that cannot be read has none.
fn read(bytes: &[u8]) -> u64 {
    let limits = Limits::default();
    let deadline = Deadline::start(&limits);
    let Ok(mut raw) = Pdf.read(bytes, &limits, &deadline) else { return 0 };
    let flow = pages_to_flow(&mut raw, &Forms::builtin().wording, &limits, &deadline);
    std::hint::black_box(flow.is_ok());
    raw.pages.len() as u64
}

#[allow(clippy::print_stderr)] // a benchmark speaks to the person who started it
fn main() {
    let Some(folder) = std::env::var_os("PDF_FOLDER") else {
        eprintln!("set PDF_FOLDER to a folder of PDF files");
        return;
    };
    let files = files(Path::new(&folder));
    let pages: u64 = files.iter().map(|bytes| read(bytes)).sum();
    let mut criterion = Criterion::default().sample_size(10).configure_from_args();
    let mut group = criterion.benchmark_group("read_pdf");
    group.throughput(Throughput::Elements(pages));
    group.bench_function("pages", |b| b.iter(|| files.iter().map(|bytes| read(bytes)).sum::<u64>()));
    group.finish();
    criterion.final_summary();
}
