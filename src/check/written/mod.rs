//! The checks that no formula can say, one a file, each named after its fault. What is told about them, and the
//! words they look for, are `[[written]]` entries of the identity files, by the same name.

mod annex_parts_differ_from_total;
mod annex_restates_otherwise;
mod change_from_nothing;
mod code_does_not_stand_where_it_belongs;
mod code_has_its_former_name;
mod code_lacks_its_parent;
mod denied_expenditure_has_an_amount;
mod detail_row_does_not_add_up;
mod direction_contradicts_completion;
mod entity_has_another_name;
mod item_has_another_name;
mod named_category_has_no_amount;
mod percentage_of_nothing;
mod score_exceeds_its_weight;
mod shares_do_not_make_a_whole;
mod statements_are_missing;
mod target_was_missed;
mod total_is_called_income;
mod year_word_is_last_years;

use super::evidence::Evidence;
use super::message::Language;
use crate::forms::identities::{Identities, Written};
use crate::model::Finding;

type Check = fn(&Written, &Evidence<'_>, Language) -> Vec<Finding>;

/// Every check of this folder, by its name in the identity files.
const CHECKS: &[(&str, Check)] = &[
    ("annex_parts_differ_from_total", annex_parts_differ_from_total::annex_parts_differ_from_total),
    ("annex_restates_otherwise", annex_restates_otherwise::annex_restates_otherwise),
    ("change_from_nothing", change_from_nothing::change_from_nothing),
    (
        "code_does_not_stand_where_it_belongs",
        code_does_not_stand_where_it_belongs::code_does_not_stand_where_it_belongs,
    ),
    ("code_has_its_former_name", code_has_its_former_name::code_has_its_former_name),
    ("code_lacks_its_parent", code_lacks_its_parent::code_lacks_its_parent),
    ("denied_expenditure_has_an_amount", denied_expenditure_has_an_amount::denied_expenditure_has_an_amount),
    ("detail_row_does_not_add_up", detail_row_does_not_add_up::detail_row_does_not_add_up),
    ("direction_contradicts_completion", direction_contradicts_completion::direction_contradicts_completion),
    ("entity_has_another_name", entity_has_another_name::entity_has_another_name),
    ("item_has_another_name", item_has_another_name::item_has_another_name),
    ("named_category_has_no_amount", named_category_has_no_amount::named_category_has_no_amount),
    ("percentage_of_nothing", percentage_of_nothing::percentage_of_nothing),
    ("score_exceeds_its_weight", score_exceeds_its_weight::score_exceeds_its_weight),
    ("shares_do_not_make_a_whole", shares_do_not_make_a_whole::shares_do_not_make_a_whole),
    ("statements_are_missing", statements_are_missing::statements_are_missing),
    ("target_was_missed", target_was_missed::target_was_missed),
    ("total_is_called_income", total_is_called_income::total_is_called_income),
    ("year_word_is_last_years", year_word_is_last_years::year_word_is_last_years),
];

/// Runs those that the forms describe and that are for the report's kind.
pub(super) fn find(identities: &Identities, evidence: &Evidence<'_>, language: Language) -> Vec<Finding> {
    let kind = evidence.report.identity.kind.as_deref();
    let entries = |name: &str| identities.written.get(name).map_or(&[][..], Vec::as_slice);
    let all = CHECKS.iter().flat_map(|(name, check)| entries(name).iter().map(move |written| (written, check)));
    let due = all.filter(|(written, _)| written.heading.applies_to(kind));
    due.flat_map(|(written, check)| check(written, evidence, language)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::Forms;

    #[test]
    fn every_check_is_described_and_every_description_has_a_check() {
        let described: Vec<&str> = Forms::builtin().identities.written.keys().map(String::as_str).collect();
        let written: Vec<&str> = CHECKS.iter().map(|(name, _)| *name).collect();
        assert_eq!(described, written);
    }
}
