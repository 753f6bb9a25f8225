//! A run begins with a load and ends with a file beside the dataset that says what came of it, for `juesuan status`.

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::json;

use super::{EXTRACTOR, Summary};
use crate::dataset::{Load, Place, record_run};
use crate::error::Result;

/// Loads that this process has begun.
static BEGUN: AtomicU32 = AtomicU32::new(0);

/// A load of this moment; the process makes it unique on one machine, and a number in the process.
#[must_use]
pub fn new_load() -> Load {
    let now = jiff::Timestamp::now();
    let id = format!("{}-{:06}", now.strftime("%Y%m%dT%H%M%SZ"), std::process::id());
    let id = match BEGUN.fetch_add(1, Ordering::Relaxed) {
        0 => id,
        number => format!("{id}-{number}"),
    };
    Load { id, started_ms: now.as_millisecond(), extractor: EXTRACTOR.to_owned() }
}

/// Keeps what the run over `sources` did beside the dataset.
///
/// # Errors
/// When it cannot be written.
pub fn record(
    dataset: &Place,
    load: &Load,
    sources: impl IntoIterator<Item = String>,
    result: &Result<Summary>,
) -> Result<()> {
    let mut run = match result {
        Ok(summary) => json!(summary),
        Err(error) => json!({ "error": error.to_string() }),
    };
    run["sources"] = json!(sources.into_iter().collect::<Vec<_>>());
    run["extractor"] = json!(load.extractor);
    let started = jiff::Timestamp::from_millisecond(load.started_ms).unwrap_or_default();
    run["started"] = json!(started.to_string());
    record_run(dataset, &load.id, &run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_id_is_unique_and_safe_in_a_file_name() {
        let (id, next) = (new_load().id, new_load().id);
        assert!(next.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'), "{next}");
        assert_ne!(id, next, "within a second too");
    }
}
