//! What `structure` hands to `fiscal`: text in reading order, tables on their grids, sections.

use super::{Bookmark, Chart, Location, Note, Points, Rect, Section, Table};

/// A document in reading order, whatever its format was.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Content {
    /// Paragraphs outside tables, in reading order, headings included.
    pub paragraphs: Vec<Paragraph>,
    /// Sections in document order, parents before children.
    pub sections: Vec<Section>,
    /// Logical tables in reading order.
    pub tables: Vec<Table>,
    /// Charts in reading order.
    pub charts: Vec<Chart>,
    /// Bookmarks and outline entries.
    pub bookmarks: Vec<Bookmark>,
    /// Pages that show images but hold no text, from 1.
    pub image_pages: Vec<u32>,
    /// What was lost or doubtful.
    pub notes: Vec<Note>,
}

/// What kind of text a paragraph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// The text of the report.
    #[default]
    Body,
    /// A heading of a section.
    Heading,
    /// Text of the cover, before the first heading.
    Cover,
    /// A line of a table of contents.
    Toc,
    /// A caption of a table or chart.
    Caption,
    /// A footnote or endnote.
    Footnote,
    /// A running header or footer, a page number.
    Running,
}

/// A paragraph with the places of its characters.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Paragraph {
    /// Its text, an automatic number not included.
    pub text: String,
    /// Its number, printed or computed, such as `（二）`.
    pub label: Option<String>,
    /// What it is.
    pub role: Role,
    /// Index into [`Content::sections`] of the section that it belongs to or, for a heading, opens.
    pub section: Option<usize>,
    /// Where its characters stand, by first character; never empty for text of a file.
    pub anchors: Vec<Anchor>,
}

/// A run of characters that stand in one place: a whole paragraph of a DOCX, one line of a PDF.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Anchor {
    /// First character of the run within the paragraph's text.
    pub start: u32,
    /// The place of the whole run.
    pub location: Location,
    /// Left and right edge of each character, where the format knows them.
    pub edges: Vec<[Points; 2]>,
}

impl Paragraph {
    /// The place of characters `start..end` of the text: a rectangle on the page where characters have
    /// edges, else the paragraph with `start` and `end`.
    ///
    /// A run that is broken over lines is placed at its first line.
    #[must_use]
    pub fn locate(&self, start: u32, end: u32) -> Location {
        let after = self.anchors.partition_point(|a| a.start <= start);
        let Some(anchor) = self.anchors.get(after.saturating_sub(1)) else { return Location::default() };
        let mut place = anchor.location.clone();
        let Some(bbox) = place.bbox else {
            place.start = Some(start);
            place.end = Some(end);
            return place;
        };
        let first = (start - anchor.start.min(start)) as usize;
        let last = (end.saturating_sub(anchor.start) as usize).min(anchor.edges.len());
        if let Some(run) = anchor.edges.get(first..last).filter(|r| !r.is_empty()) {
            let x0 = run.iter().map(|e| e[0]).fold(f64::INFINITY, f64::min);
            let x1 = run.iter().map(|e| e[1]).fold(f64::NEG_INFINITY, f64::max);
            place.bbox = Some(Rect::new(x0, bbox.y0, x1, bbox.y1));
        }
        place
    }

    /// The place of the whole paragraph.
    #[must_use]
    pub fn location(&self) -> Location {
        self.anchors.first().map(|a| a.location.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_of_a_page_line_have_their_own_rectangle() {
        let line = |start, y: f64, n: u32| Anchor {
            start,
            location: Location::on_page(2, Rect::new(0.0, y, 10.0 * f64::from(n), y + 10.0)),
            edges: (0..n).map(|i| [10.0 * f64::from(i), 10.0 * f64::from(i + 1)]).collect(),
        };
        let paragraph = Paragraph {
            text: "abcdef".into(),
            anchors: vec![line(0, 0.0, 4), line(4, 12.0, 2)],
            ..Paragraph::default()
        };
        assert_eq!(paragraph.locate(1, 3).bbox, Some(Rect::new(10.0, 0.0, 30.0, 10.0)));
        assert_eq!(paragraph.locate(5, 6).bbox, Some(Rect::new(10.0, 12.0, 20.0, 22.0)));
    }

    #[test]
    fn characters_of_a_part_are_placed_by_offset() {
        let anchor = Anchor { location: Location::in_part("word/document.xml", 4), ..Anchor::default() };
        let paragraph = Paragraph { text: "abcdef".into(), anchors: vec![anchor], ..Paragraph::default() };
        let place = paragraph.locate(2, 5);
        assert_eq!((place.paragraph, place.start, place.end), (Some(4), Some(2), Some(5)));
    }
}
