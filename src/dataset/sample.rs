//! A small report for the tests of this floor.

use serde_json::json;

use crate::dataset::Outcome;
use crate::model::Report;

/// A final account with one leaf of 125.30 万元.
pub(in crate::dataset) fn report(entity: &str, year: u16) -> Report {
    let place = json!({"page": 3, "bbox": [1.0, 2.0, 30.5, 4.0], "table": "t1", "row": 1, "col": 1});
    let report = json!({
        "schema": "report/v1", "id": format!("{entity}{year}"),
        "source": {"path": "a.docx", "sha256": "00", "bytes": 9, "format": "docx"},
        "status": "extracted",
        "identity": {"kind": "final_accounts.department", "entity": entity, "entity_level": "department",
            "region": {"name": "样例区", "code": "310199"}, "fiscal_year": year},
        "sections": [{"id": "s1", "level": 1, "label": "一、", "title": "概况", "bookmarks": ["a"], "text": "x",
            "location": {}}],
        "bookmarks": [], "charts": [], "indicators": [], "notes": [],
        "tables": [{"id": "t1", "rows": 1, "cols": 1, "header_rows": 1, "locations": [],
            "cells": [{"row": 0, "col": 0, "row_span": 1, "col_span": 1, "text": "项目", "location": {}}]}],
        "facts": [{"id": "f1", "metric": "gpb.exp.func", "measure": "amount", "period": year.to_string(),
            "phase": "final", "func_code": "2010301", "func_name": "行政运行", "row_level": "item",
            "value": "1253000", "unit": "元", "printed": "125.30", "printed_unit": "万元", "decimals": 2,
            "basis": "table", "preferred": true, "confidence": 1.0, "location": place}],
        "checks": {"satisfied": 1, "violated": 1, "not_checked": 0},
        "findings": [{"code": "IT-01", "severity": "error", "status": "violated", "message": "m", "delta": "0.5",
            "facts": ["f1"], "locations": [place]}],
    });
    serde_json::from_value(report).expect("a report")
}

/// Its outcome.
pub(in crate::dataset) fn outcome(path: &str, entity: &str, year: u16) -> Outcome {
    let mut report = report(entity, year);
    report.source.path = path.to_owned();
    report.id = format!("{path} {entity}");
    Outcome { modified_ms: Some(5), ..Outcome::of(report) }
}
