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
