//! Rows as Arrow, handed over through the Arrow PyCapsule interface: no copy, and no Arrow library of ours that
//! Python would have to agree with.

use std::ffi::CStr;

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchIterator};
use juesuan::dataset::{Table as Kind, arrow_schema};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// The name that the interface gives a capsule with a stream.
const STREAM: &CStr = c"arrow_array_stream";

/// Rows of one table of the dataset.
#[pyclass(frozen, module = "juesuan")]
pub(crate) struct Table {
    kind: Kind,
    rows: Vec<RecordBatch>,
}

impl Table {
    pub(crate) fn new(kind: Kind, rows: Vec<RecordBatch>) -> Self {
        Self { kind, rows }
    }
}

/// The table of a name.
///
/// # Errors
/// `ValueError` with the names that there are.
pub(crate) fn table_called(name: &str) -> PyResult<Kind> {
    let names = || Kind::ALL.map(Kind::name).join(", ");
    let found = Kind::ALL.into_iter().find(|kind| kind.name() == name);
    found.ok_or_else(|| PyValueError::new_err(format!("there is no table {name}; there are {}", names())))
}

#[pymethods]
impl Table {
    /// Its name in the dataset.
    #[getter]
    fn name(&self) -> &'static str {
        self.kind.name()
    }

    fn __len__(&self) -> usize {
        self.rows.iter().map(RecordBatch::num_rows).sum()
    }

    fn __repr__(&self) -> String {
        format!("<juesuan.Table {}: {} rows>", self.kind.name(), self.__len__())
    }

    /// The rows as an Arrow C stream; `requested_schema` is a wish, and this one is not granted.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        let schema = arrow_schema(self.kind);
        let rows = RecordBatchIterator::new(self.rows.clone().into_iter().map(Ok), schema);
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(rows)), STREAM)
    }
}
