//! The cell records of one BIFF worksheet.

use crate::error::Result;
use crate::model::SheetCell;
use crate::read::compound::{u16_at, u32_at};

use super::super::cell;
use super::super::intake::{Draft, Intake};
use super::super::number_format::NumberFormat;
use super::{BOF, EOF, Globals, Record, record_at, strings};

/// Reads the substream at `start` into `draft`.
///
/// # Errors
/// When a limit is passed; a stream that ends too early is kept in `draft`.
pub(super) fn read_sheet(
    stream: &[u8],
    start: usize,
    globals: &Globals,
    draft: &mut Draft,
    intake: &mut Intake,
) -> Result<()> {
    let mut sheet = SheetReader { globals, general: NumberFormat::general(), string_at: None };
    let Some(first) = record_at(stream, start).filter(|r| r.kind == BOF) else {
        draft.cut = Some("no BOF record where the sheet should start".into());
        return Ok(());
    };
    let mut at = first.next;
    // Charts in a sheet are substreams of their own, with cells of their own.
    let mut depth = 0u32;
    loop {
        intake.tick()?;
        let Some(record) = record_at(stream, at) else {
            draft.cut = Some("the stream ends within the sheet".into());
            return Ok(());
        };
        at = record.next;
        match record.kind {
            BOF => depth = depth.saturating_add(1),
            EOF if depth == 0 => return Ok(()),
            EOF => depth -= 1,
            _ if depth == 0 => sheet.take(record, draft, intake)?,
            _ => {}
        }
    }
}

struct SheetReader<'a> {
    globals: &'a Globals,
    general: NumberFormat,
    /// Place of a formula whose text comes in the STRING record behind it.
    string_at: Option<(u32, u32)>,
}

impl SheetReader<'_> {
    fn take(&mut self, record: Record, draft: &mut Draft, intake: &mut Intake) -> Result<()> {
        let data = record.data;
        match record.kind {
            0x00BD => return self.many_numbers(data, draft, intake),
            0x00E5 => return merges(data, draft, intake),
            // Row ([MS-XLS] §2.4.221): fDyZero, a row of no height.
            0x0208 if u16_at(data, 12).is_some_and(|options| options & 0x20 != 0) => {
                let row = u16_at(data, 0).map_or(0, u32::from);
                draft.hide_rows(row, row);
            }
            // ColInfo ([MS-XLS] §2.4.53): fHidden.
            0x007D if u16_at(data, 8).is_some_and(|options| options & 1 != 0) => {
                let column = |at| u16_at(data, at).map_or(0, u32::from);
                draft.hide_columns(column(0), column(2));
            }
            _ => {}
        }
        match self.cell(record) {
            Some(cell) => intake.keep(draft, cell),
            None => Ok(()),
        }
    }

    fn cell(&mut self, record: Record) -> Option<SheetCell> {
        let data = record.data;
        if record.kind == 0x0207 {
            let (row, col) = self.string_at.take()?;
            return Some(cell::text(row, col, &strings::label(data, self.globals.biff8, self.globals.encoding)?));
        }
        let (row, col) = (u32::from(u16_at(data, 0)?), u32::from(u16_at(data, 2)?));
        match record.kind {
            0x0203 => Some(self.number(row, col, data, cell::f64_at(data, 6)?)),
            0x027E => Some(self.number(row, col, data, cell::rk(u32_at(data, 6)?))),
            0x00FD => {
                let index = usize::try_from(u32_at(data, 6)?).ok()?;
                Some(cell::shared(row, col, self.globals.strings.get(index)?.clone()))
            }
            0x0204 | 0x00D6 => {
                let text = strings::label(data.get(6..)?, self.globals.biff8, self.globals.encoding)?;
                Some(cell::text(row, col, &text))
            }
            0x0205 => Some(truth_or_error(row, col, *data.get(6)?, *data.get(7)? == 1)),
            0x0006 | 0x0206 | 0x0406 => self.formula(row, col, data),
            _ => None,
        }
    }

    /// The cached value of a formula ([MS-XLS] §2.5.133).
    fn formula(&mut self, row: u32, col: u32, data: &[u8]) -> Option<SheetCell> {
        if u16_at(data, 12)? != 0xFFFF {
            return Some(self.number(row, col, data, cell::f64_at(data, 6)?));
        }
        match *data.get(6)? {
            0 => {
                self.string_at = Some((row, col));
                None
            }
            1 => Some(truth_or_error(row, col, *data.get(8)?, false)),
            2 => Some(truth_or_error(row, col, *data.get(8)?, true)),
            _ => None,
        }
    }

    fn number(&self, row: u32, col: u32, data: &[u8], value: f64) -> SheetCell {
        let style = u16_at(data, 4).map(usize::from);
        self.styled(row, col, style, value)
    }

    fn styled(&self, row: u32, col: u32, style: Option<usize>, value: f64) -> SheetCell {
        let format = style.and_then(|s| self.globals.formats.get(s)).unwrap_or(&self.general);
        cell::number(row, col, value, format, self.globals.system)
    }

    /// MulRk ([MS-XLS] §2.4.175): numbers of neighbouring cells.
    fn many_numbers(&self, data: &[u8], draft: &mut Draft, intake: &mut Intake) -> Result<()> {
        let (Some(row), Some(first)) = (u16_at(data, 0), u16_at(data, 2)) else { return Ok(()) };
        let body = data.get(4..data.len().saturating_sub(2)).unwrap_or_default();
        for (col, entry) in (u32::from(first)..).zip(body.chunks_exact(6)) {
            let style = u16_at(entry, 0).map(usize::from);
            let value = cell::rk(u32_at(entry, 2).unwrap_or(0));
            intake.keep(draft, self.styled(u32::from(row), col, style, value))?;
        }
        Ok(())
    }
}

/// MergeCells ([MS-XLS] §2.4.168): first row, last row, first column, last column.
fn merges(data: &[u8], draft: &mut Draft, intake: &mut Intake) -> Result<()> {
    for entry in data.get(2..).unwrap_or_default().chunks_exact(8) {
        let field = |at| u16_at(entry, at).map_or(0, u32::from);
        intake.merge(draft, (field(0), field(4)), (field(2), field(6)))?;
    }
    Ok(())
}

fn truth_or_error(row: u32, col: u32, value: u8, error: bool) -> SheetCell {
    if error { cell::error(row, col, cell::error_word(value)) } else { cell::boolean(row, col, value != 0) }
}
