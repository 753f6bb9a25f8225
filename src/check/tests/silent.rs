//! Right reports of other hands: what the law and the forms of provinces allow must raise nothing at warn or above.

use super::*;

/// Codes at warn and above.
fn loud(report: &Report) -> Vec<String> {
    let loud = found(report).into_iter().filter(|(_, severity)| *severity >= Severity::Warn);
    loud.map(|(code, _)| code).collect()
}

#[test]
fn sentences_of_other_provinces_raise_nothing() {
    for right in [
        "2030年度收入总计1,503.75万元，支出总计1,503.75万元，与上年持平。",
        "2030年度总收入1,503.75万元，总支出1,503.75万元。",
        "因公出国（境）费支出0万元，完成预算0%，决算数与预算数持平。",
        "公务接待费与上年基本持平，减少0.02万元，下降0.50%。",
        "完成年初预算的99.80%。决算数小于预算数的主要原因是节约开支。",
        "完成年初预算的100.00%，决算数大于预算数的主要原因是追加。",
        "完成年初预算的135.20%，决算数大于年初预算数的主要原因：年中追加项目。",
        "支出合计100.00万元，其中：基本支出60.00万元（人员经费50.00万元、公用经费10.00万元），项目支出40.00万元。",
        "支出合计100.00万元，其中：基本支出60.00万元，项目支出30.00万元，年末结转10.00万元。",
        "支出合计100.00万元，其中：财政拨款项目支出30.00万元。",
        "支出合计100.00万元，其中：基本支出60.00万元，人员经费50.00万元，公用经费10.00万元，项目支出40.00万元。",
        "本部门2030年度无政府性基金预算财政拨款收入。",
        "2030年收支预算增加（减少）的主要原因是人员变动。",
        "与上年相比增加（减少）0万元，增长（减少）0%。",
        "上年结转资金预算数为0万元。与上年相比增加（减少）",
        "2030年收入预算100.00万元，其中：财政拨款100.00万元，决算数120.00万元。",
        "比上年增加3.00万元，增长100%，主要原因是上年基数较小。",
    ] {
        assert_eq!(loud(&with_text("支出决算情况说明", right)), Vec::<String>::new(), "{right}");
    }
}

#[test]
fn a_share_may_be_of_the_total_with_balances() {
    let lines = "
        text total.in amount 900.00
        text rev.current amount 819.71
        text rev.gpb amount 812.40
        text rev.other amount 7.31
        text rev.gpb share 90.27";
    assert_eq!(loud(&report(lines)), Vec::<String>::new());
    assert_eq!(loud(&report(&lines.replace("90.27", "90.72"))), ["PC-01"]);
}

#[test]
fn a_share_that_another_amount_of_its_sentence_has_accuses_nobody() {
    let lines = "text rev.current amount 1000.00\n text rev.soc amount 3.00\n text rev.soc share 96.80";
    let accused = |sentence: &str| loud(&with_sentence(lines, sentence));
    let told = "财政拨款收入968.00万元（其中国有资本经营预算3.00万元），占收入合计的96.80%。";
    assert_eq!(accused(told), Vec::<String>::new());
    assert_eq!(accused("国有资本经营预算收入3.00万元，占收入合计的96.80%。"), ["PC-01"]);
}

#[test]
fn one_part_that_is_named_is_not_the_whole_list() {
    let lines = "text rev.current amount 120.00\n text rev.gpb amount 100.00";
    assert_eq!(loud(&report(lines)), Vec::<String>::new());
    assert_eq!(loud(&report(&format!("{lines}\n text rev.other amount 10.00"))), ["TX-01"]);
    assert_eq!(loud(&report(&lines.replace("120.00", "90.00"))), ["TX-01"], "a part exceeds its whole");
}

#[test]
fn many_prints_of_one_figure_are_those_of_its_parts() {
    let total = "text gpb.basic.personnel amount 60.00\n text gpb.basic.operating amount 40.00\n";
    let parts = |prints: &[&str]| {
        let lines: Vec<String> = prints.iter().map(|p| format!("text gpb.exp.basic amount {p}")).collect();
        loud(&report(&format!("{total}{}", lines.join("\n"))))
    };
    assert_eq!(parts(&["51.00"]), ["TX-01"]);
    assert_eq!(parts(&["51.00", "17.00", "32.00"]), Vec::<String>::new());
}

