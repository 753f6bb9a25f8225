//! Workbooks that the test writes, read back: values, shown text, merges, hidden sheets, damage and limits.

use std::borrow::Cow;
use std::io::{Cursor, Read, Write};

use juesuan::error::{ErrorKind, Result};
use juesuan::limits::{Deadline, Limits};
use juesuan::model::{Format, NoteKind, RawDocument, SheetValue};
use juesuan::read::{read, sniff};
use rust_decimal::Decimal;
use rust_xlsxwriter::{ExcelDateTime, Format as Style, Formula, Workbook};

fn read_with(bytes: &[u8], format: Format, limits: &Limits) -> Result<RawDocument> {
    read(bytes, format, limits, &Deadline::start(limits))
}

fn read_xlsx(bytes: &[u8]) -> RawDocument {
    assert_eq!(sniff(bytes, "a.xlsx").expect("a workbook").format, Format::Xlsx);
    read_with(bytes, Format::Xlsx, &Limits::default()).expect("readable")
}

/// `(A1-like place, shown text)` of every cell of a sheet.
fn shown(document: &RawDocument, sheet: usize) -> Vec<(u32, u32, Cow<'_, str>)> {
    document.sheets[sheet].cells.iter().map(|c| (c.row, c.col, c.text())).collect()
}

/// Rewrites one part of a package, or leaves it out.
fn rewrite(bytes: &[u8], name: &str, change: impl Fn(String) -> Option<String>) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a package");
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).expect("a part");
        let part_name = part.name().expect("a name").into_owned();
        let mut content = String::new();
        part.read_to_string(&mut content).expect("text");
        let content = if part_name == name { change(content) } else { Some(content) };
        if let Some(content) = content {
            out.start_file(part_name, zip::write::SimpleFileOptions::default()).expect("a part");
            out.write_all(content.as_bytes()).expect("written");
        }
    }
    out.finish().expect("a package").into_inner()
}

#[test]
fn numbers_keep_their_value_and_show_their_format() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let numbers = [
        (12785.3, "General", "12785.3", "12785.3"),
        (12785.3, "#,##0.00", "12785.3", "12,785.30"),
        (0.256, "0.0%", "0.256", "25.6%"),
        (20508.0, "0000000", "20508", "0020508"),
        (-3.5, "#,##0.00;(#,##0.00)", "-3.5", "(3.50)"),
        (1_234_567.0, "0!.0,", "1234567", "123.5"),
    ];
    for (row, (value, code, _, _)) in (0u32..).zip(numbers) {
        sheet.write_number_with_format(row, 0, value, &Style::new().set_num_format(code)).expect("written");
    }
    sheet.write_string(0, 1, "1,278.53").expect("written");
    let date = ExcelDateTime::from_ymd(2024, 12, 31).expect("a date");
    sheet.write_with_format(1, 1, &date, &Style::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"")).expect("written");
    sheet.write_boolean(2, 1, true).expect("written");
    let document = read_xlsx(&book.save_to_buffer().expect("saved"));
    let cell = |row, col| document.sheets[0].cells.iter().find(|c| (c.row, c.col) == (row, col)).expect("a cell");
    for (row, (_, code, value, text)) in (0u32..).zip(numbers) {
        let value: Decimal = value.parse().expect("a number");
        assert_eq!((&cell(row, 0).value, cell(row, 0).text().as_ref()), (&SheetValue::Number(value), text), "{code}");
    }
    assert_eq!(cell(0, 1).value, SheetValue::Text("1,278.53".into()));
    assert_eq!(cell(1, 1).value, SheetValue::DateTime("2024-12-31".into()));
    assert_eq!(cell(1, 1).text(), "2024年12月31日");
    assert_eq!(cell(2, 1).value, SheetValue::Boolean(true));
    assert!(document.notes.is_empty(), "{:?}", document.notes);
}

#[test]
fn merges_and_hidden_sheets_are_kept() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("公开01表").expect("a name");
    sheet.merge_range(0, 0, 0, 3, "收入决算表", &Style::new()).expect("merged");
    sheet.merge_range(1, 0, 2, 0, "项目", &Style::new()).expect("merged");
    sheet.set_row_hidden(5).expect("hidden");
    sheet.write(5, 0, "合计").expect("written");
    let hidden = book.add_worksheet().set_name("封面代码").expect("a name").set_hidden(true);
    hidden.write(0, 0, "代码").expect("written");
    let document = read_xlsx(&book.save_to_buffer().expect("saved"));
    assert_eq!(document.sheets[0].name, "公开01表");
    assert_eq!(document.sheets[0].merges, [[0, 0, 0, 3], [1, 0, 2, 0]]);
    assert!(document.sheets[1].hidden && !document.sheets[0].hidden);
    let places: Vec<String> =
        document.notes.iter().filter(|n| n.kind == NoteKind::Hidden).map(|n| n.location.to_string()).collect();
    assert_eq!(places, ["sheet 公开01表", "sheet 封面代码"]);
}

