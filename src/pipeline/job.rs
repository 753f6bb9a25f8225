//! What a run is asked to do, as a value: no flag, no environment, no clock behind it.

use std::path::PathBuf;
use std::time::Duration;

use crate::limits::Limits;

/// The order for a run over many documents.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Files and folders, in the order given.
    pub sources: Vec<PathBuf>,
    /// What one document may cost.
    pub limits: Limits,
    /// Worker processes, at least 1.
    pub workers: usize,
    /// A folder of form files that overlay the embedded ones.
    pub forms: Option<PathBuf>,
    /// The program that has the subcommand `worker`: this one, unless a test says otherwise.
    pub program: PathBuf,
    /// Faults that workers are told to commit, for tests; see [`Fault`](super::Fault).
    pub faults: Vec<String>,
    /// How many sources may be ahead of the slowest one.
    pub look_ahead: usize,
    /// Bytes of finished outcomes that may wait for the slowest one.
    pub held_bytes: u64,
    /// Time beyond `limits.seconds` after which a worker is killed.
    pub grace: Duration,
}

impl Job {
    /// A job with default limits, one worker a core, run by the program at `program`.
    #[must_use]
    pub fn new(sources: Vec<PathBuf>, program: PathBuf) -> Self {
        Self {
            sources,
            limits: Limits::default(),
            workers: std::thread::available_parallelism().map_or(1, usize::from),
            forms: None,
            program,
            faults: Vec::new(),
            look_ahead: 256,
            held_bytes: 256 << 20,
            grace: Duration::from_secs(5),
        }
    }
}
