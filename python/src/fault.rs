//! Errors of the library as `juesuan.Error`, with their kind and place. A panic becomes one too.

use std::panic::{AssertUnwindSafe, catch_unwind};

use juesuan::error::{Error, ErrorKind};
use juesuan::model::Location;
use juesuan::pipeline::panic_words;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

/// Does the work of a function without the interpreter's lock.
///
/// # Errors
/// What the work says, or what it said when it panicked, as `juesuan.Error`.
pub(crate) fn guarded<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T, Error> + Send) -> PyResult<T> {
    let done = py.detach(|| catch_unwind(AssertUnwindSafe(work)));
    match done {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(raised(py, &error)),
        Err(payload) => Err(raise(py, &format!("panicked: {}", panic_words(&*payload)), "panic", "")),
    }
}

/// An error of the library as an exception.
pub(crate) fn raised(py: Python<'_>, error: &Error) -> PyErr {
    let (kind, of_kind) = kind_and_place(error.kind());
    let place = if *error.location() == Location::default() { of_kind } else { error.location().to_string() };
    raise(py, &error.to_string(), kind, &place)
}

/// A `juesuan.Error`; the exception that kept it from being made, where something did.
pub(crate) fn raise(py: Python<'_>, message: &str, kind: &str, place: &str) -> PyErr {
    static ERROR: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    match ERROR.import(py, "juesuan.errors", "Error") {
        Ok(class) => PyErr::from_type(class.clone(), (message.to_owned(), kind.to_owned(), place.to_owned())),
        Err(error) => error,
    }
}

/// The word for a kind of error, and the file or folder that it is about.
fn kind_and_place(kind: &ErrorKind) -> (&'static str, String) {
    let (word, place) = match kind {
        ErrorKind::Io { path, .. } => ("io", path.as_str()),
        ErrorKind::Unsupported { .. } => ("unsupported", ""),
        ErrorKind::Encrypted { .. } => ("encrypted", ""),
        ErrorKind::Damaged { .. } => ("damaged", ""),
        ErrorKind::Limit { .. } => ("limit", ""),
        ErrorKind::Conversion { .. } => ("conversion", ""),
        ErrorKind::Deadline { .. } => ("deadline", ""),
        ErrorKind::Form { file, .. } => ("form", file.as_str()),
        ErrorKind::Dataset { path, .. } => ("dataset", path.as_str()),
        ErrorKind::Export { path, .. } => ("export", path.as_str()),
        ErrorKind::Warehouse { .. } => ("warehouse", ""),
        ErrorKind::Worker { .. } => ("worker", ""),
        _ => ("other", ""),
    };
    (word, place.to_owned())
}
