//! Which unit the amounts of a table are printed in: what the table says, else what all other tables of the
//! document say. A unit is never guessed.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::model::{Table, Unit, fold_text};

/// A unit, and whether the table itself prints it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TableUnit {
    pub(crate) unit: Unit,
    pub(crate) is_printed: bool,
}

static NAMED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:单位[:为]?\(?|[(（,])(?:人民币)?(万元|亿元|千元|元)[)）]?").ok());

/// The unit that a table prints in its own lines or header.
pub(crate) fn printed_unit(table: &Table, header: &str) -> Option<Unit> {
    let lines = table.unit.iter().chain(&table.captions).chain(&table.title);
    let told = lines.filter_map(|line| Unit::parse(line).or_else(|| named_unit(line)));
    told.into_iter().find(|u| u.is_money()).or_else(|| named_unit(header))
}

fn named_unit(text: &str) -> Option<Unit> {
    let folded = fold_text(text);
    let found = NAMED.as_ref()?.captures(&folded)?;
    Unit::parse(found.get(1)?.as_str())
}

/// The unit of a table, given the units that the document's tables print.
pub(crate) fn table_unit(table: &Table, header: &str, others: &BTreeSet<Unit>) -> Option<TableUnit> {
    if let Some(unit) = printed_unit(table, header) {
        return Some(TableUnit { unit, is_printed: true });
    }
    let mut others = others.iter();
    let unit = *others.next()?;
    others.next().is_none().then_some(TableUnit { unit, is_printed: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(unit: Option<&str>, caption: &str) -> Table {
        Table { unit: unit.map(str::to_owned), captions: vec![caption.to_owned()], ..Table::default() }
    }

    #[test]
    fn the_body_in_单位_is_no_unit_of_money() {
        assert_eq!(printed_unit(&table(None, "单位：某市某局 单位：万元"), ""), Some(Unit::TenThousandYuan));
        assert_eq!(printed_unit(&table(None, "单位：某市某局"), ""), None);
        assert_eq!(printed_unit(&table(None, ""), "预算数(元)"), Some(Unit::Yuan));
    }

    #[test]
    fn without_a_unit_only_a_document_of_one_mind_tells_it() {
        let both = BTreeSet::from([Unit::Yuan, Unit::TenThousandYuan]);
        assert_eq!(table_unit(&table(None, ""), "", &both), None);
        let told = table_unit(&table(None, ""), "", &BTreeSet::from([Unit::Yuan]));
        assert_eq!(told, Some(TableUnit { unit: Unit::Yuan, is_printed: false }));
    }
}
