//! Tables as files, one each: CSV, JSON Lines, Parquet. Rows go through one batch at a time.

use std::borrow::Cow;
use std::io::Write;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use super::WrittenFile;
use super::hashed::Hashed;
use super::personal;
use super::selection::Selection;
use crate::dataset::{Cell, Cells, Table, arrow_schema};
use crate::error::{Error, ErrorKind, Result};

/// A form of table files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Csv,
    Jsonl,
    Parquet,
}

impl Form {
    /// The name of a table's file.
    pub(super) fn file_name(self, table: Table) -> String {
        let ending = match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Parquet => "parquet",
        };
        format!("{}.{ending}", table.name())
    }
}

/// A table that was written, with the SHA-256 of its file.
pub(super) struct WrittenTable {
    pub(super) table: Table,
    pub(super) file: WrittenFile,
    pub(super) sha256: String,
}

/// Writes every table into a folder.
pub(super) fn write(selection: &mut Selection<'_>, folder: &Path, form: Form) -> Result<Vec<WrittenTable>> {
    Table::ALL.into_iter().map(|table| write_table(selection, folder, form, table)).collect()
}

fn write_table(selection: &mut Selection<'_>, folder: &Path, form: Form, table: Table) -> Result<WrittenTable> {
    let name = form.file_name(table);
    let out = Hashed::create(&folder.join(&name))?;
    let mut black = (!selection.keeps_personal()).then(|| personal::Rows::new(table, selection.redactor()));
    let (out, rows) = match form {
        Form::Csv => csv_rows(selection, table, &mut black, out)?,
        Form::Jsonl => json_rows(selection, table, &mut black, out)?,
        Form::Parquet => parquet_rows(selection, table, &mut black, out)?,
    };
    let (file, sha256) = out.finish(&name, rows)?;
    Ok(WrittenTable { table, file, sha256 })
}

