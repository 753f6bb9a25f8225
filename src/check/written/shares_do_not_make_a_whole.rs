//! PC-02 — the shares of all parts do not come to 100 percent.
//!
//! **Why it matters.** One of the shares is of another whole, or of another year.
//! **When it stays quiet.** Where the parts do not make up the whole, or a part that is not zero has no share, and
//! within half a unit of the last digit of each share; parts that miss a small whole by their rounding have shares
//! that miss 100 percent by as much. Shares that all follow from one other whole are of that whole.
//! **Example.** 基本支出60.00万元，占60%；项目支出40.00万元，占41%.

use rust_decimal::Decimal;

use crate::check::evidence::Evidence;
use crate::check::interval::Interval;
use crate::check::message::{self, Language};
use crate::check::misread;
use crate::forms::identities::Written;
use crate::model::{Basis, Fact, Finding, Measure};

/// Finds groups of shares that miss 100 percent.
pub(super) fn shares_do_not_make_a_whole(
    written: &Written,
    evidence: &Evidence<'_>,
    language: Language,
) -> Vec<Finding> {
    let groups = written.words.get("groups").map_or(&[][..], Vec::as_slice);
    groups.iter().filter_map(|group| finding(written, group, evidence, language)).collect()
}

fn finding(written: &Written, group: &str, evidence: &Evidence<'_>, language: Language) -> Option<Finding> {
    let (whole, parts) = group.split_once(':')?;
    let whole = only(whole.trim(), Measure::Amount, evidence)?;
    let (mut amounts, mut shares) = (Interval::exact(Decimal::ZERO), Interval::exact(Decimal::ZERO));
    let mut told: Vec<&Fact> = Vec::new();
    let mut wholes: Vec<Interval> = Vec::new();
    for metric in parts.split_whitespace() {
        let Some(amount) = only(metric, Measure::Amount, evidence) else { continue };
        amounts = amounts.add(evidence.value_of(amount, false)?)?;
        match only(metric, Measure::Share, evidence) {
            Some(share) => {
                shares = shares.add(evidence.value_of(share, true)?)?;
                told.push(share);
                wholes.extend(misread::implied_whole(share, amount, evidence));
            }
            None if amount.value.is_zero() => {}
            None => return None,
        }
    }
    let hundred = Interval::exact(Decimal::ONE_HUNDRED);
    let whole = evidence.value_of(whole, false)?;
    let claimed = hundred.multiply(Interval::exact(amounts.mid))?.divide(Interval::exact(whole.mid))?;
    let of_another = wholes.len() > 2 && wholes.iter().all(|a| !a.meets(&whole) && wholes.iter().all(|b| a.meets(b)));
    if told.len() < 2 || of_another || !amounts.meets(&whole) || shares.meets(&hundred) || shares.meets(&claimed) {
        return None;
    }
    let printed: Vec<&str> = told.iter().map(|share| share.printed.as_str()).collect();
    let quoted = format!("{} = {}%", printed.join(" + "), shares.mid.normalize());
    let places = told.iter().map(|share| share.location.clone()).collect();
    let mut finding = message::wording(&written.heading, &quoted, places, language);
    finding.facts = told.iter().map(|share| share.id.clone()).collect();
    finding.delta = Some((shares.mid - Decimal::ONE_HUNDRED).normalize());
    finding.tolerance = Some(shares.half().normalize());
    Some(finding)
}

/// The figure of the text for the report's year, when it is printed with one value.
fn only<'a>(metric: &str, measure: Measure, evidence: &Evidence<'a>) -> Option<&'a Fact> {
    let year = evidence.report.identity.fiscal_year;
    let of_text = |fact: &&&Fact| {
        fact.basis == Basis::Narrative
            && fact.measure == measure
            && fact.func_code.is_none()
            && fact.phase.is_none_or(|phase| phase == crate::model::Phase::Final)
            && evidence.year_of(fact) == year
    };
    let mut found = evidence.of_metric(metric).iter().filter(of_text).copied();
    let first = found.next()?;
    found.all(|other| other.value == first.value).then_some(first)
}
