//! 地区汇总: expenditure by class, from the sums of item-level figures; and the same item by item. Departments and their
//! units have rows of their own and are never added together, nor is the fund `all` to those that it holds.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::sheet::{Head, Shown};
use super::{Out, Reports};
use crate::dataset::Table;
use crate::error::Result;
use crate::export::record::each;
use crate::export::selection::Selection;
use crate::lang;

/// Region, year, level, phase and fund of a sum.
type Group = (String, Option<i64>, String, String, String);

/// A sum.
#[derive(Debug, Default)]
struct Sum {
    name: String,
    amount: Decimal,
    facts: i64,
}

pub(super) fn write(out: &mut Out, selection: &mut Selection<'_>, reports: &Reports) -> Result<()> {
    let mut items: BTreeMap<(Group, String), Sum> = BTreeMap::new();
    each(selection, Table::RegionSummary, |row| {
        let text = |name: &str| row.text(name).to_owned();
        let group = (text("region_code"), row.whole("fiscal_year"), text("entity_level"), text("phase"), text("fund"));
        let sum = Sum {
            name: text("func_name"),
            amount: row.exact("amount").unwrap_or_default(),
            facts: row.whole("facts").unwrap_or(0),
        };
        items.insert((group, text("func_code")), sum);
        Ok(())
    })?;
    let names = class_names(selection)?;
    let mut classes: BTreeMap<(Group, String), Sum> = BTreeMap::new();
    for ((group, code), item) in &items {
        let class: String = code.chars().take(3).collect();
        let name = names.get(&class).cloned().unwrap_or_default();
        let sum = classes.entry((group.clone(), class)).or_insert_with(|| Sum { name, ..Sum::default() });
        sum.amount += item.amount;
        sum.facts += item.facts;
    }
    for (title, sums) in [(lang::REGION_SUMMARY, &classes), (lang::REGION_ITEMS, &items)] {
        let rows: Vec<_> = sums.iter().map(|(key, sum)| row(key, sum, reports, out)).collect();
        out.sheet(out.lang.say(title), heads(out), 2, rows)?;
    }
    Ok(())
}

/// Official names of the classes.
fn class_names(selection: &mut Selection<'_>) -> Result<BTreeMap<String, String>> {
    let mut names = BTreeMap::new();
    each(selection, Table::FuncCodes, |row| {
        names.insert(row.text("func_code").to_owned(), row.text("name").to_owned());
        Ok(())
    })?;
    Ok(names)
}

fn heads(out: &Out) -> Vec<Head> {
    out.heads([
        (lang::REGION_CODE, 10.0),
        (lang::REGION, 14.0),
        (lang::YEAR, 7.0),
        (lang::LEVEL, 7.0),
        (lang::PHASE, 11.0),
        (lang::FUND, 20.0),
        (lang::FUNC_CODE, 12.0),
        (lang::FUNC_NAME, 34.0),
        (lang::AMOUNT_YUAN, 22.0),
        (lang::AMOUNT_WAN, 18.0),
        (lang::FIGURES, 9.0),
    ])
}

fn row(
    ((region, year, level, phase, fund), code): &(Group, String),
    sum: &Sum,
    reports: &Reports,
    out: &Out,
) -> Vec<Shown> {
    let lang = out.lang;
    let amount = sum.amount.normalize();
    vec![
        region.as_str().into(),
        reports.region_name(region).into(),
        (*year).into(),
        lang.word(level).into(),
        lang.word(phase).into(),
        lang.word(fund).into(),
        code.as_str().into(),
        sum.name.as_str().into(),
        Shown::Number(amount, 2),
        Shown::Number((amount / Decimal::from(10_000)).normalize(), 2),
        Shown::Whole(sum.facts),
    ]
}
