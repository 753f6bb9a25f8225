//! The elements of WordprocessingML that a story is made of, one by one: which open something, which are
//! characters, which are passed over.

use super::story::{Frame, Properties, Step, Story};
use super::symbols::symbol;
use super::tally::Passed;
use crate::error::Result;
use crate::model::{Note, NoteKind};
use crate::read::xml::Element;

impl Story<'_, '_> {
    /// What to do with an element of WordprocessingML.
    pub(super) fn word_step(&mut self, element: &Element) -> Result<Step> {
        Ok(match element.name() {
            "p" => self.open_paragraph()?,
            "r" => self.open_run(),
            "tbl" => self.open_container(Frame::Table)?,
            "tr" => self.open_container(Frame::Row)?,
            "tc" => self.open_container(Frame::Cell)?,
            "txbxContent" => self.open_container(Frame::TextBox)?,
            "t" => Step::Enter(Frame::Text),
            "instrText" => Step::Enter(Frame::Instruction),
            "sdt" => Step::Enter(Frame::Control(false)),
            "pPr" => Step::Read(Properties::Paragraph),
            "trPr" => Step::Read(Properties::Row),
            "tcPr" => Step::Read(Properties::Cell),
            "sdtPr" => Step::Read(Properties::Control),
            "rPr" if self.frames.last() == Some(&Frame::Run) => Step::Read(Properties::Run),
            "rPr" | "tblPr" | "tblPrEx" | "tblGrid" | "sectPr" | "sdtEndPr" | "delText" | "delInstrText" => Step::Skip,
            "del" | "moveFrom" | "ins" | "moveTo" => self.open_change(element.name()),
            "rt" => {
                self.pass(Passed::Ruby);
                Step::Skip
            }
            // separators between the text and its notes are no notes (§17.11.9)
            "footnote" | "endnote" if element.attribute("type").is_some_and(|kind| kind != "normal") => Step::Skip,
            "fldSimple" => {
                self.fields.begin_simple(&element.attribute("instr").unwrap_or_default());
                Step::Enter(Frame::Field)
            }
            name => self.character(name, element),
        })
    }

    /// Elements that stand for a character or a point; they hold nothing that is read.
    fn character(&mut self, name: &str, element: &Element) -> Step {
        match name {
            "tab" | "ptab" => self.put("\t"),
            "cr" => self.put("\n"),
            "br" => self.line_break(element),
            "lastRenderedPageBreak" => self.rendered_break(),
            "noBreakHyphen" => self.put("-"),
            "sym" => self.put_symbol(element),
            "fldChar" => return self.field_character(element),
            "bookmarkStart" => self.start_bookmark(element),
            "bookmarkEnd" => {
                let at = self.mark();
                self.bookmarks.end(&element.attribute("id").unwrap_or_default(), at);
            }
            "commentReference" => self.pass(Passed::Comment),
            "altChunk" => self.lose_chunk(element),
            _ => {}
        }
        Step::Enter(Frame::Plain)
    }

    fn open_change(&mut self, name: &str) -> Step {
        self.pass(Passed::Change);
        if matches!(name, "ins" | "moveTo") {
            return Step::Enter(Frame::Plain);
        }
        self.deletions += 1;
        Step::Enter(Frame::Deleted)
    }

    fn line_break(&mut self, element: &Element) {
        let of_line = element.attribute("type").is_none_or(|kind| kind == "textWrapping");
        if of_line {
            self.put("\n");
        } else if self.deletions == 0
            && let Some(draft) = self.paragraph()
        {
            draft.break_page();
        }
    }

    /// Where a page ended when the document was printed last (§17.3.3.13): it parts no text.
    fn rendered_break(&mut self) {
        if let Some(draft) = self.paragraph() {
            draft.breaks_page = true;
        }
    }

    fn put_symbol(&mut self, element: &Element) {
        let font = element.attribute("font").unwrap_or_default();
        let code = element.attribute("char").and_then(|code| u32::from_str_radix(code.trim(), 16).ok());
        let Some(known) = code.and_then(|code| symbol(&font, code)) else {
            let message = format!("a symbol of font {font} is not known: code {:04X}", code.unwrap_or(0));
            self.put("\u{FFFD}");
            return self.note(NoteKind::UnknownEncoding, message);
        };
        self.put(known.encode_utf8(&mut [0; 4]));
    }

    /// `w:fldChar` (§17.16.18); the first one of a form field holds the form's data.
    fn field_character(&mut self, element: &Element) -> Step {
        if self.deletions > 0 {
            return Step::Skip;
        }
        match element.attribute("fldCharType").as_deref() {
            Some("begin") => {
                self.fields.begin();
                return Step::Read(Properties::Form);
            }
            Some("separate") => self.fields.separate(),
            Some("end") => {
                if let Some(drawn) = self.fields.end() {
                    self.put(&drawn);
                }
            }
            _ => {}
        }
        Step::Skip
    }

    fn start_bookmark(&mut self, element: &Element) {
        let name = element.attribute("name").unwrap_or_default().into_owned();
        if !name.is_empty() {
            let at = self.mark();
            let id = element.attribute("id").unwrap_or_default().into_owned();
            self.bookmarks.start(id, name, at);
        }
    }

    /// `w:altChunk` (§17.17.2.1): a whole file in the place of paragraphs.
    fn lose_chunk(&mut self, element: &Element) {
        let id = element.relationship("id").unwrap_or_default();
        let part = self.linked.parts.get(&*id).map_or("not in the file", String::as_str);
        self.lose(format!("a file within the document (altChunk, {part}) stands here and is not read"));
    }

    /// Notes that content at this point is lost.
    pub(super) fn lose(&mut self, message: impl Into<String>) {
        self.note(NoteKind::SkippedPart, message);
    }

    /// Leaves a note at this point.
    pub(super) fn note(&mut self, kind: NoteKind, message: impl Into<String>) {
        let place = self.place();
        self.reading.notes.push(Note::new(kind, message, place));
    }
}
