//! A large report takes time in proportion to its size, and one that takes too long is stopped with what was read.

use std::fmt::Write as _;

use juesuan::check::{Language, check_by};
use juesuan::error::ErrorKind;
use juesuan::fiscal::read_figures;
use juesuan::forms::Forms;
use juesuan::limits::{Deadline, Limits};
use juesuan::model::{Content, Paragraph, Report, Status};
use juesuan::pipeline::extract_bytes;

/// Final accounts of so many functional items, each printed with its three amounts.
fn accounts(items: u32) -> String {
    let mut text = "2023年度支出决算表,,,,\n部门：某市某局,,,,单位：万元\n".to_owned();
    text.push_str("功能分类科目编码,科目名称,本年支出合计,基本支出,项目支出\n");
    let _ = writeln!(text, "合计,,{items}.00,{items}.00,0.00");
    for item in 0..items {
        let _ = writeln!(text, "{},其他支出项目{item},1.00,1.00,0.00", 2_010_000 + item);
    }
    text
}

fn read(text: &str, limits: &Limits) -> Report {
    extract_bytes(text.as_bytes(), "2023年度某市某局部门决算.csv", Forms::builtin(), limits)
}

#[test]
fn ten_thousand_items_are_read_and_checked_in_time() {
    let report = read(&accounts(10_000), &Limits::default());
    assert_eq!(report.status, Status::Extracted, "{:?}", report.notes);
    assert!(report.facts.len() > 30_000, "{} facts", report.facts.len());
    assert!(report.checks.satisfied > 10_000, "{:?}", report.checks);
}

#[test]
fn figures_and_checks_end_with_the_deadline() {
    let late = Deadline::start(&Limits { seconds: 0, ..Limits::default() });
    let forms = Forms::builtin();
    let paragraph = Paragraph { text: "收入总计12.00万元。".to_owned(), ..Paragraph::default() };
    let mut content = Content { paragraphs: vec![paragraph], ..Content::default() };
    let error = read_figures(&mut content, "x.docx", forms, &late).expect_err("there is no time");
    assert!(matches!(error.kind(), ErrorKind::Deadline { .. }), "{error}");
    let report = read(&accounts(3), &Limits::default());
    let answers = check_by(&forms.identities, &report, forms, Language::En, &late);
    assert!(matches!(answers.expect_err("there is no time").kind(), ErrorKind::Deadline { .. }));
}
