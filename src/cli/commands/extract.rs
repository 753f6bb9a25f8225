//! `juesuan extract`: documents become report JSON, in the order given.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;

use super::stdout;
use crate::cli::args::{ExtractArgs, ReportFormat};
use crate::cli::exit::Exit;
use crate::cli::plan::Plan;
use crate::cli::progress::Progress;
use crate::error::Error;
use crate::model::{NoteKind, Report};
use crate::pipeline::{self, Source};

/// Time beyond the deadline after which a document that is read in this process is given up.
const GRACE: Duration = Duration::from_secs(5);

pub(in crate::cli) fn extract(args: &ExtractArgs, plan: &Plan) -> anyhow::Result<Exit> {
    let mut writer = Writer::new(args)?;
    if let [file] = args.files.as_slice()
        && !file.is_dir()
        && args.chaos.fault.is_empty()
        && let [source] = pipeline::expand(Source::new(file), &plan.limits).as_slice()
        && source.problem.is_none()
    {
        let report = pipeline::extract_guarded(source, plan.forms, &plan.limits, GRACE);
        writer.write(&report, true)?;
        return Ok(writer.exit);
    }
    let job = plan.job(args.files.clone(), &args.chaos)?;
    let sources = sources(&args.files, plan)?;
    let mut progress = Progress::new(plan.shows_progress && args.output.is_some());
    pipeline::Watch::found(&mut progress, &sources);
    // What goes wrong while writing is kept as it is, so that a broken pipe is still told from a full disk.
    let mut unwritten = None;
    let ran = pipeline::run(&job, &sources, &mut progress, &mut |outcome| {
        writer.write(&outcome.report, false).map_err(|error| {
            let reason = Error::io("the output", std::io::Error::other(error.to_string()));
            unwritten = Some(error);
            reason
        })
    });
    progress.finish();
    if let Some(error) = unwritten {
        return Err(error);
    }
    ran?;
    Ok(writer.exit)
}

/// Reads one document, or each of an archive, in this process.
pub(super) fn extract_all(file: &Path, plan: &Plan) -> Vec<Report> {
    let sources = pipeline::expand(Source::new(file), &plan.limits);
    sources.iter().map(|source| pipeline::extract_guarded(source, plan.forms, &plan.limits, GRACE)).collect()
}

/// The documents of the arguments in their order; a file that is not there keeps its place and has a report.
pub(super) fn sources(files: &[PathBuf], plan: &Plan) -> anyhow::Result<Vec<Source>> {
    let mut sources = Vec::new();
    for file in files {
        if file.is_dir() {
            sources.extend(pipeline::walk(std::slice::from_ref(file), &plan.limits)?);
        } else {
            sources.extend(pipeline::expand(Source::new(file), &plan.limits));
        }
    }
    Ok(sources)
}

/// Says on standard error why a document could not be read.
pub(super) fn complain(report: &Report) {
    let error = report.notes.iter().find(|n| n.kind == NoteKind::Error);
    let reason = error.or_else(|| report.explanations().next()).map_or("", |n| n.message.as_str());
    tracing::error!(status = report.status.word(), path = report.source.path, "{reason}");
}

/// Where reports go, and what their statuses come to.
struct Writer {
    dir: Option<PathBuf>,
    format: ReportFormat,
    taken: BTreeSet<String>,
    exit: Exit,
}

impl Writer {
    fn new(args: &ExtractArgs) -> anyhow::Result<Self> {
        if let Some(dir) = &args.output {
            std::fs::create_dir_all(dir).map_err(|e| Error::io(dir.display(), e))?;
        }
        Ok(Self { dir: args.output.clone(), format: args.format, taken: BTreeSet::new(), exit: Exit::Done })
    }

    fn write(&mut self, report: &Report, is_alone: bool) -> anyhow::Result<()> {
        if report.status.is_failure() {
            self.exit = Exit::SomeFailed;
            complain(report);
        }
        let Some(dir) = self.dir.clone() else {
            return self.write_to(stdout(), report, is_alone);
        };
        let path = dir.join(self.free_name(&report.source.path));
        let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        self.write_to(BufWriter::new(file), report, true)
    }

    fn write_to(&self, mut out: impl Write, report: &Report, is_alone: bool) -> anyhow::Result<()> {
        if is_alone && self.format == ReportFormat::Json {
            serde_json::to_writer_pretty(&mut out, report)?;
        } else {
            serde_json::to_writer(&mut out, report)?;
        }
        out.write_all(b"\n")?;
        out.flush()?;
        Ok(())
    }

    /// `a.docx.json`, or `a.docx-2.json` when another folder had an `a.docx` before.
    fn free_name(&mut self, path: &str) -> String {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let numbered = (2..).map(|n| format!("{name}-{n}.json"));
        let mut names = std::iter::once(format!("{name}.json")).chain(numbered);
        names.find(|name| self.taken.insert(name.clone())).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_files_of_one_name_do_not_overwrite_each_other() {
        let (taken, format) = (BTreeSet::new(), ReportFormat::Json);
        let mut writer = Writer { dir: None, format, taken, exit: Exit::Done };
        assert_eq!(writer.free_name("a/x.docx"), "x.docx.json");
        assert_eq!(writer.free_name("b/x.docx"), "x.docx-2.json");
    }
}
