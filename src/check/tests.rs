//! Whole runs over small invented reports: each identity holds on a right report and is found on a wrong one.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::forms::identities::Identities;
use crate::model::{
    Basis, Fact, FindingStatus, Format, Identity, Literal, Location, Measure, Note, NoteKind, Phase, Region, Section,
    Source, Status, Table, Unit,
};

/// A report of 2030 with nothing in it.
fn empty() -> Report {
    let region = Region { name: "甲省乙市".into(), code: None };
    Report {
        schema: "report/v1".into(),
        id: "r".into(),
        source: Source {
            path: "r".into(),
            sha256: String::new(),
            bytes: 0,
            format: Format::Docx,
            producer: None,
            pages: None,
            sheets: None,
            modified: None,
        },
        status: Status::Extracted,
        identity: Identity {
            kind: Some("final_accounts.department".into()),
            entity: Some("甲省乙市水务事业管理局".into()),
            region: Some(region),
            fiscal_year: Some(2030),
            ..Identity::default()
        },
        sections: Vec::new(),
        bookmarks: Vec::new(),
        tables: Vec::new(),
        charts: Vec::new(),
        facts: Vec::new(),
        indicators: Vec::new(),
        checks: CheckCounts::default(),
        findings: Vec::new(),
        notes: Vec::new(),
    }
}

