//! `juesuan status`: what a dataset covers, what failed and why, and what the last runs did.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::print_lines;
use crate::cli::args::StatusArgs;
use crate::cli::exit::Exit;
use crate::cli::grid::Grid;
use crate::cli::lang;
use crate::cli::plan::Plan;
use crate::cli::text;
use crate::dataset::{Entry, last_runs, read_ledger};

/// Runs that are shown.
const RUNS: usize = 10;
/// Reasons that are shown.
const REASONS: usize = 20;

pub(in crate::cli) fn status(args: &StatusArgs, plan: &Plan) -> anyhow::Result<Exit> {
    let ledger = read_ledger(&args.dataset)?;
    let status = Status::of(&ledger);
    let runs = last_runs(&args.dataset, RUNS);
    if args.json {
        print_lines([serde_json::to_string_pretty(&as_json(&status, &runs))?])?;
    } else {
        print_lines(lines(&status, &runs, plan))?;
    }
    Ok(Exit::Done)
}

/// What the ledger says, counted.
#[derive(Debug, Default)]
struct Status {
    statuses: BTreeMap<String, u64>,
    coverage: BTreeMap<(String, Option<u16>, String), Covered>,
    reasons: BTreeMap<(String, String), Reason>,
}

#[derive(Debug, Default)]
struct Covered {
    region: Option<String>,
    documents: u64,
    bodies: BTreeSet<String>,
}

#[derive(Debug, Default)]
struct Reason {
    documents: u64,
    example: String,
}

impl Status {
    fn of(ledger: &[Entry]) -> Self {
        let mut status = Self::default();
        for entry in ledger {
            *status.statuses.entry(entry.status.clone()).or_default() += 1;
            if entry.counts() {
                let key = (entry.region_code.clone(), entry.fiscal_year, entry.kind.clone().unwrap_or_default());
                let covered = status.coverage.entry(key).or_default();
                covered.documents += 1;
                covered.region = covered.region.take().or_else(|| entry.region_name.clone());
                covered.bodies.extend(entry.entity.clone());
            }
            if let Some(error) = entry.error.as_ref().filter(|_| entry.is_live()) {
                let reason = status.reasons.entry((entry.status.clone(), error.clone())).or_default();
                reason.documents += 1;
                if reason.documents == 1 {
                    reason.example.clone_from(&entry.source_uri);
                }
            }
        }
        status
    }

    /// Most frequent first.
    fn ranked_reasons(&self) -> Vec<(&(String, String), &Reason)> {
        let mut ranked: Vec<_> = self.reasons.iter().collect();
        ranked.sort_by_key(|(_, reason)| std::cmp::Reverse(reason.documents));
        ranked.truncate(REASONS);
        ranked
    }
}

fn as_json(status: &Status, runs: &[(String, Value)]) -> Value {
    let coverage = status.coverage.iter().map(|((code, year, kind), covered)| {
        json!({"region_code": code, "region": covered.region, "fiscal_year": year, "kind": kind,
            "documents": covered.documents, "bodies": covered.bodies.len()})
    });
    let reasons = status.ranked_reasons().into_iter().map(|((status, error), reason)| {
        json!({"status": status, "error": error, "documents": reason.documents, "example": reason.example})
    });
    let runs = runs.iter().map(|(id, summary)| {
        let mut run = summary.clone();
        run["load_id"] = json!(id);
        run
    });
    json!({
        "statuses": status.statuses,
        "coverage": coverage.collect::<Vec<_>>(),
        "reasons": reasons.collect::<Vec<_>>(),
        "runs": runs.collect::<Vec<_>>(),
    })
}

fn lines(status: &Status, runs: &[(String, Value)], plan: &Plan) -> Vec<String> {
    let parts =
        [status_rows(status, plan), coverage_rows(status, plan), reason_rows(status, plan), run_rows(runs, plan)];
    let mut lines = Vec::new();
    for (header, rows, numbers) in parts.iter().filter(|(_, rows, _)| !rows.is_empty()) {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let header: Vec<&str> = header.iter().map(|text| plan.lang.say(*text)).collect();
        lines.extend(Grid::of_rows(&header, rows, numbers).draw(text::terminal_columns(), plan.paint));
    }
    lines
}

/// Header, rows, and which columns are numbers.
type Rows = (Vec<lang::Text>, Vec<Vec<String>>, Vec<usize>);

fn status_rows(status: &Status, plan: &Plan) -> Rows {
    let rows = status.statuses.iter().map(|(word, n)| vec![plan.lang.word(word).to_owned(), n.to_string()]);
    (vec![lang::STATUS, lang::DOCUMENTS], rows.collect(), vec![1])
}

fn coverage_rows(status: &Status, plan: &Plan) -> Rows {
    let row = |((code, year, kind), covered): (&(String, Option<u16>, String), &Covered)| {
        let region = covered.region.as_deref().unwrap_or_default();
        vec![
            format!("{code} {region}").trim_end().to_owned(),
            year.map(|y| y.to_string()).unwrap_or_default(),
            plan.lang.word(kind).to_owned(),
            covered.bodies.len().to_string(),
            covered.documents.to_string(),
        ]
    };
    let header = vec![lang::REGION, lang::PERIOD, lang::KIND, lang::ENTITIES, lang::DOCUMENTS];
    (header, status.coverage.iter().map(row).collect(), vec![3, 4])
}

fn reason_rows(status: &Status, plan: &Plan) -> Rows {
    let row = |((status, error), reason): (&(String, String), &Reason)| {
        let name = reason.example.rsplit('/').next().unwrap_or_default();
        let example = text::cut(&text::plain(name, false), 32);
        vec![plan.lang.word(status).to_owned(), reason.documents.to_string(), error.clone(), example]
    };
    let header = vec![lang::STATUS, lang::DOCUMENTS, lang::REASON, lang::EXAMPLE];
    (header, status.ranked_reasons().into_iter().map(row).collect(), vec![1])
}

fn run_rows(runs: &[(String, Value)], plan: &Plan) -> Rows {
    let row = |(id, run): &(String, Value)| {
        let count = |name: &str| run[name].as_u64().unwrap_or(0);
        let failed = ["needs_ocr", "refused", "failed", "quarantined"].iter().map(|s| run["statuses"][s].as_u64());
        let failed: u64 = failed.map(|n| n.unwrap_or(0)).sum();
        let seconds = run["seconds"].as_f64().map(|s| format!("{s:.1}")).unwrap_or_default();
        let interrupted = run["interrupted"].as_bool().filter(|i| *i).map(|_| plan.lang.say(lang::INTERRUPTED));
        let remark = run["error"].as_str().or(interrupted).unwrap_or_default();
        vec![
            run["started"].as_str().unwrap_or(id).to_owned(),
            count("documents").to_string(),
            failed.to_string(),
            count("unchanged").to_string(),
            count("vanished").to_string(),
            seconds,
            remark.to_owned(),
        ]
    };
    let header = vec![lang::RUN, lang::READ, lang::FAILED, lang::UNCHANGED, lang::VANISHED, lang::SECONDS, lang::HINT];
    (header, runs.iter().map(row).collect(), vec![1, 2, 3, 4, 5])
}
