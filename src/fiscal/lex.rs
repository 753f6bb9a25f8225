//! Text as patterns see it: folded to NFKC without white space, each byte with the character that it came from, so
//! that what a pattern finds can be shown and placed as printed.

use crate::model::normalise;

/// A folded text with the way back to the original.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Folded {
    /// The text without white space and with one spelling of each character.
    pub(crate) text: String,
    /// For each byte of `text`, the index of the original character.
    origin: Vec<u32>,
}

/// Folds a text (narrative.md's lexing rules): full-width forms, CJK radicals, justified spacing, soft breaks.
pub(crate) fn fold(original: &str) -> Folded {
    let mut folded = Folded { text: String::with_capacity(original.len()), origin: Vec::with_capacity(original.len()) };
    let mut buffer = [0; 4];
    for (index, c) in (0u32..).zip(original.chars()) {
        if c.is_whitespace() || is_ignorable(c) {
            continue;
        }
        // Most characters stand for themselves; only the others are worth the tables of NFKC.
        if c.is_ascii() || matches!(c, '\u{4E00}'..='\u{9FFF}' | '。' | '、' | '“' | '”' | '《' | '》') {
            folded.push(c, index);
            continue;
        }
        for plain in normalise(c.encode_utf8(&mut buffer)).chars().filter(|c| !c.is_whitespace()) {
            folded.push(plain, index);
        }
    }
    folded
}

/// The folded text alone.
pub(crate) fn fold_text(original: &str) -> String {
    fold(original).text
}

/// Zero-width characters, which justify lines or mark byte order.
fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{00AD}')
}

impl Folded {
    fn push(&mut self, c: char, index: u32) {
        self.text.push(c);
        self.origin.resize(self.text.len(), index);
    }

    /// The characters `start..end` of the original that bytes `from..to` of the folded text came from.
    pub(crate) fn original(&self, from: usize, to: usize) -> (u32, u32) {
        let start = self.origin.get(from).copied().unwrap_or(0);
        let last = to.checked_sub(1).and_then(|i| self.origin.get(i)).copied();
        (start, last.map_or(start, |i| i + 1))
    }
}

/// Characters `start..end` of a text.
pub(crate) fn characters(text: &str, start: u32, end: u32) -> String {
    text.chars().skip(start as usize).take(end.saturating_sub(start) as usize).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_between_letters_vanish_and_places_stay() {
        let folded = fold("合 计１２．５ 万 元");
        assert_eq!(folded.text, "合计12.5万元");
        let at = folded.text.find("12.5").expect("the number");
        assert_eq!(folded.original(at, at + 4), (3, 7));
        assert_eq!(characters("合 计１２．５ 万 元", 3, 7), "１２．５");
    }

    #[test]
    fn one_character_may_become_two() {
        let folded = fold("㈠x");
        assert_eq!(folded.text, "(一)x");
        assert_eq!(folded.original(folded.text.len() - 1, folded.text.len()), (1, 2));
    }
}
