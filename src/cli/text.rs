//! Text in columns of a terminal: how wide it is, how it is cut, padded and broken into lines. A Chinese
//! character takes two columns; characters that would move the cursor are taken out first.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Text of a document made harmless: no control characters, no escape sequences, no direction marks; tabs and
/// line ends are spaces unless `keep_lines`.
pub(super) fn plain(text: &str, keep_lines: bool) -> String {
    let one = |c: char| match c {
        '\n' if keep_lines => Some('\n'),
        '\n' | '\r' | '\t' => Some(' '),
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' => None,
        c if c.is_control() => None,
        c => Some(c),
    };
    text.chars().filter_map(one).collect()
}

/// Columns of the terminal, or of the paper that stands for one when output goes elsewhere.
pub(super) fn terminal_columns() -> usize {
    let typed = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
    let real = terminal_size::terminal_size_of(std::io::stdout()).map(|(columns, _)| usize::from(columns.0));
    real.or(typed).unwrap_or(120).clamp(40, 400)
}

/// Lines of the terminal; nothing where output goes elsewhere.
pub(super) fn terminal_rows() -> Option<usize> {
    terminal_size::terminal_size_of(std::io::stdout()).map(|(_, rows)| usize::from(rows.0))
}

/// A line without its colours.
pub(super) fn unpainted(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    parts.for_each(|part| plain.push_str(part.split_once('m').map_or("", |(_, rest)| rest)));
    plain
}

/// Columns that a text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// Columns that a character takes.
pub(super) fn char_width(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// The text, padded with spaces to `columns`, or cut to them with an ellipsis.
pub(super) fn fit(text: &str, columns: usize) -> String {
    let cut = cut(text, columns);
    let missing = columns.saturating_sub(width(&cut));
    cut + &" ".repeat(missing)
}

/// The text, cut to `columns` with an ellipsis where it is longer.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += char_width(c);
        if used > columns {
            break;
        }
        kept.push(c);
    }
    if columns > 0 {
        kept.push('…');
    }
    kept
}

/// Breaks a text into lines of at most `columns`, at line ends, spaces and between Chinese characters; closing
/// punctuation stays with what it closes. A word or number that is wider than a line is broken where it must be.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    text.split('\n').flat_map(|line| wrap_line(line.trim(), columns)).collect()
}

fn wrap_line(line: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut current = String::new();
    for piece in pieces(line) {
        if width(&current) + width(piece.trim_end()) > columns && !current.is_empty() {
            lines.push(std::mem::take(&mut current).trim_end().to_owned());
        }
        for c in piece.chars() {
            if width(&current) + char_width(c) > columns {
                lines.push(std::mem::take(&mut current));
            }
            if !(current.is_empty() && c == ' ') {
                current.push(c);
            }
        }
    }
    lines.push(current.trim_end().to_owned());
    lines
}

/// Cuts a line into what may not be broken: words with the space behind them, single Chinese characters with the
/// punctuation that belongs to them.
fn pieces(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (i, c) in line.char_indices() {
        if before.is_some_and(|b| may_break(b, c)) {
            pieces.extend(line.get(start..i));
            start = i;
        }
        before = Some(c);
    }
    pieces.extend(line.get(start..).filter(|rest| !rest.is_empty()));
    pieces
}

fn may_break(before: char, after: char) -> bool {
    if "，。、；：？！）》”’〉】％%.,;:)".contains(after) || "（《“‘〈【(".contains(before) {
        return false;
    }
    if before == ' ' {
        return after != ' ';
    }
    after != ' ' && (char_width(before) > 1 || char_width(after) > 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn chinese_takes_two_columns() {
        assert_eq!(fit("决算", 6), "决算  ");
        assert_eq!(fit("决算总表", 6), "决算… ");
        assert_eq!(cut("abcdef", 4), "abc…");
    }

    #[test]
    fn numbers_are_kept_whole_and_punctuation_stays_where_it_belongs() {
        assert_eq!(wrap("支出总计4172.06万元。", 12), ["支出总计", "4172.06万", "元。"]);
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("", 8), [""]);
    }

    #[test]
    fn an_escape_sequence_does_not_reach_the_terminal() {
        assert_eq!(plain("a\u{1b}[31mb\tc\n", false), "a[31mb c ");
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_asked(text in "[ a-z0-9决算总表，。（）\n]{0,60}", columns in 2usize..20) {
            for line in wrap(&text, columns) {
                prop_assert!(width(&line) <= columns, "{line:?}");
            }
        }

        #[test]
        fn no_character_is_lost(text in "[a-z0-9决算总表，。（）]{0,60}", columns in 2usize..20) {
            prop_assert_eq!(wrap(&text, columns).concat(), text);
        }
    }
}
