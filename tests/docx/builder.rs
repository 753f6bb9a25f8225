//! Builds small packages, and takes apart what the reader makes of them.

use std::io::{Cursor, Write};

use juesuan::error::Result;
use juesuan::limits::{Deadline, Limits};
use juesuan::model::{Block, RawDocument, RawParagraph, RawTable};
use juesuan::read::Reader;
use juesuan::read::docx::Docx;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const NAMESPACES: &str = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main' \
    xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships' \
    xmlns:c='http://schemas.openxmlformats.org/drawingml/2006/chart' \
    xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main' \
    xmlns:wp='http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing' \
    xmlns:pic='http://schemas.openxmlformats.org/drawingml/2006/picture' \
    xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math' \
    xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006' \
    xmlns:dgm='http://schemas.openxmlformats.org/drawingml/2006/diagram' \
    xmlns:cx='http://schemas.microsoft.com/office/drawing/2014/chartex' \
    xmlns:v='urn:schemas-microsoft-com:vml'";

const TYPES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A package in the making.
#[derive(Clone)]
pub struct Package {
    parts: Vec<(String, Vec<u8>)>,
    links: Vec<(String, String, String)>,
}

/// A document with that body.
pub fn document(body: &str) -> Package {
    let text = format!("<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>");
    Package { parts: vec![("word/document.xml".into(), text.into_bytes())], links: Vec::new() }
}

/// A paragraph with one run.
pub fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

/// A table cell with one paragraph, and `w:tcPr` content.
pub fn tc(properties: &str, text: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", p(text))
}

impl Package {
    /// Adds a part of the document, with its root's namespaces declared, linked by that kind and id.
    pub fn with(mut self, kind: &str, id: &str, name: &str, root: &str, content: &str) -> Self {
        let text = format!("<{root} {NAMESPACES}>{content}</{root}>");
        self.links.push((id.into(), kind.into(), name.into()));
        self.part(&format!("word/{name}"), text.as_bytes())
    }

    /// Adds a numbering part.
    pub fn numbering(self, content: &str) -> Self {
        self.with("numbering", "rNum", "numbering.xml", "w:numbering", content)
    }

    /// Adds a styles part.
    pub fn styles(self, content: &str) -> Self {
        self.with("styles", "rSty", "styles.xml", "w:styles", content)
    }

    /// Adds or replaces a part by its full name.
    pub fn part(mut self, name: &str, bytes: &[u8]) -> Self {
        self.parts.retain(|(old, _)| old != name);
        self.parts.push((name.into(), bytes.to_vec()));
        self
    }

    /// Adds a link of the document to a part that need not be there.
    pub fn link(mut self, kind: &str, id: &str, target: &str) -> Self {
        self.links.push((id.into(), kind.into(), target.into()));
        self
    }

    /// The packed file.
    pub fn bytes(&self) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let mut write = |name: &str, bytes: &[u8]| {
            zip.start_file(name, SimpleFileOptions::default()).expect("a new entry");
            zip.write_all(bytes).expect("memory");
        };
        let main = [("r1".to_owned(), "officeDocument".to_owned(), "word/document.xml".to_owned())];
        if !self.parts.iter().any(|(name, _)| name == "_rels/.rels") {
            write("_rels/.rels", links_part(&main).as_bytes());
        }
        write("word/_rels/document.xml.rels", links_part(&self.links).as_bytes());
        self.parts.iter().for_each(|(name, bytes)| write(name, bytes));
        zip.finish().expect("memory").into_inner()
    }

    /// The file as the reader hands it over.
    pub fn read(&self) -> RawDocument {
        read(&self.bytes()).expect("a readable document")
    }
}

/// A relationships part of `(id, kind, target)`.
pub fn part_links(links: &[(&str, &str, &str)]) -> String {
    let links: Vec<_> = links.iter().map(|&(id, kind, to)| (id.to_owned(), kind.to_owned(), to.to_owned())).collect();
    links_part(&links)
}

fn links_part(links: &[(String, String, String)]) -> String {
    let link = |(id, kind, target): &(String, String, String)| {
        format!("<Relationship Id='{id}' Type='{TYPES}/{kind}' Target='{target}'/>")
    };
    let links: String = links.iter().map(link).collect();
    let uri = "http://schemas.openxmlformats.org/package/2006/relationships";
    format!("<?xml version='1.0'?>\r\n<Relationships xmlns='{uri}'>{links}</Relationships>")
}

/// Reads bytes with the usual limits.
pub fn read(bytes: &[u8]) -> Result<RawDocument> {
    let limits = Limits::default();
    Docx.read(bytes, &limits, &Deadline::start(&limits))
}

/// The paragraphs outside tables.
pub fn paragraphs(document: &RawDocument) -> Vec<&RawParagraph> {
    document.blocks.iter().filter_map(|b| if let Block::Paragraph(p) = b { Some(p) } else { None }).collect()
}

/// Their texts.
pub fn texts(document: &RawDocument) -> Vec<&str> {
    paragraphs(document).iter().map(|p| p.text.as_str()).collect()
}

/// The texts of a body.
pub fn texts_of(body: &str) -> Vec<String> {
    texts(&document(body).read()).into_iter().map(String::from).collect()
}

/// The tables outside tables.
pub fn tables(document: &RawDocument) -> Vec<&RawTable> {
    document.blocks.iter().filter_map(|b| if let Block::Table(t) = b { Some(t) } else { None }).collect()
}

/// What the notes say.
pub fn notes(document: &RawDocument) -> String {
    document.notes.iter().map(|n| n.message.as_str()).collect::<Vec<_>>().join("; ")
}
