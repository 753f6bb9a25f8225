//! `juesuan crawl`: a folder becomes a dataset, and a summary says what became of every file.

use std::sync::Arc;

use serde_json::json;

use super::print_lines;
use crate::cli::args::CrawlArgs;
use crate::cli::exit::Exit;
use crate::cli::grid::Grid;
use crate::cli::interrupt;
use crate::cli::lang;
use crate::cli::paint::Style;
use crate::cli::plan::Plan;
use crate::cli::progress::Progress;
use crate::cli::text;
use crate::dataset::disclosures::{Disclosure, Member};
use crate::dataset::{DeltaSink, Load, Table, Told};
use crate::model::file_name;
use crate::pipeline::{Summary, downloads_of, new_load, record};

/// Statuses of the ledger in the order of the summary.
const STATUSES: [&str; 7] = ["extracted", "partial", "needs_ocr", "refused", "failed", "quarantined", "skipped"];
/// Reasons that the summary shows.
const REASONS: usize = 12;
/// Documents of a disclosure that the summary names; of others it says how many there are.
const MEMBERS: usize = 6;

pub(in crate::cli) fn crawl(args: &CrawlArgs, plan: &Plan) -> anyhow::Result<Exit> {
    let mut job = plan.job(args.sources.clone(), &args.chaos)?;
    job.refreshes = args.refresh;
    job.lists.clone_from(&args.urls);
    job.downloads = args.downloads.clone().unwrap_or_else(|| downloads_of(&args.dataset));
    interrupt::listen(Arc::clone(&job.stop));
    let load = new_load();
    let mut sink = DeltaSink::open(&args.dataset, load.clone(), plan.forms)?;
    if let Some(file) = &args.entities {
        sink.know_bodies(file)?;
    }
    if let Some(documents) = args.commit_every {
        sink.commit_every(documents as usize);
    }
    let mut progress = Progress::new(plan.shows_progress);
    let result = crate::pipeline::crawl(&job, &mut sink, &mut progress);
    progress.finish();
    let sources = args.sources.iter().chain(&args.urls).map(|source| source.display().to_string());
    let recorded = record(&args.dataset, &load, sources, &result);
    let summary = result?;
    recorded?;
    log_end(&summary, &load, plan);
    print_lines(summary_lines(&summary, plan))?;
    if summary.interrupted {
        return Ok(Exit::Stopped);
    }
    let is_alarming = args.fail_on.is_some_and(|least| summary.findings_from(least.into()) > 0);
    Ok(match (summary.failures() > 0, is_alarming) {
        (true, _) => Exit::SomeFailed,
        (false, true) => Exit::Findings,
        (false, false) => Exit::Done,
    })
}

/// The last line of the log; for programs it holds the whole summary.
fn log_end(summary: &Summary, load: &Load, plan: &Plan) {
    let (documents, failures) = (summary.documents, summary.failures());
    if plan.logs_json {
        tracing::info!(load_id = load.id, documents, failures, summary = %json!(summary), "committed");
    } else {
        tracing::info!(load_id = load.id, documents, failures, "committed");
    }
}

fn summary_lines(summary: &Summary, plan: &Plan) -> Vec<String> {
    let mut lines = outcome_lines(summary, plan);
    lines.extend(reason_lines(summary, plan));
    lines.push(String::new());
    lines.push(content_line(summary, plan));
    lines.extend(disclosure_lines(&summary.commit.told, plan));
    if !summary.findings.is_empty() {
        lines.push(finding_line(summary, plan));
    }
    if summary.interrupted {
        lines.push(plan.paint.paint(Style::Warn, plan.lang.say(lang::INTERRUPTED)));
    }
    lines.push(speed_line(summary, plan));
    lines.push(format!("{}  {}", plan.lang.say(lang::DATASET), plan.paint.bold(&summary.commit.place)));
    lines
}

/// What was joined, and what was not because it is doubtful.
fn disclosure_lines(told: &Told, plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    if told.joined > 0 {
        lines.push(format!("{}  {}", plan.lang.say(lang::JOINED), told.joined));
        let joined = told.shown.iter().filter(|d| d.members.len() > 1);
        lines.extend(joined.take(REASONS).map(|d| plan.paint.dim(&joined_line(d, plan))));
        if let Some(more) = told.joined.checked_sub(REASONS as u64).filter(|more| *more > 0) {
            lines
                .push(plan.paint.dim(&format!("  +{more}  SELECT entity, fiscal_year, members_json FROM disclosures")));
        }
    }
    let doubts: Vec<(&Disclosure, &String)> =
        told.shown.iter().flat_map(|d| d.doubts.iter().map(move |doubt| (d, doubt))).collect();
    for (disclosure, doubt) in doubts.iter().take(REASONS) {
        let name = disclosure.members.first().map_or("", |m| file_name(&m.uri));
        let line = format!("{}  {}: {doubt}", plan.lang.say(lang::DOUBTFUL), text::plain(name, false));
        lines.push(plan.paint.paint(Style::Warn, &line));
    }
    lines
}

