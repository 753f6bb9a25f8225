//! Findings as people read them in a terminal, report by report: the message, the figures as printed, their places.

use std::collections::BTreeMap;

use crate::cli::lang;
use crate::cli::paint::{self, Style};
use crate::cli::plan::Plan;
use crate::cli::text;
use crate::model::{CheckCounts, Fact, Finding, FindingStatus, Report, Status};

/// Reasons that are shown of a report that was not wholly read, and places of each.
const REASONS: usize = 5;
const PLACES: usize = 3;

/// What is said of one report.
pub(super) fn lines(report: &Report, counts: CheckCounts, shown: &[&Finding], plan: &Plan) -> Vec<String> {
    let lang = plan.lang;
    let entity = report.identity.entity.as_deref().unwrap_or(lang.say(lang::UNKNOWN_ENTITY));
    let year = report.identity.fiscal_year.map(|y| format!(" {y}")).unwrap_or_default();
    let path = text::plain(&report.source.path, false);
    let mut lines = vec![format!("{}  {}{year}", plan.paint.bold(&path), text::plain(entity, false))];
    lines.extend(status_lines(report, plan));
    for finding in shown {
        lines.extend(finding_lines(report, finding, plan));
    }
    if shown.is_empty() && report.status == Status::Extracted {
        lines.push(format!("  {}", plan.paint.paint(Style::Good, lang.say(lang::CLEAN))));
    }
    if !report.status.is_failure() {
        lines.push(format!("  {}", plan.paint.dim(&counts_line(counts, plan))));
    }
    lines.push(String::new());
    lines
}

/// Why a report was not, or not wholly, read: its status, and each reason once with its first places.
fn status_lines(report: &Report, plan: &Plan) -> Vec<String> {
    if report.status == Status::Extracted {
        return Vec::new();
    }
    let look = if report.status == Status::Partial { Style::Warn } else { Style::Bad };
    let mut lines = vec![format!("  {}", plan.paint.paint(look, plan.lang.word(report.status.word())))];
    let mut places: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut reasons = Vec::new();
    for note in report.explanations() {
        let of_reason = places.entry(&note.message).or_default();
        if of_reason.is_empty() {
            reasons.push(note.message.as_str());
        }
        of_reason.push(plan.lang.place(&note.location, report));
    }
    for reason in reasons.iter().take(REASONS) {
        let message = text::wrap(&text::plain(reason, false), text::terminal_columns().saturating_sub(4));
        lines.extend(message.into_iter().map(|line| format!("    {line}")));
        lines.extend(place_line(places.get(reason).map_or(&[][..], Vec::as_slice), plan));
    }
    if reasons.len() > REASONS {
        let more = format!("    … {} {} juesuan show", reasons.len() - REASONS, plan.lang.say(lang::MORE));
        lines.push(plan.paint.dim(&more));
    }
    lines
}

/// The first places of many, and how many more there are.
fn place_line(places: &[String], plan: &Plan) -> Option<String> {
    let named: Vec<&str> = places.iter().map(String::as_str).filter(|p| !p.is_empty()).collect();
    let rest = named.len().saturating_sub(PLACES);
    let more = if rest > 0 { format!(" … +{rest}") } else { String::new() };
    let words = named.iter().take(PLACES).copied().collect::<Vec<_>>().join(" · ");
    let room = text::terminal_columns().saturating_sub(4 + text::width(&more));
    let line = format!("{}{more}", text::cut(&text::plain(&words, false), room));
    (!words.is_empty()).then(|| format!("    {}", plan.paint.dim(&line)))
}

/// How many checks came out which way.
pub(super) fn counts_line(counts: CheckCounts, plan: &Plan) -> String {
    let say = |text| plan.lang.say(text);
    let (yes, no, unknown) = (counts.satisfied, counts.violated, counts.not_checked);
    format!("{} {yes} · {} {no} · {} {unknown}", say(lang::SATISFIED), say(lang::VIOLATED), say(lang::NOT_CHECKED))
}

/// A figure as it is printed, between marks, and its unit behind them where the literal has none.
pub(super) fn printed(fact: &Fact, [open, close]: [&str; 2]) -> String {
    let unit = fact.printed_unit.unwrap_or(fact.unit).word();
    let literal = text::plain(&fact.printed, false);
    let unit = if literal.ends_with(unit) { String::new() } else { format!(" {unit}") };
    format!("{open}{literal}{close}{unit}")
}

/// A finding with its figures as printed, its places and its hint.
pub(super) fn finding_lines(report: &Report, finding: &Finding, plan: &Plan) -> Vec<String> {
    let severity = plan.lang.word(finding.severity.word());
    let mark = match finding.status {
        FindingStatus::Violated => plan.paint.paint(paint::of_severity(finding.severity), &format!("✗ {severity}")),
        FindingStatus::NotChecked => plan.paint.dim(&format!("? {}", plan.lang.say(lang::NOT_CHECKED))),
    };
    let room = text::terminal_columns().saturating_sub(4);
    let mut lines = vec![format!("  {mark}  {}", plan.paint.bold(&finding.code))];
    let message = text::wrap(&text::plain(&finding.message, false), room);
    lines.extend(message.into_iter().map(|line| format!("    {line}")));
    for id in finding.facts.iter().take(6) {
        if let Some(fact) = report.facts.iter().find(|f| f.id == *id) {
            let quoted = printed(fact, ["“", "”"]);
            let place =
                text::cut(&plan.lang.place(&fact.location, report), room.saturating_sub(text::width(&quoted) + 4));
            lines.push(format!("    {}  {}", plan.paint.paint(Style::Accent, &quoted), plan.paint.dim(&place)));
        }
    }
    if finding.facts.is_empty() {
        let places = finding.locations.iter().take(PLACES).map(|place| plan.lang.place(place, report));
        for place in places.filter(|place| !place.is_empty()) {
            lines.push(format!("    {}", plan.paint.dim(&text::cut(&place, room))));
        }
    }
    if let Some(hint) = &finding.hint {
        let hint = format!("{}: {}", plan.lang.say(lang::HINT), text::plain(hint, false));
        lines.extend(text::wrap(&hint, room).into_iter().map(|line| format!("    {line}")));
    }
    lines
}
