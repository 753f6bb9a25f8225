//! What functions take as options, made into values of the library.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use juesuan::error::Error;
use juesuan::forms::Forms;
use juesuan::limits::Limits;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// What one document may cost, as `{"seconds": 10}`.
pub(crate) type LimitsGiven = Option<BTreeMap<String, u64>>;

/// The defaults, with what was given in their place.
///
/// # Errors
/// `ValueError` for a name that is no limit; it says those that are.
pub(crate) fn limits_of(given: &LimitsGiven) -> PyResult<Limits> {
    let pairs = given.iter().flatten().map(|(name, value)| format!("{name}={value}"));
    let pairs: Vec<String> = pairs.collect();
    Limits::default().with(&pairs.join(",")).map_err(PyValueError::new_err)
}

/// The built-in forms, or those of a folder over them. A folder is loaded once in a process, and kept to its end.
///
/// # Errors
/// When a form file breaks its rules, with its name and line.
pub(crate) fn forms_of(dir: Option<&Path>) -> Result<&'static Forms, Error> {
    static LOADED: Mutex<BTreeMap<PathBuf, &'static Forms>> = Mutex::new(BTreeMap::new());
    let Some(dir) = dir else { return Ok(Forms::builtin()) };
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(forms) = loaded.get(dir) {
        return Ok(forms);
    }
    let forms: &'static Forms = Box::leak(Box::new(Forms::overlaid(dir)?));
    loaded.insert(dir.to_owned(), forms);
    Ok(forms)
}
