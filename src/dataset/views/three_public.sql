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
