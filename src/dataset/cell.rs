//! One value of a table, for those who write rows elsewhere: decimals with every digit, times, text as it stands.

use std::fmt;

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Float32Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, RecordBatch};

use super::schema::{Column, Kind, Table};
use crate::error::{ErrorKind, Result};

/// A value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// Nothing is known.
    Absent,
    /// Text.
    Text(&'a str),
    /// True or false.
    Bool(bool),
    /// A whole number.
    Whole(i64),
    /// A number that is no money.
    Real(f32),
    /// A decimal: its digits as one number, and how many of them follow the point.
    Exact(i128, u8),
    /// Microseconds since 1970 (UTC).
    Time(i64),
}

/// The columns of a batch of a table, in the order of the table.
#[derive(Debug)]
pub struct Cells<'a> {
    columns: Vec<(&'a ArrayRef, Kind)>,
}

impl<'a> Cells<'a> {
    /// Takes the columns of a table out of a batch.
    ///
    /// # Errors
    /// When one is missing or has another type than the schema says.
    pub fn new(table: Table, batch: &'a RecordBatch) -> Result<Self> {
        let columns = table.columns().iter().map(|column| Ok((array(table, batch, column)?, column.kind)));
        Ok(Self { columns: columns.collect::<Result<_>>()? })
    }

    /// The values of a row.
    pub fn row(&self, row: usize) -> impl Iterator<Item = Cell<'a>> + '_ {
        self.columns.iter().map(move |(array, kind)| cell(array, *kind, row))
    }
}

fn array<'a>(table: Table, batch: &'a RecordBatch, column: &Column) -> Result<&'a ArrayRef> {
    let array = batch.column_by_name(column.name).filter(|array| is_of(array, column.kind));
    array.ok_or_else(|| {
        let reason = format!("column {} is missing or has another type; crawl again with --refresh", column.name);
        ErrorKind::Dataset { path: table.name().to_owned(), reason }.into()
    })
}

fn is_of(array: &ArrayRef, kind: Kind) -> bool {
    match kind {
        Kind::Text => array.as_string_opt::<i32>().is_some(),
        Kind::Bool => array.as_boolean_opt().is_some(),
        Kind::Int => array.as_primitive_opt::<Int32Type>().is_some(),
        Kind::Long => array.as_primitive_opt::<Int64Type>().is_some(),
        Kind::Real => array.as_primitive_opt::<Float32Type>().is_some(),
        Kind::Amount | Kind::Ratio => {
            let scale = array.as_primitive_opt::<Decimal128Type>().map(arrow_array::PrimitiveArray::scale);
            scale.is_some_and(|scale| Some(scale) == kind.decimal().map(|(_, scale)| scale))
        }
        Kind::Time => array.as_primitive_opt::<TimestampMicrosecondType>().is_some(),
    }
}

fn cell(array: &ArrayRef, kind: Kind, row: usize) -> Cell<'_> {
    if array.is_null(row) {
        return Cell::Absent;
    }
    match kind {
        Kind::Text => Cell::Text(array.as_string::<i32>().value(row)),
        Kind::Bool => Cell::Bool(array.as_boolean().value(row)),
        Kind::Int => Cell::Whole(array.as_primitive::<Int32Type>().value(row).into()),
        Kind::Long => Cell::Whole(array.as_primitive::<Int64Type>().value(row)),
        Kind::Real => Cell::Real(array.as_primitive::<Float32Type>().value(row)),
        Kind::Amount => Cell::Exact(array.as_primitive::<Decimal128Type>().value(row), 4),
        Kind::Ratio => Cell::Exact(array.as_primitive::<Decimal128Type>().value(row), 10),
        Kind::Time => Cell::Time(array.as_primitive::<TimestampMicrosecondType>().value(row)),
    }
}

/// Nothing, the text, `true`, a number with all its digits and no needless zero, or a time of ISO 8601.
impl fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => Ok(()),
            Self::Text(text) => f.write_str(text),
            Self::Bool(truth) => truth.fmt(f),
            Self::Whole(number) => number.fmt(f),
            Self::Real(number) => number.fmt(f),
            Self::Exact(digits, scale) => exact(f, *digits, (*scale).into()),
            Self::Time(micros) => match jiff::Timestamp::from_microsecond(*micros) {
                Ok(time) => time.fmt(f),
                // Outside of the calendar: no time that a file can have.
                Err(_) => Ok(()),
            },
        }
    }
}

fn exact(f: &mut fmt::Formatter<'_>, digits: i128, scale: usize) -> fmt::Result {
    let sign = if digits < 0 { "-" } else { "" };
    let text = format!("{:0>width$}", digits.unsigned_abs(), width = scale + 1);
    let (whole, part) = text.split_at(text.len() - scale);
    match part.trim_end_matches('0') {
        "" => write!(f, "{sign}{whole}"),
        part => write!(f, "{sign}{whole}.{part}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;

    #[test]
    fn values_are_written_as_programs_read_them() {
        assert_eq!(Cell::Exact(-5, 4).to_string(), "-0.0005");
        assert_eq!(Cell::Exact(12_530_000, 4).to_string(), "1253");
        assert_eq!(Cell::Exact(0, 4).to_string(), "0");
        assert_eq!(Cell::Time(1_700_000_000_123_456).to_string(), "2023-11-14T22:13:20.123456Z");
        assert_eq!(Cell::Absent.to_string(), "");
    }

    proptest! {
        #[test]
        fn no_digit_of_a_decimal_is_lost(units in -99_999_999_999_999_999_999_i128..=99_999_999_999_999_999_999) {
            let text = Cell::Exact(units, 4).to_string();
            prop_assert_eq!(text.parse::<Decimal>().expect("a decimal"), Decimal::from_i128_with_scale(units, 4));
        }
    }
}
