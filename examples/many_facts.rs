//! Writes a dataset of as many figures as one likes, to measure loads and exports with:
//!
//! `cargo run --release --example many_facts -- data/ 1000000`
//!
//! Reports of 5,000 figures each go through the same sink as those of a crawl. The figures follow from their number, so
//! that two runs write the same.

use std::path::Path;

use anyhow::Context;
use juesuan::dataset::{DeltaSink, Load, Outcome, Sink};
use juesuan::forms::Forms;
use juesuan::model::Report;
use serde_json::{Value, json};

/// Figures of one report.
const FIGURES: usize = 5_000;
/// Items of the functional classification that the figures go round.
const CODES: [(&str, &str); 5] = [
    ("2010301", "行政运行"),
    ("2010302", "一般行政管理事务"),
    ("2080505", "机关事业单位基本养老保险缴费支出"),
    ("2101101", "行政单位医疗"),
    ("2210201", "住房公积金"),
];

fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    let dir = args.next().context("which folder? many_facts DIR [FACTS]")?;
    let facts: usize = args.next().map_or(Ok(1_000_000), |n| n.parse())?;
    let load =
        Load { id: "20260101T000000Z-000001".into(), started_ms: 1_767_225_600_000, extractor: "juesuan/0".into() };
    let mut sink = DeltaSink::open(Path::new(&dir), load, Forms::builtin())?;
    for number in 0..facts.div_ceil(FIGURES) {
        let report = report(number, FIGURES.min(facts - number * FIGURES))?;
        sink.write(&[Outcome { modified_ms: Some(0), ..Outcome::of(report) }])?;
    }
    sink.commit()?;
    Ok(())
}

fn report(number: usize, figures: usize) -> anyhow::Result<Report> {
    let year = 2020 + number % 5;
    let report = json!({
        "schema": "report/v1", "id": format!("{number:016x}"),
        "source": {"path": format!("reports/{year}/{number:06}.docx"), "sha256": format!("{number:064x}"), "bytes": 9,
            "format": "docx"},
        "status": "extracted",
        "identity": {"kind": "final_accounts.department", "entity": format!("第{number}局"),
            "entity_level": "department", "region": {"name": "样例区", "code": "310199"}, "fiscal_year": year},
        "sections": [], "bookmarks": [], "charts": [], "indicators": [], "notes": [], "tables": [], "findings": [],
        "facts": (0..figures).map(|n| fact(number, n, year)).collect::<Vec<Value>>(),
        "checks": {"satisfied": 0, "violated": 0, "not_checked": 0},
    });
    serde_json::from_value(report).context("a report")
}

fn fact(report: usize, number: usize, year: usize) -> Value {
    let cents = (report * 7_919 + number * 104_729) % 100_000_000;
    let (code, name) = CODES[number % CODES.len()];
    let place = json!({"page": 1 + number / 40, "bbox": [70.5, 100.25, 140.75, 112.5], "table": format!("t{}", number / 200),
        "row": number % 200, "col": 3});
    json!({"id": format!("f{number}"), "metric": "gpb.exp.func", "measure": "amount", "period": year.to_string(),
        "phase": "final", "fund": "gpb", "func_code": code, "func_name": name, "row_level": "item",
        "value": format!("{}", cents * 100), "unit": "元", "printed": format!("{}.{:02}", cents / 100, cents % 100),
        "printed_unit": "万元", "decimals": 2, "basis": "table", "preferred": true, "confidence": 1.0, "location": place})
}
