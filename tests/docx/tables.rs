//! Tables as the file writes them.

use juesuan::model::{Block, RawCell};

use super::builder::{document, p, paragraphs, tables, tc};

fn text(cell: &RawCell) -> String {
    let texts = cell.blocks.iter().map(|b| if let Block::Paragraph(p) = b { p.text.as_str() } else { "[table]" });
    texts.collect::<Vec<_>>().join("|")
}

fn row(properties: &str, cells: &[String]) -> String {
    format!("<w:tr><w:trPr>{properties}</w:trPr>{}</w:tr>", cells.concat())
}

fn table(rows: &[String]) -> String {
    format!("<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid>{}</w:tbl>", rows.concat())
}

#[test]
fn spans_merges_and_header_rows_are_kept_as_written() {
    let body = table(&[
        row("<w:tblHeader/>", &[tc("<w:vMerge w:val='restart'/>", "项目"), tc("<w:gridSpan w:val='2'/>", "决算数")]),
        row("<w:tblHeader/>", &[tc("<w:vMerge/>", ""), tc("", "合计"), tc("", "基本支出")]),
        row("<w:gridBefore w:val='1'/>", &[tc("", "1"), tc("", "2")]),
    ]);
    let read = document(&body).read();
    let table = tables(&read)[0];
    assert_eq!((table.header_rows, table.location.paragraph), (2, Some(1)));
    assert_eq!((table.rows[0][1].col_span, table.rows[1][0].continues_above), (2, true));
    assert_eq!((table.rows[2][0].skip, text(&table.rows[2][1])), (1, "2".to_owned()));
}

#[test]
fn a_horizontal_merge_is_one_wide_cell() {
    let cells = [tc("<w:hMerge w:val='restart'/>", "合计"), tc("<w:hMerge/>", ""), tc("", "3")];
    let read = document(&table(&[row("", &cells)])).read();
    let spans: Vec<_> = tables(&read)[0].rows[0].iter().map(|c| (c.col_span, text(c))).collect();
    assert_eq!(spans, [(2, "合计".to_owned()), (1, "3".to_owned())]);
}

#[test]
fn controls_around_rows_and_cells_are_seen_through() {
    let sdt = |content: &str| format!("<w:sdt><w:sdtPr/><w:sdtContent>{content}</w:sdtContent></w:sdt>");
    let body = table(&[sdt(&row("", &[sdt(&tc("", "1")), tc("", "2")]))]);
    let read = document(&body).read();
    assert_eq!(tables(&read)[0].rows[0].iter().map(text).collect::<Vec<_>>(), ["1", "2"]);
}

#[test]
fn a_nested_table_stands_in_its_cell_and_paragraphs_count_through() {
    let inner = table(&[row("", &[tc("", "内")])]);
    let body = table(&[row("", &[format!("<w:tc>{}{inner}<w:p/></w:tc>", p("外"))])]) + &p("后");
    let read = document(&body).read();
    let cell = &tables(&read)[0].rows[0][0];
    assert_eq!(text(cell), "外|[table]|");
    let Block::Table(inner) = &cell.blocks[1] else { panic!("a nested table") };
    assert_eq!(inner.location.paragraph, Some(2));
    assert_eq!(paragraphs(&read)[0].location.paragraph, Some(4));
}

#[test]
fn a_deleted_row_is_gone() {
    let body = table(&[row("", &[tc("", "1")]), row("<w:del/>", &[tc("", "2")])]);
    assert_eq!(tables(&document(&body).read())[0].rows.len(), 1);
}

#[test]
fn rows_and_cells_out_of_place_lose_no_text() {
    let body = format!("<w:tr>{}</w:tr>{}", tc("", "1"), tc("", "2"));
    let read = document(&body).read();
    assert_eq!(paragraphs(&read).iter().map(|p| p.text.as_str()).collect::<Vec<_>>(), ["1", "2"]);
}
