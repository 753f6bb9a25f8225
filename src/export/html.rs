//! The region report: one page that opens offline in a browser.

use std::path::Path;

use super::{Options, WrittenFile};
use crate::error::{ErrorKind, Result};

/// Writes `index.html` into `folder`, which is empty and is moved to its destination afterwards.
///
/// # Errors
/// When there is no dataset, nothing in it is wanted, or the folder cannot be written.
pub fn write(dataset: &Path, folder: &Path, options: &Options) -> Result<WrittenFile> {
    let _ = (dataset, options);
    Err(ErrorKind::Export { path: folder.display().to_string(), reason: "the page is not written yet".to_owned() }
        .into())
}
