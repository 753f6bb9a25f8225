//! One worker of `benches/peers/read_docx.py`: reads files again and again in this process and says how long it took.
//!
//! `docx_peers juesuan|document|reader|docx-rs|docx-rs-text PASSES FILE...` prints one line of JSON. `juesuan` is the whole way,
//! bytes to the report's JSON with figures and findings; `document` is what peers extract, and sections, bookmarks,
//! charts and numbers besides; `reader` is the DOCX reader alone; `docx-rs` is that crate's parse, and
//! `docx-rs-text` a walk over its tree for the texts of paragraphs and cells as well. With no passes, what was found is printed instead, for the correctness beside the figure.
#![allow(clippy::print_stdout)] // it prints for a program

use std::hint::black_box;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use juesuan::forms::Forms;
use juesuan::limits::{Deadline, Limits};
use juesuan::model::Report;
use juesuan::pipeline::extract_bytes;
use juesuan::read::Reader;
use juesuan::read::docx::Docx;
use juesuan::structure::structure;
use serde_json::{Value, json};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [tool, passes, paths @ ..] = arguments.as_slice() else { bail!("name a tool, a number of passes and files") };
    let passes: u32 = passes.parse().context("the number of passes")?;
    let files = paths.iter().map(|path| Ok((path.clone(), std::fs::read(path)?))).collect::<Result<Vec<_>>>()?;
    if passes == 0 {
        let found = files.iter().map(|(path, bytes)| find(tool, path, bytes)).collect::<Result<Vec<_>>>()?;
        println!("{}", Value::from(found));
        return Ok(());
    }
    for (path, bytes) in files.iter().filter(|_| passes > 1) {
        extract(tool, path, bytes)?; // a first pass, before the clock starts
    }
    let (start, cpu) = (Instant::now(), cpu_seconds()?);
    for _ in 0..passes {
        for (path, bytes) in &files {
            extract(tool, path, bytes)?;
        }
    }
    let answer = json!({ "seconds": start.elapsed().as_secs_f64(), "cpu": cpu_seconds()? - cpu });
    println!("{answer}");
    Ok(())
}

fn extract(tool: &str, path: &str, bytes: &[u8]) -> Result<()> {
    match tool {
        "juesuan" => drop(black_box(serde_json::to_vec(&report(path, bytes))?)),
        "document" => {
            let (limits, forms) = (Limits::default(), Forms::builtin());
            let deadline = Deadline::start(&limits);
            let raw = Docx.read(bytes, &limits, &deadline)?;
            drop(black_box(structure(raw, forms, &limits, &deadline)?));
        }
        "reader" => {
            let limits = Limits::default();
            drop(black_box(Docx.read(bytes, &limits, &Deadline::start(&limits))?));
        }
        "docx-rs" => drop(black_box(docx_rs::read_docx(bytes)?)),
        "docx-rs-text" => drop(black_box(texts_by_docx_rs(&docx_rs::read_docx(bytes)?))),
        other => bail!("{other} is no tool of this worker"),
    }
    Ok(())
}

fn report(path: &str, bytes: &[u8]) -> Report {
    extract_bytes(bytes, path, Forms::builtin(), &Limits::default())
}

/// Texts, bookmark names, labels, chart values and tables that one pass finds.
fn find(tool: &str, path: &str, bytes: &[u8]) -> Result<Value> {
    if tool.starts_with("docx-rs") {
        return find_by_docx_rs(path, bytes);
    }
    let report = report(path, bytes);
    let limits = Limits::default();
    let raw = Docx.read(bytes, &limits, &Deadline::start(&limits))?;
    let names: Vec<_> = raw.bookmarks.iter().map(|b| b.name.clone()).collect();
    let values = report.charts.iter().flat_map(|c| &c.series).map(|s| s.points.len()).sum::<usize>();
    let mut texts = Vec::new();
    collect(&raw.blocks, &mut texts);
    Ok(json!({ "file": path, "texts": texts, "bookmarks": names, "tables": report.tables.len(), "values": values }))
}

fn collect(blocks: &[juesuan::model::Block], texts: &mut Vec<String>) {
    for block in blocks {
        match block {
            juesuan::model::Block::Paragraph(paragraph) => texts.push(paragraph.text.clone()),
            juesuan::model::Block::Table(table) => {
                table.rows.iter().flatten().for_each(|cell| collect(&cell.blocks, texts));
            }
        }
    }
}

/// The texts of paragraphs and cells, which is what its users walk its tree for.
fn texts_by_docx_rs(parsed: &docx_rs::Docx) -> Vec<String> {
    use docx_rs::{DocumentChild, TableCellContent, TableChild, TableRowChild};
    let mut texts = Vec::new();
    let mut tables = Vec::new();
    for child in &parsed.document.children {
        match child {
            DocumentChild::Paragraph(paragraph) => texts.push(paragraph.raw_text()),
            DocumentChild::Table(table) => tables.push(&**table),
            _ => {}
        }
    }
    while let Some(table) = tables.pop() {
        let rows = table.rows.iter().map(|TableChild::TableRow(row)| row);
        for TableRowChild::TableCell(cell) in rows.flat_map(|row| &row.cells) {
            for content in &cell.children {
                match content {
                    TableCellContent::Paragraph(paragraph) => texts.push(paragraph.raw_text()),
                    TableCellContent::Table(table) => tables.push(table),
                    _ => {}
                }
            }
        }
    }
    texts
}

/// What docx-rs parsed, told by the JSON that it makes of itself.
fn find_by_docx_rs(path: &str, bytes: &[u8]) -> Result<Value> {
    let parsed: Value = serde_json::from_str(&docx_rs::read_docx(bytes)?.json())?;
    let (mut texts, mut names, mut tables) = (Vec::new(), Vec::new(), 0);
    let mut open = vec![&parsed];
    while let Some(value) = open.pop() {
        match value.get("type").and_then(Value::as_str) {
            Some("text") => texts.extend(value.pointer("/data/text").cloned()),
            Some("bookmarkStart") => names.extend(value.pointer("/data/name").cloned()),
            Some("table") => tables += 1,
            _ => {}
        }
        match value {
            Value::Array(values) => open.extend(values),
            Value::Object(fields) => open.extend(fields.values()),
            _ => {}
        }
    }
    Ok(json!({ "file": path, "texts": texts, "bookmarks": names, "tables": tables, "values": 0 }))
}

/// Processor time of this process so far, user and system, as Linux counts it: in hundredths of a second.
fn cpu_seconds() -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').context("the process's name")?;
    let ticks = |at: usize| fields.split_whitespace().nth(at).and_then(|ticks| ticks.parse::<f64>().ok());
    Ok((ticks(11).context("user time")? + ticks(12).context("system time")?) / 100.0)
}
