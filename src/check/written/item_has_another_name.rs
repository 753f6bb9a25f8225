//! TT-06 — the text calls a code of the statement by another name.
//!
//! **Why it matters.** A reader cannot match text and statement; the name is mostly that of an earlier year.
//! **When it stays quiet.** Where the statement has no row of that amount, since then the row may be one that we
//! did not read, and where the names differ by 支出 alone.
//! **Example.** 文化旅游体育与传媒支出（类）文化和旅游（款）其他文化支出（项）12.00万元, where the row of
//! 12.00 is 2070199 其他文化和旅游支出.

use regex::Captures;
use rust_decimal::Decimal;

use crate::check::evidence::Evidence;
use crate::check::message::{self, Language};
use crate::check::passage::sentences;
use crate::forms::identities::Written;
use crate::model::{Basis, Fact, Finding, Literal, Measure, Section, Unit, fold_text};

/// Finds chains of names (类, 款, 项) that the statement spells otherwise.
pub(super) fn item_has_another_name(written: &Written, evidence: &Evidence<'_>, language: Language) -> Vec<Finding> {
    let (Some(chain), Some(outturn)) = (written.patterns.get("chain"), written.patterns.get("outturn")) else {
        return Vec::new();
    };
    let rows = rows(evidence);
    let mut findings = Vec::new();
    let mut current: Option<[String; 3]> = None;
    for sentence in sentences(evidence) {
        if let Some(names) = sentence.captures(chain).and_then(|c| names(&c)) {
            current = Some(names);
        }
        let amount = sentence.captures(outturn).and_then(|c| amount(&c));
        let (Some(names), Some(amount)) = (&current, amount) else { continue };
        findings.extend(finding(written, names, amount, &rows, sentence.section, language));
        current = None;
    }
    findings
}

/// The rows of the statement that have a name.
fn rows<'a>(evidence: &Evidence<'a>) -> Vec<&'a Fact> {
    let is_row =
        |fact: &&&Fact| fact.basis == Basis::Table && fact.measure == Measure::Amount && fact.func_name.is_some();
    evidence.of_metric("gpb.exp.func").iter().filter(is_row).copied().collect()
}

fn names(captures: &Captures<'_>) -> Option<[String; 3]> {
    let name = |n: usize| captures.get(n).map(|m| plain(m.as_str()));
    Some([name(1)?, name(2)?, name(3)?])
}

fn amount(captures: &Captures<'_>) -> Option<Decimal> {
    Literal::parse(captures.get(1)?.as_str())?.in_base(Unit::parse(captures.get(2)?.as_str())?)
}

fn finding(
    written: &Written,
    names: &[String; 3],
    amount: Decimal,
    rows: &[&Fact],
    section: &Section,
    language: Language,
) -> Option<Finding> {
    let [_, branch, item] = names;
    let of_digits = |n: usize| rows.iter().filter(move |row| row.func_code.as_ref().is_some_and(|c| c.len() == n));
    let same_amount: Vec<&&Fact> = of_digits(7).filter(|row| row.value == amount).collect();
    let row = same_amount.iter().find(|row| name_of(row) == *item).or_else(|| same_amount.first())?;
    let parent = row.func_code.as_deref().and_then(|code| code.get(..5)).unwrap_or_default();
    let branch_row = of_digits(5).find(|above| above.func_code.as_deref() == Some(parent));
    let item_is_known = of_digits(7).any(|other| name_of(other) == *item);
    let (said, meant) = if name_of(row) != *item && !item_is_known {
        (item, *row)
    } else {
        let above = branch_row.filter(|above| name_of(row) == *item && name_of(above) != *branch)?;
        (branch, above)
    };
    let code = meant.func_code.as_deref().unwrap_or_default();
    let name = meant.func_name.as_deref().unwrap_or_default();
    let level = if said == item { "项" } else { "款" };
    let quoted = match language {
        Language::Zh => format!("{said}({level})” {} 在表中为 “{code} {name}", row.printed),
        Language::En => format!("{said}({level})” {} is in the statement “{code} {name}", row.printed),
    };
    let places = vec![section.location.clone(), meant.location.clone()];
    let mut finding = message::wording(&written.heading, &quoted, places, language);
    finding.facts = vec![meant.id.clone()];
    finding.hint = Some(message::heading_of(section));
    Some(finding)
}

fn name_of(row: &Fact) -> String {
    plain(row.func_name.as_deref().unwrap_or_default())
}

/// A name without white space, a leading number and a trailing 支出.
fn plain(name: &str) -> String {
    let folded = fold_text(name);
    let name = folded.trim_start_matches(|c: char| c.is_ascii_digit() || ".、()“\"".contains(c));
    name.strip_suffix("支出").unwrap_or(name).to_owned()
}
