//! Property elements: paragraphs (`w:pPr`), runs (`w:rPr`), table rows (`w:trPr`) and cells (`w:tcPr`), each
//! read whole into a small value. What a tracked change says about the past (`w:pPrChange`) is passed over.

use std::borrow::Cow;

use crate::error::Result;
use crate::read::xml::{Ns, Xml};

/// Grid columns that one cell may span; Word stops at 63 columns a table.
const SPAN: u32 = 4_096;

/// Settings of a paragraph; what is absent comes from its style.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct ParagraphProperties {
    /// `w:pStyle`
    pub(super) style: Option<String>,
    /// `w:outlineLvl`, 9 for body text
    pub(super) outline_level: Option<u8>,
    /// Whether `w:jc` centres it
    pub(super) centred: Option<bool>,
    /// `w:numPr`
    pub(super) number: NumberProperties,
    /// Whether the paragraph mark is a tracked deletion, so that the next paragraph goes on in this one
    pub(super) mark_deleted: bool,
    /// Whether a page starts with it (`w:pageBreakBefore`) or a section ends in it (`w:sectPr`)
    pub(super) breaks_page: bool,
}

/// `w:numPr`: which list, and how deep in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct NumberProperties {
    /// `w:numId`; 0 means no number
    pub(super) id: Option<u32>,
    /// `w:ilvl`, from 0
    pub(super) level: Option<u8>,
}

/// Settings of a run; what is absent comes from its styles.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct RunProperties {
    /// `w:rStyle`
    pub(super) style: Option<String>,
    /// `w:b`
    pub(super) bold: Option<bool>,
    /// `w:sz`, in half points
    pub(super) half_points: Option<u16>,
    /// `w:vanish`
    pub(super) hidden: Option<bool>,
}

/// Settings of a table row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct RowProperties {
    /// `w:gridBefore`: grid columns skipped before the first cell
    pub(super) grid_before: u32,
    /// `w:tblHeader`
    pub(super) header: bool,
    /// Whether the row is a tracked deletion
    pub(super) deleted: bool,
}

/// Settings of a table cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct CellProperties {
    /// `w:gridSpan`
    pub(super) grid_span: Option<u32>,
    /// Whether it goes on with the cell above (`w:vMerge`)
    pub(super) continues_above: bool,
    /// Whether it goes on with the cell before (`w:hMerge`)
    pub(super) continues_before: bool,
    /// Whether the cell is a tracked deletion
    pub(super) deleted: bool,
}

impl ParagraphProperties {
    /// Takes what is absent from `base`; a style id is never inherited.
    pub(super) fn fill_from(&mut self, base: &Self) {
        self.outline_level = self.outline_level.or(base.outline_level);
        self.centred = self.centred.or(base.centred);
        self.number.id = self.number.id.or(base.number.id);
        self.number.level = self.number.level.or(base.number.level);
    }
}

impl RunProperties {
    /// Takes what is absent from `base`; a style id is never inherited.
    pub(super) fn fill_from(&mut self, base: &Self) {
        self.bold = self.bold.or(base.bold);
        self.half_points = self.half_points.or(base.half_points);
        self.hidden = self.hidden.or(base.hidden);
    }
}

impl CellProperties {
    /// Grid columns that the cell covers, at least 1.
    pub(super) fn col_span(&self) -> u32 {
        self.grid_span.unwrap_or(1).clamp(1, SPAN)
    }
}

/// Reads the `w:pPr` that was opened last, up to its end.
///
/// # Errors
/// As [`Xml::next`].
pub(super) fn read_paragraph_properties(xml: &mut Xml) -> Result<ParagraphProperties> {
    let mut read = ParagraphProperties::default();
    xml.below(|element| {
        if element.ns != Ns::Word {
            return true;
        }
        match element.name() {
            "pStyle" => read.style = element.val().map(Cow::into_owned),
            "outlineLvl" => read.outline_level = element.number(),
            "jc" => read.centred = Some(element.val().as_deref() == Some("center")),
            "ilvl" => read.number.level = element.number(),
            "numId" => read.number.id = element.number(),
            "del" | "moveFrom" => read.mark_deleted = true,
            "pageBreakBefore" => read.breaks_page |= element.is_on(),
            "sectPr" => {
                read.breaks_page = true;
                return false;
            }
            "pPrChange" | "rPrChange" => return false,
            _ => {}
        }
        true
    })?;
    Ok(read)
}

/// Reads the `w:rPr` that was opened last, up to its end.
///
/// # Errors
/// As [`Xml::next`].
pub(super) fn read_run_properties(xml: &mut Xml) -> Result<RunProperties> {
    let mut read = RunProperties::default();
    xml.below(|element| {
        if element.ns != Ns::Word {
            return true;
        }
        match element.name() {
            "rStyle" => read.style = element.val().map(Cow::into_owned),
            "b" => read.bold = Some(element.is_on()),
            "sz" => read.half_points = element.number(),
            "vanish" => read.hidden = Some(element.is_on()),
            "rPrChange" => return false,
            _ => {}
        }
        true
    })?;
    Ok(read)
}

/// Reads the `w:trPr` that was opened last, up to its end.
///
/// # Errors
/// As [`Xml::next`].
pub(super) fn read_row_properties(xml: &mut Xml) -> Result<RowProperties> {
    let mut read = RowProperties::default();
    xml.below(|element| {
        match element.name() {
            _ if element.ns != Ns::Word => {}
            "gridBefore" => read.grid_before = element.number().unwrap_or(0).min(SPAN),
            "tblHeader" => read.header = element.is_on(),
            "del" => read.deleted = true,
            "trPrChange" => return false,
            _ => {}
        }
        true
    })?;
    Ok(read)
}

/// Reads the `w:tcPr` that was opened last, up to its end.
///
/// # Errors
/// As [`Xml::next`].
pub(super) fn read_cell_properties(xml: &mut Xml) -> Result<CellProperties> {
    let mut read = CellProperties::default();
    xml.below(|element| {
        match element.name() {
            _ if element.ns != Ns::Word => {}
            "gridSpan" => read.grid_span = element.number(),
            "vMerge" => read.continues_above = element.val().as_deref() != Some("restart"),
            "hMerge" => read.continues_before = element.val().as_deref() != Some("restart"),
            "cellDel" => read.deleted = true,
            "tcPrChange" => return false,
            _ => {}
        }
        true
    })?;
    Ok(read)
}