/// `  甲局 2024 final_accounts.department: a.docx + b.xlsx (identity, figures 3/3)`.
fn joined_line(disclosure: &Disclosure, plan: &Plan) -> String {
    let member = |m: &Member| {
        let name = text::plain(file_name(&m.uri), false);
        let mut words: Vec<String> = m.evidence.iter().map(ToString::to_string).collect();
        words.extend(m.superseded_by.iter().map(|_| plan.lang.word("superseded").to_owned()));
        let reason = if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) };
        format!("{name}{reason}")
    };
    let mut members: Vec<String> = disclosure.members.iter().take(MEMBERS).map(member).collect();
    members.extend(disclosure.members.len().checked_sub(MEMBERS).filter(|n| *n > 0).map(|n| format!("{n}")));
    let year = disclosure.fiscal_year.map(|y| format!(" {y}")).unwrap_or_default();
    let (entity, kind) = (disclosure.entity.as_deref().unwrap_or("?"), disclosure.kind.as_deref().unwrap_or("?"));
    format!("  {entity}{year} {kind}: {}", members.join(" + "))
}

fn outcome_lines(summary: &Summary, plan: &Plan) -> Vec<String> {
    let lang = plan.lang;
    let counted = STATUSES.iter().filter(|s| summary.of(s) > 0);
    let mut rows: Vec<Vec<String>> =
        counted.map(|s| vec![lang.word(s).to_owned(), summary.of(s).to_string()]).collect();
    let held = [
        (lang::UNCHANGED, summary.unchanged),
        (lang::TOUCHED, summary.touched),
        (lang::VANISHED, summary.vanished),
        (lang::REPLACED, summary.replaced),
    ];
    rows.push(vec![lang.say(lang::TOTAL).to_owned(), summary.documents.to_string()]);
    rows.extend(held.iter().filter(|h| h.1 > 0).map(|(text, n)| vec![lang.say(*text).to_owned(), n.to_string()]));
    let header = [lang.say(lang::STATUS), lang.say(lang::DOCUMENTS)];
    Grid::of_rows(&header, &rows, &[1]).draw(text::terminal_columns(), plan.paint)
}

fn reason_lines(summary: &Summary, plan: &Plan) -> Vec<String> {
    let lang = plan.lang;
    let ranked = summary.ranked_reasons();
    if ranked.is_empty() {
        return Vec::new();
    }
    let row = |(status, reason): &(&str, &crate::pipeline::Reason)| {
        let name = file_name(&reason.example);
        vec![
            lang.word(status).to_owned(),
            reason.documents.to_string(),
            reason.message.clone(),
            text::cut(&text::plain(name, false), 32),
        ]
    };
    let rows: Vec<_> = ranked.iter().take(REASONS).map(row).collect();
    let header = [lang.say(lang::STATUS), lang.say(lang::DOCUMENTS), lang.say(lang::REASON), lang.say(lang::EXAMPLE)];
    let mut lines = Grid::of_rows(&header, &rows, &[1]).draw(text::terminal_columns(), plan.paint);
    if ranked.len() > REASONS {
        let more = ranked.len() - REASONS;
        lines.push(
            plan.paint.dim(&format!("+{more}  SELECT status, error, COUNT(*) FROM reports GROUP BY status, error")),
        );
    }
    lines
}

fn content_line(summary: &Summary, plan: &Plan) -> String {
    let rows = |table: Table| summary.commit.rows.iter().find(|(t, _)| *t == table).map_or(0, |(_, n)| *n);
    let counts = Table::ALL.into_iter().filter(|&t| t != Table::Reports && !t.is_reference() && rows(t) > 0);
    let words: Vec<String> = counts.map(|t| format!("{} {}", t.name(), grouped(rows(t)))).collect();
    plan.paint.dim(&words.join(" · "))
}

fn finding_line(summary: &Summary, plan: &Plan) -> String {
    let severities = ["critical", "error", "warn", "info"];
    let counted = severities.iter().filter_map(|s| summary.findings.get(*s).map(|n| (s, n)));
    let words: Vec<String> = counted.map(|(s, n)| format!("{} {n}", plan.lang.word(s))).collect();
    format!("{}  {}", plan.lang.say(lang::FINDINGS), words.join(" · "))
}

fn speed_line(summary: &Summary, plan: &Plan) -> String {
    let rate = summary.documents as f64 / summary.seconds.max(0.001);
    let pages = if summary.pages > 0 {
        format!(" · {} {}", grouped(summary.pages), plan.lang.say(lang::PAGES))
    } else {
        String::new()
    };
    let slowest = summary.slowest.first().map(|(millis, path)| {
        let name = text::cut(&text::plain(file_name(path), false), 32);
        format!(" · {} {name} {:.1} s", plan.lang.say(lang::SLOWEST), *millis as f64 / 1_000.0)
    });
    let (seconds, per_second) = (plan.lang.say(lang::SECONDS), plan.lang.say(lang::PER_SECOND));
    let slowest = slowest.unwrap_or_default();
    plan.paint.dim(&format!("{:.1} {seconds} · {rate:.1} {per_second}{pages}{slowest}", summary.seconds))
}

/// A count with separators: `12,345`.
pub(super) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_by_three() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }
}
