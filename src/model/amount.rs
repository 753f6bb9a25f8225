//! Figures as they are printed, and what they are worth. Money is an exact decimal from here to the last
//! column; a blank, a dash and a zero stay three different things.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::folding::fold_text;

/// The unit a figure is printed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum Unit {
    /// 元
    #[serde(rename = "元")]
    Yuan,
    /// 万元, 10,000 元
    #[serde(rename = "万元")]
    TenThousandYuan,
    /// 亿元, 100,000,000 元
    #[serde(rename = "亿元")]
    HundredMillionYuan,
    /// 千元, 1,000 元
    #[serde(rename = "千元")]
    ThousandYuan,
    /// Percent, as the printed number
    #[serde(rename = "%")]
    Percent,
    /// A count of persons, vehicles, batches, projects
    #[serde(rename = "个")]
    Count,
    /// A score
    #[serde(rename = "分")]
    Score,
}

impl Unit {
    /// Reads a money unit word such as `万元`, white space and `人民币` aside.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let word = fold_text(word);
        match word.trim_start_matches("人民币") {
            "元" => Some(Self::Yuan),
            "万元" | "万" => Some(Self::TenThousandYuan),
            "亿元" | "亿" => Some(Self::HundredMillionYuan),
            "千元" => Some(Self::ThousandYuan),
            "%" => Some(Self::Percent),
            "分" => Some(Self::Score),
            _ => None,
        }
    }

    /// The word as it is printed.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Yuan => "元",
            Self::TenThousandYuan => "万元",
            Self::HundredMillionYuan => "亿元",
            Self::ThousandYuan => "千元",
            Self::Percent => "%",
            Self::Count => "个",
            Self::Score => "分",
        }
    }

    /// How many base units one of these is: 元 for money, itself for everything else.
    #[must_use]
    pub fn scale(self) -> Decimal {
        match self {
            Self::ThousandYuan => Decimal::from(1_000),
            Self::TenThousandYuan => Decimal::from(10_000),
            Self::HundredMillionYuan => Decimal::from(100_000_000),
            Self::Yuan | Self::Percent | Self::Count | Self::Score => Decimal::ONE,
        }
    }

    /// The unit that values are stored in.
    #[must_use]
    pub fn base(self) -> Self {
        if self.is_money() { Self::Yuan } else { self }
    }

    /// Whether it is a unit of money.
    #[must_use]
    pub fn is_money(self) -> bool {
        !matches!(self, Self::Percent | Self::Count | Self::Score)
    }
}

/// What a cell prints where a figure is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Printed {
    /// Nothing at all.
    Blank,
    /// A dash or 无: nothing to state.
    Dash,
    /// A number.
    Number(Literal),
    /// Words.
    Text,
}

impl Printed {
    /// Reads a cell's text.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let folded = fold_text(text);
        match &*folded {
            "" => Self::Blank,
            "-" | "--" | "—" | "——" | "–" | "―" | "/" | "\\" | "无" | "−" => Self::Dash,
            _ => Literal::parse(&folded).map_or(Self::Text, Self::Number),
        }
    }
}

/// A printed number: its exact value and how many decimals it shows, which decides how far it may be rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Literal {
    /// The number as printed, before any unit is applied.
    pub value: Decimal,
    /// Digits after the decimal point.
    pub decimals: u32,
    /// Whether a percent sign stands behind it.
    pub percent: bool,
}

impl Literal {
    /// Reads a whole text as one number: `1,278.53`, `－12`, `(3.50)`, `9.9%`, `１２３`.
    ///
    /// Separators are dropped wherever they stand between digits, since published files hold `128138,600`;
    /// a text with anything else in it is no number.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let folded = fold_text(text);
        let (body, percent) = match folded.strip_suffix('%') {
            Some(body) => (body, true),
            None => (&*folded, false),
        };
        let bracketed =
            body.strip_prefix('(').and_then(|b| b.strip_suffix(')')).filter(|b| b.contains('.') || b.contains(','));
        let (negative, digits) = match bracketed {
            Some(inner) => (true, inner),
            None => body
                .strip_prefix(['-', '−', '–'])
                .map_or((false, body.strip_prefix('+').unwrap_or(body)), |rest| (true, rest)),
        };
        let plain = without_separators(digits)?;
        let decimals = plain.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let value: Decimal = plain.parse().ok()?;
        Some(Self { value: if negative { -value } else { value }, decimals: u32::try_from(decimals).ok()?, percent })
    }

    /// Half a unit of the last printed digit: how far the true value may be from the printed one.
    #[must_use]
    pub fn half_unit(&self) -> Decimal {
        half_unit(self.decimals)
    }

    /// The value in base units when it is printed in `unit`; `None` when it leaves the range of a decimal.
    #[must_use]
    pub fn in_base(&self, unit: Unit) -> Option<Decimal> {
        self.value.checked_mul(unit.scale()).map(|v| v.normalize())
    }
}

