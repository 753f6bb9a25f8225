//! Rows of one table on their way into a record batch: values in column order, and the exact rescaling of
//! decimals. Knows columns and nothing of reports.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Decimal128Builder, Float32Builder, Int32Builder, Int64Builder, StringBuilder,
    TimestampMicrosecondBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::schema::{Kind, Table, arrow_schema};

/// A value of a row, before it is known to fit its column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Value<'a> {
    Null,
    #[serde(borrow)]
    Text(Cow<'a, str>),
    Bool(bool),
    Whole(i64),
    Real(f32),
    #[serde(with = "exact")]
    Exact(Decimal),
}

/// A decimal as its digits and its scale; else it would be sent as text.
mod exact {
    use rust_decimal::Decimal;
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
        (value.mantissa(), value.scale()).serialize(serializer)
    }

    pub(super) fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Decimal, D::Error> {
        let (digits, scale) = <(i128, u32)>::deserialize(deserializer)?;
        Decimal::try_from_i128_with_scale(digits, scale).map_err(D::Error::custom)
    }
}

macro_rules! value_from {
    ($($from:ty => |$x:ident| $value:expr),* $(,)?) => {
        $(impl<'a> From<$from> for Value<'a> {
            fn from($x: $from) -> Self {
                $value
            }
        })*
    };
}

value_from! {
    &'a str => |x| Self::Text(Cow::Borrowed(x)),
    &'a String => |x| Self::Text(Cow::Borrowed(x)),
    String => |x| Self::Text(Cow::Owned(x)),
    bool => |x| Self::Bool(x),
    i64 => |x| Self::Whole(x),
    u64 => |x| Self::Whole(i64::try_from(x).unwrap_or(i64::MAX)),
    u32 => |x| Self::Whole(x.into()),
    u16 => |x| Self::Whole(x.into()),
    usize => |x| Self::Whole(i64::try_from(x).unwrap_or(i64::MAX)),
    f32 => |x| Self::Real(x),
    Decimal => |x| Self::Exact(x),
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

/// The unscaled number that stores `value` with `scale` decimals in `precision` digits, if it does so exactly.
///
/// `unscaled(12.5, 20, 4)` is 125000; a fifth decimal or a seventeenth whole digit gives `None`.
pub(super) fn unscaled(value: Decimal, precision: u8, scale: i8) -> Option<i128> {
    let value = value.normalize();
    let missing = u32::try_from(scale).ok()?.checked_sub(value.scale())?;
    let number = value.mantissa().checked_mul(10_i128.checked_pow(missing)?)?;
    (number.unsigned_abs() < 10_u128.checked_pow(precision.into())?).then_some(number)
}

/// Rows that a column has room for before it grows.
const ROWS: usize = 64;
/// Bytes of a text, for the same room.
const TEXT_BYTES: usize = 16;

enum Builder {
    Text(StringBuilder),
    Bool(BooleanBuilder),
    Int(Int32Builder),
    Long(Int64Builder),
    Real(Float32Builder),
    Decimal(Decimal128Builder, u8, i8),
    Time(TimestampMicrosecondBuilder),
}

impl Builder {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(StringBuilder::with_capacity(ROWS, ROWS * TEXT_BYTES)),
            Kind::Bool => Self::Bool(BooleanBuilder::with_capacity(ROWS)),
            Kind::Int => Self::Int(Int32Builder::with_capacity(ROWS)),
            Kind::Long => Self::Long(Int64Builder::with_capacity(ROWS)),
            Kind::Real => Self::Real(Float32Builder::with_capacity(ROWS)),
            Kind::Amount | Kind::Ratio => {
                let (precision, scale) = kind.decimal().unwrap_or((38, 10));
                let data_type = arrow_schema::DataType::Decimal128(precision, scale);
                Self::Decimal(Decimal128Builder::with_capacity(ROWS).with_data_type(data_type), precision, scale)
            }
            Kind::Time => Self::Time(TimestampMicrosecondBuilder::with_capacity(ROWS).with_timezone("UTC")),
        }
    }

    /// Appends a value; one of another type than the column's is absent, which the batch then refuses where
    /// the column may not be.
    fn append(&mut self, value: &Value<'_>) {
        match (self, value) {
            (Self::Text(b), Value::Text(x)) => b.append_value(x),
            (Self::Bool(b), Value::Bool(x)) => b.append_value(*x),
            (Self::Int(b), Value::Whole(x)) => b.append_option(i32::try_from(*x).ok()),
            (Self::Long(b), Value::Whole(x)) => b.append_value(*x),
            (Self::Time(b), Value::Whole(ms)) => b.append_option(ms.checked_mul(1_000)),
            (Self::Real(b), Value::Real(x)) => b.append_value(*x),
            (Self::Decimal(b, precision, scale), Value::Exact(x)) => b.append_option(unscaled(*x, *precision, *scale)),
            (builder, _) => builder.append_null(),
        }
    }

    fn append_null(&mut self) {
        match self {
            Self::Text(b) => b.append_null(),
            Self::Bool(b) => b.append_null(),
            Self::Int(b) => b.append_null(),
            Self::Long(b) => b.append_null(),
            Self::Real(b) => b.append_null(),
            Self::Decimal(b, ..) => b.append_null(),
            Self::Time(b) => b.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(b) => Arc::new(b.finish()),
            Self::Bool(b) => Arc::new(b.finish()),
            Self::Int(b) => Arc::new(b.finish()),
            Self::Long(b) => Arc::new(b.finish()),
            Self::Real(b) => Arc::new(b.finish()),
            Self::Decimal(b, ..) => Arc::new(b.finish()),
            Self::Time(b) => Arc::new(b.finish()),
        }
    }
}

