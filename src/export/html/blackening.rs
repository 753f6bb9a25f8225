//! Names and telephone numbers of persons, blacked out of everything that a page shows as text.

use super::contents::{Cell, Content};
use crate::export::personal::Redactor;
use crate::forms::Forms;

/// What stands in the place of a name or number.
const BLACK: &str = "***";

/// Blacks out the texts of a page.
pub(super) struct Blackener {
    redactor: Redactor,
    forms: &'static Forms,
}

impl Blackener {
    pub(super) fn new(forms: &'static Forms) -> Self {
        Self { redactor: Redactor::new(forms), forms }
    }

    /// Blacks out a text in its place.
    pub(super) fn text(&self, text: &mut String) {
        if let std::borrow::Cow::Owned(black) = self.redactor.text(text) {
            *text = black;
        }
    }

    /// Blacks out cells in the order of their places, and whole the one behind a label.
    pub(super) fn cells(&self, cells: &mut [Cell]) {
        let mut behind = None;
        for (row, col, _, across, text) in cells {
            let is_label = self.forms.personal.is_label(text);
            if behind == Some((*row, *col)) && !is_label && !text.trim().is_empty() {
                BLACK.clone_into(text);
            } else {
                self.text(text);
            }
            behind = is_label.then(|| (*row, col.saturating_add(*across)));
        }
    }

    /// Blacks out what else a document says.
    pub(super) fn content(&self, content: &mut Content) {
        self.sentences(content);
        let tables = content.tables.iter_mut().flat_map(|t| [&mut t.title, &mut t.captions, &mut t.footnotes]);
        let charts = content.charts.iter_mut().flat_map(|c| [&mut c.title, &mut c.caption]);
        let hints = content.findings.iter_mut().map(|f| &mut f.hint);
        let labels = content.facts.iter_mut().map(|f| &mut f.label);
        tables.chain(charts).chain(hints).chain(labels).flatten().for_each(|text| self.text(text));
        content.findings.iter_mut().for_each(|finding| self.text(&mut finding.message));
        content.notes.iter_mut().for_each(|(_, message, _)| self.text(message));
    }

    /// Sentences become shorter or longer, so that the figures in them are looked for again.
    fn sentences(&self, content: &mut Content) {
        let before = content.sentences.clone();
        content.sentences.iter_mut().for_each(|sentence| self.text(sentence));
        for figure in &mut content.facts {
            let Some([n, _]) = figure.sentence else { continue };
            let (Some(old), Some(new)) = (before.get(n), content.sentences.get(n)) else { continue };
            if old != new {
                let at = new.find(&figure.printed).and_then(|at| new.get(..at));
                figure.sentence = at.map(|text| [n, text.chars().count()]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::contents::Figure;
    use super::*;

    #[test]
    fn a_name_goes_and_the_figure_behind_it_is_still_found() {
        let sentence = "联系人：张三丰，支出12.50万元。";
        let from = sentence.chars().take_while(|c| *c != '1').count();
        let figure = Figure { printed: "12.50".into(), sentence: Some([0, from]), ..Figure::default() };
        let mut content = Content { sentences: vec![sentence.into()], facts: vec![figure], ..Content::default() };
        Blackener::new(Forms::builtin()).content(&mut content);
        let black = &content.sentences[0];
        assert!(!black.contains("张三丰"), "{black}");
        let [_, from] = content.facts[0].sentence.expect("found");
        assert!(black.chars().skip(from).collect::<String>().starts_with("12.50"), "{black}");
    }

    #[test]
    fn the_cell_behind_a_label_is_blacked_out() {
        let cell = |col, text: &str| (0, col, 1, 1, text.to_owned());
        let mut cells = vec![cell(0, "联系人"), cell(1, "张三"), cell(2, "合计"), cell(3, "3.00")];
        Blackener::new(Forms::builtin()).cells(&mut cells);
        let texts: Vec<&str> = cells.iter().map(|cell| cell.4.as_str()).collect();
        assert_eq!(texts, ["联系人", "***", "合计", "3.00"]);
    }
}