/// Reads `place metric[code] measure literal`, one figure a line; a place is `text`, `annex`, `chart` or a
/// statement such as `revenue`. A measure may carry a phase or a year behind `@`.
fn report(lines: &str) -> Report {
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

#[test]
fn a_right_report_is_silent() {
    assert_eq!(found(&report(RIGHT)), []);
    assert!(check(&report(RIGHT), Forms::builtin()).counts.satisfied > 50);
}

#[test]
fn a_wrong_figure_is_found_by_the_identity_that_it_breaks() {
    for (right, wrong, code) in [
        ("total.in amount 861.89", "total.in amount 861.98", "IT-03"),
        ("bal.open amount 42.18", "bal.open amount 42.08", "IT-01"),
        ("bal.close amount 60.42", "bal.close amount 61.42", "IT-02"),
        ("rev.gpb amount 812.40", "rev.gpb amount 821.40", "IT-04"),
        ("summary exp.func[208] amount 271.45", "summary exp.func[208] amount 217.45", "IT-05"),
        ("30101] amount 300.11", "30101] amount 301.11", "IT-11"),
        ("personnel amount 431.22", "personnel amount 431.52", "IT-12"),
        ("public tp.reception amount 4.92", "public tp.reception amount 4.29", "IT-13"),
        ("2010302] amount 239.87", "2010302] amount 239.47", "HR-01"),
        ("revenue rev.current amount 819.71", "revenue rev.current amount 891.71", "BT-01"),
        ("expenditure exp.current amount 801.47", "expenditure exp.current amount 801.74", "BT-02"),
        ("gpb_expenditure gpb.exp.basic amount 536.75", "gpb_expenditure gpb.exp.basic amount 536.57", "BT-05"),
        ("text exp.basic amount 540.06", "text exp.basic amount 540.60", "TT-03"),
        ("text tp.reception amount 4.92", "text tp.reception amount 4.82", "TT-08"),
        ("text gpb.exp.func[208] amount 271.45", "text gpb.exp.func[208] amount 271.54", "TX-03"),
        ("annex exp.basic amount 540.06", "annex exp.basic amount 540.16", "TX-02"),
        ("exp.project share 32.62", "exp.project share 32.26", "PC-01"),
        ("gpb.exp completion 99.27", "gpb.exp completion 99.72", "PC-03"),
        ("yoy_pct 9.01", "yoy_pct 9.11", "YY-01"),
        ("chart total.in amount 861.89", "chart total.in amount 816.89", "CH-01"),
        ("vehicle.other count 2", "vehicle.other count 1", "AS-01"),
    ] {
        assert!(RIGHT.contains(right), "{right}");
        let wrong = RIGHT.replace(right, wrong);
        let violated = codes(&wrong);
        assert!(violated.iter().any(|c| c == code), "{code} is missing among {violated:?} for {right}");
    }
}

#[test]
fn what_rounding_explains_is_a_remark() {
    let lines = RIGHT.replace("text gpb.exp.func[208] amount 271.45", "text gpb.exp.func[208] amount 271.44");
    let found = found(&report(&lines));
    assert!(!found.is_empty() && found.iter().all(|(_, severity)| *severity == Severity::Info), "{found:?}");
}

#[test]
fn a_percentage_that_was_cut_off_is_a_warning() {
    let lines = RIGHT.replace("exp.project share 32.62", "exp.project share 32.61");
    assert_eq!(found(&report(&lines)), [("PC-01".to_owned(), Severity::Warn)]);
}

#[test]
fn trailing_zeros_that_a_spreadsheet_cut_do_not_hide_a_difference() {
    let lines = RIGHT.replace("bal.open amount 42.18", "bal.open amount 42.2");
    assert!(codes(&lines).contains(&"IT-01".to_owned()));
}

#[test]
fn a_missing_figure_is_not_checked_rather_than_passed() {
    let answers = check(&report("revenue_expenditure_summary total.in amount 861.89"), Forms::builtin());
    let told = answers.findings.iter().find(|f| f.code == "IT-03").expect("told");
    assert_eq!(told.status, FindingStatus::NotChecked);
    assert!(told.message.contains("total.out"), "{}", told.message);
    assert!(answers.counts.not_checked > 0);
}

#[test]
fn a_figure_of_the_column_that_was_not_read_takes_the_accusation_back() {
    let lines = RIGHT.replace("rev.gpb amount 812.40", "rev.gpb amount 800.40");
    let mut wrong = report(&lines);
    assert!(found(&wrong).iter().any(|(code, _)| code == "IT-04"));
    let cell =
        crate::model::Cell { row: 40, col: 1, row_span: 1, col_span: 1, text: "12.00".into(), ..Default::default() };
    for table in wrong.tables.iter_mut().filter(|t| t.id == "revenue_expenditure_summary") {
        table.cells.push(cell.clone());
    }
    assert!(found(&wrong).iter().all(|(code, _)| code != "IT-04"));
}

#[test]
fn an_annex_that_goes_on_to_its_parts_is_not_accused() {
    let parts = format!("{RIGHT} annex exp.current amount 801.47\n annex exp.current amount 298.18\n");
    assert_eq!(codes(&parts), Vec::<String>::new());
    assert!(codes(&format!("{RIGHT} annex exp.current amount 801.74\n")).contains(&"TX-02".to_owned()));
}

#[test]
fn a_list_with_a_name_that_led_to_no_code_is_not_added_up() {
    let short = RIGHT.replace("text gpb.exp.func[208] amount 271.45", "");
    assert!(codes(&short).contains(&"TX-03".to_owned()));
    let unplaced = format!("{short} text gpb.exp.func amount 271.45\n");
    assert!(!codes(&unplaced).contains(&"TX-03".to_owned()));
}

#[test]
fn a_doubtful_reading_accuses_nobody_and_an_unsure_one_less() {
    let lines = RIGHT.replace("yoy_pct 9.01", "yoy_pct 19.01");
    let mut wrong = report(&lines);
    let severity = |report: &Report| found(report).into_iter().find(|(code, _)| code == "YY-01").map(|(_, s)| s);
    assert_eq!(severity(&wrong), Some(Severity::Error));
    let n = wrong.facts.iter().position(|f| f.measure == Measure::YoyPct).expect("printed");
    wrong.facts[n].confidence = 0.7;
    assert_eq!(severity(&wrong), Some(Severity::Warn));
    wrong.facts[n].confidence = 0.4;
    assert_eq!(severity(&wrong), None);
}

#[test]
fn the_likely_fault_is_named_when_all_else_is_confirmed() {
    let lines = RIGHT.replace("revenue rev.current amount 819.71", "revenue rev.current amount 891.71");
    let answers = check(&report(&lines), Forms::builtin());
    let finding = answers.findings.iter().find(|f| f.code == "BT-01").expect("found");
    assert!(finding.hint.as_deref().is_some_and(|hint| hint.contains("891.71")), "{:?}", finding.hint);
    assert_eq!(finding.lhs.as_deref(), Some("8197100"));
    assert_eq!(finding.delta, Some(Decimal::from(-720_000)));
}

#[test]
fn an_identity_of_ones_own_is_a_few_lines() {
    let own = r#"
        [[assertion]]
        id = "OWN-1"
        title = { zh = "培训费大于会议费", en = "training exceeds meetings" }
        why = { zh = "本地规定。", en = "A local rule." }
        severity = "warn"
        within = "text"
        tolerance = "sum"
        formula = "tp.training <= tp.meeting"
    "#;
    let identities = Identities::parse(std::iter::once(("identities/own.toml", own))).expect("valid");
    let report = report("text tp.training amount 3.00\n text tp.meeting amount 2.00");
    let evidence = Evidence::of(&report, &identities.tables);
    let findings = assertion::run(&identities.assertions, &evidence).findings(Language::En);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].message, "training exceeds meetings: 3.00万元 exceeds 2.00万元 by 1万元");
}

