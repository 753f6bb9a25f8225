//! Prints what a PDF reader keeps of a file, as JSON Lines: for each page the characters that its glyphs stand
//! for, those that no one sees too, and the number of its images. `tools/characters.py` compares them with those
//! of an independent reader.
//!
//! `cargo run --release --example pdf_characters -- a.pdf b.pdf`

use std::io::Write;

use juesuan::limits::{Deadline, Limits};
use juesuan::model::fold_radical;
use juesuan::read::{Reader, pdf::Pdf};

fn main() -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for path in std::env::args().skip(1) {
        let limits = Limits::default();
        let bytes = std::fs::read(&path)?;
        let read = Pdf.read(&bytes, &limits, &Deadline::start(&limits));
        for page in read.iter().flat_map(|raw| &raw.pages) {
            let text: String = page.glyphs.iter().map(|g| fold_radical(g.c)).collect();
            let line =
                serde_json::json!({"path": path, "page": page.number, "images": page.images.len(), "text": text});
            writeln!(out, "{line}")?;
        }
        if let Err(error) = read {
            writeln!(out, "{}", serde_json::json!({"path": path, "error": error.to_string()}))?;
        }
    }
    out.flush()
}
