//! Statements as they are published, and what is read from them.

use crate::fiscal::specimen::{content, read, table, told};
use crate::model::{Fund, Phase, RowLevel, Table};

const FINAL: &[&str] = &["某市某局", "2023年度部门决算"];
const BUDGET: &[&str] = &["某市某局2024年部门预算"];

fn facts(cover: &[&str], table: Table) -> Vec<crate::model::Fact> {
    read(&mut content(cover, vec![table], &[])).facts
}

#[test]
fn each_side_of_a_summary_has_its_own_total() {
    let rows = [
        "收入|<|支出|<",
        "项目|决算数|项目|决算数",
        "一、一般公共预算财政拨款收入|70.00|一、一般公共服务支出|60.50",
        "年初结转和结余|5.00|二、外交支出|",
        "本年收入合计|70.00|本年支出合计|60.50",
        "总计|75.00|总计|—",
    ];
    let facts = facts(FINAL, table("收入支出决算总表", Some("万元"), 2, &rows));
    assert_eq!(
        told(&facts),
        [
            "rev.gpb Amount 2023 Final 700000",
            "exp.func[201] Amount 2023 Final 605000",
            "bal.open Amount 2023 Final 50000",
            "rev.current Amount 2023 Final 700000",
            "exp.current Amount 2023 Final 605000",
            "total.in Amount 2023 Final 750000",
        ],
        "a blank and a dash give no fact"
    );
}

#[test]
fn income_without_a_grand_total_is_the_grand_total() {
    let rows = [
        "收入|<|支出|<",
        "项目|预算数|项目|预算数",
        "一、一般公共预算拨款|8.10|一、教育支出|9.30",
        "本年收入合计|8.10|本年支出合计|9.30",
        "上年结转结余|1.20||",
        "收入合计|9.30|支出合计|9.30",
    ];
    let told = told(&facts(BUDGET, table("2024年度收支预算总表", Some("元"), 2, &rows)));
    assert!(told.contains(&"total.in Amount 2024 InitialBudget 9.3".to_owned()), "{told:?}");
    assert!(told.contains(&"rev.current Amount 2024 InitialBudget 8.1".to_owned()), "{told:?}");
    assert!(told.contains(&"total.out Amount 2024 InitialBudget 9.3".to_owned()), "{told:?}");
}

#[test]
fn of_four_panels_only_one_lists_functions() {
    let rows = [
        "收入|<|支出|<|<|<",
        "项目|预算数|功能科目|预算数|经济科目|预算数",
        "一、财政拨款|6.60|1、教育支出|4.00|1、工资福利支出|5.00",
        "||2、其他支出|2.60|2、其他支出|1.60",
        "收入总计|6.60|支出总计|6.60|支出总计|6.60",
    ];
    let facts = facts(BUDGET, table("2024年部门综合预算收支总表", Some("元"), 2, &rows));
    let other: Vec<_> = facts.iter().filter(|f| f.func_code.as_deref() == Some("229")).collect();
    assert_eq!(other.len(), 1);
    assert_eq!(other[0].value.to_string(), "2.6");
    assert_eq!(facts.iter().filter(|f| f.metric == "total.out" && f.preferred).count(), 1);
}

#[test]
fn the_second_block_of_the_same_names_is_the_opening_balance() {
    let rows = [
        "收入|<|支出|<|<|<",
        "项目|决算数|项目|合计|一般公共预算财政拨款|政府性基金预算财政拨款",
        "一、一般公共预算财政拨款|30.00|一、教育支出|31.00|31.00|",
        "年初财政拨款结转和结余|1.00||||",
        "一般公共预算财政拨款|1.00||||",
        "总计|31.00|总计|31.00|31.00|0.00",
    ];
    let facts = facts(FINAL, table("财政拨款收入支出决算总表", Some("万元"), 2, &rows));
    let metric = |m: &str| facts.iter().filter(|f| f.metric == m).map(|f| f.value.to_string()).collect::<Vec<_>>();
    assert_eq!(metric("rev.gpb"), ["300000"]);
    assert_eq!(metric("fin.bal.open.gpb"), ["10000"]);
    let gf = facts.iter().find(|f| f.fund == Some(Fund::Gf)).expect("a zero is a figure");
    assert_eq!((gf.metric.as_str(), gf.value.is_zero(), gf.phase), ("fin.total.out", true, Some(Phase::Final)));
}

