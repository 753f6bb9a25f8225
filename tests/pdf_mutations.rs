//! Damage to honest PDF files, the same on every run: each damaged file ends in a report, none in a panic, and
//! none takes longer than a person would wait.
//!
//! `PDF_MUTATIONS=4000 cargo test --release --test pdf_mutations` damages more of them, and
//! `MALFORMED_FOLDER=some/folder` reads every file below a folder besides.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use juesuan::forms::Forms;
use juesuan::limits::Limits;
use juesuan::model::{NoteKind, Report, Status};
use juesuan::pipeline::extract_bytes;

/// Damaged files where nothing else is asked for.
const FEW: usize = 48;
/// What one file may take; programs without optimisation are slower.
const LONGEST: Duration = Duration::from_secs(if cfg!(debug_assertions) { 60 } else { 5 });
/// Stack of the reading thread, as the program gives it to its workers.
const STACK_BYTES: usize = 64 << 20;

/// Pseudorandom numbers (Marsaglia 2003, xorshift64), so that a failure can be had again.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end.max(1)).expect("a count")).expect("below a count")
    }
}

/// Damages a file in one to four places: bytes turned over, taken out, doubled, swapped for digits, or cut off.
fn damage(whole: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        let end = (at + 1 + random.below(400)).min(bytes.len());
        match random.below(6) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => drop(bytes.drain(at..end)),
            2 => drop(bytes.splice(at..at, whole[at.min(whole.len())..end.min(whole.len())].to_vec())),
            3 => bytes[at..end].iter_mut().filter(|b| b.is_ascii_digit()).for_each(|b| *b = b'9'),
            4 => bytes[at..end].fill(0),
            _ if random.below(8) == 0 => bytes.truncate(at),
            _ => bytes[at] = u8::try_from(random.below(256)).expect("a byte"),
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Reads a file on a thread of its own; a panic there fails here, with the name of the case.
fn read(bytes: Vec<u8>, name: &str) -> (Report, Duration) {
    let start = Instant::now();
    let file = name.to_owned();
    let limits = Limits { seconds: LONGEST.as_secs(), ..Limits::default() };
    let work = move || extract_bytes(&bytes, &file, Forms::builtin(), &limits);
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(work).expect("a thread");
    let report = thread.join().unwrap_or_else(|_| panic!("{name}: reading panicked"));
    (report, start.elapsed())
}

/// What became of the cases: how many of each status, and the slowest.
#[derive(Debug, Default)]
struct Tally {
    extracted: usize,
    partial: usize,
    refused: usize,
    failed: usize,
    slowest: (Duration, String),
}

impl Tally {
    fn add(&mut self, bytes: Vec<u8>, name: &str) {
        let (report, took) = read(bytes, name);
        let says_why = report.notes.iter().any(|note| note.kind == NoteKind::Error);
        let is_stopped = matches!(report.status, Status::Failed | Status::Refused);
        assert_eq!(is_stopped, says_why, "{name}: {:?} {:?}", report.status, report.notes);
        assert!(took < LONGEST, "{name}: took {took:?}");
        match report.status {
            Status::Partial => self.partial += 1,
            Status::Refused => self.refused += 1,
            Status::Failed => self.failed += 1,
            _ => self.extracted += 1,
        }
        if took > self.slowest.0 {
            self.slowest = (took, name.to_owned());
        }
    }
}

#[test]
#[allow(clippy::print_stderr)] // the tally is what a long run is for
fn damaged_files_end_in_a_report_and_in_time() {
    let count = std::env::var("PDF_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(FEW);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/region");
    let is_pdf = |path: &PathBuf| path.extension().is_some_and(|e| e == "pdf");
    let files: Vec<Vec<u8>> =
        files_below(&folder).iter().filter(|p| is_pdf(p)).map(|p| std::fs::read(p).expect("a file")).collect();
    assert!(!files.is_empty(), "the sample region has PDF files");
    let mut tally = Tally::default();
    for case in 0..count {
        let mut random = Random(0x9E37_79B9_7F4A_7C15 ^ (case as u64 + 1).wrapping_mul(0xBF58_476D_1CE4_E5B9));
        let whole = &files[case % files.len()];
        tally.add(damage(whole, &mut random), &format!("case {case}.pdf"));
    }
    eprintln!("{count} damaged files: {tally:?}");
}

#[test]
#[allow(clippy::print_stderr)]
fn malformed_files_end_in_a_report_and_in_time() {
    let Some(folder) = std::env::var_os("MALFORMED_FOLDER") else { return };
    let mut tally = Tally::default();
    let files = files_below(Path::new(&folder));
    for path in &files {
        tally.add(std::fs::read(path).expect("a file"), &path.to_string_lossy());
    }
    eprintln!("{} malformed files: {tally:?}", files.len());
}
