//! Tests that recompute the region from what its reports print, so that a slip in the data or in a statement
//! cannot hide behind the model that both come from.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::classification::Classification;
use crate::document::Document;
use crate::fact::{Fact, percent};
use crate::grid::Grid;
use crate::narrative::final_accounts;
use crate::statement::{Books, Statement, statements};
use crate::{Region, planted};

/// Runs a test on each department and year.
fn on_every_year(test: impl Fn(Books, &[Statement])) {
    let region = Region::load().expect("the data read");
    for department in &region.departments {
        for year in &department.years {
            let books = Books { department, year, names: &region.names };
            test(books, &statements(books));
        }
    }
}

/// Amounts of a statement by metric; codes make a metric of their own.
fn amounts(statement: &Statement) -> BTreeMap<String, Decimal> {
    statement.grid.facts().into_iter().map(|fact| (name(fact), fact.value)).collect()
}

fn name(fact: &Fact) -> String {
    let codes = [&fact.func_code, &fact.econ_code, &fact.project];
    codes.into_iter().flatten().fold(fact.metric.to_owned(), |name, code| format!("{name}/{code}"))
}

fn find<'a>(statements: &'a [Statement], form: &str) -> &'a Statement {
    let form = format!("final_accounts.{form}");
    statements.iter().find(|statement| statement.form == form).expect("every list has it")
}

fn get(amounts: &BTreeMap<String, Decimal>, metric: &str) -> Decimal {
    amounts.get(metric).copied().unwrap_or_default()
}

/// The sum of the metrics that start so, where `metric` itself is a head and not a sum.
fn sum(amounts: &BTreeMap<String, Decimal>, prefix: &str) -> Decimal {
    amounts.iter().filter(|(name, _)| name.starts_with(prefix)).map(|(_, amount)| amount).sum()
}

#[test]
fn both_sides_of_the_summary_add_up_and_agree() {
    on_every_year(|_, statements| {
        let t1 = amounts(find(statements, "revenue_expenditure_summary"));
        assert_eq!(get(&t1, "total.in"), get(&t1, "total.out"), "IT-03");
        assert_eq!(get(&t1, "rev.current"), sum(&t1, "rev.") - get(&t1, "rev.current"), "IT-04");
        assert_eq!(get(&t1, "exp.current"), sum(&t1, "exp.func/"), "IT-05");
        let sources = get(&t1, "rev.current") + get(&t1, "bal.use_nonfiscal_surplus") + get(&t1, "bal.open");
        assert_eq!(get(&t1, "total.in"), sources, "IT-01");
        let uses = get(&t1, "exp.current") + get(&t1, "bal.distribution") + get(&t1, "bal.close");
        assert_eq!(get(&t1, "total.out"), uses, "IT-02");
    });
}

#[test]
fn the_fiscal_summary_adds_up_too() {
    on_every_year(|_, statements| {
        let t4 = amounts(find(statements, "fiscal_summary"));
        assert_eq!(get(&t4, "fin.total.in"), get(&t4, "fin.rev") + get(&t4, "fin.bal.open"), "IT-08");
        assert_eq!(get(&t4, "fin.total.out"), get(&t4, "fin.exp") + get(&t4, "fin.bal.close"), "IT-08");
        assert_eq!(get(&t4, "fin.total.in"), get(&t4, "fin.total.out"), "IT-08");
        assert_eq!(get(&t4, "fin.exp"), sum(&t4, "fin.exp.func/"), "IT-09");
    });
}

/// Printed number of a cell; a blank is nothing.
fn number(grid: &Grid, row: u32, col: u32) -> Decimal {
    grid.at(row, col).and_then(|cell| cell.text.parse().ok()).unwrap_or_default()
}

#[test]
fn every_row_is_the_sum_of_the_rows_below_its_code() {
    on_every_year(|_, statements| {
        for form in ["revenue", "expenditure", "gpb_expenditure", "gf_revenue_expenditure"] {
            let grid = &find(statements, form).grid;
            let top = grid.header_rows;
            let coded: Vec<(u32, &str)> =
                (top + 1..grid.rows).filter_map(|row| Some((row, grid.at(row, 0)?.text.as_str()))).collect();
            for (row, code) in std::iter::once((top, "")).chain(coded.iter().copied()) {
                let next = match code.len() {
                    0 => 3,
                    3 => 5,
                    5 => 7,
                    _ => continue,
                };
                let below = || coded.iter().filter(|(_, other)| other.len() == next && other.starts_with(code));
                for col in 2..grid.cols {
                    let parts: Decimal = below().map(|(row, _)| number(grid, *row, col)).sum();
                    assert_eq!(number(grid, row, col), parts, "HR-01: {form}, {code}, column {col}");
                }
            }
        }
    });
}

