//! What a run is asked to do, as a value: no flag, no environment, no clock behind it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::limits::Limits;

/// The order for a run over many documents.
#[derive(Debug, Clone)]
pub struct Job {
    /// Files, folders and addresses, in the order given.
    pub sources: Vec<PathBuf>,
    /// Files with addresses of documents, one a line. A source may itself be an address, or such a list (`.urls`).
    pub lists: Vec<PathBuf>,
    /// Where documents go that are fetched from an address.
    pub downloads: PathBuf,
    /// What one document may cost.
    pub limits: Limits,
    /// Worker processes, at least 1.
    pub workers: usize,
    /// A folder of form files that overlay the embedded ones.
    pub forms: Option<PathBuf>,
    /// The program that has the subcommand `worker`: this one, unless a test says otherwise.
    pub program: PathBuf,
    /// What that program takes before `worker`: nothing, for this one; `-m juesuan.worker`, for Python.
    pub arguments: Vec<String>,
    /// Faults that workers are told to commit, for tests; see [`Fault`](super::Fault).
    pub faults: Vec<String>,
    /// The load whose rows workers make of what they read; without one they give reports.
    pub load: Option<String>,
    /// Whether they give the report's JSON beside the rows.
    pub with_json: bool,
    /// How many sources may be ahead of the slowest one, or more where that would leave workers idle.
    pub look_ahead: usize,
    /// Bytes of finished outcomes that may wait for the slowest one.
    pub held_bytes: u64,
    /// Whether objects of buckets stay where they are, because somebody else fetches and reads them.
    pub leaves_objects: bool,
    /// Whether documents that another version of the extractor read, or that failed, are read again.
    pub refreshes: bool,
    /// Ends the run early when it is set: documents that are being read are finished and committed.
    pub stop: Arc<AtomicBool>,
    /// Time beyond `limits.seconds` after which a worker is killed.
    pub grace: Duration,
}

impl Job {
    /// A job with default limits, one worker a core, run by the program at `program`.
    #[must_use]
    pub fn new(sources: Vec<PathBuf>, program: PathBuf) -> Self {
        Self {
            sources,
            lists: Vec::new(),
            downloads: PathBuf::from("downloads"),
            limits: Limits::default(),
            workers: std::thread::available_parallelism().map_or(1, usize::from),
            forms: None,
            program,
            arguments: Vec::new(),
            faults: Vec::new(),
            load: None,
            with_json: false,
            look_ahead: 256,
            held_bytes: 128 << 20,
            leaves_objects: false,
            refreshes: false,
            stop: Arc::new(AtomicBool::new(false)),
            grace: Duration::from_secs(5),
        }
    }
}