#[test]
fn a_balance_that_was_not_read_accuses_nobody() {
    let lines = "
        revenue_expenditure_summary rev.current amount 100.00
        revenue_expenditure_summary exp.current amount 120.00
        fiscal_summary fin.rev amount 90.00
        fiscal_summary fin.exp amount 90.00";
    assert_eq!(loud(&report(lines)), ["BT-09"]);
    let mut unread = report(lines);
    let cell =
        crate::model::Cell { row: 30, col: 1, row_span: 1, col_span: 1, text: "20.00".into(), ..Default::default() };
    let summary = unread.tables.iter_mut().find(|t| t.id == "revenue_expenditure_summary").expect("there");
    summary.cells.push(cell);
    assert_eq!(loud(&unread), Vec::<String>::new());
}

#[test]
fn the_annex_of_a_unit_is_not_held_against_its_department() {
    let lines = "text exp.basic amount 540.06\n annex exp.basic amount 23.20";
    let section = |title: &str, paragraph: u32| Section {
        title: title.into(),
        location: Location::in_part("word/document.xml", paragraph),
        ..Section::default()
    };
    let told = |title: &str| {
        let mut report = report(lines);
        report.sections.push(section(title, 1));
        loud(&report)
    };
    assert_eq!(told("2030年甲省乙市年鉴编纂中心整体支出绩效评价报告"), Vec::<String>::new());
    assert_eq!(told("2030年甲省乙市水务事业管理局整体支出绩效评价报告"), ["TX-02"]);
    let mut again = report(lines);
    again.sections.extend([section("部门财政资金收入情况", 0), section("部门财政资金收入情况", 1)]);
    assert_eq!(loud(&again), Vec::<String>::new(), "a second report has begun");
}

#[test]
fn an_annex_may_count_fiscal_money_alone() {
    let lines = "
        text rev.current amount 120.00
        text rev.gpb amount 90.00
        text rev.gf amount 10.00
        text rev.other amount 20.00
        annex rev.current amount 100.00";
    assert_eq!(loud(&report(lines)), Vec::<String>::new());
    assert_eq!(
        loud(&report(&lines.replace("annex rev.current amount 100.00", "annex rev.current amount 101.00"))),
        ["TX-02"]
    );
}

#[test]
fn shares_that_leave_a_part_out_are_no_fault() {
    let lines = "
        text exp.current amount 100.00
        text exp.basic amount 60.00
        text exp.basic share 60.00
        text exp.project amount 30.00
        text exp.project share 30.00";
    assert_eq!(loud(&report(lines)).iter().filter(|c| *c == "PC-02").count(), 0);
    let whole = lines
        .replace("project amount 30.00", "project amount 40.00")
        .replace("project share 30.00", "project share 41.00");
    assert!(loud(&report(&whole)).contains(&"PC-02".to_owned()));
}

#[test]
fn codes_stand_where_they_belong() {
    let lines = "
        gpb_expenditure gpb.exp.func[201] amount 10.00
        gpb_expenditure gpb.exp.func[20103] amount 6.00
        gpb_expenditure gpb.exp.func[2010301] amount 6.00
        gpb_expenditure gpb.exp.func[20104] amount 4.00
        gpb_expenditure gpb.exp.func[2010401] amount 4.00";
    assert_eq!(loud(&report(lines)), Vec::<String>::new());
    assert!(loud(&report(&lines.replace("2010401", "2120801"))).contains(&"HR-04".to_owned()));
    assert!(loud(&report(&lines.replace("2010401", "2010601"))).contains(&"HR-02".to_owned()));
    let items_alone =
        "gpb_expenditure gpb.exp.func[2010301] amount 6.00\n gpb_expenditure gpb.exp.func[2010401] amount 4.00";
    assert_eq!(loud(&report(items_alone)), Vec::<String>::new());
}

#[test]
fn a_denial_is_held_against_the_statement() {
    let lines = "gf_revenue_expenditure gf.exp amount 12.00";
    let told = |sentence: &str| loud(&with_sentence(lines, sentence));
    assert_eq!(told("我局2030年度无政府性基金预算财政拨款收入和支出。"), ["TT-09"]);
    assert_eq!(told("我局2030年度无政府性基金预算财政拨款收入。"), Vec::<String>::new());
}

