//! The region's totals are right to the cent: what a crawl sums up equals what the generator added up by hand.

use std::collections::BTreeMap;
use std::path::Path;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int32Type};
use assert_cmd::Command;
use juesuan::dataset::{Table, read_table};
use rust_decimal::Decimal;

/// Year and functional class to 元.
type Sums = BTreeMap<(i32, String), Decimal>;

#[test]
fn expenditure_by_class_equals_the_hand_computed_table() {
    let dataset = tempfile::tempdir().expect("a folder");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut crawl = Command::cargo_bin("juesuan").expect("the program is built");
    crawl.arg("crawl").arg(root.join("corpus/region")).arg("--dataset").arg(dataset.path()).assert().success();
    let wanted = by_hand(&root.join("corpus/sums.csv"));
    assert_eq!(wanted.len(), 10, "five classes in two years");
    assert_eq!(by_crawl(dataset.path()), wanted);
}

fn by_hand(path: &Path) -> Sums {
    let mut reader = csv::Reader::from_path(path).expect("the sums are there");
    let rows = reader.records().map(|row| row.expect("CSV")).filter(|row| !row[2].is_empty());
    rows.map(|r| ((r[1].parse().expect("a year"), r[2].to_owned()), r[5].parse().expect("an amount"))).collect()
}

fn by_crawl(dataset: &Path) -> Sums {
    let mut sums = Sums::new();
    for batch in read_table(dataset, Table::RegionSummary).expect("a dataset") {
        let text = |name: &str| batch.column_by_name(name).expect("a column").as_string::<i32>();
        let (phase, fund, level) = (text("phase"), text("fund"), text("entity_level"));
        for row in 0..batch.num_rows() {
            if (phase.value(row), fund.value(row), level.value(row)) == ("final", "gpb", "department") {
                let (key, amount) = class_and_amount(&batch, row);
                *sums.entry(key).or_default() += amount;
            }
        }
    }
    sums
}

fn class_and_amount(batch: &RecordBatch, row: usize) -> ((i32, String), Decimal) {
    let column = |name: &str| batch.column_by_name(name).expect("a column");
    let year = column("fiscal_year").as_primitive::<Int32Type>().value(row);
    let code = column("func_code").as_string::<i32>().value(row);
    let amount = column("amount").as_primitive::<Decimal128Type>().value(row);
    ((year, code.chars().take(3).collect()), Decimal::from_i128_with_scale(amount, 4).normalize())
}
