//! HTML: web pages, and the tables that office programs export under the name of a workbook (`.xls`), as a flowing
//! document. Paragraphs, headings and tables with their spans are kept; scripts, styles and layout are not. Frames
//! and linked files are not opened: a page that holds no document of its own says where it points.

mod body;
mod markup;
mod page;
mod table;

use crate::error::{ErrorKind, Result};
use crate::limits::{Deadline, Limits};
use crate::model::{Block, Format, Location, Note, NoteKind, RawDocument};

use super::Reader;
use markup::{Tokens, attribute};
pub(in crate::read) use page::is_page;

/// The part that locations name.
const PART: &str = "html";

/// Characters up to which a page without tables says nothing.
const LITTLE_TEXT: usize = 100;

/// Tokens between two looks at the clock.
const TOKENS_A_LOOK: usize = 4_096;

/// Reads HTML.
#[derive(Debug, Clone, Copy, Default)]
pub struct Html;

impl Reader for Html {
    fn read(&self, bytes: &[u8], limits: &Limits, deadline: &Deadline) -> Result<RawDocument> {
        Limits::check("the page in bytes", "part_bytes", bytes.len() as u64, limits.part_bytes)?;
        let (text, is_whole) = page::decode(bytes);
        let mut body = body::Body::new(limits);
        for (count, token) in Tokens::new(&text).enumerate() {
            if count % TOKENS_A_LOOK == 0 {
                deadline.check()?;
            }
            body.take(token)?;
        }
        let mut document = RawDocument::new(Format::Html);
        document.producer = page::generator(&text);
        document.blocks = body.finish()?;
        if !is_worth_reading(&document.blocks) {
            return Err(ErrorKind::Unsupported { found: "an HTML page with hardly any text".into() }.into());
        }
        if !is_whole {
            let message = "some characters are not in the encoding that the page names";
            document.notes.push(Note::new(NoteKind::UnknownEncoding, message, Location::default()));
        }
        document.notes.extend(note_links(&text));
        Ok(document)
    }
}

/// Whether a page holds a table, or more text than the page of a missing file.
fn is_worth_reading(blocks: &[Block]) -> bool {
    let characters = |block: &Block| match block {
        Block::Table(_) => LITTLE_TEXT,
        Block::Paragraph(paragraph) => paragraph.text.chars().count(),
    };
    blocks.iter().map(characters).sum::<usize>() >= LITTLE_TEXT
}

/// Says which documents a page links to: the report is often one of them.
fn note_links(text: &str) -> Option<Note> {
    const SHOWN: usize = 8;
    let mut found: Vec<String> = Vec::new();
    for token in Tokens::new(text) {
        let markup::Token::Start(name, attributes) = token else { continue };
        let link = if name == "a" { attribute(attributes, "href") } else { None };
        let Some(link) = link.filter(|link| page::is_document(link)) else { continue };
        if !found.iter().any(|known| *known == link) {
            found.push(link.into_owned());
        }
    }
    let (count, shown) = (found.len(), found.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", "));
    let message = format!("the page links to {count} documents, which are not read: {shown}");
    (count > 0).then(|| Note::new(NoteKind::LeftOut, message, Location::default()))
}

#[cfg(test)]
mod tests;
