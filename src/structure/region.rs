//! The sheets of a workbook as a flow: where each table of a sheet begins and ends.

use super::flow::Flow;
use crate::error::Result;
use crate::limits::Limits;
use crate::model::RawDocument;

/// Takes the sheets of `raw` as a flow.
///
/// # Errors
/// When a grid would pass [`Limits::cells`].
pub(super) fn sheets_to_flow(raw: &mut RawDocument, limits: &Limits) -> Result<Flow> {
    let _ = (raw, limits);
    Ok(Flow::default())
}
