//! Reports for the commands that people look with: read from a document, or from report JSON made earlier.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, bail};
use serde::Deserialize;

use super::extract::extract_all;
use crate::cli::plan::Plan;
use crate::model::{Report, SCHEMA};

const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

/// The one key that tells a report from other JSON, wherever in the object it stands.
#[derive(Deserialize)]
struct Head {
    schema: String,
}

/// Whether a file holds report JSON of any version: its first value is an object with such a `schema`.
pub(super) fn is_report_json(path: &Path) -> bool {
    path.is_file() && File::open(path).is_ok_and(|file| starts_with_report(BufReader::new(file)))
}

fn starts_with_report(mut input: impl BufRead) -> bool {
    if input.fill_buf().is_ok_and(|start| start.starts_with(BYTE_ORDER_MARK)) {
        input.consume(BYTE_ORDER_MARK.len());
    }
    let first = serde_json::Deserializer::from_reader(input).into_iter::<Head>().next();
    first.is_some_and(|head| head.is_ok_and(|h| h.schema.split_once('/').is_some_and(|(name, _)| name == "report")))
}

/// The reports of a file: one of a document, any number of an archive, JSON or JSON Lines.
///
/// # Errors
/// When JSON is no report of this version.
pub(super) fn reports(path: &Path, plan: &Plan) -> anyhow::Result<Vec<Report>> {
    if is_report_json(path) { read_json(path) } else { Ok(extract_all(path, plan)) }
}

/// The reports of JSON or JSON Lines.
pub(super) fn read_json(path: &Path) -> anyhow::Result<Vec<Report>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let text = text.trim_start_matches('\u{FEFF}');
    let reports: Result<Vec<Report>, _> = serde_json::Deserializer::from_str(text).into_iter().collect();
    let reports = reports
        .with_context(|| format!("{}: not report JSON as `juesuan schema report` describes it", path.display()))?;
    match reports.iter().find(|r| r.schema != SCHEMA) {
        Some(other) => bail!("{}: {} is not {SCHEMA}, which this version reads", path.display(), other.schema),
        None => Ok(reports),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_told_by_its_schema_wherever_that_stands() {
        let is_report = |text: &str| starts_with_report(text.as_bytes());
        assert!(is_report(r#"{"schema":"report/v1","id":"x"}"#));
        assert!(is_report("\u{FEFF}\n {\"id\": \"x\", \"facts\": [{\"schema\": 1}],\n \"schema\": \"report/v1\"}\n{}"));
        assert!(!is_report(r#"{"schema":"dataset/v1"}"#));
        assert!(!is_report(r#"{"text":"\"schema\":\"report/v1\""}"#), "a text that quotes one is none");
        assert!(!is_report(r"{\rtf1 schema report/v1}"));
    }
}
