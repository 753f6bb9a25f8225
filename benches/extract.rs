//! How long one document takes in this process, bytes to report and each stage by itself: the three formats of the
//! sample region.
//!
//! `cargo bench --bench extract`, or one stage with `cargo bench --bench extract -- check`. Over a folder of your own
//! `cargo run --release --example stages` tells the same in milliseconds a document.

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::measurement::WallTime;
use criterion::{BatchSize, BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use juesuan::forms::Forms;
use juesuan::limits::{Deadline, Limits};
use juesuan::model::{Content, RawDocument};
use juesuan::pipeline::extract_bytes;
use juesuan::{check, fiscal, read, structure};

/// The first file of each extension below `corpus/region`, in the order of their paths.
fn samples() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/region");
    let files: Vec<PathBuf> = walkdir::WalkDir::new(root)
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path)
        .collect();
    let first = |extension: &str| files.iter().find(|f| f.extension().is_some_and(|e| e == extension)).cloned();
    ["docx", "pdf", "xlsx"].into_iter().filter_map(first).collect()
}

fn extract(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("extract");
    for (format, name, bytes) in documents() {
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(format), &bytes, |bench, bytes| {
            bench.iter(|| black_box(extract_bytes(bytes, &name, Forms::builtin(), &Limits::default())));
        });
    }
    group.finish();
}

/// Format, path and bytes of each sample.
fn documents() -> impl Iterator<Item = (String, String, Vec<u8>)> {
    samples().into_iter().map(|path| {
        let bytes = std::fs::read(&path).expect("the sample region is readable");
        let format = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        (format, path.to_string_lossy().into_owned(), bytes)
    })
}

fn stages(criterion: &mut Criterion) {
    for (format, name, bytes) in documents() {
        let mut group = criterion.benchmark_group(format);
        of_document(&mut group, &name, &bytes);
        group.finish();
    }
}

fn of_document(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, bytes: &[u8]) {
    let forms = Forms::builtin();
    let figures = |content: &mut Content| {
        let file = Path::new(name).file_name().unwrap_or_default().to_string_lossy();
        fiscal::read_figures(content, &file, forms, &deadline()).expect("there is time")
    };
    let report = extract_bytes(bytes, name, forms, &Limits::default());
    group.bench_function("read", |bench| bench.iter(|| raw(name, bytes)));
    group.bench_function("structure", |bench| {
        bench.iter_batched(|| raw(name, bytes), structured, BatchSize::SmallInput);
    });
    group.bench_function("fiscal", |bench| {
        bench.iter_batched_ref(|| structured(raw(name, bytes)), figures, BatchSize::SmallInput);
    });
    group.bench_function("check", |bench| bench.iter(|| check::check(&report, forms)));
    group.bench_function("json", |bench| bench.iter(|| serde_json::to_vec(&report)));
}

fn deadline() -> Deadline {
    Deadline::start(&Limits::default())
}

fn raw(name: &str, bytes: &[u8]) -> RawDocument {
    let format = read::sniff(bytes, name).expect("a format").format;
    read::read(bytes, format, &Limits::default(), &deadline()).expect("the sample is sound")
}

fn structured(raw: RawDocument) -> Content {
    structure::structure(raw, Forms::builtin(), &Limits::default(), &deadline()).expect("the sample is sound")
}

criterion_group!(benches, extract, stages);
criterion_main!(benches);
