//! HR-04 — a statement of the general budget has a row of government funds or of state capital.
//!
//! **Why it matters.** The three budgets are accounted for apart; the row is counted in the wrong one.
//! **When it stays quiet.** For codes that were told from a name, and for rows of zero.
//! **Example.** 2120801 征地和拆迁补偿支出 in 一般公共预算财政拨款支出决算表.

use crate::check::evidence::Evidence;
use crate::check::message::{self, Language};
use crate::forms::identities::Written;
use crate::model::{CodeSource, Fact, Finding, Measure};

/// Finds rows whose code starts like one of another budget.
pub(super) fn code_does_not_stand_where_it_belongs(
    written: &Written,
    evidence: &Evidence<'_>,
    language: Language,
) -> Vec<Finding> {
    let list = |name: &str| written.words.get(name).map_or(&[][..], Vec::as_slice);
    let (forms, starts) = (list("forms"), list("starts"));
    let stands_there = |fact: &&&Fact| evidence.form_of(fact).is_some_and(|form| forms.iter().any(|f| f == form));
    let is_item = |fact: &&&Fact| {
        let code = fact.func_code.as_deref().unwrap_or_default();
        fact.measure == Measure::Amount
            && fact.code_source != Some(CodeSource::Inferred)
            && !fact.value.is_zero()
            && code.len() == 7
            && starts.iter().any(|start| code.starts_with(start.as_str()))
    };
    let rows = evidence.of_metric("gpb.exp.func").iter().filter(stands_there).filter(is_item);
    rows.map(|fact| finding(written, fact, language)).collect()
}

fn finding(written: &Written, fact: &Fact, language: Language) -> Finding {
    let words = [fact.func_code.as_deref(), fact.func_name.as_deref(), Some(fact.printed.as_str())];
    let quoted = words.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let mut finding = message::wording(&written.heading, &quoted, vec![fact.location.clone()], language);
    finding.facts = vec![fact.id.clone()];
    finding
}
