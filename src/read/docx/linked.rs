//! What the relationships of a part lead to that its text draws: charts, the words of diagrams, and the names of
//! files that stand within the document. Read before the text, because the text only points to it.

use std::collections::{BTreeMap, BTreeSet};

use super::Reading;
use crate::error::Result;
use crate::limits::{Deadline, Limits};
use crate::model::Chart;
use crate::read::chart::parse_chart;
use crate::read::package::{Package, Relationship};
use crate::read::xml::{Ns, Token, Xml};

/// What one part draws, by relationship id.
#[derive(Debug, Default)]
pub(super) struct Linked {
    /// Charts; `None` for one that cannot be read, which a note says already.
    pub(super) charts: BTreeMap<String, Option<Chart>>,
    /// The charts that have a workbook behind them.
    pub(super) workbooks: BTreeSet<String>,
    /// The words of diagrams (SmartArt) by paragraphs.
    pub(super) diagrams: BTreeMap<String, Vec<String>>,
    /// Names of the parts that are whole files (`altChunk`).
    pub(super) parts: BTreeMap<String, String>,
}

impl Reading<'_> {
    /// Reads what a part's relationships lead to.
    ///
    /// # Errors
    /// When a limit is passed; a damaged part is a note.
    pub(super) fn read_linked(&mut self, package: &mut Package, links: &[Relationship]) -> Result<Linked> {
        let mut linked = Linked::default();
        for link in links {
            match link.kind.as_str() {
                "chart" => self.read_chart(package, link, &mut linked)?,
                "diagramData" => {
                    let lines = self.tolerate(&link.target, |reading| {
                        read_diagram(&package.text(&link.target)?, reading.limits, reading.deadline)
                    })?;
                    linked.diagrams.insert(link.id.clone(), lines);
                }
                "aFChunk" => drop(linked.parts.insert(link.id.clone(), link.target.clone())),
                _ => {}
            }
        }
        Ok(linked)
    }

    fn read_chart(&mut self, package: &mut Package, link: &Relationship, linked: &mut Linked) -> Result<()> {
        let chart = self.tolerate(&link.target, |reading| {
            parse_chart(&package.text(&link.target)?, reading.limits, reading.deadline).map(Some)
        })?;
        // a damaged list of relationships costs a chart no value
        let behind = package.relationships(&link.target).unwrap_or_default();
        if behind.iter().any(|link| matches!(link.kind.as_str(), "package" | "oleObject")) {
            linked.workbooks.insert(link.id.clone());
        }
        linked.charts.insert(link.id.clone(), chart);
        Ok(())
    }
}

/// The paragraphs of a diagram's data model (ECMA-376-1:2016 §21.4.3.5) that hold text, in the order of its points.
fn read_diagram(text: &str, limits: &Limits, deadline: &Deadline) -> Result<Vec<String>> {
    let mut xml = Xml::new(text, limits, deadline);
    let mut lines: Vec<String> = Vec::new();
    let mut in_text = false;
    while let Some(token) = xml.next()? {
        match token {
            Token::Open(element) => {
                if element.is(Ns::Drawing, "p") {
                    lines.push(String::new());
                }
                in_text = element.is(Ns::Drawing, "t");
            }
            Token::Close => in_text = false,
            Token::Text(piece) => {
                if let Some(line) = lines.last_mut().filter(|_| in_text) {
                    line.push_str(&piece);
                }
            }
        }
    }
    lines.retain(|line| !line.trim().is_empty());
    Ok(lines)
}
