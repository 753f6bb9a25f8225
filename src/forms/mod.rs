//! What varies between provinces and years, as data: loaded, validated and merged here, used by `structure`,
//! `fiscal` and `check`. The files of `forms/` are embedded in the binary; a folder given with `--forms`
//! replaces a file of the same name and adds the others.
//!
//! No rule of reading stands here, and no province in Rust.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use crate::error::{Error, ErrorKind, Result};

/// The embedded files, by their name below `forms/`.
const BUILTIN: &[(&str, &str)] = &[];

/// Every form file, parsed.
#[derive(Debug)]
pub struct Forms {}

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

    fn parse(files: &Files) -> Result<Self> {
        for (name, text) in files {
            if text.contains("\0") {
                return Err(invalid(name, "holds a NUL byte"));
            }
        }
        Ok(Self {})
    }
}

/// Form files by name, in the order of their names.
type Files = BTreeMap<String, String>;

fn builtin_files() -> Files {
    BUILTIN.iter().map(|&(name, text)| (name.to_owned(), text.to_owned())).collect()
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
}
