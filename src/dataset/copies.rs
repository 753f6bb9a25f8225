//! Which documents are copies of others: those with the same bytes, read by the same extractor, have one report id. The
//! first in the order of sources holds the content; the others have a row in the ledger that names it.

use std::collections::BTreeMap;

use super::{Ledger, Outcome};
use crate::model::Status;

/// The source that holds each report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holders(BTreeMap<Box<str>, Box<str>>);

impl Holders {
    /// The source that holds a report; `source_uri` holds it from now on where none does.
    pub(super) fn claim(&mut self, report_id: &str, source_uri: &str) -> Option<&str> {
        if !self.0.contains_key(report_id) {
            self.0.insert(report_id.into(), source_uri.into());
            return None;
        }
        self.0.get(report_id).map(AsRef::as_ref)
    }

    /// Leaves an outcome out where another source holds its report; outcomes come in the order of sources.
    pub fn mark(&mut self, outcome: &mut Outcome) {
        if !outcome.may_have_copies() {
            return;
        }
        if let Some(first) = self.claim(&outcome.report.id, &outcome.report.source.path) {
            outcome.ledger = Ledger::Skipped(first.to_owned());
        }
    }
}

/// From reports and their sources.
impl FromIterator<(String, String)> for Holders {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(held: I) -> Self {
        Self(held.into_iter().map(|(report_id, source_uri)| (report_id.into(), source_uri.into())).collect())
    }
}

impl Outcome {
    /// Whether a document with the same bytes is a copy of this one: it was read, or refused for what it is.
    #[must_use]
    pub fn may_have_copies(&self) -> bool {
        self.report.source.hash().is_some() && self.report.status != Status::Failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::sample;

    #[test]
    fn the_first_of_equal_documents_holds_their_report_and_one_that_failed_holds_nothing() {
        let mut holders: Holders = [("held".to_owned(), "old.docx".to_owned())].into_iter().collect();
        let outcome = |path: &str, id: &str| {
            let mut outcome = sample::outcome(path, "甲局", 2024);
            id.clone_into(&mut outcome.report.id);
            outcome
        };
        let mut failed = outcome("0.docx", "new");
        failed.report.status = Status::Failed;
        let mut outcomes = [failed, outcome("a.docx", "new"), outcome("b.docx", "new"), outcome("c.docx", "held")];
        for outcome in &mut outcomes {
            holders.mark(outcome);
        }
        let said = outcomes.map(|outcome| outcome.ledger);
        let skipped = |first: &str| Ledger::Skipped(first.to_owned());
        assert_eq!(said, [Ledger::Read, Ledger::Read, skipped("a.docx"), skipped("old.docx")]);
    }
}
