//! Narratives as they are published, and what is read from them.

use crate::fiscal::specimen::{content, read, told};
use crate::model::{Basis, NoteKind, Unit};

fn narrative(title: &str, text: &str) -> Vec<String> {
    told(&read(&mut content(&["某市某局", "2023年度部门决算"], vec![], &[(title, text)])).facts)
}

#[test]
fn words_of_direction_give_the_sign_and_what_was_named_last_is_meant() {
    let text =
        "2023年度收、支总计50.5万元。与2022年相比，收、支总计各减少2.5万元，下降4.72%。主要原因是少买80万元的车。";
    assert_eq!(
        narrative("收入支出决算总体情况说明", text),
        [
            "total.in Amount 2023 Final 505000",
            "total.out Amount 2023 Final 505000",
            "total.in YoyAbs 2023 Final -25000",
            "total.out YoyAbs 2023 Final -25000",
            "total.in YoyPct 2023 Final -4.72",
            "total.out YoyPct 2023 Final -4.72",
        ],
        "reasons are no figures of the report"
    );
}

#[test]
fn a_figure_of_the_year_before_has_its_own_period() {
    let told = narrative("收入支出决算总体情况说明", "2022年度收、支总计53万元。");
    assert_eq!(told.first().map(String::as_str), Some("total.in Amount 2022 Final 530000"));
}

#[test]
fn a_list_gives_amounts_and_shares() {
    let text = "2023年本年支出合计９０万元，其中：基本支出60 万元，占66.67%；项目支出30万元，占33.33%。";
    assert_eq!(
        narrative("支出决算情况说明", text),
        [
            "exp.current Amount 2023 Final 900000",
            "exp.basic Amount 2023 Final 600000",
            "exp.basic Share 2023 Final 66.67",
            "exp.project Amount 2023 Final 300000",
            "exp.project Share 2023 Final 33.33",
        ]
    );
}

#[test]
fn expenditure_listed_by_economic_classes_is_no_item_of_the_functional_ones() {
    let text = "按照部门预算支出经济分类，1.工资福利支出（301）5.5万元，较上年增加0.5万元，增长10%。\
                2.商品和服务支出（302）3万元，其中：公用经费支出1万元，项目支出2万元。";
    assert_eq!(
        narrative("一般公共预算支出情况", text),
        [
            "gpb.exp.econ[301] Amount 2023 Final 55000",
            "gpb.exp.econ[301] YoyAbs 2023 Final 5000",
            "gpb.exp.econ[301] YoyPct 2023 Final 10",
            "gpb.exp.econ[302] Amount 2023 Final 30000",
            "gpb.exp.econ.operating[302] Amount 2023 Final 10000",
            "gpb.exp.econ.project[302] Amount 2023 Final 20000",
        ]
    );
}

#[test]
fn items_keep_their_code_over_sentences_and_budgets_their_stage() {
    let text = "1.教育支出（205）进修及培训（08）培训支出（03）。主要用于上课。年初预算为3.2万元，支出决算为3万元，完成年初预算的93.75%。";
    assert_eq!(
        narrative("一般公共预算财政拨款支出决算具体情况", text),
        [
            "gpb.exp.func[2050803] Amount 2023 InitialBudget 32000",
            "gpb.exp.func[2050803] Amount 2023 Final 30000",
            "gpb.exp.func[2050803] Completion 2023 Final 93.75",
        ]
    );
}

#[test]
fn names_alone_are_resolved_by_their_chain() {
    let mut content = content(
        &["某市某局", "2023年度部门决算"],
        vec![],
        &[(
            "一般公共预算财政拨款支出决算具体情况",
            "1．教育支出（类）进修及培训（款）培训支出（项）：支出决算为3万元。",
        )],
    );
    let facts = read(&mut content).facts;
    assert_eq!(facts[0].func_code.as_deref(), Some("2050803"));
    assert_eq!(facts[0].code_source, Some(crate::model::CodeSource::Inferred));
}

#[test]
fn the_place_is_that_of_the_printed_literal() {
    let text = "本 年 收 入 合 计 1,200.50 万 元。";
    let mut content = content(&["某市某局", "2023年度部门决算"], vec![], &[("收入决算情况说明", text)]);
    let fact = &read(&mut content).facts[0];
    assert_eq!((fact.printed.as_str(), fact.decimals), ("1,200.50", 2));
    assert_eq!((fact.location.start, fact.location.end), (Some(12), Some(20)));
}