fn with_text(title: &str, text: &str) -> Report {
    let section = Section { id: "s1".into(), level: 1, title: title.into(), text: text.into(), ..Section::default() };
    Report { sections: vec![section], ..empty() }
}

#[test]
fn wording_faults_are_found_and_right_sentences_are_not() {
    for (text, code) in [
        ("机关运行经费比2029年减少3.50万元，增下降4.1%。", "YY-03"),
        ("公务接待费减少1.20万元，下降（增长）7.00%。", "YY-03"),
        ("支出决算数为803.19，完成预算100%。", "ST-02"),
        ("支出增加11.00万元，增长13.95。", "ST-02"),
        ("（注：数据来源于财决01表）", "ST-05"),
        ("公务接待费支出XX万元。", "ST-05"),
        ("主要包括办公费、差旅费（请结合本单位实际情况填写）。", "ST-05"),
        ("与预算持平的，可不填原因。", "ST-05"),
        ("会议费较上一度减少。", "ST-06"),
        ("2029年国有资本经营预算拨款支出12.00万元。", "YY-05"),
        ("总支出93.40万元，其中基本支出74.10万元、项目支出18.30万元。", "TX-01"),
    ] {
        let found = found(&with_text("情况说明", text));
        assert_eq!(found.first().map(|(c, _)| c.as_str()), Some(code), "{text}");
    }
    for right in [
        "机关运行经费比2029年减少3.50万元，下降4.1%。",
        "支出决算数为803.19万元，完成预算100%。",
        "本单位根据实际情况填补空编三人。",
        "增减变动见表，增长（下降以“-”号填列）。",
        "会议费较上一年度减少。",
        "支出增加11.00万元，增长13.95个百分点。",
        "2029年收入合计5.00万元。2030年收入合计6.00万元。",
        "2030年国有资本经营预算拨款支出12.00万元。",
        "总支出92.40万元，其中基本支出74.10万元、项目支出18.30万元。",
        "总支出93.40万元，其中基本支出74.10万元、项目支出18.30万元、经营支出1.00万元。",
    ] {
        assert_eq!(found(&with_text("情况说明", right)), [], "{right}");
    }
}

#[test]
fn a_text_without_statements_is_told_unless_pages_are_images() {
    let mut report = report("text total.in amount 861.89");
    let told = |report: &Report| check(report, Forms::builtin()).findings.iter().any(|f| f.code == "ST-01");
    assert!(told(&report));
    report.notes.push(Note::new(NoteKind::ImagePage, "page 9", Location::default()));
    assert!(!told(&report));
}

/// Money facts of the text with sections, as a reader of sentences would hand them over.
fn with_sentence(lines: &str, sentence: &str) -> Report {
    let text = with_text("情况说明", sentence);
    Report { sections: text.sections, ..report(lines) }
}