#[test]
fn basic_spending_is_personnel_and_operating() {
    on_every_year(|_, statements| {
        let (t5, t6) =
            (amounts(find(statements, "gpb_expenditure")), amounts(find(statements, "gpb_basic_by_economic")));
        let parts = get(&t6, "gpb.basic.personnel") + get(&t6, "gpb.basic.operating");
        assert_eq!(get(&t5, "gpb.exp.basic"), parts, "IT-12, BT-05");
        let items: Decimal =
            t6.iter().filter(|(name, _)| name.len() == "gpb.basic.econ/30101".len()).map(|(_, a)| a).sum();
        let econ: Decimal = t6
            .iter()
            .filter(|(name, _)| name.starts_with("gpb.basic.econ/") && name.len() == "gpb.basic.econ/301".len())
            .map(|(_, amount)| amount)
            .sum();
        assert_eq!(econ, parts, "IT-11");
        assert_eq!(items, parts, "IT-11");
    });
}

/// Facts of the text that state an amount or a change.
fn told(document: &Document) -> BTreeMap<(String, &'static str), Decimal> {
    let of_text = document.facts().into_iter().filter(|fact| fact.basis == "narrative");
    of_text.map(|fact| ((name(fact), fact.measure), fact.value)).collect()
}

#[test]
fn the_text_says_what_the_statements_say() {
    on_every_year(|books, statements| {
        let document = final_accounts(books, 1);
        let told = told(&document);
        let mut compared = 0;
        for (name, amount) in statements.iter().flat_map(amounts) {
            if let Some(said) = told.get(&(name.clone(), "amount")) {
                assert_eq!(*said, amount, "{} {} {name}", books.department.name, books.year.year);
                compared += 1;
            }
        }
        assert!(compared > 25, "only {compared} figures stand in both");
    });
}

#[test]
fn every_growth_rate_follows_from_its_amounts_and_the_year_before() {
    let region = Region::load().expect("the data read");
    for department in &region.departments {
        let documents: Vec<Document> = department
            .years
            .iter()
            .map(|year| final_accounts(Books { department, year, names: &region.names }, 1))
            .collect();
        for document in &documents {
            let told = told(document);
            for ((name, _), rate) in told.iter().filter(|((_, measure), _)| *measure == "yoy_pct") {
                let of = |measure| told.get(&(name.clone(), measure)).copied().expect("a rate has its amounts");
                assert_eq!(*rate, percent(of("yoy_abs"), of("amount") - of("yoy_abs")), "YY-01: {name}");
            }
        }
        for pair in documents.windows(2) {
            let (before, after) = (told(&pair[0]), told(&pair[1]));
            for ((name, _), change) in after.iter().filter(|((_, measure), _)| *measure == "yoy_abs") {
                let key = (name.clone(), "amount");
                assert_eq!(after[&key] - before[&key], *change, "XR-02: {} {name}", department.name);
            }
        }
    }
}

#[test]
fn a_year_opens_with_what_the_year_before_closed_with() {
    let region = Region::load().expect("the data read");
    for department in &region.departments {
        let years: Vec<_> =
            department.years.iter().map(|year| statements(Books { department, year, names: &region.names })).collect();
        for pair in years.windows(2) {
            for (form, close, open) in [
                ("revenue_expenditure_summary", "bal.close", "bal.open"),
                ("fiscal_summary", "fin.bal.close", "fin.bal.open"),
                ("gf_revenue_expenditure", "gf.bal.close", "gf.bal.open"),
            ] {
                let (before, after) = (amounts(find(&pair[0], form)), amounts(find(&pair[1], form)));
                assert_eq!(get(&before, close), get(&after, open), "XR-01: {}, {form}", department.name);
            }
        }
    }
}

#[test]
fn the_planted_errors_are_three_and_each_changes_what_is_printed() {
    let region = Region::load().expect("the data read");
    let department = region.departments.iter().find(|d| d.folder == "区档案馆").expect("the archives");
    let year = department.years.first().expect("a year");
    let mut document = final_accounts(Books { department, year, names: &region.names }, 1);
    let planted = planted::plant(&mut document, "x.docx").expect("three places");
    assert_eq!(planted.iter().map(|p| p.code).collect::<Vec<_>>(), ["IT-03", "IT-05", "YY-01"]);
    assert!(planted.iter().all(|p| p.printed != p.right));
    let names = Classification::load().expect("the code lists read");
    assert_eq!(names.function("210"), "卫生健康支出");
}
