//! Every column of every table. A table's rows are written in this order (`rows.rs`), and the words here are
//! those of `schemas/dataset.v1.schema.json`.

use super::schema::{Column, Kind, Table};

const fn col(name: &'static str, kind: Kind, doc: &'static str) -> Column {
    Column { name, kind, nullable: true, doc }
}

const fn must(name: &'static str, kind: Kind, doc: &'static str) -> Column {
    Column { name, kind, nullable: false, doc }
}

/// Joins a table's own columns between those of the report and those of a place.
macro_rules! columns {
    (key $(, $column:expr)* ; place) => {
        &[KEY[0], KEY[1], KEY[2], KEY[3], $($column,)*
          PLACE[0], PLACE[1], PLACE[2], PLACE[3], PLACE[4], PLACE[5], PLACE[6], PLACE[7], PLACE[8], PLACE[9],
          PLACE[10], PLACE[11], PLACE[12], PLACE[13]]
    };
}

/// What every row of a report's content begins with.
const KEY: [Column; 4] = [
    must("report_id", Kind::Text, "Report that the row is of."),
    must("load_id", Kind::Text, "Run that wrote the row."),
    must("region_code", Kind::Text, "Six digits of GB/T 2260; 000000 when unknown."),
    col("fiscal_year", Kind::Int, "Year of the report's figures."),
];

/// Where something stands; what every row of a report's content ends with.
const PLACE: [Column; 14] = [
    col("page", Kind::Int, "Page of a PDF, from 1."),
    col("x0", Kind::Real, "Left edge on that page, in points from its top left corner."),
    col("y0", Kind::Real, "Top edge."),
    col("x1", Kind::Real, "Right edge."),
    col("y1", Kind::Real, "Bottom edge."),
    col("sheet", Kind::Text, "Name of a worksheet."),
    col("cell_ref", Kind::Text, "Cell or range of that sheet, such as B7."),
    col("part", Kind::Text, "Part of a package, such as word/document.xml."),
    col("paragraph", Kind::Int, "Paragraph of that part, from 1."),
    col("char_start", Kind::Int, "First character within the paragraph."),
    col("char_end", Kind::Int, "Character after the last one."),
    col("place_table", Kind::Text, "Table of the same report."),
    col("place_row", Kind::Int, "Row of that table, from 0."),
    col("place_col", Kind::Int, "Column of that table, from 0."),
];

impl Table {
    /// What one row is.
    #[must_use]
    pub fn grain(self) -> &'static str {
        match self {
            Self::Reports => "One row a version of a document, failures included: the ledger.",
            Self::Disclosures => {
                "One row an entity, level, year and kind: the documents that make it up, with the evidence."
            }
            Self::Sections => "One row a section.",
            Self::Bookmarks => "One row a bookmark or outline entry.",
            Self::Tables => "One row a logical table.",
            Self::Cells => "One row a cell, merged ones once.",
            Self::Charts => "One row a point of a chart's series.",
            Self::Facts => "One row a printed figure.",
            Self::Indicators => "One row an indicator of a performance form.",
            Self::Findings => "One row a thing that a report says wrongly, or that could not be told.",
            Self::Notes => "One row a loss or doubt on our side.",
            Self::Entities => {
                "One row a body and level that reported, by its name as printed, and a body that a file of bodies names."
            }
            Self::Regions => "One row a province, city or county of GB/T 2260, by its code.",
            Self::Metrics => "One row a metric of the dictionary.",
            Self::FuncCodes => "One row a code of the functional classification.",
            Self::EconCodes => "One row a code of the economic classification.",
            Self::RegionSummary => "Sums of preferred item-level expenditure by region, year, fund and function.",
        }
    }

    /// Its columns, in order.
    #[must_use]
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Reports => REPORTS,
            Self::Disclosures => DISCLOSURES,
            Self::Sections => SECTIONS,
            Self::Bookmarks => BOOKMARKS,
            Self::Tables => TABLES,
            Self::Cells => CELLS,
            Self::Charts => CHARTS,
            Self::Facts => FACTS,
            Self::Indicators => INDICATORS,
            Self::Findings => FINDINGS,
            Self::Notes => NOTES,
            Self::Entities => ENTITIES,
            Self::Regions => REGIONS,
            Self::Metrics => METRICS,
            Self::FuncCodes => FUNC_CODES,
            Self::EconCodes => ECON_CODES,
            Self::RegionSummary => REGION_SUMMARY,
        }
    }
}

