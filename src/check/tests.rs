//! Whole runs over small invented reports: each identity holds on a right report and is found on a wrong one.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

mod digits;
mod figures;
mod silent;
mod words;

use super::*;
use crate::model::{
    Basis, Fact, FindingStatus, Format, Identity, Literal, Location, Measure, Phase, Region, Section, Source, Status,
    Table, Unit,
};

/// A report of 2030 with nothing in it.
fn empty() -> Report {
    let region = Region { name: "甲省乙市".into(), code: None };
    let source = Source {
        path: "r".into(),
        sha256: String::new(),
        bytes: 0,
        format: Format::Docx,
        producer: None,
        pages: None,
        sheets: None,
        modified: None,
    };
    let identity = Identity {
        kind: Some("final_accounts.department".into()),
        entity: Some("甲省乙市水务事业管理局".into()),
        region: Some(region),
        fiscal_year: Some(2030),
        ..Identity::default()
    };
    Report::bare("r".into(), source, Status::Extracted, identity)
}

/// Reads `place metric[code] measure literal`, one figure a line; a place is `text`, `annex`, `chart` or a
/// statement such as `revenue`. A measure may carry a phase or a year behind `@`.
pub(super) fn report(lines: &str) -> Report {
    let mut report = empty();
    let mut rows: BTreeMap<String, u32> = BTreeMap::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [place, metric, measure, printed] = words[..] else { panic!("{line}") };
        let row = rows.entry(place.to_owned()).or_default();
        *row += 1;
        let fact = fact(place, metric, measure, printed, *row, report.facts.len());
        report.facts.push(fact);
    }
    for place in rows.keys().filter(|place| basis(place) == Basis::Table) {
        let form = Some(format!("final_accounts.{place}"));
        report.tables.push(Table { id: place.clone(), form, ..Table::default() });
    }
    report
}

fn basis(place: &str) -> Basis {
    match place {
        "text" => Basis::Narrative,
        "annex" => Basis::Annex,
        "chart" => Basis::Chart,
        "form" => Basis::Form,
        _ => Basis::Table,
    }
}

fn fact(place: &str, metric: &str, measure: &str, printed: &str, row: u32, n: usize) -> Fact {
    let (metric, code) = match metric.split_once('[') {
        Some((metric, code)) => (metric, Some(code.trim_end_matches(']').to_owned())),
        None => (metric, None),
    };
    let (measure, at) = measure.split_once('@').unwrap_or((measure, ""));
    let measure = match measure {
        "amount" => Measure::Amount,
        "share" => Measure::Share,
        "yoy_abs" => Measure::YoyAbs,
        "yoy_pct" => Measure::YoyPct,
        "completion" => Measure::Completion,
        _ => Measure::Count,
    };
    let unit = match measure {
        Measure::Amount | Measure::YoyAbs => Unit::TenThousandYuan,
        Measure::Count => Unit::Count,
        _ => Unit::Percent,
    };
    let literal = Literal::parse(printed).expect("a number");
    let is_economic = metric.starts_with("gpb.basic.econ");
    let in_table = basis(place) == Basis::Table;
    Fact {
        id: format!("f{n}"),
        metric: metric.to_owned(),
        measure,
        period: Some(if at == "2029" { "2029" } else { "2030" }.to_owned()),
        phase: Some(if at == "budget" { Phase::InitialBudget } else { Phase::Final }),
        fund: None,
        func_code: code.clone().filter(|_| !is_economic),
        func_name: None,
        code_source: None,
        econ_code: code.filter(|_| is_economic),
        econ_name: None,
        project: None,
        entity: None,
        row_level: None,
        value: literal.in_base(unit).expect("in range"),
        unit: unit.base(),
        printed: printed.to_owned(),
        printed_unit: Some(unit),
        decimals: literal.decimals,
        basis: basis(place),
        preferred: true,
        confidence: 0.95,
        location: Location {
            table: in_table.then(|| place.to_owned()),
            row: in_table.then_some(row),
            col: in_table.then_some(1),
            part: (!in_table).then(|| "word/document.xml".to_owned()),
            paragraph: (!in_table).then_some(row),
            ..Location::default()
        },
    }
}

