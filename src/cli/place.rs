//! Where something stands, in the words of people: a page, a paragraph, a row of a table that has a name.

use super::lang::Lang;
use crate::model::{Location, Report};

/// The part of a package that holds the text, which nobody needs to be told.
const MAIN_PART: &str = "word/document.xml";

impl Lang {
    /// The place as it is cited in this language; rows and columns count from 1 in Chinese.
    pub(super) fn place(self, place: &Location, report: &Report) -> String {
        match self {
            Self::En => place.to_string(),
            Self::Zh => in_chinese(place, report),
        }
    }
}

fn in_chinese(place: &Location, report: &Report) -> String {
    let mut words = String::new();
    if let Some(page) = place.page {
        words.extend(["第", &page.to_string(), "页"]);
    }
    match (&place.sheet, &place.cell_ref) {
        (Some(sheet), Some(cell)) => words.extend(["工作表“", sheet, "”", cell]),
        (Some(sheet), None) => words.extend(["工作表“", sheet, "”"]),
        _ => {}
    }
    if let Some(part) = place.part.as_deref().filter(|part| *part != MAIN_PART) {
        words.push_str(part);
    }
    if let Some(paragraph) = place.paragraph {
        words.extend(["第", &paragraph.to_string(), "段"]);
    }
    if let (Some(id), Some(row), Some(col)) = (&place.table, place.row, place.col) {
        let title = report.tables.iter().find(|t| t.id == *id).and_then(|t| t.title.as_deref());
        let name = title.map_or_else(|| format!("表{id}"), |title| format!("《{title}》"));
        let (row, col) = (u64::from(row) + 1, u64::from(col) + 1);
        words.extend([name.as_str(), "第", &row.to_string(), "行第", &col.to_string(), "列"]);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Rect;

    fn report() -> Report {
        let table = serde_json::json!({ "id": "t3", "title": "支出决算表", "rows": 9, "cols": 3, "header_rows": 1,
            "cells": [], "locations": [] });
        let report = serde_json::json!({ "schema": "report/v1", "id": "r", "status": "extracted",
            "source": { "path": "a.pdf", "sha256": "", "bytes": 1, "format": "pdf" }, "identity": { "confidence": 1.0 },
            "sections": [], "bookmarks": [], "tables": [table], "charts": [], "facts": [], "indicators": [],
            "checks": { "satisfied": 0, "violated": 0, "not_checked": 0 }, "findings": [], "notes": [] });
        serde_json::from_value(report).expect("a report")
    }

    #[test]
    fn a_place_is_cited_in_the_language_asked_for() {
        let cell =
            Location { table: Some("t3".into()), row: Some(4), col: Some(1), ..Location::on_page(7, Rect::default()) };
        assert_eq!(Lang::Zh.place(&cell, &report()), "第7页《支出决算表》第5行第2列");
        assert_eq!(Lang::En.place(&cell, &report()), "page 7, table t3 row 4 col 1");
        assert_eq!(Lang::Zh.place(&Location::in_part("word/document.xml", 12), &report()), "第12段");
        assert_eq!(Lang::Zh.place(&Location::in_part("word/footnotes.xml", 2), &report()), "word/footnotes.xml第2段");
        assert_eq!(Lang::Zh.place(&Location::in_sheet("收入决算表", 6, 1), &report()), "工作表“收入决算表”B7");
    }
}
