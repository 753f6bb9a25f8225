//! Sources of `corpus/cases`: one small file for one trait each. What a case shows stands in its case.toml.

use std::io::Cursor;

use anyhow::Result;
use docx_rs::{AlignmentType, Delete, Docx, Insert, Paragraph, Run};
use rust_decimal::Decimal;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook};

use crate::fact::FigureStyle;
use crate::grid::{Figures, Grid};
use crate::write::package::finish;
use crate::write::style::blank;
use crate::write::table::{Setting, table};

/// The day on which every source says that it was made.
const MADE: &str = "2025-09-12";

/// Path below `corpus/cases`, and bytes.
pub fn sources() -> Result<Vec<(&'static str, Vec<u8>)>> {
    Ok(vec![
        ("docx/merged-header/source.docx", merged_header()?),
        ("docx/displaced-bookmark/source.docx", displaced_bookmark()?),
        ("docx/tracked-change/source.docx", tracked_change()?),
        ("xlsx/far-cell/source.xlsx", far_cell()?),
        ("xlsx/two-tables/source.xlsx", two_tables()?),
        ("csv/gbk/source.csv", gbk()),
    ])
}

/// A line of text.
fn line(text: &str) -> Paragraph {
    Paragraph::new().add_run(Run::new().add_text(text))
}

fn package(docx: Docx) -> Result<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    docx.build().pack(&mut bytes)?;
    finish(bytes.into_inner(), &[])
}

/// 本年支出 over two columns, the other headers over two rows.
fn merged_header() -> Result<Vec<u8>> {
    let mut grid = Grid::new(&[30, 12, 12, 12], 2);
    grid.head(0, 0, "科目名称");
    grid.head(0, 1, "合计");
    grid.merge((0, 2), (1, 2), "本年支出");
    grid.heads(1, 2, &["基本支出", "项目支出"]);
    let figures = Figures { year: 2024, phase: "final", in_yuan: false, zeros: true };
    for (row, (name, basic, project)) in (2..).zip([("合计", 1250, 430), ("教育支出", 1250, 430)]) {
        grid.put(row, 0, name);
        for (col, cents) in (1..).zip([basic + project, basic, project]) {
            figures.put(&mut grid, (row, col), Decimal::new(cents, 2), None);
        }
    }
    let unit = Paragraph::new().align(AlignmentType::Right).add_run(Run::new().add_text("单位：万元"));
    package(
        blank(MADE)
            .add_paragraph(line("支出决算表"))
            .add_paragraph(unit)
            .add_table(table(&grid, Setting { size: 21, together: true })),
    )
}

/// The bookmark of 二 starts after the last sentence of 一.
fn displaced_bookmark() -> Result<Vec<u8>> {
    let heading = |text: &str| line(text).style("Heading2");
    let first = heading("一、收入决算情况说明");
    let last = line("2024年本年收入合计16.80万元。").add_bookmark_start(1, "_Toc90000001");
    let second = heading("二、支出决算情况说明").add_bookmark_end(1);
    let text = line("2024年本年支出合计16.80万元。");
    package([first, last, second, text].into_iter().fold(blank(MADE), Docx::add_paragraph))
}

/// 15.60 was deleted and 16.80 inserted.
fn tracked_change() -> Result<Vec<u8>> {
    let (author, date) = ("审核", "2025-08-30T09:00:00Z");
    let deleted = Delete::new().author(author).date(date).add_run(Run::new().add_delete_text("15.60"));
    let inserted = Insert::new(Run::new().add_text("16.80")).author(author).date(date);
    let changed = line("2024年本年支出合计").add_delete(deleted).add_insert(inserted);
    package(blank(MADE).add_paragraph(changed.add_run(Run::new().add_text("万元。"))))
}

fn workbook() -> Result<Workbook> {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::parse_from_str(MADE)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    Ok(workbook)
}

/// One cell in each of the two farthest corners.
fn far_cell() -> Result<Vec<u8>> {
    let mut workbook = workbook()?;
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "左上")?;
    sheet.write(1_048_575, 16_383, "右下")?;
    Ok(workbook.save_to_buffer()?)
}

/// Two statements on one sheet, a blank row between them.
fn two_tables() -> Result<Vec<u8>> {
    let mut workbook = workbook()?;
    let sheet = workbook.add_worksheet();
    let figure = Format::new().set_num_format("0.00");
    for (top, title, heads, row) in [
        (0, "收入决算表", ["科目名称", "本年收入合计"], ("教育支出", 16.8)),
        (6, "支出决算表", ["科目名称", "本年支出合计"], ("教育支出", 16.8)),
    ] {
        sheet.write(top, 0, title)?;
        sheet.write(top + 1, 1, "单位：万元")?;
        sheet.write(top + 2, 0, heads[0])?.write(top + 2, 1, heads[1])?;
        for (below, name) in (3..).zip(["合计", row.0]) {
            sheet.write(top + below, 0, name)?.write_number_with_format(top + below, 1, row.1, &figure)?;
        }
    }
    Ok(workbook.save_to_buffer()?)
}

/// A table in GBK, as older exports come.
fn gbk() -> Vec<u8> {
    let amount = FigureStyle::Fixed.print(Decimal::new(1680, 2));
    let text = format!("支出决算表,单位：万元\r\n科目名称,本年支出合计\r\n合计,{amount}\r\n教育支出,{amount}\r\n");
    encoding_rs::GBK.encode(&text).0.into_owned()
}