#[test]
fn three_public_columns_are_named_by_all_their_headers() {
    let rows = [
        "2023年预算数|<|<|2024年预算数|<|<",
        "合计|公务用车购置及运行维护费|<|合计|公务用车购置及运行维护费|<",
        "^|小计|公务用车运行维护费|^|小计|公务用车运行维护费",
        "3.10|3.10|3.10|2.90||2.90",
    ];
    let told = told(&facts(BUDGET, table("一般公共预算“三公”经费支出表", Some("万元"), 1, &rows)));
    assert_eq!(
        told,
        [
            "tp.total Amount 2023 InitialBudget 31000",
            "tp.vehicle Amount 2023 InitialBudget 31000",
            "tp.vehicle.operation Amount 2023 InitialBudget 31000",
            "tp.total Amount 2024 InitialBudget 29000",
            "tp.vehicle.operation Amount 2024 InitialBudget 29000",
        ]
    );
}

#[test]
fn a_total_with_meetings_and_training_is_not_that_of_the_three() {
    let rows = ["合计|三公经费|<|会议费|培训费", "^|小计|公务接待费|^|^", "9.00|4.00|4.00|3.00|2.00"];
    let facts = facts(BUDGET, table("“三公”经费、会议费、培训费支出预算表", Some("万元"), 2, &rows));
    let total: Vec<_> = facts.iter().filter(|f| f.metric == "tp.total").map(|f| f.printed.as_str()).collect();
    assert_eq!(total, ["4.00"]);
}

#[test]
fn rows_have_codes_and_ranks() {
    let rows = [
        "项目|<|合计|基本支出|项目支出",
        "科目编码|科目名称|^|^|^",
        "205|教育支出|7.00|5.00|2.00",
        "20599|其他教育|7.00|5.00|2.00",
        "2059999|其他教育|7.00|5.00|2.00",
        "合计|<|7.00|5.00|2.00",
    ];
    let facts = facts(BUDGET, table("一般公共预算支出表", Some("万元"), 2, &rows));
    let ranks: Vec<_> = facts.iter().filter(|f| f.metric == "gpb.exp.func.basic").map(|f| f.row_level).collect();
    assert_eq!(ranks, [Some(RowLevel::Class), Some(RowLevel::Section), Some(RowLevel::Item)]);
    let total = facts.iter().find(|f| f.metric == "gpb.exp.project").expect("the total row");
    assert_eq!((total.row_level, total.printed.as_str()), (Some(RowLevel::Total), "2.00"));
}

#[test]
fn expenditure_of_state_capital_alone_has_its_own_form() {
    let form = |title: &str| {
        let rows = ["项目|合计|基本支出|项目支出", "223|1.00||1.00"];
        let mut content = content(FINAL, vec![table(title, Some("万元"), 1, &rows)], &[]);
        read(&mut content);
        content.tables[0].form.clone()
    };
    let alone = form("国有资本经营预算财政拨款支出决算表");
    assert_eq!(alone.as_deref(), Some("final_accounts.soc_expenditure"));
    let both = form("国有资本经营预算财政拨款收入支出决算表");
    assert_eq!(both.as_deref(), Some("final_accounts.soc_revenue_expenditure"));
}

#[test]
fn without_a_unit_there_is_a_note_and_no_fact() {
    let rows = ["收入|<|支出|<", "项目|预算数|项目|预算数", "收入总计|1.00|支出总计|1.00"];
    let mut content = content(BUDGET, vec![table("收支总表", None, 2, &rows)], &[]);
    assert!(read(&mut content).facts.is_empty());
    assert!(content.notes.iter().any(|n| n.message.contains("prints no unit")), "{:?}", content.notes);
    assert_eq!(content.tables[0].form.as_deref(), Some("budget.revenue_expenditure_summary"));
}

