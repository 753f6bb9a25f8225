//! Findings as comma-separated values (RFC 4180), for a spreadsheet: a header, then a line a finding.

use std::io::Write;

use crate::cli::lang::Lang;
use crate::model::{Finding, Report};

const HEADER: [&str; 16] = [
    "path",
    "entity",
    "fiscal_year",
    "code",
    "severity",
    "status",
    "message",
    "printed",
    "lhs",
    "rhs",
    "delta",
    "tolerance",
    "place",
    "other_places",
    "hint",
    "report_id",
];

/// Writes the header.
pub(super) fn write_header(out: &mut dyn Write) -> anyhow::Result<()> {
    write_records(out, [HEADER.map(str::to_owned)])
}

/// Writes the findings of one report.
pub(super) fn write_findings(
    out: &mut dyn Write,
    report: &Report,
    findings: &[&Finding],
    lang: Lang,
) -> anyhow::Result<()> {
    write_records(out, findings.iter().map(|finding| record(report, finding, lang)))
}

fn write_records(out: &mut dyn Write, records: impl IntoIterator<Item = [String; HEADER.len()]>) -> anyhow::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    for record in records {
        writer.write_record(record)?;
    }
    Ok(writer.flush()?)
}

fn record(report: &Report, finding: &Finding, lang: Lang) -> [String; HEADER.len()] {
    let facts = finding.facts.iter().filter_map(|id| report.facts.iter().find(|f| f.id == *id));
    let printed: Vec<&str> = facts.map(|f| f.printed.as_str()).collect();
    let mut places = finding.locations.iter().map(|place| lang.place(place, report)).filter(|p| !p.is_empty());
    let place = places.next().unwrap_or_default();
    let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let number = |value: Option<rust_decimal::Decimal>| value.map(|v| v.to_string()).unwrap_or_default();
    [
        inert(&report.source.path),
        inert(report.identity.entity.as_deref().unwrap_or_default()),
        report.identity.fiscal_year.map(|y| y.to_string()).unwrap_or_default(),
        finding.code.clone(),
        finding.severity.word().to_owned(),
        word(serde_json::json!(finding.status)),
        inert(&finding.message),
        inert(&printed.join(" | ")),
        inert(finding.lhs.as_deref().unwrap_or_default()),
        inert(finding.rhs.as_deref().unwrap_or_default()),
        number(finding.delta),
        number(finding.tolerance),
        inert(&place),
        inert(&places.collect::<Vec<_>>().join(" | ")),
        inert(finding.hint.as_deref().unwrap_or_default()),
        report.id.clone(),
    ]
}

/// A text that no spreadsheet takes for a formula: a document may hold anything. Numbers stay as they are.
fn inert(text: &str) -> String {
    let digits = text.trim_start_matches(['-', '+']);
    let is_number = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '%'));
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_in_a_document_stays_text() {
        assert_eq!(inert("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(inert("-cmd|x"), "'-cmd|x");
        assert_eq!(inert("-1+cmd|x"), "'-1+cmd|x");
        assert_eq!(inert("-12.50%"), "-12.50%");
        assert_eq!(inert("合计"), "合计");
    }
}
