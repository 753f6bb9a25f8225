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
