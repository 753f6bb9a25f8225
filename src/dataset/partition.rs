//! Where rows lie within a table: the folder that region and year make, as Hive and Delta Lake spell it.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int32Array, StringArray};

use super::Outcome;
use super::schema::Table;
use super::value::region_code;

/// Columns that a partitioned table keeps in folder names and not in its files.
pub(super) const COLUMNS: [&str; 2] = ["region_code", "fiscal_year"];

/// How Hive spells a value that is absent.
const ABSENT: &str = "__HIVE_DEFAULT_PARTITION__";

/// Region and year of rows; of a table that is not partitioned, the default.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Partition {
    pub(super) region: String,
    pub(super) year: Option<u16>,
}

impl Partition {
    /// The partition of an outcome's rows.
    pub(super) fn of(outcome: &Outcome) -> Self {
        let report = &outcome.report;
        Self { region: region_code(report).to_owned(), year: report.identity.fiscal_year }
    }

    /// The folder below that of the table, with `/` at its end.
    pub(super) fn folder(&self, table: Table) -> String {
        if !table.is_partitioned() {
            return String::new();
        }
        let year = self.year.map_or_else(|| ABSENT.to_owned(), |year| year.to_string());
        format!("region_code={}/fiscal_year={year}/", self.region)
    }

    /// The values as the Delta log keeps them.
    pub(super) fn values(&self, table: Table) -> HashMap<String, Option<String>> {
        if !table.is_partitioned() {
            return HashMap::new();
        }
        let values = [Some(self.region.clone()), self.year.map(|year| year.to_string())];
        COLUMNS.iter().map(|c| (*c).to_owned()).zip(values).collect()
    }

    /// Reads the values of the log.
    pub(super) fn from_values(values: &HashMap<String, Option<String>>) -> Self {
        let of = |column: &str| values.get(column).cloned().flatten();
        Self { region: of(COLUMNS[0]).unwrap_or_default(), year: of(COLUMNS[1]).and_then(|y| y.parse().ok()) }
    }

    /// The column `name` for a batch of `rows`, where it is one of [`COLUMNS`].
    pub(super) fn column(&self, name: &str, rows: usize) -> Option<ArrayRef> {
        match COLUMNS.iter().position(|c| *c == name)? {
            0 => Some(Arc::new(StringArray::from_iter_values(std::iter::repeat_n(&self.region, rows)))),
            _ => Some(Arc::new(std::iter::repeat_n(self.year.map(i32::from), rows).collect::<Int32Array>())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_without_a_year_has_a_folder_too() {
        let unknown = Partition { region: "000000".into(), year: None };
        assert_eq!(unknown.folder(Table::Facts), "region_code=000000/fiscal_year=__HIVE_DEFAULT_PARTITION__/");
        assert_eq!(Partition::from_values(&unknown.values(Table::Facts)), unknown);
        assert_eq!(unknown.folder(Table::Metrics), "");
    }
}
