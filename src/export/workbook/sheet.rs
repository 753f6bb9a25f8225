//! A sheet that officials can work with: bold frozen header, filter, widths, numbers as numbers, a print that fits a
//! page's width. It goes on in a next one where Excel's rows end.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

/// Rows that a sheet of Excel holds.
const MAX_ROWS: u32 = 1_048_576;
/// Characters that a cell of Excel holds, with some room.
const MAX_CELL: usize = 32_000;
/// Characters of a sheet's name.
const MAX_NAME: usize = 31;

/// Height of a header of two lines, in points.
const HEAD_HEIGHT: f64 = 33.0;
/// Height of a line, in points.
const LINE_HEIGHT: f64 = 15.0;
/// Lines that a row shows at most.
const MAX_LINES: f64 = 12.0;
/// Paper sizes as Excel counts them.
const A3: u8 = 8;
const A4: u8 = 9;
/// Characters that stay readable across a page of A4.
const WIDTH_OF_A4: f64 = 170.0;

/// What a cell shows.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shown {
    /// Nothing.
    Nothing,
    /// Text, on one line.
    Text(String),
    /// Text that may run over lines.
    Long(String),
    /// A whole number without separators: a year, a count.
    Whole(i64),
    /// A number with as many decimals as named.
    Number(Decimal, u32),
    /// Text of a header within the sheet.
    Band(String),
}

impl From<&str> for Shown {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Nothing } else { Self::Text(text.to_owned()) }
    }
}

impl From<Option<i64>> for Shown {
    fn from(number: Option<i64>) -> Self {
        number.map_or(Self::Nothing, Self::Whole)
    }
}

/// Formats that all sheets share.
pub(super) struct Formats {
    head: Format,
    band: Format,
    plain: Format,
    long: Format,
    whole: Format,
    numbers: Vec<Format>,
}

impl Formats {
    pub(super) fn new() -> Self {
        let top = || Format::new().set_align(FormatAlign::Top);
        let number = |decimals: usize| {
            let zeros = if decimals == 0 { String::new() } else { format!(".{}", "0".repeat(decimals)) };
            top().set_num_format(format!("#,##0{zeros}"))
        };
        let head = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::VerticalCenter);
        Self {
            head: head.set_background_color(Color::RGB(0x00DD_E6F0)).set_border_bottom(FormatBorder::Thin),
            band: top().set_bold().set_background_color(Color::RGB(0x00F2_F2F2)),
            plain: top().set_indent(1),
            long: top().set_text_wrap().set_indent(1),
            whole: top().set_num_format("0").set_align(FormatAlign::Center),
            numbers: (0..=6).map(number).collect(),
        }
    }

    fn number(&self, decimals: u32) -> &Format {
        let last = self.numbers.len().saturating_sub(1);
        let at = usize::try_from(decimals).unwrap_or(last).min(last);
        self.numbers.get(at).unwrap_or(&self.plain)
    }
}

/// A column: what it is called, and how wide it is in characters.
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub(super) title: String,
    pub(super) width: f64,
}

/// A sheet that is being written, row by row.
pub(super) struct Sheet<'b> {
    book: &'b mut Workbook,
    formats: &'b Formats,
    name: String,
    heads: Vec<Head>,
    /// Columns on the left that stay while one scrolls.
    frozen: u16,
    /// Rows after which a next sheet is begun.
    max_rows: u32,
    current: Option<Worksheet>,
    row: u32,
    parts: u32,
    /// Columns that have something in them.
    columns: u16,
}

impl<'b> Sheet<'b> {
    pub(super) fn new(
        book: &'b mut Workbook,
        formats: &'b Formats,
        name: &str,
        heads: Vec<Head>,
        frozen: u16,
    ) -> Result<Self, XlsxError> {
        let columns = u16::try_from(heads.len()).unwrap_or(u16::MAX);
        let name = free_name(book, name);
        let mut sheet =
            Self { book, formats, name, heads, frozen, max_rows: MAX_ROWS, current: None, row: 0, parts: 0, columns };
        sheet.begin()?;
        Ok(sheet)
    }

