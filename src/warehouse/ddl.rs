//! The star schema as SQL: made from the columns of the dataset, so that the two cannot part. `schemas/warehouse/`
//! holds what is made here, file by file; a test compares them.

use std::fmt::Write;

use crate::dataset::{Column, Kind, Table, VIEWS};

/// Indexes beside the primary keys: name, table, columns, condition.
const INDEXES: &[(&str, Table, &str, &str)] = &[
    ("reports_by_report", Table::Reports, "report_id, load_id", ""),
    ("reports_by_place", Table::Reports, "region_code, fiscal_year, entity", ""),
    ("facts_by_metric", Table::Facts, "metric, fiscal_year, region_code", ""),
    ("facts_by_function", Table::Facts, "region_code, fiscal_year, func_code", " WHERE is_leaf"),
    ("findings_by_code", Table::Findings, "code, severity", ""),
    ("cells_by_place", Table::Cells, "region_code, fiscal_year", ""),
    ("disclosures_by_place", Table::Disclosures, "region_code, fiscal_year, entity", ""),
    ("region_summary_by_place", Table::RegionSummary, "region_code, fiscal_year, func_code", ""),
];

const HEAD: &str = "\
-- The warehouse's tables, version 1, as `juesuan load` creates them: the tables of the dataset with their keys, what
-- every table and column means, indexes and views. Made from the program (src/warehouse/ddl.rs); do not edit.
-- To create them by hand: CREATE SCHEMA juesuan; SET search_path TO juesuan; then this file. Text compares byte by byte
-- (COLLATE \"C\"), so that a view chooses the same report here as in every other engine.
";

/// What the loader itself keeps: tables, and what each column means.
const OWN: &str = "\
CREATE TABLE schema_versions (
  version integer PRIMARY KEY,
  applied_at timestamptz NOT NULL DEFAULT now(),
  applied_by text NOT NULL
);
COMMENT ON TABLE schema_versions IS 'One row a migration that was applied; the highest version is that of this schema.';
COMMENT ON COLUMN schema_versions.version IS 'Version, from 1.';
COMMENT ON COLUMN schema_versions.applied_at IS 'When it was applied.';
COMMENT ON COLUMN schema_versions.applied_by IS 'Program and version that applied it.';

CREATE TABLE loaded_versions (
  table_name text COLLATE \"C\" PRIMARY KEY,
  dataset_id text NOT NULL,
  delta_version bigint NOT NULL,
  loaded_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE loaded_versions IS 'Up to which version of each Delta table the rows here go.';
COMMENT ON COLUMN loaded_versions.table_name IS 'Table of the dataset.';
COMMENT ON COLUMN loaded_versions.dataset_id IS 'Id of the dataset: that of its Delta table reports.';
COMMENT ON COLUMN loaded_versions.delta_version IS 'Version of the Delta table.';
COMMENT ON COLUMN loaded_versions.loaded_at IS 'When it was loaded.';

CREATE TABLE load_batches (
  batch bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  finished_at timestamptz NOT NULL DEFAULT now(),
  loaded_by text NOT NULL,
  documents bigint NOT NULL,
  rows_inserted bigint NOT NULL,
  rows_deleted bigint NOT NULL
);
COMMENT ON TABLE load_batches IS 'One row a transaction of `juesuan load` that changed something.';
COMMENT ON COLUMN load_batches.batch IS 'Number of the batch.';
COMMENT ON COLUMN load_batches.finished_at IS 'When its transaction began.';
COMMENT ON COLUMN load_batches.loaded_by IS 'Program and version that loaded it.';
COMMENT ON COLUMN load_batches.documents IS 'Document versions that came or changed.';
COMMENT ON COLUMN load_batches.rows_inserted IS 'Rows inserted in all tables.';
COMMENT ON COLUMN load_batches.rows_deleted IS 'Rows deleted in all tables.';
";

/// Everything that a new schema holds, in the order in which it can be created.
#[must_use]
pub fn ddl() -> String {
    let mut sql = format!("{HEAD}\n{OWN}");
    for table in Table::ALL {
        sql.push('\n');
        sql += &create_table(table);
        sql += &comments(table);
    }
    sql.push('\n');
    for (name, table, columns, condition) in INDEXES {
        let _ = writeln!(sql, "CREATE INDEX {name} ON {} ({columns}){condition};", table.name());
    }
    for (name, view) in VIEWS {
        let about = view.lines().map_while(|line| line.strip_prefix("-- ")).collect::<Vec<_>>().join(" ");
        let _ = write!(sql, "\n{view}COMMENT ON VIEW {name} IS {};\n", literal(&about));
    }
    sql
}

/// A table of the dataset.
fn create_table(table: Table) -> String {
    let mut lines: Vec<String> = table.columns().iter().map(column).collect();
    if !table.key().is_empty() {
        let key: Vec<String> = table.key().iter().map(|name| identifier(name)).collect();
        lines.push(format!("  PRIMARY KEY ({})", key.join(", ")));
    }
    format!("CREATE TABLE {} (\n{}\n);\n", table.name(), lines.join(",\n"))
}

fn column(column: &Column) -> String {
    let must = if column.nullable { "" } else { " NOT NULL" };
    format!("  {} {}{must}", identifier(column.name), data_type(column.kind))
}

fn data_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text COLLATE \"C\"",
        Kind::Bool => "boolean",
        Kind::Int => "integer",
        Kind::Long => "bigint",
        Kind::Real => "real",
        Kind::Amount => "numeric(20,4)",
        Kind::Ratio => "numeric(38,10)",
        Kind::Time => "timestamptz",
    }
}

fn comments(table: Table) -> String {
    let name = table.name();
    let mut sql = format!("COMMENT ON TABLE {name} IS {};\n", literal(table.grain()));
    for column in table.columns() {
        let _ = writeln!(sql, "COMMENT ON COLUMN {name}.{} IS {};", identifier(column.name), literal(column.doc));
    }
    sql
}

/// The columns of a table for a list in SQL.
pub(super) fn column_list(table: Table) -> String {
    table.columns().iter().map(|c| identifier(c.name)).collect::<Vec<_>>().join(", ")
}

/// A name as SQL writes it, whatever it holds.
pub(super) fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as SQL writes it.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `JUESUAN_ACCEPT=1 cargo test --lib warehouse` writes the file anew, as long as no release has shipped it;
    /// afterwards a change needs a file of its own, with the next number.
    #[test]
    fn the_shipped_file_is_what_the_columns_say() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/warehouse/001.sql");
        if std::env::var_os("JUESUAN_ACCEPT").is_some() {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(&path, ddl()).expect("written");
        }
        let shipped = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(shipped == ddl(), "schemas/warehouse/001.sql: run JUESUAN_ACCEPT=1 cargo test --lib warehouse");
    }

    #[test]
    fn every_table_and_every_column_has_a_comment() {
        let sql = ddl();
        let count = |word: &str| sql.matches(word).count();
        assert_eq!(count("COMMENT ON TABLE"), count("CREATE TABLE"));
        assert_eq!(count("COMMENT ON VIEW"), count("CREATE VIEW"));
        let columns: usize = Table::ALL.iter().map(|table| table.columns().len()).sum();
        assert_eq!(count("COMMENT ON COLUMN"), columns + 13, "those of the dataset and the loader's own");
    }

    #[test]
    fn a_name_or_a_text_cannot_break_out() {
        assert_eq!(identifier("a\"; DROP"), "\"a\"\"; DROP\"");
        assert_eq!(literal("report's"), "'report''s'");
    }
}
