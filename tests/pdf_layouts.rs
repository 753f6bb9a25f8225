//! Pages laid out in other ways than most: what stands askew or on its side, stripes instead of rules, columns that
//! go on on the next page, boxes of several rows.

mod pdf_writer;

use juesuan::forms::Forms;
use juesuan::limits::{Deadline, Limits};
use juesuan::model::NoteKind;
use juesuan::read::{Reader, pdf::Pdf};
use juesuan::structure::flow::{FlowTable, Item};
use juesuan::structure::page::pages_to_flow;
use pdf_writer::{Content, Writer};

/// The tables of a file, its paragraphs, and what was noted of it.
fn read(writer: Writer) -> (Vec<FlowTable>, Vec<String>, Vec<(NoteKind, String)>) {
    let limits = Limits::default();
    let deadline = Deadline::start(&limits);
    let mut raw = Pdf.read(&writer.finish(), &limits, &deadline).expect("a readable file");
    let items = pages_to_flow(&mut raw, &Forms::builtin().wording, &limits, &deadline).expect("a flow").items;
    let (mut tables, mut texts) = (Vec::new(), Vec::new());
    for item in items {
        match item {
            Item::Table(table) => tables.push(table),
            Item::Paragraph(paragraph) => texts.push(paragraph.text),
        }
    }
    (tables, texts, raw.notes.into_iter().map(|note| (note.kind, note.message)).collect())
}

/// The texts of a row, blank ones too.
fn row(table: &FlowTable, row: u32) -> Vec<&str> {
    table.cells.iter().filter(|c| c.row == row).map(|c| c.text.as_str()).collect()
}

/// Shows a text turned by the angle whose cosine and sine are given.
fn turned(content: Content, (cos, sin): (f64, f64), x: f64, y: f64, text: &str) -> Content {
    let codes = text.encode_utf16().map(|u| format!("{u:04X}")).collect::<Vec<_>>().concat();
    let place = format!("{cos} {sin} {} {cos} {x} {}", -sin, 800.0 - y);
    content.raw(&format!("BT /F 12 Tf 0 Tr {place} Tm <{codes}> Tj ET"))
}

#[test]
fn text_that_runs_up_the_page_is_read_and_noted() {
    let page = Content::default().text(50.0, 100.0, 10.0, "收入决算表");
    let (_, texts, notes) = read(Writer::default().page(&turned(page, (0.0, 1.0), 300.0, 600.0, "装订线内不要答题")));
    let all = texts.concat();
    assert!("装订线内不要答题".chars().all(|c| all.contains(c)), "{texts:?}");
    assert!(
        notes.iter().any(|(kind, text)| *kind == NoteKind::Repaired && text.contains("on their side")),
        "{notes:?}"
    );
}

#[test]
fn a_watermark_across_a_table_is_left_out_of_its_cells_and_noted() {
    let rows: [&[&str]; 3] = [&["科目", "金额"], &["基本支出", "10.00"], &["合计", "12.50"]];
    let page = Content::default().text(50.0, 60.0, 10.0, "支出决算表").table(50.0, 80.0, &rows);
    let (tables, texts, notes) = read(Writer::default().page(&turned(page, (0.7, 0.7), 60.0, 140.0, "内部资料")));
    assert_eq!((row(&tables[0], 1), row(&tables[0], 2)), (vec!["基本支出", "10.00"], vec!["合计", "12.50"]));
    assert_eq!(texts, ["支出决算表"]);
    assert!(notes.iter().any(|(kind, text)| *kind == NoteKind::LeftOut && text.contains("内部资料")), "{notes:?}");
}

#[test]
fn columns_that_go_on_on_the_next_page_stand_beside_their_codes() {
    let left: [&[&str]; 4] = [&["科目编码", "工资福利"], &["201", "1.00"], &["20103", "1.00"], &["2010301", "1.00"]];
    let right: [&[&str]; 4] = [&["科目编码", "商品服务"], &["201", "2.00"], &["20103", "2.00"], &["2010301", "2.00"]];
    let page = |rows: &[&[&str]]| Content::default().text(50.0, 60.0, 10.0, "支出明细表").table(50.0, 80.0, rows);
    let (tables, texts, _) = read(Writer::default().page(&page(&left)).page(&page(&right)));
    assert_eq!(tables.len(), 1, "{tables:?}");
    assert_eq!(
        (row(&tables[0], 0), row(&tables[0], 3)),
        (vec!["科目编码", "工资福利", "商品服务"], vec!["2010301", "1.00", "2.00"])
    );
    assert_eq!(texts, ["支出明细表"]);
}

#[test]
fn an_empty_strip_of_a_table_is_left_out_with_a_note() {
    let rows: [&[&str]; 2] = [&["科目", "金额"], &["合计", "12.50"]];
    let blank: [&[&str]; 2] = [&["", ""], &["", ""]];
    let (tables, _, notes) = read(
        Writer::default()
            .page(&Content::default().table(50.0, 80.0, &rows))
            .page(&Content::default().table(50.0, 80.0, &blank)),
    );
    assert_eq!(tables.len(), 1);
    assert!(notes.iter().any(|(kind, text)| *kind == NoteKind::LeftOut && text.contains("without any text")));
}

#[test]
fn filled_rows_and_white_ones_are_one_table() {
    let mut page = Content::default();
    for (i, (name, sum)) in [("科目", "金额"), ("基本支出", "10.00"), ("项目支出", "2.50"), ("合计", "12.50")]
        .into_iter()
        .chain([("上年", "11.00"), ("增加", "1.50")])
        .enumerate()
    {
        let y = 80.0 + 20.0 * i as f64;
        if i % 2 == 0 {
            for x in [50.0, 150.0] {
                page = page.raw(&format!("0.8 g {x} {} 100 20 re f 0 g", 780.0 - y));
            }
        }
        page = page.text(55.0, y + 14.0, 10.0, name).text(155.0, y + 14.0, 10.0, sum);
    }
    let (tables, texts, _) = read(Writer::default().page(&page));
    assert_eq!(tables.iter().map(|t| (t.rows, t.cols)).collect::<Vec<_>>(), [(6, 2)], "{texts:?}");
    assert_eq!((row(&tables[0], 3), row(&tables[0], 5)), (vec!["合计", "12.50"], vec!["增加", "1.50"]));
}

#[test]
fn lines_of_figures_in_one_box_are_rows() {
    let page = Content::default()
        .table(50.0, 80.0, &[&["科目", "本年", "上年"]])
        .line(50.0, 160.0, 350.0, 160.0)
        .line(50.0, 100.0, 50.0, 160.0)
        .line(150.0, 100.0, 150.0, 160.0)
        .line(250.0, 100.0, 250.0, 160.0)
        .line(350.0, 100.0, 350.0, 160.0);
    let lines = [("收入", "1.00", "2.00"), ("支出", "3.00", "4.00"), ("结余", "5.00", "6.00")];
    let page = lines.iter().enumerate().fold(page, |page, (i, (name, a, b))| {
        let y = 114.0 + 18.0 * i as f64;
        page.text(55.0, y, 10.0, name).text(155.0, y, 10.0, a).text(255.0, y, 10.0, b)
    });
    let (tables, _, _) = read(Writer::default().page(&page));
    assert_eq!((tables[0].rows, row(&tables[0], 3)), (4, vec!["结余", "5.00", "6.00"]));
}
