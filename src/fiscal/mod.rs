//! Which figure is which? Tells what a report is ([`identity`]), which statement form a table is, and turns
//! cells and sentences into [`Fact`]s with their literal and place.
//!
//! All words it looks for are data of [`Forms`]; nothing here knows a file format or judges a figure.

use crate::forms::Forms;
use crate::model::{Content, Fact, Identity, Indicator};

/// What a document says, in the words of the metric dictionary.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// What the report is, and whose.
    pub identity: Identity,
    /// Every figure that was named.
    pub facts: Vec<Fact>,
    /// Rows of performance forms.
    pub indicators: Vec<Indicator>,
}

/// Reads a document's identity and figures; marks each table of `content` with its form, and adds notes.
///
/// `name` is the file's name without folders; it is asked last.
pub fn read_figures(content: &mut Content, name: &str, forms: &Forms) -> Reading {
    let _ = (content, name, forms);
    Reading::default()
}
