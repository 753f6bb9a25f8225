//! PC-04 — the text calls the outturn smaller than the budget although it exceeds it, or the other way round.
//!
//! **Why it matters.** The reasons that follow explain the wrong thing.
//! **When it stays quiet.** At 100 percent, where rounding may hide either, and where both words were left in.
//! **Example.** 完成预算112.00%，决算数小于预算数的主要原因是….

use rust_decimal::Decimal;

use crate::check::evidence::Evidence;
use crate::check::message::{self, Language};
use crate::check::passage::{paragraphs, shorten};
use crate::forms::identities::Written;
use crate::model::{Finding, Literal};

/// Finds words for more or less that the completion beside them contradicts.
pub(super) fn direction_contradicts_completion(
    written: &Written,
    evidence: &Evidence<'_>,
    language: Language,
) -> Vec<Finding> {
    let (Some(claim), Some(less)) = (written.patterns.get("claim"), written.words.get("less")) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for (section, text) in paragraphs(evidence) {
        for captures in claim.captures_iter(text) {
            let rate = captures.name("rate").and_then(|m| Literal::parse(m.as_str()));
            let (Some(rate), Some(word), Some(whole)) = (rate, captures.name("word"), captures.get(0)) else {
                continue;
            };
            let says_less = less.iter().any(|w| w == word.as_str());
            let is_wrong =
                if says_less { rate.value > Decimal::ONE_HUNDRED } else { rate.value < Decimal::ONE_HUNDRED };
            if is_wrong {
                let quoted = shorten(whole.as_str(), 60);
                findings.push(message::wording(&written.heading, &quoted, vec![section.location.clone()], language));
            }
        }
    }
    findings
}
