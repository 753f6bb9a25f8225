//! TX-01 — a total differs from the parts that the same sentence names.
//!
//! **Why it matters.** Basic and project expenditure are all of a department's expenditure; a third part is
//! missing, or one of the three figures is of another scope.
//! **When it stays quiet.** Where rounding explains the difference, where a part follows that is not one of the kinds
//! of expenditure, and where the list does not name basic and project expenditure both, in any order.
//! **Example.** 总支出520.00万元，其中基本支出300.00万元、项目支出120.00万元: the parts give 420.00.

use regex::{Captures, Regex};
use rust_decimal::Decimal;

use crate::check::evidence::Evidence;
use crate::check::interval::Interval;
use crate::check::message::{self, Language};
use crate::check::passage::{paragraphs, shorten};
use crate::forms::identities::Written;
use crate::model::{Finding, Literal, Unit};

/// Finds sentences whose parts do not add up.
pub(super) fn annex_parts_differ_from_total(
    written: &Written,
    evidence: &Evidence<'_>,
    language: Language,
) -> Vec<Finding> {
    let Some(claim) = Claim::of(written) else { return Vec::new() };
    let mut findings = Vec::new();
    let lists = paragraphs(evidence);
    // A list goes on over semicolons, up to its full stop.
    for (section, list) in lists.flat_map(|(section, text)| text.split_inclusive('。').map(move |list| (section, list)))
    {
        let Some((total, parts)) = claim.sides(list).filter(|(total, parts)| !total.meets(parts)) else {
            continue;
        };
        let place = section.location.clone();
        let quoted = shorten(list, 80);
        let mut finding = message::wording(&written.heading, &quoted, vec![place], language);
        finding.lhs = Some(message::base(total.mid));
        finding.rhs = Some(message::base(parts.mid));
        finding.delta = Some((total.mid - parts.mid).normalize());
        finding.tolerance = Some((total.half() + parts.half()).normalize());
        findings.push(finding);
    }
    findings
}

/// How a sentence says that a total has parts.
struct Claim<'w> {
    total: &'w Regex,
    part: &'w Regex,
    aside: &'w Regex,
    complete: &'w Regex,
    unless: &'w Regex,
}

impl<'w> Claim<'w> {
    fn of(written: &'w Written) -> Option<Self> {
        let pattern = |name: &str| written.patterns.get(name);
        Some(Self {
            total: pattern("total")?,
            part: pattern("part")?,
            aside: pattern("aside")?,
            complete: pattern("complete")?,
            unless: pattern("unless")?,
        })
    }

    /// The total and the sum of its parts; nothing where the list may hold something else.
    fn sides(&self, sentence: &str) -> Option<(Interval, Interval)> {
        let captures = self.total.captures(sentence)?;
        let list = sentence.get(captures.get(0)?.end()..)?.trim_end_matches(['。', ';', '；', ')']);
        if !self.complete.is_match(list) || self.unless.is_match(sentence) {
            return None;
        }
        let mut sum = Interval::exact(Decimal::ZERO);
        for piece in list.split(['、', ',', '，', ';', '；']).filter(|piece| !piece.is_empty()) {
            if self.aside.is_match(piece) {
                continue;
            }
            sum = sum.add(figure(&self.part.captures(piece)?)?)?;
        }
        Some((figure(&captures)?, sum))
    }
}

fn figure(captures: &Captures<'_>) -> Option<Interval> {
    let literal = Literal::parse(captures.name("figure")?.as_str())?;
    let unit = Unit::parse(captures.name("unit")?.as_str())?;
    Interval::around(literal.in_base(unit)?, literal.half_unit().checked_mul(unit.scale())?)
}