#[test]
fn a_formula_without_a_value_is_missing_and_an_error_stays_one() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_formula(0, 0, Formula::new("=1+1").set_result("2")).expect("written");
    sheet.write_formula(1, 0, Formula::new("=1+2").set_result("3")).expect("written");
    sheet.write_formula(2, 0, Formula::new("=1/0").set_result("#DIV/0!")).expect("written");
    let bytes = book.save_to_buffer().expect("saved");
    let bytes =
        rewrite(&bytes, "xl/worksheets/sheet1.xml", |xml| Some(xml.replace("<f>1+2</f><v>3</v>", "<f>1+2</f>")));
    let document = read_xlsx(&bytes);
    assert_eq!(shown(&document, 0), [(0, 0, "2".into()), (2, 0, "#DIV/0!".into())]);
    assert_eq!(document.sheets[0].cells[1].value, SheetValue::Error("#DIV/0!".into()));
    let missing: Vec<_> = document.notes.iter().filter(|n| n.kind == NoteKind::MissingValue).collect();
    assert_eq!(missing.len(), 1);
    assert_eq!(missing[0].location.to_string(), "sheet Sheet1!A2");
}

#[test]
fn far_cells_cost_no_more_than_near_ones() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "甲").expect("written");
    sheet.write(1_048_575, 16_383, 1).expect("written");
    let document = read_xlsx(&book.save_to_buffer().expect("saved"));
    assert_eq!(shown(&document, 0), [(0, 0, "甲".into()), (1_048_575, 16_383, "1".into())]);
}

#[test]
fn limits_stop_a_sheet_before_it_is_kept() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for row in 0..100 {
        sheet.write(row, 0, row).expect("written");
    }
    let bytes = book.save_to_buffer().expect("saved");
    for (limits, name) in [
        (Limits { cells: 99, ..Limits::default() }, "cells"),
        (Limits { part_bytes: 1_000, ..Limits::default() }, "part_bytes"),
        (Limits { package_bytes: 5_000, ..Limits::default() }, "package_bytes"),
        (Limits { entries: 3, ..Limits::default() }, "entries"),
    ] {
        let error = read_with(&bytes, Format::Xlsx, &limits).expect_err(name);
        assert!(matches!(error.kind(), ErrorKind::Limit { name: found, .. } if *found == name), "{error}");
    }
    assert!(read_with(&bytes, Format::Xlsx, &Limits { cells: 100, ..Limits::default() }).is_ok());
}

#[test]
fn a_sheet_that_breaks_off_keeps_what_stands_before() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, 1).expect("written");
    sheet.write(1, 0, 2).expect("written");
    let bytes = book.save_to_buffer().expect("saved");
    let bytes = rewrite(&bytes, "xl/worksheets/sheet1.xml", |xml| xml.split("<row r=\"2\"").next().map(str::to_owned));
    let document = read_xlsx(&bytes);
    assert_eq!(shown(&document, 0), [(0, 0, "1".into())]);
    assert_eq!(document.notes[0].kind, NoteKind::SkippedPart);
}

#[test]
fn a_reference_out_of_all_bounds_ends_in_an_answer() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, 1).expect("written");
    sheet.write(1, 0, 2).expect("written");
    let bytes = book.save_to_buffer().expect("saved");
    for wrong in ["A99999999999999999999", "AAAAAAAAAAAAAAAAAAAA1", "1A", "", "表2"] {
        let reference = format!("r=\"{wrong}\"");
        let bytes = rewrite(&bytes, "xl/worksheets/sheet1.xml", |xml| Some(xml.replacen("r=\"A2\"", &reference, 1)));
        let document = read_xlsx(&bytes);
        assert_eq!(document.sheets[0].cells[0].text(), "1", "{wrong}");
    }
}

#[test]
fn truncated_and_changed_workbooks_end_in_an_answer() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.merge_range(0, 0, 0, 2, "收入决算表", &Style::new()).expect("merged");
    for row in 1..50 {
        sheet.write(row, 0, format!("项目{row}")).expect("written");
        sheet
            .write_number_with_format(row, 1, f64::from(row) / 7.0, &Style::new().set_num_format("0.00%"))
            .expect("written");
    }
    let bytes = book.save_to_buffer().expect("saved");
    for end in (0..bytes.len()).step_by(97) {
        let _ = sniff(&bytes[..end], "a.xlsx").and_then(|s| read_with(&bytes[..end], s.format, &Limits::default()));
    }
    for at in (0..bytes.len()).step_by(31) {
        let mut changed = bytes.clone();
        changed[at] ^= 0x55;
        let _ = read_with(&changed, Format::Xlsx, &Limits::default());
    }
    for format in [Format::Xls, Format::Xlsb, Format::Ods, Format::Csv, Format::Unknown] {
        let _ = read_with(&bytes, format, &Limits::default());
    }
}

#[test]
fn delimited_text_in_gbk_is_one_sheet() {
    let text = "收入决算表,,\r\n部门：某局,,单位：万元\r\n项目,\"本年收入,合计\",拨款\r\n合计,\"1,278.53\",12.50\r\n";
    let bytes = encoding_rs::GBK.encode(text).0;
    let document = read_with(&bytes, Format::Csv, &Limits::default()).expect("readable");
    assert_eq!(document.sheets.len(), 1);
    assert_eq!(document.sheets[0].name, "csv");
    let expected = [
        (0, 0, "收入决算表".into()),
        (1, 0, "部门：某局".into()),
        (1, 2, "单位：万元".into()),
        (2, 0, "项目".into()),
        (2, 1, "本年收入,合计".into()),
        (2, 2, "拨款".into()),
        (3, 0, "合计".into()),
        (3, 1, "1,278.53".into()),
        (3, 2, "12.50".into()),
    ];
    assert_eq!(shown(&document, 0), expected);
}
