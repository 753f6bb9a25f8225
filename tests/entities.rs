//! A file of bodies that a user keeps: other names and renamings join what belongs together, in the sums, the
//! disclosures and the table `entities`; later runs go by it without being given it again.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int32Type};
use arrow_array::{Array, ArrayRef};
use assert_cmd::Command;
use juesuan::dataset::{Table, read_table};

const HEAD: &str = "name,aliases,region_code,valid_from,valid_to,parent,successor,change\n";

fn crawl(sources: &Path, dataset: &Path, options: &[&str]) -> assert_cmd::assert::Assert {
    let mut command = Command::cargo_bin("juesuan").expect("the program is built");
    command.env_remove("JUESUAN_LOG").timeout(std::time::Duration::from_mins(2));
    command.arg("crawl").arg(sources).arg("--dataset").arg(dataset).args(options).assert()
}

/// Final accounts of a body with one item, so many 万元.
fn accounts(dir: &Path, file: &str, body: &str, year: u16, amount: &str) {
    let text = format!(
        "{year}年度支出决算表,,,,\n部门：{body},,,,单位：万元\n功能分类科目编码,科目名称,本年支出合计,基本支出,项目支出\n\
         合计,,{amount},{amount},0.00\n2010101,行政运行,{amount},{amount},0.00\n"
    );
    fs::write(dir.join(file), text).expect("written");
}

/// The rows of a table as text by column name.
fn rows(dataset: &Path, table: Table) -> Vec<BTreeMap<String, String>> {
    let of = |batch: &RecordBatch| {
        let names: Vec<String> = batch.schema().fields().iter().map(|f| f.name().clone()).collect();
        let row = |at: usize| names.iter().cloned().zip(batch.columns().iter().map(|c| text(c, at))).collect();
        (0..batch.num_rows()).map(row).collect::<Vec<_>>()
    };
    read_table(dataset, table).expect("a dataset").iter().flat_map(of).collect()
}

fn text(column: &ArrayRef, at: usize) -> String {
    if column.is_null(at) {
        return String::new();
    }
    let words = column.as_string_opt::<i32>().map(|c| c.value(at).to_owned());
    let whole = column.as_primitive_opt::<Int32Type>().map(|c| c.value(at).to_string());
    let exact = column.as_primitive_opt::<Decimal128Type>().map(|c| c.value(at).to_string());
    words.or(whole).or(exact).unwrap_or_default()
}

#[test]
fn other_names_of_a_body_are_one_body_and_its_figures_count_once() {
    let (dir, data) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let sources = dir.path().join("reports");
    fs::create_dir(&sources).expect("made");
    accounts(&sources, "a.csv", "云汀区规划局", 2023, "12.50");
    accounts(&sources, "b.csv", "云汀区规资局", 2023, "12.50");
    accounts(&sources, "c.csv", "云汀区国土局", 2022, "10.00");
    crawl(&sources, data.path(), &[]).success();
    let amounts = |year: &str| -> Vec<String> {
        let summary = rows(data.path(), Table::RegionSummary);
        let of_year = summary.iter().filter(|row| row["fiscal_year"] == year && row["fund"] == "all");
        of_year.map(|row| row["amount"].clone()).collect()
    };
    assert_eq!(amounts("2023"), ["2500000000"], "two bodies as far as is known, in units of 1/10000 元");
    assert_eq!(rows(data.path(), Table::Disclosures).len(), 3);

    let file = dir.path().join("单位.csv");
    let lines = "云汀区规划局,云汀区规资局,,2023-01,,云汀区政府,,\n云汀区国土局,,,,2022-12-31,,云汀区规划局,更名\n\
                 云汀区物价局,,310199,,2018,,云汀区规划局,合并\n";
    fs::write(&file, format!("{HEAD}{lines}")).expect("written");
    crawl(&sources, data.path(), &["--entities", file.to_str().expect("UTF-8")]).success();
    assert_eq!(amounts("2023"), ["1250000000"], "one body, and one of its two documents");
    assert_eq!(rows(data.path(), Table::Disclosures).len(), 2);
    let bodies = rows(data.path(), Table::Entities);
    let body = |name: &str| bodies.iter().find(|row| row["entity"] == name).expect(name);
    assert_eq!(body("云汀区规资局")["canonical"], "云汀区规划局");
    assert_eq!(body("云汀区规划局")["aliases"], "云汀区规资局");
    assert_eq!(body("云汀区规划局")["parent"], "云汀区政府");
    let before = body("云汀区国土局");
    assert_eq!((before["canonical"].as_str(), before["change"].as_str()), ("云汀区规划局", "renamed"));
    assert_eq!((before["valid_to"].as_str(), before["first_year"].as_str()), ("2022-12-31", "2022"));
    let merged = body("云汀区物价局");
    assert_eq!((merged["report_count"].as_str(), merged["canonical"].as_str()), ("0", "云汀区物价局"));
    assert_eq!(merged["region_code"], "310199");

    accounts(&sources, "d.csv", "云汀区规资局", 2024, "1.00");
    crawl(&sources, data.path(), &[]).success();
    assert_eq!(amounts("2023"), ["1250000000"]);
    let bodies = rows(data.path(), Table::Entities);
    assert!(bodies.iter().any(|row| row["entity"] == "云汀区物价局"), "the dataset keeps what it was told");
}

#[test]
fn a_mistake_in_the_file_stops_the_run_with_its_line() {
    let (dir, data) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    accounts(dir.path(), "a.csv", "甲局甲局", 2023, "1.00");
    let file = data.path().join("bodies.txt");
    fs::write(&file, format!("{HEAD}甲局甲局,,,,,,乙局,改名\n")).expect("written");
    let dataset = data.path().join("d");
    let run = crawl(dir.path(), &dataset, &["--entities", file.to_str().expect("UTF-8")]).code(3);
    let said = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(said.contains("line 2: 改名 is no change"), "{said}");
}
