//! One stored value becomes one cell: its typed value and what a person sees.

use crate::model::{SheetCell, SheetValue};

use super::number_format::{DateSystem, NumberFormat, iso_date_time, shortest};

/// A cell of text; line ends become `\n`.
pub(super) fn text(row: u32, col: u32, text: &str) -> SheetCell {
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() };
    SheetCell { row, col, value: SheetValue::Text(text.clone()), text }
}

/// A cell of a number, a date where its format says so.
pub(super) fn number(row: u32, col: u32, value: f64, format: &NumberFormat, system: DateSystem) -> SheetCell {
    if format.is_date()
        && let (Some(text), Some(iso)) = (format.show_date(value, system), iso_date_time(value, system))
    {
        return SheetCell { row, col, value: SheetValue::DateTime(iso), text };
    }
    match shortest(value) {
        Some(number) => SheetCell { row, col, text: format.show(number), value: SheetValue::Number(number) },
        // Beyond the range of a decimal: no amount, and hundreds of digits if it were spelt out.
        None => text(row, col, &format!("{value:E}")),
    }
}

/// A cell of `TRUE` or `FALSE`.
pub(super) fn boolean(row: u32, col: u32, value: bool) -> SheetCell {
    let text = if value { "TRUE" } else { "FALSE" }.to_owned();
    SheetCell { row, col, value: SheetValue::Boolean(value), text }
}

/// A cell of an error value such as `#DIV/0!`.
pub(super) fn error(row: u32, col: u32, value: &str) -> SheetCell {
    SheetCell { row, col, value: SheetValue::Error(value.to_owned()), text: value.to_owned() }
}

/// Spells an error code of BIFF ([MS-XLS] §2.5.10).
pub(super) fn error_word(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        0x2B => "#GETTING_DATA",
        _ => "#ERROR!",
    }
}
