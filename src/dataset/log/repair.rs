//! What a power cut leaves at the end of a log, and how it is set right before anything else is read. Every commit
//! but the newest was on the disk before its successor was begun, so that nothing else can be broken.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::{LAST_CHECKPOINT, LOG};
use crate::dataset::place::sync_folder;
use crate::dataset::schema::Table;
use crate::error::{Error, Result};

/// Sets a last commit aside that cannot be read, as a power cut leaves it. Only the newest can be one: every
/// earlier one was on the disk before its successor was begun. Call it while no other crawl writes.
///
/// # Errors
/// When the log cannot be read or changed.
pub(in crate::dataset) fn repair(dataset: &Path, table: Table) -> Result<()> {
    let dir = dataset.join(table.name());
    if !dir.join(LOG).is_dir() {
        return Ok(());
    }
    drop_broken_checkpoint(&dir.join(LOG))?;
    let Some(newest) = newest_commit(&dir)? else { return Ok(()) };
    let text = fs::read(&newest).map_err(|e| Error::io(newest.display(), e))?;
    if is_whole(&text) {
        return Ok(());
    }
    tracing::warn!(commit = %newest.display(), "the last commit is unreadable, as after a power cut; it is set aside");
    let aside = newest.with_extension("unreadable");
    fs::rename(&newest, &aside).map_err(|e| Error::io(newest.display(), e))?;
    sync_folder(&dir.join(LOG))
}

/// Removes a newest checkpoint that cannot be read. It repeats what the commits say, and these are still there.
fn drop_broken_checkpoint(log: &Path) -> Result<()> {
    let hint = log.join(LAST_CHECKPOINT);
    let is_checkpoint = |path: &PathBuf| path.to_string_lossy().ends_with(".checkpoint.parquet");
    let entries = fs::read_dir(log).map_err(|e| Error::io(log.display(), e))?;
    let newest = entries.flatten().map(|e| e.path()).filter(is_checkpoint).max();
    let is_broken =
        |path: &PathBuf| File::open(path).is_ok_and(|file| ParquetRecordBatchReaderBuilder::try_new(file).is_err());
    let hint_is_readable = fs::read(&hint).map_or(true, |text| is_whole(&text));
    if let Some(broken) = newest.filter(is_broken) {
        tracing::warn!(checkpoint = %broken.display(), "the last checkpoint is unreadable, as after a power cut; it is removed");
        fs::remove_file(&broken).map_err(|e| Error::io(broken.display(), e))?;
    } else if hint_is_readable {
        return Ok(());
    }
    if hint.exists() {
        fs::remove_file(&hint).map_err(|e| Error::io(hint.display(), e))?;
    }
    sync_folder(log)
}

/// Whether every line of a commit is JSON, and there is one.
fn is_whole(text: &[u8]) -> bool {
    let mut lines = text.split(|b| *b == b'\n').filter(|line| !line.is_empty()).peekable();
    lines.peek().is_some() && lines.all(|line| serde_json::from_slice::<serde_json::Value>(line).is_ok())
}

/// The newest commit file of a table's log.
pub(super) fn newest_commit(dir: &Path) -> Result<Option<PathBuf>> {
    let log = dir.join(LOG);
    let entries = fs::read_dir(&log).map_err(|e| Error::io(log.display(), e))?;
    let is_commit = |path: &PathBuf| {
        let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
        path.extension().is_some_and(|e| e == "json") && stem.len() == 20 && stem.bytes().all(|b| b.is_ascii_digit())
    };
    Ok(entries.flatten().map(|e| e.path()).filter(is_commit).max())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_that_ends_in_the_middle_is_not_whole() {
        assert!(is_whole(b"{\"a\":1}\n{\"b\":2}\n"));
        assert!(!is_whole(b"{\"a\":1}\n{\"b\":"));
        assert!(!is_whole(b""));
        assert!(!is_whole(&[0; 64]));
    }
}
