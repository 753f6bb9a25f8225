//! A regular expression of a form file. Those of the embedded files were compiled by a test and are compiled again
//! when they first meet a text: a document needs few of them. Those of other files are compiled at once, so that a
//! wrong one is named with its file and line before any document is read. A text whose [`Letters`] are known is
//! asked first whether it holds those that a match needs.

mod letters;

use std::ops::Deref;
use std::sync::OnceLock;

use regex::Regex;

pub use letters::Letters;
use letters::Required;

/// A regular expression, used as a [`Regex`].
#[derive(Debug, Clone)]
pub struct Expression {
    source: Box<str>,
    compiled: OnceLock<Regex>,
    required: OnceLock<Required>,
}

impl Expression {
    /// Compiles an expression now.
    ///
    /// # Errors
    /// When it is none.
    pub(super) fn checked(source: &str) -> Result<Self, regex::Error> {
        Ok(Self { source: source.into(), compiled: compile(source)?.into(), required: OnceLock::new() })
    }

    /// Leaves an expression that is known to be right for later.
    pub(super) fn deferred(source: &str) -> Self {
        Self { source: source.into(), compiled: OnceLock::new(), required: OnceLock::new() }
    }

    /// Whether a text of these letters may hold a match; `false` is certain.
    #[must_use]
    pub fn may_be_in(&self, letters: &Letters) -> bool {
        self.required.get_or_init(|| Required::by(&self.source)).may_be_in(letters)
    }
}

impl Deref for Expression {
    type Target = Regex;

    /// # Panics
    /// When a deferred expression is wrong, which a test of [`super`] rules out for the embedded files.
    fn deref(&self) -> &Regex {
        self.compiled.get_or_init(|| compile(&self.source).unwrap_or_else(|error| panic!("embedded {error}")))
    }
}

/// Compiles an expression for folded text, where every digit is one of ten: the machine for the digits of all
/// scripts that `\d` stands for is some thirty times as large, and is walked at every figure.
///
/// # Errors
/// When it is none.
pub(super) fn compile(source: &str) -> Result<Regex, regex::Error> {
    // What is wrong is told in the words of the file.
    Regex::new(&with_ten_digits(source)).or_else(|_| Regex::new(source))
}

/// The expression with `[0-9]` for `\d`, within brackets too.
pub(super) fn with_ten_digits(source: &str) -> String {
    let mut plain = String::with_capacity(source.len() + 8);
    let mut rest = source.chars();
    while let Some(c) = rest.next() {
        match (c, if c == '\\' { rest.next() } else { None }) {
            (_, Some('d')) => plain.push_str("[0-9]"),
            (_, Some('D')) => plain.push_str("[^0-9]"),
            (_, Some(escaped)) => plain.extend([c, escaped]),
            (_, None) => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_the_ten_that_folded_text_holds() {
        assert_eq!(with_ten_digits(r"^\d{2}[^,\d]\\d\D$"), r"^[0-9]{2}[^,[0-9]]\\d[^0-9]$");
        let expression = compile(r"(?:20\d\d年)?[^,\d]{0,3}\d+(?:\.\d+)?").expect("valid");
        assert_eq!(expression.find("2024年支出12.5万元").map(|m| m.as_str()), Some("2024年支出12.5"));
        assert!(compile("(").is_err());
    }

    #[test]
    fn a_deferred_expression_meets_the_same_texts() {
        for expression in [Expression::deferred("^合计$"), Expression::checked("^合计$").expect("valid")] {
            assert!(expression.is_match("合计") && !expression.is_match("总计"));
        }
    }

    #[test]
    fn a_wrong_expression_is_refused_at_once_where_it_is_checked() {
        assert!(Expression::checked("(").is_err());
    }
}
