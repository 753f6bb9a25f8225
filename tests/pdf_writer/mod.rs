//! A small PDF writer for tests: text by Unicode, lines, boxes, clips, and an outline.

#![allow(dead_code)] // each test file uses its own part

use std::fmt::Write as _;

/// A document under construction; every page is 600 × 800 pt.
#[derive(Default)]
pub struct Writer {
    pages: Vec<(String, String)>,
    outline: Vec<(String, usize)>,
}

impl Writer {
    /// Adds a page of that content stream.
    pub fn page(mut self, content: &Content) -> Self {
        self.pages.push((content.0.clone(), String::new()));
        self
    }

    /// Adds a page with more entries in its dictionary, such as `/Rotate 90`.
    pub fn page_with(mut self, content: &Content, entries: &str) -> Self {
        self.pages.push((content.0.clone(), entries.to_owned()));
        self
    }

    /// Adds an outline entry that leads to a page, from 0.
    pub fn entry(mut self, title: &str, page: usize) -> Self {
        self.outline.push((title.to_owned(), page));
        self
    }

    /// The bytes of the file.
    pub fn finish(self) -> Vec<u8> {
        let first_page = 8;
        let first_entry = first_page + 2 * self.pages.len();
        let kids: String =
            (0..self.pages.len()).map(|i| format!("{} 0 R ", first_page + 2 * i)).collect::<Vec<_>>().concat();
        let mut objects = vec![
            format!("<< /Type /Catalog /Pages 2 0 R /Outlines {} 0 R >>", first_entry),
            format!("<< /Type /Pages /Count {} /Kids [{kids}] >>", self.pages.len()),
            "<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>".into(),
            "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /DW 1000 /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor 6 0 R >>".into(),
            stream("", TO_UNICODE),
            "<< /Type /FontDescriptor /FontName /Song /Flags 4 /Ascent 880 /Descent -120 /CapHeight 700 /ItalicAngle 0 /StemV 80 /FontBBox [0 -120 1000 880] >>".into(),
            "<< /Producer (a test) /ModDate (D:20240806090501+08'00') >>".into(),
        ];
        for (i, (content, entries)) in self.pages.iter().enumerate() {
            objects.push(format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {} 0 R /Resources << /Font << /F 3 0 R >> >> {entries} >>",
                first_page + 2 * i + 1
            ));
            objects.push(stream("", content));
        }
        objects.push(format!("<< /Type /Outlines /First {} 0 R >>", first_entry + 1));
        for (i, (title, page)) in self.outline.iter().enumerate() {
            let next =
                if i + 1 < self.outline.len() { format!("/Next {} 0 R", first_entry + 2 + i) } else { String::new() };
            let title: String = title.encode_utf16().map(|u| format!("{u:04X}")).collect::<Vec<_>>().concat();
            objects.push(format!("<< /Title <FEFF{title}> /Dest [{} 0 R /Fit] {next} >>", first_page + 2 * page));
        }
        assemble(&objects)
    }
}

const TO_UNICODE: &str = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
100 beginbfrange
RANGES
endbfrange endcmap end end";

fn stream(entries: &str, content: &str) -> String {
    // A range may not cross a change of the first byte.
    let ranges: String =
        (0..=0xFF).map(|hi| format!("<{hi:02X}00> <{hi:02X}FF> <{hi:02X}00>\n")).collect::<Vec<_>>().concat();
    let content = content.replace("RANGES\n", &ranges);
    format!("<< /Length {} {entries} >>\nstream\n{content}\nendstream", content.len())
}

fn assemble(objects: &[String]) -> Vec<u8> {
    let mut file = String::from("%PDF-1.7\n");
    let mut offsets = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        let _ = write!(file, "{} 0 obj\n{object}\nendobj\n", i + 1);
    }
    let start = file.len();
    let _ = write!(file, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for offset in offsets {
        let _ = writeln!(file, "{offset:010} 00000 n ");
    }
    let _ =
        write!(file, "trailer\n<< /Size {} /Root 1 0 R /Info 7 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    file.into_bytes()
}

/// A content stream; coordinates are from the top left corner of the page.
#[derive(Default, Clone)]
pub struct Content(String);

impl Content {
    /// Shows text of full-width characters from `x` on, on the baseline `y`.
    pub fn text(self, x: f64, y: f64, size: f64, text: &str) -> Self {
        self.text_in_mode(x, y, size, text, 0)
    }

    /// Shows text in a text rendering mode (ISO 32000-2 §9.3.6).
    pub fn text_in_mode(mut self, x: f64, y: f64, size: f64, text: &str, mode: u8) -> Self {
        let codes: String = text.encode_utf16().map(|u| format!("{u:04X}")).collect::<Vec<_>>().concat();
        let _ = writeln!(self.0, "BT /F {size} Tf {mode} Tr 1 0 0 1 {x} {} Tm <{codes}> Tj ET", 800.0 - y);
        self
    }

    /// Strokes a line.
    pub fn line(mut self, x0: f64, y0: f64, x1: f64, y1: f64) -> Self {
        let _ = writeln!(self.0, "{x0} {} m {x1} {} l S", 800.0 - y0, 800.0 - y1);
        self
    }

    /// Draws the lines of a table of 100 × 20 pt cells and its texts, from the top left corner `(x, y)`.
    pub fn table(mut self, x: f64, y: f64, rows: &[&[&str]]) -> Self {
        let cols = rows.first().map_or(0, |r| r.len());
        let (width, height) = (100.0 * cols as f64, 20.0 * rows.len() as f64);
        for i in 0..=cols {
            self = self.line(x + 100.0 * i as f64, y, x + 100.0 * i as f64, y + height);
        }
        for i in 0..=rows.len() {
            self = self.line(x, y + 20.0 * i as f64, x + width, y + 20.0 * i as f64);
        }
        for (r, row) in rows.iter().enumerate() {
            for (c, text) in row.iter().enumerate() {
                self = self.text(x + 5.0 + 100.0 * c as f64, y + 14.0 + 20.0 * r as f64, 10.0, text);
            }
        }
        self
    }

    /// Clips what follows to a box, until [`Content::unclip`].
    pub fn clip(mut self, x0: f64, y0: f64, x1: f64, y1: f64) -> Self {
        let _ = writeln!(self.0, "q {x0} {} {} {} re W n", 800.0 - y1, x1 - x0, y1 - y0);
        self
    }

    /// Ends the last clip.
    pub fn unclip(mut self) -> Self {
        self.0.push_str("Q\n");
        self
    }

    /// Adds operators as they are.
    pub fn raw(mut self, operators: &str) -> Self {
        let _ = writeln!(self.0, "{operators}");
        self
    }
}
