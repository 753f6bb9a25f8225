//! What a run draws instead of writing: charts are placed, pictures and embedded objects are noted with what
//! is said about them, formulas (Office Math) are text.

use super::story::{Frame, Step, Story};
use super::tally::Passed;
use crate::model::{Block, NoteKind, RawParagraph};
use crate::read::xml::{Element, Ns};

/// English Metric Units a millimetre (ECMA-376-1:2016 §22.9.2.1).
const EMU_PER_MM: i64 = 36_000;

/// What the file says about the drawing that is open.
#[derive(Debug, Default)]
pub(super) struct Drawing {
    words: String,
    size: Option<(i64, i64)>,
}

impl Drawing {
    fn describe(&self) -> String {
        let size = self.size.map(|(x, y)| format!(", {} × {} mm", x / EMU_PER_MM, y / EMU_PER_MM)).unwrap_or_default();
        if self.words.is_empty() { format!("without description{size}") } else { format!("“{}”{size}", self.words) }
    }
}

impl Story<'_, '_> {
    /// What to do with an element that is not of WordprocessingML.
    pub(super) fn drawing_step(&mut self, element: &Element) -> Step {
        match (element.ns, element.name()) {
            (Ns::Math, "t") => return Step::Enter(Frame::Text),
            // a fraction reads as numerator/denominator: without the stroke 1/2 would be 12
            (Ns::Math, "den") => self.put("/"),
            (Ns::Placement, "anchor" | "inline") => self.drawing = Drawing::default(),
            (Ns::Placement, "extent") => self.drawing.size = size_of(element),
            (Ns::Placement, "docPr") => {
                let words = element.attribute("descr").filter(|d| !d.trim().is_empty());
                self.drawing.words = words.or_else(|| element.attribute("name")).unwrap_or_default().into_owned();
            }
            (Ns::Chart, "chart") => self.place_chart(element),
            (Ns::ChartEx, "chart") => {
                self.lose("a chart of a kind of Office 2016 (chartex) stands here and is not read");
            }
            (Ns::Diagram, "relIds") => self.place_diagram(element),
            (Ns::Picture, "pic") => self.note_picture(),
            (Ns::Vml, "imagedata") => {
                let words = element.office_attribute("title").unwrap_or_default().into_owned();
                self.drawing = Drawing { words, size: None };
                self.note_picture();
            }
            (Ns::Office, "OLEObject") => {
                let program = element.attribute("ProgID").unwrap_or_default();
                self.note(NoteKind::LeftOut, format!("an embedded object ({program}) is left out"));
            }
            _ => {}
        }
        Step::Enter(Frame::Plain)
    }

    /// Places the chart that the run's relationship leads to (§21.2.2.25), not the one that a file number suggests.
    fn place_chart(&mut self, element: &Element) {
        let Some(id) = element.relationship("id").filter(|_| self.deletions == 0) else { return };
        match self.linked.charts.get(&*id) {
            Some(Some(chart)) => {
                let mut chart = chart.clone();
                chart.location = self.place();
                if self.linked.workbooks.contains(&*id) {
                    self.pass(Passed::Workbook);
                }
                let index = self.reading.charts.len();
                self.reading.charts.push(chart);
                if let Some(draft) = self.paragraph() {
                    draft.charts.push(index);
                }
            }
            // its part is in the notes already
            Some(None) => {}
            None => self.lose(format!("the chart of relationship {id} is not in the file")),
        }
    }

    /// Puts the text of a diagram behind the paragraph that it is anchored in, as that of a text box.
    fn place_diagram(&mut self, element: &Element) {
        let Some(id) = element.relationship("dm").filter(|_| self.deletions == 0) else { return };
        let Some(lines) = self.linked.diagrams.get(&*id) else {
            return self.lose(format!("the diagram of relationship {id} is not in the file"));
        };
        let place = self.place();
        self.note(
            NoteKind::LeftOut,
            "a diagram (SmartArt) is read as lines of text; how they are arranged is left out",
        );
        let blocks = lines.iter().map(|line| {
            Block::Paragraph(RawParagraph { text: line.clone(), location: place.clone(), ..RawParagraph::default() })
        });
        if let Some(draft) = self.paragraph() {
            draft.boxes.extend(blocks);
        }
    }

    fn note_picture(&mut self) {
        if self.deletions == 0 {
            self.reading.pictures += 1;
            let message = format!("a picture is left out: {}", self.drawing.describe());
            self.note(NoteKind::LeftOut, message);
        }
    }
}

fn size_of(element: &Element) -> Option<(i64, i64)> {
    let length = |name| element.attribute(name)?.trim().parse().ok();
    Some((length("cx")?, length("cy")?))
}
