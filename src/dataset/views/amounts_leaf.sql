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
