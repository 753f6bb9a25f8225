//! Loads into a real PostgreSQL, started here: what arrives is what the dataset holds, the same load twice changes
//! nothing, a changed document changes its rows and no other, and what goes wrong is said so that one can act.

mod postgres;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int32Type};
use assert_cmd::Command;
use juesuan::dataset::{Table, read_table};
use postgres::Server;
use rust_decimal::Decimal;

const STATEMENT: &str = "2024年度支出决算表,,,,\n部门：某市某局,,,,单位：万元\n功能分类科目编码,科目名称,本年支出合计,基本支出,\
                         项目支出\n合计,,12.50,12.50,0.00\n2010101,行政运行,12.50,12.50,0.00\n";

fn juesuan() -> Command {
    let mut command = Command::cargo_bin("juesuan").expect("the program is built");
    command.env_remove("JUESUAN_LOG").timeout(std::time::Duration::from_mins(2));
    command
}

fn crawl(sources: &Path, dataset: &Path) {
    juesuan().arg("crawl").arg(sources).arg("--dataset").arg(dataset).arg("--quiet").assert().code(0);
}

fn load(dataset: &Path, to: &str, options: &[&str]) -> assert_cmd::assert::Assert {
    let mut command = juesuan();
    command
        .arg("load")
        .arg("--dataset")
        .arg(dataset)
        .args(["--to", to, "--quiet", "--lang", "en"])
        .args(options)
        .assert()
}

fn said(run: &assert_cmd::assert::Assert) -> String {
    String::from_utf8_lossy(&run.get_output().stdout).into_owned()
}

fn complaint(run: &assert_cmd::assert::Assert) -> String {
    String::from_utf8_lossy(&run.get_output().stderr).into_owned()
}

/// The sample district, crawled.
fn region() -> tempfile::TempDir {
    let dataset = tempfile::tempdir().expect("a folder");
    crawl(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/region"), dataset.path());
    dataset
}

/// A folder of small statements that differ, crawled.
fn statements(names: &[&str]) -> (tempfile::TempDir, tempfile::TempDir) {
    let (sources, dataset) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    for name in names {
        fs::write(sources.path().join(format!("{name}.csv")), STATEMENT.replace("某局", name)).expect("written");
    }
    crawl(sources.path(), dataset.path());
    (sources, dataset)
}

/// Rows of every table in the dataset.
fn counts(dataset: &Path) -> BTreeMap<&'static str, usize> {
    let rows =
        |table| read_table(dataset, table).expect("a dataset").iter().map(arrow_array::RecordBatch::num_rows).sum();
    Table::ALL.into_iter().map(|table| (table.name(), rows(table))).collect()
}

/// Rows of every table in the warehouse.
fn loaded_counts(server: &Server, database: &str) -> BTreeMap<&'static str, usize> {
    let count = |table: Table| server.sql(database, &format!("SELECT count(*) FROM juesuan.{}", table.name()));
    Table::ALL.into_iter().map(|table| (table.name(), count(table).parse().expect("a number"))).collect()
}

/// What changes when a row is written, of every row of every table: its place and its transaction.
fn fingerprints(server: &Server, database: &str) -> Vec<String> {
    let own = ["schema_versions", "loaded_versions", "load_batches"];
    let names = Table::ALL.into_iter().map(Table::name).chain(own);
    let of = |name: &str| {
        let sql = format!("SELECT md5(string_agg(ctid::text || xmin::text, ',' ORDER BY ctid)) FROM juesuan.{name}");
        server.sql(database, &sql)
    };
    names.map(of).collect()
}

#[test]
fn the_same_load_twice_changes_nothing() {
    let Some(server) = Server::get() else { return };
    let (to, dataset) = (server.database("twice"), region());
    load(dataset.path(), &to, &[]).success();
    assert_eq!(loaded_counts(&server, "twice"), counts(dataset.path()));
    let before = fingerprints(&server, "twice");
    let again = load(dataset.path(), &to, &[]).success();
    assert!(said(&again).contains("up to date"), "{}", said(&again));
    assert_eq!(fingerprints(&server, "twice"), before);
}

