//! What characters say about joining: where a space or a line break inside text is real, and where it is only
//! the layout's.

use crate::model::Literal;

/// Whether the character is of Chinese text: an ideograph, CJK punctuation, a full-width form.
#[must_use]
pub fn is_cjk(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FFEF}'
        | '\u{20000}'..='\u{3FFFF}')
}

/// Whether a blank between these two characters parts words; between Chinese characters it only justifies.
#[must_use]
pub fn is_word_gap(before: char, after: char) -> bool {
    !is_cjk(before) && !is_cjk(after)
}

/// Whether the character can stand inside a printed number.
#[must_use]
pub fn is_figure(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '.' | ',')
}

/// What to put between two lines of one text, where `is_full` tells that the first had no room for more.
///
/// Chinese text goes on as it is, words get their space back, and a number that the layout broke becomes whole.
#[must_use]
pub fn line_break(before: &str, after: &str, is_full: bool) -> &'static str {
    let (Some(last), Some(first)) = (before.chars().last(), after.chars().next()) else { return "" };
    if !is_word_gap(last, first) {
        return "";
    }
    if is_figure(last) && (is_figure(first) || first == '%') {
        return if breaks_number(before, after, is_full) { "" } else { " " };
    }
    let is_word = |c: char| c.is_alphanumeric();
    if is_word(last) && is_word(first) && (last.is_alphabetic() || first.is_alphabetic()) { " " } else { "" }
}

/// Whether the figures around a line break are two parts of one number.
fn breaks_number(before: &str, after: &str, is_full: bool) -> bool {
    let start = before.char_indices().rev().take_while(|(_, c)| is_figure(*c)).last().map_or(before.len(), |(i, _)| i);
    let end = after.char_indices().take_while(|(_, c)| is_figure(*c)).last().map_or(0, |(i, c)| i + c.len_utf8());
    let (head, tail) = (before.get(start..).unwrap_or(""), after.get(..end).unwrap_or(""));
    let is_cut_at_point = tail.starts_with(['.', ',']) || head.ends_with(['.', ',']) || tail.is_empty();
    (is_full || is_cut_at_point) && Literal::parse(&format!("{head}{tail}")).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_broken_over_two_lines_becomes_whole() {
        assert_eq!(line_break("244,895", ".02", false), "");
        assert_eq!(line_break("支出12", "78.53万元", true), "");
        assert_eq!(line_break("100.5", "200.5", true), " ", "two numbers are never one");
        assert_eq!(line_break("100", "200", false), " ");
    }

    #[test]
    fn chinese_goes_on_and_words_get_their_space_back() {
        assert_eq!(line_break("一般公共", "预算", true), "");
        assert_eq!(line_break("General", "Budget", true), " ");
        assert_eq!(line_break("2024", "年", true), "");
    }
}
