//! `juesuan check`: what reports say wrongly, for people or for programs.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::Path;

use anyhow::{Context, bail};
use serde_json::json;

use super::check_csv::{write_findings, write_header};
use super::check_index::{explain_lines, language, list_lines, refuse_unknown};
use super::check_list::Listed;
use super::check_text::lines;
use super::extract::{complain, sources};
use super::{check_markdown, check_sarif, check_workbook, load, print_lines, stdout};
use crate::cli::args::{Chaos, CheckArgs, CheckFormat, SeverityArg};
use crate::cli::exit::Exit;
use crate::cli::plan::Plan;
use crate::dataset::Place;
use crate::error::Error;
use crate::forms::identities::{Each, Identities};
use crate::limits::Deadline;
use crate::model::{CheckCounts, Finding, FindingStatus, Report, Severity};
use crate::pipeline::Source;
use crate::{check, dataset, pipeline};

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
    let asked = Asked::new(args, plan);
    let mut printer = Printer::new(args, plan)?;
    let exit = match &args.dataset {
        Some(place) => check_dataset(place, &asked, &mut printer)?,
        None => check_files(&asked, &mut printer)?,
    };
    printer.finish()?;
    Ok(exit)
}

fn check_files(asked: &Asked<'_>, printer: &mut Printer<'_>) -> anyhow::Result<Exit> {
    let mut exit = Exit::Done;
    let mut each = |report: &Report| -> anyhow::Result<()> {
        exit = exit.max(answer(report, asked, printer)?);
        Ok(())
    };
    if let [file] = asked.args.files.as_slice()
        && !file.is_dir()
    {
        for report in load::reports(file, asked.plan)? {
            each(&report)?;
        }
        return Ok(exit);
    }
    check_many(asked.args, asked.plan, &mut each)?;
    Ok(exit)
}

