//! PF-05 — an indicator stayed below its target.
//!
//! **Why it matters.** The narrative often says that all targets were met.
//! **When it stays quiet.** Where target or outcome is more than a number with the same unit.
//! **Example.** ≥50次, and 27次 were done.

use crate::check::evidence::Evidence;
use crate::check::message::{self, Language};
use crate::forms::identities::Written;
use regex::{Captures, Regex};

use crate::model::{Finding, Indicator, Literal, fold_text};

/// Finds indicators whose outcome is below a least value.
pub(super) fn target_was_missed(written: &Written, evidence: &Evidence<'_>, language: Language) -> Vec<Finding> {
    let (Some(target), Some(actual)) = (written.patterns.get("target"), written.patterns.get("actual")) else {
        return Vec::new();
    };
    let missed = evidence.report.indicators.iter().filter(|i| is_missed(i, target, actual));
    missed.map(|indicator| finding(written, indicator, language)).collect()
}

fn is_missed(indicator: &Indicator, target: &Regex, actual: &Regex) -> bool {
    let (wanted, done) = (fold_text(&indicator.target), fold_text(&indicator.actual));
    let (Some(wanted), Some(done)) = (target.captures(&wanted), actual.captures(&done)) else { return false };
    let unit = |c: &Captures<'_>| c.name("unit").map(|m| m.as_str().to_owned());
    let figure = |c: &Captures<'_>| c.name("figure").and_then(|m| Literal::parse(m.as_str())).map(|l| l.value);
    unit(&wanted) == unit(&done) && figure(&done) < figure(&wanted)
}

fn finding(written: &Written, indicator: &Indicator, language: Language) -> Finding {
    let quoted = format!("{} {}：{} | {}", indicator.project, indicator.level3, indicator.target, indicator.actual);
    message::wording(&written.heading, &quoted, vec![indicator.location.clone()], language)
}
