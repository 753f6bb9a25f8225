//! Who is in the page: the regions, the bodies that report and their documents, as the ledger and the table
//! `disclosures` say. Which document's figures are summed is chosen here, as the view `amounts_leaf` chooses it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::rows::{Rows, Source, Version};
use crate::dataset::Table;
use crate::error::Result;
use crate::export::Options;

/// Region, level and name of a body.
type Owner = (Region, String, String);

/// What stands in the ledger for an unknown region.
const UNKNOWN_REGION: &str = "000000";

/// A region of the page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Region {
    /// Six digits, 000000 when unknown.
    #[serde(rename = "c")]
    pub(super) code: String,
    /// Its name as reports print it; empty when unknown. Regions without a code are told apart by it.
    #[serde(rename = "n")]
    pub(super) name: String,
}

/// A body that reports.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Body {
    /// Region, by its place in the list.
    #[serde(rename = "r")]
    pub(super) region: usize,
    /// `department`, `unit` or nothing; the two are never added up.
    #[serde(rename = "l")]
    pub(super) level: String,
    /// Full name; empty for all bodies of the region and level that no report names.
    #[serde(rename = "n")]
    pub(super) name: String,
}

/// A document of the ledger: the present version of its source.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Document {
    /// Body, by its place in the list; nothing for a document that says neither region nor body.
    #[serde(rename = "d", skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<usize>,
    #[serde(rename = "y", skip_serializing_if = "Option::is_none")]
    pub(super) year: Option<u16>,
    #[serde(rename = "k")]
    pub(super) kind: String,
    #[serde(rename = "t")]
    pub(super) title: String,
    #[serde(rename = "p")]
    pub(super) path: String,
    #[serde(rename = "f")]
    pub(super) format: String,
    #[serde(rename = "h")]
    pub(super) sha256: String,
    #[serde(rename = "b")]
    pub(super) bytes: i64,
    #[serde(rename = "g", skip_serializing_if = "Option::is_none")]
    pub(super) pages: Option<u32>,
    #[serde(rename = "s")]
    pub(super) status: String,
    #[serde(rename = "e", skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<String>,
    /// Checks that hold, that do not, and that have a side missing.
    #[serde(rename = "c")]
    pub(super) checks: [u32; 3],
    /// Whether a later version or a fuller copy of the same disclosure takes its place.
    #[serde(rename = "o", skip_serializing_if = "std::ops::Not::not")]
    pub(super) is_copy: bool,
    #[serde(skip)]
    pub(super) facts: u32,
    #[serde(skip)]
    pub(super) leaves: u32,
    #[serde(skip)]
    pub(super) version: Version,
}

impl Document {
    /// Whether it was read, so that it has content.
    pub(super) fn is_read(&self) -> bool {
        matches!(self.status.as_str(), "extracted" | "partial")
    }
}

/// What a body published for a year: expected statements that its documents hold, hold empty, and lack.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Disclosed {
    #[serde(rename = "d")]
    body: usize,
    #[serde(rename = "y")]
    year: u16,
    #[serde(rename = "k")]
    kind: String,
    #[serde(rename = "p")]
    present: usize,
    #[serde(rename = "e")]
    empty: usize,
    #[serde(rename = "m")]
    missing: Vec<String>,
}

/// The regions, bodies and documents of a page, each in a fixed order.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) regions: Vec<Region>,
    pub(super) bodies: Vec<Body>,
    pub(super) documents: Vec<Document>,
    pub(super) disclosed: Vec<Disclosed>,
    by_version: BTreeMap<Version, usize>,
    /// Documents whose item-level figures are summed.
    summed: BTreeSet<usize>,
}

impl Ledger {
    /// Reads what is wanted of a dataset.
    ///
    /// # Errors
    /// When a file of the dataset is missing or damaged.
    pub(super) fn read(source: &mut Source, options: &Options) -> Result<Self> {
        let mut found: Vec<(Option<Owner>, Document)> = Vec::new();
        source.each(Table::Reports, &COLUMNS, &mut |rows, row| found.extend(row_of(rows, row, options)))?;
        go_by_one_name(source, &mut found)?;
        unify_names(&mut found);
        found.sort_by(|(_, a), (_, b)| (a.year, &a.kind, &a.path).cmp(&(b.year, &b.kind, &b.path)));
        let mut ledger = Self::of(&found);
        ledger.read_disclosures(source)?;
        Ok(ledger)
    }

