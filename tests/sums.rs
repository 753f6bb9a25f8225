//! The region's totals are right to the cent: what a crawl sums up equals what the generator added up by hand.

use std::collections::BTreeMap;
use std::path::Path;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int32Type};
use assert_cmd::Command;
use juesuan::dataset::{Load, MemorySink, Outcome, Sink, Table, read_table};
use juesuan::forms::Forms;
use juesuan::limits::Limits;
use juesuan::model::EntityLevel;
use juesuan::pipeline::extract_bytes;
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

#[test]
fn a_department_and_its_units_are_never_added_together() {
    let text = "2023年度支出决算表,,,,\n部门：某市某局,,,,单位：万元\n功能分类科目编码,科目名称,本年支出合计,基本支出,项目支出\n\
                合计,,12.50,12.50,0.00\n2010101,行政运行,12.50,12.50,0.00\n";
    let of = |name: &str, level| {
        let mut report = extract_bytes(text.as_bytes(), name, Forms::builtin(), &Limits::default());
        report.id = name.to_owned();
        report.identity.entity = Some(name.to_owned());
        report.identity.entity_level = Some(level);
        report.identity.fiscal_year = Some(2023);
        Outcome::of(report)
    };
    let load = Load { id: "l".into(), started_ms: 0, extractor: "juesuan/0".into() };
    let mut sink = MemorySink::new(load, Forms::builtin());
    let units = [of("某局本级", EntityLevel::Unit), of("某局中心", EntityLevel::Unit)];
    sink.write(&[&[of("某局", EntityLevel::Department)], &units[..]].concat()).expect("writes");
    sink.commit().expect("commits");
    let mut sums: BTreeMap<String, Decimal> = BTreeMap::new();
    for batch in sink.table(Table::RegionSummary) {
        let column = |name: &str| batch.column_by_name(name).expect("a column");
        for row in 0..batch.num_rows() {
            let (level, fund) = (column("entity_level").as_string::<i32>(), column("fund").as_string::<i32>());
            let amount = column("amount").as_primitive::<Decimal128Type>().value(row);
            let key = format!("{} {}", level.value(row), fund.value(row));
            *sums.entry(key).or_default() += Decimal::from_i128_with_scale(amount, 4).normalize();
        }
    }
    let expected = [("department all", 125_000), ("unit all", 250_000)];
    assert_eq!(sums, expected.map(|(key, yuan)| (key.to_owned(), Decimal::from(yuan))).into());
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
