//! The truth beside a report: what a reader must find in it, taken from the report before it became a file.
//! Its format is described in corpus/README.md.

use serde_json::{Value, json};

use super::workbook::sheet_name;
use crate::document::{Block, Document, Form, Passage, Start};
use crate::fact::Fact;
use crate::grid::Grid;
use crate::model::DISTRICT;
use crate::statement::Statement;

/// Truth of a report text; `files` hold the same text in different formats.
pub fn of_document(document: &Document, files: &[String]) -> Value {
    json!({
        "files": files,
        "identity": identity(document.kind, &document.entity, document.year),
        "sections": document.headings().map(|h| json!({"level": h.level, "label": h.label, "title": h.title})).collect::<Vec<_>>(),
        "bookmarks": bookmarks(document),
        "tables": tables(document),
        "charts": document.charts().map(|c| json!({
            "kind": c.kind,
            "title": c.title,
            "caption": c.caption,
            "series": [{"name": c.series, "points": c.points.iter().map(|(category, value)| {
                json!({"category": category, "value": value.normalize().to_string()})
            }).collect::<Vec<_>>()}],
        })).collect::<Vec<_>>(),
        "facts": facts(&document.facts()),
        "indicators": forms(document).flat_map(indicators).collect::<Vec<_>>(),
    })
}

/// Truth of a table annex.
pub fn of_workbook(kind: &str, entity: &str, year: u16, statements: &[Statement], files: &[String]) -> Value {
    let table = |(at, statement): (usize, &Statement)| {
        let mut table = statement_table(statement);
        table["sheet"] = json!(sheet_name(at, statement));
        table
    };
    let all: Vec<&Fact> = statements.iter().flat_map(|statement| statement.grid.facts()).collect();
    json!({
        "files": files,
        "identity": identity(kind, entity, year),
        "tables": statements.iter().enumerate().map(table).collect::<Vec<_>>(),
        "facts": facts(&all),
    })
}

fn identity(kind: &str, entity: &str, year: u16) -> Value {
    json!({
        "kind": kind,
        "entity": entity,
        "entity_level": "department",
        "region": {"name": DISTRICT},
        "fiscal_year": year,
    })
}

/// Bookmarks in document order: those of headings, and those inside passages under the heading before them.
fn bookmarks(document: &Document) -> Vec<Value> {
    let mut section = "";
    let mut found = Vec::new();
    for block in &document.blocks {
        match block {
            Block::Heading(heading) => {
                section = &heading.title;
                found.extend(heading.bookmarks.iter().map(|bookmark| {
                    let kind = if bookmark.start == Start::Displaced { "displaced" } else { "heading" };
                    json!({"name": bookmark.name, "kind": kind, "section": section})
                }));
            }
            Block::Passage(Passage { bookmark: Some((name, ..)), .. }) => {
                let kind = if name == "_GoBack" { "system" } else { "inside" };
                found.push(json!({"name": name, "kind": kind, "section": section}));
            }
            _ => {}
        }
    }
    found
}

fn forms(document: &Document) -> impl Iterator<Item = &Form> {
    document.blocks.iter().filter_map(|block| if let Block::Form(form) = block { Some(form) } else { None })
}

fn tables(document: &Document) -> Vec<Value> {
    let of_block = |block: &Block| match block {
        Block::Form(form) => Some(json!({"title": form.title, "grid": grid(&form.grid)})),
        Block::Statement(statement) => Some(statement_table(statement)),
        _ => None,
    };
    document.blocks.iter().filter_map(of_block).collect()
}

fn statement_table(statement: &Statement) -> Value {
    json!({
        "form": statement.form,
        "title": statement.title,
        "code": statement.code,
        "unit": statement.unit,
        "footnotes": statement.notes,
        "grid": grid(&statement.grid),
    })
}

/// Size, header rows and the cells that print something: `[row, col, row_span, col_span, text]`.
fn grid(grid: &Grid) -> Value {
    let mut cells: Vec<_> = grid.cells.iter().filter(|cell| !cell.text.is_empty()).collect();
    cells.sort_by_key(|cell| (cell.row, cell.col));
    let cells: Vec<Value> = cells.into_iter().map(|c| json!([c.row, c.col, c.row_span, c.col_span, c.text])).collect();
    json!({"rows": grid.rows, "cols": grid.cols, "header_rows": grid.header_rows, "cells": cells})
}

fn indicators(form: &Form) -> impl Iterator<Item = Value> {
    form.indicators.iter().map(|[level1, level2, level3, target, actual]| {
        json!({
            "project": form.project,
            "level1": level1,
            "level2": level2,
            "level3": level3,
            "target": target,
            "actual": actual,
        })
    })
}

/// Facts other than zeros, which a reader may or may not take from a table.
fn facts(facts: &[&Fact]) -> Vec<Value> {
    facts.iter().filter(|fact| !fact.value.is_zero()).map(|fact| of_fact(fact)).collect()
}

/// One fact; absent codes are left out, and so is the stage of a count, which has none.
fn of_fact(fact: &Fact) -> Value {
    let mut value = json!({
        "metric": fact.metric,
        "measure": fact.measure,
        "period": fact.period.to_string(),
    });
    if fact.measure != "count" {
        value["phase"] = json!(fact.phase);
    }
    for (name, text) in [("func_code", &fact.func_code), ("econ_code", &fact.econ_code), ("project", &fact.project)] {
        if let Some(text) = text {
            value[name] = json!(text);
        }
    }
    value["value"] = json!(fact.value.to_string());
    value["printed"] = json!(fact.printed);
    value["basis"] = json!(fact.basis);
    value
}