    fn of(found: &[(Option<Owner>, Document)]) -> Self {
        let owners = || found.iter().filter_map(|(owner, _)| owner.as_ref());
        let regions: BTreeSet<Region> = owners().map(|(region, ..)| region.clone()).collect();
        let regions: Vec<Region> = regions.into_iter().collect();
        let body = |(region, level, name): &Owner| {
            let region = regions.binary_search(region).unwrap_or_default();
            Body { region, level: level.clone(), name: name.clone() }
        };
        let bodies: BTreeSet<Body> = owners().map(body).collect();
        let bodies: Vec<Body> = bodies.into_iter().collect();
        let place = |(owner, document): &(Option<Owner>, Document)| {
            let body = owner.as_ref().and_then(|owner| bodies.binary_search(&body(owner)).ok());
            Document { body, ..document.clone() }
        };
        let documents: Vec<Document> = found.iter().map(place).collect();
        let read = documents.iter().enumerate().filter(|(_, d)| d.is_read());
        let by_version = read.map(|(n, d)| (d.version.clone(), n)).collect();
        let summed = summed(&documents, &bodies);
        Self { regions, bodies, documents, disclosed: Vec::new(), by_version, summed }
    }

    /// The document that a row of content is of, if it counts.
    pub(super) fn document_of(&self, rows: Rows<'_>, row: usize) -> Option<usize> {
        self.by_version.get(&rows.version(row)?).copied()
    }

    /// Whether a document's item-level figures are summed.
    pub(super) fn is_summed(&self, document: usize) -> bool {
        self.summed.contains(&document)
    }

    /// The body of a document, for comparing: a report of an unknown body stands for itself.
    pub(super) fn owner_of(&self, document: &Document) -> (Option<usize>, Option<String>) {
        owner_of(document, &self.bodies)
    }

    fn read_disclosures(&mut self, source: &mut Source) -> Result<()> {
        let mut copies = BTreeSet::new();
        let mut disclosed = Vec::new();
        source.each(Table::Disclosures, &DISCLOSURE, &mut |rows, row| {
            copies.extend(lines(rows, "superseded", row));
            disclosed.extend(self.disclosed_of(rows, row));
        })?;
        self.disclosed = disclosed;
        self.disclosed.sort_by(|a, b| (a.body, a.year, &a.kind).cmp(&(b.body, b.year, &b.kind)));
        for document in &mut self.documents {
            document.is_copy = copies.contains(&document.version.0);
        }
        Ok(())
    }

    fn disclosed_of(&self, rows: Rows<'_>, row: usize) -> Option<Disclosed> {
        let first = lines(rows, "documents", row).next()?;
        let document = self.documents.iter().find(|d| d.is_read() && d.version.0 == first)?;
        Some(Disclosed {
            body: document.body?,
            year: rows.year(row)?,
            kind: rows.owned("kind", row),
            present: lines(rows, "statements_present", row).count(),
            empty: lines(rows, "statements_empty", row).count(),
            missing: lines(rows, "statements_missing", row).collect(),
        })
    }
}

fn lines(rows: Rows<'_>, name: &str, row: usize) -> impl Iterator<Item = String> {
    rows.owned(name, row).lines().map(str::to_owned).collect::<Vec<_>>().into_iter()
}

const DISCLOSURE: [&str; 7] =
    ["fiscal_year", "kind", "documents", "superseded", "statements_present", "statements_empty", "statements_missing"];

const COLUMNS: [&str; 21] = [
    "report_id",
    "load_id",
    "region_code",
    "region_name",
    "fiscal_year",
    "source_uri",
    "sha256",
    "bytes",
    "format",
    "status",
    "error",
    "pages",
    "kind",
    "title",
    "entity",
    "entity_level",
    "fact_count",
    "leaf_count",
    "checks_satisfied",
    "checks_violated",
    "checks_not_checked",
];

