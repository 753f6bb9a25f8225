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