#[test]
fn sums_by_function_and_year_are_those_of_the_dataset_to_the_cent() {
    let Some(server) = Server::get() else { return };
    let (to, dataset) = (server.database("sums"), region());
    load(dataset.path(), &to, &[]).success();
    let sql =
        "SELECT region_code, fiscal_year, entity_level, phase, fund, func_code, amount FROM juesuan.region_by_function";
    let view = server.sql("sums", sql);
    let view: BTreeMap<String, Decimal> = view
        .lines()
        .map(|line| line.rsplit_once('|').expect("columns"))
        .map(|(key, amount)| (key.to_owned(), amount.parse::<Decimal>().expect("exact").normalize()))
        .collect();
    let mut wanted = BTreeMap::new();
    for batch in read_table(dataset.path(), Table::RegionSummary).expect("a dataset") {
        let text = |name: &str| batch.column_by_name(name).expect("a column").as_string::<i32>();
        let names = ["region_code", "entity_level", "phase", "fund", "func_code"].map(text);
        let years = batch.column_by_name("fiscal_year").expect("a column").as_primitive::<Int32Type>();
        let amounts = batch.column_by_name("amount").expect("a column").as_primitive::<Decimal128Type>();
        for row in 0..batch.num_rows() {
            let [region, level, phase, fund, code] = names.map(|column| column.value(row));
            let key = format!("{region}|{}|{level}|{phase}|{fund}|{code}", years.value(row));
            wanted.insert(key, Decimal::from_i128_with_scale(amounts.value(row), 4).normalize());
        }
    }
    assert!(wanted.len() > 10, "there is something to compare");
    assert_eq!(view, wanted);
}

#[test]
fn a_changed_document_changes_its_rows_and_no_other() {
    let Some(server) = Server::get() else { return };
    let (sources, dataset) = statements(&["甲局", "乙局", "丙局"]);
    let to = server.database("changed");
    load(dataset.path(), &to, &[]).success();
    let rows = "SELECT source_uri, f.report_id, fact_id, f.xmin FROM juesuan.facts f JOIN juesuan.reports r \
                ON r.report_id = f.report_id WHERE source_uri NOT LIKE '%乙局.csv' ORDER BY 1, 2, 3";
    let others = server.sql("changed", rows);
    assert!(others.lines().count() >= 4, "{others}");
    fs::write(sources.path().join("乙局.csv"), STATEMENT.replace("某局", "乙局").replace("12.50", "99.75"))
        .expect("written");
    crawl(sources.path(), dataset.path());
    load(dataset.path(), &to, &[]).success();
    assert_eq!(server.sql("changed", rows), others, "rows of other documents were not touched");
    assert_eq!(loaded_counts(&server, "changed"), counts(dataset.path()));
    let values = "SELECT DISTINCT value FROM juesuan.amounts_leaf WHERE source_uri LIKE '%乙局.csv'";
    assert_eq!(server.sql("changed", values), "997500.0000", "exact, and the earlier version is gone");
    let statuses = "SELECT status, count(*) FROM juesuan.reports GROUP BY 1 ORDER BY 1";
    assert_eq!(server.sql("changed", statuses), "extracted|3\nsuperseded|1");
}

#[test]
fn a_vanished_document_does_not_count_and_a_full_load_gives_the_same_rows() {
    let Some(server) = Server::get() else { return };
    let (sources, dataset) = statements(&["甲局", "乙局"]);
    let to = server.database("vanished");
    load(dataset.path(), &to, &[]).success();
    fs::remove_file(sources.path().join("乙局.csv")).expect("removed");
    crawl(sources.path(), dataset.path());
    load(dataset.path(), &to, &[]).success();
    let sum = "SELECT count(*), sum(value) FROM juesuan.amounts_leaf";
    assert_eq!(server.sql("vanished", sum), "1|125000.0000");
    let rows = "SELECT md5(string_agg(t::text, E'\\n' ORDER BY t::text)) FROM juesuan.facts t";
    let before = server.sql("vanished", rows);
    load(dataset.path(), &to, &["--full"]).success();
    assert_eq!(server.sql("vanished", rows), before);
    assert_eq!(loaded_counts(&server, "vanished"), counts(dataset.path()));
}

