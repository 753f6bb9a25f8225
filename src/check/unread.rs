//! Is it the report that is wrong, or did we read too little of it? A sum is only held against a report when
//! every figure that stands among its addends has been read: in the same column or row of the table, or in
//! the same paragraphs of the text.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;
use rust_decimal::Decimal;

use super::evidence::{Evidence, code_of};
use super::passage::{amounts_of_lines, sentences};
use crate::model::{Basis, Fact, Literal, Printed, Table, Unit, fold_text};

/// A figure of the columns that the given facts stand in, in any of their tables, which no fact was made of.
pub(super) fn in_tables(facts: &[&Fact], evidence: &Evidence<'_>) -> Option<String> {
    let ids: BTreeSet<&str> = facts.iter().filter_map(|f| f.location.table.as_deref()).collect();
    let unread_of = |id: &str| {
        let table = evidence.report.tables.iter().find(|t| t.id == id)?;
        let inside = facts.iter().filter(|f| f.location.table.as_deref() == Some(id));
        let columns: BTreeSet<u32> = inside.filter_map(|f| place(f)).map(|p| p.1).collect();
        unread_cell(table, &read_cells(id, evidence), |_, col| columns.contains(&col))
    };
    ids.into_iter().find_map(unread_of)
}

/// A figure of the table's column (or row) that holds the given facts, which no fact was made of.
pub(super) fn in_table(facts: &[&Fact], evidence: &Evidence<'_>) -> Option<String> {
    let id = facts.first()?.location.table.as_deref()?;
    let table = evidence.report.tables.iter().find(|t| t.id == id)?;
    let inside: Vec<(u32, u32)> =
        facts.iter().filter(|f| f.location.table.as_deref() == Some(id)).filter_map(|f| place(f)).collect();
    let read: BTreeSet<(u32, u32)> = read_cells(id, evidence);
    let rows: BTreeSet<u32> = inside.iter().map(|p| p.0).collect();
    let columns: BTreeSet<u32> = inside.iter().map(|p| p.1).collect();
    if rows.len() == 1 {
        let first = *columns.first()?;
        return unread_cell(table, &read, |row, col| rows.contains(&row) && col >= first);
    }
    unread_cell(table, &read, |_, col| columns.contains(&col))
}

fn place(fact: &Fact) -> Option<(u32, u32)> {
    Some((fact.location.row?, fact.location.col?))
}

fn read_cells(table: &str, evidence: &Evidence<'_>) -> BTreeSet<(u32, u32)> {
    let of_table = |fact: &&Fact| fact.location.table.as_deref() == Some(table);
    evidence.report.facts.iter().filter(of_table).filter_map(place).collect()
}

fn unread_cell(table: &Table, read: &BTreeSet<(u32, u32)>, among: impl Fn(u32, u32) -> bool) -> Option<String> {
    let body = table.cells.iter().filter(|cell| cell.row >= table.header_rows && among(cell.row, cell.col));
    let unread = body.filter(|cell| !read.contains(&(cell.row, cell.col)));
    let figure = |text: &str| matches!(Printed::parse(text), Printed::Number(n) if !n.value.is_zero());
    unread.map(|cell| cell.text.clone()).find(|text| figure(text))
}

/// A figure of the text whose name led to no code, although others of its metric have one: a list that it
/// belongs to is not complete.
pub(super) fn without_code(facts: &[&Fact], evidence: &Evidence<'_>) -> Option<String> {
    let coded: BTreeSet<&str> = facts.iter().filter(|f| code_of(f).is_some()).map(|f| f.metric.as_str()).collect();
    let others = coded.into_iter().flat_map(|metric| evidence.of_metric(metric));
    let uncoded =
        others.into_iter().find(|f| code_of(f).is_none() && matches!(f.basis, Basis::Narrative | Basis::Annex));
    uncoded.map(|fact| fact.printed.clone())
}

static MONEY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"([0-9][0-9,]*(?:\.[0-9]+)?)(?:[万亿千]?元|辆)").ok());

/// An amount of the paragraphs that hold two or more of the given facts, which no fact was made of.
pub(super) fn in_text(facts: &[&Fact], evidence: &Evidence<'_>) -> Option<String> {
    let printed: BTreeSet<String> = facts.iter().filter(|f| !f.value.is_zero()).map(|f| plain(&f.printed)).collect();
    for amounts in amounts_of_lines(evidence).filter(|amounts| amounts.len() > 1) {
        let shared = printed.iter().filter(|literal| amounts.contains(literal)).count();
        let unread = amounts.into_iter().find(|literal| !evidence.read_amounts().contains(*literal));
        if shared >= 2 && unread.is_some() {
            return unread.cloned();
        }
    }
    None
}

/// An amount of the text that no fact was made of, and that is what a list lacks to its total.
pub(super) fn missing_addend(gap: Decimal, slack: Decimal, evidence: &Evidence<'_>) -> Option<String> {
    let is_unread = |literal: &String| !evidence.read_amounts().contains(literal);
    let of_sentence = |text: &str| amounts(text).into_iter().zip(with_unit(text)).collect::<Vec<_>>();
    let all = sentences(evidence).filter(|s| s.amounts().iter().any(is_unread)).flat_map(|s| of_sentence(s.text));
    let fills = |value: Decimal| !gap.is_zero() && (value - gap).abs() <= slack;
    all.filter(|(literal, value)| is_unread(literal) && fills(*value)).map(|(literal, _)| literal).next()
}

/// The amounts of a folded text, as [`plain`] literals in reading order.
pub(super) fn amounts(text: &str) -> Vec<String> {
    let Some(money) = MONEY.as_ref() else { return Vec::new() };
    money.captures_iter(text).filter_map(|c| c.get(1)).map(|m| plain(m.as_str())).collect()
}

/// The amounts of a folded text in the base unit.
pub(super) fn with_unit(text: &str) -> Vec<Decimal> {
    let Some(money) = MONEY.as_ref() else { return Vec::new() };
    let value = |c: regex::Captures<'_>| {
        let (literal, unit) = (c.get(1)?, c.get(0)?);
        let unit = Unit::parse(unit.as_str().get(literal.len()..)?)?;
        Literal::parse(literal.as_str())?.in_base(unit)
    };
    money.captures_iter(text).filter_map(value).collect()
}

/// A literal without separators, unit and sign.
pub(super) fn plain(literal: &str) -> String {
    fold_text(literal).chars().filter(|c| c.is_ascii_digit() || *c == '.').collect()
}