/// Runs of documents go through workers; report JSON between them is read here. Order stays as given.
fn check_many(
    args: &CheckArgs,
    plan: &Plan,
    each: &mut dyn FnMut(&Report) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let is_json = |source: &Source| source.members.is_empty() && load::is_report_json(source.path());
    for run in sources(&args.files, plan)?.chunk_by(|a, b| is_json(a) == is_json(b)) {
        if run.first().is_some_and(is_json) {
            for source in run {
                load::read_json(source.path())?.iter().try_for_each(&mut *each)?;
            }
            continue;
        }
        let job = plan.job(Vec::new(), &Chaos::default())?;
        let mut unwritten = None;
        let ran = pipeline::run(&job, run, &mut (), &mut |outcome| {
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
fn answer(report: &Report, asked: &Asked<'_>, printer: &mut Printer<'_>) -> anyhow::Result<Exit> {
    if report.status.is_failure() {
        complain(report);
        printer.print(report, CheckCounts::default(), &[])?;
        return Ok(Exit::SomeFailed);
    }
    let deadline = Deadline::start(&asked.plan.limits);
    let language = language(asked.plan.lang);
    let answers = match check::check_by(&asked.identities, report, asked.plan.forms, language, &deadline) {
        Ok(answers) => answers,
        Err(error) => {
            tracing::error!(path = report.source.path, "{error}");
            return Ok(Exit::SomeFailed);
        }
    };
    asked.print(report, answers.counts, &answers.findings, printer)
}

/// What a person wants to know.
struct Asked<'a> {
    args: &'a CheckArgs,
    plan: &'a Plan,
    /// The checks that are left of all, so that the counts are theirs too.
    identities: Identities,
}

impl<'a> Asked<'a> {
    fn new(args: &'a CheckArgs, plan: &'a Plan) -> Self {
        let identities = plan.forms.identities.chosen(|heading| is_chosen(&heading.id, args));
        Self { args, plan, identities }
    }

    fn print(
        &self,
        report: &Report,
        counts: CheckCounts,
        findings: &[Finding],
        printer: &mut Printer<'_>,
    ) -> anyhow::Result<Exit> {
        let shown: Vec<&Finding> = findings.iter().filter(|f| is_asked_for(f, self.args)).collect();
        printer.print(report, counts, &shown)?;
        let is_wrong = shown.iter().any(|f| f.status == FindingStatus::Violated);
        Ok(if is_wrong { Exit::Findings } else { Exit::Done })
    }
}

fn is_chosen(id: &str, args: &CheckArgs) -> bool {
    let named = |ids: &[String]| ids.iter().any(|named| named.eq_ignore_ascii_case(id));
    (args.only.is_empty() || named(&args.only)) && !named(&args.skip)
}

/// What could not be told is for programs, and for a person who names the check.
fn is_asked_for(finding: &Finding, args: &CheckArgs) -> bool {
    let is_wrong = finding.status == FindingStatus::Violated;
    let for_programs = matches!(args.format, CheckFormat::Json | CheckFormat::Sarif);
    finding.severity >= args.min_severity.into()
        && is_chosen(&finding.code, args)
        && (is_wrong || for_programs || !args.only.is_empty())
}

/// Checks the reports of a dataset against each other, and tells what was found in each when it was read.
fn check_dataset(place: &Place, asked: &Asked<'_>, printer: &mut Printer<'_>) -> anyhow::Result<Exit> {
    let across = &asked.identities.across;
    let names = |each: &Each| [Some(each.metric.clone()), each.whole.clone()];
    let metrics: BTreeSet<String> = across.iter().flat_map(|a| a.each.iter().flat_map(names)).flatten().collect();
    let metrics: BTreeSet<&str> = metrics.iter().map(String::as_str).collect();
    let patterns = check::patterns(&asked.identities);
    let reports = dataset::stored_reports(place, &dataset::Wanted { metrics: &metrics, text: &patterns })?;
    let crossings = check::across(&asked.identities, &reports, asked.plan.forms, language(asked.plan.lang));
    let mut exit = Exit::Done;
    for (n, report) in reports.iter().enumerate() {
        let mut counts = crossings.counts_of(n);
        if asked.args.only.is_empty() && asked.args.skip.is_empty() {
            counts.satisfied += report.checks.satisfied;
            counts.violated += report.checks.violated;
            counts.not_checked += report.checks.not_checked;
        }
        let own = report.findings.iter().filter(|f| is_chosen(&f.code, asked.args));
        let findings: Vec<Finding> = own.chain(crossings.findings_of(n)).cloned().collect();
        exit = exit.max(asked.print(report, counts, &findings, printer)?);
    }
    Ok(exit)
}

/// Writes what was found in the form asked for. What makes one document of all reports is written at the end.
struct Printer<'a> {
    args: &'a CheckArgs,
    plan: &'a Plan,
    out: Box<dyn Write>,
    listed: Vec<Listed>,
}

impl<'a> Printer<'a> {
    fn new(args: &'a CheckArgs, plan: &'a Plan) -> anyhow::Result<Self> {
        let mut out: Box<dyn Write> = match &args.output {
            Some(path) => Box::new(BufWriter::new(create(path)?)),
            None if args.format == CheckFormat::Xlsx && std::io::stdout().is_terminal() => {
                bail!("a workbook is nothing for a terminal; name a file with --output")
            }
            None => Box::new(stdout()),
        };
        if args.format == CheckFormat::Csv {
            write_header(&mut out)?;
        }
        Ok(Self { args, plan, out, listed: Vec::new() })
    }

    fn print(&mut self, report: &Report, counts: CheckCounts, shown: &[&Finding]) -> anyhow::Result<()> {
        match self.args.format {
            CheckFormat::Text => {
                for line in lines(report, counts, shown, self.plan) {
                    writeln!(self.out, "{}", line.trim_end())?;
                }
            }
            CheckFormat::Csv => write_findings(&mut self.out, report, shown, self.plan.lang)?,
            CheckFormat::Json => {
                let notes: Vec<_> = report.explanations().collect();
                let line = json!({ "path": report.source.path, "report_id": report.id, "status": report.status,
                    "identity": report.identity, "checks": counts, "findings": shown, "notes": notes });
                writeln!(self.out, "{line}")?;
            }
            CheckFormat::Sarif | CheckFormat::Xlsx | CheckFormat::Markdown => {
                self.listed.push(Listed::new(report, shown));
                return Ok(());
            }
        }
        Ok(self.out.flush()?)
    }

    fn finish(mut self) -> anyhow::Result<()> {
        let lang = self.plan.lang;
        match self.args.format {
            CheckFormat::Text | CheckFormat::Csv | CheckFormat::Json => {}
            CheckFormat::Sarif => {
                serde_json::to_writer_pretty(&mut self.out, &check_sarif::log(&self.listed, self.plan))?;
                writeln!(self.out)?;
            }
            CheckFormat::Xlsx => self.out.write_all(&check_workbook::bytes(&self.listed, lang)?)?,
            CheckFormat::Markdown => self.out.write_all(check_markdown::document(&self.listed, lang).as_bytes())?,
        }
        Ok(self.out.flush()?)
    }
}

fn create(path: &Path) -> anyhow::Result<File> {
    File::create(path).with_context(|| format!("cannot write {}", path.display()))
}
