//! What names a row of each table, for warehouses and data packages that want keys. Ids and ordinals are given by the
//! program within a report, so that no document can make two rows of one key.

use super::schema::Table;

impl Table {
    /// The columns that name a row, none of them ever absent. Empty for `region_summary`, whose year may be.
    #[must_use]
    pub fn key(self) -> &'static [&'static str] {
        match self {
            Self::Reports => &["source_uri", "load_id"],
            Self::Disclosures => &["disclosure_id"],
            Self::Sections => &["report_id", "load_id", "section_id"],
            Self::Tables => &["report_id", "load_id", "table_id"],
            Self::Cells => &["report_id", "load_id", "table_id", "row", "col"],
            Self::Charts => &["report_id", "load_id", "chart_id", "series_index", "point_index"],
            Self::Facts => &["report_id", "load_id", "fact_id"],
            Self::Bookmarks | Self::Indicators | Self::Findings | Self::Notes => &["report_id", "load_id", "ordinal"],
            Self::Entities => &["entity_id"],
            Self::Regions => &["region_code"],
            Self::Metrics => &["metric"],
            Self::FuncCodes => &["func_code"],
            Self::EconCodes => &["econ_code"],
            Self::RegionSummary => &[],
        }
    }

    /// Whether its rows belong to one report, and come and go with it.
    #[must_use]
    pub fn is_content(self) -> bool {
        self != Self::Reports && !self.is_derived() && !self.is_reference()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_of_columns_that_are_never_absent() {
        for table in Table::ALL {
            for name in table.key() {
                let column = table.columns().iter().find(|c| c.name == *name);
                assert!(column.is_some_and(|c| !c.nullable), "{}.{name}", table.name());
            }
        }
    }
}
