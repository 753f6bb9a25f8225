//! `datapackage.json`: the CSV files as a Data Package v2 (datapackage.org), with a Table Schema for each table that
//! comes from the dataset's own columns, and the column types of the Fiscal Data Package where they have one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::TimestampMicrosecondType;
use serde_json::{Map, Value, json};

use super::hashed::Hashed;
use super::selection::Selection;
use super::tables::WrittenTable;
use super::{Options, WrittenFile};
use crate::dataset::{Cell, Column, Kind, Table};
use crate::error::{Error, ErrorKind, Result};

/// The profile of packages and of their resources.
const PACKAGE_PROFILE: &str = "https://datapackage.org/profiles/2.0/datapackage.json";
const RESOURCE_PROFILE: &str = "https://datapackage.org/profiles/2.0/dataresource.json";
const SCHEMA_PROFILE: &str = "https://datapackage.org/profiles/2.0/tableschema.json";

/// Columns that mean the same in every table where they stand, and their type in the fiscal taxonomy.
const FISCAL_TYPES: [(&str, &str); 10] = [
    ("region_code", "geo:source:code"),
    ("fiscal_year", "date:fiscal-year"),
    ("entity", "administrative-classification:generic:label"),
    ("phase", "phase:id"),
    ("fund", "fin-source:generic:code"),
    ("func_code", "functional-classification:generic:code"),
    ("func_name", "functional-classification:generic:label"),
    ("econ_code", "economic-classification:generic:code"),
    ("econ_name", "economic-classification:generic:label"),
    ("project", "activity:generic:project:label"),
];

/// Columns with such a type in one table.
const FISCAL_TYPES_OF: [(Table, &str, &str); 7] = [
    (Table::Facts, "value", "value"),
    (Table::Facts, "metric", "value-kind:code"),
    (Table::Facts, "fact_id", "budget-line-id"),
    (Table::RegionSummary, "amount", "value"),
    (Table::Metrics, "metric", "value-kind:code"),
    (Table::FuncCodes, "name", "functional-classification:generic:label"),
    (Table::EconCodes, "name", "economic-classification:generic:label"),
];

/// Writes the description of tables that were written.
pub(super) fn write(
    selection: &mut Selection<'_>,
    folder: &Path,
    tables: &[WrittenTable],
    options: &Options,
) -> Result<WrittenFile> {
    let mut ledger = Ledger::default();
    selection.each(Table::Reports, |batch| ledger.see(batch))?;
    let package = package(&ledger, tables, options);
    let text = serde_json::to_vec_pretty(&package)
        .map_err(|e| ErrorKind::Export { path: folder.display().to_string(), reason: e.to_string() })?;
    let name = "datapackage.json";
    let mut out = Hashed::create(&folder.join(name))?;
    std::io::Write::write_all(&mut out, &text).map_err(|e| Error::io(name, e))?;
    Ok(out.finish(name, 0)?.0)
}

/// What the ledger says of a package.
#[derive(Debug, Default)]
struct Ledger {
    sources: Vec<Value>,
    regions: BTreeMap<String, String>,
    years: BTreeSet<i64>,
    entities: BTreeSet<(String, String)>,
    statuses: BTreeMap<String, u64>,
    extractors: BTreeSet<String>,
    /// When the newest of the crawls began, in microseconds since 1970.
    newest: i64,
}

impl Ledger {
    fn see(&mut self, batch: &RecordBatch) -> Result<()> {
        let cells = crate::dataset::Cells::new(Table::Reports, batch)?;
        let loaded = batch.column_by_name("loaded_at").and_then(|c| c.as_primitive_opt::<TimestampMicrosecondType>());
        self.newest = loaded.into_iter().flat_map(|c| c.values().iter().copied()).fold(self.newest, i64::max);
        for row in 0..batch.num_rows() {
            let names = Table::Reports.columns().iter().map(|c| c.name);
            let row: BTreeMap<&str, Cell<'_>> = names.zip(cells.row(row)).collect();
            self.see_report(&row);
        }
        Ok(())
    }

    fn see_report(&mut self, row: &BTreeMap<&str, Cell<'_>>) {
        let text = |name: &str| row.get(name).map(ToString::to_string).filter(|text| !text.is_empty());
        *self.statuses.entry(text("status").unwrap_or_default()).or_default() += 1;
        self.extractors.extend(text("extractor"));
        if let Some(Cell::Whole(year)) = row.get("fiscal_year") {
            self.years.insert(*year);
        }
        if let (Some(code), Some(name)) = (text("region_code"), text("region_name")) {
            self.regions.entry(code).or_insert(name);
        }
        if let Some(entity) = text("entity") {
            self.entities.insert((text("region_code").unwrap_or_default(), entity));
        }
        let path = text("source_uri").unwrap_or_default();
        let mut source = Map::new();
        source.insert("title".to_owned(), json!(text("title").unwrap_or_else(|| path.clone())));
        source.insert("path".to_owned(), json!(path));
        let others = [("sha256", "hash"), ("published", "published"), ("status", "status")];
        for (column, name) in others {
            source.extend(text(column).map(|value| (name.to_owned(), json!(value))));
        }
        self.sources.push(Value::Object(source));
    }

    fn counted(&self, statuses: &[&str]) -> u64 {
        statuses.iter().filter_map(|status| self.statuses.get(*status)).sum()
    }
}

