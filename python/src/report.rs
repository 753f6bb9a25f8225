//! A report as Python sees it: its JSON, and its rows as Arrow.

use std::sync::OnceLock;

use juesuan::dataset::{Load, Outcome, rows_of};
use juesuan::error::Error;
use juesuan::forms::Forms;
use juesuan::pipeline::EXTRACTOR;
use pyo3::prelude::*;

use crate::arrow::{Table, table_called};
use crate::fault::guarded;

/// What was read of one document.
///
/// >>> import juesuan
/// >>> report = juesuan.extract_file("corpus/region/区档案馆/2024/2024年度部门决算.docx")
/// >>> report.status, report.to_dict()["identity"]["entity"]
/// ('extracted', '清川市云汀区档案馆')
#[pyclass(frozen, module = "juesuan")]
pub(crate) struct Report {
    outcome: Outcome,
    forms: &'static Forms,
    /// Made when it is first asked for, where the worker did not send it.
    json: OnceLock<String>,
}

impl Report {
    pub(crate) fn new(outcome: Outcome, json: Option<String>, forms: &'static Forms) -> Self {
        let json = json.map_or_else(OnceLock::new, OnceLock::from);
        Self { outcome, forms, json }
    }

    fn text(&self) -> Result<&str, Error> {
        if let Some(text) = self.json.get() {
            return Ok(text);
        }
        let text = serde_json::to_string(&self.outcome.report);
        let text = text.map_err(|error| Error::io(self.path(), std::io::Error::other(error)))?;
        Ok(self.json.get_or_init(|| text))
    }
}

#[pymethods]
impl Report {
    /// Stable for the document's bytes and the version of the extractor.
    #[getter]
    fn id(&self) -> &str {
        &self.outcome.report.id
    }

    /// `extracted`, `partial`, `needs_ocr`, `refused` or `failed`.
    #[getter]
    fn status(&self) -> &'static str {
        self.outcome.report.status.word()
    }

    /// The name that the document was given.
    #[getter]
    fn path(&self) -> &str {
        &self.outcome.report.source.path
    }

    /// What stopped the document, where something did.
    #[getter]
    fn error(&self) -> Option<&str> {
        self.outcome.error().map(|note| note.message.as_str())
    }

    /// The report as JSON text, as `juesuan schema report` describes it.
    fn json(&self, py: Python<'_>) -> PyResult<&str> {
        guarded(py, || self.text())
    }

    /// The report as Python values. Amounts are text, because a float would not hold them.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("json")?.call_method1("loads", (self.json(py)?,))
    }

    /// The rows of one table of the dataset, as an object with ``__arrow_c_stream__``.
    ///
    /// >>> import juesuan, pyarrow
    /// >>> report = juesuan.extract_file("corpus/region/区档案馆/2024/2024年度部门决算.docx")
    /// >>> facts = pyarrow.table(report.table("facts"))
    /// >>> facts.schema.field("value").type
    /// Decimal128Type(decimal128(20, 4))
    fn table(&self, py: Python<'_>, name: &str) -> PyResult<Table> {
        let kind = table_called(name)?;
        let load = Load { id: String::new(), started_ms: 0, extractor: EXTRACTOR.to_owned() };
        let rows = guarded(py, || rows_of(&self.outcome, kind, &load, self.forms))?;
        Ok(Table::new(kind, rows))
    }

    fn __repr__(&self) -> String {
        let (report, tally) = (&self.outcome.report, self.outcome.tally());
        let counts = format!("{} tables, {} facts", tally.tables, tally.facts);
        format!("<juesuan.Report {} {}: {counts}>", report.status.word(), report.source.path)
    }
}
