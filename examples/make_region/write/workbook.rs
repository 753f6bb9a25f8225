//! The table annex: one sheet a statement, with title, captions, merged headers and notes around the grid.

use anyhow::Result;
use rust_decimal::prelude::ToPrimitive as _;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet};

use crate::classification::ordinal;
use crate::grid::Cell;
use crate::statement::Statement;

/// Rows above a grid: title, code, captions.
pub const ROWS_ABOVE: u32 = 3;

/// Writes the workbook, made on the day of publication.
pub fn write(statements: &[Statement], published: &str) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::parse_from_str(published)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    for (at, statement) in statements.iter().enumerate() {
        sheet(workbook.add_worksheet(), &sheet_name(at, statement), statement)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// `一 收入支出决算总表`, cut to the 31 characters that a sheet name may have.
pub fn sheet_name(at: usize, statement: &Statement) -> String {
    let title: String = statement.title.chars().filter(|c| !"“”".contains(*c)).collect();
    format!("{} {title}", ordinal(at + 1)).chars().take(31).collect()
}

fn sheet(sheet: &mut Worksheet, name: &str, statement: &Statement) -> Result<()> {
    let grid = &statement.grid;
    let last = u16::try_from(grid.cols)?.saturating_sub(1);
    sheet.set_name(name)?.set_landscape().set_print_fit_to_pages(1, 1);
    let title = plain().set_bold().set_font_size(16).set_align(FormatAlign::Center);
    sheet.merge_range(0, 0, 0, last, &statement.title, &title)?;
    sheet.write_with_format(1, last, &statement.code, &plain().set_align(FormatAlign::Right))?;
    sheet.write_with_format(2, 0, &statement.body, &plain())?;
    let unit = format!("单位：{}", statement.unit);
    sheet.write_with_format(2, last, unit, &plain().set_align(FormatAlign::Right))?;
    for (col, width) in (0..).zip(&grid.widths) {
        sheet.set_column_width(col, width.to_f64().unwrap_or(12.0))?;
    }
    for row in 0..grid.rows {
        for col in 0..grid.cols {
            match grid.at(row, col) {
                Some(filled) => cell(sheet, grid.header_rows, filled)?,
                None if grid.covering(row, col).is_none() => {
                    sheet.write_blank(ROWS_ABOVE + row, u16::try_from(col)?, &bordered())?;
                }
                None => {}
            }
        }
    }
    for (at, note) in (0..).zip(&statement.notes) {
        let row = ROWS_ABOVE + grid.rows + at;
        sheet.merge_range(row, 0, row, last, note, &plain().set_align(FormatAlign::Left))?;
    }
    Ok(())
}

fn cell(sheet: &mut Worksheet, header_rows: u32, cell: &Cell) -> Result<()> {
    let (row, col) = (ROWS_ABOVE + cell.row, u16::try_from(cell.col)?);
    let format = if cell.number.is_some() {
        bordered().set_num_format("0.00").set_align(FormatAlign::Right)
    } else if cell.row < header_rows {
        bordered().set_bold().set_text_wrap().set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter)
    } else {
        bordered()
    };
    if let Some(number) = cell.number {
        sheet.write_number_with_format(row, col, number.to_f64().unwrap_or_default(), &format)?;
    } else if cell.row_span * cell.col_span > 1 {
        let (bottom, right) = (row + cell.row_span - 1, u16::try_from(cell.col + cell.col_span - 1)?);
        sheet.merge_range(row, col, bottom, right, &cell.text, &format)?;
    } else {
        sheet.write_string_with_format(row, col, &cell.text, &format)?;
    }
    Ok(())
}

fn bordered() -> Format {
    plain().set_border(FormatBorder::Thin)
}

fn plain() -> Format {
    Format::new().set_font_name("宋体").set_font_size(10)
}
