//! Crawls: on this machine, and in three pieces for an engine that schedules the documents over many.

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

use juesuan::dataset::{DeltaSink, Outcome, Place};
use juesuan::error::Error;
use juesuan::pipeline::{self, Job, Returned, Share, Spread, Summary, Watch, new_load, record};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyBytesMethods};

use crate::extract::host;
use crate::fault::guarded;
use crate::options::{LimitsGiven, forms_of, limits_of};

/// Reads files, folders, archives, addresses and buckets into a dataset, as ``juesuan crawl`` does, and gives the
/// summary. What the dataset holds already is not read again; ``refresh`` reads what failed, and what an earlier version
/// read. An interrupt (Ctrl-C) commits what was read before it is raised.
///
/// >>> import juesuan, tempfile
/// >>> dataset = tempfile.mkdtemp()
/// >>> summary = juesuan.crawl(["corpus/region/区档案馆"], dataset)
/// >>> summary["documents"], summary["statuses"], juesuan.crawl(["corpus/region/区档案馆"], dataset)["unchanged"]
/// (3, {'extracted': 3}, 3)
#[pyfunction]
#[allow(clippy::too_many_arguments)] // Python's are named
#[pyo3(signature = (sources, dataset, *, jobs=None, refresh=false, limits=None, forms=None, _faults=Vec::new()))]
pub(crate) fn crawl(
    py: Python<'_>,
    sources: Vec<PathBuf>,
    dataset: PathBuf,
    jobs: Option<usize>,
    refresh: bool,
    limits: LimitsGiven,
    forms: Option<PathBuf>,
    _faults: Vec<String>,
) -> PyResult<Bound<'_, PyAny>> {
    let mut job = job_of(py, sources, &limits, forms, _faults)?;
    (job.refreshes, job.workers) = (refresh, jobs.unwrap_or(job.workers).max(1));
    let mut interrupt = Interrupt { job: job.clone(), raised: None };
    let summary = guarded(py, || {
        let (place, load) = (Place::from(&dataset), new_load());
        job.downloads = pipeline::downloads_of(&place);
        let mut sink = DeltaSink::open(&place, load.clone(), forms_of(job.forms.as_deref())?)?;
        let result = pipeline::crawl(&job, &mut sink, &mut interrupt);
        let sources = job.sources.iter().map(|source| source.display().to_string());
        record(&place, &load, sources, &result)?;
        result
    })?;
    interrupt.raised.map_or_else(|| dict_of(py, &summary), Err)
}

/// Lets an interrupt that Python was sent end a run early.
struct Interrupt {
    job: Job,
    raised: Option<PyErr>,
}

impl Watch for Interrupt {
    fn arrived(&mut self, _: &Outcome) {
        if self.raised.is_none() {
            #[allow(clippy::redundant_closure_for_method_calls)] // the method alone has too narrow a lifetime
            let checked = Python::attach(|py| py.check_signals());
            self.raised = checked.err();
        }
        if self.raised.is_some() {
            self.job.stop.store(true, Ordering::Relaxed);
        }
    }
}

/// What a crawl over several machines has to read. The dataset is held until ``commit``, or until this is let go.
#[pyclass(frozen, module = "juesuan")]
pub(crate) struct Plan {
    /// Taken by the commit.
    spread: Mutex<Option<Spread>>,
    documents: usize,
    bytes: u64,
    load_id: String,
}

/// Finds what there is to read for a dataset: files, folders, archives and buckets, without what it holds already.
///
/// >>> import juesuan, tempfile
/// >>> dataset = tempfile.mkdtemp()
/// >>> plan = juesuan.plan(["corpus/region/区档案馆"], dataset)
/// >>> written = [juesuan.write_batch(share, f"task-{n}") for n, share in enumerate(plan.shares(2))]
/// >>> juesuan.commit(plan, written)["statuses"], juesuan.plan(["corpus/region/区档案馆"], dataset).documents
/// ({'extracted': 3}, 0)
#[pyfunction]
#[pyo3(signature = (sources, dataset, *, refresh=false, limits=None, forms=None, _faults=Vec::new()))]
pub(crate) fn plan(
    py: Python<'_>,
    sources: Vec<PathBuf>,
    dataset: PathBuf,
    refresh: bool,
    limits: LimitsGiven,
    forms: Option<PathBuf>,
    _faults: Vec<String>,
) -> PyResult<Plan> {
    let mut job = job_of(py, sources, &limits, forms, _faults)?;
    job.refreshes = refresh;
    guarded(py, || {
        job.downloads = pipeline::downloads_of(&Place::from(&dataset));
        let forms = forms_of(job.forms.as_deref())?;
        let spread = Spread::open(job, &dataset, new_load(), forms)?;
        let bytes = spread.sources().iter().map(|source| source.bytes).sum();
        let (documents, load_id) = (spread.sources().len(), spread.load().id.clone());
        Ok(Plan { spread: Mutex::new(Some(spread)), documents, bytes, load_id })
    })
}

#[pymethods]
impl Plan {
    /// How many documents there are to read.
    #[getter]
    fn documents(&self) -> usize {
        self.documents
    }

