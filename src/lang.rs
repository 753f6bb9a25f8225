//! The words that people read, in Chinese and English. Logs, errors and `--help` are English and do not stand
//! here; what a finding says comes from `check`.

pub(crate) mod page;

use clap::ValueEnum;

/// A language of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Lang {
    /// Chinese
    #[default]
    Zh,
    /// English
    En,
}

/// A phrase in every language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text {
    zh: &'static str,
    en: &'static str,
}

impl Lang {
    /// The phrase in this language.
    pub(crate) fn say(self, text: Text) -> &'static str {
        match self {
            Self::Zh => text.zh,
            Self::En => text.en,
        }
    }

    /// A word of the report JSON as people say it; an unknown word stays as it is.
    pub(crate) fn word(self, word: &str) -> &str {
        match (self, WORDS.iter().find(|(json, _)| *json == word)) {
            (Self::Zh, Some((_, zh))) => zh,
            (Self::En, Some((json, _))) if json.contains('_') => {
                EN_WORDS.iter().find(|(from, _)| from == json).map_or(word, |(_, en)| en)
            }
            _ => word,
        }
    }
}

macro_rules! texts {
    ($($name:ident: $zh:literal, $en:literal;)*) => {
        $(pub(crate) const $name: Text = Text { zh: $zh, en: $en };)*
    };
}

texts! {
    UNTITLED: "（无标题）", "(untitled)";
    UNKNOWN_ENTITY: "单位未识别", "unknown entity";
    UNKNOWN_KIND: "报告类型未识别", "unknown kind of report";
    UNKNOWN_REGION: "地区未识别", "unknown region";
    UNKNOWN_YEAR: "年度未识别", "unknown year";
    CONFIDENCE: "可信度", "confidence";
    CONFLICT: "另有读法", "other reading";
    SECTIONS: "章节", "Sections";
    TABLES: "表格", "Tables";
    FIGURES: "数字", "Figures";
    CHECKS: "核对", "Checks";
    NOTES: "读取说明", "Notes";
    PLACED: "已识别", "with a form";
    UNPLACED: "未识别", "no form";
    UNIT: "单位：", "unit: ";
    MORE_ROWS: "行未显示；全部：", "more rows; all of them:";
    MORE_COLUMNS: "列未显示；全部：", "more columns; all of them:";
    MORE: "条未显示；全部：", "more; all of them:";
    SATISFIED: "相符", "hold";
    VIOLATED: "不符", "do not";
    NOT_CHECKED: "无法核对", "could not be checked";
    NO_SUCH_TABLE: "没有这张表", "no such table";
    NO_SUCH_SECTION: "没有标题含此文字的章节", "no section with such a heading";
    ID: "编号", "id";
    METRIC: "指标", "metric";
    MEASURE: "口径", "measure";
    PERIOD: "年度", "year";
    PHASE: "阶段", "phase";
    CODE: "科目", "code";
    PRINTED: "原文", "printed";
    PLACE: "位置", "place";
    TITLE: "名称", "title";
    FORM: "表样", "form";
    SIZE: "行×列", "rows × cols";
    STATUS: "结果", "outcome";
    DOCUMENTS: "文件数", "documents";
    REASON: "原因", "reason";
    EXAMPLE: "例", "such as";
    HINT: "提示", "hint";
    DATASET: "数据集", "dataset";
    SLOWEST: "最慢", "slowest";
    TOTAL: "合计", "total";
    FINDINGS: "核对问题", "findings";
    PAGES: "页", "pages";
    SECONDS: "秒", "s";
    PER_SECOND: "份/秒", "documents/s";
    SEVERITY: "级别", "severity";
    FAULT: "问题", "fault";
    UNCHANGED: "未变", "unchanged";
    TOUCHED: "仅时间变", "new time, same bytes";
    VANISHED: "已消失", "vanished";
    REPLACED: "替换旧版", "replaced";
    INTERRUPTED: "中断：其余文件留待下次采集", "interrupted: the rest is left to the next crawl";
    REGION: "地区", "region";
    KIND: "报告类型", "kind";
    ENTITIES: "单位数", "bodies";
    RUN: "采集", "run";
    READ: "读取", "read";
    TABLE: "表", "table";
    FILES_BEFORE: "原文件数", "files before";
    FILES_AFTER: "现文件数", "files after";
    REMOVED: "删除", "removed";
    BYTES: "字节", "bytes";
    FAILED: "未读成", "not read";
    CORRECTIONS: "整改清单", "Corrections";
    SUMMARY: "汇总", "Summary";
    DEPARTMENT: "部门（单位）", "department";
    NUMBER: "序号", "no.";
    REPORT: "报告", "report";
    YEAR: "年度", "year";
    DELTA: "差额（元、百分点）", "difference (元, points)";
    DONE: "整改情况", "what was done";
    JOINED: "合并披露（多份文件组成一份）", "disclosures of several documents";
    DOUBTFUL: "未合并", "not joined";
    FILE: "文件", "file";
    ROWS: "行数", "rows";
    INSERTED: "新增", "inserted";
    DELETED: "删除", "deleted";
    UPDATED: "更新", "updated";
    UP_TO_DATE: "数据仓库已是最新，未作改动", "the warehouse is up to date; nothing was changed";
    WOULD_LOAD: "试运行，未作改动", "dry run: nothing was changed";
    WOULD_MAKE: "将建立或升级数据库模式", "would make the schema or bring it up to date";
    NEW_DOCUMENTS: "新文件版本", "document versions loaded";
    OLD_DOCUMENTS: "移除的旧版本", "earlier versions removed";
    REGION_SUMMARY: "地区汇总", "Region summary";
    REGION_ITEMS: "地区汇总（项级）", "Region summary by item";
    THREE_PUBLIC: "三公经费", "Three public expenses";
    FINDING_LIST: "问题清单", "Findings";
    COVERAGE: "公开完整性", "Coverage";
    REPORTS: "报告目录", "Reports";
    REGION_CODE: "地区代码", "region code";
    LEVEL: "级次", "level";
    FUND: "资金", "fund";
    FUNC_CODE: "功能分类科目编码", "function code";
    FUNC_NAME: "科目名称", "function";
    AMOUNT_YUAN: "金额（元）", "amount (元)";
    AMOUNT_WAN: "金额（万元）", "amount (万元)";
    IN_WAN: "（万元）", " (万元)";
    STATEMENTS_PRESENT: "已公开表数", "statements present";
    STATEMENTS_EMPTY: "空表", "empty statements";
    STATEMENTS_MISSING: "缺少的表", "missing statements";
    QUOTE: "原文", "as printed";
    UNIT_OF: "单位", "unit";
    COLUMN: "栏", "column ";
    CLEAN: "未发现问题", "nothing found";
}