fn package(ledger: &Ledger, tables: &[WrittenTable], options: &Options) -> Value {
    let span = |values: Vec<String>| match (values.first(), values.last()) {
        (Some(first), Some(last)) if first != last => format!("{first}-{last}"),
        (Some(only), _) => only.clone(),
        _ => "unknown".to_owned(),
    };
    let years = span(ledger.years.iter().map(ToString::to_string).collect());
    let codes = span(ledger.regions.keys().cloned().collect());
    let names: Vec<&str> = ledger.regions.values().map(String::as_str).take(5).collect();
    let version = env!("CARGO_PKG_VERSION");
    let mut package = json!({
        "$schema": PACKAGE_PROFILE,
        "name": format!("cn-dept-fiscal-{codes}-{years}"),
        "title": format!("{}部门预算、决算与绩效报告数据 {years}", names.join("、")),
        "description": "Figures of published budgets, final accounts and performance reports of departments, each with the \
            place where it is printed. Money is in 元 in `value` and as printed in `printed`. A department and its units \
            are never to be added up (`entity_level`), nor are rows of different `row_level`; `is_leaf` marks those that may \
            be. An empty field is one that is absent or an empty text.",
        "version": version,
        "created": Cell::Time(ledger.newest).to_string(),
        "keywords": ["fiscal", "budget", "final accounts", "部门决算", "部门预算", "绩效"],
        "contributors": [{"title": format!("juesuan {version}"), "roles": ["extractor"]}],
        "sources": ledger.sources,
        "cnfiscal:coverage": coverage(ledger),
        "cnfiscal:rules_version": ledger.extractors,
        "cnfiscal:tolerance": "intervals of the printed decimals",
        "cnfiscal:personal_data": if options.keeps_personal { "kept" } else { "blacked out" },
        "resources": tables.iter().map(resource).collect::<Vec<_>>(),
    });
    if let (Some(licence), Some(object)) = (&options.licence, package.as_object_mut()) {
        object.insert("licenses".to_owned(), json!([{"name": licence}]));
    }
    package
}

fn coverage(ledger: &Ledger) -> Value {
    json!({
        "documents": ledger.sources.len(),
        "parsed": ledger.counted(&["extracted", "partial"]),
        "needs_ocr": ledger.counted(&["needs_ocr"]),
        "failed": ledger.counted(&["failed", "refused", "quarantined"]),
        "vanished": ledger.counted(&["vanished"]),
        "superseded": ledger.counted(&["superseded"]),
        "entities": ledger.entities.len(),
        "years": ledger.years,
        "regions": ledger.regions.iter().map(|(code, name)| json!({"code": code, "name": name})).collect::<Vec<_>>(),
    })
}

fn resource(written: &WrittenTable) -> Value {
    let table = written.table;
    json!({
        "$schema": RESOURCE_PROFILE,
        "name": table.name(),
        "title": table.name(),
        "description": table.grain(),
        "type": "table",
        "path": written.file.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": written.file.bytes,
        "hash": format!("sha256:{}", written.sha256),
        "schema": table_schema(table),
    })
}

fn table_schema(table: Table) -> Value {
    let mut schema = json!({
        "$schema": SCHEMA_PROFILE,
        "fields": table.columns().iter().map(|column| field(table, column)).collect::<Vec<_>>(),
        "missingValues": [""],
    });
    let Some(object) = schema.as_object_mut() else { return schema };
    if !table.key().is_empty() {
        object.insert("primaryKey".to_owned(), json!(table.key()));
    }
    if table.is_content() {
        let columns = ["report_id", "load_id"];
        let reference = json!({"resource": Table::Reports.name(), "fields": columns});
        object.insert("foreignKeys".to_owned(), json!([{"fields": columns, "reference": reference}]));
    }
    schema
}

fn field(table: Table, column: &Column) -> Value {
    let mut field = json!({
        "name": column.name,
        "type": field_type(column),
        "description": column.doc,
    });
    let Some(object) = field.as_object_mut() else { return field };
    if let Some(fiscal) = fiscal_type(table, column.name) {
        object.insert("columnType".to_owned(), json!(fiscal));
    }
    if column.kind == Kind::Amount {
        object
            .insert("unit".to_owned(), json!(if table == Table::RegionSummary { "元" } else { "see the column unit" }));
    }
    // An empty text is no missing one, but CSV cannot tell them apart.
    let is_required = !column.nullable && (column.kind != Kind::Text || table.key().contains(&column.name));
    if is_required {
        object.insert("constraints".to_owned(), json!({"required": true}));
    }
    field
}

fn field_type(column: &Column) -> &'static str {
    match column.kind {
        Kind::Int if column.name == "fiscal_year" => "year",
        Kind::Text => "string",
        Kind::Bool => "boolean",
        Kind::Int | Kind::Long => "integer",
        Kind::Real | Kind::Amount | Kind::Ratio => "number",
        Kind::Time => "datetime",
    }
}

fn fiscal_type(table: Table, column: &str) -> Option<&'static str> {
    let own =
        FISCAL_TYPES_OF.iter().find(|(of, name, _)| (*of, *name) == (table, column)).map(|(_, _, fiscal)| *fiscal);
    own.or_else(|| FISCAL_TYPES.iter().find(|(name, _)| *name == column).map(|(_, fiscal)| *fiscal))
}
