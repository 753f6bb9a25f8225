//! Where an export goes: a folder of its own beside the destination while it is written, and in the destination's
//! place when it is whole.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};

/// Endings of files that exports write; a folder that holds anything else is nobody's to replace.
const ENDINGS: &[&str] = &["csv", "jsonl", "parquet", "xlsx", "html", "json"];

/// A destination, and the folder that becomes it. What is not published goes when this is dropped.
pub(super) struct Destination {
    to: PathBuf,
    folder: PathBuf,
    /// The file of the folder that alone is wanted, where `to` names a file.
    file: Option<&'static str>,
}

impl Destination {
    /// Makes the folder to write to.
    pub(super) fn new(to: &Path, only_file: Option<&'static str>, force: bool) -> Result<Self> {
        let ending = |path: &Path| path.extension().map(|e| e.to_string_lossy().to_lowercase());
        let file = only_file.filter(|name| ending(to).is_some() && ending(to) == ending(Path::new(name)));
        refuse_to_overwrite(to, file.is_some(), force)?;
        let name = to.file_name().map_or_else(|| "export".into(), |name| name.to_string_lossy().into_owned());
        let parent = parent_of(to);
        fs::create_dir_all(&parent).map_err(|e| Error::io(parent.display(), e))?;
        let folder = parent.join(format!(".{name}.part-{}", std::process::id()));
        remove(&folder)?;
        fs::create_dir(&folder).map_err(|e| Error::io(folder.display(), e))?;
        Ok(Self { to: to.to_owned(), folder, file })
    }

    /// The empty folder to write to.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Puts what was written in the destination's place.
    pub(super) fn publish(self) -> Result<PathBuf> {
        let io = |e| Error::io(self.to.display(), e);
        if let Some(name) = self.file {
            fs::rename(self.folder.join(name), &self.to).map_err(io)?;
            return Ok(self.to.clone());
        }
        let old = self.folder.with_extension("old");
        remove(&old)?;
        if self.to.exists() {
            fs::rename(&self.to, &old).map_err(io)?;
        }
        if let Err(error) = fs::rename(&self.folder, &self.to) {
            // What was there goes back; that this fails too is past mending.
            let _ = fs::rename(&old, &self.to);
            return Err(io(error));
        }
        remove(&old)?;
        Ok(self.to.clone())
    }
}

impl Drop for Destination {
    fn drop(&mut self) {
        // What stays behind is a folder whose name says what it is; the next export removes it.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn parent_of(to: &Path) -> PathBuf {
    let parent = to.parent().filter(|p| !p.as_os_str().is_empty());
    parent.unwrap_or_else(|| Path::new(".")).to_owned()
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::io(folder.display(), e)),
        _ => Ok(()),
    }
}

fn refuse_to_overwrite(to: &Path, is_file: bool, force: bool) -> Result<()> {
    let refuse = |reason: String| Err(ErrorKind::Export { path: to.display().to_string(), reason }.into());
    let Ok(metadata) = fs::metadata(to) else { return Ok(()) };
    if metadata.is_dir() == is_file {
        return refuse(format!("it is a {}", if is_file { "folder" } else { "file; name a folder" }));
    }
    if is_file {
        return if force { Ok(()) } else { refuse("it exists; --force replaces it".to_owned()) };
    }
    let entries = fs::read_dir(to).map_err(|e| Error::io(to.display(), e))?;
    let mut names: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    names.sort();
    if let Some(stranger) = names.iter().find(|path| !is_of_an_export(path)) {
        let name = stranger.file_name().unwrap_or_default().to_string_lossy();
        return refuse(format!("it holds {name}, which is no part of an export; name another folder"));
    }
    if names.is_empty() || force {
        return Ok(());
    }
    refuse("it is not empty; --force replaces the export in it".to_owned())
}

fn is_of_an_export(path: &Path) -> bool {
    let ending = path.extension().map(|e| e.to_string_lossy().into_owned()).unwrap_or_default();
    path.is_file() && ENDINGS.contains(&ending.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn export(to: &Path, text: &str, force: bool) -> Result<PathBuf> {
        let place = Destination::new(to, Some("index.html"), force)?;
        fs::write(place.folder().join("index.html"), text).expect("written");
        place.publish()
    }

    #[test]
    fn a_folder_is_replaced_as_a_whole_and_only_when_told_to() {
        let dir = tempfile::tempdir().expect("a folder");
        let to = dir.path().join("out");
        export(&to, "1", false).expect("a new folder");
        fs::write(to.join("facts.csv"), "of an earlier export").expect("written");
        let refused = export(&to, "2", false).expect_err("it is not empty").to_string();
        assert!(refused.contains("--force"), "{refused}");
        export(&to, "3", true).expect("replaced");
        let names: Vec<_> = fs::read_dir(&to).expect("there").flatten().map(|e| e.file_name()).collect();
        assert_eq!(names, ["index.html"]);
        assert_eq!(fs::read_to_string(to.join("index.html")).expect("read"), "3");
        assert_eq!(fs::read_dir(dir.path()).expect("there").count(), 1, "nothing is left beside it");
    }

    #[test]
    fn what_is_no_export_is_never_removed() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join("diary.txt"), "x").expect("written");
        let refused = export(dir.path(), "1", true).expect_err("not an export").to_string();
        assert!(refused.contains("diary.txt"), "{refused}");
        assert!(dir.path().join("diary.txt").exists());
    }

    #[test]
    fn an_export_of_one_file_may_be_named_as_a_file() {
        let dir = tempfile::tempdir().expect("a folder");
        let to = dir.path().join("2024.html");
        export(&to, "1", false).expect("written");
        assert_eq!(fs::read_to_string(&to).expect("read"), "1");
        assert!(export(&to, "2", false).is_err());
        export(&to, "2", true).expect("replaced");
        assert_eq!(fs::read_to_string(&to).expect("read"), "2");
    }
}
