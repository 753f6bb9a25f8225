//! Lines in the shape in which words are looked up: full-width forms folded, white space at both ends gone,
//! and every folded character tied to the one that it comes from, so that what is found can be cut out of the
//! line as printed.

use crate::model::normalise;

/// A folded line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Folded {
    /// The folded text.
    pub text: String,
    /// For each byte of `text` and its end, the character of the line that it comes from.
    origin: Vec<u32>,
}

impl Folded {
    /// Folds a line.
    pub(super) fn new(line: &str) -> Self {
        let mut text = String::with_capacity(line.len());
        let mut origin = Vec::with_capacity(line.len() + 1);
        let mut next = 0;
        for (at, c) in (0u32..).zip(line.chars()) {
            if text.is_empty() && c.is_whitespace() {
                continue;
            }
            push_folded(&mut text, c);
            origin.resize(text.len(), at);
            next = at + 1;
        }
        let kept = text.trim_end().len();
        let end = origin.get(kept).copied().unwrap_or(next);
        text.truncate(kept);
        origin.truncate(kept);
        origin.push(end);
        Self { text, origin }
    }

    /// The character of the line at which byte `at` of the folded text stands.
    pub(super) fn original(&self, at: usize) -> u32 {
        self.origin.get(at).or(self.origin.last()).copied().unwrap_or(0)
    }
}

/// Folds one character; the common ones, which fold to themselves, take the short way.
fn push_folded(text: &mut String, c: char) {
    let plain = c.is_ascii() || ('\u{4e00}'..='\u{9fff}').contains(&c) || matches!(c, '、' | '。' | '“' | '”');
    if plain {
        text.push(c);
    } else {
        text.push_str(&normalise(c.encode_utf8(&mut [0; 4])));
    }
}

/// The characters `start..end` of a line.
pub(super) fn cut(line: &str, start: u32, end: u32) -> String {
    line.chars().skip(start as usize).take(end.saturating_sub(start) as usize).collect()
}

/// A text without any white space, as spaced words such as `收 入` are compared.
pub(super) fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A title as outline entries and headings are compared: folded, without white space and end mark.
pub(super) fn comparable(title: &str) -> String {
    squeezed(&Folded::new(title).text).trim_end_matches(['。', ':', '.']).to_owned()
}

/// A text with its ends trimmed and every run of white space made one blank.
pub(super) fn tidied(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_folded_line_leads_back_to_the_printed_one() {
        let line = "　（一）收入：";
        let folded = Folded::new(line);
        assert_eq!(folded.text, "(一)收入:");
        let end = folded.text.find('收').expect("there");
        assert_eq!(cut(line, folded.original(0), folded.original(end)), "（一）");
        assert_eq!(folded.original(folded.text.len()), 7);
    }

    #[test]
    fn a_character_that_folds_to_several_keeps_its_place() {
        let folded = Folded::new("㈠表…");
        assert_eq!(folded.text, "(一)表...");
        assert_eq!(folded.original("(一)".len()), 1);
        assert_eq!(folded.original("(一)表.".len()), 2);
    }

    #[test]
    fn a_blank_line_folds_to_nothing() {
        let folded = Folded::new(" \u{3000}\t");
        assert_eq!((folded.text.as_str(), folded.original(0)), ("", 0));
    }
}
