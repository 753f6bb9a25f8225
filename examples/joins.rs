//! Prints which reports belong together, with the evidence for each: `juesuan extract FILES | joins`.
//!
//! Reads reports as JSON Lines from standard input. With `--all` disclosures of a single document are printed too.
#![allow(clippy::print_stdout)] // it prints for a person

use std::io::{BufRead, stdin};

use anyhow::Result;
use juesuan::dataset::disclosures::{Disclosure, Document, join};
use juesuan::forms::Forms;
use juesuan::model::Report;

fn main() -> Result<()> {
    let all = std::env::args().any(|a| a == "--all");
    let forms = Forms::builtin();
    let mut documents = Vec::new();
    for line in stdin().lock().lines() {
        let report: Report = serde_json::from_str(&line?)?;
        documents.push(Document::of(&report, forms));
    }
    let disclosures = join(&documents, forms);
    for disclosure in disclosures.iter().filter(|d| all || d.members.len() > 1 || !d.doubts.is_empty()) {
        print(disclosure);
    }
    let joined = disclosures.iter().filter(|d| d.members.len() > 1).count();
    println!("{} documents, {} disclosures, {joined} of several documents", documents.len(), disclosures.len());
    Ok(())
}

fn print(disclosure: &Disclosure) {
    let entity = disclosure.entity.as_deref().unwrap_or("?");
    let year = disclosure.fiscal_year.map_or("?".to_owned(), |y| y.to_string());
    println!("{entity} {year} {}", disclosure.kind.as_deref().unwrap_or("?"));
    for member in &disclosure.members {
        let evidence: Vec<String> = member.evidence.iter().map(ToString::to_string).collect();
        let state = if member.superseded_by.is_some() { " superseded" } else { "" };
        println!("  {:6}{state} {} [{}]", member.part.word(), member.uri, evidence.join(", "));
        for d in &member.differences {
            println!("         {} {} / {}", d.name, d.here, d.there);
        }
    }
    println!("  present {:?}", disclosure.coverage.present);
    println!("  empty {:?} missing {:?}", disclosure.coverage.declared_empty, disclosure.coverage.missing);
    for doubt in &disclosure.doubts {
        println!("  ? {doubt}");
    }
}