#[test]
fn shares_that_all_follow_from_one_larger_whole_are_of_that_whole() {
    let lines = "
        text tp.total amount 833.60
        text tp.abroad amount 222.50
        text tp.vehicle amount 183.60
        text tp.reception amount 427.50
        text tp.abroad share 8.75
        text tp.vehicle share 7.22
        text tp.reception share 16.81";
    assert_eq!(loud(&in_one_paragraph(report(lines))), Vec::<String>::new());
    let odd = lines.replace("16.81", "51.82").replace("8.75", "26.69").replace("7.22", "22.02");
    assert_eq!(loud(&in_one_paragraph(report(&odd))), ["PC-01", "PC-02"]);
}

/// The same figures, as they stand in one sentence.
fn in_one_paragraph(mut report: Report) -> Report {
    for fact in report.facts.iter_mut().filter(|f| f.basis == Basis::Narrative) {
        fact.location.paragraph = Some(1);
    }
    report
}

#[test]
fn parts_that_miss_a_small_whole_by_rounding_have_shares_that_miss_a_hundred() {
    let lines = "
        text tp.total amount 46.21
        text tp.abroad amount 4.69
        text tp.abroad share 10.15
        text tp.vehicle amount 40.61
        text tp.vehicle share 87.88
        text tp.reception amount 0.90
        text tp.reception share 1.95";
    assert_eq!(loud(&report(lines)), Vec::<String>::new());
    assert!(loud(&report(&lines.replace("1.95", "1.99"))).contains(&"PC-02".to_owned()));
}

#[test]
fn the_report_of_a_project_tells_of_the_project_alone() {
    let lines = "text exp.project amount 540.06\n annex exp.project amount 23.20";
    let mut evaluated = report(lines);
    evaluated.sections.push(Section {
        title: "2030年度档案修复专用设备购置项目绩效评价报告".into(),
        location: Location::in_part("word/document.xml", 1),
        ..Section::default()
    });
    assert_eq!(loud(&evaluated), Vec::<String>::new());
    assert_eq!(loud(&report(lines)), ["TX-02"]);
}

#[test]
fn a_list_may_stop_at_sections_and_may_name_one_item_alone() {
    let lines = "
        text gpb.exp amount 100.00
        text gpb.exp.func[2040601] amount 40.00
        text gpb.exp.func[2040604] amount 10.00
        text gpb.exp.func[20408] amount 50.00";
    let one = "text gpb.exp amount 100.00\n text gpb.exp.func[2040601] amount 40.00";
    assert_eq!(loud(&report(lines)), Vec::<String>::new());
    assert_eq!(loud(&report(one)), Vec::<String>::new());
    assert_eq!(loud(&report(&lines.replace("amount 10.00", "amount 16.00"))), ["TX-03"]);
}

#[test]
fn a_text_may_round_what_a_statement_prints_in_full() {
    let told = |text: &str, table: &str| {
        let mut report = report(&format!(
            "text total.in amount {text}\n revenue_expenditure_summary total.in amount {table}\n text tp.total amount 1.25\n text tp.vehicle amount 1.25"
        ));
        for fact in report.facts.iter_mut().filter(|f| f.basis == Basis::Table) {
            fact.printed_unit = Some(Unit::Yuan);
            fact.value /= Decimal::from(10_000);
        }
        loud(&report)
    };
    assert_eq!(told("40,870", "408,696,000"), Vec::<String>::new());
    assert_eq!(told("40,871", "408,696,000"), ["TT-01"]);
    assert_eq!(told("40,869.60", "408,696,000"), Vec::<String>::new());
    assert_eq!(told("40,869.90", "408,696,000"), ["TT-01"]);
}

#[test]
fn a_year_may_close_below_zero() {
    let lines = "text total.in amount 322.24\n text exp.current amount 322.74";
    assert_eq!(loud(&report(lines)), ["TX-05"]);
    let overdrawn = "revenue_expenditure_summary bal.close amount -0.50\n revenue_expenditure_summary exp.current amount 322.74\n revenue_expenditure_summary total.out amount 322.24";
    assert_eq!(loud(&report(&format!("{lines}\n{overdrawn}"))), Vec::<String>::new());
}
