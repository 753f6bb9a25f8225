//! Labels of charts that are drawn on a page: small print around figures that stand alone.
//!
//! A chart of a PDF is nothing but paths and labels, and its labels are no sentences of the report. They are
//! told by their size, which is smaller than that of the text, and by figures among them that stand alone.

use std::collections::BTreeMap;

use super::PageParts;
use crate::model::{PageLine, Points, Printed};

/// Labels are smaller than this part of the size of the text.
const SMALL: f64 = 0.8;

/// Tells for each line of each page whether it is a label of a chart.
#[must_use]
pub fn label_lines(pages: &[PageParts]) -> Vec<Vec<bool>> {
    let size = text_size(pages);
    pages.iter().map(|page| label_lines_of_page(&page.lines, size)).collect()
}

/// The size that most characters outside of tables have.
fn text_size(pages: &[PageParts]) -> Points {
    let mut characters: BTreeMap<i64, usize> = BTreeMap::new();
    for line in pages.iter().flat_map(|page| &page.lines) {
        *characters.entry(tenths(line.size)).or_default() += line.text.chars().count();
    }
    let commonest = characters.iter().max_by_key(|(_, count)| **count);
    commonest.map_or(0.0, |(tenths, _)| *tenths as f64 / 10.0)
}

#[allow(clippy::cast_possible_truncation)] // a font size in tenths of a point; `as` saturates
fn tenths(size: Points) -> i64 {
    (size * 10.0).round() as i64
}

fn label_lines_of_page(lines: &[PageLine], size: Points) -> Vec<bool> {
    let mut marks = Vec::with_capacity(lines.len());
    for group in lines.chunk_by(|a, b| (a.size < SMALL * size) == (b.size < SMALL * size)) {
        let is_small = group.first().is_some_and(|l| l.size < SMALL * size);
        let figures = group.iter().filter(|l| is_figure(&l.text)).count();
        let is_prose = |l: &PageLine| l.text.ends_with(['。', '；']);
        let is_chart = is_small && figures >= 2 && !group.iter().any(is_prose);
        marks.extend(group.iter().map(|_| is_chart));
    }
    marks
}

/// Whether the text is figures and nothing else, such as `1,260` or `1278.53 1163.4`.
fn is_figure(text: &str) -> bool {
    text.split_whitespace().all(|word| matches!(Printed::parse(word), Printed::Number(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Rect;

    fn line(text: &str, size: f64) -> PageLine {
        PageLine { page: 1, text: text.into(), edges: Vec::new(), rect: Rect::default(), size, bold: false }
    }

    #[test]
    fn small_figures_between_lines_of_text_are_labels_of_a_chart() {
        let lines = vec![
            line("2020年度收、支总计1278.53万元。", 16.0),
            line("1300", 9.0),
            line("1280 1278.53", 9.0),
            line("2019年度", 9.0),
            line("（图1：收、支决算总计变动情况图）", 16.0),
        ];
        let page = PageParts { number: 1, lines, ..PageParts::default() };
        assert_eq!(label_lines(&[page]), [[false, true, true, true, false]]);
    }

    #[test]
    fn a_small_note_is_text() {
        let lines = vec![line("本年收入合计一千二百万元", 16.0), line("注：本表反映收支情况。", 9.0)];
        let page = PageParts { number: 1, lines, ..PageParts::default() };
        assert_eq!(label_lines(&[page]), [[false, false]]);
    }
}
