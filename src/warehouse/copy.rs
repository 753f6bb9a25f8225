//! Rows as PostgreSQL's COPY reads them in its text format: a line a row, tabs between columns, `\N` for what is
//! absent. Decimals are written from their digits; no float touches them.

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Float32Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, RecordBatch};

use crate::dataset::{Column, Kind, Table};
use crate::error::{ErrorKind, Result};

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

    /// Appends the rows of a batch that `takes` wants, and says how many they are.
    ///
    /// # Errors
    /// When a column is missing or has another type than the schema says.
    pub(super) fn append(
        &mut self,
        out: &mut Vec<u8>,
        batch: &RecordBatch,
        mut takes: impl FnMut(usize) -> bool,
    ) -> Result<u64> {
        let columns: Vec<(&ArrayRef, Kind)> =
            self.table.columns().iter().map(|c| Ok((self.array(batch, c)?, c.kind))).collect::<Result<_>>()?;
        let mut count = 0;
        for row in (0..batch.num_rows()).filter(|row| takes(*row)) {
            for (i, (array, kind)) in columns.iter().enumerate() {
                if i > 0 {
                    out.push(b'\t');
                }
                self.value(out, array, *kind, row);
            }
            out.push(b'\n');
            count += 1;
        }
        Ok(count)
    }

    fn array<'b>(&self, batch: &'b RecordBatch, column: &Column) -> Result<&'b ArrayRef> {
        let array = batch.column_by_name(column.name).filter(|array| is_of(array, column.kind));
        array.ok_or_else(|| {
            let reason = format!("column {} is missing or has another type; read the documents again", column.name);
            ErrorKind::Dataset { path: self.table.name().to_owned(), reason }.into()
        })
    }

    fn value(&mut self, out: &mut Vec<u8>, array: &ArrayRef, kind: Kind, row: usize) {
        if array.is_null(row) {
            return out.extend_from_slice(b"\\N");
        }
        match kind {
            Kind::Text => self.text(out, array.as_string::<i32>().value(row)),
            Kind::Bool => out.push(if array.as_boolean().value(row) { b't' } else { b'f' }),
            Kind::Int => shown(out, array.as_primitive::<Int32Type>().value(row)),
            Kind::Long => shown(out, array.as_primitive::<Int64Type>().value(row)),
            Kind::Real => shown(out, array.as_primitive::<Float32Type>().value(row)),
            Kind::Amount => decimal(out, array.as_primitive::<Decimal128Type>().value(row), 4),
            Kind::Ratio => decimal(out, array.as_primitive::<Decimal128Type>().value(row), 10),
            Kind::Time => time(out, array.as_primitive::<TimestampMicrosecondType>().value(row)),
        }
    }

    fn text(&mut self, out: &mut Vec<u8>, text: &str) {
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
                    self.replaced += 1;
                    out.extend_from_slice("\u{FFFD}".as_bytes());
                }
            }
            rest = tail.get(1..).unwrap_or_default();
        }
        out.extend_from_slice(rest);
    }
}

fn is_of(array: &ArrayRef, kind: Kind) -> bool {
    match kind {
        Kind::Text => array.as_string_opt::<i32>().is_some(),
        Kind::Bool => array.as_boolean_opt().is_some(),
        Kind::Int => array.as_primitive_opt::<Int32Type>().is_some(),
        Kind::Long => array.as_primitive_opt::<Int64Type>().is_some(),
        Kind::Real => array.as_primitive_opt::<Float32Type>().is_some(),
        Kind::Amount | Kind::Ratio => {
            let scale = array.as_primitive_opt::<Decimal128Type>().map(|a| a.scale());
            scale.is_some_and(|scale| Some(scale) == kind.decimal().map(|(_, scale)| scale))
        }
        Kind::Time => array.as_primitive_opt::<TimestampMicrosecondType>().is_some(),
    }
}

fn shown(out: &mut Vec<u8>, value: impl std::fmt::Display) {
    // Writing to memory does not fail.
    let _ = std::io::Write::write_fmt(out, format_args!("{value}"));
}

/// Writes an unscaled number with `scale` digits after the point: `decimal(-5, 4)` is `-0.0005`.
fn decimal(out: &mut Vec<u8>, unscaled: i128, scale: usize) {
    let digits = format!("{:0>width$}", unscaled.unsigned_abs(), width = scale + 1);
    let (whole, part) = digits.split_at(digits.len() - scale);
    if unscaled < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(whole.as_bytes());
    out.push(b'.');
    out.extend_from_slice(part.as_bytes());
}

/// Writes microseconds since 1970 (UTC); a time outside of the calendar is absent.
fn time(out: &mut Vec<u8>, micros: i64) {
    match jiff::Timestamp::from_microsecond(micros) {
        Ok(time) => shown(out, time),
        Err(_) => out.extend_from_slice(b"\\N"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;

    fn written(text: &str) -> (String, u64) {
        let (mut out, mut encoder) = (Vec::new(), Encoder::new(Table::Facts));
        encoder.text(&mut out, text);
        (String::from_utf8(out).expect("UTF-8"), encoder.replaced)
    }

    #[test]
    fn what_copy_reads_specially_is_escaped() {
        assert_eq!(written("某局\t2\\3\n").0, "某局\\t2\\\\3\\n");
        assert_eq!(written("\\N").0, "\\\\N", "a text that looks like an absent value is none");
        assert_eq!(written("a\0b"), ("a\u{FFFD}b".to_owned(), 1));
    }

    #[test]
    fn a_time_is_written_in_utc() {
        let mut out = Vec::new();
        time(&mut out, 1_700_000_000_123_456);
        assert_eq!(String::from_utf8(out).expect("ASCII"), "2023-11-14T22:13:20.123456Z");
    }

    proptest! {
        #[test]
        fn decimals_are_written_digit_by_digit(units in -99_999_999_999_999_999_999_i128..=99_999_999_999_999_999_999) {
            let mut out = Vec::new();
            decimal(&mut out, units, 4);
            let text = String::from_utf8(out).expect("ASCII");
            prop_assert_eq!(text.parse::<Decimal>().expect("a decimal"), Decimal::from_i128_with_scale(units, 4));
        }
    }
}
