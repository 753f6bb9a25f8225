//! PDF files from bytes to flow: what a page paints, and what a person reads from it.

mod pdf_writer;

use juesuan::error::ErrorKind;
use juesuan::forms::Forms;
use juesuan::limits::{Deadline, Limits};
use juesuan::model::{NoteKind, RawDocument};
use juesuan::read::{Reader, pdf::Pdf};
use juesuan::structure::flow::{FlowTable, Item};
use juesuan::structure::page::pages_to_flow;
use pdf_writer::{Content, Writer};

fn read(bytes: &[u8]) -> RawDocument {
    let limits = Limits::default();
    Pdf.read(bytes, &limits, &Deadline::start(&limits)).expect("a readable file")
}

fn items(bytes: &[u8]) -> Vec<Item> {
    let limits = Limits::default();
    pages_to_flow(&mut read(bytes), &Forms::builtin().wording, &limits, &Deadline::start(&limits))
        .expect("a flow")
        .items
}

fn tables(bytes: &[u8]) -> Vec<FlowTable> {
    let tables = items(bytes).into_iter().filter_map(|item| if let Item::Table(t) = item { Some(t) } else { None });
    tables.collect()
}

fn paragraphs(bytes: &[u8]) -> Vec<String> {
    let texts =
        items(bytes).into_iter().filter_map(|item| if let Item::Paragraph(p) = item { Some(p.text) } else { None });
    texts.collect()
}

fn texts(table: &FlowTable) -> Vec<&str> {
    table.cells.iter().map(|c| c.text.as_str()).collect()
}

#[test]
fn a_page_tells_its_characters_and_who_made_it() {
    let raw = read(&Writer::default().page(&Content::default().text(50.0, 100.0, 10.0, "决算")).finish());
    assert_eq!(raw.pages[0].glyphs.iter().map(|g| g.c).collect::<String>(), "决算");
    let first = raw.pages[0].glyphs[0];
    assert!((first.rect.x0 - 50.0).abs() < 0.01 && (first.baseline - 100.0).abs() < 0.01, "{first:?}");
    assert_eq!(raw.producer.as_deref(), Some("a test"));
    assert_eq!(raw.modified.as_deref(), Some("2024-08-06T09:05:01+08:00"));
}

#[test]
fn a_rotated_page_is_read_as_it_is_shown() {
    let page = Content::default().raw("BT /F 10 Tf 0 1 -1 0 100 50 Tm <51B37B97> Tj ET");
    let raw = read(&Writer::default().page_with(&page, "/Rotate 90").finish());
    assert!((raw.pages[0].width - 800.0).abs() < 0.01, "the page lies on its side");
    let [first, second] = [raw.pages[0].glyphs[0], raw.pages[0].glyphs[1]];
    assert!(second.rect.x0 > first.rect.x0 && (second.baseline - first.baseline).abs() < 0.01);
}

#[test]
fn text_that_is_filled_and_stroked_is_read_once_and_is_bold() {
    let raw = read(&Writer::default().page(&Content::default().text_in_mode(50.0, 100.0, 10.0, "决算", 2)).finish());
    assert_eq!(raw.pages[0].glyphs.len(), 2);
    assert!(raw.pages[0].glyphs.iter().all(|g| g.bold));
}

#[test]
fn a_table_over_two_pages_is_one_and_its_repeated_header_stands_once() {
    let first = Content::default().table(50.0, 700.0, &[&["科目", "金额"], &["合计", "12.50"]]);
    let second = Content::default().table(50.0, 50.0, &[&["科目", "金额"], &["基本支出", "10.00"]]);
    let found = tables(&Writer::default().page(&first).page(&second).finish());
    assert_eq!(found.len(), 1);
    assert_eq!(texts(&found[0]), ["科目", "金额", "合计", "12.50", "基本支出", "10.00"]);
    assert_eq!((found[0].header_rows, found[0].locations.len()), (Some(1), 2));
}

#[test]
fn tables_of_the_same_shape_under_titles_of_their_own_stay_two() {
    let page = |title: &str| {
        let head = Content::default().text(200.0, 60.0, 16.0, title);
        head.table(50.0, 80.0, &[&["科目", "金额"], &["合计", "0.00"]])
    };
    let file = Writer::default().page(&page("政府性基金预算支出表")).page(&page("国有资本经营预算支出表")).finish();
    assert_eq!(tables(&file).len(), 2);
}

#[test]
fn a_title_that_comes_again_with_its_header_continues_the_table() {
    let page = |name: &str| {
        let head = Content::default().text(200.0, 60.0, 16.0, "收入预算表");
        head.table(50.0, 80.0, &[&["科目", "金额"], &[name, "1.00"]])
    };
    let file = Writer::default().page(&page("甲")).page(&page("乙")).finish();
    let found = tables(&file);
    assert_eq!((found.len(), found[0].rows), (1, 3));
    assert_eq!(paragraphs(&file), ["收入预算表"]);
}