    /// How many bytes they have.
    #[getter]
    fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The run that the rows will be of.
    #[getter]
    fn load_id(&self) -> &str {
        &self.load_id
    }

    /// The documents in at most so many shares of about the same weight, each as bytes for ``write_batch``, which may run
    /// on another machine. A long document stands in a share of its own.
    fn shares<'py>(&self, py: Python<'py>, count: usize) -> PyResult<Vec<Bound<'py, PyBytes>>> {
        let shares: Vec<Vec<u8>> = guarded(py, || {
            let spread = self.spread.lock().unwrap_or_else(PoisonError::into_inner);
            let shares = spread.as_ref().map(|spread| spread.shares(count)).unwrap_or_default();
            shares.iter().map(Share::to_bytes).collect()
        })?;
        Ok(shares.iter().map(|share| PyBytes::new(py, share)).collect())
    }

    fn __repr__(&self) -> String {
        format!("<juesuan.Plan {}: {} documents>", self.load_id, self.documents)
    }
}

/// Reads the documents of a share by ``jobs`` child processes and writes their rows, which nobody sees before the
/// commit. ``task`` becomes part of file names: no two attempts at any share of a plan may have the same. Gives bytes for
/// ``commit``.
///
/// >>> import juesuan, tempfile
/// >>> plan = juesuan.plan(["corpus/region/区档案馆/2023"], tempfile.mkdtemp())
/// >>> [share] = plan.shares(1)
/// >>> sorted(juesuan.commit(plan, [juesuan.write_batch(share, "only")])["statuses"].items())
/// [('extracted', 1)]
#[pyfunction]
#[pyo3(signature = (share, task, *, jobs=1))]
pub(crate) fn write_batch<'py>(
    py: Python<'py>,
    share: &[u8],
    task: &str,
    jobs: usize,
) -> PyResult<Bound<'py, PyBytes>> {
    let (program, arguments) = host(py)?;
    let returned = guarded(py, || {
        let share = Share::from_bytes(share)?;
        let mut job = share.job(program, arguments)?;
        job.workers = jobs.max(1);
        let returned = pipeline::read_share(&share, task, &job, forms_of(job.forms.as_deref())?, &mut ())?;
        to_bytes(&returned)
    })?;
    Ok(PyBytes::new(py, &returned))
}

/// Commits what ``write_batch`` gave for every share of a plan, in any order, and gives the summary of the run. What is
/// not committed is never seen.
///
/// >>> import juesuan, tempfile
/// >>> plan = juesuan.plan(["corpus/region/区档案馆/2023"], tempfile.mkdtemp())
/// >>> try:
/// ...     juesuan.commit(plan, [])
/// ... except juesuan.Error as error:
/// ...     error.kind
/// 'dataset'
#[pyfunction]
pub(crate) fn commit<'py>(
    py: Python<'py>,
    plan: &Bound<'py, Plan>,
    written: Vec<Bound<'py, PyBytes>>,
) -> PyResult<Bound<'py, PyAny>> {
    let spread = plan.get().spread.lock().unwrap_or_else(PoisonError::into_inner).take();
    let spread = spread.ok_or_else(|| PyValueError::new_err("this plan was committed already: make another"))?;
    let written: Vec<&[u8]> = written.iter().map(PyBytesMethods::as_bytes).collect();
    let summary = guarded(py, || spread.commit(written.into_iter().map(from_bytes).collect::<Result<_, _>>()?))?;
    dict_of(py, &summary)
}

fn job_of(
    py: Python<'_>,
    sources: Vec<PathBuf>,
    limits: &LimitsGiven,
    forms: Option<PathBuf>,
    faults: Vec<String>,
) -> PyResult<Job> {
    let (program, arguments) = host(py)?;
    let mut job = Job::new(sources, program);
    (job.arguments, job.limits, job.forms, job.faults) = (arguments, limits_of(limits)?, forms, faults);
    Ok(job)
}

/// The summary as Python values, with the rows of the dataset's tables and what a person is told.
fn dict_of<'py>(py: Python<'py>, summary: &Summary) -> PyResult<Bound<'py, PyAny>> {
    let text = guarded(py, || serde_json::to_string(summary).map_err(|error| unsaid(&error)))?;
    let dict = py.import("json")?.call_method1("loads", (text,))?;
    let rows: Vec<(&str, u64)> = summary.commit.rows.iter().map(|(table, rows)| (table.name(), *rows)).collect();
    dict.set_item("rows", py.import("builtins")?.getattr("dict")?.call1((rows,))?)?;
    dict.set_item("failures", summary.failures())?;
    dict.set_item("dataset", &summary.commit.place)?;
    Ok(dict)
}

fn to_bytes(returned: &Returned) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(returned).map_err(|error| unsaid(&error))
}

fn from_bytes(bytes: &[u8]) -> Result<Returned, Error> {
    serde_json::from_slice(bytes).map_err(|error| unsaid(&error))
}

fn unsaid(error: &dyn std::fmt::Display) -> Error {
    Error::io("what a task gave back", std::io::Error::other(error.to_string()))
}