#[test]
fn tables_that_the_report_publishes_apart_are_not_checked() {
    let told = |sentence: &str| {
        let report = with_sentence("text total.in amount 861.89", sentence);
        let findings = check(&report, Forms::builtin()).findings;
        findings.into_iter().find(|f| f.code == "ST-01").map(|f| f.status)
    };
    for apart in [
        "各部门的附表以电子表格另行公布，与本说明同时上网。",
        "2030年部门预算公开表附后",
        "具体公开表样附后",
        "决算报表另附。",
        "报表详见附件2。",
        "附件：甲市乙局2030年度部门决算报表",
    ] {
        assert_eq!(told(apart), Some(FindingStatus::NotChecked), "{apart}");
    }
    for silent in
        ["收入支出决算总表", "绩效评价报告详见附件2。", "附件1：2030年度项目支出绩效自评报告", "公务接待费情况见上文。"]
    {
        assert_eq!(told(silent), Some(FindingStatus::Violated), "{silent}");
    }
}

#[test]
fn a_change_that_the_text_ties_to_another_amount_accuses_nobody() {
    let lines = "text exp.project amount 300.00\n text exp.project yoy_abs 20.00\n text exp.project yoy_pct 2.00";
    let accused = |sentence: &str| found(&with_sentence(lines, sentence)).iter().any(|(code, _)| code == "YY-01");
    assert!(accused("项目支出300.00万元，比上年增加20.00万元，增长2.00%。"));
    assert!(!accused("支出1020.00万元，其中项目支出300.00万元。比上年增加20.00万元，增长2.00%。"));
    assert!(!accused("项目支出300.00万元（比上年增加20.00万元）。合计比上年增加8.00万元，增长2.00%。"));
    assert!(accused("支出1400.00万元，其中项目支出300.00万元，增加20.00万元，增长2.00%。"));
}

#[test]
fn a_figure_beside_the_right_one_was_misread() {
    let lines = RIGHT.replace("text tp.total amount 6.38", "text tp.total amount 9.00");
    let accused = |sentence: &str| found(&with_sentence(&lines, sentence)).iter().any(|(code, _)| code == "TT-08");
    assert!(accused("“三公”经费支出决算为9.00万元，其中公务接待费4.92万元。"));
    assert!(!accused("“三公”经费预算为9.00万元，支出决算为6.38万元。"));
}

#[test]
fn a_sum_of_a_table_that_goes_on_elsewhere_is_not_held_against_it() {
    let lines = RIGHT.replace("summary exp.func[208] amount 271.45", "summary exp.func[208] amount 217.45");
    let mut cut = report(&lines);
    assert!(found(&cut).iter().any(|(code, _)| code == "IT-05"));
    let on = |page: u32| vec![Location { page: Some(page), ..Location::default() }];
    let cell = crate::model::Cell { row: 0, col: 1, row_span: 1, col_span: 1, ..Default::default() };
    let at = cut.tables.iter().position(|t| t.id == "revenue_expenditure_summary").expect("there");
    cut.tables[at].locations = on(3);
    cut.tables[at].cells.push(cell.clone());
    let rest = Table { id: "rest".into(), locations: on(4), cells: vec![cell], ..Table::default() };
    cut.tables.insert(at + 1, rest);
    assert!(found(&cut).iter().all(|(code, _)| code != "IT-05"));
    cut.tables[at + 1].title = Some("收入决算表".into());
    assert!(found(&cut).iter().any(|(code, _)| code == "IT-05"));
}

#[test]
fn subsidies_below_the_income_of_the_year_count_to_the_total_alone() {
    let below = "
        revenue_expenditure_summary rev.gpb amount 812.40
        revenue_expenditure_summary rev.current amount 812.40
        revenue_expenditure_summary rev.superior_subsidy amount 17.30
        revenue_expenditure_summary bal.open amount 3.00
        revenue_expenditure_summary total.in amount 832.70
        revenue_expenditure_summary total.out amount 832.70";
    assert_eq!(codes(below), Vec::<String>::new());
    assert!(codes(&below.replace("amount 17.30", "amount 17.80")).contains(&"IT-01".to_owned()));
}

#[test]
fn a_completion_of_nothing_is_told() {
    let right = "text tp.abroad amount 0\n text tp.abroad completion 0";
    assert_eq!(codes(right), Vec::<String>::new());
    assert_eq!(codes(&right.replace("completion 0", "completion 100")), ["PC-03"]);
}