#[test]
fn text_that_its_cell_clips_stays_whole_and_in_its_cell() {
    let page = Content::default()
        .table(50.0, 100.0, &[&["", "0.00"], &["合计", "1.00"]])
        .clip(50.0, 100.0, 150.0, 120.0)
        .text(55.0, 114.0, 10.0, "一般公共预算财政拨款收入")
        .unclip();
    let found = tables(&Writer::default().page(&page).finish());
    assert_eq!(texts(&found[0]), ["一般公共预算财政拨款收入", "0.00", "合计", "1.00"]);
}

#[test]
fn paragraphs_run_over_pages_and_page_numbers_do_not_stand_in_between() {
    let full = "本年收入合计为一千二百七十八万元其中一般公共预算财政拨款收入为九百万元占百分之七十";
    let page = |y: f64, text: &str, number: &str| {
        Content::default().text(90.0, y, 10.0, text).text(295.0, 780.0, 10.0, number)
    };
    let file = Writer::default()
        .page(&page(740.0, full, "1"))
        .page(&page(60.0, "点四。", "2").raw(""))
        .page(&page(60.0, full, "3"))
        .finish();
    assert!(paragraphs(&file)[0].ends_with("百分之七十点四。"), "{:?}", paragraphs(&file));
    assert!(paragraphs(&file).iter().all(|p| p.len() > 3));
}

#[test]
fn an_outline_leads_to_its_pages() {
    let page = Content::default().text(50.0, 100.0, 10.0, "决算");
    let raw = read(&Writer::default().page(&page).page(&page).entry("第一部分", 0).entry("第二部分", 1).finish());
    let entries: Vec<_> = raw.outline.iter().map(|e| (e.title.as_str(), e.depth, e.page)).collect();
    assert_eq!(entries, [("第一部分", 0, Some(1)), ("第二部分", 0, Some(2))]);
}

#[test]
fn an_image_is_kept_as_its_box() {
    let image = "q 300 0 0 200 50 400 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \u{7f} EI Q";
    let raw = read(&Writer::default().page(&Content::default().raw(image)).finish());
    assert_eq!((raw.pages[0].glyphs.len(), raw.pages[0].images.len()), (0, 1));
    assert!((raw.pages[0].images[0].width() - 300.0).abs() < 0.01);
}

#[test]
fn characters_that_the_font_does_not_tell_are_noted_with_their_number() {
    let file = Writer::default().page(&Content::default().text(50.0, 100.0, 10.0, "决算")).finish();
    let file = String::from_utf8(file).expect("ASCII").replace("/ToUnicode 5 0 R", "                ");
    let raw = read(file.as_bytes());
    let note = raw.notes.iter().find(|n| n.kind == NoteKind::UnknownEncoding).expect("a note");
    assert!(note.message.starts_with("2 characters"), "{}", note.message);
    assert_eq!(note.location.page, Some(1));
}

#[test]
fn what_is_no_pdf_or_too_large_is_refused_with_a_reason() {
    let limits = Limits { pages: 1, ..Limits::default() };
    let page = Content::default().text(50.0, 100.0, 10.0, "决算");
    let file = Writer::default().page(&page).page(&page).finish();
    let error = Pdf.read(&file, &limits, &Deadline::start(&limits)).expect_err("two pages");
    assert!(matches!(error.kind(), ErrorKind::Limit { name: "pages", .. }));
    let error = Pdf.read(b"%PDF-1.7 nothing", &limits, &Deadline::start(&limits)).expect_err("no pages");
    assert!(matches!(error.kind(), ErrorKind::Damaged { format: "PDF", .. }), "{error}");
    let limits = Limits { page_marks: 1, ..Limits::default() };
    let error = Pdf.read(&file, &limits, &Deadline::start(&limits)).expect_err("two glyphs");
    assert!(matches!(error.kind(), ErrorKind::Limit { name: "page_marks", .. }));
}

#[test]
fn a_file_cut_anywhere_ends_in_an_outcome() {
    let page = Content::default().table(50.0, 100.0, &[&["科目", "金额"], &["合计", "12.50"]]);
    let file = Writer::default().page(&page).entry("第一部分", 0).finish();
    let limits = Limits::default();
    for cut in (0..file.len()).step_by(97) {
        if let Ok(mut raw) = Pdf.read(&file[..cut], &limits, &Deadline::start(&limits)) {
            pages_to_flow(&mut raw, &Forms::builtin().wording, &limits, &Deadline::start(&limits))
                .expect("a flow of what is left");
        }
    }
}
