//! The words of the region report. The page gets them with its data, by name, in one language.

use std::collections::BTreeMap;

use super::{Lang, WORDS};

/// The language as HTML names it (BCP 47).
pub(crate) fn tag(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    }
}

/// One phrase of the page; empty where there is none of that name.
pub(crate) fn say(name: &str, lang: Lang) -> &'static str {
    PAGE.iter().find(|(known, ..)| *known == name).map_or("", |(_, zh, en)| of(lang, zh, en))
}

/// All phrases of the page, and the words of the report JSON as people say them.
pub(crate) fn all(lang: Lang) -> (BTreeMap<&'static str, &'static str>, BTreeMap<&'static str, &'static str>) {
    let page = PAGE.iter().map(|(name, zh, en)| (*name, of(lang, zh, en)));
    let words = WORDS.iter().map(|(word, _)| (*word, lang.word(word)));
    let own = OWN.iter().map(|(word, zh, en)| (*word, of(lang, zh, en)));
    (page.collect(), words.chain(own).collect())
}

fn of(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// Words of the report JSON that only the page says, or says in other words.
const OWN: &[(&str, &str, &str)] = &[
    ("gpb", "一般公共预算", "general public budget"),
    ("gf", "政府性基金预算", "government funds"),
    ("soc", "国有资本经营预算", "state capital operations"),
    ("fiscal", "财政拨款", "fiscal appropriation"),
    ("nonfiscal", "非财政拨款", "other than fiscal"),
    ("all", "全部资金", "all funds"),
    ("final_accounts.department", "部门决算", "department final accounts"),
    ("final_accounts.unit", "单位决算", "unit final accounts"),
    ("budget.department", "部门预算", "department budget"),
    ("budget.unit", "单位预算", "unit budget"),
    ("final", "决算", "final accounts"),
    ("unknown_level", "层级未识别", "unknown level"),
    ("table", "表格", "table"),
    ("narrative", "文字说明", "text"),
    ("chart", "图", "chart"),
    ("annex", "附件", "annex"),
    ("form", "绩效表", "performance form"),
    ("warn", "疑似", "doubtful"),
    ("", "类型未识别", "unknown kind"),
    ("skipped_part", "有部分未读", "part not read"),
    ("wrong_extension", "扩展名不符", "wrong extension"),
    ("clipped_text", "被遮挡的文字", "clipped text"),
    ("image_page", "整页为图像", "page is an image"),
    ("unknown_encoding", "编码不明", "unknown encoding"),
    ("unplaced_table", "未识别的表", "table of no known form"),
    ("unparsed_sentence", "未解析的句子", "sentence not understood"),
    ("repaired_table", "修补过的表", "mended table"),
    ("tracked_change", "修订痕迹", "tracked changes"),
    ("left_out", "有意不读", "left out on purpose"),
    ("hidden", "隐藏内容", "hidden content"),
    ("missing_value", "公式缺值", "formula without a value"),
    ("repaired", "修补过的文件", "mended file"),
    ("value_not_stored", "数值未入库", "value not stored"),
    ("converted", "经转换读取", "converted before reading"),
    ("identity", "身份存疑", "identity in doubt"),
];

/// Name, Chinese, English.
const PAGE: &[(&str, &str, &str)] = &[
    ("all_figures", "全部数字", "All figures"),
    ("all_n", "全部 {n}", "all {n}"),
    ("also_in", "同一问题也见于", "Also found in"),
    ("amount", "金额", "Amount"),
    ("basis", "依据", "Basis"),
    ("bodies", "部门", "Departments"),
    ("bodies_published", "已公开部门", "Departments with figures"),
    ("body", "部门（单位）", "Department"),
    ("broken", "页面数据无法读取：", "The data of this page cannot be read:"),
    ("by_body", "按部门", "By department"),
    ("by_function", "支出功能分类", "Spending by function"),
    ("by_fund", "按资金来源", "By fund"),
    ("cell_n", "《{table}》第{row}行第{col}列", "{table}, row {row} column {col}"),
    (
        "cells_left_out",
        "为控制页面大小，这张表的单元格未放入：没有指标引用它。",
        "Cells left out to keep the page small: no figure stands in this table.",
    ),
    ("change", "增减", "Change"),
    ("chart", "图", "Chart"),
    ("charts_n", "图表（{n}）", "Charts ({n})"),
    ("check", "核对项", "Check"),
    ("checks_hold", "{n} 项勾稽相符", "{n} checks hold"),
    (
        "checks_n",
        "核对：相符 {holds}，不符 {fails}，无法核对 {unknown}",
        "checks: {holds} hold, {fails} do not, {unknown} could not be checked",
    ),
    ("choice", "取用", "Choice"),
    (
        "cited_only",
        "为控制页面大小，没有指标引用的表只列名称。",
        "To keep the page small, tables that no figure stands in are named without their cells.",
    ),
    ("classes", "类", "Classes"),
    ("clean", "未发现问题", "Nothing found"),
    ("column", "列", "Column"),
    ("columns_hidden", "另有 {n} 列未显示", "{n} more columns are not shown"),
    ("copy", "另一版本", "another copy"),
    ("cover_absent", "未见公开", "nothing seen"),
    ("cover_missing", "缺：{list}", "missing: {list}"),
    ("cover_whole", "已读 {n} 份，应有报表齐全", "{n} read, no expected statement missing"),
    ("coverage", "公开情况", "Coverage"),
    (
        "coverage_legend",
        "● 齐全　◐ 缺表或部分读取　✕ 未读成　· 未见公开",
        "● complete   ◐ statements missing or partly read   ✕ not read   · nothing seen",
    ),
    ("difference", "差额", "Difference"),
    ("differs", "不一致", "differs"),
    ("document", "文件", "Document"),
    ("documents", "文件", "Documents"),
    ("documents_read", "已读文件", "Documents read"),
    (
        "exact_note",
        "金额为精确小数；指针停留可见到元的数值。",
        "Amounts are exact decimals; hover to see them in yuan.",
    ),
    ("figure", "数字", "Figure"),
    ("figures", "数字", "Figures"),
    ("filter", "筛选", "Filter"),
    ("finding", "问题", "Finding"),
    ("findings", "核对问题", "Findings"),
    ("findings_by_severity", "问题级别", "Findings by severity"),
    ("findings_grave", "严重与错误", "Critical and errors"),
    ("function", "功能科目", "Function"),
    ("functions", "功能科目", "Functions"),
    ("fund", "资金", "Fund"),
    (
        "funds_note",
        "“全部资金”“财政拨款”已含其下各项，不与之相加；部门与其所属单位也不相加。",
        "All funds and fiscal appropriation hold those below them and are not added to them; nor are a department and its units.",
    ),
    ("headline", "主要数字", "Headline figures"),
    ("hint", "提示", "Hint"),
    ("items", "项", "Items"),
    ("kind", "类型", "Kind"),
    ("kind_budget", "预算", "Budget"),
    ("kind_final_accounts", "决算", "Accounts"),
    ("kind_government", "政府", "Government"),
    ("kind_performance", "绩效", "Performance"),
    ("level", "层级", "Level"),
    ("like_for_like", "{n} 个部门同口径，比 {year} 年", "{n} departments in both years, against {year}:"),
    ("like_for_like_note", "只含两年都公开的 {n} 个部门。", "Only the {n} departments that published both years."),
    ("loading", "正在打开…", "Opening…"),
    ("made_by", "由 {program} 生成。", "Made by {program}."),
    ("meaning", "含义", "Meaning"),
    ("measure", "口径", "Measure"),
    ("menu", "目录", "Contents"),
    ("metric", "指标", "Metric"),
    ("n_documents", "{n} 份文件", "{n} documents"),
    ("n_failed", "{n} 份未读成", "{n} not read"),
    ("n_figures", "{n} 个数字", "{n} figures"),
    ("n_findings", "{n} 个问题", "{n} findings"),
    ("narrative_n", "文字中的数字（{n} 句）", "Figures in the text ({n} sentences)"),
    ("no_year_before", "没有两年都公开的部门", "No department published both years"),
    ("none_failed", "全部读成", "all of them"),
    (
        "noscript",
        "本页需要 JavaScript；数据都在页内，不联网。",
        "This page needs JavaScript. Its data is inside; it loads nothing.",
    ),
    ("not_found", "没有找到", "Nothing found"),
    ("not_preferred", "同一数字另有首选出处", "another printing of the figure is preferred"),
    ("not_read", "未读成", "Not read"),
    ("not_there", "没有这一页", "No such page"),
    ("note", "说明", "Note"),
    ("notes", "读取说明", "Reading notes"),
    (
        "notes_note",
        "程序读取时的存疑与遗漏，不是报告的错误。",
        "Doubt and loss on the program's side, not faults of the report.",
    ),
    ("nothing", "没有数字", "No figures"),
    ("of_bodies", "{n} 个部门", "{n} departments"),
    (
        "old_browser",
        "浏览器版本过旧：需要 DecompressionStream（2023 年起的 Chrome、Edge、Firefox、Safari）。",
        "This browser is too old: the page needs DecompressionStream (Chrome, Edge, Firefox and Safari since 2023).",
    ),
    ("other_printings", "同一数字的其他出处（{n}）", "Other printings of the same figure ({n})"),
    ("outcome", "结果", "Outcome"),
    ("overview", "概览", "Overview"),
    ("page_n", "第{n}页", "page {n}"),
    ("pages_n", "{n} 页", "{n} pages"),
    ("paragraph_n", "第{n}段", "paragraph {n}"),
    ("path", "所在位置", "You are here"),
    ("place", "位置", "Place"),
    ("preferred", "首选", "preferred"),
    ("printed", "原文", "Printed"),
    ("read", "已读", "Read"),
    ("region", "地区", "Region"),
    ("report", "部门预决算公开", "Budgets and final accounts"),
    ("row", "行", "Row"),
    ("rows_hidden", "另有 {n} 行未显示", "{n} more rows are not shown"),
    ("same", "一致", "same"),
    ("search", "搜索", "Search"),
    ("search_for", "搜索“{text}”", "Search for {text}"),
    ("search_hint", "部门、科目、文件、问题", "department, function, file, finding"),
    ("see_cell", "在表中查看", "See it in its table"),
    ("see_coverage", "公开情况", "see the coverage"),
    ("sentence", "原句", "Sentence"),
    ("severity", "级别", "Severity"),
    ("share", "占比", "Share"),
    ("sheet_n", "工作表“{name}”{cell}", "sheet {name} {cell}"),
    ("show_all", "全部 {n} 个", "All {n}"),
    ("show_rest", "显示其余 {n} 行", "Show the other {n} rows"),
    ("skip", "跳到正文", "Skip to the content"),
    ("spending_by_year", "{fund}支出，按年", "Spending by year, {fund}"),
    ("spending_of", "{year} 年{fund}支出", "Spending {year}, {fund}"),
    ("stage", "阶段", "Stage"),
    ("table", "表格", "Table"),
    ("table_unit", "单位：{unit}", "In {unit}"),
    ("tables_n", "表格（{n}）", "Tables ({n})"),
    ("theme", "明暗", "Light or dark"),
    ("three_public", "“三公”经费", "Travel, vehicles, receptions"),
    ("three_ranking", "{year} 年“三公”经费排名", "Travel, vehicles and receptions {year}"),
    ("to_overview", "回到概览", "To the overview"),
    ("total", "合计", "Total"),
    ("tp.abroad", "因公出国（境）", "Travel abroad"),
    ("tp.reception", "公务接待", "Receptions"),
    ("tp.vehicle", "公务用车", "Vehicles"),
    ("unit_large", "亿元", "million yuan"),
    ("unit_n", "单位：{unit}", "unit: {unit}"),
    ("unit_table", "万元", "thousand yuan"),
    ("unknown_body", "单位未识别", "Unknown department"),
    ("unknown_region", "地区未识别", "Unknown region"),
    ("untitled", "（无标题）", "(untitled)"),
    ("year", "年度", "Year"),
    ("year_n", "{n} 年", "{n}"),
    ("year_on_year", "年度比较", "Year on year"),
    ("years", "年度", "Years"),
    ("yuan", "元", "yuan"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_stand_in_order_and_keep_their_blanks_in_both_languages() {
        for pair in PAGE.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{} before {}", pair[0].0, pair[1].0);
        }
        let blanks = |text: &str| {
            let mut names: Vec<String> = text
                .split('{')
                .skip(1)
                .filter_map(|rest| rest.split_once('}'))
                .map(|(name, _)| name.to_owned())
                .collect();
            names.sort();
            names
        };
        for (name, zh, en) in PAGE {
            assert!(!zh.is_empty() && !en.is_empty(), "{name}");
            assert_eq!(blanks(zh), blanks(en), "{name}");
        }
    }
}
