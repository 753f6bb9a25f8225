//! Prints what the cells of workbooks hold, one JSON object a file, for comparison with other readers:
//! `sheet_values FILES`. A sheet's cells are `[row, column, kind, value]`, rows and columns from 0.
#![allow(clippy::print_stdout)] // it prints for a program

use anyhow::Result;
use juesuan::limits::{Deadline, Limits};
use juesuan::model::{RawDocument, SheetCell, SheetValue};
use juesuan::read::{read, sniff};
use serde_json::{Value, json};

fn main() {
    for path in std::env::args().skip(1) {
        let line = match document(&path) {
            Ok(document) => json!({ "path": path, "format": document.format, "sheets": sheets(&document) }),
            Err(error) => json!({ "path": path, "error": error.to_string() }),
        };
        println!("{line}");
    }
}

fn document(path: &str) -> Result<RawDocument> {
    let (bytes, limits) = (std::fs::read(path)?, Limits::default());
    let format = sniff(&bytes, path)?.format;
    Ok(read(&bytes, format, &limits, &Deadline::start(&limits))?)
}

fn sheets(document: &RawDocument) -> Vec<Value> {
    let sheet =
        |s: &juesuan::model::Sheet| json!({ "name": s.name, "cells": s.cells.iter().map(cell).collect::<Vec<_>>() });
    document.sheets.iter().map(sheet).collect()
}

fn cell(cell: &SheetCell) -> Value {
    let (kind, value) = match &cell.value {
        SheetValue::Text(text) => ("text", text.to_string()),
        SheetValue::Number(number) => ("number", number.to_string()),
        SheetValue::DateTime(iso) => ("date", iso.to_string()),
        SheetValue::Boolean(value) => ("boolean", value.to_string()),
        SheetValue::Error(error) => ("error", error.to_string()),
    };
    json!([cell.row, cell.col, kind, value])
}
