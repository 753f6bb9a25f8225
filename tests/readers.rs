//! A dataset is open: Delta readers that are not ours find the same rows and the same sums in every table, the
//! view `region_by_function` gives in DuckDB what the crawl summed up itself, and every view gives the same rows in
//! DataFusion and in DuckDB.
//!
//! Needs a Python with the packages deltalake, pyarrow, duckdb and datafusion: `python3`, or what `JUESUAN_PYTHON`
//! names. Where there is none a test says so and ends.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int32Type};
use arrow_schema::DataType;
use juesuan::dataset::{Table, VIEWS, read_table};
use rust_decimal::Decimal;
use serde_json::Value;

#[test]
fn other_readers_find_the_same_rows_and_sums() {
    let Some(python) = python_with("deltalake, duckdb, pyarrow") else { return };
    let dataset = region();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let script = root.join("tests/independent/delta_tables.py");
    let read = Command::new(&python).arg(script).arg(dataset.path()).output().expect("python runs");
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let found: Value = serde_json::from_slice(&read.stdout).expect("JSON");
    for table in Table::ALL {
        let ours = counts(&read_table(dataset.path(), table).expect("a dataset"));
        for reader in ["deltalake", "duckdb"] {
            assert_eq!(counts_of(&found[reader][table.name()]), ours, "{} by {reader}", table.name());
        }
    }
    assert_eq!(view_rows(&found["region_by_function"]), summary_rows(dataset.path()));
}

#[test]
fn every_view_gives_the_same_rows_in_two_engines() {
    let Some(python) = python_with("deltalake, duckdb, pyarrow, datafusion") else { return };
    let dataset = region();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/independent/views.py");
    // a build with an engine of its own is the third
    let program = cfg!(feature = "sql").then(|| assert_cmd::cargo::cargo_bin("juesuan"));
    let read = Command::new(&python).arg(script).arg(dataset.path()).args(program).output().expect("python runs");
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let found: Value = serde_json::from_slice(&read.stdout).expect("JSON");
    for (view, _) in VIEWS {
        assert!(found[view]["rows"].as_u64().is_some_and(|rows| rows > 0), "{view} has rows: {}", found[view]);
    }
}

/// The Python to use, if it has these packages.
#[allow(clippy::print_stderr)] // a test that is skipped says so
fn python_with(packages: &str) -> Option<String> {
    let python = std::env::var("JUESUAN_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let tried = Command::new(&python).args(["-c", &format!("import {packages}")]).output();
    if tried.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    eprintln!("skipped: {python} does not have {packages}");
    None
}

/// A dataset of the sample region by two runs, so that there are several files a table and more than one commit.
fn region() -> tempfile::TempDir {
    let dataset = tempfile::tempdir().expect("a folder");
    for source in ["corpus/region/区档案馆", "corpus/region"] {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(source);
        let mut crawl = assert_cmd::Command::cargo_bin("juesuan").expect("the program is built");
        crawl.arg("crawl").arg(source).arg("--dataset").arg(dataset.path()).assert().success();
    }
    dataset
}

/// Rows, and the exact sum of each decimal column.
type Counts = (u64, BTreeMap<String, Decimal>);

fn counts(batches: &[RecordBatch]) -> Counts {
    let mut sums = BTreeMap::new();
    for batch in batches {
        for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
            if let DataType::Decimal128(_, scale) = field.data_type() {
                let sum: i128 = column.as_primitive::<Decimal128Type>().iter().flatten().sum();
                let sum = Decimal::from_i128_with_scale(sum, u32::try_from(*scale).expect("a scale"));
                *sums.entry(field.name().clone()).or_default() += sum;
            }
        }
    }
    (batches.iter().map(|b| b.num_rows() as u64).sum(), sums)
}

fn counts_of(found: &Value) -> Counts {
    let sums = found["sums"].as_object().into_iter().flatten();
    let sums = sums.map(|(name, sum)| (name.clone(), sum.as_str().and_then(|s| s.parse().ok()).expect("a number")));
    (found["rows"].as_u64().expect("a count"), sums.collect())
}

/// Region, year, level, phase, fund and code; amount, facts and reports.
type Sums = BTreeMap<Vec<String>, (Decimal, String, String)>;

fn view_rows(rows: &Value) -> Sums {
    let texts = |row: &Value| -> Vec<String> {
        row.as_array().expect("a row").iter().map(|v| v.as_str().expect("text").to_owned()).collect()
    };
    let rows = rows.as_array().expect("rows").iter().map(texts);
    rows.map(|r| (r[..6].to_vec(), (r[6].parse().expect("an amount"), r[7].clone(), r[8].clone()))).collect()
}

fn summary_rows(dataset: &Path) -> Sums {
    let mut sums = Sums::new();
    for batch in read_table(dataset, Table::RegionSummary).expect("a dataset") {
        let column = |name: &str| batch.column_by_name(name).expect("a column");
        let text = |name: &str, row: usize| column(name).as_string::<i32>().value(row).to_owned();
        let whole = |name: &str, row: usize| column(name).as_primitive::<Int32Type>().value(row).to_string();
        for row in 0..batch.num_rows() {
            let key = vec![
                text("region_code", row),
                whole("fiscal_year", row),
                text("entity_level", row),
                text("phase", row),
                text("fund", row),
                text("func_code", row),
            ];
            let amount = Decimal::from_i128_with_scale(column("amount").as_primitive::<Decimal128Type>().value(row), 4);
            sums.insert(key, (amount, whole("facts", row), whole("reports", row)));
        }
    }
    assert!(column_is_filled(&sums), "the sample region has sums");
    sums
}

fn column_is_filled(sums: &Sums) -> bool {
    sums.values().any(|(amount, ..)| !amount.is_zero())
}