const REPORTS: &[Column] = &[
    KEY[0],
    KEY[1],
    KEY[2],
    KEY[3],
    must("source_uri", Kind::Text, "Where the file lies."),
    col("sha256", Kind::Text, "SHA-256 of its bytes; absent when it could not be read."),
    must("bytes", Kind::Long, "Its size."),
    col("modified_at", Kind::Time, "When the file was last changed."),
    must("format", Kind::Text, "Format, told by content."),
    must("extractor", Kind::Text, "Name and version of the extractor."),
    must("loaded_at", Kind::Time, "When the run began."),
    must(
        "status",
        Kind::Text,
        "extracted, partial, needs_ocr, refused, failed, quarantined or skipped; superseded when a newer version took its \
         place, vanished when the file is gone.",
    ),
    col("error", Kind::Text, "What stopped it."),
    col("error_place", Kind::Text, "Where that showed."),
    col("duplicate_of", Kind::Text, "The source that has the same bytes and was taken instead."),
    must("attempts", Kind::Int, "How many times reading was tried."),
    must("millis", Kind::Long, "How long reading took, in milliseconds."),
    col("producer", Kind::Text, "Program that made the file, as it says."),
    col("pages", Kind::Int, "Pages of a PDF, or as the producer of a DOCX counted them."),
    col("sheets", Kind::Int, "Sheets of a workbook."),
    col("document_modified", Kind::Text, "Last change as the file says."),
    col("kind", Kind::Text, "Kind of report, such as final_accounts.department."),
    col("title", Kind::Text, "Title as printed on the cover."),
    col("entity", Kind::Text, "Full name of the body that reports."),
    col("entity_level", Kind::Text, "department or unit; the two are never added up."),
    col("region_name", Kind::Text, "Name of the region."),
    col("published", Kind::Text, "Date of publication as far as it is printed."),
    must("identity_confidence", Kind::Real, "How sure the identity is, 0 to 1."),
    must("conflicts", Kind::Int, "Readings of the identity that disagree."),
    must("conflicts_json", Kind::Text, "All of them, as the JSON list of the report."),
    must("section_count", Kind::Int, "Sections."),
    must("table_count", Kind::Int, "Logical tables."),
    must("placed_table_count", Kind::Int, "Logical tables with a form."),
    must("chart_count", Kind::Int, "Charts."),
    must("fact_count", Kind::Int, "Facts."),
    must("leaf_count", Kind::Int, "Facts that a region's sums may use."),
    must("indicator_count", Kind::Int, "Indicators."),
    must("finding_count", Kind::Int, "Findings that are violated."),
    must("note_count", Kind::Int, "Notes."),
    must("checks_satisfied", Kind::Int, "Checks that hold."),
    must("checks_violated", Kind::Int, "Checks that do not."),
    must("checks_not_checked", Kind::Int, "Checks with a side missing."),
    col(
        "joining",
        Kind::Text,
        "What joining documents into disclosures looks at, as JSON; absent where nothing was read.",
    ),
];

const DISCLOSURES: &[Column] = &[
    must("disclosure_id", Kind::Text, "Stable for region, entity, level, year and kind."),
    KEY[1],
    KEY[2],
    KEY[3],
    must("entity", Kind::Text, "Full name of the body that reports."),
    col("entity_level", Kind::Text, "department or unit."),
    col("kind", Kind::Text, "Kind of report."),
    must("document_count", Kind::Int, "Documents that make it up, superseded ones left out."),
    must("documents", Kind::Text, "Their report_ids, a line each, the most complete one first."),
    must("superseded", Kind::Text, "report_ids of earlier versions and copies, a line each."),
    must("statements_present", Kind::Text, "Expected statements that it holds with figures, a line each."),
    must("statements_empty", Kind::Text, "Those that it holds without figures or says there is nothing for."),
    must("statements_missing", Kind::Text, "The others."),
    must(
        "members_json",
        Kind::Text,
        "Every document as JSON: part (whole, text, tables, annex, other), evidence for the join, what superseded it, \
         figures that differ.",
    ),
    must("doubts", Kind::Text, "What is doubtful about it, a line each; a doubtful join is not made."),
];

const ENTITIES: &[Column] = &[
    must("entity_id", Kind::Text, "Stable for region, name and level."),
    KEY[1],
    KEY[2],
    col("region_name", Kind::Text, "Name of the region."),
    must("entity", Kind::Text, "Full name as printed; a body that changed its name has two rows."),
    col("entity_level", Kind::Text, "department or unit; the two are never added up."),
    col("first_year", Kind::Int, "First year that it reported, as far as seen."),
    col("last_year", Kind::Int, "Last such year."),
    must("years", Kind::Text, "Years that it reported, a line each."),
    must("kinds", Kind::Text, "Kinds of report, a line each."),
    must("report_count", Kind::Int, "Documents; 0 for one that only the file of bodies names."),
    col("canonical", Kind::Text, "Name under which its years belong together: the views use it."),
    col("aliases", Kind::Text, "Other names by the file of bodies, a line each."),
    col("valid_from", Kind::Text, "Since when it exists by that file: a year, month or day (ISO 8601)."),
    col("valid_to", Kind::Text, "Until when."),
    col("parent", Kind::Text, "The body that it belongs to."),
    col("successor", Kind::Text, "The body that took its place."),
    col("change", Kind::Text, "renamed, merged or abolished."),
];