#[test]
fn a_literal_keeps_its_percent_sign_and_its_width_but_no_unit_of_money() {
    let text = "本年收入合计９０．５万元，增长９．９％。";
    let mut content = content(&["某市某局", "2023年度部门决算"], vec![], &[("收入决算情况说明", text)]);
    let facts = read(&mut content).facts;
    let printed: Vec<_> = facts.iter().map(|f| (f.printed.as_str(), f.printed_unit)).collect();
    assert_eq!(printed, [("９０．５", Some(Unit::TenThousandYuan)), ("９．９％", Some(Unit::Percent))]);
    let places: Vec<_> = facts.iter().map(|f| (f.location.start, f.location.end)).collect();
    assert_eq!(places, [(Some(6), Some(10)), (Some(15), Some(19))]);
}

#[test]
fn a_project_is_named_without_its_number_and_its_completion_keeps_its_sign() {
    let text = "（1）修路项目绩效目标完成情况综述。项目全年预算数8万元，执行数为7万元，完成预算87.50%。";
    let mut content = content(&["某市某局", "2023年度部门决算"], vec![], &[("预算绩效管理情况", text)]);
    let facts = read(&mut content).facts;
    assert!(facts.iter().all(|f| f.project.as_deref() == Some("修路")), "{facts:?}");
    assert_eq!(facts.last().map(|f| f.printed.as_str()), Some("87.50%"));
}

#[test]
fn a_growth_below_zero_is_a_decrease_and_so_is_a_decrease() {
    let text = "负债总额421万元,较上年增长-0.07%。净资产35万元,较上年下降0.5%。固定资产5万元,较上年增长1%。";
    let told = narrative("附件：资产管理", text);
    let changes: Vec<_> = told.iter().filter(|t| t.contains("Yoy")).map(String::as_str).collect();
    assert_eq!(
        changes,
        [
            "asset.liabilities YoyPct 2023 Final -0.07",
            "asset.net YoyPct 2023 Final -0.5",
            "asset.fixed YoyPct 2023 Final 1",
        ]
    );
}

#[test]
fn classes_behind_basic_expenditure_are_parts_of_it() {
    let text = "基本支出50万元。其中一般公共服务支出30万元，主要用于运转；教育支出20万元，主要用于上课。";
    assert_eq!(
        narrative("附件：财政资金支出情况", text),
        [
            "exp.basic Amount 2023 Final 500000",
            "exp.func.basic[201] Amount 2023 Final 300000",
            "exp.func.basic[205] Amount 2023 Final 200000",
        ]
    );
}

#[test]
fn an_annex_tells_income_expenditure_balance_and_assets_at_once() {
    let text = "本部门收入合计9万元。支出合计8万元，其中基本支出5万元。\n年末结转和结余1万元。\n截至2023年12月31日，资产总额7万元，其中固定资产6万元。";
    let mut told = narrative("附件：部门财政资金收支情况", text);
    told.sort();
    assert_eq!(
        told,
        [
            "asset.fixed Amount 2023 Final 60000",
            "asset.total Amount 2023 Final 70000",
            "bal.close Amount 2023 Final 10000",
            "exp.basic Amount 2023 Final 50000",
            "exp.current Amount 2023 Final 80000",
            "rev.current Amount 2023 Final 90000",
        ]
    );
}

#[test]
fn an_item_of_a_fund_in_a_list_of_all_expenditure_is_the_funds() {
    let text =
        "1.“其他支出（类）彩票公益金安排的支出（款）用于体育事业的彩票公益金支出（项）”科目42万元，主要用于赛事。";
    let told = narrative("部门预算编制说明", text);
    assert_eq!(told, ["gf.exp.func[2296003] Amount 2023 Final 420000"]);
}

