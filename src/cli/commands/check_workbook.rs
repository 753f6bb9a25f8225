//! The list of corrections as a workbook: a sheet that counts, and one that lists, with room for what was done.

use anyhow::Context;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet};

use super::check_list::{Correction, HEADS, Listed, by_department, counts};
use crate::cli::lang::{self, Lang};
use crate::model::Severity;

/// Widths of the columns of the list, in characters.
const WIDTHS: [f64; 12] = [28.0, 6.0, 30.0, 8.0, 9.0, 8.0, 60.0, 24.0, 34.0, 14.0, 36.0, 16.0];
/// Excel refuses longer cells.
const MAX_CELL: usize = 32_000;

/// The bytes of the workbook; the same for the same findings.
pub(super) fn bytes(listed: &[Listed], lang: Lang) -> anyhow::Result<Vec<u8>> {
    let departments = by_department(listed, lang);
    let mut book = Workbook::new();
    // The clock would make every run another file.
    let epoch = ExcelDateTime::from_ymd(2000, 1, 1).context("a fixed date")?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&epoch));
    let bold = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);

    let summary = book.add_worksheet().set_name(lang.say(lang::SUMMARY))?;
    head(summary, &summary_heads(lang), &bold)?;
    for (row, (department, corrections)) in (1..).zip(&departments) {
        summary.write_string(row, 0, cut(department))?;
        for (col, (_, n)) in (1..).zip(counts(corrections)) {
            summary.write_number(row, col, u32::try_from(n).unwrap_or(u32::MAX))?;
        }
    }
    summary.set_column_width(0, 40)?;

    let list = book.add_worksheet().set_name(lang.say(lang::CORRECTIONS))?;
    let mut heads = vec![lang.say(lang::DEPARTMENT)];
    heads.extend(HEADS.iter().map(|h| lang.say(*h)));
    heads.push(lang.say(lang::DONE));
    head(list, &heads, &bold)?;
    let mut row = 0;
    for (department, corrections) in &departments {
        for (n, correction) in (1u32..).zip(corrections) {
            row += 1;
            write_correction(list, row, n, department, correction, lang, &wrapped)?;
        }
    }
    for (col, width) in (0..).zip(WIDTHS) {
        list.set_column_width(col, width)?;
    }
    if row > 0 {
        list.autofilter(0, 0, row, u16::try_from(heads.len() - 1).unwrap_or(0))?;
    }
    Ok(book.save_to_buffer()?)
}

fn summary_heads(lang: Lang) -> Vec<&'static str> {
    let mut heads = vec![lang.say(lang::DEPARTMENT)];
    let severities = [Severity::Critical, Severity::Error, Severity::Warn, Severity::Info];
    heads.extend(severities.map(|severity| lang.word(severity.word())));
    heads
}

fn head(sheet: &mut Worksheet, heads: &[&str], bold: &Format) -> anyhow::Result<()> {
    for (col, text) in (0..).zip(heads) {
        sheet.write_string_with_format(0, col, *text, bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn write_correction(
    sheet: &mut Worksheet,
    row: u32,
    number: u32,
    department: &str,
    correction: &Correction,
    lang: Lang,
    format: &Format,
) -> anyhow::Result<()> {
    sheet.write_string_with_format(row, 0, cut(department), format)?;
    sheet.write_number_with_format(row, 1, number, format)?;
    for (col, text) in (2..).zip(correction.cells(lang)) {
        // Text, whatever it holds: a document's `=1+1` is no formula here.
        sheet.write_string_with_format(row, col, cut(text), format)?;
    }
    Ok(())
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_CELL).collect()
}