const REGIONS: &[Column] = &[
    KEY[1],
    must("region_code", Kind::Text, "Six digits of GB/T 2260."),
    must("name", Kind::Text, "Name without that of the region above."),
    must("level", Kind::Text, "province, city or county."),
    col("parent_code", Kind::Text, "Region above."),
];

const METRICS: &[Column] = &[
    KEY[1],
    must("metric", Kind::Text, "Id, as in facts."),
    must("label", Kind::Text, "What people call it."),
    must("kind", Kind::Text, "money, count, score or text."),
    must("aggregation", Kind::Text, "sum; balance and stock (not over years); none."),
    col("fund", Kind::Text, "Budget that pays, where the metric itself says so."),
];

const FUNC_CODES: &[Column] = &[
    KEY[1],
    must("func_code", Kind::Text, "3, 5 or 7 digits."),
    must("name", Kind::Text, "Official name."),
    must("level", Kind::Text, "class, section or item."),
    col("parent_code", Kind::Text, "Code above."),
];

const ECON_CODES: &[Column] = &[
    KEY[1],
    must("econ_code", Kind::Text, "3 or 5 digits."),
    must("name", Kind::Text, "Official name."),
    must("level", Kind::Text, "class or section."),
    col("parent_code", Kind::Text, "Code above."),
];

const SECTIONS: &[Column] = columns![key,
    must("section_id", Kind::Text, "Unique within the report."),
    must("ordinal", Kind::Int, "Position in the report, from 0."),
    col("parent_id", Kind::Text, "Section that holds it."),
    must("level", Kind::Int, "Depth, from 1."),
    must("label", Kind::Text, "Number as printed or computed."),
    must("title", Kind::Text, "Heading without its number."),
    must("bookmarks", Kind::Text, "Names of the bookmarks that address the heading, a line each."),
    must("text", Kind::Text, "Its own paragraphs; subsections are not repeated.")
    ; place];

const BOOKMARKS: &[Column] = columns![key,
    must("ordinal", Kind::Int, "Position in the report, from 0."),
    must("name", Kind::Text, "Its name."),
    must("kind", Kind::Text, "heading, displaced, inside or system."),
    col("section_id", Kind::Text, "Section that it addresses or stands in."),
    must("text", Kind::Text, "The text that it spans.")
    ; place];

const TABLES: &[Column] = columns![key,
    must("table_id", Kind::Text, "Unique within the report."),
    must("ordinal", Kind::Int, "Position in the report, from 0."),
    col("form", Kind::Text, "Statement form that it is."),
    col("title", Kind::Text, "Title as printed."),
    col("code", Kind::Text, "Form code as printed."),
    col("unit", Kind::Text, "Unit of its amounts as printed."),
    must("captions", Kind::Text, "Other lines above the grid, a line each."),
    must("footnotes", Kind::Text, "Lines below the grid, a line each."),
    col("section_id", Kind::Text, "Section that it stands in."),
    must("rows", Kind::Int, "Rows of the grid."),
    must("cols", Kind::Int, "Columns of the grid."),
    must("header_rows", Kind::Int, "Leading rows that hold column headers."),
    must("score", Kind::Real, "How sure the form is, 0 to 1."),
    must("reasons", Kind::Text, "What spoke for the form, a line each."),
    must("pages", Kind::Int, "Places that it runs over, such as pages; the first one follows."),
    must("locations", Kind::Text, "All of them, as the JSON list of the report.")
    ; place];

const CELLS: &[Column] = columns![key,
    must("table_id", Kind::Text, "Table that it is of."),
    must("row", Kind::Int, "First row that it covers, from 0."),
    must("col", Kind::Int, "First column that it covers, from 0."),
    must("row_span", Kind::Int, "Rows that it covers."),
    must("col_span", Kind::Int, "Columns that it covers."),
    must("is_header", Kind::Bool, "Whether it stands in a header row."),
    must("text", Kind::Text, "Its text.")
    ; place];

