//! OpenDocument spreadsheets (ODF 1.3 part 3 §9), walked by hand so that repeated cells stay sparse.
//!
//! The file holds what a person sees of each cell as text beside its value, so no number format is needed;
//! spans stand on the cells.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;
use crate::model::{RawDocument, SheetCell};

use super::cell;
use super::intake::{Draft, Intake};
use super::number_format::{plain, shortest};
use super::parts::{Parts, attribute, content_of};

/// Reads every table of the spreadsheet into `document`.
///
/// # Errors
/// When the package is no spreadsheet, encrypted, or passes a limit; damaged XML is a note on the last sheet.
pub(super) fn read(bytes: &[u8], intake: &mut Intake, document: &mut RawDocument) -> Result<()> {
    let mut parts = Parts::open(bytes, "ODS", intake.limits)?;
    if parts.text("META-INF/manifest.xml")?.is_some_and(|m| m.contains("encryption-data")) {
        return Err(ErrorKind::Encrypted { format: "ODS" }.into());
    }
    let meta = parts.text("meta.xml")?.unwrap_or_default();
    document.producer = content_of(&meta, "generator");
    document.modified = content_of(&meta, "date");
    let xml = parts.text("content.xml")?.ok_or_else(|| Error::damaged("ODS", "content.xml is missing or cut off"))?;
    let mut walk = Walk::default();
    let mut reader = Reader::from_str(&xml);
    let mut depth = 0u64;
    loop {
        intake.tick()?;
        match reader.read_event() {
            Ok(Event::Start(element)) => {
                depth += 1;
                Limits::check("the depth of the XML", "xml_depth", depth, intake.limits.xml_depth)?;
                walk.open(&element);
            }
            Ok(Event::Empty(element)) => {
                walk.open(&element);
                walk.close(element.local_name().as_ref(), intake, document)?;
            }
            Ok(Event::End(element)) => {
                depth = depth.saturating_sub(1);
                walk.close(element.local_name().as_ref(), intake, document)?;
            }
            Ok(Event::Text(text)) => walk.text(&text.xml10_content()),
            Ok(Event::CData(text)) => walk.text(&text),
            Ok(Event::GeneralRef(entity)) => walk.text(&resolve(&entity)),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                walk.cut(&error.to_string());
                break;
            }
        }
    }
    walk.finish(document);
    Ok(())
}

fn resolve(entity: &str) -> String {
    quick_xml::escape::unescape(&format!("&{entity};")).map_or_else(|_| String::new(), std::borrow::Cow::into_owned)
}

/// Where the walk stands.
#[derive(Debug, Default)]
struct Walk {
    style: String,
    hidden_styles: Vec<String>,
    draft: Option<Draft>,
    row: u32,
    row_repeat: u32,
    row_start: usize,
    merge_start: usize,
    col: u32,
    cell: Option<OpenCell>,
    /// Elements open inside an annotation or a table within a cell, whose text is not the cell's.
    aside: u32,
}

#[derive(Debug, Default)]
struct OpenCell {
    repeat: u32,
    rows: u32,
    cols: u32,
    kind: String,
    value: String,
    formula: bool,
    text: String,
    paragraphs: u32,
}

const ASIDE: [&str; 3] = ["annotation", "tracked-changes", "shapes"];

impl Walk {
    fn open(&mut self, element: &BytesStart) {
        let local = element.local_name();
        let get = |name: &str| attribute(element, name);
        match local.as_ref() {
            name if ASIDE.contains(&name) || self.aside > 0 => self.aside += 1,
            "style" => self.style = get("name").unwrap_or_default(),
            "table-properties" if get("display").as_deref() == Some("false") => {
                self.hidden_styles.push(self.style.clone());
            }
            "table" if self.draft.is_none() => {
                let hidden = get("style-name").is_some_and(|s| self.hidden_styles.contains(&s));
                self.draft = Some(Draft::new(&get("name").unwrap_or_default(), hidden));
                self.row = 0;
            }
            "table-row" => self.open_row(get("visibility").as_deref(), get("number-rows-repeated")),
            "table-cell" | "covered-table-cell" => self.cell = Some(OpenCell::new(element)),
            name => {
                if let Some(cell) = &mut self.cell {
                    cell.open(name, get("c"));
                }
            }
        }
    }

