//! `juesuan query` in a build with the feature `sql`: the views give the figures added up by hand, and a table has the
//! rows that the dataset's own reader gives.
//!
//! `cargo test --features sql --test query`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use juesuan::dataset::{Table, read_table};
use rust_decimal::Decimal;
use serde_json::Value;

fn juesuan() -> Command {
    let mut command = Command::cargo_bin("juesuan").expect("the program is built");
    command.env_remove("JUESUAN_LOG").env_remove("COLUMNS").timeout(std::time::Duration::from_mins(3));
    command
}

/// A dataset of the sample region.
fn region() -> tempfile::TempDir {
    let dataset = tempfile::tempdir().expect("a folder");
    let mut crawl = juesuan();
    crawl.arg("crawl").arg(root().join("corpus/region")).arg("--dataset").arg(dataset.path()).assert().success();
    dataset
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn query(dataset: &Path, sql: &str, format: &str) -> String {
    let output =
        juesuan().args(["query", "--format", format, "--dataset"]).arg(dataset).arg(sql).output().expect("runs");
    assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn objects(dataset: &Path, sql: &str) -> Vec<Value> {
    query(dataset, sql, "json").lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect()
}

fn decimal(value: &Value) -> Decimal {
    value.as_str().expect("a decimal is a string").parse::<Decimal>().expect("a decimal").normalize()
}

#[test]
fn the_views_give_the_hand_computed_sums() {
    let dataset = region();
    let sql = "SELECT fiscal_year, func_class, SUM(amount) AS amount FROM region_by_function \
               WHERE phase = 'final' AND fund = 'gpb' AND entity_level = 'department' GROUP BY fiscal_year, func_class";
    let mut sums: BTreeMap<(i64, String), Decimal> = BTreeMap::new();
    for row in objects(dataset.path(), sql) {
        let key =
            (row["fiscal_year"].as_i64().expect("a year"), row["func_class"].as_str().expect("a code").to_owned());
        sums.insert(key, decimal(&row["amount"]));
    }
    let mut by_hand = BTreeMap::new();
    for row in csv::Reader::from_path(root().join("corpus/sums.csv")).expect("the sums are there").records() {
        let row = row.expect("CSV");
        if !row[2].is_empty() {
            let amount: Decimal = row[5].parse().expect("an amount");
            by_hand.insert((row[1].parse().expect("a year"), row[2].to_owned()), amount.normalize());
        }
    }
    assert_eq!(by_hand.len(), 10, "five classes in two years");
    assert_eq!(sums, by_hand);
}

#[test]
fn every_table_has_the_rows_of_the_reader_and_every_view_can_be_asked() {
    let dataset = region();
    for table in Table::ALL {
        let rows: usize =
            read_table(dataset.path(), table).expect("reads").iter().map(arrow_array::RecordBatch::num_rows).sum();
        let counted = objects(dataset.path(), &format!("SELECT COUNT(*) AS n FROM {}", table.name()));
        assert_eq!(counted[0]["n"].as_u64(), Some(rows as u64), "{}", table.name());
    }
    for (view, _) in juesuan::dataset::VIEWS {
        let rows = objects(dataset.path(), &format!("SELECT COUNT(*) AS n FROM {view}"));
        assert!(rows[0]["n"].as_u64().is_some_and(|n| n > 0), "{view} is empty");
    }
}

#[test]
fn a_table_comes_out_cell_by_cell_as_the_reader_gives_it() {
    let dataset = region();
    let batches = read_table(dataset.path(), Table::Facts).expect("reads");
    let options = deltalake_core::arrow::util::display::FormatOptions::default();
    let mut wanted = Vec::new();
    for batch in &batches {
        let columns = batch.columns().iter();
        let columns: Vec<_> = columns
            .map(|c| deltalake_core::arrow::util::display::ArrayFormatter::try_new(c, &options).expect("it prints"))
            .collect();
        let row = |at: usize| columns.iter().map(|c| c.value(at).to_string()).collect::<Vec<_>>();
        wanted.extend((0..batch.num_rows()).map(row));
    }
    let text = query(dataset.path(), "SELECT * FROM facts", "csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    assert_eq!(header, Table::Facts.columns().iter().map(|c| c.name).collect::<Vec<_>>(), "in the table's order");
    let mut got: Vec<Vec<String>> =
        reader.records().map(|row| row.expect("CSV").iter().map(str::to_owned).collect()).collect();
    wanted.sort();
    got.sort();
    assert!(!got.is_empty());
    assert!(wanted == got, "{} rows, {} wanted", got.len(), wanted.len());
}

#[test]
fn only_reading_is_allowed_and_mistakes_are_said() {
    let dataset = region();
    let asked = |sql: &str| {
        let output = juesuan().args(["query", "--dataset"]).arg(dataset.path()).arg(sql).output().expect("runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let out = dataset.path().join("out.csv");
    for sql in [
        "DROP TABLE facts",
        "CREATE TABLE mine AS SELECT 1",
        "INSERT INTO reports SELECT * FROM reports",
        &format!("COPY (SELECT 1) TO '{}'", out.display()),
        "SET datafusion.execution.batch_size = 1",
    ] {
        let (code, said) = asked(sql);
        assert_eq!(code, Some(3), "{sql}: {said}");
    }
    assert!(!out.exists());
    let (code, said) = asked("SELECT entitty FROM reports");
    assert!(code == Some(3) && said.contains("entitty"), "{said}");
    let (code, said) = asked("SELECT * FROM nothing");
    assert!(code == Some(3) && said.contains("nothing"), "{said}");
}

#[test]
fn without_a_query_it_lists_what_can_be_asked_and_a_query_may_come_by_pipe() {
    let dataset = region();
    let output = juesuan().args(["query", "--format", "csv", "--dataset"]).arg(dataset.path()).output().expect("runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    for line in ["facts,value,\"Decimal128(20, 4)\"", "region_by_function,amount,"] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    let mut piped = juesuan();
    piped.args(["query", "--format", "csv", "--dataset"]).arg(dataset.path()).arg("-");
    let output = piped.write_stdin("SELECT 1 AS one").output().expect("runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "one\n1\n");
}
