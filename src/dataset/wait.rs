//! Waiting for what is asynchronous: delta-rs and the client of object stores are so, and everything else here is not.

use std::fmt::Display;
use std::sync::OnceLock;

use tokio::runtime::Runtime;

use super::part::refused;
use crate::error::Result;

/// Threads for reading files, each of which keeps memory of its own. Reading a log needs one for the whole and one for
/// the file at hand.
const BLOCKING_THREADS: usize = 4;

/// Runs something asynchronous to its end, on any thread that is not itself one of an asynchronous runtime. `place` is what
/// an error names.
pub(super) fn block_on<T>(work: impl Future<Output = T>, place: impl Display) -> Result<T> {
    static RUNTIME: OnceLock<std::io::Result<Runtime>> = OnceLock::new();
    let start = || {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .max_blocking_threads(BLOCKING_THREADS)
            .enable_all()
            .build()
    };
    match RUNTIME.get_or_init(start) {
        Ok(runtime) => Ok(runtime.block_on(work)),
        Err(error) => Err(refused(place, error)),
    }
}
