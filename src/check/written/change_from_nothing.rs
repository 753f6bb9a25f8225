//! YY-02 — a change is printed in percent although the year before was zero.
//!
//! **Why it matters.** A percentage of nothing means nothing.
//! **When it stays quiet.** Where the year before is not zero, by the printed change or the printed figure, and where
//! the percentage is not 100: it then belongs to another figure.
//! **Example.** 2024年307.82万元，增加307.82万元，增长100.00%: reported.

use rust_decimal::Decimal;

use crate::check::evidence::{Evidence, code_of};
use crate::check::message::{self, Language};
use crate::forms::identities::Written;
use crate::model::{Fact, Finding, Measure};

/// Finds changes in percent whose base is zero.
pub(super) fn change_from_nothing(written: &Written, evidence: &Evidence<'_>, language: Language) -> Vec<Finding> {
    let changes = evidence.report.facts.iter().filter(|fact| fact.measure == Measure::YoyPct && !fact.value.is_zero());
    changes.filter_map(|fact| finding(written, fact, evidence, language)).collect()
}

fn finding(written: &Written, percent: &Fact, evidence: &Evidence<'_>, language: Language) -> Option<Finding> {
    let of = |measure: Measure| {
        evidence.of_metric(&percent.metric).iter().copied().find(|other| {
            other.measure == measure
                && other.basis == percent.basis
                && other.phase == percent.phase
                && evidence.year_of(other) == evidence.year_of(percent)
                && code_of(other) == code_of(percent)
        })
    };
    let (amount, change) = (of(Measure::Amount)?, of(Measure::YoyAbs)?);
    // From nothing, print says 100%; another percentage beside an equal change was read for another figure.
    if amount.value.is_zero() || amount.value != change.value || percent.value != Decimal::ONE_HUNDRED {
        return None;
    }
    let name = amount.func_name.as_deref().unwrap_or_else(|| evidence.label(&amount.metric, language));
    let quoted = match language {
        Language::Zh => format!("{name}{}，增加{}，增长{}", amount.printed, change.printed, percent.printed),
        Language::En => format!("{name} {}, up by {}, by {}", amount.printed, change.printed, percent.printed),
    };
    let facts = [amount, change, percent];
    let places = facts.iter().map(|fact| fact.location.clone()).collect();
    let mut finding = message::wording(&written.heading, &quoted, places, language);
    finding.facts = facts.iter().map(|fact| fact.id.clone()).collect();
    Some(finding)
}
