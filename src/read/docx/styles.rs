//! Styles (ECMA-376-1:2016 §17.7): `styles.xml` read once, every style resolved through its `basedOn` chain,
//! so that a paragraph asks one value. Only what tells a heading, its number and its size is kept.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::properties::{ParagraphProperties, RunProperties, read_paragraph_properties, read_run_properties};
use crate::error::Result;
use crate::limits::{Deadline, Limits};
use crate::read::xml::{Element, Ns, Token, Xml};

/// Styles on a `basedOn` chain before it counts as a loop.
const CHAIN: usize = 64;

/// The styles of a document by id.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: BTreeMap<String, Style>,
    default_paragraph: Option<String>,
    document: RunProperties,
}

/// A style, resolved or as written.
#[derive(Debug, Clone, Default)]
pub(super) struct Style {
    /// Name, lower case, such as `heading 1`.
    pub(super) name: Option<Arc<str>>,
    /// Paragraph settings.
    pub(super) paragraph: ParagraphProperties,
    /// Run settings.
    pub(super) run: RunProperties,
    /// Id of the style whose numbering it has: itself, or the one on its chain that sets it.
    pub(super) number_source: Option<String>,
    based_on: Option<String>,
}

impl Styles {
    /// Reads the text of a styles part.
    ///
    /// # Errors
    /// When the XML is damaged, too deep, or the time is used up.
    pub(super) fn parse(text: &str, limits: &Limits, deadline: &Deadline) -> Result<Self> {
        let mut xml = Xml::new(text, limits, deadline);
        let mut written = Self::default();
        let mut id = None;
        while let Some(token) = xml.next()? {
            let Token::Open(element) = token else { continue };
            if element.ns != Ns::Word {
                continue;
            }
            match element.name() {
                "style" => id = Some(written.add(&element)),
                "rPrDefault" => id = None,
                "name" => written.edit(id.as_ref(), |s| s.name = element.val().map(|n| n.trim().to_lowercase().into())),
                "basedOn" => written.edit(id.as_ref(), |s| s.based_on = element.val().map(Cow::into_owned)),
                "pPr" => {
                    let read = read_paragraph_properties(&mut xml)?;
                    written.edit(id.as_ref(), |s| s.paragraph = read);
                }
                "rPr" => written.set_run(id.as_ref(), read_run_properties(&mut xml)?),
                // conditional formats of table styles say nothing about paragraphs
                "tblStylePr" => xml.skip()?,
                _ => {}
            }
        }
        Ok(written.resolved())
    }

    /// The style of a paragraph: its own, or the document's default.
    pub(super) fn of_paragraph(&self, id: Option<&str>) -> Option<&Style> {
        id.and_then(|id| self.by_id.get(id)).or_else(|| self.by_id.get(self.default_paragraph.as_deref()?))
    }

    /// The style of that id.
    pub(super) fn get(&self, id: &str) -> Option<&Style> {
        self.by_id.get(id)
    }

    /// Run settings of the document, below all styles.
    pub(super) fn document(&self) -> &RunProperties {
        &self.document
    }

    fn add(&mut self, element: &Element) -> String {
        let id = element.attribute("styleId").unwrap_or_default().into_owned();
        let of_paragraphs = element.attribute("type").is_none_or(|kind| kind == "paragraph");
        let default = element.attribute("default").is_some_and(|on| on == "1" || on == "true" || on == "on");
        if of_paragraphs && default {
            self.default_paragraph = Some(id.clone());
        }
        self.by_id.insert(id.clone(), Style::default());
        id
    }

    fn edit(&mut self, id: Option<&String>, change: impl FnOnce(&mut Style)) {
        if let Some(style) = id.and_then(|id| self.by_id.get_mut(id)) {
            change(style);
        }
    }

    fn set_run(&mut self, id: Option<&String>, run: RunProperties) {
        match id {
            Some(_) => self.edit(id, |style| style.run = run),
            None => self.document = run,
        }
    }

    fn resolved(self) -> Self {
        let by_id = self.by_id.keys().map(|id| (id.clone(), self.resolve(id))).collect();
        Self { by_id, ..self }
    }

    /// Fills what a style leaves open from the styles that it is based on, nearest first.
    fn resolve(&self, id: &str) -> Style {
        let mut style = Style::default();
        let mut next = Some(id);
        for hop in 0..CHAIN {
            let Some((id, base)) = next.and_then(|id| Some((id, self.by_id.get(id)?))) else { break };
            if hop == 0 {
                style.name.clone_from(&base.name);
            }
            if style.number_source.is_none() && base.paragraph.number.id.is_some() {
                style.number_source = Some(id.to_owned());
            }
            style.paragraph.fill_from(&base.paragraph);
            style.run.fill_from(&base.run);
            next = base.based_on.as_deref();
        }
        style
    }
}