#[test]
fn an_amount_that_nothing_names_is_noted_with_its_sentence() {
    let mut content =
        content(&["某市某局", "2023年度部门决算"], vec![], &[("收入决算情况说明", "另有捐来的米7万元。")]);
    assert!(read(&mut content).facts.is_empty());
    let note = content.notes.iter().find(|n| n.kind == NoteKind::UnparsedSentence).expect("a note");
    assert!(note.message.ends_with("另有捐来的米7万元"), "{}", note.message);
}

#[test]
fn figures_of_an_annex_say_so() {
    let mut content = content(&["某市某局", "2023年度部门决算"], vec![], &[("附件：资产管理", "固定资产12万元。")]);
    assert_eq!(read(&mut content).facts[0].basis, Basis::Annex);
}

#[test]
fn a_change_behind_a_list_is_that_of_the_whole() {
    let text = "2023年本年支出合计90万元，其中：基本支出60万元、项目支出30万元。比上年减少3万元，下降3.23%。";
    let told = narrative("支出决算情况说明", text);
    assert_eq!(
        told.get(3..),
        Some(&["exp.current YoyAbs 2023 Final -30000".into(), "exp.current YoyPct 2023 Final -3.23".into()][..])
    );
}

#[test]
fn a_change_behind_a_bracket_is_that_of_what_stood_before_it() {
    let text = "公务用车购置及运行维护费7万元（公务用车购置费3万元，比上年增加1万元；公务用车运行维护费4万元，\
        比上年减少2万元。）比上年减少1万元，下降12.5%。";
    let told = narrative("“三公”经费支出决算情况说明", text);
    assert_eq!(told.iter().filter(|f| f.starts_with("tp.vehicle Yoy")).count(), 2, "{told:?}");
}

#[test]
fn a_budget_beside_its_outturn_is_no_outturn() {
    let text = "2023年度“三公”经费财政拨款支出预算为8万元，支出决算为5万元，完成预算的62.5%。";
    let told = narrative("“三公”经费支出决算情况说明", text);
    assert_eq!(told.first().map(String::as_str), Some("tp.total Amount 2023 InitialBudget 80000"));
    assert_eq!(told.get(1).map(String::as_str), Some("tp.total Amount 2023 Final 50000"));
    let alone = narrative("收入决算情况说明", "2023年收入预算90万元，其中：一般公共预算拨款收入90万元。");
    assert_eq!(alone.first().map(String::as_str), Some("rev.current Amount 2023 Final 900000"), "a word left over");
}

#[test]
fn the_end_of_a_longer_name_is_not_what_it_says() {
    let told = narrative("收入决算情况说明", "上年结转结余的一般公共预算收入0万元，占0%。其他资金收入合计5万元。");
    assert!(told.is_empty(), "{told:?}");
}

#[test]
fn staff_and_running_costs_of_an_item_are_parts_of_the_item() {
    let text = "1.社会保障和就业支出（208）705.9万元，较上年减少7万元。具体为：人员经费675.9万元，公用经费30万元。";
    let told = narrative("一般公共预算财政拨款支出决算情况说明", text);
    assert_eq!(
        told.get(2..).unwrap_or_default(),
        [
            "gpb.exp.func.personnel[208] Amount 2023 Final 6759000",
            "gpb.exp.func.operating[208] Amount 2023 Final 300000"
        ]
    );
}

#[test]
fn sentences_beyond_the_first_are_counted() {
    let text = (1..=60).map(|n| format!("第{n}个地方得到捐来的米{n}.5万元。")).collect::<Vec<_>>().concat();
    let mut content = content(&["某市某局", "2023年度部门决算"], vec![], &[("收入决算情况说明", &text)]);
    read(&mut content);
    let notes: Vec<_> = content.notes.iter().filter(|n| n.kind == NoteKind::UnparsedSentence).collect();
    assert_eq!(notes.len(), 41);
    assert!(notes[40].message.starts_with("20 more sentences"), "{}", notes[40].message);
}

#[test]
fn parts_of_an_amount_without_a_name_are_not_those_of_the_whole() {
    let text = "某项工作90万元，其中：基本支出60万元，项目支出30万元。";
    assert!(narrative("一般公共预算财政拨款支出决算情况说明", text).is_empty());
    let named = "一般公共预算财政拨款支出90万元，其中：基本支出60万元，项目支出30万元。";
    assert_eq!(narrative("一般公共预算财政拨款支出决算情况说明", named).len(), 3);
}

