-- Who has published what, and what came of it: one row an entity, year, kind and outcome. Earlier versions of a
-- document do not count; one that is gone counts as vanished.
CREATE VIEW coverage AS
SELECT
  region_code,
  fiscal_year,
  COALESCE(entity, '') AS entity,
  COALESCE(entity_level, '') AS entity_level,
  COALESCE(kind, '') AS kind,
  status,
  COUNT(*) AS documents,
  SUM(CASE WHEN leaf_count > 0 THEN 1 ELSE 0 END) AS with_amounts,
  MIN(source_uri) AS first_source,
  MIN(error) AS first_error
FROM reports
WHERE status <> 'superseded'
GROUP BY region_code, fiscal_year, COALESCE(entity, ''), COALESCE(entity_level, ''), COALESCE(kind, ''), status;