/// A row of the ledger, with region, level and name of its body; earlier versions and passed-over files do not count.
fn row_of(rows: Rows<'_>, row: usize, options: &Options) -> Option<(Option<Owner>, Document)> {
    let status = rows.text("status", row)?.to_owned();
    let code = rows.owned("region_code", row);
    let year = rows.year(row);
    if matches!(status.as_str(), "superseded" | "skipped") || !options.takes(&code, year) {
        return None;
    }
    let count = |name: &str| rows.int(name, row).unwrap_or_default();
    let document = Document {
        body: None,
        year,
        kind: rows.owned("kind", row),
        title: rows.owned("title", row),
        path: rows.owned("source_uri", row),
        format: rows.owned("format", row),
        sha256: rows.owned("sha256", row),
        bytes: rows.long("bytes", row).unwrap_or_default(),
        pages: rows.int("pages", row),
        status,
        error: rows.filled("error", row),
        checks: [count("checks_satisfied"), count("checks_violated"), count("checks_not_checked")],
        is_copy: false,
        facts: count("fact_count"),
        leaves: count("leaf_count"),
        version: rows.version(row)?,
    };
    let name = rows.owned("entity", row);
    let region = Region { name: rows.owned("region_name", row), code };
    let is_lost = !document.is_read() && name.is_empty() && region.code == UNKNOWN_REGION;
    Some(((!is_lost).then(|| (region, rows.owned("entity_level", row), name)), document))
}

/// Gives each body the name that the table `entities` has for it, as the views do.
fn go_by_one_name(source: &mut Source, found: &mut [(Option<Owner>, Document)]) -> Result<()> {
    let mut names: BTreeMap<[String; 3], String> = BTreeMap::new();
    source.each(Table::Entities, &["region_code", "entity", "entity_level", "canonical"], &mut |rows, row| {
        if let Some(name) = rows.filled("canonical", row) {
            names.insert(["region_code", "entity", "entity_level"].map(|column| rows.owned(column, row)), name);
        }
    })?;
    for (region, level, name) in found.iter_mut().filter_map(|(owner, _)| owner.as_mut()) {
        if let Some(one) = names.get(&[region.code.clone(), name.clone(), level.clone()]) {
            name.clone_from(one);
        }
    }
    Ok(())
}

/// Gives each region code one name, the one that most documents print; regions without a code are told apart by name.
fn unify_names(found: &mut [(Option<Owner>, Document)]) {
    let mut counts: BTreeMap<Region, u32> = BTreeMap::new();
    for (region, ..) in found.iter().filter_map(|(owner, _)| owner.as_ref()).filter(|(r, ..)| !r.name.is_empty()) {
        *counts.entry(region.clone()).or_default() += 1;
    }
    let mut names: BTreeMap<String, (u32, String)> = BTreeMap::new();
    for (region, count) in counts.into_iter().filter(|(region, _)| region.code != UNKNOWN_REGION) {
        let best = names.entry(region.code).or_default();
        if count > best.0 {
            *best = (count, region.name);
        }
    }
    for (region, ..) in found.iter_mut().filter_map(|(owner, _)| owner.as_mut()) {
        if let Some((_, name)) = names.get(&region.code) {
            region.name.clone_from(name);
        }
    }
}

/// Of the documents of one body, level, year and kind the one with the most item-level figures; ties go to the
/// smaller path. The view `amounts_leaf` says the same in SQL.
fn summed(documents: &[Document], bodies: &[Body]) -> BTreeSet<usize> {
    let mut best: BTreeMap<_, usize> = BTreeMap::new();
    for (n, document) in documents.iter().enumerate().filter(|(_, d)| d.is_read() && d.leaves > 0) {
        let key = (owner_of(document, bodies), document.year, document.kind.as_str());
        let held = best.entry(key).or_insert(n);
        let is_better = documents.get(*held).is_some_and(|other| {
            (std::cmp::Reverse(document.leaves), &document.path) < (std::cmp::Reverse(other.leaves), &other.path)
        });
        if is_better {
            *held = n;
        }
    }
    best.into_values().collect()
}

fn owner_of(document: &Document, bodies: &[Body]) -> (Option<usize>, Option<String>) {
    let is_known = document.body.and_then(|b| bodies.get(b)).is_some_and(|body| !body.name.is_empty());
    (document.body, (!is_known).then(|| document.path.clone()))
}