/// The texts of a row as they are shown; cells that are not text, or need no change, are absent.
fn shown(black: &mut Option<personal::Rows>, cells: &[Cell<'_>]) -> Vec<Option<String>> {
    black.as_mut().map_or_else(Vec::new, |rows| rows.row(cells))
}

fn csv_rows(
    selection: &mut Selection<'_>,
    table: Table,
    black: &mut Option<personal::Rows>,
    out: Hashed,
) -> Result<(Hashed, u64)> {
    let fault = |e: csv::Error| Error::io(table.name(), e.into());
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    writer.write_record(table.columns().iter().map(|c| c.name)).map_err(fault)?;
    let mut rows = 0;
    selection.each(table, |batch| {
        let columns = Cells::new(table, batch)?;
        for row in 0..batch.num_rows() {
            let cells: Vec<Cell<'_>> = columns.row(row).collect();
            let shown = shown(black, &cells);
            for (i, cell) in cells.iter().enumerate() {
                let text = match (shown.get(i), cell) {
                    (Some(Some(black)), _) => Cow::Borrowed(black.as_str()),
                    (_, Cell::Text(text)) => Cow::Borrowed(*text),
                    (_, other) => Cow::Owned(other.to_string()),
                };
                writer.write_field(text.as_bytes()).map_err(fault)?;
            }
            writer.write_record(None::<&[u8]>).map_err(fault)?;
            rows += 1;
        }
        Ok(())
    })?;
    let out = writer.into_inner().map_err(|e| Error::io(table.name(), e.into_error()))?;
    Ok((out, rows))
}

/// Objects as `schemas/dataset.v1.schema.json` describes rows: what is absent is left out, decimals are strings.
fn json_rows(
    selection: &mut Selection<'_>,
    table: Table,
    black: &mut Option<personal::Rows>,
    mut out: Hashed,
) -> Result<(Hashed, u64)> {
    let fault = |e: std::io::Error| Error::io(table.name(), e);
    let mut rows = 0;
    let mut line = Vec::new();
    selection.each(table, |batch| {
        let columns = Cells::new(table, batch)?;
        for row in 0..batch.num_rows() {
            let cells: Vec<Cell<'_>> = columns.row(row).collect();
            let shown = shown(black, &cells);
            line.clear();
            for (i, (cell, column)) in cells.iter().zip(table.columns()).enumerate() {
                if *cell != Cell::Absent {
                    line.extend_from_slice(if line.is_empty() { b"{\"" } else { b",\"" });
                    line.extend_from_slice(column.name.as_bytes());
                    line.extend_from_slice(b"\":");
                    json_value(&mut line, shown.get(i).and_then(Option::as_deref), *cell)
                        .map_err(|e| fault(e.into()))?;
                }
            }
            line.extend_from_slice(b"}\n");
            out.write_all(&line).map_err(fault)?;
            rows += 1;
        }
        Ok(())
    })?;
    Ok((out, rows))
}

fn json_value(out: &mut Vec<u8>, black: Option<&str>, cell: Cell<'_>) -> serde_json::Result<()> {
    match (black, cell) {
        (Some(text), _) | (None, Cell::Text(text)) => serde_json::to_writer(out, text),
        (_, Cell::Exact(..) | Cell::Time(_)) => serde_json::to_writer(out, &cell.to_string()),
        (_, Cell::Bool(truth)) => serde_json::to_writer(out, &truth),
        (_, Cell::Whole(number)) => serde_json::to_writer(out, &number),
        (_, Cell::Real(number)) => serde_json::to_writer(out, &number),
        (_, Cell::Absent) => serde_json::to_writer(out, &()),
    }
}

fn parquet_rows(
    selection: &mut Selection<'_>,
    table: Table,
    black: &mut Option<personal::Rows>,
    out: Hashed,
) -> Result<(Hashed, u64)> {
    let fault = |e: &dyn std::fmt::Display| -> Error {
        ErrorKind::Export { path: table.name().to_owned(), reason: e.to_string() }.into()
    };
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = ArrowWriter::try_new(out, arrow_schema(table), Some(properties)).map_err(|e| fault(&e))?;
    let mut rows = 0;
    selection.each(table, |batch| {
        let batch = match black {
            Some(black) => blacked_out(batch, table, black).map_err(|e| fault(&e))?,
            None => batch.clone(),
        };
        rows += batch.num_rows() as u64;
        writer.write(&batch).map_err(|e| fault(&e))
    })?;
    writer.into_inner().map(|out| (out, rows)).map_err(|e| fault(&e))
}

/// A batch with the texts that are shown.
fn blacked_out(batch: &RecordBatch, table: Table, black: &mut personal::Rows) -> Result<RecordBatch> {
    let columns = Cells::new(table, batch)?;
    let mut changes: Vec<(usize, usize, String)> = Vec::new();
    for row in 0..batch.num_rows() {
        let cells: Vec<Cell<'_>> = columns.row(row).collect();
        let shown = black.row(&cells).into_iter().enumerate();
        changes.extend(shown.filter_map(|(column, text)| Some((column, row, text?))));
    }
    changes.sort();
    let mut arrays: Vec<ArrayRef> = batch.columns().to_vec();
    for part in changes.chunk_by(|a, b| a.0 == b.0) {
        let Some(array) = part.first().and_then(|(column, ..)| arrays.get_mut(*column)) else { continue };
        let Some(old) = array.as_string_opt::<i32>() else { continue };
        let mut texts: Vec<Option<&str>> = old.iter().collect();
        for (_, row, text) in part {
            if let Some(place) = texts.get_mut(*row) {
                *place = Some(text);
            }
        }
        let new: ArrayRef = std::sync::Arc::new(texts.into_iter().collect::<StringArray>());
        *array = new;
    }
    let fault =
        |e: arrow_schema::ArrowError| ErrorKind::Dataset { path: table.name().to_owned(), reason: e.to_string() };
    Ok(RecordBatch::try_new(batch.schema(), arrays).map_err(fault)?)
}
