//! Rows as PostgreSQL's COPY reads them in its text format: a line a row, tabs between columns, `\N` for what is
//! absent. Decimals are written from their digits; no float touches them.

use std::io::Write;

use arrow_array::RecordBatch;

use crate::dataset::{Cell, Cells, Table};
use crate::error::Result;

/// Writes rows of a table, and counts characters that PostgreSQL cannot store.
#[derive(Debug)]
pub(super) struct Encoder {
    table: Table,
    /// NUL characters that were replaced by U+FFFD: PostgreSQL has no text with a NUL.
    pub(super) replaced: u64,
}

impl Encoder {
    pub(super) fn new(table: Table) -> Self {
        Self { table, replaced: 0 }
    }

    /// Appends the rows of a batch that `takes` wants.
    ///
    /// # Errors
    /// When a column is missing or has another type than the schema says.
    pub(super) fn append(
        &mut self,
        out: &mut Vec<u8>,
        batch: &RecordBatch,
        mut takes: impl FnMut(usize) -> bool,
    ) -> Result<()> {
        let cells = Cells::new(self.table, batch)?;
        for row in (0..batch.num_rows()).filter(|row| takes(*row)) {
            for (i, cell) in cells.row(row).enumerate() {
                if i > 0 {
                    out.push(b'\t');
                }
                self.value(out, cell);
            }
            out.push(b'\n');
        }
        Ok(())
    }

    fn value(&mut self, out: &mut Vec<u8>, cell: Cell<'_>) {
        match cell {
            Cell::Absent => out.extend_from_slice(b"\\N"),
            Cell::Text(text) => self.replaced += escape(out, text),
            // Writing to memory does not fail.
            other => drop(write!(out, "{other}")),
        }
    }
}

/// Writes text with what COPY reads specially escaped, and says how many NUL characters were replaced.
pub(super) fn escape(out: &mut Vec<u8>, text: &str) -> u64 {
    let mut replaced = 0;
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|b| matches!(b, b'\\' | b'\t' | b'\n' | b'\r' | 0)) {
        let (plain, tail) = rest.split_at(at);
        out.extend_from_slice(plain);
        match tail.first() {
            Some(b'\\') => out.extend_from_slice(b"\\\\"),
            Some(b'\t') => out.extend_from_slice(b"\\t"),
            Some(b'\n') => out.extend_from_slice(b"\\n"),
            Some(b'\r') => out.extend_from_slice(b"\\r"),
            _ => {
                replaced += 1;
                out.extend_from_slice("\u{FFFD}".as_bytes());
            }
        }
        rest = tail.get(1..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> (String, u64) {
        let mut out = Vec::new();
        let replaced = escape(&mut out, text);
        (String::from_utf8(out).expect("UTF-8"), replaced)
    }

    #[test]
    fn what_copy_reads_specially_is_escaped() {
        assert_eq!(written("某局\t2\\3\n").0, "某局\\t2\\\\3\\n");
        assert_eq!(written("\\N").0, "\\\\N", "a text that looks like an absent value is none");
        assert_eq!(written("a\0b"), ("a\u{FFFD}b".to_owned(), 1));
    }
}
