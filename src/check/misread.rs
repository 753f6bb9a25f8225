//! Is it the report that is wrong, or did we take the wrong figure? A difference is taken back where the report
//! itself prints, right beside the figure, the one that would have agreed: the reading of a change, a column or
//! a stage is then likelier at fault than the report. Sums of a statement whose continuation was not joined
//! are not held against it either.

use rust_decimal::Decimal;

use super::evidence::{Evidence, code_of};
use super::interval::Interval;
use super::passage::{lines, sentences};
use super::unread::{amounts, plain, with_unit};
use super::verdict::Verdict;
use crate::model::{Basis, Fact, Literal, Location, Measure, Printed, Table};

/// A change in percent that the text ties to another amount, or to another figure, than the one we took.
pub(super) fn change_of_another(verdict: &Verdict<'_>, evidence: &Evidence<'_>) -> Option<String> {
    let of = |measure: Measure| verdict.figures.iter().flatten().find(|f| f.measure == measure);
    let (percent, change) = (of(Measure::YoyPct)?, of(Measure::YoyAbs)?);
    let (rate, step) = (format!("{}%", plain(&percent.printed)), plain(&change.printed));
    let mut told = false;
    for line in lines(evidence).filter(|line| line.contains(&rate) && amounts(line).contains(&step)) {
        let of_another = !stand_together(line, &rate, &step) || fits_another(line, percent, change, verdict);
        if !of_another {
            return None;
        }
        told = true;
    }
    told.then(|| percent.printed.clone())
}

/// A share or completion that the sentence ties to other amounts than the two we took: some pair of its amounts, or
/// one of them and a total of the report, stand in that proportion.
pub(super) fn ratio_of_another(verdict: &Verdict<'_>, evidence: &Evidence<'_>) -> Option<String> {
    let facts = || verdict.figures.iter().flatten();
    let rate = facts().find(|f| matches!(f.measure, Measure::Share | Measure::Completion))?;
    let literal = format!("{}%", plain(&rate.printed));
    let totals: Vec<Decimal> = TOTALS.iter().flat_map(|metric| evidence.of_metric(metric)).map(|f| f.value).collect();
    let fits = |sentence: &str| {
        let amounts: Vec<Decimal> = with_unit(sentence);
        let bases = amounts.iter().chain(&totals);
        bases.filter(|base| !base.is_zero()).any(|base| amounts.iter().any(|part| is_ratio(*part, *base, rate)))
    };
    let of_rate = |text: &str| text.contains(&literal);
    let told = sentences(evidence).any(|sentence| of_rate(sentence.text) && fits(sentence.text));
    told.then(|| rate.printed.clone())
}

/// Shares of a list that all follow from one larger whole, which the text does not name: a share is then of that whole,
/// such as the three public expenses together with meetings and training.
pub(super) fn share_of_another(verdict: &Verdict<'_>, evidence: &Evidence<'_>) -> Option<String> {
    let first = |n: usize| verdict.figures.get(n).and_then(|f| f.first()).copied();
    let (share, amount, whole) = (first(0)?, first(1)?, first(2)?);
    if share.measure != Measure::Share || whole.measure != Measure::Amount {
        return None;
    }
    let base = implied_whole(share, amount, evidence)?;
    let is_larger = base.low > evidence.value_of(whole, true)?.high;
    let listed = evidence.facts().filter(|other| other.measure == Measure::Share && other.id != share.id);
    let beside = listed.filter(|other| other.basis == share.basis && stand_near(&other.location, &share.location));
    let told = beside.filter_map(|other| {
        let amounts = evidence.of_code(&other.metric, code_of(other)).filter(|f| f.measure == Measure::Amount);
        amounts.filter(|f| f.phase == amount.phase).find_map(|amount| implied_whole(other, amount, evidence))
    });
    let agreeing = told.filter(|other| other.meets(&base)).count();
    (is_larger && agreeing >= 2).then(|| share.printed.clone())
}

/// What an amount is a share of.
pub(super) fn implied_whole(share: &Fact, amount: &Fact, evidence: &Evidence<'_>) -> Option<Interval> {
    let hundredfold = evidence.value_of(amount, true)?.multiply(Interval::exact(Decimal::ONE_HUNDRED))?;
    hundredfold.divide(evidence.value_of(share, true)?).filter(|whole| !whole.mid.is_zero())
}

/// Whether two figures stand in the same paragraph or on the same page.
fn stand_near(a: &Location, b: &Location) -> bool {
    (&a.part, a.paragraph, a.page, &a.sheet) == (&b.part, b.paragraph, b.page, &b.sheet)
}

/// What shares are taken of.
const TOTALS: &[&str] = &[
    "total.in",
    "total.out",
    "rev.current",
    "exp.current",
    "fin.total.in",
    "fin.total.out",
    "fin.rev",
    "fin.exp",
    "rev.fiscal",
    "gpb.exp",
    "gpb.exp.basic",
    "gpb.exp.project",
    "exp.basic",
    "exp.project",
    "tp.total",
    "proc.total",
];

fn is_ratio(part: Decimal, base: Decimal, rate: &Fact) -> bool {
    let half = Literal { value: Decimal::ZERO, decimals: rate.decimals, percent: true }.half_unit();
    let ratio = part.checked_mul(Decimal::ONE_HUNDRED).and_then(|p| p.checked_div(base));
    part != base && ratio.is_some_and(|ratio| (ratio - rate.value).abs() <= half)
}

