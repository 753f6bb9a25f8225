-- The warehouse's tables, version 1, as `juesuan load` creates them: the tables of the dataset with their keys, what
-- every table and column means, indexes and views. Made from the program (src/warehouse/ddl.rs); do not edit.
-- To create them by hand: CREATE SCHEMA juesuan; SET search_path TO juesuan; then this file. Text compares byte by byte
-- (COLLATE "C"), so that a view chooses the same report here as in every other engine.

CREATE TABLE schema_versions (
  version integer PRIMARY KEY,
  applied_at timestamptz NOT NULL DEFAULT now(),
  applied_by text NOT NULL
);
COMMENT ON TABLE schema_versions IS 'One row a migration that was applied; the highest version is that of this schema.';
COMMENT ON COLUMN schema_versions.version IS 'Version, from 1.';
COMMENT ON COLUMN schema_versions.applied_at IS 'When it was applied.';
COMMENT ON COLUMN schema_versions.applied_by IS 'Program and version that applied it.';

CREATE TABLE loaded_versions (
  table_name text COLLATE "C" PRIMARY KEY,
  dataset_id text NOT NULL,
  delta_version bigint NOT NULL,
  loaded_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE loaded_versions IS 'Up to which version of each Delta table the rows here go.';
COMMENT ON COLUMN loaded_versions.table_name IS 'Table of the dataset.';
COMMENT ON COLUMN loaded_versions.dataset_id IS 'Id of the dataset: that of its Delta table reports.';
COMMENT ON COLUMN loaded_versions.delta_version IS 'Version of the Delta table.';
COMMENT ON COLUMN loaded_versions.loaded_at IS 'When it was loaded.';

CREATE TABLE load_batches (
  batch bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  finished_at timestamptz NOT NULL DEFAULT now(),
  loaded_by text NOT NULL,
  documents bigint NOT NULL,
  rows_inserted bigint NOT NULL,
  rows_deleted bigint NOT NULL
);
COMMENT ON TABLE load_batches IS 'One row a transaction of `juesuan load` that changed something.';
COMMENT ON COLUMN load_batches.batch IS 'Number of the batch.';
COMMENT ON COLUMN load_batches.finished_at IS 'When its transaction began.';
COMMENT ON COLUMN load_batches.loaded_by IS 'Program and version that loaded it.';
COMMENT ON COLUMN load_batches.documents IS 'Document versions that came or changed.';
COMMENT ON COLUMN load_batches.rows_inserted IS 'Rows inserted in all tables.';
COMMENT ON COLUMN load_batches.rows_deleted IS 'Rows deleted in all tables.';

CREATE TABLE reports (
  "report_id" text COLLATE "C" NOT NULL,
  "load_id" text COLLATE "C" NOT NULL,
  "region_code" text COLLATE "C" NOT NULL,
  "fiscal_year" integer,
  "source_uri" text COLLATE "C" NOT NULL,
  "sha256" text COLLATE "C",
  "bytes" bigint NOT NULL,
  "modified_at" timestamptz,
  "format" text COLLATE "C" NOT NULL,
  "extractor" text COLLATE "C" NOT NULL,
  "loaded_at" timestamptz NOT NULL,
  "status" text COLLATE "C" NOT NULL,
  "error" text COLLATE "C",
  "error_place" text COLLATE "C",
  "duplicate_of" text COLLATE "C",
  "attempts" integer NOT NULL,
  "millis" bigint NOT NULL,
  "producer" text COLLATE "C",
  "pages" integer,
  "sheets" integer,
  "document_modified" text COLLATE "C",
  "kind" text COLLATE "C",
  "title" text COLLATE "C",
  "entity" text COLLATE "C",
  "entity_level" text COLLATE "C",
  "region_name" text COLLATE "C",
  "published" text COLLATE "C",
  "identity_confidence" real NOT NULL,
  "conflicts" integer NOT NULL,
  "conflicts_json" text COLLATE "C" NOT NULL,
  "section_count" integer NOT NULL,
  "table_count" integer NOT NULL,
  "placed_table_count" integer NOT NULL,
  "chart_count" integer NOT NULL,
  "fact_count" integer NOT NULL,
  "leaf_count" integer NOT NULL,
  "indicator_count" integer NOT NULL,
  "finding_count" integer NOT NULL,
  "note_count" integer NOT NULL,
  "checks_satisfied" integer NOT NULL,
  "checks_violated" integer NOT NULL,
  "checks_not_checked" integer NOT NULL,
  "joining" text COLLATE "C",
  PRIMARY KEY ("source_uri", "load_id")
);
COMMENT ON TABLE reports IS 'One row a version of a document, failures included: the ledger.';
COMMENT ON COLUMN reports."report_id" IS 'Report that the row is of.';
COMMENT ON COLUMN reports."load_id" IS 'Run that wrote the row.';
COMMENT ON COLUMN reports."region_code" IS 'Six digits of GB/T 2260; 000000 when unknown.';
COMMENT ON COLUMN reports."fiscal_year" IS 'Year of the report''s figures.';
COMMENT ON COLUMN reports."source_uri" IS 'Where the file lies.';
COMMENT ON COLUMN reports."sha256" IS 'SHA-256 of its bytes; absent when it could not be read.';
COMMENT ON COLUMN reports."bytes" IS 'Its size.';
COMMENT ON COLUMN reports."modified_at" IS 'When the file was last changed.';
COMMENT ON COLUMN reports."format" IS 'Format, told by content.';
COMMENT ON COLUMN reports."extractor" IS 'Name and version of the extractor.';
COMMENT ON COLUMN reports."loaded_at" IS 'When the run began.';
COMMENT ON COLUMN reports."status" IS 'extracted, partial, needs_ocr, refused, failed, quarantined or skipped; superseded when a newer version took its place, vanished when the file is gone.';
COMMENT ON COLUMN reports."error" IS 'What stopped it.';
COMMENT ON COLUMN reports."error_place" IS 'Where that showed.';
COMMENT ON COLUMN reports."duplicate_of" IS 'The source that has the same bytes and was taken instead.';
COMMENT ON COLUMN reports."attempts" IS 'How many times reading was tried.';
COMMENT ON COLUMN reports."millis" IS 'How long reading took, in milliseconds.';
COMMENT ON COLUMN reports."producer" IS 'Program that made the file, as it says.';
COMMENT ON COLUMN reports."pages" IS 'Pages of a PDF, or as the producer of a DOCX counted them.';
COMMENT ON COLUMN reports."sheets" IS 'Sheets of a workbook.';
COMMENT ON COLUMN reports."document_modified" IS 'Last change as the file says.';
COMMENT ON COLUMN reports."kind" IS 'Kind of report, such as final_accounts.department.';
COMMENT ON COLUMN reports."title" IS 'Title as printed on the cover.';
COMMENT ON COLUMN reports."entity" IS 'Full name of the body that reports.';
COMMENT ON COLUMN reports."entity_level" IS 'department or unit; the two are never added up.';
COMMENT ON COLUMN reports."region_name" IS 'Name of the region.';
COMMENT ON COLUMN reports."published" IS 'Date of publication as far as it is printed.';
COMMENT ON COLUMN reports."identity_confidence" IS 'How sure the identity is, 0 to 1.';
COMMENT ON COLUMN reports."conflicts" IS 'Readings of the identity that disagree.';
COMMENT ON COLUMN reports."conflicts_json" IS 'All of them, as the JSON list of the report.';
COMMENT ON COLUMN reports."section_count" IS 'Sections.';
COMMENT ON COLUMN reports."table_count" IS 'Logical tables.';
COMMENT ON COLUMN reports."placed_table_count" IS 'Logical tables with a form.';
COMMENT ON COLUMN reports."chart_count" IS 'Charts.';
COMMENT ON COLUMN reports."fact_count" IS 'Facts.';
COMMENT ON COLUMN reports."leaf_count" IS 'Facts that a region''s sums may use.';
COMMENT ON COLUMN reports."indicator_count" IS 'Indicators.';
COMMENT ON COLUMN reports."finding_count" IS 'Findings that are violated.';
COMMENT ON COLUMN reports."note_count" IS 'Notes.';
COMMENT ON COLUMN reports."checks_satisfied" IS 'Checks that hold.';
COMMENT ON COLUMN reports."checks_violated" IS 'Checks that do not.';
COMMENT ON COLUMN reports."checks_not_checked" IS 'Checks with a side missing.';
COMMENT ON COLUMN reports."joining" IS 'What joining documents into disclosures looks at, as JSON; absent where nothing was read.';

CREATE TABLE disclosures (
  "disclosure_id" text COLLATE "C" NOT NULL,
  "load_id" text COLLATE "C" NOT NULL,
  "region_code" text COLLATE "C" NOT NULL,
  "fiscal_year" integer,
  "entity" text COLLATE "C" NOT NULL,
  "entity_level" text COLLATE "C",
  "kind" text COLLATE "C",
  "document_count" integer NOT NULL,
  "documents" text COLLATE "C" NOT NULL,
  "superseded" text COLLATE "C" NOT NULL,
  "statements_present" text COLLATE "C" NOT NULL,
  "statements_empty" text COLLATE "C" NOT NULL,
  "statements_missing" text COLLATE "C" NOT NULL,
  "members_json" text COLLATE "C" NOT NULL,
  "doubts" text COLLATE "C" NOT NULL,
  PRIMARY KEY ("disclosure_id")
);
COMMENT ON TABLE disclosures IS 'One row an entity, level, year and kind: the documents that make it up, with the evidence.';
COMMENT ON COLUMN disclosures."disclosure_id" IS 'Stable for region, entity, level, year and kind.';
COMMENT ON COLUMN disclosures."load_id" IS 'Run that wrote the row.';
COMMENT ON COLUMN disclosures."region_code" IS 'Six digits of GB/T 2260; 000000 when unknown.';
COMMENT ON COLUMN disclosures."fiscal_year" IS 'Year of the report''s figures.';
COMMENT ON COLUMN disclosures."entity" IS 'Full name of the body that reports.';
COMMENT ON COLUMN disclosures."entity_level" IS 'department or unit.';
COMMENT ON COLUMN disclosures."kind" IS 'Kind of report.';
COMMENT ON COLUMN disclosures."document_count" IS 'Documents that make it up, superseded ones left out.';
COMMENT ON COLUMN disclosures."documents" IS 'Their report_ids, a line each, the most complete one first.';
COMMENT ON COLUMN disclosures."superseded" IS 'report_ids of earlier versions and copies, a line each.';
COMMENT ON COLUMN disclosures."statements_present" IS 'Expected statements that it holds with figures, a line each.';
COMMENT ON COLUMN disclosures."statements_empty" IS 'Those that it holds without figures or says there is nothing for.';
COMMENT ON COLUMN disclosures."statements_missing" IS 'The others.';
COMMENT ON COLUMN disclosures."members_json" IS 'Every document as JSON: part (whole, text, tables, annex, other), evidence for the join, what superseded it, figures that differ.';
COMMENT ON COLUMN disclosures."doubts" IS 'What is doubtful about it, a line each; a doubtful join is not made.';

CREATE TABLE sections (
  "report_id" text COLLATE "C" NOT NULL,
  "load_id" text COLLATE "C" NOT NULL,
  "region_code" text COLLATE "C" NOT NULL,
  "fiscal_year" integer,
  "section_id" text COLLATE "C" NOT NULL,
  "ordinal" integer NOT NULL,
  "parent_id" text COLLATE "C",
  "level" integer NOT NULL,
  "label" text COLLATE "C" NOT NULL,
  "title" text COLLATE "C" NOT NULL,
  "bookmarks" text COLLATE "C" NOT NULL,
  "text" text COLLATE "C" NOT NULL,
  "page" integer,
  "x0" real,
  "y0" real,
  "x1" real,
  "y1" real,
  "sheet" text COLLATE "C",
  "cell_ref" text COLLATE "C",
  "part" text COLLATE "C",
  "paragraph" integer,
  "char_start" integer,
  "char_end" integer,
  "place_table" text COLLATE "C",
  "place_row" integer,
  "place_col" integer,
  PRIMARY KEY ("report_id", "load_id", "section_id")
);
COMMENT ON TABLE sections IS 'One row a section.';
COMMENT ON COLUMN sections."report_id" IS 'Report that the row is of.';
COMMENT ON COLUMN sections."load_id" IS 'Run that wrote the row.';
COMMENT ON COLUMN sections."region_code" IS 'Six digits of GB/T 2260; 000000 when unknown.';
COMMENT ON COLUMN sections."fiscal_year" IS 'Year of the report''s figures.';
COMMENT ON COLUMN sections."section_id" IS 'Unique within the report.';
COMMENT ON COLUMN sections."ordinal" IS 'Position in the report, from 0.';
COMMENT ON COLUMN sections."parent_id" IS 'Section that holds it.';
COMMENT ON COLUMN sections."level" IS 'Depth, from 1.';
COMMENT ON COLUMN sections."label" IS 'Number as printed or computed.';
COMMENT ON COLUMN sections."title" IS 'Heading without its number.';
COMMENT ON COLUMN sections."bookmarks" IS 'Names of the bookmarks that address the heading, a line each.';
COMMENT ON COLUMN sections."text" IS 'Its own paragraphs; subsections are not repeated.';
COMMENT ON COLUMN sections."page" IS 'Page of a PDF, from 1.';
COMMENT ON COLUMN sections."x0" IS 'Left edge on that page, in points from its top left corner.';
COMMENT ON COLUMN sections."y0" IS 'Top edge.';
COMMENT ON COLUMN sections."x1" IS 'Right edge.';
COMMENT ON COLUMN sections."y1" IS 'Bottom edge.';
COMMENT ON COLUMN sections."sheet" IS 'Name of a worksheet.';
COMMENT ON COLUMN sections."cell_ref" IS 'Cell or range of that sheet, such as B7.';
COMMENT ON COLUMN sections."part" IS 'Part of a package, such as word/document.xml.';
COMMENT ON COLUMN sections."paragraph" IS 'Paragraph of that part, from 1.';
COMMENT ON COLUMN sections."char_start" IS 'First character within the paragraph.';
COMMENT ON COLUMN sections."char_end" IS 'Character after the last one.';
COMMENT ON COLUMN sections."place_table" IS 'Table of the same report.';
COMMENT ON COLUMN sections."place_row" IS 'Row of that table, from 0.';
COMMENT ON COLUMN sections."place_col" IS 'Column of that table, from 0.';

CREATE TABLE bookmarks (
  "report_id" text COLLATE "C" NOT NULL,
  "load_id" text COLLATE "C" NOT NULL,
  "region_code" text COLLATE "C" NOT NULL,
  "fiscal_year" integer,
  "ordinal" integer NOT NULL,
  "name" text COLLATE "C" NOT NULL,
  "kind" text COLLATE "C" NOT NULL,
  "section_id" text COLLATE "C",
  "text" text COLLATE "C" NOT NULL,
  "page" integer,
  "x0" real,
  "y0" real,
  "x1" real,
  "y1" real,
  "sheet" text COLLATE "C",
  "cell_ref" text COLLATE "C",
  "part" text COLLATE "C",
  "paragraph" integer,
  "char_start" integer,
  "char_end" integer,
  "place_table" text COLLATE "C",
  "place_row" integer,
  "place_col" integer,
  PRIMARY KEY ("report_id", "load_id", "ordinal")
);
COMMENT ON TABLE bookmarks IS 'One row a bookmark or outline entry.';
COMMENT ON COLUMN bookmarks."report_id" IS 'Report that the row is of.';
COMMENT ON COLUMN bookmarks."load_id" IS 'Run that wrote the row.';
COMMENT ON COLUMN bookmarks."region_code" IS 'Six digits of GB/T 2260; 000000 when unknown.';
COMMENT ON COLUMN bookmarks."fiscal_year" IS 'Year of the report''s figures.';
COMMENT ON COLUMN bookmarks."ordinal" IS 'Position in the report, from 0.';
COMMENT ON COLUMN bookmarks."name" IS 'Its name.';
COMMENT ON COLUMN bookmarks."kind" IS 'heading, displaced, inside or system.';
COMMENT ON COLUMN bookmarks."section_id" IS 'Section that it addresses or stands in.';
COMMENT ON COLUMN bookmarks."text" IS 'The text that it spans.';
COMMENT ON COLUMN bookmarks."page" IS 'Page of a PDF, from 1.';
COMMENT ON COLUMN bookmarks."x0" IS 'Left edge on that page, in points from its top left corner.';
COMMENT ON COLUMN bookmarks."y0" IS 'Top edge.';
COMMENT ON COLUMN bookmarks."x1" IS 'Right edge.';
COMMENT ON COLUMN bookmarks."y1" IS 'Bottom edge.';
COMMENT ON COLUMN bookmarks."sheet" IS 'Name of a worksheet.';
COMMENT ON COLUMN bookmarks."cell_ref" IS 'Cell or range of that sheet, such as B7.';
COMMENT ON COLUMN bookmarks."part" IS 'Part of a package, such as word/document.xml.';
COMMENT ON COLUMN bookmarks."paragraph" IS 'Paragraph of that part, from 1.';
COMMENT ON COLUMN bookmarks."char_start" IS 'First character within the paragraph.';
COMMENT ON COLUMN bookmarks."char_end" IS 'Character after the last one.';
COMMENT ON COLUMN bookmarks."place_table" IS 'Table of the same report.';
COMMENT ON COLUMN bookmarks."place_row" IS 'Row of that table, from 0.';
COMMENT ON COLUMN bookmarks."place_col" IS 'Column of that table, from 0.';

CREATE TABLE tables (
  "report_id" text COLLATE "C" NOT NULL,
  "load_id" text COLLATE "C" NOT NULL,
  "region_code" text COLLATE "C" NOT NULL,
  "fiscal_year" integer,
  "table_id" text COLLATE "C" NOT NULL,
  "ordinal" integer NOT NULL,
  "form" text COLLATE "C",
  "title" text COLLATE "C",
  "code" text COLLATE "C",
  "unit" text COLLATE "C",
  "captions" text COLLATE "C" NOT NULL,
  "footnotes" text COLLATE "C" NOT NULL,
  "section_id" text COLLATE "C",
  "rows" integer NOT NULL,
  "cols" integer NOT NULL,
  "header_rows" integer NOT NULL,
  "score" real NOT NULL,
  "reasons" text COLLATE "C" NOT NULL,
  "pages" integer NOT NULL,
  "locations" text COLLATE "C" NOT NULL,
  "page" integer,
  "x0" real,
  "y0" real,
  "x1" real,
  "y1" real,
  "sheet" text COLLATE "C",
  "cell_ref" text COLLATE "C",
  "part" text COLLATE "C",
  "paragraph" integer,
  "char_start" integer,
  "char_end" integer,
  "place_table" text COLLATE "C",
  "place_row" integer,
  "place_col" integer,
  PRIMARY KEY ("report_id", "load_id", "table_id")
);
COMMENT ON TABLE tables IS 'One row a logical table.';
COMMENT ON COLUMN tables."report_id" IS 'Report that the row is of.';
COMMENT ON COLUMN tables."load_id" IS 'Run that wrote the row.';
COMMENT ON COLUMN tables."region_code" IS 'Six digits of GB/T 2260; 000000 when unknown.';
COMMENT ON COLUMN tables."fiscal_year" IS 'Year of the report''s figures.';
COMMENT ON COLUMN tables."table_id" IS 'Unique within the report.';
COMMENT ON COLUMN tables."ordinal" IS 'Position in the report, from 0.';
COMMENT ON COLUMN tables."form" IS 'Statement form that it is.';
COMMENT ON COLUMN tables."title" IS 'Title as printed.';
COMMENT ON COLUMN tables."code" IS 'Form code as printed.';
COMMENT ON COLUMN tables."unit" IS 'Unit of its amounts as printed.';
COMMENT ON COLUMN tables."captions" IS 'Other lines above the grid, a line each.';
COMMENT ON COLUMN tables."footnotes" IS 'Lines below the grid, a line each.';
COMMENT ON COLUMN tables."section_id" IS 'Section that it stands in.';
COMMENT ON COLUMN tables."rows" IS 'Rows of the grid.';
COMMENT ON COLUMN tables."cols" IS 'Columns of the grid.';
COMMENT ON COLUMN tables."header_rows" IS 'Leading rows that hold column headers.';
COMMENT ON COLUMN tables."score" IS 'How sure the form is, 0 to 1.';
COMMENT ON COLUMN tables."reasons" IS 'What spoke for the form, a line each.';
COMMENT ON COLUMN tables."pages" IS 'Places that it runs over, such as pages; the first one follows.';
COMMENT ON COLUMN tables."locations" IS 'All of them, as the JSON list of the report.';
COMMENT ON COLUMN tables."page" IS 'Page of a PDF, from 1.';
COMMENT ON COLUMN tables."x0" IS 'Left edge on that page, in points from its top left corner.';
COMMENT ON COLUMN tables."y0" IS 'Top edge.';
COMMENT ON COLUMN tables."x1" IS 'Right edge.';
COMMENT ON COLUMN tables."y1" IS 'Bottom edge.';
COMMENT ON COLUMN tables."sheet" IS 'Name of a worksheet.';
COMMENT ON COLUMN tables."cell_ref" IS 'Cell or range of that sheet, such as B7.';
COMMENT ON COLUMN tables."part" IS 'Part of a package, such as word/document.xml.';
COMMENT ON COLUMN tables."paragraph" IS 'Paragraph of that part, from 1.';
COMMENT ON COLUMN tables."char_start" IS 'First character within the paragraph.';
COMMENT ON COLUMN tables."char_end" IS 'Character after the last one.';
COMMENT ON COLUMN tables."place_table" IS 'Table of the same report.';
COMMENT ON COLUMN tables."place_row" IS 'Row of that table, from 0.';
COMMENT ON COLUMN tables."place_col" IS 'Column of that table, from 0.';

CREATE TABLE cells (
  "report_id" text COLLATE "C" NOT NULL,
  "load_id" text COLLATE "C" NOT NULL,
  "region_code" text COLLATE "C" NOT NULL,
  "fiscal_year" integer,
  "table_id" text COLLATE "C" NOT NULL,
  "row" integer NOT NULL,
  "col" integer NOT NULL,
  "row_span" integer NOT NULL,
  "col_span" integer NOT NULL,
  "is_header" boolean NOT NULL,
  "text" text COLLATE "C" NOT NULL,
  "page" integer,
  "x0" real,
  "y0" real,
  "x1" real,
  "y1" real,
  "sheet" text COLLATE "C",
  "cell_ref" text COLLATE "C",
  "part" text COLLATE "C",
  "paragraph" integer,
  "char_start" integer,
  "char_end" integer,
  "place_table" text COLLATE "C",
  "place_row" integer,
  "place_col" integer,
  PRIMARY KEY ("report_id", "load_id", "table_id", "row", "col")
);
COMMENT ON TABLE cells IS 'One row a cell, merged ones once.';
COMMENT ON COLUMN cells."report_id" IS 'Report that the row is of.';
COMMENT ON COLUMN cells."load_id" IS 'Run that wrote the row.';
COMMENT ON COLUMN cells."region_code" IS 'Six digits of GB/T 2260; 000000 when unknown.';
COMMENT ON COLUMN cells."fiscal_year" IS 'Year of the report''s figures.';
COMMENT ON COLUMN cells."table_id" IS 'Table that it is of.';
COMMENT ON COLUMN cells."row" IS 'First row that it covers, from 0.';
COMMENT ON COLUMN cells."col" IS 'First column that it covers, from 0.';
COMMENT ON COLUMN cells."row_span" IS 'Rows that it covers.';
COMMENT ON COLUMN cells."col_span" IS 'Columns that it covers.';
COMMENT ON COLUMN cells."is_header" IS 'Whether it stands in a header row.';
COMMENT ON COLUMN cells."text" IS 'Its text.';
COMMENT ON COLUMN cells."page" IS 'Page of a PDF, from 1.';
COMMENT ON COLUMN cells."x0" IS 'Left edge on that page, in points from its top left corner.';
COMMENT ON COLUMN cells."y0" IS 'Top edge.';
COMMENT ON COLUMN cells."x1" IS 'Right edge.';
COMMENT ON COLUMN cells."y1" IS 'Bottom edge.';
COMMENT ON COLUMN cells."sheet" IS 'Name of a worksheet.';
COMMENT ON COLUMN cells."cell_ref" IS 'Cell or range of that sheet, such as B7.';
COMMENT ON COLUMN cells."part" IS 'Part of a package, such as word/document.xml.';
COMMENT ON COLUMN cells."paragraph" IS 'Paragraph of that part, from 1.';
COMMENT ON COLUMN cells."char_start" IS 'First character within the paragraph.';
COMMENT ON COLUMN cells."char_end" IS 'Character after the last one.';
COMMENT ON COLUMN cells."place_table" IS 'Table of the same report.';
COMMENT ON COLUMN cells."place_row" IS 'Row of that table, from 0.';
COMMENT ON COLUMN cells."place_col" IS 'Column of that table, from 0.';

CREATE TABLE charts (
  "report_id" text COLLATE "C" NOT NULL,
  "load_id" text COLLATE "C" NOT NULL,
  "region_code" text COLLATE "C" NOT NULL,
  "fiscal_year" integer,
  "chart_id" text COLLATE "C" NOT NULL,
  "title" text COLLATE "C",
  "caption" text COLLATE "C",
  "kind" text COLLATE "C" NOT NULL,
  "section_id" text COLLATE "C",
  "series_index" integer NOT NULL,
  "series" text COLLATE "C" NOT NULL,
  "point_index" integer NOT NULL,
  "category" text COLLATE "C" NOT NULL,
  "value" numeric(38,10),
  "page" integer,
  "x0" real,
  "y0" real,
  "x1" real,
  "y1" real,
  "sheet" text COLLATE "C",
  "cell_ref" text COLLATE "C",
  "part" text COLLATE "C",
  "paragraph" integer,
  "char_start" integer,
  "char_end" integer,
  "place_table" text COLLATE "C",
  "place_row" integer,
  "place_col" integer,
  PRIMARY KEY ("report_id", "load_id", "chart_id", "series_index", "point_index")
);
COMMENT ON TABLE charts IS 'One row a point of a chart''s series.';
COMMENT ON COLUMN charts."report_id" IS 'Report that the row is of.';
COMMENT ON COLUMN charts."load_id" IS 'Run that wrote the row.';
COMMENT ON COLUMN charts."region_code" IS 'Six digits of GB/T 2260; 000000 when unknown.';
COMMENT ON COLUMN charts."fiscal_year" IS 'Year of the report''s figures.';
COMMENT ON COLUMN charts."chart_id" IS 'Unique within the report.';
COMMENT ON COLUMN charts."title" IS 'Title inside the chart.';
COMMENT ON COLUMN charts."caption" IS 'Line of text that names it.';
COMMENT ON COLUMN charts."kind" IS 'Chart type of DrawingML.';
COMMENT ON COLUMN charts."section_id" IS 'Section that it stands in.';
COMMENT ON COLUMN charts."series_index" IS 'Series, from 0.';
COMMENT ON COLUMN charts."series" IS 'Name of the series.';
COMMENT ON COLUMN charts."point_index" IS 'Point, from 0.';
COMMENT ON COLUMN charts."category" IS 'Category label.';
COMMENT ON COLUMN charts."value" IS 'Cached value.';
COMMENT ON COLUMN charts."page" IS 'Page of a PDF, from 1.';
COMMENT ON COLUMN charts."x0" IS 'Left edge on that page, in points from its top left corner.';
COMMENT ON COLUMN charts."y0" IS 'Top edge.';
COMMENT ON COLUMN charts."x1" IS 'Right edge.';
COMMENT ON COLUMN charts."y1" IS 'Bottom edge.';
COMMENT ON COLUMN charts."sheet" IS 'Name of a worksheet.';
COMMENT ON COLUMN charts."cell_ref" IS 'Cell or range of that sheet, such as B7.';
COMMENT ON COLUMN charts."part" IS 'Part of a package, such as word/document.xml.';
COMMENT ON COLUMN charts."paragraph" IS 'Paragraph of that part, from 1.';
COMMENT ON COLUMN charts."char_start" IS 'First character within the paragraph.';
COMMENT ON COLUMN charts."char_end" IS 'Character after the last one.';
COMMENT ON COLUMN charts."place_table" IS 'Table of the same report.';
COMMENT ON COLUMN charts."place_row" IS 'Row of that table, from 0.';
COMMENT ON COLUMN charts."place_col" IS 'Column of that table, from 0.';

CREATE TABLE facts (
  "report_id" text COLLATE "C" NOT NULL,
  "load_id" text COLLATE "C" NOT NULL,
  "region_code" text COLLATE "C" NOT NULL,
  "fiscal_year" integer,
  "fact_id" text COLLATE "C" NOT NULL,
  "metric" text COLLATE "C" NOT NULL,
  "measure" text COLLATE "C" NOT NULL,
  "period" text COLLATE "C",
  "phase" text COLLATE "C",
  "fund" text COLLATE "C",
  "func_code" text COLLATE "C",
  "func_name" text COLLATE "C",
  "code_source" text COLLATE "C",
  "econ_code" text COLLATE "C",
  "econ_name" text COLLATE "C",
  "project" text COLLATE "C",
  "entity" text COLLATE "C",
  "row_level" text COLLATE "C",
  "is_leaf" boolean NOT NULL,
  "value" numeric(20,4),
  "unit" text COLLATE "C" NOT NULL,
  "printed" text COLLATE "C" NOT NULL,
  "printed_unit" text COLLATE "C",
  "decimals" integer NOT NULL,
  "basis" text COLLATE "C" NOT NULL,
  "preferred" boolean NOT NULL,
  "confidence" real NOT NULL,
  "page" integer,
  "x0" real,
  "y0" real,
  "x1" real,
  "y1" real,
  "sheet" text COLLATE "C",
  "cell_ref" text COLLATE "C",
  "part" text COLLATE "C",
  "paragraph" integer,
  "char_start" integer,
  "char_end" integer,
  "place_table" text COLLATE "C",
  "place_row" integer,
  "place_col" integer,
  PRIMARY KEY ("report_id", "load_id", "fact_id")
);
COMMENT ON TABLE facts IS 'One row a printed figure.';
COMMENT ON COLUMN facts."report_id" IS 'Report that the row is of.';
COMMENT ON COLUMN facts."load_id" IS 'Run that wrote the row.';
COMMENT ON COLUMN facts."region_code" IS 'Six digits of GB/T 2260; 000000 when unknown.';
COMMENT ON COLUMN facts."fiscal_year" IS 'Year of the report''s figures.';
COMMENT ON COLUMN facts."fact_id" IS 'Unique within the report.';
COMMENT ON COLUMN facts."metric" IS 'Metric of the dictionary.';
COMMENT ON COLUMN facts."measure" IS 'amount, share, yoy_abs, yoy_pct, completion, count or score.';
COMMENT ON COLUMN facts."period" IS 'Year that the figure is of.';
COMMENT ON COLUMN facts."phase" IS 'final, initial_budget, adjusted_budget or execution.';
COMMENT ON COLUMN facts."fund" IS 'gpb, gf, soc, fiscal, nonfiscal or all.';
COMMENT ON COLUMN facts."func_code" IS 'Functional classification: 3, 5 or 7 digits.';
COMMENT ON COLUMN facts."func_name" IS 'Its name as printed.';
COMMENT ON COLUMN facts."code_source" IS 'printed or inferred.';
COMMENT ON COLUMN facts."econ_code" IS 'Economic classification: 3 or 5 digits.';
COMMENT ON COLUMN facts."econ_name" IS 'Its name as printed.';
COMMENT ON COLUMN facts."project" IS 'Project that it is of.';
COMMENT ON COLUMN facts."entity" IS 'Body that it is of, where that is not the report''s.';
COMMENT ON COLUMN facts."row_level" IS 'total, class, section or item; never added up across.';
COMMENT ON COLUMN facts."is_leaf" IS 'Whether it is a preferred item-level expenditure of the report''s own year.';
COMMENT ON COLUMN facts."value" IS 'Exact value in the base unit; absent, with a note, when 20 digits do not hold it.';
COMMENT ON COLUMN facts."unit" IS 'Base unit: 元 for money.';
COMMENT ON COLUMN facts."printed" IS 'The literal as printed.';
COMMENT ON COLUMN facts."printed_unit" IS 'The unit that it is printed in.';
COMMENT ON COLUMN facts."decimals" IS 'Digits after the point as printed.';
COMMENT ON COLUMN facts."basis" IS 'table, narrative, annex, form or chart.';
COMMENT ON COLUMN facts."preferred" IS 'Whether it is the one to take among several printings.';
COMMENT ON COLUMN facts."confidence" IS 'How sure the reading is, 0 to 1.';
COMMENT ON COLUMN facts."page" IS 'Page of a PDF, from 1.';
COMMENT ON COLUMN facts."x0" IS 'Left edge on that page, in points from its top left corner.';
COMMENT ON COLUMN facts."y0" IS 'Top edge.';
COMMENT ON COLUMN facts."x1" IS 'Right edge.';
COMMENT ON COLUMN facts."y1" IS 'Bottom edge.';
COMMENT ON COLUMN facts."sheet" IS 'Name of a worksheet.';
COMMENT ON COLUMN facts."cell_ref" IS 'Cell or range of that sheet, such as B7.';
COMMENT ON COLUMN facts."part" IS 'Part of a package, such as word/document.xml.';
COMMENT ON COLUMN facts."paragraph" IS 'Paragraph of that part, from 1.';
COMMENT ON COLUMN facts."char_start" IS 'First character within the paragraph.';
COMMENT ON COLUMN facts."char_end" IS 'Character after the last one.';
COMMENT ON COLUMN facts."place_table" IS 'Table of the same report.';
COMMENT ON COLUMN facts."place_row" IS 'Row of that table, from 0.';
COMMENT ON COLUMN facts."place_col" IS 'Column of that table, from 0.';

CREATE TABLE indicators (
  "report_id" text COLLATE "C" NOT NULL,
  "load_id" text COLLATE "C" NOT NULL,
  "region_code" text COLLATE "C" NOT NULL,
  "fiscal_year" integer,
  "ordinal" integer NOT NULL,
  "project" text COLLATE "C" NOT NULL,
  "level1" text COLLATE "C" NOT NULL,
  "level2" text COLLATE "C" NOT NULL,
  "level3" text COLLATE "C" NOT NULL,
  "target" text COLLATE "C" NOT NULL,
  "actual" text COLLATE "C" NOT NULL,
  "weight" numeric(38,10),
  "score" numeric(38,10),
  "page" integer,
  "x0" real,
  "y0" real,
  "x1" real,
  "y1" real,
  "sheet" text COLLATE "C",
  "cell_ref" text COLLATE "C",
  "part" text COLLATE "C",
  "paragraph" integer,
  "char_start" integer,
  "char_end" integer,
  "place_table" text COLLATE "C",
  "place_row" integer,
  "place_col" integer,
  PRIMARY KEY ("report_id", "load_id", "ordinal")
);
COMMENT ON TABLE indicators IS 'One row an indicator of a performance form.';
COMMENT ON COLUMN indicators."report_id" IS 'Report that the row is of.';
COMMENT ON COLUMN indicators."load_id" IS 'Run that wrote the row.';
COMMENT ON COLUMN indicators."region_code" IS 'Six digits of GB/T 2260; 000000 when unknown.';
COMMENT ON COLUMN indicators."fiscal_year" IS 'Year of the report''s figures.';
COMMENT ON COLUMN indicators."ordinal" IS 'Position in the report, from 0.';
COMMENT ON COLUMN indicators."project" IS 'Project, or the body.';
COMMENT ON COLUMN indicators."level1" IS 'First-level indicator.';
COMMENT ON COLUMN indicators."level2" IS 'Second-level indicator.';
COMMENT ON COLUMN indicators."level3" IS 'Third-level indicator.';
COMMENT ON COLUMN indicators."target" IS 'Target as printed.';
COMMENT ON COLUMN indicators."actual" IS 'Outcome as printed.';
COMMENT ON COLUMN indicators."weight" IS 'Full mark.';
COMMENT ON COLUMN indicators."score" IS 'Mark.';
COMMENT ON COLUMN indicators."page" IS 'Page of a PDF, from 1.';
COMMENT ON COLUMN indicators."x0" IS 'Left edge on that page, in points from its top left corner.';
COMMENT ON COLUMN indicators."y0" IS 'Top edge.';
COMMENT ON COLUMN indicators."x1" IS 'Right edge.';
COMMENT ON COLUMN indicators."y1" IS 'Bottom edge.';
COMMENT ON COLUMN indicators."sheet" IS 'Name of a worksheet.';
COMMENT ON COLUMN indicators."cell_ref" IS 'Cell or range of that sheet, such as B7.';
COMMENT ON COLUMN indicators."part" IS 'Part of a package, such as word/document.xml.';
COMMENT ON COLUMN indicators."paragraph" IS 'Paragraph of that part, from 1.';
COMMENT ON COLUMN indicators."char_start" IS 'First character within the paragraph.';
COMMENT ON COLUMN indicators."char_end" IS 'Character after the last one.';
COMMENT ON COLUMN indicators."place_table" IS 'Table of the same report.';
COMMENT ON COLUMN indicators."place_row" IS 'Row of that table, from 0.';
COMMENT ON COLUMN indicators."place_col" IS 'Column of that table, from 0.';

CREATE TABLE findings (
  "report_id" text COLLATE "C" NOT NULL,
  "load_id" text COLLATE "C" NOT NULL,
  "region_code" text COLLATE "C" NOT NULL,
  "fiscal_year" integer,
  "ordinal" integer NOT NULL,
  "code" text COLLATE "C" NOT NULL,
  "severity" text COLLATE "C" NOT NULL,
  "status" text COLLATE "C" NOT NULL,
  "message" text COLLATE "C" NOT NULL,
  "lhs" text COLLATE "C",
  "rhs" text COLLATE "C",
  "delta" numeric(38,10),
  "tolerance" numeric(38,10),
  "facts" text COLLATE "C" NOT NULL,
  "places" integer NOT NULL,
  "locations" text COLLATE "C" NOT NULL,
  "hint" text COLLATE "C",
  "page" integer,
  "x0" real,
  "y0" real,
  "x1" real,
  "y1" real,
  "sheet" text COLLATE "C",
  "cell_ref" text COLLATE "C",
  "part" text COLLATE "C",
  "paragraph" integer,
  "char_start" integer,
  "char_end" integer,
  "place_table" text COLLATE "C",
  "place_row" integer,
  "place_col" integer,
  PRIMARY KEY ("report_id", "load_id", "ordinal")
);
COMMENT ON TABLE findings IS 'One row a thing that a report says wrongly, or that could not be told.';
COMMENT ON COLUMN findings."report_id" IS 'Report that the row is of.';
COMMENT ON COLUMN findings."load_id" IS 'Run that wrote the row.';
COMMENT ON COLUMN findings."region_code" IS 'Six digits of GB/T 2260; 000000 when unknown.';
COMMENT ON COLUMN findings."fiscal_year" IS 'Year of the report''s figures.';
COMMENT ON COLUMN findings."ordinal" IS 'Position in the report, from 0.';
COMMENT ON COLUMN findings."code" IS 'Id of the check.';
COMMENT ON COLUMN findings."severity" IS 'critical, error, warn or info.';
COMMENT ON COLUMN findings."status" IS 'violated or not_checked.';
COMMENT ON COLUMN findings."message" IS 'What is wrong.';
COMMENT ON COLUMN findings."lhs" IS 'Left side.';
COMMENT ON COLUMN findings."rhs" IS 'Right side.';
COMMENT ON COLUMN findings."delta" IS 'Left minus right.';
COMMENT ON COLUMN findings."tolerance" IS 'How far they may differ by rounding.';
COMMENT ON COLUMN findings."facts" IS 'Facts that it rests on, a line each.';
COMMENT ON COLUMN findings."places" IS 'Places to look at; the first one follows.';
COMMENT ON COLUMN findings."locations" IS 'All of them, as the JSON list of the report.';
COMMENT ON COLUMN findings."hint" IS 'What may be meant.';
COMMENT ON COLUMN findings."page" IS 'Page of a PDF, from 1.';
COMMENT ON COLUMN findings."x0" IS 'Left edge on that page, in points from its top left corner.';
COMMENT ON COLUMN findings."y0" IS 'Top edge.';
COMMENT ON COLUMN findings."x1" IS 'Right edge.';
COMMENT ON COLUMN findings."y1" IS 'Bottom edge.';
COMMENT ON COLUMN findings."sheet" IS 'Name of a worksheet.';
COMMENT ON COLUMN findings."cell_ref" IS 'Cell or range of that sheet, such as B7.';
COMMENT ON COLUMN findings."part" IS 'Part of a package, such as word/document.xml.';
COMMENT ON COLUMN findings."paragraph" IS 'Paragraph of that part, from 1.';
COMMENT ON COLUMN findings."char_start" IS 'First character within the paragraph.';
COMMENT ON COLUMN findings."char_end" IS 'Character after the last one.';
COMMENT ON COLUMN findings."place_table" IS 'Table of the same report.';
COMMENT ON COLUMN findings."place_row" IS 'Row of that table, from 0.';
COMMENT ON COLUMN findings."place_col" IS 'Column of that table, from 0.';

CREATE TABLE notes (
  "report_id" text COLLATE "C" NOT NULL,
  "load_id" text COLLATE "C" NOT NULL,
  "region_code" text COLLATE "C" NOT NULL,
  "fiscal_year" integer,
  "ordinal" integer NOT NULL,
  "kind" text COLLATE "C" NOT NULL,
  "message" text COLLATE "C" NOT NULL,
  "page" integer,
  "x0" real,
  "y0" real,
  "x1" real,
  "y1" real,
  "sheet" text COLLATE "C",
  "cell_ref" text COLLATE "C",
  "part" text COLLATE "C",
  "paragraph" integer,
  "char_start" integer,
  "char_end" integer,
  "place_table" text COLLATE "C",
  "place_row" integer,
  "place_col" integer,
  PRIMARY KEY ("report_id", "load_id", "ordinal")
);
COMMENT ON TABLE notes IS 'One row a loss or doubt on our side.';
COMMENT ON COLUMN notes."report_id" IS 'Report that the row is of.';
COMMENT ON COLUMN notes."load_id" IS 'Run that wrote the row.';
COMMENT ON COLUMN notes."region_code" IS 'Six digits of GB/T 2260; 000000 when unknown.';
COMMENT ON COLUMN notes."fiscal_year" IS 'Year of the report''s figures.';
COMMENT ON COLUMN notes."ordinal" IS 'Position in the report, from 0.';
COMMENT ON COLUMN notes."kind" IS 'What it is about.';
COMMENT ON COLUMN notes."message" IS 'What happened.';
COMMENT ON COLUMN notes."page" IS 'Page of a PDF, from 1.';
COMMENT ON COLUMN notes."x0" IS 'Left edge on that page, in points from its top left corner.';
COMMENT ON COLUMN notes."y0" IS 'Top edge.';
COMMENT ON COLUMN notes."x1" IS 'Right edge.';
COMMENT ON COLUMN notes."y1" IS 'Bottom edge.';
COMMENT ON COLUMN notes."sheet" IS 'Name of a worksheet.';
COMMENT ON COLUMN notes."cell_ref" IS 'Cell or range of that sheet, such as B7.';
COMMENT ON COLUMN notes."part" IS 'Part of a package, such as word/document.xml.';
COMMENT ON COLUMN notes."paragraph" IS 'Paragraph of that part, from 1.';
COMMENT ON COLUMN notes."char_start" IS 'First character within the paragraph.';
COMMENT ON COLUMN notes."char_end" IS 'Character after the last one.';
COMMENT ON COLUMN notes."place_table" IS 'Table of the same report.';
COMMENT ON COLUMN notes."place_row" IS 'Row of that table, from 0.';
COMMENT ON COLUMN notes."place_col" IS 'Column of that table, from 0.';

CREATE TABLE entities (
  "entity_id" text COLLATE "C" NOT NULL,
  "load_id" text COLLATE "C" NOT NULL,
  "region_code" text COLLATE "C" NOT NULL,
  "region_name" text COLLATE "C",
  "entity" text COLLATE "C" NOT NULL,
  "entity_level" text COLLATE "C",
  "first_year" integer,
  "last_year" integer,
  "years" text COLLATE "C" NOT NULL,
  "kinds" text COLLATE "C" NOT NULL,
  "report_count" integer NOT NULL,
  "canonical" text COLLATE "C",
  "aliases" text COLLATE "C",
  "valid_from" text COLLATE "C",
  "valid_to" text COLLATE "C",
  "parent" text COLLATE "C",
  "successor" text COLLATE "C",
  "change" text COLLATE "C",
  PRIMARY KEY ("entity_id")
);
COMMENT ON TABLE entities IS 'One row a body and level that reported, by its name as printed, and a body that a file of bodies names.';
COMMENT ON COLUMN entities."entity_id" IS 'Stable for region, name and level.';
COMMENT ON COLUMN entities."load_id" IS 'Run that wrote the row.';
COMMENT ON COLUMN entities."region_code" IS 'Six digits of GB/T 2260; 000000 when unknown.';
COMMENT ON COLUMN entities."region_name" IS 'Name of the region.';
COMMENT ON COLUMN entities."entity" IS 'Full name as printed; a body that changed its name has two rows.';
COMMENT ON COLUMN entities."entity_level" IS 'department or unit; the two are never added up.';
COMMENT ON COLUMN entities."first_year" IS 'First year that it reported, as far as seen.';
COMMENT ON COLUMN entities."last_year" IS 'Last such year.';
COMMENT ON COLUMN entities."years" IS 'Years that it reported, a line each.';
COMMENT ON COLUMN entities."kinds" IS 'Kinds of report, a line each.';
COMMENT ON COLUMN entities."report_count" IS 'Documents; 0 for one that only the file of bodies names.';
COMMENT ON COLUMN entities."canonical" IS 'Name under which its years belong together: the views use it.';
COMMENT ON COLUMN entities."aliases" IS 'Other names by the file of bodies, a line each.';
COMMENT ON COLUMN entities."valid_from" IS 'Since when it exists by that file: a year, month or day (ISO 8601).';
COMMENT ON COLUMN entities."valid_to" IS 'Until when.';
COMMENT ON COLUMN entities."parent" IS 'The body that it belongs to.';
COMMENT ON COLUMN entities."successor" IS 'The body that took its place.';
COMMENT ON COLUMN entities."change" IS 'renamed, merged or abolished.';

CREATE TABLE regions (
  "load_id" text COLLATE "C" NOT NULL,
  "region_code" text COLLATE "C" NOT NULL,
  "name" text COLLATE "C" NOT NULL,
  "level" text COLLATE "C" NOT NULL,
  "parent_code" text COLLATE "C",
  PRIMARY KEY ("region_code")
);
COMMENT ON TABLE regions IS 'One row a province, city or county of GB/T 2260, by its code.';
COMMENT ON COLUMN regions."load_id" IS 'Run that wrote the row.';
COMMENT ON COLUMN regions."region_code" IS 'Six digits of GB/T 2260.';
COMMENT ON COLUMN regions."name" IS 'Name without that of the region above.';
COMMENT ON COLUMN regions."level" IS 'province, city or county.';
COMMENT ON COLUMN regions."parent_code" IS 'Region above.';

CREATE TABLE metrics (
  "load_id" text COLLATE "C" NOT NULL,
  "metric" text COLLATE "C" NOT NULL,
  "label" text COLLATE "C" NOT NULL,
  "kind" text COLLATE "C" NOT NULL,
  "aggregation" text COLLATE "C" NOT NULL,
  "fund" text COLLATE "C",
  PRIMARY KEY ("metric")
);
COMMENT ON TABLE metrics IS 'One row a metric of the dictionary.';
COMMENT ON COLUMN metrics."load_id" IS 'Run that wrote the row.';
COMMENT ON COLUMN metrics."metric" IS 'Id, as in facts.';
COMMENT ON COLUMN metrics."label" IS 'What people call it.';
COMMENT ON COLUMN metrics."kind" IS 'money, count, score or text.';
COMMENT ON COLUMN metrics."aggregation" IS 'sum; balance and stock (not over years); none.';
COMMENT ON COLUMN metrics."fund" IS 'Budget that pays, where the metric itself says so.';

CREATE TABLE func_codes (
  "load_id" text COLLATE "C" NOT NULL,
  "func_code" text COLLATE "C" NOT NULL,
  "name" text COLLATE "C" NOT NULL,
  "level" text COLLATE "C" NOT NULL,
  "parent_code" text COLLATE "C",
  PRIMARY KEY ("func_code")
);
COMMENT ON TABLE func_codes IS 'One row a code of the functional classification.';
COMMENT ON COLUMN func_codes."load_id" IS 'Run that wrote the row.';
COMMENT ON COLUMN func_codes."func_code" IS '3, 5 or 7 digits.';
COMMENT ON COLUMN func_codes."name" IS 'Official name.';
COMMENT ON COLUMN func_codes."level" IS 'class, section or item.';
COMMENT ON COLUMN func_codes."parent_code" IS 'Code above.';

CREATE TABLE econ_codes (
  "load_id" text COLLATE "C" NOT NULL,
  "econ_code" text COLLATE "C" NOT NULL,
  "name" text COLLATE "C" NOT NULL,
  "level" text COLLATE "C" NOT NULL,
  "parent_code" text COLLATE "C",
  PRIMARY KEY ("econ_code")
);
COMMENT ON TABLE econ_codes IS 'One row a code of the economic classification.';
COMMENT ON COLUMN econ_codes."load_id" IS 'Run that wrote the row.';
COMMENT ON COLUMN econ_codes."econ_code" IS '3 or 5 digits.';
COMMENT ON COLUMN econ_codes."name" IS 'Official name.';
COMMENT ON COLUMN econ_codes."level" IS 'class or section.';
COMMENT ON COLUMN econ_codes."parent_code" IS 'Code above.';

CREATE TABLE region_summary (
  "load_id" text COLLATE "C" NOT NULL,
  "region_code" text COLLATE "C" NOT NULL,
  "fiscal_year" integer,
  "entity_level" text COLLATE "C" NOT NULL,
  "phase" text COLLATE "C" NOT NULL,
  "fund" text COLLATE "C" NOT NULL,
  "func_code" text COLLATE "C" NOT NULL,
  "func_name" text COLLATE "C",
  "amount" numeric(20,4) NOT NULL,
  "facts" integer NOT NULL,
  "reports" integer NOT NULL
);
COMMENT ON TABLE region_summary IS 'Sums of preferred item-level expenditure by region, year, fund and function.';
COMMENT ON COLUMN region_summary."load_id" IS 'Run that wrote the row.';
COMMENT ON COLUMN region_summary."region_code" IS 'Six digits of GB/T 2260; 000000 when unknown.';
COMMENT ON COLUMN region_summary."fiscal_year" IS 'Year of the report''s figures.';
COMMENT ON COLUMN region_summary."entity_level" IS 'department or unit, empty when unknown; never added up across.';
COMMENT ON COLUMN region_summary."phase" IS 'Stage of the budget.';
COMMENT ON COLUMN region_summary."fund" IS 'gpb, gf, soc or all; all holds the others and is never added to them.';
COMMENT ON COLUMN region_summary."func_code" IS 'Functional classification, 7 digits.';
COMMENT ON COLUMN region_summary."func_name" IS 'Its name as first printed.';
COMMENT ON COLUMN region_summary."amount" IS 'Sum in 元.';
COMMENT ON COLUMN region_summary."facts" IS 'Figures that were added.';
COMMENT ON COLUMN region_summary."reports" IS 'Reports that they stand in.';

CREATE INDEX reports_by_report ON reports (report_id, load_id);
CREATE INDEX reports_by_place ON reports (region_code, fiscal_year, entity);
CREATE INDEX facts_by_metric ON facts (metric, fiscal_year, region_code);
CREATE INDEX facts_by_function ON facts (region_code, fiscal_year, func_code) WHERE is_leaf;
CREATE INDEX findings_by_code ON findings (code, severity);
CREATE INDEX cells_by_place ON cells (region_code, fiscal_year);
CREATE INDEX disclosures_by_place ON disclosures (region_code, fiscal_year, entity);
CREATE INDEX region_summary_by_place ON region_summary (region_code, fiscal_year, func_code);

-- Item-level expenditure, each figure once: no roll-up beside its parts, one printing of each figure, one report
-- of each entity, level, year and kind (the one with the most leaf figures; ties go to the smaller URI). An entity
-- goes by the name that the table entities has for it.
CREATE VIEW amounts_leaf AS
SELECT
  f.region_code,
  r.region_name,
  f.fiscal_year,
  r.entity,
  COALESCE(r.entity_level, '') AS entity_level,
  r.kind,
  CASE WHEN r.kind LIKE 'budget%' THEN 'initial_budget' ELSE 'final' END AS phase,
  CASE
    WHEN f.fund IS NOT NULL THEN f.fund
    WHEN f.metric = 'exp.func' THEN 'all'
    WHEN f.metric LIKE 'fin.exp.func%' THEN 'fiscal'
    ELSE SUBSTRING(f.metric, 1, POSITION('.exp.func' IN f.metric) - 1)
  END AS fund,
  SUBSTRING(f.func_code, 1, 3) AS func_class,
  f.func_code,
  f.func_name,
  f.value,
  f.printed,
  r.source_uri,
  f.page,
  f.sheet,
  f.cell_ref,
  f.part,
  f.paragraph,
  f.report_id,
  f.load_id,
  f.fact_id
FROM facts f
JOIN (
  SELECT
    d.report_id, d.load_id, d.region_name, COALESCE(e.canonical, d.entity) AS entity, d.entity_level, d.kind, d.source_uri,
    ROW_NUMBER() OVER (
      PARTITION BY
        d.region_code, d.fiscal_year, COALESCE(e.canonical, d.entity, d.source_uri), COALESCE(d.entity_level, ''),
        COALESCE(d.kind, '')
      ORDER BY d.leaf_count DESC, d.source_uri
    ) AS choice
  FROM reports d
  LEFT JOIN entities e ON e.region_code = d.region_code AND e.entity = d.entity
    AND COALESCE(e.entity_level, '') = COALESCE(d.entity_level, '')
  WHERE d.status IN ('extracted', 'partial') AND d.leaf_count > 0
) r ON r.report_id = f.report_id AND r.load_id = f.load_id AND r.choice = 1
WHERE f.is_leaf AND f.value IS NOT NULL;
COMMENT ON VIEW amounts_leaf IS 'Item-level expenditure, each figure once: no roll-up beside its parts, one printing of each figure, one report of each entity, level, year and kind (the one with the most leaf figures; ties go to the smaller URI). An entity goes by the name that the table entities has for it.';

-- Expenditure by region, year and function. Departments and their own units are never added together: compare
-- entity_level = 'department' with itself. The fund 'all' holds the others and is not added to them.
CREATE VIEW region_by_function AS
SELECT
  region_code,
  fiscal_year,
  entity_level,
  phase,
  fund,
  func_class,
  func_code,
  MIN(func_name) AS func_name,
  CAST(SUM(value) AS DECIMAL(20,2)) AS amount,
  COUNT(*) AS facts,
  COUNT(DISTINCT report_id) AS reports
FROM amounts_leaf
GROUP BY region_code, fiscal_year, entity_level, phase, fund, func_class, func_code;
COMMENT ON VIEW region_by_function IS 'Expenditure by region, year and function. Departments and their own units are never added together: compare entity_level = ''department'' with itself. The fund ''all'' holds the others and is not added to them.';

-- Expenditure by region, year and fund, from item-level figures. The fund 'all' holds the others and is not added
-- to them, nor is 'fiscal' to gpb, gf and soc; departments and units are compared each with their own kind.
CREATE VIEW region_by_fund AS
SELECT
  region_code,
  fiscal_year,
  entity_level,
  phase,
  fund,
  CAST(SUM(value) AS DECIMAL(20,2)) AS amount,
  COUNT(*) AS facts,
  COUNT(DISTINCT report_id) AS reports
FROM amounts_leaf
GROUP BY region_code, fiscal_year, entity_level, phase, fund;
COMMENT ON VIEW region_by_fund IS 'Expenditure by region, year and fund, from item-level figures. The fund ''all'' holds the others and is not added to them, nor is ''fiscal'' to gpb, gf and soc; departments and units are compared each with their own kind.';

-- Spending on travel abroad, vehicles and receptions, with meetings and training: one figure of each entity, level,
-- year, kind, phase and metric. Where several documents print it, that of the fullest one is taken; ties go to the
-- smaller URI. tp.total holds tp.abroad, tp.vehicle and tp.reception, and each of these its own parts.
CREATE VIEW three_public AS
SELECT
  f.region_code,
  f.region_name,
  f.fiscal_year,
  f.entity,
  f.entity_level,
  f.kind,
  f.phase,
  f.metric,
  m.label,
  CAST(f.value AS DECIMAL(20,2)) AS amount,
  f.printed,
  f.printed_unit,
  f.source_uri,
  f.page,
  f.sheet,
  f.cell_ref,
  f.part,
  f.paragraph,
  f.report_id,
  f.load_id,
  f.fact_id
FROM (
  SELECT
    x.region_code, r.region_name, x.fiscal_year, COALESCE(e.canonical, r.entity) AS entity, COALESCE(r.entity_level, '') AS entity_level, r.kind,
    COALESCE(x.phase, CASE WHEN r.kind LIKE 'budget%' THEN 'initial_budget' ELSE 'final' END) AS phase,
    x.metric, x.value, x.printed, x.printed_unit, r.source_uri, x.page, x.sheet, x.cell_ref, x.part, x.paragraph,
    x.report_id, x.load_id, x.fact_id,
    ROW_NUMBER() OVER (
      PARTITION BY
        x.region_code, x.fiscal_year, COALESCE(e.canonical, r.entity, r.source_uri), COALESCE(r.entity_level, ''),
        COALESCE(r.kind, ''), x.metric,
        COALESCE(x.phase, CASE WHEN r.kind LIKE 'budget%' THEN 'initial_budget' ELSE 'final' END)
      ORDER BY r.fact_count DESC, r.source_uri, x.fact_id
    ) AS choice
  FROM facts x
  JOIN reports r ON r.report_id = x.report_id AND r.load_id = x.load_id
  LEFT JOIN entities e ON e.region_code = r.region_code AND e.entity = r.entity
    AND COALESCE(e.entity_level, '') = COALESCE(r.entity_level, '')
  WHERE x.metric LIKE 'tp.%'
    AND x.preferred
    AND x.measure = 'amount'
    AND x.value IS NOT NULL
    AND x.entity IS NULL
    AND (x.period IS NULL OR x.period = CONCAT(x.fiscal_year, ''))
    AND r.status IN ('extracted', 'partial')
) f
LEFT JOIN metrics m ON m.metric = f.metric
WHERE f.choice = 1;
COMMENT ON VIEW three_public IS 'Spending on travel abroad, vehicles and receptions, with meetings and training: one figure of each entity, level, year, kind, phase and metric. Where several documents print it, that of the fullest one is taken; ties go to the smaller URI. tp.total holds tp.abroad, tp.vehicle and tp.reception, and each of these its own parts.';

-- Expenditure of an entity by functional class beside that of the year before. Only entities that published both
-- years are here, so that sums over them compare like with like; a class of one year alone has 0 in the other.
CREATE VIEW year_over_year AS
SELECT
  u.region_code,
  u.fiscal_year,
  u.entity,
  u.entity_level,
  u.phase,
  u.fund,
  u.func_class,
  CAST(SUM(u.amount) AS DECIMAL(20,2)) AS amount,
  CAST(SUM(u.amount_before) AS DECIMAL(20,2)) AS amount_before,
  CAST(SUM(u.amount - u.amount_before) AS DECIMAL(20,2)) AS difference
FROM (
  SELECT
    region_code, fiscal_year, entity, entity_level, phase, fund, func_class,
    value AS amount, value - value AS amount_before
  FROM amounts_leaf
  UNION ALL
  SELECT
    region_code, fiscal_year + 1 AS fiscal_year, entity, entity_level, phase, fund, func_class,
    value - value AS amount, value AS amount_before
  FROM amounts_leaf
) u
JOIN (
  SELECT DISTINCT region_code, fiscal_year, entity, entity_level, phase, fund
  FROM amounts_leaf
) c ON c.region_code = u.region_code AND c.fiscal_year = u.fiscal_year AND c.entity = u.entity
  AND c.entity_level = u.entity_level AND c.phase = u.phase AND c.fund = u.fund
JOIN (
  SELECT DISTINCT region_code, fiscal_year, entity, entity_level, phase, fund
  FROM amounts_leaf
) p ON p.region_code = u.region_code AND p.fiscal_year = u.fiscal_year - 1 AND p.entity = u.entity
  AND p.entity_level = u.entity_level AND p.phase = u.phase AND p.fund = u.fund
GROUP BY u.region_code, u.fiscal_year, u.entity, u.entity_level, u.phase, u.fund, u.func_class;
COMMENT ON VIEW year_over_year IS 'Expenditure of an entity by functional class beside that of the year before. Only entities that published both years are here, so that sums over them compare like with like; a class of one year alone has 0 in the other.';

-- Who has published what, and what came of it: one row an entity, year, kind and outcome. Earlier versions of a
-- document do not count; one that is gone counts as vanished.
CREATE VIEW coverage AS
SELECT
  r.region_code,
  r.fiscal_year,
  COALESCE(e.canonical, r.entity, '') AS entity,
  COALESCE(r.entity_level, '') AS entity_level,
  COALESCE(r.kind, '') AS kind,
  r.status,
  COUNT(*) AS documents,
  SUM(CASE WHEN r.leaf_count > 0 THEN 1 ELSE 0 END) AS with_amounts,
  MIN(r.source_uri) AS first_source,
  MIN(r.error) AS first_error
FROM reports r
LEFT JOIN entities e ON e.region_code = r.region_code AND e.entity = r.entity
  AND COALESCE(e.entity_level, '') = COALESCE(r.entity_level, '')
WHERE r.status <> 'superseded'
GROUP BY
  r.region_code, r.fiscal_year, COALESCE(e.canonical, r.entity, ''), COALESCE(r.entity_level, ''),
  COALESCE(r.kind, ''), r.status;
COMMENT ON VIEW coverage IS 'Who has published what, and what came of it: one row an entity, year, kind and outcome. Earlier versions of a document do not count; one that is gone counts as vanished.';

-- How far each document can be relied on: what was read, what its own checks say, what was lost.
CREATE VIEW data_quality AS
SELECT
  r.source_uri,
  r.report_id,
  r.load_id,
  r.status,
  r.region_code,
  r.fiscal_year,
  r.entity,
  r.kind,
  r.identity_confidence,
  r.conflicts,
  r.table_count,
  r.table_count - r.placed_table_count AS unplaced_tables,
  r.fact_count,
  r.checks_satisfied,
  r.checks_violated,
  r.checks_not_checked,
  COALESCE(n.losses, 0) AS losses,
  COALESCE(n.notes, 0) AS notes,
  COALESCE(f.serious, 0) AS serious_findings,
  r.error
FROM reports r
LEFT JOIN (
  SELECT report_id, load_id, COUNT(*) AS notes,
    SUM(CASE WHEN kind IN ('skipped_part', 'image_page', 'unknown_encoding', 'missing_value', 'value_not_stored')
        THEN 1 ELSE 0 END) AS losses
  FROM notes
  GROUP BY report_id, load_id
) n ON n.report_id = r.report_id AND n.load_id = r.load_id
LEFT JOIN (
  SELECT report_id, load_id, COUNT(*) AS serious
  FROM findings
  WHERE status = 'violated' AND severity IN ('critical', 'error')
  GROUP BY report_id, load_id
) f ON f.report_id = r.report_id AND f.load_id = r.load_id
WHERE r.status NOT IN ('skipped', 'superseded');
COMMENT ON VIEW data_quality IS 'How far each document can be relied on: what was read, what its own checks say, what was lost.';