/// Half a unit of the `decimals`-th digit after the point: `0.005` for 2.
pub(crate) fn half_unit(decimals: u32) -> Decimal {
    Decimal::new(5, decimals.saturating_add(1).min(Decimal::MAX_SCALE))
}

/// Takes `1,278.53` to `1278.53`; `None` unless it is digits, separators between digits and at most one point.
fn without_separators(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(w, f)| (w, Some(f)));
    let groups_are_digits = whole.split(',').all(|g| !g.is_empty() && g.bytes().all(|b| b.is_ascii_digit()));
    let starts_with_point = whole.is_empty() && fraction.is_some();
    if !groups_are_digits && !starts_with_point {
        return None;
    }
    let mut plain = if starts_with_point { "0".to_owned() } else { whole.replace(',', "") };
    if let Some(fraction) = fraction {
        if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        plain.push('.');
        plain.push_str(fraction);
    }
    (plain.len() <= 28).then_some(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_dash_is_nothing_stated_but_a_blank_is_missing_and_a_zero_is_a_figure() {
        assert_eq!(Printed::parse("—"), Printed::Dash);
        assert_eq!(Printed::parse(" \u{3000}"), Printed::Blank);
        assert!(matches!(Printed::parse("0.00"), Printed::Number(l) if l.value.is_zero() && l.decimals == 2));
        assert_eq!(Printed::parse("基本支出"), Printed::Text);
    }

    #[test]
    fn published_spellings_are_read_exactly() {
        let read = |s: &str| Literal::parse(s).map(|l| l.value.to_string());
        assert_eq!(read("1,278.53").as_deref(), Some("1278.53"));
        assert_eq!(read("１２３．４").as_deref(), Some("123.4"));
        assert_eq!(read("128138,600").as_deref(), Some("128138600"));
        assert_eq!(read("－12").as_deref(), Some("-12"));
        assert_eq!(read("(3.50)").as_deref(), Some("-3.50"));
        assert_eq!(read("9.9%").as_deref(), Some("9.9"));
        assert_eq!(read(".02").as_deref(), Some("0.02"));
        for not_a_number in
            ["(01)", "1.", "1,,2", "12辆", "2020-08", "1.2.3", "", "%", "99999999999999999999999999999999"]
        {
            assert_eq!(read(not_a_number), None, "{not_a_number}");
        }
    }

    #[test]
    fn ten_thousand_yuan_becomes_yuan_without_a_float() {
        let literal = Literal::parse("1278.53").expect("a number");
        assert_eq!(literal.in_base(Unit::TenThousandYuan), Some(Decimal::from(12_785_300)));
        assert_eq!(literal.half_unit(), Decimal::new(5, 3));
    }

    proptest! {
        #[test]
        fn parsing_a_printed_amount_gives_it_back(units in -9_999_999_999_999i64..9_999_999_999_999, scale in 0u32..7) {
            let amount = Decimal::new(units, scale);
            let read = Literal::parse(&amount.to_string()).expect("a decimal prints as a number");
            prop_assert_eq!(read.value, amount);
            prop_assert_eq!(read.decimals, scale);
        }

        #[test]
        fn separators_change_nothing(units in 0u64..9_999_999_999_999) {
            let plain = units.to_string();
            let mut grouped = String::new();
            for (i, c) in plain.chars().enumerate() {
                if i > 0 && (plain.len() - i) % 3 == 0 {
                    grouped.push(',');
                }
                grouped.push(c);
            }
            prop_assert_eq!(Literal::parse(&grouped), Literal::parse(&plain));
        }

        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,40}") {
            let _ = Printed::parse(&text);
        }
    }
}