#[test]
fn an_item_named_without_a_mark_at_the_start_of_a_sentence_has_its_parts() {
    let text = "2.行政单位医疗9万元，其中：基本支出8万元，项目支出1万元。";
    assert_eq!(
        narrative("一般公共预算财政拨款支出决算情况说明", text),
        [
            "gpb.exp.func[2101101] Amount 2023 Final 90000",
            "gpb.exp.func.basic[2101101] Amount 2023 Final 80000",
            "gpb.exp.func.project[2101101] Amount 2023 Final 10000",
        ]
    );
}

#[test]
fn the_tables_of_a_report_tell_what_a_name_of_many_codes_means() {
    let rows = ["科目编码|科目名称|本年支出合计", "合计||9.00", "2130101|行政运行|9.00"];
    let table = crate::fiscal::specimen::table("支出决算表", Some("万元"), 1, &rows);
    let text = "1.行政运行（项）年初预算为8万元，支出决算为9万元，完成年初预算的112.5%。";
    let section = ("一般公共预算财政拨款支出决算具体情况", text);
    let facts = read(&mut content(&["某市某局", "2023年度部门决算"], vec![table], &[section])).facts;
    let narrated: Vec<_> = facts.iter().filter(|f| f.basis == Basis::Narrative).collect();
    assert_eq!(narrated.len(), 3, "{narrated:?}");
    assert!(narrated.iter().all(|f| f.func_code.as_deref() == Some("2130101")), "{narrated:?}");
}

#[test]
fn a_line_that_is_a_name_alone_tells_what_its_paragraph_speaks_of() {
    let text = "2.公务接待费。2023年决算数17.5万元。比2022年决算数减少0.5万元。";
    assert_eq!(
        narrative("“三公”经费支出决算情况说明", text),
        ["tp.reception Amount 2023 Final 175000", "tp.reception YoyAbs 2023 Final -5000"]
    );
}

#[test]
fn economic_classes_are_told_from_functional_ones_where_basic_expenditure_is_explained() {
    let text =
        "工资福利支出60万元，占基本支出的75%；商品和服务支出20万元。人员经费主要包括：基本工资40万元、奖金20万元。";
    assert_eq!(
        narrative("一般公共预算财政拨款基本支出决算情况说明", text),
        [
            "gpb.basic.econ[301] Amount 2023 Final 600000",
            "gpb.basic.econ[301] Share 2023 Final 75",
            "gpb.basic.econ[302] Amount 2023 Final 200000",
            "gpb.basic.econ[30101] Amount 2023 Final 400000",
            "gpb.basic.econ[30103] Amount 2023 Final 200000",
        ]
    );
}

#[test]
fn a_percentage_right_behind_a_change_of_two_things_is_of_both() {
    let text = "2023年度收入总计90万元，支出总计90万元，与上年相比各增加3万元，增长3.45%。";
    let told = narrative("收入支出决算总体情况说明", text);
    assert_eq!(told.iter().filter(|f| f.contains("YoyPct")).count(), 2, "{told:?}");
}

#[test]
fn a_change_of_expenditure_behind_a_list_of_classes_is_not_that_of_the_last_class() {
    let text = "2023年支出合计90万元，其中：教育支出80万元，卫生健康支出10万元。支出较上年减少7万元，下降7.22%。";
    let told = narrative("支出决算情况说明", text);
    let changes: Vec<_> = told.iter().filter(|f| f.contains("Yoy")).map(String::as_str).collect();
    assert_eq!(changes, ["exp.current YoyAbs 2023 Final -70000", "exp.current YoyPct 2023 Final -7.22"]);
}

#[test]
fn what_was_added_is_no_change_of_the_whole() {
    let text = "2023年支出合计90万元。省里另有安排，增加设备采购5万元。";
    assert_eq!(narrative("支出决算情况说明", text), ["exp.current Amount 2023 Final 900000"]);
}

#[test]
fn a_change_against_the_budget_is_none_against_the_year_before() {
    let text = "“三公”经费支出预算为9万元，支出决算为8万元。决算数较预算数减少1万元。";
    assert!(!narrative("“三公”经费支出决算情况说明", text).iter().any(|f| f.contains("Yoy")));
}
