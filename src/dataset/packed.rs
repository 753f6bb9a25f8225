//! Rows of one table as bytes: every value behind the other, row by row, as the postcard format spells them. Small, quick to
//! make for a single document, and sent through a pipe as they are; they become Arrow arrays when a file is written,
//! those of many documents at once.

use arrow_array::RecordBatch;

use super::batch::{Rows, Value};
use super::schema::Table;
use super::value::fault;
use crate::error::{Error, ErrorKind, Result};

/// Rows of a record batch that is made of packed ones.
const BATCH_ROWS: usize = 8_192;

/// Rows of one table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Packed {
    bytes: Vec<u8>,
}

impl Packed {
    /// Takes bytes that were packed elsewhere. What is no row among them is told when batches are made.
    pub(super) fn from_bytes(bytes: Vec<u8>) -> Self {
        Self { bytes }
    }

    /// Adds a row; `values` follow the columns of the table one for one.
    ///
    /// # Errors
    /// When a value cannot be spelt, which no value of ours is.
    pub(super) fn push<'v>(&mut self, table: Table, values: impl IntoIterator<Item = Value<'v>>) -> Result<()> {
        let mut values = values.into_iter();
        for _ in table.columns() {
            let value = values.next().unwrap_or(Value::Null);
            let bytes = std::mem::take(&mut self.bytes);
            self.bytes = postcard::to_extend(&value, bytes).map_err(|error| unreadable(table, error))?;
        }
        debug_assert!(values.next().is_none(), "{} has fewer columns than values", table.name());
        Ok(())
    }

    /// Adds the rows of another document. Doubling would leave up to half of a batch unused.
    pub(super) fn extend(&mut self, other: &Self) {
        if self.bytes.capacity() - self.bytes.len() < other.bytes.len() {
            self.bytes.reserve_exact(other.bytes.len() + self.bytes.len() / 8);
        }
        self.bytes.extend_from_slice(&other.bytes);
    }

    /// The bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The rows as record batches of bounded length.
    pub(super) fn batches(&self, table: Table) -> impl Iterator<Item = Result<RecordBatch>> {
        let mut values = Values { table, rest: &self.bytes };
        std::iter::from_fn(move || (!values.rest.is_empty()).then(|| values.batch()))
    }
}

/// Reads packed values one by one.
struct Values<'p> {
    table: Table,
    rest: &'p [u8],
}

impl<'p> Values<'p> {
    fn next(&mut self) -> Result<Value<'p>> {
        let (value, rest) = postcard::take_from_bytes(self.rest).map_err(|error| unreadable(self.table, error))?;
        self.rest = rest;
        Ok(value)
    }

    fn batch(&mut self) -> Result<RecordBatch> {
        let mut rows = Rows::new(self.table);
        let columns = self.table.columns().len();
        while !self.rest.is_empty() && rows.len() < BATCH_ROWS {
            for column in 0..columns {
                rows.append(column, &self.next()?);
            }
        }
        let none = || unreadable(self.table, "there are no rows");
        rows.finish().ok_or_else(none)?.map_err(fault(self.table))
    }
}

fn unreadable(table: Table, error: impl std::fmt::Display) -> Error {
    let reason = format!("rows on their way into it cannot be read: {error}");
    ErrorKind::Dataset { path: table.name().to_owned(), reason }.into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;

    fn of_notes(messages: &[String]) -> Packed {
        let mut packed = Packed::default();
        for (n, message) in messages.iter().enumerate() {
            let values = [Value::from("r"), "l".into(), "310199".into(), Value::Null, n.into(), "left_out".into()];
            packed.push(Table::Notes, values.into_iter().chain([message.into()])).expect("packs");
        }
        packed
    }

    #[test]
    fn a_value_comes_back_as_it_was() {
        for value in [
            Value::Null,
            "决算".into(),
            true.into(),
            i64::MIN.into(),
            1.5_f32.into(),
            Decimal::new(-12_530, 2).into(),
            Decimal::MAX.into(),
        ] {
            let bytes = postcard::to_extend(&value, Vec::new()).expect("packs");
            assert_eq!(postcard::from_bytes::<Value<'_>>(&bytes).expect("unpacks"), value);
        }
    }

    #[test]
    fn many_rows_become_batches_of_bounded_length() {
        let packed = of_notes(&vec!["x".to_owned(); BATCH_ROWS + 1]);
        let lengths: Vec<usize> = packed.batches(Table::Notes).map(|b| b.expect("rows").num_rows()).collect();
        assert_eq!(lengths, [BATCH_ROWS, 1]);
    }

    proptest! {
        #[test]
        fn bytes_that_were_cut_are_refused(messages in prop::collection::vec(".{0,12}", 1..5), cut in 1_usize..20) {
            let bytes = of_notes(&messages).bytes;
            let rows = |bytes: &[u8]| {
                let packed = Packed::from_bytes(bytes.to_vec());
                packed.batches(Table::Notes).map(|batch| batch.map(|b| b.num_rows())).sum::<Result<usize>>()
            };
            prop_assert_eq!(rows(&bytes).expect("whole rows"), messages.len());
            // A cut between two rows leaves whole rows.
            let cut = bytes.len() - cut.min(bytes.len() - 1);
            prop_assert!(rows(&bytes[..cut]).is_ok_and(|read| read < messages.len()) || rows(&bytes[..cut]).is_err());
        }
    }
}
