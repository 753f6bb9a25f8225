//! BIFF workbooks built record by record: cells, formats, merges, code pages, encryption, damage.

use juesuan::error::{ErrorKind, Result};
use juesuan::limits::{Deadline, Limits};
use juesuan::model::{Format, NoteKind, RawDocument};
use juesuan::read::{read, sniff};
use proptest::prelude::*;
use std::borrow::Cow;

const BIFF5: u16 = 0x0500;
const BIFF8: u16 = 0x0600;

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).expect("a short record");
    [&kind.to_le_bytes(), &length.to_le_bytes(), data].concat()
}

fn words(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

fn bof(version: u16, kind: u16) -> Vec<u8> {
    record(0x0809, &words(&[version, kind, 0, 0]))
}

fn number(row: u16, col: u16, style: u16, value: f64) -> Vec<u8> {
    record(0x0203, &[words(&[row, col, style]), value.to_le_bytes().to_vec()].concat())
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    [words(&[u16::try_from(units.len()).expect("short")]), vec![1], words(&units)].concat()
}

/// A bare stream: globals, the given records among them, and one sheet with the given cells.
fn workbook(version: u16, globals: &[Vec<u8>], name: &[u8], cells: &[Vec<u8>]) -> Vec<u8> {
    let mut start = bof(version, 0x0005);
    start.extend(globals.concat());
    let end = record(0x000A, &[]);
    let entry = record(0x0085, &[&[0; 6], name].concat()).len();
    let sheet_at = u32::try_from(start.len() + entry + end.len()).expect("small");
    start.extend(record(0x0085, &[&sheet_at.to_le_bytes()[..], &[0, 0], name].concat()));
    start.extend(&end);
    assert_eq!(start.len(), sheet_at as usize, "the sheet stands where its entry says");
    start.extend(bof(version, 0x0010));
    start.extend(cells.concat());
    start.extend(end);
    start
}

/// A sheet name as BoundSheet8 holds it, in two-byte Unicode.
fn name8(text: &str) -> Vec<u8> {
    let mut name = wide(text);
    name.remove(1);
    name
}

fn read_xls(bytes: &[u8]) -> Result<RawDocument> {
    let limits = Limits::default();
    read(bytes, Format::Xls, &limits, &Deadline::start(&limits))
}

fn shown(document: &RawDocument) -> Vec<(u32, u32, Cow<'_, str>)> {
    document.sheets[0].cells.iter().map(|c| (c.row, c.col, c.text())).collect()
}

fn sample() -> Vec<u8> {
    let format = record(0x041E, &[words(&[164]), wide("#,##0.00\"万元\"")].concat());
    let styles = [record(0x00E0, &words(&[0, 0])), record(0x00E0, &words(&[0, 164])), record(0x00E0, &words(&[0, 10]))];
    let strings = [vec![2, 0, 0, 0, 2, 0, 0, 0], wide("项目"), wide("合计")].concat();
    let globals = [&[format][..], &styles, &[record(0x00FC, &strings)]].concat();
    let shared = |row, col, index: u32| record(0x00FD, &[words(&[row, col, 0]), index.to_le_bytes().to_vec()].concat());
    let formula_text = [words(&[3, 0, 0]), vec![0, 0, 0, 0, 0, 0, 0xFF, 0xFF], vec![0; 8]].concat();
    let cells = [
        shared(0, 0, 0),
        shared(1, 0, 1),
        number(1, 1, 1, 1278.5),
        record(0x00BD, &words(&[2, 0, 2, 0x0000, 0x3FD0, 0, (7 << 2) | 2, 0, 1])),
        record(0x0006, &formula_text),
        record(0x0207, &wide("文字")),
        record(0x0205, &[words(&[4, 0, 0]), vec![0x07, 1]].concat()),
        record(0x00E5, &words(&[1, 0, 0, 0, 1])),
    ];
    workbook(BIFF8, &globals, &name8("公开01表"), &cells)
}

#[test]
fn cells_of_every_kind_are_shown_with_their_format() {
    let bytes = sample();
    assert_eq!(sniff(&bytes, "a.xls").expect("a workbook").format, Format::Xls);
    let document = read_xls(&bytes).expect("readable");
    assert_eq!(document.sheets[0].name, "公开01表");
    let expected = [
        (0, 0, "项目".into()),
        (1, 0, "合计".into()),
        (1, 1, "1,278.50万元".into()),
        (2, 0, "25.00%".into()),
        (2, 1, "7".into()),
        (3, 0, "文字".into()),
        (4, 0, "#DIV/0!".into()),
    ];
    assert_eq!(shown(&document), expected);
    assert_eq!(document.sheets[0].merges, [[0, 0, 0, 1]]);
    assert!(document.notes.is_empty(), "{:?}", document.notes);
}

#[test]
fn old_workbooks_are_read_in_their_code_page() {
    let gbk = |text: &str| encoding_rs::GBK.encode(text).0.into_owned();
    let label = gbk("收入合计");
    let cell = [words(&[0, 0, 0, u16::try_from(label.len()).expect("short")]), label].concat();
    let name = gbk("决算");
    let name = [vec![u8::try_from(name.len()).expect("short")], name].concat();
    let globals = [record(0x0042, &words(&[936]))];
    let document = read_xls(&workbook(BIFF5, &globals, &name, &[record(0x0204, &cell)])).expect("readable");
    assert_eq!(document.sheets[0].name, "决算");
    assert_eq!(shown(&document), [(0, 0, "收入合计".into())]);
}

#[test]
fn corners_of_a_sheet_cost_two_cells() {
    let cells = [number(0, 0, 0, 0.1 + 0.2), number(65_535, 255, 0, 2.0)];
    let document = read_xls(&workbook(BIFF8, &[], &name8("a"), &cells)).expect("readable");
    assert_eq!(shown(&document), [(0, 0, "0.3".into()), (65_535, 255, "2".into())]);
}

#[test]
fn a_password_is_named() {
    let globals = [record(0x002F, &words(&[1, 1, 1]))];
    let error = read_xls(&workbook(BIFF8, &globals, &name8("a"), &[])).expect_err("encrypted");
    assert!(matches!(error.kind(), ErrorKind::Encrypted { format: "XLS" }), "{error}");
}

#[test]
fn a_stream_that_breaks_off_keeps_its_cells_and_says_so() {
    let bytes = sample();
    let document = read_xls(&bytes[..bytes.len() - 30]).expect("readable");
    assert!(!document.sheets[0].cells.is_empty());
    assert_eq!(document.notes[0].kind, NoteKind::SkippedPart);
    for end in 0..bytes.len() {
        let _ = read_xls(&bytes[..end]);
    }
}

proptest! {
    #[test]
    fn changed_bytes_end_in_an_answer(changes in prop::collection::vec((0usize..600, any::<u8>()), 1..12)) {
        let mut bytes = sample();
        for (at, value) in changes {
            let at = at % bytes.len();
            bytes[at] = value;
        }
        let _ = read_xls(&bytes);
    }
}
