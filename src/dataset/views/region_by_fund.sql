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
