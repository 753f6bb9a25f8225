//! What joining looks at of a document: small enough to be kept for every report of a region.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Figure, Figures, Key, Part};
use crate::forms::Forms;
use crate::model::{Basis, EntityLevel, Printed, Report, Table, file_name, fold_text, split_path};

/// A document, as far as joining is concerned. It can be kept in the ledger as JSON and read back by a later run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Document {
    /// Its report.
    pub report_id: String,
    /// Where the file lies.
    pub uri: String,
    /// Six digits, where the report says.
    pub region_code: Option<String>,
    /// Who reports.
    pub entity: Option<String>,
    /// The name that a file of bodies knows it by, where that is another one.
    #[serde(skip)]
    pub known_as: Option<String>,
    /// Department or unit.
    pub entity_level: Option<EntityLevel>,
    /// Kind of report.
    pub kind: Option<String>,
    /// Year of its figures.
    pub fiscal_year: Option<u16>,
    /// Title as printed.
    pub title: Option<String>,
    /// Date of publication as printed, ISO 8601.
    pub published: Option<String>,
    /// Statement forms that it holds, and whether there is a figure other than zero in any of their tables.
    pub statements: BTreeMap<String, bool>,
    /// Names of expected statements that its text says there is nothing for.
    pub declared_empty: Vec<String>,
    /// Whether its text states figures.
    pub has_text: bool,
    /// How many facts it has.
    pub facts: usize,
    /// Totals that it prints.
    pub figures: Figures,
}

impl Document {
    /// Takes from a report what joining looks at.
    #[must_use]
    pub fn of(report: &Report, forms: &Forms) -> Self {
        let identity = &report.identity;
        Self {
            report_id: report.id.clone(),
            uri: report.source.path.clone(),
            region_code: identity.region.as_ref().and_then(|r| r.code.clone()),
            entity: identity.entity.clone(),
            known_as: None,
            entity_level: identity.entity_level,
            kind: identity.kind.clone(),
            fiscal_year: identity.fiscal_year,
            title: identity.title.clone(),
            published: identity.published.clone(),
            statements: statements(report),
            declared_empty: declared_empty(report, forms),
            has_text: report.facts.iter().any(|f| f.basis == Basis::Narrative),
            facts: report.facts.len(),
            figures: Figure::totals_of(report),
        }
    }

    /// What it prints about itself, where that is enough to join by.
    pub(super) fn key(&self, forms: &Forms) -> Option<Key> {
        Some((self.body(forms)?, self.fiscal_year?, self.kind.clone()?))
    }

    /// Whose it is, in the one spelling that all spellings share.
    fn body(&self, forms: &Forms) -> Option<String> {
        self.known_as.as_deref().or(self.entity.as_deref()).map(|name| forms.joining.body(name))
    }

    /// The folder, or the archive, that it lies in.
    pub(super) fn folder(&self) -> &str {
        split_path(&self.uri).0
    }

    /// The name of its file.
    pub(super) fn file_name(&self) -> &str {
        file_name(&self.uri)
    }

    /// Whether nothing that it prints of its identity speaks against another document's.
    pub(super) fn may_be_of(&self, other: &Self, forms: &Forms) -> bool {
        fits(self.body(forms).as_ref(), other.body(forms).as_ref())
            && fits(self.fiscal_year.as_ref(), other.fiscal_year.as_ref())
            && fits(self.entity_level.as_ref(), other.entity_level.as_ref())
            && fits(self.kind.as_ref(), other.kind.as_ref())
    }

    /// What it contributes to a disclosure of a kind.
    pub(super) fn part(&self, forms: &Forms) -> Part {
        let is_annex = self.kind.as_deref().is_some_and(|k| forms.joining.annex_of(k).is_some());
        match (is_annex, self.has_text, self.statements.is_empty()) {
            (true, ..) => Part::Annex,
            (false, true, false) => Part::Whole,
            (false, true, true) => Part::Text,
            (false, false, false) => Part::Tables,
            (false, false, true) => Part::Other,
        }
    }
}

/// Whether one of two folders is the other, or lies below it.
pub(super) fn is_near(a: &str, b: &str) -> bool {
    let holds =
        |outer: &str, inner: &str| inner.strip_prefix(outer).is_some_and(|r| r.is_empty() || r.starts_with(['/', '!']));
    a == b || (!a.is_empty() && holds(a, b)) || (!b.is_empty() && holds(b, a))
}

/// Whether two printed properties may be of one document: one is not printed, or both say the same.
fn fits<T: PartialEq>(a: Option<&T>, b: Option<&T>) -> bool {
    a.is_none() || b.is_none() || a == b
}

/// Statement forms of a report; a form is filled when any table of it is.
fn statements(report: &Report) -> BTreeMap<String, bool> {
    let mut found = BTreeMap::new();
    for table in &report.tables {
        let Some(form) = table.form.as_ref().filter(|f| !f.starts_with("performance.")) else { continue };
        *found.entry(form.clone()).or_insert(false) |= is_filled(table);
    }
    found
}

fn is_filled(table: &Table) -> bool {
    let body = table.cells.iter().filter(|c| c.row >= table.header_rows);
    body.map(|c| Printed::parse(&c.text)).any(|p| matches!(p, Printed::Number(literal) if !literal.value.is_zero()))
}

/// Expected statements that the text, or a line or cell of their own table, says there is nothing for.
fn declared_empty(report: &Report, forms: &Forms) -> Vec<String> {
    let joining = &forms.joining;
    let kind = report.identity.kind.as_deref().unwrap_or_default();
    let texts: Vec<String> = report.sections.iter().map(|s| fold(&s.text)).collect();
    let says_so = |table: &Table| {
        let lines = table.footnotes.iter().chain(&table.captions).map(String::as_str);
        lines.chain(table.cells.iter().map(|c| c.text.as_str())).any(|line| joining.empty.is_match(&fold(line)))
    };
    let declares = |expected: &&crate::forms::disclosures::Expected| {
        let in_text = || expected.declared.as_ref().is_some_and(|d| texts.iter().any(|t| d.is_match(t)));
        let in_table = |t: &&Table| t.form.as_ref().is_some_and(|f| expected.forms.contains(f)) && !is_filled(t);
        report.tables.iter().filter(in_table).any(says_so) || in_text()
    };
    joining.expected_of(kind).filter(declares).map(|e| e.name.clone()).collect()
}

fn fold(text: &str) -> String {
    fold_text(text).into_owned()
}
