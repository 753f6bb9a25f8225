//! Which tables of a folder's documents are known to be a statement or a performance form: by folder how many, and
//! each table that is not, with the reasons. Only tables with a title or with money in them count.
//!
//! `cargo run --release --example classified -- FOLDER...`; with `--sample N` it prints instead N tables drawn over
//! all documents, always the same ones, with title, form, reasons and first rows, for reading by eye.
#![allow(clippy::print_stdout)] // what it is for

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use juesuan::forms::Forms;
use juesuan::limits::Limits;
use juesuan::model::{Printed, Report, Table};
use juesuan::pipeline::extract_bytes;

/// Tables of one folder.
#[derive(Default)]
struct Tally {
    tables: usize,
    placed: usize,
}

fn main() -> Result<()> {
    let mut sample = None;
    let mut roots = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--sample" => sample = arguments.next().map(|n| n.parse::<usize>()).transpose()?,
            _ => roots.push(argument),
        }
    }
    if roots.is_empty() {
        bail!("name folders of documents");
    }
    let mut tables = Vec::new();
    for path in files(&roots)? {
        tables.extend(fiscal_tables(read(&path)?).into_iter().map(|table| (path.clone(), table)));
    }
    match sample {
        Some(count) => draw(&tables, count),
        None => summarise(&tables),
    }
    Ok(())
}

fn files(roots: &[String]) -> Result<Vec<PathBuf>> {
    let entries = roots.iter().flat_map(|root| walkdir::WalkDir::new(root).sort_by_file_name());
    let files = entries.filter_map(|e| e.map(|e| e.file_type().is_file().then(|| e.into_path())).transpose());
    Ok(files.collect::<Result<_, _>>()?)
}

fn read(path: &Path) -> Result<Report> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(extract_bytes(&bytes, &name, Forms::builtin(), &Limits::default()))
}

/// Tables with a title of their own, and those that print amounts.
fn fiscal_tables(report: Report) -> Vec<Table> {
    let is_amount = |text: &str| matches!(Printed::parse(text), Printed::Number(n) if n.decimals > 0 && !n.percent);
    let is_fiscal = |t: &Table| t.title.is_some() || t.cells.iter().any(|c| is_amount(&c.text));
    report.tables.into_iter().filter(is_fiscal).collect()
}

fn summarise(tables: &[(PathBuf, Table)]) {
    let mut by_folder: BTreeMap<&Path, Tally> = BTreeMap::new();
    for (path, table) in tables {
        let tally = by_folder.entry(path.parent().unwrap_or(path)).or_default();
        tally.tables += 1;
        tally.placed += usize::from(table.form.is_some());
    }
    for (folder, tally) in &by_folder {
        println!("{:4} of {:4}  {}", tally.placed, tally.tables, folder.display());
    }
    let placed: usize = by_folder.values().map(|t| t.placed).sum();
    let share = 100.0 * placed as f64 / tables.len().max(1) as f64;
    println!("{placed:4} of {:4}  together, {share:.1} %\n", tables.len());
    for (path, table) in tables.iter().filter(|(_, t)| t.form.is_none()) {
        println!("{} {}: {}", path.display(), described(table), table.reasons.join("; "));
    }
}

/// Tables at equal distances over all documents.
fn draw(tables: &[(PathBuf, Table)], count: usize) {
    for index in (0..count).map(|n| (2 * n + 1) * tables.len() / (2 * count)) {
        let Some((path, table)) = tables.get(index) else { continue };
        let form = table.form.as_deref().unwrap_or("(none)");
        println!("\n{} {}\n  {form} {:.2} {}", path.display(), described(table), table.score, table.reasons.join("; "));
        for row in 0..table.rows.min(table.header_rows + 3) {
            let cells = table.cells.iter().filter(|c| c.row == row).map(|c| c.text.replace('\n', ""));
            println!("  | {}", cells.map(|t| t.chars().take(14).collect::<String>()).collect::<Vec<_>>().join(" | "));
        }
    }
}

fn described(table: &Table) -> String {
    let page = table.locations.first().and_then(|l| l.page).map(|p| format!(" page {p}")).unwrap_or_default();
    format!("{}{page} {}", table.id, table.title.as_deref().unwrap_or("(no title)"))
}
