//! One document: in a child process that stays between calls, or, where the caller takes the risk, in this one.

use std::cell::RefCell;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use juesuan::cli::{self, Host};
use juesuan::dataset::{Outcome, ReportRows};
use juesuan::error::Error;
use juesuan::forms::Forms;
use juesuan::limits::Limits;
use juesuan::model;
use juesuan::pipeline::{Fault, Job, Reader, Source, extract_bytes, extract_guarded, on_big_stack};
use pyo3::prelude::*;

use crate::fault::guarded;
use crate::handed::Handed;
use crate::options::{LimitsGiven, forms_of, limits_of};
use crate::report::Report;

/// Time beyond the deadline after which a document that is read in this process is given up.
const GRACE: Duration = Duration::from_secs(5);

/// Reads one document from its bytes. What stops a document is its report's status and error, never an exception.
///
/// ``name`` is kept as the report's path, and its file name is the last of the clues to what the document is. ``limits``
/// says what one document may cost, as ``{"seconds": 10}``; ``forms`` is a folder of form files over the built-in ones.
/// A child process reads, one for each thread, and is kept for the next call. ``isolated=False`` reads in this process,
/// which a damaged document may then end.
///
/// >>> import juesuan, pathlib
/// >>> path = pathlib.Path("corpus/region/区档案馆/2024/2024年度部门决算.docx")
/// >>> report = juesuan.extract(path.read_bytes(), path.name)
/// >>> report.status, len(report.table("facts")) > 0
/// ('extracted', True)
#[pyfunction]
#[allow(clippy::too_many_arguments)] // Python's are named
#[pyo3(signature = (data, name, *, limits=None, forms=None, isolated=true, _faults=Vec::new()))]
pub(crate) fn extract(
    py: Python<'_>,
    data: &[u8],
    name: &str,
    limits: LimitsGiven,
    forms: Option<PathBuf>,
    isolated: bool,
    _faults: Vec<String>,
) -> PyResult<Report> {
    let order = Order::new(py, &limits, forms, _faults)?;
    guarded(py, || {
        let forms = forms_of(order.forms_dir.as_deref())?;
        let (outcome, json) = if isolated { order.isolated(data, name)? } else { order.beside(data, name, forms)? };
        Ok(Report::new(outcome, json, forms))
    })
}

/// Reads one document from its file; the options are those of ``extract``. Only a file that is not there is an exception.
///
/// >>> import juesuan
/// >>> juesuan.extract_file("corpus/region/区档案馆/2024/2024年度部门决算.docx", limits={"seconds": 20}).status
/// 'extracted'
#[pyfunction]
#[pyo3(signature = (path, *, limits=None, forms=None, isolated=true, _faults=Vec::new()))]
pub(crate) fn extract_file(
    py: Python<'_>,
    path: PathBuf,
    limits: LimitsGiven,
    forms: Option<PathBuf>,
    isolated: bool,
    _faults: Vec<String>,
) -> PyResult<Report> {
    let order = Order::new(py, &limits, forms, _faults)?;
    guarded(py, || {
        let forms = forms_of(order.forms_dir.as_deref())?;
        std::fs::metadata(&path).map_err(|error| Error::io(path.display(), error))?;
        let source = Source::new(&path);
        let (outcome, json) = if isolated {
            order.ask(&source)?
        } else {
            with_rows(extract_guarded(&source, forms, &order.limits, GRACE), forms)?
        };
        Ok(Report::new(outcome, json, forms))
    })
}

/// Runs the program with these arguments, its own name first, and gives its exit status.
#[pyfunction]
pub(crate) fn main(py: Python<'_>, args: Vec<OsString>) -> PyResult<u8> {
    let (program, arguments) = host(py)?;
    guarded(py, || Ok(cli::main_in(args, Some(Host { program, arguments }))))
}

/// The program that serves as worker: this interpreter.
pub(crate) fn host(py: Python<'_>) -> PyResult<(PathBuf, Vec<String>)> {
    let program: PathBuf = py.import("sys")?.getattr("executable")?.extract()?;
    Ok((program, ["-m", "juesuan.worker"].map(str::to_owned).to_vec()))
}

/// What a document came to, and its report's JSON where that is at hand.
type Read = (Outcome, Option<String>);

/// How a document is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Order {
    limits: Limits,
    forms_dir: Option<PathBuf>,
    host: (PathBuf, Vec<String>),
    /// Breakdowns on demand, for tests.
    faults: Vec<String>,
}

/// A reader that waits for the next document of its thread.
struct Idle {
    /// The process that started it. After a fork it belongs to the other one.
    process: u32,
    /// How it reads.
    order: Order,
    reader: Reader,
}

thread_local! {
    /// One a thread, so that threads read side by side and none waits for a lock.
    static IDLE: RefCell<Option<Idle>> = const { RefCell::new(None) };
}

impl Order {
    fn new(py: Python<'_>, limits: &LimitsGiven, forms_dir: Option<PathBuf>, faults: Vec<String>) -> PyResult<Self> {
        Ok(Self { limits: limits_of(limits)?, forms_dir, host: host(py)?, faults })
    }

    /// Reads bytes in the worker, which gets them as a file.
    fn isolated(&self, data: &[u8], name: &str) -> Result<Read, Error> {
        let file = Handed::new(data)?;
        let bytes = data.len() as u64;
        self.ask(&Source { bytes, ..Source::called(name.to_owned(), file.path()) })
    }

    /// Has the worker of this thread read a source.
    fn ask(&self, source: &Source) -> Result<Read, Error> {
        let kept = IDLE.take().and_then(|idle| self.fitting(idle));
        let mut reader = kept.unwrap_or_else(|| Reader::new(self.job()));
        let read = reader.read(source);
        IDLE.set(Some(Idle { process: std::process::id(), order: self.clone(), reader }));
        read
    }

    /// The reader that was left, where it reads as this order wants.
    fn fitting(&self, idle: Idle) -> Option<Reader> {
        if idle.process != std::process::id() {
            // The pipe is the parent's, who may be using it: neither closed nor waited for here.
            std::mem::forget(idle);
            return None;
        }
        (idle.order == *self).then_some(idle.reader)
    }

    fn job(&self) -> Job {
        let (program, arguments) = self.host.clone();
        let mut job = Job::new(Vec::new(), program);
        job.arguments = arguments;
        job.limits = self.limits;
        (job.load, job.with_json) = (Some(String::new()), true);
        job.forms.clone_from(&self.forms_dir);
        job.faults.clone_from(&self.faults);
        job
    }

    /// Reads bytes in this process, on a thread with a worker's stack.
    fn beside(&self, data: &[u8], name: &str, forms: &'static Forms) -> Result<Read, Error> {
        let faults: Vec<Fault> = self.faults.iter().filter_map(|fault| fault.parse().ok()).collect();
        let report = on_big_stack(|| {
            for fault in &faults {
                fault.commit(name);
            }
            extract_bytes(data, name, forms, &self.limits)
        })?;
        with_rows(report, forms)
    }
}

/// The outcome of a report that was read in this process.
fn with_rows(report: model::Report, forms: &Forms) -> Result<Read, Error> {
    let rows = ReportRows::of(&report, "", forms)?;
    Ok((Outcome { rows: Some(rows), ..Outcome::of(report) }, None))
}
