//! The last step of a Word file: docx-rs leaves a marker where a chart belongs; here the parts, their
//! relationships and content types are added, and the archive is written anew with fixed times.

use std::io::{Cursor, Read as _, Write as _};

use anyhow::Result;
use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipArchive, ZipWriter};

use super::chart;
use crate::document::Chart;

const RELATIONSHIP: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart";
const CONTENT_TYPE: &str = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml";

/// The text that stands for chart `number` until it is drawn.
pub fn marker(number: usize) -> String {
    format!("@@chart{number}@@")
}

/// Puts the charts into a package and fixes everything that could differ between two runs.
pub fn finish(package: Vec<u8>, charts: &[&Chart]) -> Result<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(package))?;
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        if entry.is_dir() {
            continue;
        }
        let name = entry.name()?.into_owned();
        let mut text = String::new();
        entry.read_to_string(&mut text)?;
        let text = match name.as_str() {
            "word/document.xml" => draw(text, charts.len()),
            "word/_rels/document.xml.rels" => relate(&text, charts.len()),
            "[Content_Types].xml" => declare(&text, charts.len()),
            "word/styles.xml" => speak_chinese(&text),
            _ => text,
        };
        add(&mut out, &name, &text)?;
    }
    for (at, chart) in charts.iter().enumerate() {
        add(&mut out, &format!("word/charts/chart{}.xml", at + 1), &chart::part(chart))?;
    }
    Ok(out.finish()?.into_inner())
}

/// Adds a part, dated 1980-01-01 as archives without a clock are.
pub fn add(out: &mut ZipWriter<Cursor<Vec<u8>>>, name: &str, text: &str) -> Result<()> {
    out.start_file(name, SimpleFileOptions::default().last_modified_time(DateTime::default()))?;
    out.write_all(text.as_bytes())?;
    Ok(())
}

/// Replaces each marker's text element by its drawing.
fn draw(mut document: String, charts: usize) -> String {
    for number in 1..=charts {
        let marked = format!(r#"<w:t xml:space="preserve">{}</w:t>"#, marker(number));
        document = document.replace(&marked, &chart::drawing(number));
    }
    document
}

fn relate(relationships: &str, charts: usize) -> String {
    let one =
        |n: usize| format!(r#"<Relationship Id="rIdChart{n}" Type="{RELATIONSHIP}" Target="charts/chart{n}.xml"/>"#);
    insert_before(relationships, "</Relationships>", &(1..=charts).map(one).collect::<String>())
}

fn declare(types: &str, charts: usize) -> String {
    let one = |n: usize| format!(r#"<Override PartName="/word/charts/chart{n}.xml" ContentType="{CONTENT_TYPE}"/>"#);
    insert_before(types, "</Types>", &(1..=charts).map(one).collect::<String>())
}

/// Says that East Asian text is Chinese, which decides the glyphs of shared characters (§17.3.2.20).
fn speak_chinese(styles: &str) -> String {
    insert_before(styles, "</w:rPr></w:rPrDefault>", r#"<w:lang w:val="en-US" w:eastAsia="zh-CN"/>"#)
}

fn insert_before(text: &str, end: &str, addition: &str) -> String {
    text.replace(end, &format!("{addition}{end}"))
}
