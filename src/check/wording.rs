//! Patterns that a right report does not hold: instructions of the template that were left in, direction words
//! that contradict each other, figures without a unit. The patterns are data of the identity files.

use std::collections::BTreeMap;

use super::evidence::Evidence;
use super::message::{self, Language};
use super::passage::{Sentence, sentences, shorten};
use crate::forms::identities::Wording;
use crate::model::Finding;

/// A quotation is cut after so many characters.
const QUOTED: usize = 48;

/// Finds every match of the patterns that are for the report's kind.
pub(super) fn find(wordings: &[Wording], evidence: &Evidence<'_>, language: Language) -> Vec<Finding> {
    let kind = evidence.report.identity.kind.as_deref();
    let wordings: Vec<&Wording> = wordings.iter().filter(|w| w.heading.applies_to(kind)).collect();
    let mut together: BTreeMap<usize, Vec<(String, Sentence<'_>)>> = BTreeMap::new();
    let mut findings = Vec::new();
    for sentence in sentences(evidence) {
        for (n, wording) in wordings.iter().enumerate() {
            let Some(quoted) = matched(wording, &sentence) else { continue };
            if wording.section.as_ref().is_some_and(|section| !section.is_match(&sentence.section.title)) {
                continue;
            }
            if wording.together {
                together.entry(n).or_default().push((quoted, sentence));
            } else {
                let place = sentence.section.location.clone();
                findings.push(message::wording(&wording.heading, &quoted, vec![place], language));
            }
        }
    }
    for (n, matches) in together {
        let Some(wording) = wordings.get(n) else { continue };
        findings.push(joined(wording, &matches, language));
    }
    findings
}

/// The match with what stands around it, so that a person finds it.
fn matched(wording: &Wording, sentence: &Sentence<'_>) -> Option<String> {
    let found = sentence.find(&wording.pattern)?;
    if wording.unless.as_ref().is_some_and(|unless| sentence.is_match(unless)) {
        return None;
    }
    let before: Vec<char> = sentence.text.get(..found.start)?.chars().rev().take(24).collect();
    let before: String = before.into_iter().rev().collect();
    let after: String = sentence.text.get(found.end..)?.chars().take(12).collect();
    Some(format!("{before}{}{after}", sentence.text.get(found)?))
}

fn joined(wording: &Wording, matches: &[(String, Sentence<'_>)], language: Language) -> Finding {
    let quoted: Vec<String> = matches.iter().map(|(quoted, _)| shorten(quoted, QUOTED)).collect();
    let places = matches.iter().map(|(_, sentence)| sentence.section.location.clone()).collect();
    message::wording(&wording.heading, &quoted.join("” “"), places, language)
}
