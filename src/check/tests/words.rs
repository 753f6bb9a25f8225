//! The wording checks, and those that look for a sentence.

use super::*;
use crate::model::{Note, NoteKind};

#[test]
fn wording_faults_are_found_and_right_sentences_are_not() {
    for (text, code) in [
        ("机关运行经费比2029年减少3.50万元，增下降4.1%。", "YY-03"),
        ("公务接待费减少1.20万元，下降（增长）7.00%。", "YY-03"),
        ("支出决算数为612.47，完成预算100%。", "ST-02"),
        ("支出增加11.00万元，增长12.38。", "ST-02"),
        ("（注：数据来源于财决01表）", "ST-05"),
        ("公务接待费支出XX万元。", "ST-05"),
        ("主要包括办公费、差旅费（请结合本单位实际情况填写）。", "ST-05"),
        ("与预算持平的，可不填原因。", "ST-05"),
        ("会议费较上一度减少。", "ST-06"),
        ("2029年国有资本经营预算拨款支出12.00万元。", "YY-05"),
        ("总支出93.40万元，其中基本支出74.10万元、项目支出18.30万元。", "TX-01"),
        ("支出合计93.40万元，其中：项目支出18.30万元，占19.59%；基本支出74.10万元，占79.34%。", "TX-01"),
        ("全年使用资金共计93.40万元(其中:基本支出740000元,项目支出18.30万元)。", "TX-01"),
        ("公务接待费与上年决算数持平，增加1.20万元。", "YY-04"),
        ("完成预算的112.00%，决算数小于预算数的主要原因是节约。", "PC-04"),
    ] {
        let found = found(&with_text("情况说明", text));
        assert_eq!(found.first().map(|(c, _)| c.as_str()), Some(code), "{text}");
    }
    for right in [
        "机关运行经费比2029年减少3.50万元，下降4.1%。",
        "支出决算数为612.47万元，完成预算100%。",
        "本单位根据实际情况填补空编三人。",
        "增减变动见表，增长（下降以“-”号填列）。",
        "会议费较上一年度减少。",
        "支出增加11.00万元，增长12.38个百分点。",
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
fn a_former_name_stands_out_in_a_chain_of_names_and_digits() {
    let chain = |section: &str| {
        format!("社会保障和就业支出（208）{section}（05）机关事业单位基本养老保险缴费支出（05）：指缴费。")
    };
    let names =
        |section: &str| found(&with_text("名词解释", &chain(section))).into_iter().map(|(code, _)| code).collect();
    let codes: Vec<String> = names("行政事业单位离退休");
    assert_eq!(codes, ["HR-03"]);
    let codes: Vec<String> = names("行政事业单位养老支出");
    assert_eq!(codes, Vec::<String>::new());
}
