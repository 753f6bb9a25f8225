//! What is open at a point of a story: lists of blocks, paragraphs, tables, rows and cells, innermost last. An
//! element that closes hands its value to the one around it, and what stands where it may not (a row outside a
//! table) hands over its blocks, so that no text is lost.

use super::paragraph::Draft;
use super::properties::{CellProperties, RowProperties};
use crate::model::{Block, Location, RawCell, RawTable};

/// A value under construction.
#[derive(Debug)]
pub(super) enum Container {
    /// The body, a note, or a text box
    List(BlockList),
    /// A paragraph
    Paragraph(Box<Draft>),
    /// A table
    Table(TableDraft),
    /// A table row
    Row(RowDraft),
    /// A table cell
    Cell(CellDraft),
}

/// Blocks, and a paragraph whose mark is deleted and which goes on in the next one.
#[derive(Debug, Default)]
pub(super) struct BlockList {
    pub(super) blocks: Vec<Block>,
    pub(super) unfinished: Option<Box<Draft>>,
}

/// A table whose rows are being read.
#[derive(Debug, Default)]
pub(super) struct TableDraft {
    pub(super) location: Location,
    rows: Vec<Vec<RawCell>>,
    header_rows: usize,
}

/// A row whose cells are being read.
#[derive(Debug, Default)]
pub(super) struct RowDraft {
    pub(super) properties: RowProperties,
    cells: Vec<RawCell>,
}

/// A cell whose blocks are being read.
#[derive(Debug, Default)]
pub(super) struct CellDraft {
    pub(super) properties: CellProperties,
    pub(super) list: BlockList,
}

impl BlockList {
    /// Adds a block to a list that holds one as a rule, where a vector would make room for four.
    pub(super) fn push_only(&mut self, block: Block) {
        if self.blocks.is_empty() {
            self.blocks.reserve_exact(1);
        }
        self.blocks.push(block);
    }
}

impl TableDraft {
    /// Starts a table at the place of its first paragraph.
    pub(super) fn at(location: Location) -> Self {
        Self { location, ..Self::default() }
    }

    /// Adds a row, unless it is a tracked deletion. Header rows count only from the top.
    pub(super) fn add(&mut self, row: RowDraft) {
        if row.properties.deleted {
            return;
        }
        if row.properties.header && self.header_rows == self.rows.len() {
            self.header_rows += 1;
        }
        self.rows.push(row.finish());
    }

    /// The table as the reader hands it over.
    pub(super) fn finish(self) -> RawTable {
        RawTable { rows: self.rows, header_rows: self.header_rows, location: self.location }
    }
}

impl RowDraft {
    /// Adds a cell; one that continues the cell before (`w:hMerge`) widens it.
    pub(super) fn add(&mut self, properties: CellProperties, blocks: Vec<Block>) {
        if properties.deleted {
            return;
        }
        match self.cells.last_mut().filter(|_| properties.continues_before) {
            Some(before) => {
                before.col_span = before.col_span.saturating_add(properties.col_span());
                before.blocks.extend(blocks.into_iter().filter(has_text));
            }
            None => self.cells.push(RawCell {
                skip: 0,
                col_span: properties.col_span(),
                continues_above: properties.continues_above,
                blocks,
            }),
        }
    }

    /// All blocks of the row, for a row that stands outside a table.
    pub(super) fn into_blocks(self) -> impl Iterator<Item = Block> {
        self.cells.into_iter().flat_map(|cell| cell.blocks)
    }

    fn finish(mut self) -> Vec<RawCell> {
        if let Some(first) = self.cells.first_mut() {
            first.skip = self.properties.grid_before;
        }
        self.cells.shrink_to_fit();
        self.cells
    }
}

fn has_text(block: &Block) -> bool {
    match block {
        Block::Paragraph(paragraph) => !paragraph.text.trim().is_empty() || !paragraph.charts.is_empty(),
        Block::Table(_) => true,
    }
}
