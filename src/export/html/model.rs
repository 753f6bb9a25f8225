//! What a page holds: one index for the region, and for each body the content of its documents, which the page
//! unpacks when somebody turns to it. Amounts are exact decimals as text; the page adds them up as whole numbers.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::blackening::Blackener;
use super::contents::{self, Content, Seen};
use super::ledger::{Body, Disclosed, Document, Ledger, Region};
use super::rows::{Rows, Source};
use crate::dataset::Table;
use crate::error::Result;
use crate::export::Options;

/// Figures of a whole body that people ask for first, beside those of travel, vehicles and receptions (`tp.`).
const HEADLINE: [&str; 12] = [
    "total.in",
    "total.out",
    "rev.current",
    "exp.current",
    "exp.basic",
    "exp.project",
    "fin.total.in",
    "gpb.exp",
    "gf.exp",
    "soc.exp",
    "ops.cost",
    "proc.total",
];

/// A page before it is written.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) index: Index,
    /// Contents in the order of the documents.
    pub(super) contents: Vec<Content>,
}

/// What the page shows of a region without turning to a body.
#[derive(Debug, Default, Serialize)]
pub(super) struct Index {
    pub(super) regions: Vec<Region>,
    pub(super) bodies: Vec<Body>,
    pub(super) documents: Vec<Document>,
    pub(super) disclosed: Vec<Disclosed>,
    pub(super) leaves: Leaves,
    pub(super) headline: Headline,
    pub(super) findings: Vec<Fault>,
    /// Names of functional codes.
    pub(super) codes: BTreeMap<String, String>,
    /// Names of metrics.
    pub(super) metrics: BTreeMap<String, String>,
}

/// Item-level expenditure as the view `amounts_leaf` has it, column by column.
#[derive(Debug, Default, Serialize)]
pub(super) struct Leaves {
    #[serde(rename = "d")]
    pub(super) documents: Vec<usize>,
    /// Place of the figure in the document's list.
    #[serde(rename = "f")]
    figures: Vec<usize>,
    #[serde(rename = "c")]
    pub(super) codes: Vec<String>,
    #[serde(rename = "n")]
    pub(super) funds: Vec<String>,
    /// Amounts in 元.
    #[serde(rename = "v")]
    pub(super) amounts: Vec<String>,
}

/// One figure of each body, year, kind, stage and metric: that of the fullest document, as the view `three_public`
/// takes it.
#[derive(Debug, Default, Serialize)]
pub(super) struct Headline {
    #[serde(rename = "d")]
    pub(super) documents: Vec<usize>,
    #[serde(rename = "f")]
    figures: Vec<usize>,
    #[serde(rename = "m")]
    pub(super) metrics: Vec<String>,
    #[serde(rename = "s")]
    pub(super) phases: Vec<String>,
    #[serde(rename = "v")]
    pub(super) amounts: Vec<String>,
}

/// What one or several documents of a disclosure say wrongly in the same words.
#[derive(Debug, Serialize)]
pub(super) struct Fault {
    #[serde(rename = "c")]
    code: String,
    #[serde(rename = "s")]
    severity: String,
    #[serde(rename = "m")]
    message: String,
    /// Documents, each with the finding's place in its list.
    #[serde(rename = "w")]
    places: Vec<(usize, usize)>,
}

impl Model {
    /// Reads what is wanted of a dataset.
    ///
    /// # Errors
    /// When a file of the dataset is missing or damaged.
    pub(super) fn read(source: &mut Source, options: &Options) -> Result<Self> {
        let ledger = Ledger::read(source, options)?;
        let mut leaves = Leaves::default();
        let mut chosen = Chosen::new();
        let blackener = (!options.keeps_personal).then(|| Blackener::new(options.forms));
        let contents = contents::read(source, &ledger, blackener.as_ref(), &mut |seen| {
            leaves.see(seen, &ledger);
            see_headline(&mut chosen, seen, &ledger);
        })?;
        let findings = faults(&ledger, &contents);
        let mut index = Index { leaves, headline: headline(chosen), findings, ..Index::default() };
        index.codes = code_names(source, &index.leaves, &contents)?;
        index.metrics = names(source, Table::Metrics, ["metric", "label"])?;
        let used: BTreeSet<&str> = contents.iter().flat_map(|c| &c.facts).map(|f| f.metric.as_str()).collect();
        index.metrics.retain(|metric, _| used.contains(metric.as_str()));
        let index = Index {
            regions: ledger.regions,
            bodies: ledger.bodies,
            documents: ledger.documents,
            disclosed: ledger.disclosed,
            ..index
        };
        Ok(Self { index, contents })
    }

    /// Figures in all documents.
    pub(super) fn figures(&self) -> u64 {
        self.contents.iter().map(|content| content.facts.len() as u64).sum()
    }
}