/// Whether the change is the amount next to the percentage, before it or after it.
fn stand_together(line: &str, rate: &str, step: &str) -> bool {
    line.match_indices(rate).any(|(at, _)| {
        let before = line.get(..at).map(amounts).unwrap_or_default();
        let after = line.get(at + rate.len()..).map(amounts).unwrap_or_default();
        before.last().is_some_and(|a| a == step) || after.first().is_some_and(|a| a == step)
    })
}

/// Whether another amount of the paragraph has that change in that percentage.
fn fits_another(line: &str, percent: &Fact, change: &Fact, verdict: &Verdict<'_>) -> bool {
    let Some(step) = Literal::parse(&plain(&change.printed)) else { return false };
    let step = if change.value.is_sign_negative() { -step.value } else { step.value };
    let ours = |literal: &String| verdict.figures.iter().flatten().any(|f| plain(&f.printed) == *literal);
    let others = amounts(line).into_iter().filter(|literal| !ours(literal));
    others.filter_map(|literal| Literal::parse(&literal)).any(|amount| agrees(amount.value, step, percent))
}

fn agrees(amount: Decimal, step: Decimal, percent: &Fact) -> bool {
    let half = Literal { value: Decimal::ZERO, decimals: percent.decimals, percent: true }.half_unit();
    let rate = amount.checked_sub(step).and_then(|before| step.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(before));
    rate.is_some_and(|rate| (rate.abs() - percent.value.abs()).abs() <= half)
}

/// A figure beside one of the verdict's that agrees with the other side: in the row of a statement to the left,
/// where totals stand, or in the same sentence.
pub(super) fn agreeing_neighbour(verdict: &Verdict<'_>, evidence: &Evidence<'_>) -> Option<String> {
    let first = |n: usize| verdict.figures.get(n).and_then(|f| f.first()).copied();
    let left = first(0)?;
    let slack = verdict.tolerance;
    let right = (verdict.figures.len() == 2).then(|| first(1)).flatten();
    beside(left, verdict.right.mid, slack, verdict, evidence)
        .or_else(|| beside(right?, verdict.left.mid, slack, verdict, evidence))
}

fn beside(
    fact: &Fact,
    wanted: Decimal,
    slack: Decimal,
    verdict: &Verdict<'_>,
    evidence: &Evidence<'_>,
) -> Option<String> {
    let meets = |literal: &str| {
        let value = Literal::parse(literal).and_then(|l| l.in_base(fact.printed_unit.unwrap_or(fact.unit)));
        value.is_some_and(|value| !value.is_zero() && (value - wanted).abs() <= slack)
    };
    match fact.basis {
        Basis::Table => left_in_row(fact, evidence).into_iter().find(|text| meets(text)),
        Basis::Narrative => {
            let own: Vec<String> = verdict
                .figures
                .iter()
                .flatten()
                .filter(|f| f.basis == Basis::Narrative)
                .map(|f| plain(&f.printed))
                .collect();
            in_sentence(fact, evidence).into_iter().find(|text| !own.contains(text) && meets(text))
        }
        _ => None,
    }
}

/// Figures that stand left of the given one in its row.
fn left_in_row(fact: &Fact, evidence: &Evidence<'_>) -> Vec<String> {
    let place = &fact.location;
    let (Some(id), Some(row), Some(col)) = (place.table.as_deref(), place.row, place.col) else { return Vec::new() };
    let Some(table) = evidence.report.tables.iter().find(|t| t.id == id) else { return Vec::new() };
    let cells = table.cells.iter().filter(|cell| cell.row == row && cell.col < col);
    cells
        .filter(|cell| matches!(Printed::parse(&cell.text), Printed::Number(_)))
        .map(|cell| plain(&cell.text))
        .collect()
}

/// Amounts of the sentences that print the given figure.
fn in_sentence(fact: &Fact, evidence: &Evidence<'_>) -> Vec<String> {
    let printed = plain(&fact.printed);
    let with_figure = sentences(evidence).map(|s| s.amounts()).filter(|found| found.contains(&printed));
    with_figure.flatten().cloned().collect()
}

/// The table of the given figures, when the next table looks like its rest: no title of its own, the same columns,
/// on the same or the next page.
pub(super) fn cut_table(facts: &[&Fact], evidence: &Evidence<'_>) -> Option<String> {
    let id = facts.first()?.location.table.as_deref()?;
    let tables = &evidence.report.tables;
    let at = tables.iter().position(|t| t.id == id)?;
    let (table, next) = (tables.get(at)?, tables.get(at + 1)?);
    let untitled = next.form.is_none() && next.title.is_none() && next.captions.is_empty();
    let last = table.locations.iter().filter_map(|l| l.page).max()?;
    let follows =
        next.locations.iter().filter_map(|l| l.page).min().is_some_and(|page| page == last || page == last + 1);
    (untitled && follows && columns(table) == columns(next)).then(|| next.id.clone())
}

fn columns(table: &Table) -> Option<u32> {
    table.cells.iter().map(|cell| cell.col.saturating_add(cell.col_span)).max()
}