/// Words of the report JSON and their Chinese.
const WORDS: &[(&str, &str)] = &[
    ("final_accounts.department", "部门决算"),
    ("final_accounts.unit", "单位决算"),
    ("budget.department", "部门预算"),
    ("budget.unit", "单位预算"),
    ("performance.department_self_eval", "部门整体支出绩效评价报告"),
    ("performance.department_self_eval_form", "部门整体支出绩效自评表"),
    ("performance.project_self_eval", "项目绩效自评报告"),
    ("performance.project_self_eval_form", "项目支出绩效自评表"),
    ("performance.target_form", "绩效目标申报表"),
    ("government.final_accounts", "政府决算"),
    ("extracted", "已读"),
    ("partial", "部分读取"),
    ("needs_ocr", "需OCR"),
    ("refused", "拒读"),
    ("failed", "失败"),
    ("quarantined", "隔离"),
    ("skipped", "跳过"),
    ("superseded", "已替换"),
    ("vanished", "已消失"),
    ("critical", "严重"),
    ("error", "错误"),
    ("warn", "疑似"),
    ("info", "提示"),
    ("department", "部门"),
    ("unit", "单位"),
    ("amount", "金额"),
    ("share", "占比"),
    ("yoy_abs", "同比增减"),
    ("yoy_pct", "同比增减率"),
    ("yoy_abs_up", "同比增加"),
    ("yoy_abs_down", "同比减少"),
    ("yoy_pct_up", "同比增长"),
    ("yoy_pct_down", "同比下降"),
    ("completion", "完成率"),
    ("count", "数量"),
    ("score", "得分"),
    ("gpb", "一般公共预算"),
    ("gf", "政府性基金"),
    ("soc", "国有资本经营预算"),
    ("fiscal", "财政拨款"),
    ("nonfiscal", "非财政拨款"),
    ("all", "全部资金"),
    ("final", "决算"),
    ("initial_budget", "年初预算"),
    ("adjusted_budget", "调整预算"),
    ("execution", "执行"),
];

/// English for words that read badly as they stand.
const EN_WORDS: &[(&str, &str)] = &[
    ("needs_ocr", "needs OCR"),
    ("yoy_abs", "change"),
    ("yoy_pct", "change in %"),
    ("yoy_abs_up", "increase"),
    ("yoy_abs_down", "decrease"),
    ("yoy_pct_up", "increase in %"),
    ("yoy_pct_down", "decrease in %"),
    ("initial_budget", "initial budget"),
    ("adjusted_budget", "adjusted budget"),
];
