//! Number formats (ECMA-376-1:2016 §18.8.30–31): what a person sees of a stored number.
//!
//! A format code is parsed once and applied to many numbers. Fixed decimals, thousands, percent, scaling by
//! commas, literals between digits (万元 formats such as `0!.0,`), leading zeros, signs by section and dates are
//! shown as spreadsheets show them; fractions, exponents and everything else fall back to the plain number, so
//! that no format can hide a value. Dates live in [`date`], the codes of built-in formats in [`builtin`].

mod builtin;
mod date;

use rust_decimal::{Decimal, RoundingStrategy};

pub(super) use date::{DateSystem, iso_date_time};

/// A parsed format code.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NumberFormat {
    sections: Vec<Section>,
}

#[derive(Debug, Clone, PartialEq)]
struct Section {
    condition: Option<(Comparison, Decimal)>,
    pattern: Pattern,
}

#[derive(Debug, Clone, PartialEq)]
enum Pattern {
    /// The plain number: `General`, `@`, and what is not understood.
    Plain,
    /// Nothing at all.
    Empty,
    /// Digits and literals.
    Digits(Digits),
    /// A date or a time.
    Date(Vec<date::Token>),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Comparison {
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    GreaterOrEqual,
    Greater,
}

/// Placeholders and literals of a number section.
#[derive(Debug, Clone, PartialEq, Default)]
struct Digits {
    whole: Vec<Token>,
    fraction: Vec<Token>,
    has_point: bool,
    grouped: bool,
    percents: u32,
    thousands: u32,
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// `0`, `#` or `?`.
    Digit(char),
    Literal(String),
}

/// A lexical piece of a format code.
#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Symbol(char),
    Literal(String),
    Bracket(String),
}

impl NumberFormat {
    /// The format that shows numbers as they are.
    pub(super) fn general() -> Self {
        Self { sections: vec![Section { condition: None, pattern: Pattern::Plain }] }
    }

    /// Reads a format code such as `#,##0.00;[Red]-#,##0.00`.
    pub(super) fn parse(code: &str) -> Self {
        let pieces = lex(code);
        let sections = pieces.split(|p| *p == Piece::Symbol(';')).take(4).map(parse_section).collect();
        Self { sections }
    }

    /// The format of a built-in number (§18.8.30), with the dates of the Chinese editions.
    pub(super) fn builtin(id: u32) -> Option<Self> {
        builtin::code(id).map(Self::parse)
    }

    /// Whether every number is shown as it is.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.sections.as_slice(), [Section { pattern: Pattern::Plain, .. }])
    }

    /// Whether numbers in this format are dates or times.
    pub(super) fn is_date(&self) -> bool {
        self.sections.first().is_some_and(|s| matches!(s.pattern, Pattern::Date(_)))
    }

    /// Shows a date or time that is stored as a serial day; `None` when the serial is no day of the calendar.
    pub(super) fn show_date(&self, serial: f64, system: DateSystem) -> Option<String> {
        match &self.sections.first()?.pattern {
            Pattern::Date(tokens) => date::show(tokens, serial, system),
            _ => None,
        }
    }

    /// Shows a number.
    pub(super) fn show(&self, value: Decimal) -> String {
        let (section, signed) = self.section_for(value);
        match section.map(|s| &s.pattern) {
            Some(Pattern::Digits(digits)) => {
                let sign = if signed && value.is_sign_negative() && !value.is_zero() { "-" } else { "" };
                digits.show(value.abs()).map_or_else(|| plain(value), |text| format!("{sign}{text}"))
            }
            Some(Pattern::Empty) if value.is_zero() => String::new(),
            _ => plain(value),
        }
    }

    /// The section for a value, and whether the sign is still to be written.
    fn section_for(&self, value: Decimal) -> (Option<&Section>, bool) {
        if self.sections.iter().any(|s| s.condition.is_some()) {
            let holds = |s: &&Section| s.condition.is_none_or(|(op, limit)| op.holds(value, limit));
            return (self.sections.iter().take(3).find(holds), true);
        }
        let numeric = self.sections.len().min(3);
        if value.is_zero() && numeric == 3 {
            (self.sections.get(2), false)
        } else if value.is_sign_negative() && !value.is_zero() && numeric >= 2 {
            (self.sections.get(1), false)
        } else {
            (self.sections.first(), true)
        }
    }
}

