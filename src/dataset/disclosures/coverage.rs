//! Which of the statements that a report has to hold a disclosure holds.

use serde::Serialize;

use super::Document;
use crate::forms::Forms;

/// Names of expected statements, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Coverage {
    /// Held, with figures.
    pub present: Vec<String>,
    /// Held without a figure other than zero, or said to have nothing to hold.
    pub declared_empty: Vec<String>,
    /// Neither.
    pub missing: Vec<String>,
}

impl Coverage {
    /// Looks through the live documents of a disclosure of a kind; a kind without expected statements has none missing.
    pub(super) fn of(kind: Option<&str>, documents: &[&Document], forms: &Forms) -> Self {
        let mut coverage = Self::default();
        for expected in forms.joining.expected_of(kind.unwrap_or_default()) {
            let mut held = documents.iter().flat_map(|d| &d.statements).filter(|(f, _)| expected.forms.contains(f));
            let first = held.next();
            let is_filled = first.is_some_and(|(_, filled)| *filled) || held.any(|(_, filled)| *filled);
            let is_declared = documents.iter().any(|d| d.declared_empty.contains(&expected.name));
            let list = match (is_filled, first.is_some() || is_declared) {
                (true, _) => &mut coverage.present,
                (false, true) => &mut coverage.declared_empty,
                (false, false) => &mut coverage.missing,
            };
            list.push(expected.name.clone());
        }
        coverage
    }
}
