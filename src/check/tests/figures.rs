//! The formulas: each holds on a right report and is found on a wrong one.

use super::*;
use crate::forms::identities::Identities;

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
    assert!(told.message.contains("支出总计"), "{}", told.message);
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
    let short = RIGHT.replace("text gpb.exp.func[208] amount 271.45", "text gpb.exp.func[210] amount 1.00");
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
    let evidence = Evidence::of(&report, Forms::builtin());
    let findings = assertion::run(&identities.assertions, &evidence)
        .expect("there is no deadline")
        .findings(&evidence, Language::En);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].message, "training exceeds meetings: 3.00万元 exceeds 2.00万元 by 1万元");
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
fn a_change_with_separators_is_found_in_its_sentence() {
    let lines = "text rev.other amount 3,444.00\n text rev.other yoy_abs 2,100.00\n text rev.other yoy_pct 21.00";
    let told = "收入12,100.00万元，其中其他收入3,444.00万元，较上年增加2,100.00万元，增长21.00%。";
    assert!(!found(&with_sentence(lines, told)).iter().any(|(code, _)| code == "YY-01"));
    assert!(found(&with_sentence(lines, &told.replace("12,100", "15,100"))).iter().any(|(code, _)| code == "YY-01"));
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
