//! The region report as a browser shows it: from a total down to its cell and back, exact to the cent, without a
//! word to the network; and as a file: small, the same each time, with nothing of the data as markup.

#![allow(clippy::print_stderr)] // a test that is skipped says so

mod browser;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int32Type};
use assert_cmd::Command;
use browser::Browser;
use juesuan::dataset::{DeltaSink, Load, Outcome, Sink, Table, read_table};
use juesuan::forms::Forms;
use juesuan::model::Report;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn export(dataset: &Path, to: &Path, more: &[&str]) -> PathBuf {
    let mut command = Command::cargo_bin("juesuan").expect("the program is built");
    command.arg("export").arg("--dataset").arg(dataset).args(["--format", "html", "--to"]).arg(to);
    command.args(more).assert().success();
    to.join("index.html")
}

/// The sample region's dataset, crawled once.
fn region() -> &'static Path {
    static REGION: OnceLock<TempDir> = OnceLock::new();
    let folder = REGION.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let mut crawl = Command::cargo_bin("juesuan").expect("the program is built");
        crawl.arg("crawl").arg("corpus/region").current_dir(root());
        crawl.arg("--dataset").arg(folder.path().join("data")).assert().success();
        folder
    });
    Box::leak(folder.path().join("data").into_boxed_path())
}

/// A browser; says so where there is none.
fn browser() -> Option<Browser> {
    let browser = Browser::start();
    if browser.is_none() {
        eprintln!("SKIPPED: no Chromium; install one or name it in JUESUAN_CHROMIUM");
    }
    browser
}

/// An amount as the page writes it in 元.
fn yuan(text: &str) -> Decimal {
    let number = text.replace([',', '元', ' '], "").replace('−', "-");
    number.parse().unwrap_or_else(|_| panic!("{text} is no amount"))
}

/// Sums of corpus/sums.csv: year and class (empty for all) to 元.
fn by_hand() -> BTreeMap<(String, String), Decimal> {
    let mut reader = csv::Reader::from_path(root().join("corpus/sums.csv")).expect("the file");
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.map(|row| ((row[1].to_owned(), row[2].to_owned()), row[5].parse().expect("an amount"))).collect()
}

/// Clicks, and waits for the view that comes.
fn click(browser: &mut Browser, selector: &str) {
    let before = browser.text("location.hash");
    let found = browser
        .value(&format!("(() => {{ const e = document.querySelector('{selector}'); e?.click(); return !!e }})()"));
    assert_eq!(found, json!(true), "{selector} is in {before}");
    browser.wait_for(&format!(
        "location.hash !== '{before}' && document.querySelector('main').dataset.shown === location.hash"
    ));
}

fn go(browser: &mut Browser, hash: &str) {
    browser.value(&format!("location.hash = '{hash}'"));
    browser.wait_for("document.querySelector('main').dataset.shown === location.hash");
}

#[test]
fn a_total_is_followed_down_to_its_cell_and_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = export(region(), &folder.path().join("report"), &[]);
    let Some(mut browser) = browser() else { return };
    browser.resize(1280, 900);
    browser.open(&page);
    browser.wait_for("!!document.querySelector('.tile')");
    let wanted = by_hand();
    let total = "document.querySelector('.total .exact').textContent";

    click(&mut browser, ".tile");
    assert_eq!(yuan(&browser.text(total)), wanted[&("2024".into(), String::new())]);
    click(&mut browser, "a[href=\"#/function/210\"]");
    let class = yuan(&browser.text(total));
    assert_eq!(class, wanted[&("2024".into(), "210".into())]);
    let amounts = browser.value("[...document.querySelectorAll('#by-body tbody a.n')].map(a => a.title)");
    let departments: Vec<Decimal> =
        amounts.as_array().expect("a list").iter().map(|a| yuan(a.as_str().expect("text"))).collect();
    assert_eq!(departments.len(), 4);
    assert_eq!(departments.iter().sum::<Decimal>(), class);

    click(&mut browser, "#by-body tbody a.n");
    assert_eq!(yuan(&browser.text(total)), departments[0]);
    let list = browser.text("location.hash");
    let leaf = yuan(&browser.text("document.querySelector('#leaves tbody a.n').title"));
    click(&mut browser, "#leaves tbody a.n");
    assert_eq!(yuan(&browser.text(total)), leaf);
    click(&mut browser, "#to-cell");
    let cell = browser.text("document.getElementById('marked').innerText");
    assert_eq!(yuan(&cell) * Decimal::from(10_000), leaf, "the cell is printed in 万元");
    assert_eq!(browser.value("document.activeElement.id"), json!("marked"));

    click(&mut browser, "#marked a");
    assert_eq!(yuan(&browser.text(total)), leaf, "the cell leads back to its figure");
    click(&mut browser, ".crumbs a[href=\"#/function/210\"]");
    assert_eq!(yuan(&browser.text(total)), class);
    browser.value("history.go(-4)");
    browser.wait_for(&format!("document.querySelector('main').dataset.shown === '{list}'"));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn every_class_of_every_year_is_the_sum_made_by_hand() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = export(region(), &folder.path().join("report"), &[]);
    let Some(mut browser) = browser() else { return };
    browser.open(&page);
    browser.wait_for("!!document.querySelector('.tile')");
    for ((year, class), wanted) in by_hand() {
        go(&mut browser, &format!("#/function/{class}?y={year}"));
        let shown = browser.text("document.querySelector('.total .exact').textContent");
        assert_eq!(yuan(&shown), wanted, "{year} {class}");
    }
}