    fn open_row(&mut self, visibility: Option<&str>, repeat: Option<String>) {
        let Some(draft) = &mut self.draft else { return };
        self.row_repeat = number(repeat);
        if matches!(visibility, Some("collapse" | "filter")) {
            draft.hide_rows(self.row, self.row.saturating_add(self.row_repeat - 1));
        }
        self.row_start = draft.sheet.cells.len();
        self.merge_start = draft.sheet.merges.len();
        self.col = 0;
    }

    fn text(&mut self, text: &str) {
        if let Some(cell) = self.cell.as_mut().filter(|c| self.aside == 0 && c.paragraphs > 0) {
            cell.text.push_str(text);
        }
    }

    fn close(&mut self, name: &str, intake: &mut Intake, document: &mut RawDocument) -> Result<()> {
        if self.aside > 0 {
            self.aside -= 1;
            return Ok(());
        }
        match name {
            "table-cell" | "covered-table-cell" => self.close_cell(intake),
            "table-row" => self.close_row(intake),
            "table" => {
                self.finish(document);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn close_cell(&mut self, intake: &mut Intake) -> Result<()> {
        let (Some(cell), Some(draft)) = (self.cell.take(), &mut self.draft) else { return Ok(()) };
        let first = self.col;
        self.col = self.col.saturating_add(cell.repeat);
        let missing = cell.formula && cell.value.is_empty() && cell.text.is_empty() && cell.kind != "string";
        if missing {
            draft.miss(self.row, first);
        }
        if cell.is_empty() && cell.rows == 1 && cell.cols == 1 {
            return Ok(());
        }
        for col in first..self.col {
            if !cell.is_empty() {
                intake.keep(draft, cell.to_cell(self.row, col))?;
            }
            let last = (self.row.saturating_add(cell.rows - 1), col.saturating_add(cell.cols - 1));
            intake.merge(draft, (self.row, col), last)?;
        }
        Ok(())
    }

    /// A repeated row that holds anything is written out; an empty one only moves on.
    fn close_row(&mut self, intake: &mut Intake) -> Result<()> {
        let Some(draft) = &mut self.draft else { return Ok(()) };
        let cells: Vec<SheetCell> = draft.sheet.cells.get(self.row_start..).unwrap_or_default().to_vec();
        let merges: Vec<[u32; 4]> = draft.sheet.merges.get(self.merge_start..).unwrap_or_default().to_vec();
        if !cells.is_empty() || !merges.is_empty() {
            for down in 1..self.row_repeat {
                for cell in &cells {
                    let mut copy = cell.clone();
                    copy.row = cell.row.saturating_add(down);
                    intake.keep(draft, copy)?;
                }
                for &[top, left, bottom, right] in &merges {
                    let (from, to) = ((top.saturating_add(down), left), (bottom.saturating_add(down), right));
                    intake.merge(draft, from, to)?;
                }
            }
        }
        self.row = self.row.saturating_add(self.row_repeat);
        Ok(())
    }

    fn cut(&mut self, reason: &str) {
        self.draft.get_or_insert_with(|| Draft::new("", false)).cut = Some(reason.to_owned());
    }

    fn finish(&mut self, document: &mut RawDocument) {
        if let Some(draft) = self.draft.take() {
            draft.finish(document);
        }
    }
}

impl OpenCell {
    fn new(element: &BytesStart) -> Self {
        let get = |name: &str| attribute(element, name);
        let value = ["value", "date-value", "time-value", "boolean-value", "string-value"].into_iter().find_map(get);
        Self {
            repeat: number(get("number-columns-repeated")),
            rows: number(get("number-rows-spanned")),
            cols: number(get("number-columns-spanned")),
            kind: get("value-type").unwrap_or_default(),
            value: value.unwrap_or_default(),
            formula: get("formula").is_some(),
            text: String::new(),
            paragraphs: 0,
        }
    }

    /// Takes an element inside the cell: a paragraph, spaces, a tab or a line break.
    fn open(&mut self, name: &str, count: Option<String>) {
        match name {
            "p" | "h" => {
                if self.paragraphs > 0 {
                    self.text.push('\n');
                }
                self.paragraphs += 1;
            }
            "s" => self.text.extend(std::iter::repeat_n(' ', number(count).min(1_000) as usize)),
            "tab" => self.text.push('\t'),
            "line-break" => self.text.push('\n'),
            _ => {}
        }
    }

    fn is_empty(&self) -> bool {
        self.text.trim().is_empty() && self.value.is_empty()
    }

    fn to_cell(&self, row: u32, col: u32) -> SheetCell {
        let shown = |text: String| if self.text.is_empty() { text } else { self.text.clone() };
        if self.kind == "error" || is_error(&self.text) {
            return cell::error(row, col, &self.text);
        }
        match self.kind.as_str() {
            "float" | "currency" | "percentage" => match self.value.parse().ok().and_then(shortest) {
                Some(number) => cell::number_shown(row, col, number, &shown(plain(number))),
                None => cell::text(row, col, &shown(self.value.clone())),
            },
            "date" | "time" => cell::date_time(row, col, &self.value, &shown(self.value.clone())),
            "boolean" => cell::boolean(row, col, self.value == "true"),
            _ => cell::text(row, col, &shown(self.value.clone())),
        }
    }
}

fn is_error(text: &str) -> bool {
    text.starts_with("Err:") || matches!(text, "#DIV/0!" | "#VALUE!" | "#REF!" | "#NAME?" | "#NUM!" | "#N/A" | "#NULL!")
}

/// A count of repeats or spans: at least one, at most the rows of a sheet.
fn number(text: Option<String>) -> u32 {
    text.and_then(|t| t.parse().ok()).unwrap_or(1u32).clamp(1, 1 << 20)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::limits::Deadline;
    use crate::model::{Format, NoteKind};

    fn read_body(body: &str, limits: &Limits) -> Result<RawDocument> {
        let xml = format!("<office:document-content><office:body>{body}</office:body></office:document-content>");
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        zip.start_file("content.xml", zip::write::SimpleFileOptions::default()).expect("a part");
        zip.write_all(xml.as_bytes()).expect("written");
        let bytes = zip.finish().expect("a package").into_inner();
        let deadline = Deadline::start(limits);
        let mut document = RawDocument::new(Format::Ods);
        read(&bytes, &mut Intake::new(limits, &deadline), &mut document)?;
        Ok(document)
    }

    #[test]
    fn values_are_shown_as_the_file_shows_them_and_spans_are_merges() {
        let body = r#"<table:table table:name="表一"><table:table-row>
            <table:table-cell table:number-columns-spanned="2" office:value-type="string"><text:p>收入&amp;支出</text:p></table:table-cell>
            <table:covered-table-cell/></table:table-row><table:table-row table:number-rows-repeated="3"/>
            <table:table-row><table:table-cell table:number-columns-repeated="2"/>
            <table:table-cell office:value-type="percentage" office:value="0.256"><text:p>25.60%</text:p></table:table-cell>
            <table:table-cell table:formula="of:=1/0"/></table:table-row></table:table>"#;
        let document = read_body(body, &Limits::default()).expect("readable");
        let sheet = &document.sheets[0];
        assert_eq!(sheet.merges, [[0, 0, 0, 1]]);
        let places: Vec<_> = sheet.cells.iter().map(|c| (c.row, c.col, c.text().into_owned())).collect();
        assert_eq!(places, [(0, 0, "收入&支出".to_owned()), (4, 2, "25.60%".to_owned())]);
        assert_eq!(document.notes.first().map(|n| n.kind), Some(NoteKind::MissingValue));
    }

    #[test]
    fn repeats_are_counted_before_they_are_written_out() {
        let body = r#"<table:table table:name="a"><table:table-row table:number-rows-repeated="1048576">
            <table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>
            </table:table-row></table:table>"#;
        let error = read_body(body, &Limits { cells: 20_000, ..Limits::default() }).expect_err("too many cells");
        assert!(matches!(error.kind(), ErrorKind::Limit { name: "cells", .. }), "{error}");
    }
}
