//! Where the time of reading PDF files goes, on one core: from bytes to pages of glyphs and rules, from pages to
//! the flow with its tables, and the whole road to a report.
//!
//! `cargo run --release --example pdf_times -- 3 a.pdf b.pdf` measures three times.

use std::time::{Duration, Instant};

use juesuan::forms::Forms;
use juesuan::limits::{Deadline, Limits};
use juesuan::pipeline::extract_bytes;
use juesuan::read::{Reader, pdf::Pdf};
use juesuan::structure::flow::Item;
use juesuan::structure::page::pages_to_flow;

#[allow(clippy::print_stdout)] // what it is for
fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let runs: u32 = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(1);
    let files: Vec<Vec<u8>> = arguments.map(std::fs::read).collect::<Result<_, _>>()?;
    let limits = Limits::default();
    for _ in 0..runs {
        let [mut read, mut flow, mut whole] = [Duration::ZERO; 3];
        let (mut pages, mut tables) = (0, 0);
        for bytes in &files {
            let deadline = Deadline::start(&limits);
            let start = Instant::now();
            let Ok(mut raw) = Pdf.read(bytes, &limits, &deadline) else { continue };
            read += start.elapsed();
            pages += raw.pages.len();
            let start = Instant::now();
            let found = pages_to_flow(&mut raw, &Forms::builtin().wording, &limits, &deadline);
            flow += start.elapsed();
            tables += found.iter().flat_map(|f| &f.items).filter(|i| matches!(i, Item::Table(_))).count();
            let start = Instant::now();
            std::hint::black_box(extract_bytes(bytes, "a.pdf", Forms::builtin(), &limits));
            whole += start.elapsed();
        }
        let rate = |time: Duration| pages as f64 / time.as_secs_f64();
        println!(
            "{pages} pages, {tables} tables: read {:.3} s, flow {:.3} s ({:.0} pages/s); to a report {:.3} s ({:.0} pages/s)",
            read.as_secs_f64(),
            flow.as_secs_f64(),
            rate(read + flow),
            whole.as_secs_f64(),
            rate(whole)
        );
    }
    Ok(())
}
