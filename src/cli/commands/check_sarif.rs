//! Findings as a SARIF 2.1.0 log (OASIS), which review tools read: one run, a rule a check, a result a finding.

use serde_json::{Value, json};

use super::check_index::language;
use super::check_list::Listed;
use crate::check::{self, CheckInfo};
use crate::cli::plan::Plan;
use crate::model::{Finding, FindingStatus, Location, Report, Severity};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The log of all reports, in their order.
pub(super) fn log(listed: &[Listed], plan: &Plan) -> Value {
    let checks = check::index(plan.forms);
    let results: Vec<Value> = listed
        .iter()
        .flat_map(|report| report.findings.iter().map(|f| result(&report.report, f, &checks, plan)))
        .collect();
    let rules: Vec<Value> = checks.iter().map(|info| rule(info, plan)).collect();
    let driver =
        json!({ "name": env!("CARGO_PKG_NAME"), "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules });
    json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [{ "tool": { "driver": driver }, "columnKind": "unicodeCodePoints", "results": results }] })
}

fn rule(info: &CheckInfo, plan: &Plan) -> Value {
    let language = language(plan.lang);
    json!({
        "id": info.code,
        "shortDescription": { "text": language.of(&info.title) },
        "fullDescription": { "text": language.of(&info.why) },
        "defaultConfiguration": { "level": level(info.severity) },
    })
}

/// SARIF knows three levels; ours stands among the properties.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::Error => "error",
        Severity::Warn => "warning",
        Severity::Info => "note",
    }
}

fn result(report: &Report, finding: &Finding, checks: &[CheckInfo], plan: &Plan) -> Value {
    let is_wrong = finding.status == FindingStatus::Violated;
    let places: Vec<Value> = finding.locations.iter().map(|place| location(report, place, plan)).collect();
    let whole = json!([{ "physicalLocation": artifact(report) }]);
    let mut result = json!({
        "ruleId": finding.code,
        "kind": if is_wrong { "fail" } else { "open" },
        "level": if is_wrong { level(finding.severity) } else { "none" },
        "message": { "text": finding.message },
        "locations": if places.is_empty() { whole } else { Value::Array(places) },
        "properties": {
            "severity": finding.severity.word(), "entity": report.identity.entity, "fiscalYear": report.identity.fiscal_year,
            "lhs": finding.lhs, "rhs": finding.rhs, "delta": finding.delta, "tolerance": finding.tolerance,
            "hint": finding.hint, "facts": finding.facts,
        },
    });
    if let (Some(at), Some(fields)) = (checks.iter().position(|c| c.code == finding.code), result.as_object_mut()) {
        fields.insert("ruleIndex".to_owned(), json!(at));
    }
    result
}

fn artifact(report: &Report) -> Value {
    json!({ "artifactLocation": { "uri": uri(&report.source.path) } })
}

/// A page or paragraph is no line of text, so that it is told in words; the exact place is among the properties.
fn location(report: &Report, place: &Location, plan: &Plan) -> Value {
    let words = plan.lang.place(place, report);
    json!({
        "physicalLocation": artifact(report),
        "logicalLocations": [{ "fullyQualifiedName": words }],
        "message": { "text": words },
        "properties": { "location": place },
    })
}

/// A path as a relative reference or a file URI (RFC 3986): what is not unreserved is percent-encoded.
fn uri(path: &str) -> String {
    if path.contains("://") {
        return path.to_owned();
    }
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.extend(['%', hex(byte >> 4), hex(byte & 15)]),
        }
    }
    if encoded.starts_with('/') { format!("file://{encoded}") } else { encoded }
}

fn hex(digit: u8) -> char {
    char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_uri() {
        assert_eq!(uri("a b.pdf"), "a%20b.pdf");
        assert_eq!(uri("/d/决.pdf"), "file:///d/%E5%86%B3.pdf");
        assert_eq!(uri("s3://bucket/决.pdf"), "s3://bucket/决.pdf");
    }
}
