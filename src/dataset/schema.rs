//! The tables and columns of the dataset, as Arrow and as JSON Schema. The columns themselves stand in
//! `columns.rs`; here is what is made of them.

use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use serde_json::{Map, Value, json};

/// A table of the dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Table {
    /// One row a source: the ledger.
    Reports,
    /// One row an entity, year and kind of report.
    Disclosures,
    /// Sections.
    Sections,
    /// Bookmarks and outline entries.
    Bookmarks,
    /// Logical tables.
    Tables,
    /// Their cells.
    Cells,
    /// Charts, one row a data point.
    Charts,
    /// Figures, one row a printed occurrence.
    Facts,
    /// Rows of performance forms.
    Indicators,
    /// What reports say wrongly.
    Findings,
    /// What was lost or is doubtful on our side.
    Notes,
    /// Bodies that reported.
    Entities,
    /// Administrative regions.
    Regions,
    /// The dictionary of metrics.
    Metrics,
    /// Functional classification.
    FuncCodes,
    /// Economic classification.
    EconCodes,
    /// Sums of leaf figures by region, year, fund and function.
    RegionSummary,
}

impl Table {
    /// All tables, in the order of CONTRACT: the ledger first, what is derived last.
    pub const ALL: [Self; 17] = [
        Self::Reports,
        Self::Disclosures,
        Self::Sections,
        Self::Bookmarks,
        Self::Tables,
        Self::Cells,
        Self::Charts,
        Self::Facts,
        Self::Indicators,
        Self::Findings,
        Self::Notes,
        Self::Entities,
        Self::Regions,
        Self::Metrics,
        Self::FuncCodes,
        Self::EconCodes,
        Self::RegionSummary,
    ];

    /// Whether its rows come from the form files and not from documents.
    #[must_use]
    pub fn is_reference(self) -> bool {
        matches!(self, Self::Regions | Self::Metrics | Self::FuncCodes | Self::EconCodes)
    }

    /// Whether its rows are computed from all documents when a load commits.
    #[must_use]
    pub fn is_derived(self) -> bool {
        matches!(self, Self::Disclosures | Self::Entities | Self::RegionSummary)
    }

    /// Whether its rows lie in a folder for each region and year.
    #[must_use]
    pub fn is_partitioned(self) -> bool {
        self.columns().iter().any(|c| c.name == "fiscal_year")
    }

    /// Its name, which is also the name of its folder.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Reports => "reports",
            Self::Disclosures => "disclosures",
            Self::Sections => "sections",
            Self::Bookmarks => "bookmarks",
            Self::Tables => "tables",
            Self::Cells => "cells",
            Self::Charts => "charts",
            Self::Facts => "facts",
            Self::Indicators => "indicators",
            Self::Findings => "findings",
            Self::Notes => "notes",
            Self::Entities => "entities",
            Self::Regions => "regions",
            Self::Metrics => "metrics",
            Self::FuncCodes => "func_codes",
            Self::EconCodes => "econ_codes",
            Self::RegionSummary => "region_summary",
        }
    }
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it may be absent.
    pub nullable: bool,
    /// What it means, for a person.
    pub doc: &'static str,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// UTF-8 text.
    Text,
    /// True or false.
    Bool,
    /// A whole number of 32 bits.
    Int,
    /// A whole number of 64 bits.
    Long,
    /// A number that is no money: a confidence, a coordinate.
    Real,
    /// Money or another exact figure: DECIMAL(20,4).
    Amount,
    /// A ratio, score or tolerance: DECIMAL(38,10).
    Ratio,
    /// Microseconds since 1970, UTC, as Delta Lake stores them.
    Time,
}

impl Kind {
    /// Digits in all and after the point, for the decimal kinds.
    #[must_use]
    pub fn decimal(self) -> Option<(u8, i8)> {
        match self {
            Self::Amount => Some((20, 4)),
            Self::Ratio => Some((38, 10)),
            _ => None,
        }
    }

    fn arrow(self) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::Bool => DataType::Boolean,
            Self::Int => DataType::Int32,
            Self::Long => DataType::Int64,
            Self::Real => DataType::Float32,
            Self::Amount => DataType::Decimal128(20, 4),
            Self::Ratio => DataType::Decimal128(38, 10),
            Self::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        }
    }

    fn json(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Text | Self::Time => ("string", None),
            Self::Bool => ("boolean", None),
            Self::Int | Self::Long => ("integer", None),
            Self::Real => ("number", None),
            Self::Amount => ("string", Some(r"^-?[0-9]{1,16}(\.[0-9]{1,4})?$")),
            Self::Ratio => ("string", Some(r"^-?[0-9]{1,28}(\.[0-9]{1,10})?$")),
        }
    }

    fn sql(self) -> &'static str {
        match self {
            Self::Text => "VARCHAR",
            Self::Bool => "BOOLEAN",
            Self::Int => "INTEGER",
            Self::Long => "BIGINT",
            Self::Real => "REAL",
            Self::Amount => "DECIMAL(20,4)",
            Self::Ratio => "DECIMAL(38,10)",
            Self::Time => "TIMESTAMP",
        }
    }
}

/// The columns of a table as Arrow knows them.
#[must_use]
pub fn arrow_schema(table: Table) -> SchemaRef {
    let field = |c: &Column| Field::new(c.name, c.kind.arrow(), c.nullable);
    Arc::new(Schema::new(table.columns().iter().map(field).collect::<Vec<_>>()))
}

/// All tables as one JSON Schema: an object with an array of rows for each table.
///
/// Decimals are strings, as in the report; each column says its SQL type as `x-sql-type`.
#[must_use]
pub fn json_schema() -> Value {
    let tables: Map<String, Value> = Table::ALL.iter().map(|&t| (t.name().to_owned(), table_schema(t))).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "dataset/v1",
        "title": "juesuan dataset",
        "description": "Every table of a dataset, as arrays of rows.",
        "type": "object",
        "properties": tables,
        "additionalProperties": false,
    })
}

fn table_schema(table: Table) -> Value {
    let columns = table.columns();
    let properties: Map<String, Value> = columns.iter().map(|c| (c.name.to_owned(), column_schema(c))).collect();
    let required: Vec<&str> = columns.iter().filter(|c| !c.nullable).map(|c| c.name).collect();
    json!({
        "description": table.grain(),
        "type": "array",
        "items": {
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        },
    })
}

fn column_schema(column: &Column) -> Value {
    let (json_type, pattern) = column.kind.json();
    let kind = if column.nullable { json!([json_type, "null"]) } else { json!(json_type) };
    let mut schema = json!({ "description": column.doc, "type": kind, "x-sql-type": column.kind.sql() });
    if let (Some(pattern), Some(object)) = (pattern, schema.as_object_mut()) {
        object.insert("pattern".to_owned(), json!(pattern));
    }
    if let (Kind::Time, Some(object)) = (column.kind, schema.as_object_mut()) {
        object.insert("format".to_owned(), json!("date-time"));
    }
    schema
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_table_has_columns_of_different_names() {
        for table in Table::ALL {
            let names: BTreeSet<_> = table.columns().iter().map(|c| c.name).collect();
            assert_eq!(names.len(), table.columns().len(), "{}", table.name());
        }
    }

    #[test]
    fn every_table_of_reports_joins_on_report_and_load() {
        for table in Table::ALL.into_iter().filter(|t| !t.is_derived() && !t.is_reference()) {
            for name in ["report_id", "load_id", "region_code", "fiscal_year"] {
                assert!(table.columns().iter().any(|c| c.name == name), "{}.{name}", table.name());
            }
        }
    }
}
