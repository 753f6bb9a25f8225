//! One stored value becomes one cell: its typed value and what a person sees.

use std::sync::Arc;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::model::{SheetCell, SheetValue};

use super::number_format::{DateSystem, NumberFormat, iso_date_time, plain, shortest};

/// Significant digits that every spelling with no more of them shares with its binary number.
const EXACT_DIGITS: usize = 15;

/// A cell of text; line ends become `\n`.
pub(super) fn text(row: u32, col: u32, text: &str) -> SheetCell {
    shared(row, col, line_ends(text).as_ref().into())
}

/// A cell of text that other cells may share; its line ends are `\n` already.
pub(super) fn shared(row: u32, col: u32, text: Arc<str>) -> SheetCell {
    SheetCell::new(row, col, SheetValue::Text(text))
}

/// The text with `\n` as its only line end.
pub(super) fn line_ends(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text.into() }
}

/// A cell of a number, a date where its format says so.
pub(super) fn number(row: u32, col: u32, value: f64, format: &NumberFormat, system: DateSystem) -> SheetCell {
    match shortest(value) {
        Some(number) => decimal(row, col, number, format, system),
        // Beyond the range of a decimal: no amount, and hundreds of digits if it were spelt out.
        None => text(row, col, &format!("{value:E}")),
    }
}

/// A cell of a number in decimal digits, as XML holds it: a date where its format says so, and text where the
/// digits are none.
pub(super) fn literal(row: u32, col: u32, digits: &str, format: &NumberFormat, system: DateSystem) -> SheetCell {
    match short_decimal(digits.as_bytes()) {
        Some(value) if format.is_plain() => SheetCell::new(row, col, SheetValue::Number(value)),
        Some(value) => decimal(row, col, value, format, system),
        None => match digits.trim().parse() {
            Ok(value) => number(row, col, value, format, system),
            Err(_) => text(row, col, digits),
        },
    }
}

fn decimal(row: u32, col: u32, value: Decimal, format: &NumberFormat, system: DateSystem) -> SheetCell {
    if format.is_date()
        && let Some(serial) = value.to_f64()
        && let (Some(text), Some(iso)) = (format.show_date(serial, system), iso_date_time(serial, system))
    {
        return SheetCell::shown_as(row, col, SheetValue::DateTime(iso.into()), &text);
    }
    let text = if format.is_plain() { plain(value) } else { format.show(value) };
    SheetCell::shown_as(row, col, SheetValue::Number(value), &text)
}

/// Reads `-12.50` as 12.5 without a detour through a binary number, whose shortest spelling it is. `None` for more
/// than [`EXACT_DIGITS`] digits, an exponent, or anything else.
fn short_decimal(digits: &[u8]) -> Option<Decimal> {
    let (negative, digits) = match digits.split_first()? {
        (b'-', rest) => (true, rest),
        _ => (false, digits),
    };
    if digits.len() > EXACT_DIGITS + 1 {
        return None;
    }
    let (mut mantissa, mut scale, mut point, mut count) = (0i64, 0u32, false, 0);
    for &byte in digits {
        match byte {
            b'0'..=b'9' => {
                mantissa = mantissa * 10 + i64::from(byte - b'0');
                scale += u32::from(point);
                count += 1;
            }
            b'.' if !point => point = true,
            _ => return None,
        }
    }
    if count == 0 || count > EXACT_DIGITS {
        return None;
    }
    while scale > 0 && mantissa % 10 == 0 {
        mantissa /= 10;
        scale -= 1;
    }
    Some(Decimal::new(if negative { -mantissa } else { mantissa }, scale))
}

/// A cell of a date or time that is written out.
pub(super) fn date_time(row: u32, col: u32, iso: &str, shown: &str) -> SheetCell {
    SheetCell::shown_as(row, col, SheetValue::DateTime(iso.into()), shown)
}

/// A cell of a number that the file shows in its own words.
pub(super) fn number_shown(row: u32, col: u32, value: Decimal, shown: &str) -> SheetCell {
    SheetCell::shown_as(row, col, SheetValue::Number(value), shown)
}

/// A cell of `TRUE` or `FALSE`.
pub(super) fn boolean(row: u32, col: u32, value: bool) -> SheetCell {
    SheetCell::new(row, col, SheetValue::Boolean(value))
}

/// A cell of an error value such as `#DIV/0!`.
pub(super) fn error(row: u32, col: u32, value: &str) -> SheetCell {
    SheetCell::new(row, col, SheetValue::Error(value.into()))
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

/// A float of eight bytes, little endian.
pub(super) fn f64_at(data: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(data.get(at..at + 8)?.try_into().ok()?))
}

/// RkNumber ([MS-XLS] §2.5.217, [MS-XLSB] §2.5.122): 30 bits of a float or an integer, perhaps a hundredth of it.
pub(super) fn rk(raw: u32) -> f64 {
    let value =
        if raw & 2 != 0 { f64::from(raw.cast_signed() >> 2) } else { f64::from_bits(u64::from(raw & !3) << 32) };
    if raw & 1 != 0 { value / 100.0 } else { value }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn digits_are_read_as_they_stand() {
        let value = |digits: &str| short_decimal(digits.as_bytes()).map(|d| d.to_string());
        assert_eq!(value("-12.50").as_deref(), Some("-12.5"));
        assert_eq!(value("100").as_deref(), Some("100"));
        for other in ["", "-", ".", "1e3", "1.2.3", "1234567890123456", "1277.8799999999999"] {
            assert_eq!(value(other), None, "{other}");
        }
    }

    #[test]
    fn short_numbers_come_in_four_kinds() {
        let bits = |value: f64| u32::try_from(value.to_bits() >> 32).expect("upper half");
        assert!((rk(bits(1.5)) - 1.5).abs() < 1e-12);
        assert!((rk(bits(150.0) | 1) - 1.5).abs() < 1e-12);
        assert!((rk((1250 << 2) | 3) - 12.5).abs() < 1e-12);
        assert!((rk((-7i32 << 2).cast_unsigned() | 2) + 7.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn the_short_way_is_the_way_through_a_binary_number(mantissa in -999_999_999_999_999i64..999_999_999_999_999, scale in 0u32..12) {
            let digits = Decimal::new(mantissa, scale).to_string();
            if let Some(value) = short_decimal(digits.as_bytes()) {
                prop_assert_eq!(Some(value), shortest(digits.parse().expect("a number")));
            }
        }
    }
}
