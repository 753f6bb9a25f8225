//! The checks by themselves: their list, one of them in full, and ids that nobody knows.

use anyhow::{Context, bail};

use crate::check::{self, CheckInfo};
use crate::cli::grid::Grid;
use crate::cli::lang::{self, Lang};
use crate::cli::paint::{self, Style};
use crate::cli::plan::Plan;
use crate::cli::text;

/// Ids that are named beside one that does not exist.
const NEAR: usize = 4;

pub(super) fn language(lang: Lang) -> check::Language {
    match lang {
        Lang::Zh => check::Language::Zh,
        Lang::En => check::Language::En,
    }
}

/// Every check with its severity and what it finds.
pub(super) fn list_lines(plan: &Plan) -> Vec<String> {
    let say = |text| plan.lang.say(text);
    let row = |info: &check::CheckInfo| {
        let severity = plan.lang.word(info.severity.word()).to_owned();
        vec![info.code.clone(), severity, language(plan.lang).of(&info.title).to_owned()]
    };
    let rows: Vec<Vec<String>> = check::index(plan.forms).iter().map(row).collect();
    let header = [say(lang::ID), say(lang::SEVERITY), say(lang::FAULT)];
    Grid::of_rows(&header, &rows, &[]).draw(text::terminal_columns(), plan.paint)
}

/// A check in full: what it finds, why that matters, and the formulas that it rests on.
pub(super) fn explain_lines(id: &str, plan: &Plan) -> anyhow::Result<Vec<String>> {
    let checks = check::index(plan.forms);
    let info = checks.iter().find(|c| c.code.eq_ignore_ascii_case(id));
    let info = info.with_context(|| unknown(id, &checks))?;
    let mark = plan.paint.paint(paint::of_severity(info.severity), plan.lang.word(info.severity.word()));
    let title = plan.paint.bold(language(plan.lang).of(&info.title));
    let mut lines = vec![format!("{}  {mark}  {title}", info.code), String::new()];
    let room = text::terminal_columns().min(100);
    lines.extend(text::wrap(language(plan.lang).of(&info.why), room));
    if !info.formulas.is_empty() {
        lines.push(String::new());
    }
    lines.extend(info.formulas.iter().map(|f| format!("  {}", plan.paint.paint(Style::Accent, f.trim()))));
    Ok(lines)
}

/// Refuses ids that no check has: a mistyped id must not look like a report without faults.
///
/// # Errors
/// When one of `ids` is unknown.
pub(super) fn refuse_unknown<'a>(ids: impl IntoIterator<Item = &'a String>, plan: &Plan) -> anyhow::Result<()> {
    let checks = check::index(plan.forms);
    let is_known = |id: &str| checks.iter().any(|c| c.code.eq_ignore_ascii_case(id));
    match ids.into_iter().find(|id| !is_known(id)) {
        Some(id) => bail!(unknown(id, &checks)),
        None => Ok(()),
    }
}

fn unknown(id: &str, checks: &[CheckInfo]) -> String {
    let mut near: Vec<&str> = checks.iter().map(|c| c.code.as_str()).collect();
    near.sort_by_key(|code| distance(&id.to_ascii_uppercase(), &code.to_ascii_uppercase()));
    near.truncate(NEAR);
    let near = near.join(", ");
    format!("{id}: no such check; near it are {near}; `juesuan check --list` names them all")
}

/// How many letters have to be put in, taken out or changed (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut above = std::mem::replace(&mut row[0], i + 1);
        let mut left = i + 1;
        for (y, cell) in b.chars().zip(row.iter_mut().skip(1)) {
            let changed = above + usize::from(x != y);
            above = *cell;
            *cell = changed.min(left + 1).min(above + 1);
            left = *cell;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_counts_letters() {
        assert_eq!(distance("IT-01", "IT-01"), 0);
        assert_eq!(distance("IT-99", "IT-09"), 1);
        assert_eq!(distance("IT1", "IT-01"), 2);
        assert_eq!(distance("", "TT-06"), 5);
    }
}
