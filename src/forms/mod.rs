//! What varies between provinces and years, as data: loaded, validated and merged here, used by `structure`,
//! `fiscal` and `check`. The files of `forms/` are embedded in the binary; a folder given with `--forms`
//! replaces a file of the same name and adds the others.
//!
//! No rule of reading stands here, and no province in Rust.

pub mod charts;
pub mod codes;
pub mod disclosures;
pub mod expression;
pub mod identities;
pub mod kinds;
pub mod metrics;
pub mod narrative;
pub mod performance;
pub mod personal;
pub mod regions;
pub mod statements;
pub mod wording;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use crate::error::{Error, ErrorKind, Result};

macro_rules! embedded {
    ($name:literal) => {
        ($name, include_str!(concat!("../../forms/", $name)))
    };
}

/// The embedded files, by their name below `forms/`.
const BUILTIN: &[(&str, &str)] = &[
    embedded!("codes/economic.csv"),
    embedded!("codes/functional.csv"),
    embedded!("codes/metrics.csv"),
    embedded!("codes/regions.csv"),
    embedded!("identities/across.toml"),
    embedded!("identities/budget.toml"),
    embedded!("identities/final_accounts.toml"),
    embedded!("identities/narrative.toml"),
    embedded!("identities/wording.toml"),
    embedded!("kinds/disclosures.toml"),
    embedded!("kinds/kinds.toml"),
    embedded!("kinds/performance.toml"),
    embedded!("narrative/accounts.toml"),
    embedded!("narrative/charts.toml"),
    embedded!("narrative/words.toml"),
    embedded!("personal/personal.toml"),
    embedded!("statements/economic.toml"),
    embedded!("statements/expenditure.toml"),
    embedded!("statements/other.toml"),
    embedded!("statements/revenue.toml"),
    embedded!("statements/summary.toml"),
    embedded!("statements/three_public.toml"),
    embedded!("statements/words.toml"),
    embedded!("structure/captions.toml"),
    embedded!("structure/headings.toml"),
];

/// Every form file, parsed.
#[derive(Debug)]
pub struct Forms {
    /// Words of headings, captions and header rows.
    pub wording: wording::Wording,
    /// The checks.
    pub identities: identities::Identities,
    /// What charts show.
    pub charts: Vec<charts::ChartForm>,
    /// The dictionary of metrics.
    pub metrics: metrics::Metrics,
    /// Functional classification of expenditure.
    pub functional: codes::Classification,
    /// Economic classification of expenditure.
    pub economic: codes::Classification,
    /// Administrative regions.
    pub regions: regions::Regions,
    /// Clues of a report's identity.
    pub kinds: kinds::Kinds,
    /// How the documents of one body are put together.
    pub joining: disclosures::Joining,
    /// How prose names figures.
    pub narrative: narrative::Narrative,
    /// Performance forms.
    pub performance: Option<performance::Performance>,
    /// What tells names and telephone numbers of persons.
    pub personal: personal::Personal,
    /// Statement forms.
    pub statements: statements::Statements,
}

impl Forms {
    /// The forms that the binary carries.
    ///
    /// # Panics
    /// When an embedded file is invalid, which a test of this module rules out.
    #[must_use]
    pub fn builtin() -> &'static Self {
        static FORMS: OnceLock<Forms> = OnceLock::new();
        FORMS.get_or_init(|| Self::parse(&builtin_files()).unwrap_or_else(|error| panic!("embedded {error}")))
    }

    /// The forms that the binary carries, overlaid by the `.toml` and `.csv` files of a folder.
    ///
    /// # Errors
    /// When a file cannot be read, or breaks the rules of its kind; the error names file and line.
    pub fn overlaid(dir: &Path) -> Result<Self> {
        let mut files = builtin_files();
        for entry in walkdir::WalkDir::new(dir).sort_by_file_name() {
            let entry = entry.map_err(|e| Error::io(dir.display(), e.into()))?;
            let path = entry.path();
            let is_form = path.extension().is_some_and(|e| e == "toml" || e == "csv");
            if !entry.file_type().is_file() || !is_form {
                continue;
            }
            let name = path.strip_prefix(dir).unwrap_or(path).to_string_lossy().replace('\\', "/");
            let text = std::fs::read_to_string(path).map_err(|e| Error::io(path.display(), e))?;
            files.insert(name, text);
        }
        Self::parse(&files)
    }

    /// The names of the files that the binary carries, as below `forms/`.
    #[must_use]
    pub fn builtin_names() -> Vec<&'static str> {
        BUILTIN.iter().map(|&(name, _)| name).collect()
    }

    fn parse(files: &Files) -> Result<Self> {
        for (name, text) in files {
            if text.contains('\0') {
                return Err(invalid(name, "holds a NUL byte"));
            }
        }
        let metrics = metrics::Metrics::parse(files)?;
        Ok(Self {
            charts: charts::parse(files, &metrics)?,
            functional: codes::Classification::parse(files, "codes/functional.csv")?,
            economic: codes::Classification::parse(files, "codes/economic.csv")?,
            kinds: kinds::Kinds::parse(files, &metrics)?,
            joining: disclosures::Joining::parse(files, &metrics)?,
            narrative: narrative::Narrative::parse(files, &metrics)?,
            performance: performance::Performance::parse(files, &metrics)?,
            personal: personal::Personal::parse(files)?,
            regions: regions::Regions::parse(files)?,
            statements: statements::Statements::parse(files, &metrics)?,
            metrics,
            wording: wording::Wording::parse(files)?,
            identities: identities::Identities::parse(below(files, "identities/"))?,
        })
    }
}

/// Form files by name, in the order of their names.
type Files = BTreeMap<String, String>;

/// The TOML files of one folder, in order.
fn below<'a>(files: &'a Files, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let inside = move |name: &str| name.starts_with(folder) && Path::new(name).extension().is_some_and(|e| e == "toml");
    files.iter().map(|(name, text)| (name.as_str(), text.as_str())).filter(move |(name, _)| inside(name))
}

fn builtin_files() -> Files {
    BUILTIN.iter().map(|&(name, text)| (name.to_owned(), text.to_owned())).collect()
}

/// Whether a file is one that the binary carries, as it carries it.
fn is_embedded(name: &str, text: &str) -> bool {
    BUILTIN.iter().any(|&(known, its)| known == name && its == text)
}

/// Makes the error for a form file that breaks its rules.
pub(crate) fn invalid(file: &str, reason: impl std::fmt::Display) -> Error {
    ErrorKind::Form { file: file.to_owned(), reason: reason.to_string() }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_forms_are_valid() {
        Forms::parse(&builtin_files()).expect("embedded forms parse");
    }

    #[test]
    fn every_embedded_pattern_compiles() {
        let mut files = builtin_files();
        // A file that is not the embedded one to the last byte has all its patterns compiled at once.
        for text in files.values_mut() {
            text.push('\n');
        }
        Forms::parse(&files).expect("all patterns compile");
    }
}