impl Comparison {
    fn parse(text: &str) -> Option<(Self, Decimal)> {
        const SIGNS: [(&str, Comparison); 6] = [
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::GreaterOrEqual),
            ("<>", Comparison::NotEqual),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
            ("=", Comparison::Equal),
        ];
        let (sign, comparison) = SIGNS.iter().find(|(sign, _)| text.starts_with(sign))?;
        Some((*comparison, text.strip_prefix(sign)?.trim().parse().ok()?))
    }

    fn holds(self, value: Decimal, limit: Decimal) -> bool {
        match self {
            Self::Less => value < limit,
            Self::LessOrEqual => value <= limit,
            Self::Equal => value == limit,
            Self::NotEqual => value != limit,
            Self::GreaterOrEqual => value >= limit,
            Self::Greater => value > limit,
        }
    }
}

/// Takes escapes, quotes and brackets apart from symbols; `_x` leaves room and `*x` fills, both show nothing.
fn lex(code: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => pieces.push(Piece::Literal(chars.by_ref().take_while(|&c| c != '"').collect())),
            '\\' | '!' => pieces.extend(chars.next().map(|c| Piece::Literal(c.into()))),
            '_' | '*' => drop(chars.next()),
            '[' => pieces.push(Piece::Bracket(chars.by_ref().take_while(|&c| c != ']').collect())),
            _ => pieces.push(Piece::Symbol(c)),
        }
    }
    pieces
}

fn parse_section(pieces: &[Piece]) -> Section {
    let condition = pieces.iter().find_map(|p| match p {
        Piece::Bracket(text) => Comparison::parse(text),
        _ => None,
    });
    Section { condition, pattern: parse_pattern(pieces) }
}

fn parse_pattern(pieces: &[Piece]) -> Pattern {
    let symbols: String =
        pieces.iter().filter_map(|p| if let Piece::Symbol(c) = p { Some(*c) } else { None }).collect();
    let folded = symbols.to_ascii_lowercase();
    if pieces.is_empty() {
        return Pattern::Empty;
    }
    if folded.contains("general") || folded.contains("通用") || folded.contains('@') {
        return Pattern::Plain;
    }
    let elapsed = pieces.iter().any(|p| matches!(p, Piece::Bracket(b) if date::is_elapsed(b)));
    let has_digit = folded.contains(['0', '#', '?']);
    let date_letters =
        folded.contains(['y', 'm', 'd', 'h', 's']) || (!has_digit && (folded.contains('e') || folded.contains("aaa")));
    if elapsed || date_letters {
        return Pattern::Date(date::parse(pieces));
    }
    // Exponents and fractions: nobody reads an amount in them.
    if has_digit && folded.contains(['e', '/']) {
        return Pattern::Plain;
    }
    Pattern::Digits(Digits::parse(pieces))
}

impl Digits {
    fn parse(pieces: &[Piece]) -> Self {
        let mut digits = Self::default();
        let mut commas = 0;
        for piece in pieces {
            match piece {
                Piece::Symbol(c @ ('0' | '#' | '?')) => {
                    // A comma between digits groups them, one behind the last digit divides by a thousand.
                    digits.grouped |= std::mem::take(&mut commas) > 0 && !digits.has_point;
                    digits.push(Token::Digit(*c));
                }
                Piece::Symbol(',') => commas += 1,
                Piece::Symbol('.') if !digits.has_point => digits.has_point = true,
                Piece::Symbol(c) => {
                    digits.percents += u32::from(*c == '%');
                    digits.push(Token::Literal(String::from(*c)));
                }
                Piece::Literal(text) => digits.push(Token::Literal(text.clone())),
                Piece::Bracket(text) => {
                    let currency = text.strip_prefix('$').and_then(|t| t.split('-').next()).unwrap_or_default();
                    digits.push(Token::Literal(currency.to_owned()));
                }
            }
            if digits.has_point && commas > 0 && digits.fraction.is_empty() {
                digits.thousands += std::mem::take(&mut commas);
            }
        }
        digits.thousands += commas;
        digits
    }

