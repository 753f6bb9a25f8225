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
