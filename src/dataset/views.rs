//! The views as SQL text, for whatever engine reads the tables: no dialect, no lists, no AVG, decimals cast
//! back after each sum, so that DataFusion, DuckDB, PostgreSQL and Spark give the same rows.

/// Name and text of each view, in the order in which they can be created.
pub const VIEWS: &[(&str, &str)] = &[
    ("amounts_leaf", include_str!("views/amounts_leaf.sql")),
    ("region_by_function", include_str!("views/region_by_function.sql")),
    ("region_by_fund", include_str!("views/region_by_fund.sql")),
    ("three_public", include_str!("views/three_public.sql")),
    ("year_over_year", include_str!("views/year_over_year.sql")),
    ("coverage", include_str!("views/coverage.sql")),
    ("data_quality", include_str!("views/data_quality.sql")),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Table;

    #[test]
    fn every_sum_is_cast_and_nothing_is_averaged() {
        for (name, sql) in VIEWS {
            let amounts = sql.matches("SUM(").count() - sql.matches("SUM(CASE").count();
            assert_eq!(sql.matches("CAST(SUM(").count(), amounts, "{name}");
            assert!(!sql.contains("AVG("), "{name}");
        }
    }

    #[test]
    fn a_view_reads_only_tables_and_views_that_exist() {
        let mut known: Vec<&str> = Table::ALL.iter().map(|t| t.name()).collect();
        for (name, sql) in VIEWS {
            let words: Vec<&str> = sql.split_whitespace().collect();
            for pair in words.windows(2).filter(|w| matches!(w[0], "FROM" | "JOIN") && !w[1].starts_with('(')) {
                assert!(known.contains(&pair[1]), "{name} reads {}", pair[1]);
            }
            known.push(name);
        }
    }
}
