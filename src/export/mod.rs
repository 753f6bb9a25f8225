//! A dataset as files for others: tables for programs (CSV, JSON Lines, Parquet), a workbook for officials, a report
//! to open in a browser. Reads what [`dataset`] holds and knows nothing of how it was made.
//!
//! Every export goes into a folder beside its destination first and is renamed into place when it is whole, so that
//! nobody ever sees half of one. The same dataset and options give the same bytes.

mod destination;
mod hashed;
pub mod html;
mod package;
pub mod personal;
mod record;
mod selection;
mod tables;
mod workbook;

use std::path::{Path, PathBuf};

use crate::dataset;
use crate::error::Result;
use crate::forms::Forms;
use crate::lang::Lang;
use destination::Destination;
use selection::Selection;
use tables::Form;

/// What is exported, and how it is shown.
#[derive(Debug, Clone)]
pub struct Options {
    /// Region codes; a code of a province or city, such as `310000`, takes in what lies below it. Empty for all.
    pub regions: Vec<String>,
    /// Fiscal years. Empty for all.
    pub years: Vec<u16>,
    /// Whether names and telephone numbers of persons stay readable.
    pub keeps_personal: bool,
    /// Language of what people read.
    pub lang: Lang,
    /// Licence of the compilation, by its SPDX id, for the data package.
    pub licence: Option<String>,
    /// What tells personal data.
    pub forms: &'static Forms,
}

impl Default for Options {
    fn default() -> Self {
        let (regions, years) = (Vec::new(), Vec::new());
        Self { regions, years, keeps_personal: false, lang: Lang::default(), licence: None, forms: Forms::builtin() }
    }
}

impl Options {
    /// Whether rows of this region and year are wanted; rows without a year are, unless years are named.
    #[must_use]
    pub fn takes(&self, region_code: &str, fiscal_year: Option<u16>) -> bool {
        self.takes_region(region_code)
            && (self.years.is_empty() || fiscal_year.is_some_and(|y| self.years.contains(&y)))
    }

    /// Whether a region is one of those asked for, or lies in one of them.
    #[must_use]
    pub fn takes_region(&self, code: &str) -> bool {
        let holds = |wanted: &String| {
            let stem = wanted.trim_end_matches('0');
            // 310000 is all of 31…; 310100 all of 3101…: the codes have two digits a level.
            let stem = wanted.get(..stem.len().next_multiple_of(2)).unwrap_or(wanted);
            code == wanted || (!stem.is_empty() && code.starts_with(stem))
        };
        self.regions.is_empty() || self.regions.iter().any(holds)
    }
}

/// A form that a dataset can be exported in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A Data Package: CSV files and their description.
    Csv,
    /// JSON Lines, a file a table.
    Jsonl,
    /// Parquet, a file a table, without folders.
    Parquet,
    /// A workbook for officials.
    Xlsx,
    /// A page to open in a browser.
    Html,
}

impl Format {
    /// The one file that it consists of, if it is one.
    fn only_file(self) -> Option<&'static str> {
        match self {
            Self::Html => Some("index.html"),
            Self::Xlsx => Some(workbook::FILE),
            Self::Csv | Self::Jsonl | Self::Parquet => None,
        }
    }
}

/// What an export wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The folder, or the file where the export is one file and was named so.
    pub place: PathBuf,
    /// Name, rows (0 where there are none) and bytes of each file.
    pub files: Vec<WrittenFile>,
}

/// A file of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenFile {
    /// Its name in the folder.
    pub name: String,
    /// Rows that it holds; of a workbook or page, the figures.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
}

/// Exports a dataset to a folder, or to a file where the format is one file and `to` has its ending.
///
/// # Errors
/// When there is no dataset, nothing in it is wanted, or `to` holds something and `force` is not given; with `force`,
/// when what it holds is no export.
pub fn write(
    dataset: impl Into<dataset::Place>,
    to: &Path,
    format: Format,
    options: &Options,
    force: bool,
) -> Result<Written> {
    let dataset = &dataset.into();
    let destination = Destination::new(to, format.only_file(), force)?;
    let files = match format {
        Format::Csv => package(dataset, destination.folder(), options)?,
        Format::Jsonl => tables(dataset, destination.folder(), options, Form::Jsonl)?,
        Format::Parquet => tables(dataset, destination.folder(), options, Form::Parquet)?,
        Format::Xlsx => vec![workbook::write(dataset, destination.folder(), options)?],
        Format::Html => vec![html::write(dataset, destination.folder(), options)?],
    };
    Ok(Written { place: destination.publish()?, files })
}

fn package(dataset: &dataset::Place, folder: &Path, options: &Options) -> Result<Vec<WrittenFile>> {
    let mut selection = Selection::open(dataset, options)?;
    let tables = tables::write(&mut selection, folder, Form::Csv)?;
    let description = package::write(&mut selection, folder, &tables, options)?;
    Ok(tables.into_iter().map(|table| table.file).chain([description]).collect())
}

fn tables(dataset: &dataset::Place, folder: &Path, options: &Options, form: Form) -> Result<Vec<WrittenFile>> {
    let tables = tables::write(&mut Selection::open(dataset, options)?, folder, form)?;
    Ok(tables.into_iter().map(|table| table.file).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_city_takes_in_its_districts_and_not_its_neighbours() {
        let of = |code: &str| Options { regions: vec![code.to_owned()], ..Options::default() };
        assert!(of("310000").takes_region("310107"));
        assert!(of("510400").takes_region("510401"));
        assert!(!of("510400").takes_region("510500"));
        assert!(of("310110").takes_region("310110"));
        assert!(!of("310110").takes_region("310111"));
        assert!(of("000000").takes_region("000000") && !of("000000").takes_region("310107"));
        assert!(Options::default().takes("310107", None));
        assert!(!Options { years: vec![2024], ..Options::default() }.takes("310107", None));
    }
}
