//! Reads PDF files once, for `benches/peers/read_pdf.py` to time against other programs: from bytes to glyphs and
//! rules (`read`), to the flow with its tables (`flow`), or all the way to a report (`report`).
//!
//! `cargo run --release --example pdf_peers -- flow a.pdf b.pdf` prints the pages and tables that it found.

use juesuan::forms::Forms;
use juesuan::limits::{Deadline, Limits};
use juesuan::pipeline::extract_bytes;
use juesuan::read::{Reader, pdf::Pdf};
use juesuan::structure::flow::Item;
use juesuan::structure::page::pages_to_flow;

#[allow(clippy::print_stdout)] // what it is for
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mode = arguments.next().unwrap_or_default();
    let limits = Limits::default();
    let (mut pages, mut tables) = (0, 0);
    for path in arguments {
        let bytes = std::fs::read(&path)?;
        if mode == "report" {
            tables += extract_bytes(&bytes, &path, Forms::builtin(), &limits).tables.len();
            continue;
        }
        let deadline = Deadline::start(&limits);
        let mut raw = Pdf.read(&bytes, &limits, &deadline)?;
        pages += raw.pages.len();
        if mode == "flow" {
            let flow = pages_to_flow(&mut raw, &Forms::builtin().wording, &limits, &deadline)?;
            tables += flow.items.iter().filter(|item| matches!(item, Item::Table(_))).count();
        }
    }
    println!("{pages} {tables}");
    Ok(())
}