impl Leaves {
    fn see(&mut self, seen: &Seen<'_>, ledger: &Ledger) {
        let (rows, row) = (seen.rows, seen.row);
        if !ledger.is_summed(seen.document) || !rows.is_true("is_leaf", row) {
            return;
        }
        let (Some(code), Some(value)) = (rows.text("func_code", row), rows.decimal("value", row)) else { return };
        self.documents.push(seen.document);
        self.figures.push(seen.figure);
        self.codes.push(code.to_owned());
        self.funds.push(fund(rows, row));
        self.amounts.push(value.to_string());
    }
}

/// The fund that pays, as the figure says or else as its metric begins; the view `amounts_leaf` says the same.
fn fund(rows: Rows<'_>, row: usize) -> String {
    let metric = rows.text("metric", row).unwrap_or_default();
    let prefix = metric.split_once(".exp.func").map_or("all", |(prefix, _)| prefix);
    let of_metric = if prefix == "fin" { "fiscal" } else { prefix };
    rows.text("fund", row).unwrap_or(of_metric).to_owned()
}

/// Body (or path, where no body is known), year, kind, metric and stage of a headline figure.
type Asked = ((Option<usize>, Option<String>), Option<u16>, String, String, String);
/// What decides between documents; then document, figure and amount.
type Answer = ((Reverse<u32>, String, String), usize, usize, String);
type Chosen = BTreeMap<Asked, Answer>;

fn see_headline(chosen: &mut Chosen, seen: &Seen<'_>, ledger: &Ledger) {
    let (rows, row) = (seen.rows, seen.row);
    let (Some(document), Some(metric)) = (ledger.documents.get(seen.document), rows.text("metric", row)) else {
        return;
    };
    let is_asked = metric.starts_with("tp.") || HEADLINE.contains(&metric);
    let is_whole = ["func_code", "econ_code", "project", "entity"].iter().all(|name| rows.text(name, row).is_none());
    let is_amount = rows.text("measure", row) == Some("amount") && rows.is_true("preferred", row);
    let is_own_year = rows.text("period", row).is_none_or(|p| document.year.is_some_and(|y| p == y.to_string()));
    let Some(value) = rows.decimal("value", row).filter(|_| is_asked && is_whole && is_amount && is_own_year) else {
        return;
    };
    let own_phase = if document.kind.starts_with("budget") { "initial_budget" } else { "final" };
    let phase = rows.text("phase", row).unwrap_or(own_phase);
    let asked = (ledger.owner_of(document), document.year, document.kind.clone(), metric.to_owned(), phase.to_owned());
    let rank = (Reverse(document.facts), document.path.clone(), rows.owned("fact_id", row));
    let answer = (rank, seen.document, seen.figure, value.to_string());
    match chosen.get_mut(&asked) {
        Some(held) if held.0 <= answer.0 => {}
        Some(held) => *held = answer,
        None => drop(chosen.insert(asked, answer)),
    }
}

fn headline(chosen: Chosen) -> Headline {
    let mut headline = Headline::default();
    for ((.., metric, phase), (_, document, figure, amount)) in chosen {
        headline.documents.push(document);
        headline.figures.push(figure);
        headline.metrics.push(metric);
        headline.phases.push(phase);
        headline.amounts.push(amount);
    }
    headline
}

/// Findings of all documents, those that copies of one disclosure repeat taken together.
fn faults(ledger: &Ledger, contents: &[Content]) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    let mut known = BTreeMap::new();
    for (n, (document, content)) in ledger.documents.iter().zip(contents).enumerate() {
        for (i, finding) in content.findings.iter().enumerate() {
            let next = faults.len();
            let key = (ledger.owner_of(document), document.year, &document.kind, &finding.code, &finding.message);
            let at = *known.entry(key).or_insert(next);
            if at == next {
                faults.push(Fault {
                    code: finding.code.clone(),
                    severity: finding.severity.clone(),
                    message: finding.message.clone(),
                    places: Vec::new(),
                });
            }
            if let Some(fault) = faults.get_mut(at) {
                fault.places.push((n, i));
            }
        }
    }
    faults
}

/// Names of the codes that are summed and of those above them; what the list does not know is named as printed.
fn code_names(source: &mut Source, leaves: &Leaves, contents: &[Content]) -> Result<BTreeMap<String, String>> {
    let mut names = names(source, Table::FuncCodes, ["func_code", "name"])?;
    let above =
        |code: &String| [3, 5, 7].into_iter().filter_map(|digits| code.get(..digits).map(str::to_owned)).collect();
    let used: BTreeSet<String> = leaves.codes.iter().flat_map(|code| -> Vec<String> { above(code) }).collect();
    names.retain(|code, _| used.contains(code));
    for figure in contents.iter().flat_map(|content| &content.facts) {
        let (Some(code), Some(label)) = (&figure.func_code, &figure.label) else { continue };
        if used.contains(code) && !names.contains_key(code) {
            names.insert(code.clone(), label.clone());
        }
    }
    Ok(names)
}

fn names(source: &mut Source, table: Table, [key, name]: [&str; 2]) -> Result<BTreeMap<String, String>> {
    let mut names = BTreeMap::new();
    source.each(table, &[key, name], &mut |rows, row| {
        names.insert(rows.owned(key, row), rows.owned(name, row));
    })?;
    Ok(names)
}
