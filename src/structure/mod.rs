//! Words, grids and sections: what a person sees in a document, whatever its format.
//!
//! First each format becomes one [`Flow`](flow::Flow) of paragraphs and tables in reading order (a DOCX
//! [`body`] as it stands, PDF [`page`]s through words and ruled grids, sheets through their [`region`]s); then
//! headings, captions and bookmarks are told for all of them alike ([`assemble`]). Nothing here opens a file
//! or knows a metric.

mod assemble;
mod body;
pub mod flow;
pub mod page;
mod region;

use crate::error::Result;
use crate::forms::Forms;
use crate::limits::{Deadline, Limits};
use crate::model::{Content, Format, RawDocument};

/// Puts a document into reading order: sections, tables on their grids, charts, bookmarks.
///
/// # Errors
/// When a grid passes [`Limits::cells`] or the time is used up.
pub fn structure(mut raw: RawDocument, forms: &Forms, limits: &Limits, deadline: &Deadline) -> Result<Content> {
    let flow = match raw.format {
        Format::Pdf => page::pages_to_flow(&mut raw, &forms.wording, limits, deadline)?,
        Format::Docx | Format::Html => body::body_to_flow(&mut raw, &forms.wording, limits, deadline)?,
        _ => region::sheets_to_flow(&mut raw, forms, limits, deadline)?,
    };
    assemble::flow_to_content(flow, raw, forms, deadline)
}
