//! Charts that lie on a sheet (ECMA-376-1:2016 §20.5): the sheet's drawing, its anchors, and the chart part behind
//! each of them, read by the parser that documents share.

use crate::error::Result;
use crate::model::{Location, Note, NoteKind, RawDocument};
use crate::read::chart::parse_chart;
use crate::read::xml::{Ns, Token, Xml};

use super::intake::{Draft, Intake};
use super::parts::Parts;
use super::xlsx::reason;

/// Reads the charts of the drawing that relationship `id` of `sheet_part` leads to.
///
/// # Errors
/// When a limit is passed; a damaged drawing or chart is a note.
pub(super) fn read_drawing(
    parts: &mut Parts,
    sheet_part: &str,
    id: &str,
    draft: &mut Draft,
    intake: &mut Intake,
    document: &mut RawDocument,
) -> Result<()> {
    let links = parts.relationships(sheet_part)?;
    let Some(drawing) = links.iter().find(|l| l.id == id).map(|l| l.target.clone()) else { return Ok(()) };
    let Some(text) = parts.text(&drawing)? else { return Ok(()) };
    let anchored = match anchored_charts(&text, intake) {
        Ok(anchored) => anchored,
        Err(error) => {
            lose(&drawing, &reason(error)?, draft, document);
            return Ok(());
        }
    };
    let charts = parts.relationships(&drawing)?;
    for (row, col, id) in anchored {
        let Some(part) = charts.iter().find(|l| l.id == id && l.kind == "chart").map(|l| l.target.clone()) else {
            lose(&drawing, "a chart on the sheet is of a kind that is not read", draft, document);
            continue;
        };
        let Some(text) = parts.text(&part)? else {
            lose(&part, "the chart's part is missing", draft, document);
            continue;
        };
        match parse_chart(&text, intake.limits, intake.deadline) {
            Ok(mut chart) => {
                chart.location = Location { part: Some(part), ..Location::in_sheet(&draft.sheet.name, row, col) };
                draft.sheet.charts.push(document.charts.len());
                document.charts.push(chart);
            }
            Err(error) => lose(&part, &reason(error)?, draft, document),
        }
    }
    Ok(())
}

/// Row and column of the upper left corner of each chart, from 0, and its relationship; in document order.
fn anchored_charts(text: &str, intake: &Intake) -> Result<Vec<(u32, u32, String)>> {
    let mut xml = Xml::new(text, intake.limits, intake.deadline);
    let (mut row, mut col) = (0, 0);
    let mut in_from = false;
    // Names of the open elements, as far as they matter.
    let mut open: Vec<String> = Vec::new();
    let mut found = Vec::new();
    while let Some(token) = xml.next()? {
        match token {
            Token::Open(element) => {
                let name = element.name().to_owned();
                match name.as_str() {
                    "from" => in_from = true,
                    "absoluteAnchor" => (row, col) = (0, 0),
                    "chart" if element.is(Ns::Chart, "chart") || element.is(Ns::ChartEx, "chart") => {
                        found.extend(element.relationship("id").map(|id| (row, col, id.into_owned())));
                    }
                    _ => {}
                }
                open.push(name);
            }
            Token::Close => in_from &= open.pop().as_deref() != Some("from"),
            Token::Text(text) if in_from => match open.last().map(String::as_str) {
                Some("row") => row = text.trim().parse().unwrap_or(row),
                Some("col") => col = text.trim().parse().unwrap_or(col),
                _ => {}
            },
            Token::Text(_) => {}
        }
    }
    Ok(found)
}

fn lose(part: &str, why: &str, draft: &Draft, document: &mut RawDocument) {
    let place = Location { part: Some(part.to_owned()), sheet: Some(draft.sheet.name.clone()), ..Location::default() };
    document.notes.push(Note::new(NoteKind::SkippedPart, format!("a chart was not read: {why}"), place));
}
