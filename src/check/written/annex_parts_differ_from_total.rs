//! TX-01 — a total of an annex differs from the parts that the same sentence names.
//!
//! **Why it matters.** Basic and project expenditure are all of a department's expenditure; a third part is
//! missing, or one of the three figures is of another scope.
//! **When it stays quiet.** Where rounding explains the difference, where a part follows that is not read, and where
//! the parts are figures of the report that other checks hold against each other.
//! **Example.** 总支出520.00万元，其中基本支出300.00万元、项目支出120.00万元: the parts give 420.00.

use regex::Captures;

use crate::check::evidence::Evidence;
use crate::check::interval::Interval;
use crate::check::message::{self, Language};
use crate::check::passage::{sentences, shorten};
use crate::forms::identities::Written;
use crate::model::{Finding, Literal, Unit};

/// Finds sentences whose parts do not add up.
pub(super) fn annex_parts_differ_from_total(
    written: &Written,
    evidence: &Evidence<'_>,
    language: Language,
) -> Vec<Finding> {
    let Some(claim) = written.patterns.get("claim") else { return Vec::new() };
    let mut findings = Vec::new();
    for sentence in sentences(evidence.report) {
        let Some(sides) = claim.captures(&sentence.text).and_then(|c| sides(&c)) else { continue };
        let (total, parts) = sides;
        if total.meets(&parts) {
            continue;
        }
        let place = sentence.section.location.clone();
        let quoted = shorten(&sentence.text, 80);
        let mut finding = message::wording(&written.heading, &quoted, vec![place], language);
        finding.lhs = Some(message::base(total.mid));
        finding.rhs = Some(message::base(parts.mid));
        finding.delta = Some((total.mid - parts.mid).normalize());
        finding.tolerance = Some((total.half() + parts.half()).normalize());
        findings.push(finding);
    }
    findings
}

fn sides(captures: &Captures<'_>) -> Option<(Interval, Interval)> {
    let scale = Unit::TenThousandYuan.scale();
    let figure = |n: usize| {
        let literal = Literal::parse(captures.get(n)?.as_str())?;
        Interval::around(literal.in_base(Unit::TenThousandYuan)?, literal.half_unit().checked_mul(scale)?)
    };
    Some((figure(1)?, figure(2)?.add(figure(3)?)?))
}