#[test]
fn rows_may_tell_the_stage_of_their_figures() {
    let rows = [
        "项目|“三公”经费|<|<|<|<|会议费",
        "|小计|因公出国（境）费用|公务用车购置及运行维护费|<|公务接待费|",
        "||||其中：购置费||",
        "预算数|49.74|0.00|15.93|0.00|33.81|15.79",
        "决算数|41.48|0.00|12.20|0.00|29.28|15.79",
    ];
    let title = "一般公共预算财政拨款“三公”经费及会议费、培训费支出决算表";
    let told = told(&facts(FINAL, table(title, Some("万元"), 3, &rows)));
    for fact in ["tp.total Amount 2023 InitialBudget 497400", "tp.total Amount 2023 Final 414800"] {
        assert!(told.contains(&fact.to_owned()), "{told:?}");
    }
    assert!(told.contains(&"tp.reception Amount 2023 InitialBudget 338100".to_owned()), "{told:?}");
}

#[test]
fn ranks_of_codes_may_stand_in_the_row_that_numbers_the_columns() {
    let rows = [
        "项目|<|<|<|年初结转和结余|本年支出|<|<",
        "功能分类科目编码|<|<|科目名称||合计|基本支出|项目支出",
        "类|款|项|栏次|1|2|3|4",
        "合计|<|<|<|0.50|9.00|7.00|2.00",
        "201|06|01|行政运行|0.50|9.00|7.00|2.00",
    ];
    let told = told(&facts(FINAL, table("一般公共预算财政拨款收入支出决算表", Some("万元"), 3, &rows)));
    assert!(told.contains(&"gpb.exp.basic Amount 2023 Final 70000".to_owned()), "{told:?}");
    assert!(told.contains(&"gpb.exp.func.project[2010601] Amount 2023 Final 20000".to_owned()), "{told:?}");
}

#[test]
fn lines_of_a_form_that_joins_the_three_with_running_costs_are_told_apart() {
    let rows = [
        "项目|行次|统计数",
        "一、“三公”经费支出|1|—",
        "（一）支出合计|2|151,352.60",
        "1．因公出国（境）费|3|0.00",
        "2．公务用车购置及运行维护费|4|68,593.16",
        "其中：（1）公务用车购置费|5|0.00",
        "（2）公务用车运行维护费|6|68,593.16",
        "3．公务接待费|7|82,759.44",
        "（1）国内接待费|8|82,759.44",
        "（二）相关统计数|11|—",
        "4．公务用车保有量（辆）|15|3",
        "5．国内公务接待批次（个）|16|15",
    ];
    let title = "财政拨款“三公”经费、行政参公单位机关运行经费情况表";
    let told = told(&facts(FINAL, table(title, Some("元"), 1, &rows)));
    assert!(told.contains(&"tp.total Amount 2023 Final 151352.6".to_owned()), "{told:?}");
    assert!(told.contains(&"tp.vehicle.purchase Amount 2023 Final 0".to_owned()), "{told:?}");
    assert!(told.contains(&"tp.vehicle.operation Amount 2023 Final 68593.16".to_owned()), "{told:?}");
    assert!(told.contains(&"tp.reception.domestic Amount 2023 Final 82759.44".to_owned()), "{told:?}");
    assert!(told.contains(&"tp.vehicle.stock Count 2023 None 3".to_owned()), "{told:?}");
    assert!(told.contains(&"tp.reception.domestic.batches Count 2023 None 15".to_owned()), "{told:?}");
}

#[test]
fn columns_that_nobody_filled_do_not_part_the_table() {
    let rows = [
        "项目|<|年初结转和结余|<|<|本年支出|<|<",
        "科目代码|科目名称|合计|基本支出结转|项目支出结转和结余|合计|基本支出|项目支出",
        "合计|||||9.00|7.00|2.00",
        "2010601|行政运行||||9.00|7.00|2.00",
    ];
    let told = told(&facts(FINAL, table("一般公共预算财政拨款收入支出决算表", Some("万元"), 2, &rows)));
    assert!(told.contains(&"gpb.exp Amount 2023 Final 90000".to_owned()), "{told:?}");
    assert!(told.contains(&"gpb.exp.func.basic[2010601] Amount 2023 Final 70000".to_owned()), "{told:?}");
}