/// Year, level, stage, fund and functional code of each sum that the dataset's own summary has, and the sum.
fn summary(dataset: &Path) -> Vec<([String; 5], Decimal)> {
    let mut sums = Vec::new();
    for batch in read_table(dataset, Table::RegionSummary).expect("reads") {
        let column = |name: &str| batch.column_by_name(name).expect("a column");
        let years = column("fiscal_year").as_primitive::<Int32Type>();
        let amounts = column("amount").as_primitive::<Decimal128Type>();
        for row in 0..batch.num_rows() {
            let text = |name: &str| column(name).as_string::<i32>().value(row).to_owned();
            let key =
                [years.value(row).to_string(), text("entity_level"), text("phase"), text("fund"), text("func_code")];
            sums.push((key, Decimal::from_i128_with_scale(amounts.value(row), 4)));
        }
    }
    sums
}

#[test]
fn every_item_of_every_fund_and_stage_is_the_sum_of_the_dataset() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = export(region(), &folder.path().join("report"), &[]);
    let Some(mut browser) = browser() else { return };
    browser.open(&page);
    browser.wait_for("!!document.querySelector('.tile')");
    let sums = summary(region());
    assert!(sums.len() > 100, "{}", sums.len());
    for ([year, level, phase, fund, code], wanted) in sums {
        go(&mut browser, &format!("#/function/{code}?y={year}&l={level}&s={phase}&n={fund}"));
        let shown = browser.text("document.querySelector('.total .exact').textContent");
        assert_eq!(yuan(&shown), wanted, "{year} {level} {phase} {fund} {code}");
    }
}

#[test]
fn every_view_fits_a_telephone_and_complains_of_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = export(region(), &folder.path().join("report"), &["--lang", "en"]);
    let Some(mut browser) = browser() else { return };
    browser.resize(390, 844);
    browser.open(&page);
    browser.wait_for("!!document.querySelector('.tile')");
    let views = [
        "",
        "bodies",
        "function",
        "function/210",
        "function/2101101",
        "three",
        "coverage",
        "findings",
        "documents",
        "search?q=210",
        "body/0",
        "body/0/9/t6/24/2",
        "figure/9/175",
        "finding/6/0",
        "no/such/view",
    ];
    for view in views {
        go(&mut browser, &format!("#/{view}"));
        assert!(browser.value("document.querySelectorAll('h1').length") == json!(1), "{view}");
        let width = browser.value("document.documentElement.scrollWidth").as_u64().unwrap_or_default();
        assert!(width <= 390, "{view} is {width} wide");
        // No phrase is missing: the page shows the name of one that it has no words for.
        let unsaid =
            "document.body.innerText.replace(/final_accounts\\.\\w+/g, '').match(/\\b[a-z]+_[a-z_]+\\b/)?.[0] ?? ''";
        assert_eq!(browser.text(unsaid), "", "{view}");
    }
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn the_same_dataset_gives_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let read = |name: &str| std::fs::read(export(region(), &folder.path().join(name), &[])).expect("read");
    assert!(read("one") == read("two"));
}

#[test]
fn a_body_goes_by_the_name_that_the_dataset_has_for_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let entities = folder.path().join("entities.csv");
    let known = "name,aliases\n清川市云汀区档案局,清川市云汀区档案馆\n";
    std::fs::write(&entities, known).expect("written");
    let mut crawl = Command::cargo_bin("juesuan").expect("the program is built");
    crawl.args(["crawl", "corpus/region/区档案馆", "corpus/region/区审计局", "--entities"]).arg(&entities);
    crawl.current_dir(root()).arg("--dataset").arg(folder.path().join("data")).assert().success();
    let page = export(&folder.path().join("data"), &folder.path().join("report"), &[]);
    let Some(mut browser) = browser() else { return };
    browser.open(&page);
    browser.wait_for("!!document.querySelector('.tile')");
    go(&mut browser, "#/bodies");
    let names = browser.value("[...document.querySelectorAll('main tbody th')].map(name => name.innerText)");
    assert_eq!(names, json!(["审计局", "档案局"]), "the larger first");
}

