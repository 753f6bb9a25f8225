//! Tags become paragraphs and tables. Text outside tables is cut at block elements and line breaks; white space runs
//! together as a browser shows it, and a line break between two Chinese characters is nothing (CSS Text 3 §4.1.3).

use super::PART;
use super::markup::{Token, attribute, resolve};
use super::table::Table;
use crate::error::Result;
use crate::limits::Limits;
use crate::model::{Block, Location, ParagraphStyle, RawParagraph};

/// Elements that a paragraph cannot run over.
const BLOCKS: [&str; 26] = [
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "section",
    "article",
    "header",
    "footer",
    "nav",
    "main",
    "form",
    "fieldset",
    "blockquote",
    "pre",
    "hr",
    "center",
];

/// A document under construction.
#[derive(Debug)]
pub(super) struct Body<'l> {
    limits: &'l Limits,
    blocks: Vec<Block>,
    /// Open tables, the innermost last.
    tables: Vec<Table>,
    line: Line,
    /// Paragraphs so far, those of cells included.
    paragraphs: u32,
    cells: u64,
    /// Level of the open heading, from 0.
    heading: Option<u8>,
    bold: u32,
    is_centred: bool,
}

/// The open paragraph.
#[derive(Debug, Default)]
struct Line {
    text: String,
    /// White space that has come since the last character, and whether a line end was in it.
    space: Option<bool>,
    /// Whether a character is not bold.
    has_plain: bool,
}

impl<'l> Body<'l> {
    pub(super) fn new(limits: &'l Limits) -> Self {
        let (blocks, tables, line) = (Vec::new(), Vec::new(), Line::default());
        Self { limits, blocks, tables, line, paragraphs: 0, cells: 0, heading: None, bold: 0, is_centred: false }
    }

    /// Takes the next token.
    ///
    /// # Errors
    /// When there are more paragraphs, cells or nested tables than allowed.
    pub(super) fn take(&mut self, token: Token) -> Result<()> {
        match token {
            Token::Text(text) => {
                self.line.push(&resolve(text), self.bold > 0);
                Ok(())
            }
            Token::Start(name, attributes) => self.start(&name, attributes),
            Token::End(name) => self.end(&name),
        }
    }

    /// The blocks, everything still open closed.
    ///
    /// # Errors
    /// As [`Body::take`].
    pub(super) fn finish(mut self) -> Result<Vec<Block>> {
        self.end_paragraph()?;
        while !self.tables.is_empty() {
            self.end_table();
        }
        Ok(self.blocks)
    }

