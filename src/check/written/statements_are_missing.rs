//! ST-01 — the file holds the text of a report but none of its statements.
//!
//! **Why it matters.** Without statements nothing in the text can be verified.
//! **When it stays quiet.** Where any statement was found, where a table could not be placed (that is our loss),
//! where pages are images, and where the file has no text either. Where the report says that its tables are
//! published apart, the answer is that this was not checked.
//! **Example.** 第五部分 附表 with fourteen titles and no cells.

use crate::check::evidence::Evidence;
use crate::check::message::{self, Language};
use crate::check::passage::whole_sections;
use crate::forms::identities::Written;
use crate::model::{Basis, Finding, NoteKind, Printed, Table};

/// A table that nobody placed counts as a possible statement from this many figures on.
const STATEMENT_FIGURES: usize = 6;

/// Finds that there is no statement at all.
pub(super) fn statements_are_missing(written: &Written, evidence: &Evidence<'_>, language: Language) -> Vec<Finding> {
    let report = evidence.report;
    let has_text = report.facts.iter().any(|fact| fact.basis == Basis::Narrative);
    let lost = report.notes.iter().any(|note| note.kind == NoteKind::ImagePage || note.kind.is_loss());
    if !has_text || lost || report.tables.iter().any(may_be_statement) {
        return Vec::new();
    }
    if let Some(finding) = published_apart(written, evidence, language) {
        return vec![finding];
    }
    let quoted = match language {
        Language::Zh => "全文未见收入支出总表等报表（附表）",
        Language::En => "no income and expenditure summary or other statement is in the file",
    };
    let places: Vec<_> = report.sections.last().map(|s| s.location.clone()).into_iter().collect();
    vec![message::wording(&written.heading, quoted, places, language)]
}

/// Says that nothing can be told of statements which the report itself says stand in another file.
fn published_apart(written: &Written, evidence: &Evidence<'_>, language: Language) -> Option<Finding> {
    let apart = written.patterns.get("apart")?;
    whole_sections(evidence).find_map(|(section, text)| {
        let said = apart.find(&text)?.as_str();
        let reason = match language {
            Language::Zh => format!("报表（原文：“{said}”）"),
            Language::En => format!("the statement file (“{said}”)"),
        };
        let mut finding = message::not_checked(&written.heading, &reason, language);
        finding.locations = vec![section.location.clone()];
        Some(finding)
    })
}

fn may_be_statement(table: &Table) -> bool {
    if let Some(form) = &table.form {
        return form.starts_with("final_accounts.") || form.starts_with("budget.");
    }
    let figures = table.cells.iter().filter(|cell| matches!(Printed::parse(&cell.text), Printed::Number(_)));
    figures.count() >= STATEMENT_FIGURES
}
