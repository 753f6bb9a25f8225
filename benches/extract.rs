//! How long one document takes, bytes to report, in this process: the three formats of the sample region.
//!
//! `cargo bench --bench extract`. The figures of BENCHMARKS.md come from here and from whole-process runs.

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use juesuan::forms::Forms;
use juesuan::limits::Limits;
use juesuan::pipeline::extract_bytes;

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
    for path in samples() {
        let bytes = std::fs::read(&path).expect("the sample region is readable");
        let format = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(format), &bytes, |bench, bytes| {
            let name = path.to_string_lossy();
            bench.iter(|| black_box(extract_bytes(bytes, &name, Forms::builtin(), &Limits::default())));
        });
    }
    group.finish();
}

criterion_group!(benches, extract);
criterion_main!(benches);
