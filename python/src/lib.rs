//! juesuan for Python: the library's verbs as functions, reports as Arrow through the PyCapsule interface. What a
//! document is and how it is read is the library's business; here arguments become its values, its errors become
//! exceptions, and the interpreter's lock is let go while it works.
//!
//! No panic gets out of here: each function's work runs behind [`fault::guarded`].
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod arrow;
mod extract;
mod fault;
mod handed;
mod options;
mod report;
mod spread;

use pyo3::prelude::*;

/// The module `juesuan._juesuan`; `juesuan/__init__.py` says which of it is for users.
#[pymodule]
fn _juesuan(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("EXTRACTOR", juesuan::pipeline::EXTRACTOR)?;
    module.add_class::<report::Report>()?;
    module.add_class::<arrow::Table>()?;
    module.add_function(wrap_pyfunction!(extract::extract, module)?)?;
    module.add_function(wrap_pyfunction!(extract::extract_file, module)?)?;
    module.add_class::<spread::Plan>()?;
    module.add_function(wrap_pyfunction!(spread::crawl, module)?)?;
    module.add_function(wrap_pyfunction!(spread::plan, module)?)?;
    module.add_function(wrap_pyfunction!(spread::write_batch, module)?)?;
    module.add_function(wrap_pyfunction!(spread::commit, module)?)?;
    module.add_function(wrap_pyfunction!(extract::main, module)?)?;
    Ok(())
}