    fn push(&mut self, token: Token) {
        if self.has_point { self.fraction.push(token) } else { self.whole.push(token) }
    }

    /// Shows a number that is not negative; `None` when scaling leaves the range of a decimal.
    fn show(&self, value: Decimal) -> Option<String> {
        let decimals = self.fraction.iter().filter(|t| matches!(t, Token::Digit(_))).count();
        let decimals = u32::try_from(decimals).ok().filter(|&d| d <= Decimal::MAX_SCALE)?;
        let mut scaled = value;
        for _ in 0..self.percents.min(4) {
            scaled = scaled.checked_mul(Decimal::ONE_HUNDRED)?;
        }
        for _ in 0..self.thousands.min(6) {
            scaled = scaled.checked_div(Decimal::ONE_THOUSAND)?;
        }
        let digits = digits_of(scaled, decimals)?;
        let (whole, fraction) = digits.split_at_checked(digits.len().checked_sub(decimals as usize)?)?;
        let mut shown = String::with_capacity(digits.len() + 8);
        self.show_whole(whole, &mut shown);
        if self.has_point {
            shown.push('.');
        }
        self.show_fraction(fraction, &mut shown);
        Some(if shown.starts_with(' ') || shown.ends_with(' ') { shown.trim().to_owned() } else { shown })
    }

    /// Fills the placeholders before the point from the right; the leftmost takes what is left over.
    fn show_whole(&self, digits: &str, out: &mut String) {
        let mut left = digits.trim_start_matches('0').bytes().rev();
        let mut reversed: Vec<char> = Vec::with_capacity(digits.len() + 8);
        let mut shown = 0;
        let mut places = self.whole.iter().filter(|t| matches!(t, Token::Digit(_))).count();
        for token in self.whole.iter().rev() {
            let placeholder = match token {
                Token::Literal(text) => {
                    reversed.extend(text.chars().rev());
                    continue;
                }
                Token::Digit(c) => *c,
            };
            places -= 1;
            let fill = usize::from(placeholder == '0');
            let count = if places == 0 { left.len().max(fill) } else { left.len().min(1).max(fill) };
            for _ in 0..count {
                if self.grouped && shown > 0 && shown % 3 == 0 {
                    reversed.push(',');
                }
                reversed.push(left.next().map_or('0', char::from));
                shown += 1;
            }
        }
        out.extend(reversed.into_iter().rev());
    }

    /// Fills the placeholders behind the point; `#` and `?` leave trailing zeros out.
    fn show_fraction(&self, digits: &str, out: &mut String) {
        let significant = digits.trim_end_matches('0').len();
        let mut digits = digits.chars().enumerate();
        for token in &self.fraction {
            match token {
                Token::Literal(text) => out.push_str(text),
                Token::Digit(placeholder) => {
                    out.extend(digits.next().filter(|(i, _)| *placeholder == '0' || *i < significant).map(|(_, d)| d));
                }
            }
        }
    }
}

/// The digits of a number that is not negative, rounded half away from zero to so many decimals, without the
/// point; at least one digit stands before it.
fn digits_of(value: Decimal, decimals: u32) -> Option<String> {
    let mut rounded = value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(decimals);
    let width = decimals as usize + 1;
    let mantissa = u128::try_from(rounded.mantissa()).ok().filter(|_| rounded.scale() == decimals)?;
    // Nearly every amount fits a machine word, which is spelt several times faster.
    Some(u64::try_from(mantissa).map_or_else(|_| format!("{mantissa:0width$}"), |short| format!("{short:0width$}")))
}

/// The number without a format: fifteen significant digits, as spreadsheets count, and no trailing zeros.
pub(super) fn plain(value: Decimal) -> String {
    value.round_sf_with_strategy(15, RoundingStrategy::MidpointAwayFromZero).unwrap_or(value).normalize().to_string()
}

