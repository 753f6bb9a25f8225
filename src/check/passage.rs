//! Text as the wording checks read it: folded, without the white space that a page layout puts between
//! characters, and cut into sentences. Each sentence knows its section.

use crate::model::{Report, Section, normalise};

/// One sentence of a report.
pub(super) struct Sentence<'a> {
    pub section: &'a Section,
    /// Folded text up to its full stop or semicolon, which is kept.
    pub text: String,
}

/// Every sentence of a report's sections, in document order.
pub(super) fn sentences(report: &Report) -> impl Iterator<Item = Sentence<'_>> {
    report.sections.iter().flat_map(|section| {
        let paragraphs: Vec<String> = section.text.lines().map(fold).collect();
        paragraphs.into_iter().flat_map(move |paragraph| {
            let cut: Vec<Sentence<'_>> = paragraph
                .split_inclusive(['。', ';'])
                .filter(|text| !text.is_empty())
                .map(|text| Sentence { section, text: text.to_owned() })
                .collect();
            cut
        })
    })
}

/// Folds full-width forms and removes white space, so that `收 入 合 计 ２５万元` reads `收入合计25万元`.
pub(super) fn fold(text: &str) -> String {
    normalise(text).chars().filter(|c| !c.is_whitespace()).collect()
}

/// The first `limit` characters, with an ellipsis when there are more.
pub(super) fn shorten(text: &str, limit: usize) -> String {
    let mut short: String = text.chars().take(limit).collect();
    if text.chars().count() > limit {
        short.push('…');
    }
    short
}