/// Rows of one table.
pub(super) struct Rows {
    table: Table,
    builders: Vec<Builder>,
    count: usize,
}

impl Rows {
    pub(super) fn new(table: Table) -> Self {
        let builders = table.columns().iter().map(|c| Builder::new(c.kind)).collect();
        Self { table, builders, count: 0 }
    }

    /// Adds a row; `values` follow the columns of the table one for one.
    pub(super) fn push<'a>(&mut self, values: impl IntoIterator<Item = Value<'a>>) {
        let mut values = values.into_iter();
        for builder in &mut self.builders {
            builder.append(&values.next().unwrap_or(Value::Null));
        }
        debug_assert!(values.next().is_none(), "{} has fewer columns than values", self.table.name());
        self.count += 1;
    }

    /// Adds the next value of a row to a column of the table; a caller goes through all of them.
    pub(super) fn append(&mut self, column: usize, value: &Value<'_>) {
        self.builders.get_mut(column).into_iter().for_each(|builder| builder.append(value));
        self.count += usize::from(column == 0);
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// The rows as a batch, or `None` when there are none.
    pub(super) fn finish(mut self) -> Option<Result<RecordBatch, arrow_schema::ArrowError>> {
        if self.count == 0 {
            return None;
        }
        let columns = self.builders.iter_mut().map(Builder::finish).collect();
        Some(RecordBatch::try_new(arrow_schema(self.table), columns))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_fifth_decimal_is_never_rounded_away() {
        assert_eq!(unscaled(Decimal::new(125, 1), 20, 4), Some(125_000));
        assert_eq!(unscaled(Decimal::new(1_250_000, 6), 20, 4), Some(12_500));
        assert_eq!(unscaled(Decimal::new(100_001, 5), 20, 4), None);
        assert_eq!(unscaled(Decimal::from(10_000_000_000_000_000_i64), 20, 4), None);
        assert_eq!(unscaled(Decimal::from(-9_999_999_999_999_999_i64), 20, 4), Some(-99_999_999_999_999_990_000));
    }

    proptest! {
        #[test]
        fn what_is_stored_is_what_was_read(units in any::<i64>(), scale in 0_u32..8) {
            let value = Decimal::new(units, scale);
            if let Some(stored) = unscaled(value, 20, 4) {
                prop_assert_eq!(Decimal::from_i128_with_scale(stored, 4), value);
            }
        }
    }
}