/// The shortest decimal that reads back as the same number; `None` for what a decimal cannot hold.
pub(super) fn shortest(value: f64) -> Option<Decimal> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() < EXACT {
        #[allow(clippy::cast_possible_truncation)] // a whole number below 2^53
        return Some(Decimal::from(value as i64));
    }
    if !value.is_finite() || value.abs() >= 7.9e28 {
        return None;
    }
    value.to_string().parse::<Decimal>().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn show(code: &str, value: f64) -> String {
        NumberFormat::parse(code).show(shortest(value).expect("a number"))
    }

    #[test]
    fn simple_formats_show_what_a_person_sees() {
        assert_eq!(show("General", 0.7 + 0.1), "0.8");
        assert_eq!(show("0.00", 12.0), "12.00");
        assert_eq!(show("#,##0.00", 1_234_567.891), "1,234,567.89");
        assert_eq!(show("#,##0", 999.5), "1,000");
        assert_eq!(show("0%", 0.256), "26%");
        assert_eq!(show("0.00%", 0.095), "9.50%");
        assert_eq!(show("0000000", 20508.0), "0020508");
        assert_eq!(show("#,##0.00_ ", 0.5), "0.50");
        assert_eq!(show("#.00", 0.5), ".50");
        assert_eq!(show("#,##0.00_ ", -3.5), "-3.50");
        assert_eq!(show("0.0###", 1.25), "1.25");
    }

    #[test]
    fn sections_tell_signs_and_zeros() {
        let accounting = "_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * \"-\"??_ ;_ @_ ";
        assert_eq!(show(accounting, 1234.5), "1,234.50");
        assert_eq!(show(accounting, -1234.5), "-1,234.50");
        assert_eq!(show(accounting, 0.0), "-");
        assert_eq!(show("#,##0.00;(#,##0.00)", -3.5), "(3.50)");
        assert_eq!(show("0.00;-0.00;;@", 0.0), "");
        assert_eq!(show("0.00;-0.00;;@", 2.0), "2.00");
    }

    #[test]
    fn a_format_that_hides_everything_hides_no_figure() {
        assert_eq!(show(";;;", 12.5), "12.5");
        assert_eq!(show("# ?/?", 0.5), "0.5");
        assert_eq!(show("0.00E+00", 120_000.0), "120000");
    }

    #[test]
    fn literals_and_scaling_make_ten_thousands() {
        assert_eq!(show("0!.0,", 123_456.0), "12.3");
        assert_eq!(show("#,##0.00,", 1_234_567.0), "1,234.57");
        assert_eq!(show("[$¥-804]#,##0.00", 12.5), "¥12.50");
        assert_eq!(show("0.00\"万元\"", 12.5), "12.50万元");
        assert_eq!(show("[>=10000]0!.0,\"万\";0", 56_000.0), "5.6万");
        assert_eq!(show("[>=10000]0!.0,\"万\";0", 560.0), "560");
        assert_eq!(show("000-00", 12345.0), "123-45");
    }

    #[test]
    fn shortest_decimals_hide_binary_noise() {
        assert_eq!(shortest(0.1 + 0.2).map(plain).as_deref(), Some("0.3"));
        assert_eq!(shortest(0.1 + 0.2).map(|d| d.to_string()).as_deref(), Some("0.30000000000000004"));
        assert_eq!(shortest(f64::NAN), None);
        assert_eq!(shortest(1e300), None);
    }

    proptest! {
        #[test]
        fn fixed_decimals_read_back(units in -999_999_999_999i64..999_999_999_999) {
            let value = Decimal::new(units, 2);
            let shown = NumberFormat::parse("#,##0.00").show(value);
            prop_assert_eq!(shown.replace(',', "").parse::<Decimal>().expect("a number"), value);
        }

        #[test]
        fn any_code_shows_any_number_without_panic(code in "\\PC{0,24}", value in any::<f64>()) {
            let format = NumberFormat::parse(&code);
            if let Some(number) = shortest(value) {
                let _ = format.show(number);
            }
            let _ = format.show_date(value, DateSystem::From1900);
        }
    }
}
