//! A report as Python sees it: its JSON, and its rows as Arrow.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use arrow_array::RecordBatch;
use juesuan::dataset::{Load, Outcome, Table as Kind, tables_of};
use juesuan::error::Error;
use juesuan::forms::Forms;
use juesuan::pipeline::EXTRACTOR;
use pyo3::prelude::*;

use crate::arrow::{Table, table_called};
use crate::fault::{guarded, raise};

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
    /// Its rows, made when they are first asked for.
    rows: OnceLock<BTreeMap<Kind, RecordBatch>>,
}

impl Report {
    pub(crate) fn new(outcome: Outcome, forms: &'static Forms) -> Self {
        Self { outcome, forms, rows: OnceLock::new() }
    }

    fn rows(&self) -> Result<&BTreeMap<Kind, RecordBatch>, Error> {
        if self.rows.get().is_none() {
            let load = Load { id: String::new(), started_ms: 0, extractor: EXTRACTOR.to_owned() };
            let rows = tables_of(&self.outcome, &load, self.forms)?;
            return Ok(self.rows.get_or_init(|| rows));
        }
        Ok(self.rows.get_or_init(BTreeMap::new))
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
    fn json(&self, py: Python<'_>) -> PyResult<String> {
        let text = guarded(py, || Ok(serde_json::to_string(&self.outcome.report)))?;
        text.map_err(|error| raise(py, &error.to_string(), "json", self.path()))
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
        let rows = guarded(py, || Ok(self.rows()?.get(&kind).cloned()))?;
        Ok(Table::new(kind, rows))
    }

    fn __repr__(&self) -> String {
        let report = &self.outcome.report;
        let counts = format!("{} tables, {} facts", report.tables.len(), report.facts.len());
        format!("<juesuan.Report {} {}: {counts}>", report.status.word(), report.source.path)
    }
}