    #[cfg(test)]
    pub(super) fn split_after(mut self, rows: u32) -> Self {
        self.max_rows = rows;
        self
    }

    fn begin(&mut self) -> Result<(), XlsxError> {
        self.parts += 1;
        let name = if self.parts == 1 { self.name.clone() } else { cut_name(&self.name, &format!("({})", self.parts)) };
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?;
        for (col, head) in (0..).zip(&self.heads) {
            sheet.write_string_with_format(0, col, &head.title, &self.formats.head)?;
            sheet.set_column_width(col, head.width)?;
        }
        sheet.set_row_height(0, HEAD_HEIGHT)?;
        sheet.set_freeze_panes(1, self.frozen)?;
        let width: f64 = self.heads.iter().map(|head| head.width).sum();
        sheet.set_landscape().set_paper_size(if width > WIDTH_OF_A4 { A3 } else { A4 });
        sheet.set_print_fit_to_pages(1, 0).set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3);
        sheet.set_repeat_rows(0, 0)?;
        sheet.set_header("&C&A").set_footer("&C&P / &N");
        self.current = Some(sheet);
        self.row = 1;
        Ok(())
    }

    fn end(&mut self) -> Result<(), XlsxError> {
        let Some(mut sheet) = self.current.take() else { return Ok(()) };
        if self.row > 1 && self.columns > 0 {
            sheet.autofilter(0, 0, self.row - 1, self.columns - 1)?;
        }
        self.book.push_worksheet(sheet);
        Ok(())
    }

    /// Writes the next row.
    pub(super) fn push(&mut self, cells: &[Shown]) -> Result<(), XlsxError> {
        if self.row >= self.max_rows {
            self.end()?;
            self.begin()?;
        }
        let (row, formats) = (self.row, self.formats);
        let Some(sheet) = &mut self.current else { return Ok(()) };
        for (col, cell) in (0..).zip(cells) {
            write(sheet, formats, row, col, cell)?;
        }
        // Excel would find the height by itself; others show one line of a text that runs over several.
        let lines = cells.iter().zip(&self.heads).map(|(cell, head)| lines(cell, head.width)).fold(1.0, f64::max);
        if lines > 1.0 {
            sheet.set_row_height(row, lines.min(MAX_LINES) * LINE_HEIGHT)?;
        }
        self.columns = self.columns.max(u16::try_from(cells.len()).unwrap_or(u16::MAX));
        self.row += 1;
        Ok(())
    }

    /// Puts the sheet into the workbook.
    pub(super) fn finish(mut self) -> Result<(), XlsxError> {
        self.end()
    }
}

fn write(sheet: &mut Worksheet, formats: &Formats, row: u32, col: u16, cell: &Shown) -> Result<(), XlsxError> {
    match cell {
        Shown::Nothing => return Ok(()),
        // Text, whatever it holds: a document's `=1+1` is no formula here.
        Shown::Text(text) => sheet.write_string_with_format(row, col, cut(text), &formats.plain)?,
        Shown::Long(text) => sheet.write_string_with_format(row, col, cut(text), &formats.long)?,
        Shown::Band(text) => sheet.write_string_with_format(row, col, cut(text), &formats.band)?,
        #[allow(clippy::cast_precision_loss)] // years and counts
        Shown::Whole(number) => sheet.write_number_with_format(row, col, *number as f64, &formats.whole)?,
        Shown::Number(number, decimals) => {
            // Excel itself keeps 15 digits; what has more is kept as text, to the last one.
            let exact = number.to_f64().filter(|_| number.mantissa().unsigned_abs() < 1_000_000_000_000_000);
            match exact {
                Some(float) => sheet.write_number_with_format(row, col, float, formats.number(*decimals))?,
                None => sheet.write_string_with_format(row, col, number.to_string(), &formats.plain)?,
            }
        }
    };
    Ok(())
}