/// A dataset of reports, each with its path.
fn dataset_of(folder: &Path, reports: impl Iterator<Item = Report>) -> PathBuf {
    let dataset = folder.join("data");
    let load = Load { id: "l1".into(), started_ms: 0, extractor: "juesuan/0".into() };
    let mut sink = DeltaSink::open(&dataset, load, Forms::builtin()).expect("opens");
    for report in reports {
        sink.write(&[Outcome::of(report)]).expect("writes");
    }
    sink.commit().expect("commits");
    dataset
}

fn reports_of_region() -> Vec<Report> {
    let mut command = Command::cargo_bin("juesuan").expect("the program is built");
    let output = command.args(["extract", "corpus/region"]).current_dir(root()).output().expect("run").stdout;
    serde_json::Deserializer::from_slice(&output).into_iter().map(|report| report.expect("a report")).collect()
}

#[test]
fn a_department_called_script_is_a_name_and_no_script() {
    let evil = "<script>window.evil=1</script>局";
    let image = "<img src=x onerror=window.evil=1>\"'&{{script}}";
    let folder = tempfile::tempdir().expect("a folder");
    let mut report =
        reports_of_region().into_iter().find(|r| r.source.path.ends_with("2023年度部门决算.docx")).expect("one");
    report.identity.entity = Some(evil.to_owned());
    report.identity.title = Some(image.to_owned());
    report.identity.region = serde_json::from_value(json!({"name": evil})).ok();
    report.source.path = format!("a/{image}.docx");
    for cell in report.tables.iter_mut().flat_map(|table| &mut table.cells).take(40) {
        cell.text = image.to_owned();
    }
    for finding in &mut report.findings {
        finding.message = image.to_owned();
    }
    let dataset = dataset_of(folder.path(), std::iter::once(report));
    let page = export(&dataset, &folder.path().join("report"), &[]);
    let text = std::fs::read_to_string(&page).expect("read");
    assert!(!text.contains("<script>window") && !text.contains("<img"), "data is markup");
    let Some(mut browser) = browser() else { return };
    browser.open(&page);
    browser.wait_for("!!document.querySelector('.tile')");
    for view in ["", "bodies", "body/0", "body/0/0/t1/0/0", "documents", "findings", "search?q=script", "function/210"]
    {
        go(&mut browser, &format!("#/{view}"));
        assert_eq!(browser.value("typeof window.evil"), json!("undefined"), "{view}");
        assert_eq!(browser.value("document.querySelectorAll('main script, main img').length"), json!(0), "{view}");
    }
    assert!(browser.text("document.querySelector('h1').innerText + document.title").contains("210"));
    go(&mut browser, "#/body/0");
    assert!(browser.text("document.querySelector('h1').innerText").contains(evil));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

/// Puts other digits in place of a report's, the same for the same: 0 stays, so that amounts keep their size.
fn disguise(value: &mut Value, turn: u32) {
    match value {
        Value::String(text) if text.contains('.') || text.len() > 7 && text.bytes().all(|b| b.is_ascii_digit()) => {
            let digit = |c: char| match c.to_digit(10) {
                Some(d @ 1..=9) => char::from_digit((d - 1 + turn) % 9 + 1, 10).unwrap_or(c),
                _ => c,
            };
            *text = text.chars().map(digit).collect();
        }
        Value::Array(list) => list.iter_mut().for_each(|v| disguise(v, turn)),
        Value::Object(map) => {
            let kept = ["location", "locations", "source", "identity", "id", "section", "metric", "form"];
            map.iter_mut().filter(|(key, _)| !kept.contains(&key.as_str())).for_each(|(_, v)| disguise(v, turn));
        }
        _ => {}
    }
}

#[test]
fn a_hundred_and_fifty_departments_are_less_than_five_megabytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let reports: Vec<Value> = reports_of_region().iter().map(|r| serde_json::to_value(r).expect("JSON")).collect();
    // Four departments over two years, 38 times.
    let copies = (0..38u32).flat_map(|n| {
        reports.iter().map(move |report| {
            let mut report = report.clone();
            disguise(&mut report, n);
            let mut report: Report = serde_json::from_value(report).expect("still a report");
            let name = report.identity.entity.clone().unwrap_or_default();
            report.identity.entity = Some(format!("{name}第{n}分局"));
            report.source.path = format!("{n}/{}", report.source.path);
            report.id = format!("{n}-{}", report.id);
            report
        })
    });
    let dataset = dataset_of(folder.path(), copies);
    let page = export(&dataset, &folder.path().join("report"), &[]);
    let bytes = std::fs::metadata(&page).expect("written").len();
    eprintln!("152 departments, {} documents: {bytes} bytes", 38 * reports.len());
    assert!(bytes < 5_000_000, "{bytes} bytes");
    let Some(mut browser) = browser() else { return };
    browser.open(&page);
    browser.wait_for("!!document.querySelector('.tile')");
    go(&mut browser, "#/bodies");
    assert_eq!(browser.value("document.querySelectorAll('main tbody tr').length"), json!(152));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}