#[test]
fn a_dry_run_says_what_would_come_and_changes_nothing() {
    let Some(server) = Server::get() else { return };
    let (_sources, dataset) = statements(&["甲局"]);
    let to = server.database("dry");
    let dry = load(dataset.path(), &to, &["--dry-run"]).success();
    assert!(said(&dry).contains("nothing was changed") && said(&dry).contains("facts"), "{}", said(&dry));
    assert_eq!(server.sql("dry", "SELECT count(*) FROM pg_namespace WHERE nspname = 'juesuan'"), "0");
}

#[test]
fn every_table_and_column_says_what_it_is_and_amounts_are_exact() {
    let Some(server) = Server::get() else { return };
    let (_sources, dataset) = statements(&["甲局"]);
    let to = server.database("comments");
    load(dataset.path(), &to, &["--schema", "某市"]).success();
    let bare = "SELECT c.relname, a.attname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND c.relkind = 'r' \
                WHERE n.nspname = '某市' AND c.relkind IN ('r', 'v') AND (obj_description(c.oid) IS NULL \
                OR (a.attnum IS NOT NULL AND col_description(c.oid, a.attnum) IS NULL))";
    assert_eq!(server.sql("comments", bare), "");
    let kind = "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = '某市.facts'::regclass \
                AND attname = 'value'";
    assert_eq!(server.sql("comments", kind), "numeric(20,4)");
    let views = "SELECT count(*) FROM information_schema.views WHERE table_schema = '某市'";
    assert_eq!(server.sql("comments", views), juesuan::dataset::VIEWS.len().to_string());
}

#[test]
fn what_is_in_the_way_is_said_with_what_to_do() {
    let Some(server) = Server::get() else { return };
    let (_sources, dataset) = statements(&["甲局"]);
    let to = server.database("errors");
    let fails = |to: &str, options: &[&str], words: &[&str]| {
        let run = load(dataset.path(), to, options).code(3);
        for word in words {
            assert!(complaint(&run).contains(word), "{word}: {}", complaint(&run));
        }
    };
    fails("postgres://u:geheim@127.0.0.1:1/d", &[], &["no server answers", "check host and port"]);
    let silent = load(dataset.path(), "postgres://u:geheim@127.0.0.1:1/d", &["-v"]).code(3);
    assert!(!complaint(&silent).contains("geheim"), "{}", complaint(&silent));
    fails(&server.address("postgres", "nowhere"), &[], &["no database nowhere", "createdb"]);
    server.sql("errors", "CREATE ROLE guest LOGIN");
    fails(&server.address("guest", "errors"), &[], &["permission denied", "GRANT"]);
    server.sql("errors", "CREATE SCHEMA strange; CREATE TABLE strange.reports (x int)");
    fails(&to, &["--schema", "strange"], &["already exists", "--schema"]);
    fails("data/", &[], &["postgres://user@host"]);
    load(dataset.path(), &to, &[]).success();
    server.sql("errors", "INSERT INTO juesuan.schema_versions (version, applied_by) VALUES (99, 'juesuan/9')");
    fails(&to, &[], &["version 99", "--schema"]);
    server.sql("errors", "DELETE FROM juesuan.schema_versions WHERE version = 99");
    let (_others, other) = statements(&["丁局"]);
    let refused = load(other.path(), &to, &[]).code(3);
    assert!(complaint(&refused).contains("another dataset") && complaint(&refused).contains("--full"));
    load(other.path(), &to, &["--full"]).success();
    assert_eq!(loaded_counts(&server, "errors"), counts(other.path()));
}

#[test]
fn rows_that_somebody_removed_are_missed_and_a_full_load_brings_them_back() {
    let Some(server) = Server::get() else { return };
    let (_sources, dataset) = statements(&["甲局", "乙局"]);
    let to = server.database("gaps");
    load(dataset.path(), &to, &[]).success();
    server.sql("gaps", "DELETE FROM juesuan.reports WHERE source_uri LIKE '%甲局.csv'");
    let short = load(dataset.path(), &to, &[]).code(3);
    assert!(complaint(&short).contains("--full"), "{}", complaint(&short));
    load(dataset.path(), &to, &["--full"]).success();
    assert_eq!(loaded_counts(&server, "gaps"), counts(dataset.path()));
}
