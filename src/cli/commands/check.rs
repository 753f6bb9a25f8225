//! `juesuan check`: what reports say wrongly, for people or for programs.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use serde_json::json;

use super::extract::{complain, sources};
use super::{load, print_lines, stdout};
use crate::check;
use crate::cli::args::{Chaos, CheckArgs, CheckFormat, SeverityArg};
use crate::cli::exit::Exit;
use crate::cli::grid::Grid;
use crate::cli::lang::{self, Lang};
use crate::cli::paint::{self, Style};
use crate::cli::plan::Plan;
use crate::cli::text;
use crate::error::Error;
use crate::model::{Fact, Finding, FindingStatus, Report, Severity, Status};
use crate::pipeline;

impl From<SeverityArg> for Severity {
    fn from(typed: SeverityArg) -> Self {
        match typed {
            SeverityArg::Info => Self::Info,
            SeverityArg::Warn => Self::Warn,
            SeverityArg::Error => Self::Error,
            SeverityArg::Critical => Self::Critical,
        }
    }
}

pub(in crate::cli) fn check(args: &CheckArgs, plan: &Plan) -> anyhow::Result<Exit> {
    if args.list {
        print_lines(list_lines(plan))?;
        return Ok(Exit::Done);
    }
    if let Some(id) = &args.explain {
        print_lines(explain_lines(id, plan)?)?;
        return Ok(Exit::Done);
    }
    let mut exit = Exit::Done;
    let mut each = |report: &Report| -> anyhow::Result<()> {
        exit = exit.max(answer(report, args, plan)?);
        Ok(())
    };
    if let [file] = args.files.as_slice()
        && !file.is_dir()
    {
        for report in load::reports(file, plan)? {
            each(&report)?;
        }
        return Ok(exit);
    }
    check_many(args, plan, &mut each)?;
    Ok(exit)
}

fn language(lang: Lang) -> check::Language {
    match lang {
        Lang::Zh => check::Language::Zh,
        Lang::En => check::Language::En,
    }
}

/// Every check with its severity and what it finds.
fn list_lines(plan: &Plan) -> Vec<String> {
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
fn explain_lines(id: &str, plan: &Plan) -> anyhow::Result<Vec<String>> {
    let checks = check::index(plan.forms);
    let info = checks.into_iter().find(|c| c.code.eq_ignore_ascii_case(id));
    let info = info.with_context(|| format!("{id}: no such check; `juesuan check --list` names them"))?;
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

/// Runs of documents go through workers; report JSON between them is read here. Order stays as given.
fn check_many(
    args: &CheckArgs,
    plan: &Plan,
    each: &mut dyn FnMut(&Report) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let paths: Vec<PathBuf> = sources(&args.files)?.into_iter().map(|s| s.path).collect();
    for run in paths.chunk_by(|a, b| load::is_report_json(a) == load::is_report_json(b)) {
        if run.first().is_some_and(|path| load::is_report_json(path)) {
            for path in run {
                load::read_json(path)?.iter().try_for_each(&mut *each)?;
            }
            continue;
        }
        let job = plan.job(run.to_vec(), &Chaos::default())?;
        let mut unwritten = None;
        let ran = pipeline::run(&job, &sources(run)?, &mut (), &mut |outcome| {
            each(&outcome.report).map_err(|error| {
                let reason = Error::io("the output", std::io::Error::other(error.to_string()));
                unwritten = Some(error);
                reason
            })
        });
        if let Some(error) = unwritten {
            return Err(error);
        }
        ran?;
    }
    Ok(())
}

/// Checks one report and prints what was asked for.
fn answer(report: &Report, args: &CheckArgs, plan: &Plan) -> anyhow::Result<Exit> {
    if matches!(report.status, Status::Refused | Status::Failed) {
        complain(report);
        return Ok(Exit::SomeFailed);
    }
    let answers = check::check_in(report, plan.forms, language(plan.lang));
    let shown: Vec<&Finding> = answers.findings.iter().filter(|f| is_asked_for(f, args)).collect();
    match args.format {
        CheckFormat::Json => {
            let line = json!({ "path": report.source.path, "report_id": report.id, "identity": report.identity,
                "checks": answers.counts, "findings": shown });
            let mut out = stdout();
            writeln!(out, "{line}")?;
            out.flush()?;
        }
        CheckFormat::Text => print_lines(lines(report, &answers, &shown, plan))?,
    }
    let is_wrong = shown.iter().any(|f| f.status == FindingStatus::Violated);
    Ok(if is_wrong { Exit::Findings } else { Exit::Done })
}

fn is_asked_for(finding: &Finding, args: &CheckArgs) -> bool {
    let named = |ids: &[String]| ids.iter().any(|id| id.eq_ignore_ascii_case(&finding.code));
    finding.severity >= args.min_severity.into()
        && (args.only.is_empty() || named(&args.only))
        && !named(&args.skip)
        && finding.status == FindingStatus::Violated
}

fn lines(report: &Report, answers: &check::Answers, shown: &[&Finding], plan: &Plan) -> Vec<String> {
    let lang = plan.lang;
    let entity = report.identity.entity.as_deref().unwrap_or(lang.say(lang::UNKNOWN_ENTITY));
    let year = report.identity.fiscal_year.map(|y| format!(" {y}")).unwrap_or_default();
    let path = text::plain(&report.source.path, false);
    let mut lines = vec![format!("{}  {}{year}", plan.paint.bold(&path), text::plain(entity, false))];
    for finding in shown {
        lines.extend(finding_lines(report, finding, plan));
    }
    if shown.is_empty() {
        lines.push(format!("  {}", plan.paint.paint(Style::Good, lang.say(lang::CLEAN))));
    }
    lines.push(format!("  {}", plan.paint.dim(&counts_line(answers.counts, plan))));
    lines.push(String::new());
    lines
}

/// How many checks came out which way.
pub(super) fn counts_line(counts: crate::model::CheckCounts, plan: &Plan) -> String {
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
    let mark = plan.paint.paint(paint::of_severity(finding.severity), &format!("✗ {severity}"));
    let room = text::terminal_columns().saturating_sub(4);
    let mut lines = vec![format!("  {mark}  {}", plan.paint.bold(&finding.code))];
    let message = text::wrap(&text::plain(&finding.message, false), room);
    lines.extend(message.into_iter().map(|line| format!("    {line}")));
    for id in finding.facts.iter().take(6) {
        if let Some(fact) = report.facts.iter().find(|f| f.id == *id) {
            let quoted = printed(fact, ["“", "”"]);
            let place = text::cut(&fact.location.to_string(), room.saturating_sub(text::width(&quoted) + 4));
            lines.push(format!("    {}  {}", plan.paint.paint(Style::Accent, &quoted), plan.paint.dim(&place)));
        }
    }
    if finding.facts.is_empty() {
        for location in finding.locations.iter().take(3).map(ToString::to_string).filter(|l| !l.is_empty()) {
            lines.push(format!("    {}", plan.paint.dim(&text::cut(&location, room))));
        }
    }
    if let Some(hint) = &finding.hint {
        let hint = format!("{}: {}", plan.lang.say(lang::HINT), text::plain(hint, false));
        lines.extend(text::wrap(&hint, room).into_iter().map(|line| format!("    {line}")));
    }
    lines
}
