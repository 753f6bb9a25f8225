//! A file that was fetched from elsewhere, and what is kept beside it: its address, the hash of its bytes, and what the
//! server calls this version of it. Who fetches, and over what, is not known here.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::task::JoinSet;

use super::Source;
use super::bare::hex;
use crate::dataset::Place;
use crate::limits::Limits;

/// Addresses that are fetched side by side.
const AT_ONCE: usize = 4;

/// Where what is fetched is kept: beside a dataset in a folder; else in the user's cache, apart for each dataset. What is
/// lost there is fetched again, and not read again.
#[must_use]
pub fn downloads_of(dataset: &Place) -> PathBuf {
    if let Some(folder) = dataset.folder() {
        return folder.join("downloads");
    }
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let own = variable("XDG_CACHE_HOME").or_else(|| variable("LOCALAPPDATA"));
    let cache = own.or_else(|| variable("HOME").map(|home| home.join(".cache"))).unwrap_or_else(std::env::temp_dir);
    let address = dataset.to_string();
    let name: String = address.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    cache.join("juesuan").join(name)
}

/// What came of what is not on this machine.
#[derive(Debug, Default)]
pub(super) struct Downloads {
    /// Those with a file, and those with a problem, in order.
    pub(super) sources: Vec<Source>,
    /// Those that the server says are not there, with its words.
    pub(super) gone: Vec<(String, String)>,
    /// Whether the run was told to stop before all were asked for.
    pub(super) stopped: bool,
}

impl Downloads {
    /// Takes what came of one address; nothing came where the run was told to stop.
    pub(super) fn put(&mut self, address: &str, answer: Option<Answer>) {
        match answer {
            Some(Answer::Kept(file)) => {
                let Source { bytes, modified_ms, .. } = Source::new(&file);
                self.sources.push(Source { bytes, modified_ms, ..Source::called(address.to_owned(), &file) });
            }
            Some(Answer::Left { bytes, modified_ms }) => {
                let source = Source::called(address.to_owned(), Path::new(address));
                self.sources.push(Source { bytes, modified_ms: Some(modified_ms), ..source });
            }
            Some(Answer::Gone(words)) => self.gone.push((address.to_owned(), words)),
            Some(Answer::Failed(problem)) => self.sources.push(unfetched(address, problem)),
            None => self.stopped = true,
        }
    }
}

/// The source of an address without a file.
pub(super) fn unfetched(address: &str, problem: String) -> Source {
    Source { problem: Some(problem), ..Source::called(address.to_owned(), Path::new(address)) }
}

/// What came of one address.
#[derive(Debug)]
pub(super) enum Answer {
    /// The file holds its present bytes, or the last that could be fetched.
    Kept(PathBuf),
    /// It is there, and stays there; with what the listing says of it.
    Left {
        bytes: u64,
        modified_ms: i64,
    },
    Gone(String),
    Failed(String),
}

/// What is kept of an address beside its bytes.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Record {
    url: String,
    sha256: String,
    pub(super) etag: Option<String>,
    pub(super) last_modified: Option<String>,
}

/// The place of an address in the folder of downloads.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) address: String,
    file: PathBuf,
    limits: Limits,
}

impl Kept {
    pub(super) fn new(address: &str, folder: &Path, limits: &Limits) -> Self {
        let name: String = hex(&Sha256::digest(address.as_bytes())).chars().take(24).collect();
        Self { address: address.to_owned(), file: folder.join(name), limits: *limits }
    }

    /// The answer that the file as it lies there is good.
    pub(super) fn as_it_is(&self) -> Answer {
        Answer::Kept(self.file.clone())
    }

    /// What was kept of it; nothing where the file is not there.
    pub(super) fn record(&self) -> Record {
        let record = fs::read(self.record_file()).ok().and_then(|text| serde_json::from_slice(&text).ok());
        record.filter(|_| self.file.is_file()).unwrap_or_default()
    }

    fn record_file(&self) -> PathBuf {
        self.file.with_extension("json")
    }

