//! Reports for the commands that people look with: read from a document, or from report JSON made earlier.

use std::io::Read;
use std::path::Path;

use anyhow::Context;

use super::extract::extract_one;
use crate::cli::plan::Plan;
use crate::model::{Report, SCHEMA};

/// Whether a file holds report JSON, by its first bytes.
pub(super) fn is_report_json(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = std::fs::File::open(path).and_then(|f| f.take(256).read_to_end(&mut start));
    let text = String::from_utf8_lossy(&start);
    let text: String = text.trim_start_matches('\u{FEFF}').split_whitespace().collect();
    read.is_ok() && text.starts_with(&format!("{{\"schema\":\"{SCHEMA}\""))
}

/// The reports of a file: one of a document, any number of JSON or JSON Lines.
///
/// # Errors
/// When JSON is no report of this version.
pub(super) fn reports(path: &Path, plan: &Plan) -> anyhow::Result<Vec<Report>> {
    if is_report_json(path) { read_json(path) } else { Ok(vec![extract_one(path, plan)]) }
}

/// The reports of JSON or JSON Lines.
pub(super) fn read_json(path: &Path) -> anyhow::Result<Vec<Report>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let text = text.trim_start_matches('\u{FEFF}');
    let reports: Result<Vec<Report>, _> = serde_json::Deserializer::from_str(text).into_iter().collect();
    reports.with_context(|| format!("{}: not report JSON as `juesuan schema report` describes it", path.display()))
}
