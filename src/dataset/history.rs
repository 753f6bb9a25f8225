//! The runs of a dataset: one small JSON file each in `runs/`, so that an operator sees what last night did, also
//! when it changed nothing. Nothing in the dataset depends on them.

use std::path::Path;

use serde_json::Value;

use super::part::refused;
use super::place::Place;
use crate::error::Result;

/// Folder below that of the dataset.
const RUNS: &str = "runs";
/// Files that are kept.
const KEPT: usize = 1_000;

/// Keeps the summary of a run under its load id.
///
/// # Errors
/// When it cannot be written.
pub fn record_run(dataset: impl Into<Place>, load_id: &str, summary: &Value) -> Result<()> {
    let dir = dataset.into().join(RUNS);
    let text = serde_json::to_string_pretty(summary).map_err(|e| refused(&dir, e))?;
    dir.join(&format!("{load_id}.json")).replace(text.as_bytes())?;
    let names = names(&dir);
    let surplus = names.len().saturating_sub(KEPT);
    // What stays behind is a small file too many.
    names.iter().take(surplus).for_each(|name| drop(dir.join(name).remove()));
    Ok(())
}

/// The summaries of the last runs with their load ids, newest first. One that cannot be read is passed over.
#[must_use]
pub fn last_runs(dataset: impl Into<Place>, most: usize) -> Vec<(String, Value)> {
    let dir = dataset.into().join(RUNS);
    let read = |name: &String| {
        let summary = serde_json::from_slice(&dir.join(name).read().ok()??).ok()?;
        Some((name.trim_end_matches(".json").to_owned(), summary))
    };
    names(&dir).iter().rev().filter_map(read).take(most).collect()
}

/// Names of the files, oldest first: a load id begins with its time.
fn names(dir: &Place) -> Vec<String> {
    let files = dir.files("").unwrap_or_default();
    let mut names: Vec<String> = files.into_iter().map(|file| file.path).collect();
    names.retain(|name| !name.contains('/') && Path::new(name).extension().is_some_and(|ending| ending == "json"));
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_newest_run_comes_first_and_a_broken_file_is_passed_over() {
        let dir = tempfile::tempdir().expect("a folder");
        for (id, documents) in [("20260101T000000Z-1", 1), ("20260102T000000Z-1", 2)] {
            record_run(dir.path(), id, &json!({ "documents": documents })).expect("written");
        }
        std::fs::write(dir.path().join("runs/20260103T000000Z-1.json"), "{").expect("written");
        let runs = last_runs(dir.path(), 5);
        assert_eq!(runs.iter().map(|(_, s)| s["documents"].as_u64()).collect::<Vec<_>>(), [Some(2), Some(1)]);
    }
}
