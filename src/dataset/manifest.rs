//! The small file that says which files a dataset is made of. Data files are written once and never changed;
//! replacing this one, in a single rename, publishes a load. What it does not name does not exist.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// Name of the manifest below the dataset's folder.
pub const MANIFEST: &str = "dataset.json";

/// The word that tells a manifest from any other JSON file, and its version.
const FORMAT: &str = "juesuan-dataset/1";

/// The live files of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// `juesuan-dataset/1`.
    pub format: String,
    /// The load that wrote it.
    pub load_id: String,
    /// When that load began, in milliseconds since 1970 (UTC).
    pub started_ms: i64,
    /// Name and version of the extractor.
    pub extractor: String,
    /// Files by table.
    pub tables: BTreeMap<String, Vec<PartFile>>,
}

/// A data file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartFile {
    /// Path below the dataset's folder, with `/`.
    pub path: String,
    /// Rows in it.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
}

impl Manifest {
    /// Makes an empty one.
    #[must_use]
    pub fn new(load: &super::Load) -> Self {
        Self {
            format: FORMAT.to_owned(),
            load_id: load.id.clone(),
            started_ms: load.started_ms,
            extractor: load.extractor.clone(),
            tables: BTreeMap::new(),
        }
    }

    /// Reads the manifest of a dataset.
    ///
    /// # Errors
    /// When the folder holds no dataset, or one of another version.
    pub fn read(dir: &Path) -> Result<Self> {
        let path = dir.join(MANIFEST);
        let bytes = fs::read(&path).map_err(|e| Error::io(path.display(), e))?;
        let manifest: Self = serde_json::from_slice(&bytes).map_err(|e| refused(dir, e))?;
        if manifest.format != FORMAT {
            return Err(refused(dir, format!("format {} is not {FORMAT}", manifest.format)));
        }
        Ok(manifest)
    }

    /// Puts it in place of the old one, so that a reader sees either and a power cut leaves either.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn publish(&self, dir: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self).map_err(|e| refused(dir, e))?;
        replace_file(&dir.join(MANIFEST), text.as_bytes())
    }
}

/// Writes a file beside its place, then moves it there: bytes first, name second, folder last on the disk.
pub(super) fn replace_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let temp = path.with_extension("tmp");
    let io = |e| Error::io(path.display(), e);
    let mut file = File::create(&temp).map_err(io)?;
    file.write_all(bytes).map_err(io)?;
    file.sync_all().map_err(io)?;
    fs::rename(&temp, path).map_err(io)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Makes the names in a folder durable. Windows knows no such thing, and needs none.
pub(super) fn sync_folder(dir: &Path) -> Result<()> {
    if cfg!(unix) {
        File::open(dir).and_then(|f| f.sync_all()).map_err(|e| Error::io(dir.display(), e))?;
    }
    Ok(())
}

/// Makes an error about a dataset as a whole.
pub(super) fn refused(dir: &Path, reason: impl std::fmt::Display) -> Error {
    ErrorKind::Dataset { path: dir.display().to_string(), reason: reason.to_string() }.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Load;

    #[test]
    fn a_manifest_survives_its_own_file() {
        let dir = tempfile::tempdir().expect("a folder");
        let load = Load { id: "l1".into(), started_ms: 7, extractor: "juesuan/0".into() };
        let manifest = Manifest::new(&load);
        manifest.publish(dir.path()).expect("written");
        assert_eq!(Manifest::read(dir.path()).expect("read"), manifest);
        assert!(!dir.path().join("dataset.tmp").exists());
    }

    #[test]
    fn a_dataset_of_another_version_is_refused_by_name() {
        let dir = tempfile::tempdir().expect("a folder");
        let other = r#"{"format":"juesuan-dataset/9","load_id":"","started_ms":0,"extractor":"","tables":{}}"#;
        fs::write(dir.path().join(MANIFEST), other).expect("written");
        let error = Manifest::read(dir.path()).expect_err("another version").to_string();
        assert!(error.contains("juesuan-dataset/9 is not juesuan-dataset/1"), "{error}");
    }
}
