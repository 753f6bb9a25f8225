//! Writes the sample region of `corpus/region`: a district that does not exist, four of its departments, two
//! years of final accounts and one budget, with the truth beside each file. Same program, same bytes.
//!
//! ```text
//! cargo run --example make_region -- corpus/region [corpus/cases]
//! ```

mod budget;
mod cases;
mod classification;
mod document;
mod fact;
mod grid;
#[cfg(test)]
mod identities;
mod model;
mod narrative;
mod outline;
mod performance;
mod planted;
mod statement;
mod sums;
mod write;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::classification::Classification;
use crate::model::{Annex, Department};
use crate::planted::Planted;
use crate::statement::{Books, statements};

/// Reports that are published as PDF too; the PDFs are rendered once and committed.
const ALSO_PDF: [&str; 2] = ["区文化广电体育和旅游局/2024/2024年度部门决算", "区档案馆/2024/2024年度部门决算"];
/// The report that carries the planted errors.
const PLANTED: &str = "区档案馆/2023/2023年度部门决算";
/// The report whose file name gives the wrong year.
const MISNAMED: (&str, &str) = ("区审计局/2023/2023年度部门决算", "区审计局/2023/2022年度部门决算");

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let folder = arguments.next().context("usage: make_region REGION [CASES]")?;
    Region::load()?.write(&folder)?;
    if let Some(folder) = arguments.next() {
        for (path, bytes) in cases::sources()? {
            save(&folder, path, &bytes)?;
        }
    }
    Ok(())
}

/// Everything that the reports are made from.
struct Region {
    names: Classification,
    departments: Vec<Department>,
    /// Page numbers of the tables of contents, by report; measured on the rendered files.
    pages: BTreeMap<String, Vec<u32>>,
}

impl Region {
    fn load() -> Result<Self> {
        let data = [
            include_str!("district/culture.toml"),
            include_str!("district/audit.toml"),
            include_str!("district/health.toml"),
            include_str!("district/archives.toml"),
        ];
        Ok(Self {
            names: Classification::load()?,
            departments: data.into_iter().map(model::load).collect::<Result<_>>()?,
            pages: toml::from_str(include_str!("district/pages.toml"))?,
        })
    }

    /// Writes every file of the region but the PDFs.
    fn write(&self, folder: &Path) -> Result<()> {
        let mut planted = Vec::new();
        let mut first_bookmark = 186_420_100;
        for department in &self.departments {
            for year in &department.years {
                let books = Books { department, year, names: &self.names };
                planted.extend(self.accounts(folder, books, first_bookmark)?);
                first_bookmark += 100;
            }
        }
        self.budget(folder, first_bookmark)?;
        // Beside the region, not in it: a CSV inside would be read as a report.
        let beside = folder.parent().unwrap_or(folder);
        save(beside, "planted.csv", planted_csv(&planted).as_bytes())?;
        save(beside, "sums.csv", sums::csv(&self.departments, &self.names).as_bytes())
    }

    /// Writes the final accounts of one department and year.
    fn accounts(&self, folder: &Path, books: Books, first_bookmark: u32) -> Result<Vec<Planted>> {
        let (body, year) = (&books.department.folder, books.year.year);
        let report = format!("{body}/{year}/{year}年度部门决算");
        let stem = if report == MISNAMED.0 { MISNAMED.1.to_owned() } else { report.clone() };
        let mut document = narrative::final_accounts(books, first_bookmark);
        let file = format!("{stem}.docx");
        let planted = if report == PLANTED { planted::plant(&mut document, &file)? } else { Vec::new() };
        save(folder, &file, &write::docx::write(&document, self.pages(&report))?)?;
        let mut files = vec![file_name(&file)];
        if ALSO_PDF.contains(&report.as_str()) {
            files.push(file_name(&format!("{stem}.pdf")));
        }
        save_truth(folder, &stem, &write::truth::of_document(&document, &files))?;
        if books.department.annex == Annex::Workbook {
            let statements = statements(books);
            let stem = format!("{report}附表");
            let file = format!("{stem}.xlsx");
            save(folder, &file, &write::workbook::write(&statements, &document.published)?)?;
            let files = [file_name(&file)];
            let truth = write::truth::of_workbook(document.kind, &document.entity, year, &statements, &files);
            save_truth(folder, &stem, &truth)?;
        }
        Ok(planted)
    }

    /// Writes the one budget.
    fn budget(&self, folder: &Path, first_bookmark: u32) -> Result<()> {
        let budget = budget::load()?;
        let document = budget::document(&budget, &self.names, first_bookmark);
        let stem = format!("{}/{}/{}年部门预算", budget.folder, budget.year, budget.year);
        let file = format!("{stem}.docx");
        save(folder, &file, &write::docx::write(&document, self.pages(&stem))?)?;
        save_truth(folder, &stem, &write::truth::of_document(&document, &[file_name(&file)]))
    }

    fn pages(&self, report: &str) -> &[u32] {
        self.pages.get(report).map_or(&[], Vec::as_slice)
    }
}

/// The list of planted errors.
fn planted_csv(planted: &[Planted]) -> String {
    let mut text = "file,code,where,printed,right,follows\n".to_owned();
    for p in planted {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{},{},{},{},{},{}", p.file, p.code, p.place, p.printed, p.right, p.follows);
    }
    text
}

fn file_name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_owned()
}

fn save_truth(folder: &Path, stem: &str, truth: &Value) -> Result<()> {
    save(folder, &format!("{stem}.expected.json"), (compact(truth)? + "\n").as_bytes())
}

/// JSON with one line an entry of a list, so that a change shows as a line.
fn compact(truth: &Value) -> Result<String> {
    let mut fields = Vec::new();
    for (name, value) in truth.as_object().into_iter().flatten() {
        let text = match value {
            Value::Array(entries) if entries.iter().any(Value::is_object) => {
                let lines: Vec<String> = entries.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
                format!("[\n{}\n]", lines.join(",\n"))
            }
            other => serde_json::to_string(other)?,
        };
        fields.push(format!("{}: {text}", serde_json::to_string(name)?));
    }
    Ok(format!("{{\n{}\n}}", fields.join(",\n")))
}

fn save(folder: &Path, path: &str, bytes: &[u8]) -> Result<()> {
    let path = folder.join(path);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))
}