    /// Why so many bytes are too many, where they are.
    pub(super) fn surfeit(&self, bytes: u64) -> Option<String> {
        let checked = Limits::check("the file's size in bytes", "file_bytes", bytes, self.limits.file_bytes);
        checked.err().map(|error| error.kind().to_string())
    }

    /// Begins to take new bytes, beside the file that is there.
    pub(super) fn begin(&self) -> Result<Incoming<'_>, String> {
        let file = File::create(self.part_file()).map_err(|e| e.to_string())?;
        Ok(Incoming { kept: self, file, hash: Sha256::new(), length: 0 })
    }

    fn part_file(&self) -> PathBuf {
        self.file.with_extension("part")
    }

    /// Gives the file the time that it has where it comes from; one that cannot be set is that of the fetch.
    pub(super) fn date(&self, at: SystemTime) {
        let file = File::options().write(true).open(&self.file);
        drop(file.and_then(|file| file.set_modified(at)));
    }

    /// An address that cannot be fetched tonight keeps what there is; one that is gone keeps nothing.
    pub(super) fn settle(&self, answer: Answer) -> Answer {
        match answer {
            Answer::Failed(problem) if self.file.is_file() => {
                tracing::warn!(url = self.address, problem, "not fetched; what was fetched before is kept");
                self.as_it_is()
            }
            Answer::Gone(words) => {
                self.forget();
                Answer::Gone(words)
            }
            other => other,
        }
    }

    /// Removes the file and its record. What stays behind is a file too many.
    pub(super) fn forget(&self) {
        drop(fs::remove_file(&self.file));
        drop(fs::remove_file(self.record_file()));
    }
}

/// Bytes on their way into a file.
pub(super) struct Incoming<'a> {
    kept: &'a Kept,
    file: File,
    hash: Sha256,
    length: u64,
}

impl Incoming<'_> {
    /// Takes a piece, or says why it is one too many; the bytes taken so far are then removed.
    pub(super) fn put(&mut self, piece: &[u8]) -> Result<Option<String>, String> {
        self.length = self.length.saturating_add(piece.len() as u64);
        if let Some(problem) = self.kept.surfeit(self.length) {
            drop(fs::remove_file(self.kept.part_file()));
            return Ok(Some(problem));
        }
        self.hash.update(piece);
        self.file.write_all(piece).map_err(|e| e.to_string())?;
        Ok(None)
    }

    /// Puts the bytes in place with their record; the same bytes as before leave the file as it is.
    pub(super) fn finish(
        self,
        before: &Record,
        etag: Option<String>,
        last_modified: Option<String>,
    ) -> Result<Answer, String> {
        let sha256 = hex(&self.hash.finalize());
        let (part, file) = (self.kept.part_file(), &self.kept.file);
        let moved = if sha256 == before.sha256 { fs::remove_file(&part) } else { fs::rename(&part, file) };
        moved.map_err(|e| e.to_string())?;
        let record = Record { url: self.kept.address.clone(), sha256, etag, last_modified };
        let text = serde_json::to_vec_pretty(&record).map_err(|e| e.to_string())?;
        fs::write(self.kept.record_file(), text).map_err(|e| e.to_string())?;
        Ok(self.kept.as_it_is())
    }
}

/// Waits for all answers, some at once, in order; one is absent where the run was told to stop before.
pub(super) async fn ask_all<V>(visits: impl Iterator<Item = V>, count: usize, stop: &AtomicBool) -> Vec<Option<Answer>>
where
    V: Future<Output = Answer> + Send + 'static,
{
    let mut answers: Vec<Option<Answer>> = std::iter::repeat_with(|| None).take(count).collect();
    let mut running = JoinSet::new();
    let mut put = |done: Option<Result<(usize, Answer), _>>| {
        let Some(Ok((number, answer))) = done else { return };
        if let Some(place) = answers.get_mut(number) {
            *place = Some(answer);
        }
    };
    for (number, visit) in visits.enumerate() {
        if running.len() >= AT_ONCE {
            put(running.join_next().await);
        }
        if stop.load(Ordering::Relaxed) {
            break;
        }
        running.spawn(async move { (number, visit.await) });
    }
    while !running.is_empty() {
        put(running.join_next().await);
    }
    answers
}
