//! `juesuan check`: what reports say wrongly, for people or for programs.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use serde_json::json;

use super::check_csv::{print_findings, print_header};
use super::check_index::{explain_lines, language, list_lines, refuse_unknown};
use super::extract::{complain, sources};
use super::{load, print_lines, stdout};
use crate::check;
use crate::cli::args::{Chaos, CheckArgs, CheckFormat, SeverityArg};
use crate::cli::exit::Exit;
use crate::cli::lang;
use crate::cli::paint::{self, Style};
use crate::cli::plan::Plan;
use crate::cli::text;
use crate::error::Error;
use crate::model::{CheckCounts, Fact, Finding, FindingStatus, Report, Severity, Status};
use crate::pipeline;

/// Reasons that are shown of a report that was not wholly read, and places of each.
const REASONS: usize = 5;
const PLACES: usize = 3;

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
    refuse_unknown(args.only.iter().chain(&args.skip), plan)?;
    let printer = Printer::new(args, plan)?;
    let mut exit = Exit::Done;
    let mut each = |report: &Report| -> anyhow::Result<()> {
        exit = exit.max(answer(report, args, plan, &printer)?);
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

/// Checks one report and prints what was asked for. One that could not be read has nothing to check.
fn answer(report: &Report, args: &CheckArgs, plan: &Plan, printer: &Printer<'_>) -> anyhow::Result<Exit> {
    if report.status.is_failure() {
        complain(report);
        printer.print(report, CheckCounts::default(), &[])?;
        return Ok(Exit::SomeFailed);
    }
    let answers = check::check_in(report, plan.forms, language(plan.lang));
    let shown: Vec<&Finding> = answers.findings.iter().filter(|f| is_asked_for(f, args)).collect();
    printer.print(report, answers.counts, &shown)?;
    let is_wrong = shown.iter().any(|f| f.status == FindingStatus::Violated);
    Ok(if is_wrong { Exit::Findings } else { Exit::Done })
}

/// What could not be told is for programs, and for a person who names the check.
fn is_asked_for(finding: &Finding, args: &CheckArgs) -> bool {
    let named = |ids: &[String]| ids.iter().any(|id| id.eq_ignore_ascii_case(&finding.code));
    let is_wrong = finding.status == FindingStatus::Violated;
    finding.severity >= args.min_severity.into()
        && (args.only.is_empty() || named(&args.only))
        && !named(&args.skip)
        && (is_wrong || args.format == CheckFormat::Json || named(&args.only))
}

/// Writes what was found in the form asked for.
enum Printer<'a> {
    Text(&'a Plan),
    Json,
    Csv,
}

impl<'a> Printer<'a> {
    fn new(args: &CheckArgs, plan: &'a Plan) -> anyhow::Result<Self> {
        Ok(match args.format {
            CheckFormat::Text => Self::Text(plan),
            CheckFormat::Json => Self::Json,
            CheckFormat::Csv => {
                print_header()?;
                Self::Csv
            }
        })
    }

    fn print(&self, report: &Report, counts: CheckCounts, shown: &[&Finding]) -> anyhow::Result<()> {
        match self {
            Self::Text(plan) => print_lines(lines(report, counts, shown, plan)),
            Self::Csv => print_findings(report, shown),
            Self::Json => {
                let notes: Vec<_> = report.explanations().collect();
                let line = json!({ "path": report.source.path, "report_id": report.id, "status": report.status,
                    "identity": report.identity, "checks": counts, "findings": shown, "notes": notes });
                let mut out = stdout();
                writeln!(out, "{line}")?;
                Ok(out.flush()?)
            }
        }
    }
}

fn lines(report: &Report, counts: CheckCounts, shown: &[&Finding], plan: &Plan) -> Vec<String> {
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
        of_reason.push(note.location.to_string());
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