/// Codes that a report violates, `info` included, without those that need text.
fn found(report: &Report) -> Vec<(String, Severity)> {
    let answers = check(report, Forms::builtin());
    let violated = answers.findings.into_iter().filter(|f| f.status == FindingStatus::Violated && f.code != "ST-01");
    violated.map(|f| (f.code, f.severity)).collect()
}

fn codes(lines: &str) -> Vec<String> {
    let mut codes: Vec<String> = found(&report(lines)).into_iter().map(|(code, _)| code).collect();
    codes.dedup();
    codes
}

/// Figures of a right report, each touched by at least one identity.
const RIGHT: &str = "
    revenue_expenditure_summary rev.gpb amount 812.40
    revenue_expenditure_summary rev.other amount 7.31
    revenue_expenditure_summary rev.current amount 819.71
    revenue_expenditure_summary bal.open amount 42.18
    revenue_expenditure_summary total.in amount 861.89
    revenue_expenditure_summary exp.func[201] amount 530.02
    revenue_expenditure_summary exp.func[208] amount 271.45
    revenue_expenditure_summary exp.current amount 801.47
    revenue_expenditure_summary bal.close amount 60.42
    revenue_expenditure_summary total.out amount 861.89
    revenue rev.current amount 819.71
    revenue rev.fiscal amount 812.40
    revenue rev.other amount 7.31
    expenditure exp.current amount 801.47
    expenditure exp.basic amount 540.06
    expenditure exp.project amount 261.41
    expenditure exp.func[201] amount 530.02
    expenditure exp.func[20103] amount 530.02
    expenditure exp.func[2010301] amount 290.15
    expenditure exp.func[2010302] amount 239.87
    expenditure exp.func[208] amount 271.45
    gpb_expenditure gpb.exp amount 794.16
    gpb_expenditure gpb.exp.basic amount 536.75
    gpb_expenditure gpb.exp.project amount 257.41
    gpb_expenditure gpb.exp.func[201] amount 522.71
    gpb_expenditure gpb.exp.func[208] amount 271.45
    gpb_basic_by_economic gpb.basic.econ[301] amount 431.22
    gpb_basic_by_economic gpb.basic.econ[30101] amount 300.11
    gpb_basic_by_economic gpb.basic.econ[30102] amount 131.11
    gpb_basic_by_economic gpb.basic.econ[302] amount 105.53
    gpb_basic_by_economic gpb.basic.personnel amount 431.22
    gpb_basic_by_economic gpb.basic.operating amount 105.53
    gpb_basic_by_economic gpb.exp.basic amount 536.75
    three_public tp.total amount 6.38
    three_public tp.abroad amount 0.00
    three_public tp.vehicle amount 1.46
    three_public tp.vehicle.operation amount 1.46
    three_public tp.reception amount 4.92
    text total.in amount 861.89
    text total.in yoy_abs 71.20
    text total.in yoy_pct 9.01
    text exp.current amount 801.47
    text exp.basic amount 540.06
    text exp.basic share 67.38
    text exp.project amount 261.41
    text exp.project share 32.62
    text gpb.exp amount 794.16
    text gpb.exp amount@budget 800.00
    text gpb.exp completion 99.27
    text gpb.exp.func[201] amount 522.71
    text gpb.exp.func[208] amount 271.45
    text tp.total amount 6.38
    text tp.abroad amount 0
    text tp.vehicle amount 1.46
    text tp.vehicle share 22.88
    text tp.reception amount 4.92
    text asset.vehicle.total count 3
    text asset.vehicle.leader count 1
    text asset.vehicle.other count 2
    annex exp.basic amount 540.06
    chart total.in amount 861.89
";

fn with_text(title: &str, text: &str) -> Report {
    let section = Section { id: "s1".into(), level: 1, title: title.into(), text: text.into(), ..Section::default() };
    Report { sections: vec![section], ..empty() }
}

/// Money facts of the text with sections, as a reader of sentences would hand them over.
fn with_sentence(lines: &str, sentence: &str) -> Report {
    let text = with_text("情况说明", sentence);
    Report { sections: text.sections, ..report(lines) }
}