    fn start(&mut self, name: &str, attributes: &str) -> Result<()> {
        match name {
            "br" if self.in_cell() => self.line.end_line(),
            "br" => self.end_paragraph()?,
            "b" | "strong" => self.bold += 1,
            "table" => self.start_table()?,
            "td" | "th" => self.start_cell(attributes)?,
            "tr" | "thead" | "tbody" | "tfoot" | "caption" => self.start_part(name)?,
            name if BLOCKS.contains(&name) => {
                self.end_paragraph()?;
                self.heading = heading_level(name);
                self.is_centred = name == "center" || is_centred(attributes);
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<()> {
        match name {
            "b" | "strong" => self.bold = self.bold.saturating_sub(1),
            "table" => {
                self.end_paragraph()?;
                self.end_table();
            }
            "td" | "th" | "tr" | "thead" => self.end_part(name)?,
            name if BLOCKS.contains(&name) || name == "caption" => {
                self.end_paragraph()?;
                (self.heading, self.is_centred) = (None, false);
            }
            _ => {}
        }
        Ok(())
    }

    fn in_cell(&mut self) -> bool {
        self.tables.last_mut().is_some_and(|table| table.open_cell().is_some())
    }

    fn start_table(&mut self) -> Result<()> {
        self.end_paragraph()?;
        let depth = self.tables.len() as u64 + 1;
        Limits::check("the number of tables inside each other", "table_depth", depth, self.limits.table_depth)?;
        self.tables.push(Table::new(Location::in_part(PART, self.paragraphs.saturating_add(1))));
        (self.heading, self.is_centred) = (None, false);
        Ok(())
    }

    fn start_cell(&mut self, attributes: &str) -> Result<()> {
        self.end_paragraph()?;
        let span = |name| attribute(attributes, name).and_then(|value| value.trim().parse().ok()).unwrap_or(1);
        if let Some(table) = self.tables.last_mut() {
            table.start_cell(span("colspan"), span("rowspan"));
        }
        (self.heading, self.is_centred) = (None, false);
        self.count_cells()
    }

    /// Refuses more cells than allowed, those that row spans add counted.
    fn count_cells(&mut self) -> Result<()> {
        self.cells += self.tables.last_mut().map_or(0, Table::take_count);
        Limits::check("the number of table cells", "cells", self.cells, self.limits.cells)
    }

    fn start_part(&mut self, name: &str) -> Result<()> {
        self.end_paragraph()?;
        if let Some(table) = self.tables.last_mut() {
            match name {
                "tr" => table.start_row(),
                "caption" => table.end_row(),
                name => table.set_head(name == "thead"),
            }
        }
        self.count_cells()
    }

    fn end_part(&mut self, name: &str) -> Result<()> {
        self.end_paragraph()?;
        if let Some(table) = self.tables.last_mut() {
            match name {
                "td" | "th" => table.end_cell(),
                "tr" => table.end_row(),
                _ => table.set_head(false),
            }
        }
        self.count_cells()
    }

    fn end_table(&mut self) {
        if let Some(table) = self.tables.pop().and_then(Table::finish) {
            self.push(Block::Table(table));
        }
    }

    fn end_paragraph(&mut self) -> Result<()> {
        let line = std::mem::take(&mut self.line);
        if line.text.is_empty() {
            return Ok(());
        }
        self.paragraphs = self.paragraphs.saturating_add(1);
        let count = u64::from(self.paragraphs);
        Limits::check("the number of paragraphs", "paragraphs", count, self.limits.paragraphs.max(self.limits.cells))?;
        let style = ParagraphStyle {
            outline_level: self.heading,
            bold: !line.has_plain,
            centred: self.is_centred,
            ..ParagraphStyle::default()
        };
        let location = Location::in_part(PART, self.paragraphs);
        self.push(Block::Paragraph(RawParagraph { text: line.text, style, location, ..RawParagraph::default() }));
        Ok(())
    }

    /// Puts a block into the innermost open cell, or below all tables when text stands between cells.
    fn push(&mut self, block: Block) {
        match self.tables.iter_mut().rev().find_map(Table::open_cell) {
            Some(cell) => cell.push(block),
            None => self.blocks.push(block),
        }
    }
}

impl Line {
    fn push(&mut self, text: &str, is_bold: bool) {
        for c in text.chars() {
            if matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}') {
                self.space = Some(self.space.unwrap_or(false) || c == '\n' || c == '\r');
                continue;
            }
            let before = self.text.chars().next_back();
            if let (Some(has_line_end), Some(before)) = (self.space.take(), before)
                && before != '\n'
                && !(has_line_end && is_wide(before) && is_wide(c))
            {
                self.text.push(' ');
            }
            // a space that does not break is an indent or a filler of an empty cell
            let c = if c == '\u{A0}' { ' ' } else { c };
            if self.text.is_empty() && c == ' ' {
                continue;
            }
            self.text.push(c);
            self.has_plain |= !is_bold && c != ' ';
        }
    }

    fn end_line(&mut self) {
        self.space = None;
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }
}

fn is_wide(c: char) -> bool {
    unicode_width::UnicodeWidthChar::width(c) == Some(2)
}

fn heading_level(name: &str) -> Option<u8> {
    let level = name.strip_prefix('h')?.parse::<u8>().ok()?;
    level.checked_sub(1)
}

fn is_centred(attributes: &str) -> bool {
    let says = |name, mark: &str| attribute(attributes, name).is_some_and(|v| v.to_ascii_lowercase().contains(mark));
    says("align", "center") || attribute(attributes, "style").is_some_and(|style| centres(&style))
}

/// Whether an inline style centres text.
fn centres(style: &str) -> bool {
    style.split(';').filter_map(|rule| rule.split_once(':')).any(|(name, value)| {
        name.trim().eq_ignore_ascii_case("text-align") && value.trim().eq_ignore_ascii_case("center")
    })
}
