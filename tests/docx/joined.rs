//! Tables that a page break split in two, through to the report's reading order.

use juesuan::forms::Forms;
use juesuan::limits::{Deadline, Limits};
use juesuan::structure::structure;

use crate::builder::{document, p, tc};

/// A statement of two columns with that row below its heads; `start` stands before the first words.
fn statement(start: &str, label: &str) -> String {
    let row = |cells: [String; 2]| format!("<w:tr>{}</w:tr>", cells.concat());
    let first = format!("<w:tc><w:tcPr/><w:p><w:r>{start}<w:t>项目</w:t></w:r></w:p></w:tc>");
    format!("<w:tbl>{}{}</w:tbl>", row([first, tc("", "金额")]), row([tc("", label), tc("", "1.00")]))
}

/// How many rows each table has when `between` stands between two statements.
fn rows(between: &str, start: &str) -> Vec<u32> {
    let body = format!("{}{between}{}{}", statement("", "合计"), statement(start, "其他"), p("完"));
    let limits = Limits::default();
    let content = structure(document(&body).read(), Forms::builtin(), &limits, &Deadline::start(&limits));
    content.expect("a small document").tables.iter().map(|t| t.rows).collect()
}

#[test]
fn a_page_break_between_equal_heads_joins() {
    let breaks = [
        "<w:p><w:r><w:br w:type='page'/></w:r></w:p>",
        "<w:p><w:r><w:lastRenderedPageBreak/></w:r></w:p><w:p/>",
        "<w:p><w:pPr><w:sectPr/></w:pPr></w:p>",
        "<w:p><w:pPr><w:pageBreakBefore/></w:pPr></w:p>",
        "",
    ];
    for between in breaks {
        assert_eq!(rows(between, ""), [3], "{between}");
    }
    assert_eq!(rows("<w:p/>", "<w:lastRenderedPageBreak/>"), [3]);
}

#[test]
fn equal_heads_alone_join_nothing() {
    assert_eq!(rows("<w:p/>", ""), [2, 2]);
    assert_eq!(rows("<w:p><w:pPr><w:pageBreakBefore w:val='0'/></w:pPr></w:p>", ""), [2, 2]);
    assert_eq!(rows(&format!("<w:p><w:r><w:br w:type='page'/></w:r></w:p>{}", p("支出决算表")), ""), [2, 2]);
}

#[test]
fn a_title_that_says_so_joins() {
    assert_eq!(rows(&p("收入决算表（续）"), ""), [3]);
}