#[test]
fn the_same_check_speaks_both_languages() {
    let wrong = report(&RIGHT.replace("yoy_pct 9.01", "yoy_pct 19.01"));
    let message = |language| {
        let findings = check_in(&wrong, Forms::builtin(), language).findings;
        findings.into_iter().find(|f| f.code == "YY-01").expect("found").message
    };
    assert!(message(Language::Zh).contains("不等于"));
    assert!(message(Language::En).contains("differs from"));
}

#[test]
fn the_index_explains_every_check_in_both_languages() {
    let index = index(Forms::builtin());
    assert!(index.len() > 45, "{}", index.len());
    assert!(index.windows(2).all(|w| w[0].code < w[1].code));
    for info in index {
        let texts = [&info.title.zh, &info.title.en, &info.why.zh, &info.why.en];
        assert!(texts.iter().all(|text| !text.is_empty()), "{}", info.code);
    }
}

#[test]
fn findings_come_gravest_first() {
    let lines = RIGHT.replace("total.in amount 861.89", "total.in amount 871.89").replace("share 32.62", "share 32.61");
    let severities: Vec<Severity> = found(&report(&lines)).into_iter().map(|(_, severity)| severity).collect();
    assert!(severities.len() > 2 && severities.windows(2).all(|w| w[0] >= w[1]), "{severities:?}");
}

/// The right report with one digit of one figure changed, and the id of that figure.
fn changed(line: usize, digit: usize, by: u32) -> Option<(String, String)> {
    let lines: Vec<&str> = RIGHT.lines().filter(|line| !line.trim().is_empty()).collect();
    let old = lines.get(line)?;
    let (start, literal) = old.rsplit_once(' ')?;
    let places: Vec<usize> = literal.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(i, _)| i).collect();
    let at = *places.get(digit % places.len().max(1))?;
    let old_digit = literal[at..=at].parse::<u32>().ok()?;
    let new = format!("{}{}{}", &literal[..at], (old_digit + by) % 10, &literal[at + 1..]);
    let text: Vec<String> = lines
        .iter()
        .enumerate()
        .map(|(n, l)| if n == line { format!("{start} {new}") } else { (*l).to_owned() })
        .collect();
    Some((text.join("\n"), format!("f{line}")))
}

#[test]
fn nearly_every_changed_digit_is_caught_and_named() {
    let (mut tried, mut caught) = (0u32, 0u32);
    for line in 0..RIGHT.lines().count() {
        for (digit, by) in [(0, 1), (1, 3), (2, 7), (3, 2), (4, 4)] {
            let Some((text, id)) = changed(line, digit, by) else { continue };
            let answers = check(&report(&text), Forms::builtin());
            let violated = answers.findings.iter().filter(|f| f.status == FindingStatus::Violated && f.code != "ST-01");
            tried += 1;
            caught += u32::from(violated.into_iter().any(|f| f.facts.contains(&id)));
        }
    }
    assert!(tried > 250 && caught * 100 >= tried * 95, "{caught} of {tried}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_unit_of_print_changes_no_verdict(line in 0usize..60, digit in 0usize..5, by in 1u32..9) {
        let Some((text, _)) = changed(line, digit, by) else { return Ok(()) };
        let in_wan = report(&text);
        let mut in_yi = in_wan.clone();
        for fact in in_yi.facts.iter_mut().filter(|f| f.unit == Unit::Yuan) {
            fact.value *= Decimal::from(10_000);
            fact.printed_unit = Some(Unit::HundredMillionYuan);
        }
        prop_assert_eq!(found(&in_wan), found(&in_yi));
    }

    #[test]
    fn the_order_of_facts_changes_nothing(line in 0usize..60, digit in 0usize..5, turn in 1usize..50) {
        let Some((text, _)) = changed(line, digit, 1) else { return Ok(()) };
        let report = report(&text);
        let mut turned = report.clone();
        let turn = turn % turned.facts.len();
        turned.facts.rotate_left(turn);
        turned.facts.reverse();
        prop_assert_eq!(check(&report, Forms::builtin()).findings, check(&turned, Forms::builtin()).findings);
    }
}
