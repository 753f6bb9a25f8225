-- Item-level expenditure, each figure once: no roll-up beside its parts, one printing of each figure, one report
-- of each entity, level, year and kind (the one with the most leaf figures; ties go to the smaller URI).
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
    report_id, load_id, region_name, entity, entity_level, kind, source_uri,
    ROW_NUMBER() OVER (
      PARTITION BY region_code, fiscal_year, COALESCE(entity, source_uri), COALESCE(entity_level, ''), COALESCE(kind, '')
      ORDER BY leaf_count DESC, source_uri
    ) AS choice
  FROM reports
  WHERE status IN ('extracted', 'partial') AND leaf_count > 0
) r ON r.report_id = f.report_id AND r.load_id = f.load_id AND r.choice = 1
WHERE f.is_leaf AND f.value IS NOT NULL;
