//! HR-02 — a statement has an item without the section that the item belongs to, though it prints sections.
//!
//! **Why it matters.** The row counts for nothing above it, or its code is mistyped.
//! **When it stays quiet.** For statements that print items alone, where more than one section is missing (then rows
//! were left out or not read), where a figure of the table was not read, and for codes told from a name.
//! **Example.** 2080505 in a statement whose sections are 20103 and 20899.

use std::collections::BTreeSet;

use crate::check::evidence::Evidence;
use crate::check::message::{self, Language};
use crate::forms::identities::Written;
use crate::model::{CodeSource, Fact, Finding, Table};

/// Finds items whose section has no row in the same table.
pub(super) fn code_lacks_its_parent(written: &Written, evidence: &Evidence<'_>, language: Language) -> Vec<Finding> {
    let tables = evidence.report.tables.iter().filter(|table| table.form.is_some());
    tables.filter_map(|table| finding(written, table, evidence, language)).collect()
}

fn finding(written: &Written, table: &Table, evidence: &Evidence<'_>, language: Language) -> Option<Finding> {
    let inside = |fact: &&Fact| {
        fact.location.table.as_deref() == Some(table.id.as_str()) && fact.code_source != Some(CodeSource::Inferred)
    };
    let facts: Vec<&Fact> = evidence.report.facts.iter().filter(inside).collect();
    let code = |fact: &&&Fact, digits: usize| fact.func_code.as_ref().is_some_and(|c| c.len() == digits);
    let sections: BTreeSet<&str> = facts.iter().filter(|f| code(f, 5)).filter_map(|f| f.func_code.as_deref()).collect();
    let parent = |fact: &Fact| fact.func_code.as_deref().and_then(|c| c.get(..5)).map(str::to_owned);
    let orphans: Vec<&&Fact> =
        facts.iter().filter(|f| code(f, 7) && parent(f).is_some_and(|p| !sections.contains(p.as_str()))).collect();
    let missing: BTreeSet<String> = orphans.iter().filter_map(|fact| parent(fact)).collect();
    let first = orphans.first()?;
    if sections.len() < 2 || missing.len() != 1 || is_cut(table, evidence) {
        return None;
    }
    let quoted = format!("{} {}", first.func_code.as_deref()?, first.func_name.as_deref().unwrap_or_default());
    let mut finding = message::wording(&written.heading, quoted.trim(), vec![first.location.clone()], language);
    finding.facts = vec![first.id.clone()];
    finding.rhs = missing.into_iter().next();
    Some(finding)
}

/// Whether a cell looks like a code that no row was made of, or the table may go on elsewhere.
fn is_cut(table: &Table, evidence: &Evidence<'_>) -> bool {
    let rows: BTreeSet<u32> = evidence
        .report
        .facts
        .iter()
        .filter(|f| f.location.table.as_deref() == Some(table.id.as_str()))
        .filter_map(|f| f.location.row)
        .collect();
    let is_code = |text: &str| {
        let digits = text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        matches!(digits.len(), 3 | 5 | 7) && digits.bytes().all(|b| b.is_ascii_digit())
    };
    table.cells.iter().any(|cell| cell.row >= table.header_rows && is_code(&cell.text) && !rows.contains(&cell.row))
}