const CHARTS: &[Column] = columns![key,
    must("chart_id", Kind::Text, "Unique within the report."),
    col("title", Kind::Text, "Title inside the chart."),
    col("caption", Kind::Text, "Line of text that names it."),
    must("kind", Kind::Text, "Chart type of DrawingML."),
    col("section_id", Kind::Text, "Section that it stands in."),
    must("series_index", Kind::Int, "Series, from 0."),
    must("series", Kind::Text, "Name of the series."),
    must("point_index", Kind::Int, "Point, from 0."),
    must("category", Kind::Text, "Category label."),
    col("value", Kind::Ratio, "Cached value.")
    ; place];

const FACTS: &[Column] = columns![key,
    must("fact_id", Kind::Text, "Unique within the report."),
    must("metric", Kind::Text, "Metric of the dictionary."),
    must("measure", Kind::Text, "amount, share, yoy_abs, yoy_pct, completion, count or score."),
    col("period", Kind::Text, "Year that the figure is of."),
    col("phase", Kind::Text, "final, initial_budget, adjusted_budget or execution."),
    col("fund", Kind::Text, "gpb, gf, soc, fiscal, nonfiscal or all."),
    col("func_code", Kind::Text, "Functional classification: 3, 5 or 7 digits."),
    col("func_name", Kind::Text, "Its name as printed."),
    col("code_source", Kind::Text, "printed or inferred."),
    col("econ_code", Kind::Text, "Economic classification: 3 or 5 digits."),
    col("econ_name", Kind::Text, "Its name as printed."),
    col("project", Kind::Text, "Project that it is of."),
    col("entity", Kind::Text, "Body that it is of, where that is not the report's."),
    col("row_level", Kind::Text, "total, class, section or item; never added up across."),
    must("is_leaf", Kind::Bool, "Whether it is a preferred item-level expenditure of the report's own year."),
    col("value", Kind::Amount, "Exact value in the base unit; absent, with a note, when 20 digits do not hold it."),
    must("unit", Kind::Text, "Base unit: 元 for money."),
    must("printed", Kind::Text, "The literal as printed."),
    col("printed_unit", Kind::Text, "The unit that it is printed in."),
    must("decimals", Kind::Int, "Digits after the point as printed."),
    must("basis", Kind::Text, "table, narrative, annex, form or chart."),
    must("preferred", Kind::Bool, "Whether it is the one to take among several printings."),
    must("confidence", Kind::Real, "How sure the reading is, 0 to 1.")
    ; place];

const INDICATORS: &[Column] = columns![key,
    must("ordinal", Kind::Int, "Position in the report, from 0."),
    must("project", Kind::Text, "Project, or the body."),
    must("level1", Kind::Text, "First-level indicator."),
    must("level2", Kind::Text, "Second-level indicator."),
    must("level3", Kind::Text, "Third-level indicator."),
    must("target", Kind::Text, "Target as printed."),
    must("actual", Kind::Text, "Outcome as printed."),
    col("weight", Kind::Ratio, "Full mark."),
    col("score", Kind::Ratio, "Mark.")
    ; place];

const FINDINGS: &[Column] = columns![key,
    must("ordinal", Kind::Int, "Position in the report, from 0."),
    must("code", Kind::Text, "Id of the check."),
    must("severity", Kind::Text, "critical, error, warn or info."),
    must("status", Kind::Text, "violated or not_checked."),
    must("message", Kind::Text, "What is wrong."),
    col("lhs", Kind::Text, "Left side."),
    col("rhs", Kind::Text, "Right side."),
    col("delta", Kind::Ratio, "Left minus right."),
    col("tolerance", Kind::Ratio, "How far they may differ by rounding."),
    must("facts", Kind::Text, "Facts that it rests on, a line each."),
    must("places", Kind::Int, "Places to look at; the first one follows."),
    must("locations", Kind::Text, "All of them, as the JSON list of the report."),
    col("hint", Kind::Text, "What may be meant.")
    ; place];

const NOTES: &[Column] = columns![key,
    must("ordinal", Kind::Int, "Position in the report, from 0."),
    must("kind", Kind::Text, "What it is about."),
    must("message", Kind::Text, "What happened.")
    ; place];

const REGION_SUMMARY: &[Column] = &[
    KEY[1],
    KEY[2],
    KEY[3],
    must("entity_level", Kind::Text, "department or unit, empty when unknown; never added up across."),
    must("phase", Kind::Text, "Stage of the budget."),
    must("fund", Kind::Text, "gpb, gf, soc or all; all holds the others and is never added to them."),
    must("func_code", Kind::Text, "Functional classification, 7 digits."),
    col("func_name", Kind::Text, "Its name as first printed."),
    must("amount", Kind::Amount, "Sum in 元."),
    must("facts", Kind::Int, "Figures that were added."),
    must("reports", Kind::Int, "Reports that they stand in."),
];
