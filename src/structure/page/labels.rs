//! Labels of charts that are drawn on a page: short lines around figures that stand alone.
//!
//! A chart of a PDF is nothing but paths and labels, and its labels are no sentences of the report. Size does
//! not tell them from text, company does: among short lines without any punctuation, figures stand alone.

use super::PageParts;
use super::paragraphs::begins_paragraph;
use crate::model::{PageLine, Points, Printed};

/// Figures that must stand alone among the labels of a chart.
const FIGURES: usize = 2;
/// Labels are shorter than this part of the page.
const SHORT: f64 = 0.5;

/// Tells for each line of each page whether it is a label of a chart.
#[must_use]
pub fn label_lines(pages: &[PageParts]) -> Vec<Vec<bool>> {
    pages.iter().map(|page| label_lines_of_page(&page.lines, page.width)).collect()
}

fn label_lines_of_page(lines: &[PageLine], width: Points) -> Vec<bool> {
    let mut marks = Vec::with_capacity(lines.len());
    let may_be = |line: &PageLine| line.rect.width() < SHORT * width && !is_text(&line.text);
    for group in lines.chunk_by(|a, b| may_be(a) == may_be(b)) {
        let figures = group.iter().filter(|l| is_figure(&l.text)).count();
        let is_chart = figures >= FIGURES && group.first().is_some_and(may_be);
        marks.extend(group.iter().map(|_| is_chart));
    }
    marks
}

/// Whether the text reads like a heading, a caption, or a part of a sentence.
fn is_text(text: &str) -> bool {
    let is_heading = begins_paragraph(text) && !is_figure(text);
    is_heading || text.contains(['。', '，', '；', '：', '、']) || text.ends_with(['）', '表', '图'])
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
        let rect = Rect::new(0.0, 0.0, size * text.chars().count() as f64, size);
        PageLine { page: 1, text: text.into(), edges: Vec::new(), rect, size, bold: false }
    }

    #[test]
    fn figures_that_stand_alone_between_lines_of_text_are_labels_of_a_chart() {
        let lines = vec![
            line("2020年度收、支总计1278.53万元。", 16.0),
            line("1300", 9.0),
            line("1280 1278.53", 9.0),
            line("2019年度", 9.0),
            line("（图1：收、支决算总计变动情况图）", 16.0),
        ];
        let page = PageParts { number: 1, width: 600.0, lines, ..PageParts::default() };
        assert_eq!(label_lines(&[page]), [[false, true, true, true, false]]);
    }

    #[test]
    fn a_lone_figure_is_text() {
        let lines = vec![line("本年收入合计", 16.0), line("1300", 9.0), line("万元，", 9.0)];
        let page = PageParts { number: 1, width: 600.0, lines, ..PageParts::default() };
        assert_eq!(label_lines(&[page]), [[false; 3]]);
    }
}