/// Lines that a cell takes in a column of so many characters.
fn lines(cell: &Shown, width: f64) -> f64 {
    let Shown::Long(text) = cell else { return 1.0 };
    let of_line =
        |line: &str| (unicode_width::UnicodeWidthStr::width(line) as f64 / (width * 0.88).max(1.0)).ceil().max(1.0);
    text.lines().map(of_line).sum::<f64>().max(1.0)
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_CELL).collect()
}

/// A name that Excel takes and no sheet has yet.
fn free_name(book: &mut Workbook, wanted: &str) -> String {
    let plain: String = wanted.chars().filter(|c| !"[]:*?/\\'".contains(*c) && !c.is_control()).collect();
    let plain = if plain.trim().is_empty() { "Sheet".to_owned() } else { plain.trim().to_owned() };
    let taken: Vec<String> = book.worksheets().iter().map(|sheet| sheet.name().to_lowercase()).collect();
    let mut name = cut_name(&plain, "");
    let mut n = 1;
    while taken.contains(&name.to_lowercase()) {
        n += 1;
        name = cut_name(&plain, &format!(" {n}"));
    }
    name
}

fn cut_name(name: &str, end: &str) -> String {
    let room = MAX_NAME.saturating_sub(end.chars().count());
    name.chars().take(room).chain(end.chars()).collect()
}

#[cfg(test)]
mod tests {
    use calamine::{Data, Reader};

    use super::*;

    fn heads() -> Vec<Head> {
        vec![Head { title: "年度".into(), width: 8.0 }, Head { title: "金额".into(), width: 16.0 }]
    }

    fn read(mut book: Workbook) -> calamine::Xlsx<std::io::Cursor<Vec<u8>>> {
        calamine::Xlsx::new(std::io::Cursor::new(book.save_to_buffer().expect("a workbook"))).expect("opens")
    }

    #[test]
    fn rows_beyond_the_limit_go_on_in_a_next_sheet_with_its_header() {
        let (mut book, formats) = (Workbook::new(), Formats::new());
        let mut sheet = Sheet::new(&mut book, &formats, "事实", heads(), 1).expect("a sheet").split_after(3);
        for year in 2020..2025 {
            sheet.push(&[Shown::Whole(year), Shown::Number(Decimal::new(1250, 2), 2)]).expect("written");
        }
        sheet.finish().expect("written");
        let mut book = read(book);
        assert_eq!(book.sheet_names(), ["事实", "事实(2)", "事实(3)"]);
        let last = book.worksheet_range("事实(3)").expect("a sheet");
        assert_eq!(last.get((0, 0)), Some(&Data::String("年度".into())));
        assert_eq!(last.get((1, 0)), Some(&Data::Float(2024.0)));
        assert_eq!(last.get((1, 1)), Some(&Data::Float(12.5)), "a number is a number");
    }

    #[test]
    fn a_figure_that_excel_would_round_stays_text() {
        let (mut book, formats) = (Workbook::new(), Formats::new());
        let mut sheet = Sheet::new(&mut book, &formats, "a", heads(), 0).expect("a sheet");
        let long: Decimal = "1234567890123456.78".parse().expect("a decimal");
        sheet.push(&[Shown::Text("=1+1".into()), Shown::Number(long, 2)]).expect("written");
        sheet.finish().expect("written");
        let range = read(book).worksheet_range("a").expect("a sheet");
        assert_eq!(range.get((1, 1)), Some(&Data::String("1234567890123456.78".into())));
        assert_eq!(range.get((1, 0)), Some(&Data::String("=1+1".into())), "text, no formula");
    }

    #[test]
    fn names_are_made_to_fit_and_differ() {
        let (mut book, formats) = (Workbook::new(), Formats::new());
        for name in ["收入/支出", "收入支出", "", &"表".repeat(40)] {
            Sheet::new(&mut book, &formats, name, heads(), 0).expect("a sheet").finish().expect("written");
        }
        let names: Vec<String> = book.worksheets().iter().map(rust_xlsxwriter::Worksheet::name).collect();
        assert_eq!(names, ["收入支出", "收入支出 2", "Sheet", &"表".repeat(31)]);
    }
}
