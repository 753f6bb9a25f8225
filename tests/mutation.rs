//! One digit of one figure is changed, over and over: the checks must tell a changed report from a right one, and name
//! the figure. The reports are clean ones of the sample region; the changes follow from a fixed sequence, so that every
//! run tries the same ones. A debug build tries 120; `JUESUAN_MUTATIONS=500`, or a release build, tries 500.

use std::collections::BTreeMap;
use std::path::Path;

use juesuan::check::check;
use juesuan::forms::Forms;
use juesuan::limits::Limits;
use juesuan::model::{Basis, Fact, Finding, FindingStatus, Literal, Measure, Report};
use juesuan::pipeline::extract_bytes;
use rust_decimal::Decimal;

/// One with text and statements, one with statements alone; no error is planted in either.
const CLEAN: &[&str] =
    &["区档案馆/2024/2024年度部门决算.docx", "区文化广电体育和旅游局/2023/2023年度部门决算附表.xlsx"];

/// Changes to all reports together.
fn changes() -> usize {
    let asked = std::env::var("JUESUAN_MUTATIONS").ok().and_then(|n| n.parse().ok());
    asked.unwrap_or(if cfg!(debug_assertions) { 120 } else { 500 })
}

fn read(name: &str) -> Report {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/region").join(name);
    let bytes = std::fs::read(&path).expect("the sample region is there");
    extract_bytes(&bytes, name, Forms::builtin(), &Limits::default())
}

fn violated(report: &Report) -> Vec<Finding> {
    let findings = check(report, Forms::builtin()).findings;
    findings.into_iter().filter(|f| f.status == FindingStatus::Violated).collect()
}

/// Whether a check names the `n`-th figure when it is replaced.
fn is_named(report: &Report, n: usize, replaced: Fact) -> bool {
    let mut changed = report.clone();
    let id = replaced.id.clone();
    changed.facts[n] = replaced;
    violated(&changed).iter().any(|finding| finding.facts.contains(&id))
}

/// Positions of the figures that a check may hold against another.
fn figures(report: &Report) -> Vec<usize> {
    let is_figure = |fact: &Fact| {
        !fact.value.is_zero()
            && matches!(fact.basis, Basis::Table | Basis::Narrative)
            && matches!(fact.measure, Measure::Amount | Measure::Share | Measure::Completion | Measure::YoyPct)
            && Literal::parse(&fact.printed).is_some()
    };
    report.facts.iter().enumerate().filter(|(_, fact)| is_figure(fact)).map(|(n, _)| n).collect()
}

/// Whether some check holds the `n`-th figure against another: it names it when it is a third.
fn is_touched(report: &Report, n: usize) -> bool {
    let fact = &report.facts[n];
    is_named(report, n, Fact { value: fact.value / Decimal::from(3), ..fact.clone() })
}

/// The figure with its `place`-th digit raised by `by`, past nine from zero on.
fn with_other_digit(fact: &Fact, place: usize, by: u32) -> Option<Fact> {
    let places: Vec<usize> =
        fact.printed.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
    let at = *places.get(place % places.len().max(1))?;
    let digit = (fact.printed.get(at..=at)?.parse::<u32>().ok()? + by) % 10;
    let printed = format!("{}{digit}{}", fact.printed.get(..at)?, fact.printed.get(at + 1..)?);
    let value = Literal::parse(&printed)?.in_base(fact.printed_unit.unwrap_or(fact.unit))?;
    let value = if fact.value.is_sign_negative() { -value.abs() } else { value };
    Some(Fact { printed, value, ..fact.clone() })
}

/// A fixed sequence of numbers (a linear congruential generator).
fn sequence() -> impl Iterator<Item = usize> {
    let step = |n: &u64| Some(n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
    std::iter::successors(Some(2030), step).map(|n| usize::try_from(n >> 40).unwrap_or_default())
}

#[test]
fn nearly_every_changed_digit_is_caught() {
    let (each, mut missed, mut caught, mut untouched) = (changes() / CLEAN.len(), Vec::new(), 0usize, 0usize);
    for name in CLEAN {
        let report = read(name);
        assert_eq!(violated(&report), [], "{name} is clean");
        let figures = figures(&report);
        let mut touched: BTreeMap<usize, bool> = BTreeMap::new();
        let mut numbers = sequence();
        let mut next = || numbers.next().unwrap_or_default();
        let mut tried = 0;
        while tried < each {
            let (n, by, place) = (figures[next() % figures.len()], 1 + next() % 9, next());
            if !*touched.entry(n).or_insert_with(|| is_touched(&report, n)) {
                untouched += 1;
                assert!(untouched < 4 * changes(), "{name}: too few figures are held against others");
                continue;
            }
            let by = u32::try_from(by).unwrap_or(1);
            let Some(changed) = with_other_digit(&report.facts[n], place, by) else { continue };
            tried += 1;
            let (before, after) = (report.facts[n].printed.clone(), changed.printed.clone());
            if is_named(&report, n, changed) {
                caught += 1;
            } else {
                missed.push(format!("{name}: {} {before} as {after}", report.facts[n].metric));
            }
        }
    }
    let tried = caught + missed.len();
    println!(
        "{caught} of {tried} changes were caught and named; {untouched} draws fell on figures that no check touches"
    );
    assert!(caught * 100 >= tried * 95, "{caught} of {tried} were caught; missed:\n{}", missed.join("\n"));
}
