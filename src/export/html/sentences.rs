//! The sentence that a figure of the text stands in. Sections keep their paragraphs without numbers, so a paragraph
//! is known again by what stands at the figure's own characters; where that is not certain, there is no sentence.

use std::collections::BTreeMap;

use super::rows::Place;

/// Sections back from the figure that are looked through.
const NEAR: usize = 4;
/// Characters around a figure that are cited at most, on each side.
const ROOM: usize = 120;

/// The texts of a document's sections with the places of their headings.
#[derive(Debug, Default)]
pub(super) struct Passages(Vec<(Place, String)>);

impl Passages {
    pub(super) fn push(&mut self, heading: &Place, text: &str) {
        if !text.is_empty() {
            self.0.push((heading.clone(), text.to_owned()));
        }
    }

    /// The paragraph around a figure, and where in it the figure stands, in characters.
    fn around(&self, place: &Place, printed: &str) -> Option<(&str, usize)> {
        if printed.is_empty() {
            return None;
        }
        match (place.paragraph, place.start) {
            (Some(paragraph), Some(start)) => self.by_characters(place, paragraph, start as usize, printed),
            _ => self.by_page(place.page?, printed),
        }
    }

    fn by_characters(&self, place: &Place, paragraph: u32, start: usize, printed: &str) -> Option<(&str, usize)> {
        let depth = |heading: &Place| {
            let is_same_part = heading.part == place.part;
            heading
                .paragraph
                .filter(|_| is_same_part)
                .and_then(|p| paragraph.checked_sub(p))
                .map(|depth| depth as usize)
        };
        let near = self.0.iter().rev().filter_map(|(heading, text)| Some((depth(heading)?, text))).take(NEAR);
        // A section's lines are some of its paragraphs in order, so that the wanted line is none after that number.
        let found = near.filter_map(|(depth, text)| {
            let lines: Vec<&str> = text.lines().take(depth).collect();
            lines.into_iter().rev().find(|line| characters(line, start).is_some_and(|rest| rest.starts_with(printed)))
        });
        found.map(|line| (line, start)).next()
    }

    /// A page knows no paragraphs: the figure must stand but once in the sections that begin on or before it.
    fn by_page(&self, page: u32, printed: &str) -> Option<(&str, usize)> {
        let is_near = |heading: &Place| heading.page.is_some_and(|p| p <= page && p + 1 >= page);
        let lines = self.0.iter().filter(|(heading, _)| is_near(heading)).flat_map(|(_, text)| text.lines());
        let mut found = lines.flat_map(|line| line.match_indices(printed).map(move |(at, _)| (line, at)));
        let (line, at) = found.next().filter(|_| found.next().is_none())?;
        Some((line, line.get(..at)?.chars().count()))
    }
}

fn characters(line: &str, from: usize) -> Option<&str> {
    let at = line.char_indices().map(|(at, _)| at).nth(from)?;
    line.get(at..)
}

/// The sentences that figures of a document stand in, each once.
#[derive(Debug, Default)]
pub(super) struct Sentences {
    pub(super) texts: Vec<String>,
    known: BTreeMap<String, usize>,
}

impl Sentences {
    /// The sentence around a figure, by its place in the list, and its first character that is the figure's.
    pub(super) fn cite(&mut self, passages: &Passages, place: &Place, printed: &str) -> Option<[usize; 2]> {
        let (line, at) = passages.around(place, printed)?;
        let length = printed.chars().count();
        let (sentence, from) = sentence(line, at, length);
        let next = self.texts.len();
        let index = *self.known.entry(sentence.clone()).or_insert(next);
        if index == next {
            self.texts.push(sentence);
        }
        Some([index, at - from])
    }
}

/// The sentence of a paragraph that holds the characters from `at`, and where it begins.
fn sentence(line: &str, at: usize, length: usize) -> (String, usize) {
    let letters: Vec<char> = line.chars().collect();
    let ends = |c: &char| matches!(c, '。' | '！' | '？');
    let before = letters.get(..at).unwrap_or_default();
    let start = before.iter().rposition(ends).map_or(0, |end| end + 1).max(at.saturating_sub(ROOM));
    let after = letters.get(at + length..).unwrap_or_default();
    let stop = after.iter().position(ends).map_or(after.len(), |end| end + 1).min(ROOM);
    (letters.get(start..at + length + stop).unwrap_or_default().iter().collect(), start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(paragraph: u32, start: Option<u32>) -> Place {
        Place { part: Some("word/document.xml".into()), paragraph: Some(paragraph), start, ..Place::default() }
    }

    #[test]
    fn a_figure_is_cited_with_its_sentence_and_with_no_other_of_the_same_words() {
        let mut passages = Passages::default();
        passages.push(&place(5, None), "总计12.50万元。\n其中支出12.50万元。增长3.10%。");
        let mut sentences = Sentences::default();
        assert_eq!(sentences.cite(&passages, &place(7, Some(4)), "12.50"), Some([0, 4]));
        assert_eq!(sentences.cite(&passages, &place(7, Some(14)), "3.10"), Some([1, 2]));
        assert_eq!(sentences.texts, ["其中支出12.50万元。", "增长3.10%。"]);
        assert_eq!(sentences.cite(&passages, &place(7, Some(3)), "12.50"), None, "nothing like it stands there");
        assert_eq!(sentences.cite(&passages, &place(4, Some(4)), "12.50"), None, "the section comes later");
    }
}
