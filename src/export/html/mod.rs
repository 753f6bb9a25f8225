//! The region report: one page that opens offline in a browser, with everything that it shows inside.
//!
//! `ledger` says who is in it, `contents` and `sentences` what their documents say, `blackening` leaves persons out,
//! `model` puts all together; `parts`, `figures` and `packing` make it small and `page` writes the file around it.
//! What the page does with it is in `assets`, in plain JavaScript and CSS; charts are drawn by the library in
//! `vendor`. The same dataset and options give the same bytes.

mod blackening;
mod contents;
mod figures;
mod ledger;
mod model;
mod packing;
mod page;
mod parts;
mod rows;
mod sentences;

use std::fs;
use std::path::Path;

use self::model::Model;
use self::rows::Source;
use super::{Options, WrittenFile};
use crate::dataset::Place;
use crate::error::{Error, ErrorKind, Result};

/// The only file of this export.
const NAME: &str = "index.html";

/// Writes `index.html` into `folder`, which is empty and is moved to its destination afterwards.
///
/// # Errors
/// When there is no dataset, nothing in it is wanted, or the folder cannot be written.
pub fn write(dataset: impl Into<Place>, folder: &Path, options: &Options) -> Result<WrittenFile> {
    let dataset = &dataset.into();
    let model = Model::read(&mut Source::open(dataset)?, options)?;
    if model.index.documents.is_empty() {
        let reason = "no document of this region and year is in it; `juesuan status` lists what is".to_owned();
        return Err(ErrorKind::Export { path: dataset.to_string(), reason }.into());
    }
    let path = folder.join(NAME);
    let io = |e| Error::io(path.display(), e);
    let page = page::page(&model, options.lang).map_err(io)?;
    fs::write(&path, &page).map_err(io)?;
    Ok(WrittenFile { name: NAME.to_owned(), rows: model.figures(), bytes: page.len() as u64 })
}
