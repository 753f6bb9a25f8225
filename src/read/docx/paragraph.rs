//! A paragraph under construction: its characters with the offset of the next one, and what its runs look like.

use super::properties::{ParagraphProperties, RunProperties};
use super::styles::{Style, Styles};
use crate::model::{Block, ParagraphStyle, Role};

/// A paragraph that is being read.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// Number within the part, from 1.
    pub(super) number: u32,
    /// What its `w:pPr` says.
    pub(super) properties: ParagraphProperties,
    /// Its text so far.
    pub(super) text: String,
    /// Characters of `text`.
    pub(super) chars: u32,
    /// Charts that stand in it.
    pub(super) charts: Vec<usize>,
    /// Text boxes that are anchored in it; they follow it.
    pub(super) boxes: Vec<Block>,
    /// Whether a table of contents prints it.
    pub(super) in_contents: bool,
    /// Whether a page break stands in it, or stood when it was printed last.
    pub(super) breaks_page: bool,
    look: Look,
    break_before_next: bool,
}

/// How many visible runs say that they are bold, or plain, or leave it to the style; and the first one's size.
#[derive(Debug, Default)]
struct Look {
    bold: u32,
    plain: u32,
    inherit: u32,
    first_size: Option<u16>,
}

impl Draft {
    /// Starts the paragraph of that number.
    pub(super) fn new(number: u32) -> Self {
        Self { number, ..Self::default() }
    }

    /// Adds text of a run.
    pub(super) fn put(&mut self, text: &str, run: &RunProperties) {
        if std::mem::take(&mut self.break_before_next) && !self.text.is_empty() {
            self.push("\n");
        }
        self.push(text);
        if !text.trim().is_empty() {
            self.look.see(run);
        }
    }

    /// Notes a page or column break: it parts the text before it from text after it, and is no text itself.
    pub(super) fn break_page(&mut self) {
        self.breaks_page = true;
        self.break_before_next = true;
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        let chars = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        self.chars = self.chars.saturating_add(chars);
    }

    /// Its style, resolved: direct formatting, then the paragraph style, then the document's defaults.
    pub(super) fn style(&self, styles: &Styles) -> ParagraphStyle {
        let style = styles.of_paragraph(self.properties.style.as_deref());
        let of_style = style.map(|s| &s.paragraph);
        let run =
            |pick: fn(&RunProperties) -> Option<u16>| style.and_then(|s| pick(&s.run)).or(pick(styles.document()));
        let inherited_bold = style.and_then(|s| s.run.bold).or(styles.document().bold).unwrap_or(false);
        let half_points = self.look.first_size.or_else(|| run(|r| r.half_points));
        let outline_level = self.properties.outline_level.or(of_style.and_then(|p| p.outline_level));
        ParagraphStyle {
            name: style.and_then(|s| s.name.clone()),
            outline_level: outline_level.filter(|&level| level < 9),
            bold: self.look.is_bold(inherited_bold),
            centred: self.properties.centred.or(of_style.and_then(|p| p.centred)).unwrap_or(false),
            size: half_points.map(|half| f64::from(half) / 2.0),
        }
    }

    /// What kind of text it is, in a story of that role.
    pub(super) fn role(&self, story: Role, style: Option<&Style>) -> Role {
        let contents_style = style.and_then(|s| s.name.as_deref()).is_some_and(is_contents_style);
        if story == Role::Body && (self.in_contents || contents_style) { Role::Toc } else { story }
    }
}

/// `toc 1` of Word and WPS, `contents 1` of LibreOffice.
fn is_contents_style(name: &str) -> bool {
    name.starts_with("toc ") || name.starts_with("contents ")
}

impl Look {
    fn see(&mut self, run: &RunProperties) {
        if self.bold + self.plain + self.inherit == 0 {
            self.first_size = run.half_points;
        }
        match run.bold {
            Some(true) => self.bold += 1,
            Some(false) => self.plain += 1,
            None => self.inherit += 1,
        }
    }

    fn is_bold(&self, inherited: bool) -> bool {
        self.bold + self.inherit > 0 && self.plain == 0 && (inherited || self.inherit == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(bold: Option<bool>) -> RunProperties {
        RunProperties { bold, ..RunProperties::default() }
    }

    #[test]
    fn a_paragraph_is_bold_when_every_visible_run_is() {
        let bold = |runs: &[(&str, Option<bool>)]| {
            let mut draft = Draft::new(1);
            for (text, bold) in runs {
                draft.put(text, &run(*bold));
            }
            draft.style(&Styles::default()).bold
        };
        assert!(bold(&[("一、", Some(true)), (" ", None), ("收入", Some(true))]));
        assert!(!bold(&[("一、", Some(true)), ("收入", None)]));
        assert!(!bold(&[(" ", Some(true))]));
    }

    #[test]
    fn a_page_break_parts_text_but_is_none() {
        let mut draft = Draft::new(1);
        draft.break_page();
        draft.put("前", &run(None));
        draft.break_page();
        draft.put("后", &run(None));
        draft.break_page();
        assert_eq!((draft.text.as_str(), draft.chars), ("前\n后", 3));
    }
}
