//! Prints what the DOCX reader hands over, before anything is interpreted: one line of JSON a file, with the texts
//! of its paragraphs (cells, text boxes, notes and running heads included; automatic numbers not), the names of its
//! bookmarks, how many notes there are, and the error when there is one. A panic is an error called `panic`.
//!
//! `cargo run --release --example docx_text -- some/folder another.docx`
#![allow(clippy::print_stdout)] // it prints for a program

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use juesuan::limits::{Deadline, Limits};
use juesuan::model::{Block, RawDocument};
use juesuan::read::Reader;
use juesuan::read::docx::Docx;
use serde_json::{Value, json};

const EXTENSIONS: [&str; 4] = ["docx", "docm", "dotx", "dotm"];

fn main() {
    for argument in std::env::args_os().skip(1) {
        for path in documents(Path::new(&argument)) {
            println!("{}", describe(&path));
        }
    }
}

/// The documents of a folder, in the order of their paths; a file is itself.
fn documents(root: &Path) -> Vec<PathBuf> {
    let files = walkdir::WalkDir::new(root).sort_by_file_name().into_iter().filter_map(Result::ok);
    let files = files.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path);
    let of_word = |path: &PathBuf| path.extension().is_some_and(|e| EXTENSIONS.iter().any(|known| e == *known));
    files.filter(|path| path == root || of_word(path)).collect()
}

fn describe(path: &Path) -> Value {
    let limits = Limits::default();
    let bytes = std::fs::read(path).unwrap_or_default();
    let read = catch_unwind(AssertUnwindSafe(|| Docx.read(&bytes, &limits, &Deadline::start(&limits))));
    match read {
        Ok(Ok(document)) => summary(path, &document),
        Ok(Err(error)) => json!({ "file": path, "error": error.to_string() }),
        Err(_) => json!({ "file": path, "error": "panic" }),
    }
}

fn summary(path: &Path, document: &RawDocument) -> Value {
    let mut texts = Vec::new();
    collect(&document.blocks, &mut texts);
    let bookmarks: Vec<&str> = document.bookmarks.iter().map(|b| b.name.as_str()).collect();
    json!({ "file": path, "texts": texts, "bookmarks": bookmarks, "notes": document.notes.len() })
}

/// The texts of paragraphs in document order; tables nest no deeper than `Limits::table_depth`.
fn collect<'d>(blocks: &'d [Block], texts: &mut Vec<&'d str>) {
    for block in blocks {
        match block {
            Block::Paragraph(paragraph) => texts.push(&paragraph.text),
            Block::Table(table) => table.rows.iter().flatten().for_each(|cell| collect(&cell.blocks, texts)),
        }
    }
}
