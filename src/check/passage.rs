//! Text as the wording checks read it: folded, without the white space that a page layout puts between
//! characters, and cut into sentences. Each sentence knows its section.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use regex::{Captures, Regex};

use super::evidence::Evidence;
use super::message::heading_of;
use super::unread::amounts;
use crate::forms::expression::{Expression, Letters};
use crate::model::{Report, Section, fold_text};

/// The lines of a report's sections, folded once for all checks.
pub(super) struct Passages<'a>(Vec<Line<'a>>);

struct Line<'a> {
    section: &'a Section,
    index: usize,
    text: Cow<'a, str>,
    pieces: Vec<Piece>,
}

/// One sentence of a line.
struct Piece {
    bytes: Range<usize>,
    letters: Letters,
    amounts: OnceCell<Vec<String>>,
}

/// One sentence of a report.
#[derive(Clone, Copy)]
pub(super) struct Sentence<'a> {
    pub section: &'a Section,
    /// Folded text up to its full stop or semicolon, which is kept.
    pub text: &'a str,
    piece: &'a Piece,
}

impl<'a> Passages<'a> {
    pub fn of(report: &'a Report) -> Self {
        let line = |(index, section, text): (usize, &'a Section, &'a str)| {
            let text = fold_text(text);
            Line { section, index, pieces: pieces(&text), text }
        };
        let lines = report.sections.iter().enumerate().flat_map(|(n, s)| s.text.lines().map(move |text| (n, s, text)));
        Self(lines.map(line).collect())
    }
}

fn pieces(line: &str) -> Vec<Piece> {
    let mut start = 0;
    let piece = |text: &str| {
        let bytes = start..start + text.len();
        start = bytes.end;
        Piece { bytes, letters: Letters::of(text), amounts: OnceCell::new() }
    };
    line.split_inclusive(['。', ';']).filter(|text| !text.is_empty()).map(piece).collect()
}

impl<'a> Sentence<'a> {
    /// The first match with its groups; most sentences are ruled out by their letters.
    pub fn captures(&self, pattern: &Expression) -> Option<Captures<'a>> {
        if pattern.may_be_in(&self.piece.letters) { pattern.captures(self.text) } else { None }
    }

    /// The place of the first match.
    pub fn find(&self, pattern: &Expression) -> Option<Range<usize>> {
        if pattern.may_be_in(&self.piece.letters) { pattern.find(self.text).map(|m| m.range()) } else { None }
    }

    /// Whether the pattern is found.
    pub fn is_match(&self, pattern: &Expression) -> bool {
        pattern.may_be_in(&self.piece.letters) && pattern.is_match(self.text)
    }

    /// Its amounts, as literals in reading order.
    pub fn amounts(&self) -> &'a [String] {
        self.piece.amounts.get_or_init(|| amounts(self.text))
    }
}

/// Every line of a report's sections, folded, in document order.
pub(super) fn lines<'e>(evidence: &'e Evidence<'_>) -> impl Iterator<Item = &'e str> {
    evidence.passages.0.iter().map(|line| &*line.text).take_while(|_| !evidence.is_late())
}

/// The amounts of each line, as literals in reading order.
pub(super) fn amounts_of_lines<'e>(evidence: &'e Evidence<'_>) -> impl Iterator<Item = Vec<&'e String>> {
    let of_line = |line: &'e Line<'_>| sentences_of(line).flat_map(|s| s.amounts()).collect();
    evidence.passages.0.iter().map(of_line).take_while(|_| !evidence.is_late())
}

/// Every sentence of a report's sections, in document order; none any more when the deadline has passed.
pub(super) fn sentences<'e>(evidence: &'e Evidence<'_>) -> impl Iterator<Item = Sentence<'e>> {
    sentences_from(evidence, 0)
}

/// Every paragraph of a report's sections, folded, in document order.
pub(super) fn paragraphs<'e>(evidence: &'e Evidence<'_>) -> impl Iterator<Item = (&'e Section, &'e str)> {
    evidence.passages.0.iter().map(|line| (line.section, &*line.text))
}

/// Every section with its heading and its paragraphs as one folded text.
pub(super) fn whole_sections<'e>(evidence: &'e Evidence<'_>) -> impl Iterator<Item = (&'e Section, String)> {
    let mut lines = evidence.passages.0.iter().peekable();
    evidence.report.sections.iter().enumerate().map(move |(index, section)| {
        let mut text = fold_text(&heading_of(section)).into_owned();
        while let Some(line) = lines.next_if(|line| line.index == index) {
            text.push_str(&line.text);
        }
        (section, text)
    })
}

/// The sentences from the first heading that `annex` fits to the end.
pub(super) fn annex_sentences<'e>(evidence: &'e Evidence<'_>, annex: &Regex) -> impl Iterator<Item = Sentence<'e>> {
    let sections = &evidence.report.sections;
    let is_annex = |section: &Section| annex.is_match(&format!("{}{}", section.label, section.title));
    sentences_from(evidence, sections.iter().position(is_annex).unwrap_or(sections.len()))
}

fn sentences_from<'e>(evidence: &'e Evidence<'_>, section: usize) -> impl Iterator<Item = Sentence<'e>> {
    let lines = evidence.passages.0.iter().filter(move |line| line.index >= section);
    lines.take_while(|_| !evidence.is_late()).flat_map(sentences_of)
}

fn sentences_of<'e>(line: &'e Line<'_>) -> impl Iterator<Item = Sentence<'e>> {
    let sentence = |piece: &'e Piece| {
        let text = line.text.get(piece.bytes.clone()).unwrap_or_default();
        Sentence { section: line.section, text, piece }
    };
    line.pieces.iter().map(sentence)
}

/// The first `limit` characters, with an ellipsis when there are more.
pub(super) fn shorten(text: &str, limit: usize) -> String {
    let mut short: String = text.chars().take(limit).collect();
    if text.chars().count() > limit {
        short.push('…');
    }
    short
}
