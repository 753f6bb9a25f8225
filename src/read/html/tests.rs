//! Pages as sites and office programs write them.

use proptest::prelude::*;

use super::*;
use crate::error::ErrorKind;
use crate::model::{Block, RawTable};

/// Reads a page with a long paragraph at its end, which is taken off again, so that little text is read too.
fn read(html: &str) -> RawDocument {
    let mut document = read_within(&format!("{html}<p>{FILLER}</p>"), &Limits::default()).expect("readable");
    let last = document.blocks.pop();
    assert!(matches!(last, Some(Block::Paragraph(p)) if p.text.ends_with(FILLER)), "the filler is the last paragraph");
    document
}

const FILLER: &str = "本部门严格执行预算管理规定，厉行节约，反对浪费，各项支出均按照批复的预算执行，没有超出批准的范围和标准。\
    本部门严格执行预算管理规定，厉行节约，反对浪费，各项支出均按照批复的预算执行，没有超出批准的范围和标准。";

fn read_within(html: &str, limits: &Limits) -> Result<RawDocument> {
    Html.read(html.as_bytes(), limits, &Deadline::start(limits))
}

/// Paragraphs as they stand, tables as rows of `text`, with spans behind `<` and `^` for what continues.
fn shape(blocks: &[Block]) -> Vec<String> {
    let shown = |block: &Block| match block {
        Block::Paragraph(p) => vec![p.text.clone()],
        Block::Table(table) => rows(table),
    };
    blocks.iter().flat_map(shown).collect()
}

fn rows(table: &RawTable) -> Vec<String> {
    let cell = |c: &crate::model::RawCell| {
        let skip = ".".repeat(c.skip as usize);
        let width = if c.col_span > 1 { format!("<{}", c.col_span) } else { String::new() };
        let text = if c.continues_above { "^".to_owned() } else { shape(&c.blocks).join("/") };
        format!("{skip}{text}{width}")
    };
    table.rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join("|")).collect()
}

#[test]
fn spans_become_cells_that_continue() {
    let html = "<table><thead><tr><th rowspan=2>项目<th colspan=2>金额</thead><tr><td>甲<td>乙<td rowspan=0>丙
        <tr><td>1<td colspan=2>2<tr></table>";
    let document = read(html);
    assert_eq!(shape(&document.blocks), ["项目|金额<2", "甲|乙|丙", "1|2|^", "..^"]);
    let html = "<table><tr><td rowspan=3>项目<td colspan=2>金额<tr><td>甲<td rowspan=2>乙<tr><td>1</table>";
    assert_eq!(shape(&read(html).blocks), ["项目|金额<2", "^|甲|乙", "^|1|^"]);
    let Block::Table(table) = &document.blocks[0] else { panic!("a table") };
    assert_eq!(table.header_rows, 1);
}

#[test]
fn white_space_runs_together_as_it_is_shown() {
    let html = "<p>　一、收\n  入情况</p>\n<div>A\n B<br>第二段&nbsp;&nbsp;<b>粗</b></div><h2>标题</h2>";
    assert_eq!(shape(&read(html).blocks), ["　一、收入情况", "A B", "第二段  粗", "标题"]);
    let table = read("<table><tr><td>&nbsp;机关<br>运行\n经费<td>\n&nbsp;</table>");
    assert_eq!(shape(&table.blocks), ["机关\n运行经费|"]);
}

#[test]
fn headings_and_bold_lines_keep_their_rank() {
    let document = read("<h1 align=center>某局2024年度部门决算</h1><p style='text-align: center'><b>第一部分</b></p>");
    let styles: Vec<_> =
        document.blocks.iter().map(|b| if let Block::Paragraph(p) = b { p.style.clone() } else { panic!() }).collect();
    assert_eq!((styles[0].outline_level, styles[0].centred, styles[0].bold), (Some(0), true, false));
    assert_eq!((styles[1].outline_level, styles[1].centred, styles[1].bold), (None, true, true));
}

#[test]
fn a_table_in_a_cell_and_text_between_cells_are_kept() {
    let html = "<table><tr>前言<td>外<table><tr><td>内</table>后</table>尾";
    assert_eq!(shape(&read(html).blocks), ["前言", "外/内/后", "尾"]);
}

#[test]
fn a_page_in_gbk_says_so_in_its_head() {
    let html = "<html><head><meta http-equiv=Content-Type content=\"text/html; charset=gb2312\">
        <meta name=Generator content=\"Microsoft Excel 11\"></head><table><tr><td>合计<td>1,278.50</table>";
    let bytes = encoding_rs::GBK.encode(html).0.into_owned();
    let limits = Limits::default();
    let document = Html.read(&bytes, &limits, &Deadline::start(&limits)).expect("readable");
    assert_eq!(shape(&document.blocks), ["合计|1,278.50"]);
    assert_eq!(document.producer.as_deref(), Some("Microsoft Excel 11"));
}

#[test]
fn a_page_that_says_nothing_is_refused() {
    let error =
        read_within("<html><body><h1>404</h1>页面不存在</body></html>", &Limits::default()).expect_err("nothing");
    assert!(error.to_string().contains("hardly any text"), "{error}");
}

#[test]
fn linked_documents_are_named() {
    let document = read(
        "<p>附件</p><a href='./P0202.PDF?x=1'>下载</a><a href='./P0202.PDF?x=1'></a><a href='index.html'>首页</a>",
    );
    let [note] = document.notes.as_slice() else { panic!("{:?}", document.notes) };
    assert_eq!(note.message, "the page links to 1 documents, which are not read: ./P0202.PDF?x=1");
}

#[test]
fn limits_hold_for_depth_and_cells() {
    let deep = "<table><tr><td>".repeat(100);
    let error = read_within(&deep, &Limits::default()).expect_err("100 tables inside each other");
    assert!(matches!(error.kind(), ErrorKind::Limit { name: "table_depth", .. }), "{error}");
    for row in ["<tr><td>y", "<tr>"] {
        let tall = format!("<table><tr>{}{}</table>", "<td rowspan=0>x".repeat(50), row.repeat(100));
        let error = read_within(&tall, &Limits { cells: 4_000, ..Limits::default() }).expect_err("5,000 cells");
        assert!(matches!(error.kind(), ErrorKind::Limit { name: "cells", .. }), "{error}");
    }
}

proptest! {
    #[test]
    fn no_soup_of_tags_panics_and_all_letters_are_kept(
        pieces in proptest::collection::vec(
            proptest::sample::select(vec![
                "<table>", "</table>", "<tr>", "</tr>", "<td>", "<td rowspan=3>", "<td colspan=2 rowspan=0>", "</td>", "x",
                "<p>", "</p>", "<br>", "<thead>", "</thead>", "<caption>", "</caption>", "<h1>", "</h1>", "< ", "&",
            ]),
            0..60,
        )
    ) {
        let html: String = pieces.concat();
        let document = read_within(&format!("<table><tr><td>{html}"), &Limits::default()).expect("readable");
        let kept: usize = shape(&document.blocks).iter().map(|l| l.matches('x').count()).sum();
        prop_assert!(kept == html.matches('x').count(), "{html}: {:?}", shape(&document.blocks));
    }
}
