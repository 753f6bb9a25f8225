//! What goes through the pipe between the supervisor (`supervisor.rs`) and a worker (`worker.rs`): documents to read in
//! rounds, and what came of each. A round is one document, or several small ones: a wake-up of the other process costs more
//! than reading one of these.
//!
//! ```text
//! in    [{"uri":"a.docx","path":[…],"members":[…],"bytes":9,"load":"…"},…]\n
//!       path only where the name is not UTF-8 or in an archive, members only there, load where rows are asked for
//! out   8 bytes length of all that follows, then for each document in their order
//!       8 bytes length · 4 bytes milliseconds · that many bytes of report JSON, or of the dataset's wire format; where
//!       both are asked for, the JSON's length as 8 bytes and the JSON before the other
//! ```
//!
//! Numbers are big-endian.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Job, Source};

/// Documents of a round at most.
pub(super) const ROUND_DOCUMENTS: usize = 32;
/// Bytes of a round's files at most, where it has several.
const ROUND_BYTES: u64 = 128 << 10;
/// Bytes that go into the pipe at once; as many fit into one of Linux.
const PIECE: usize = 64 << 10;
/// What stands before a document in a reply: length and time.
const HEAD: usize = 12;

/// Whether sources may go through the pipe together.
pub(super) fn is_round(sources: &[Source]) -> bool {
    let bytes = sources.iter().fold(0_u64, |sum, source| sum.saturating_add(source.bytes));
    let is_small = sources.len() <= ROUND_DOCUMENTS && bytes <= ROUND_BYTES;
    is_small && sources.iter().all(|source| source.problem.is_none())
}

/// One document, as it goes through the pipe.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Task {
    pub(super) uri: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<Vec<u8>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    members: Vec<usize>,
    #[serde(default)]
    bytes: u64,
    /// Asks for the rows of this load instead of the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) load: Option<String>,
    /// Asks for the report's JSON too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) with_json: bool,
}

impl Task {
    fn new(source: &Source, job: &Job) -> Self {
        let path = source.place.as_ref().map(|path| path.as_os_str().as_encoded_bytes().to_vec());
        let (uri, members, load) = (source.uri.clone(), source.members.clone(), job.load.clone());
        Self { uri, path, members, bytes: source.bytes, load, with_json: job.with_json }
    }

    /// The source as far as reading it needs.
    pub(super) fn source(&self) -> Source {
        let place = self.path.as_deref().map(|path| path_from(path).into());
        let (uri, members) = (self.uri.clone(), self.members.clone());
        Source { uri, place, members, bytes: self.bytes, modified_ms: None, problem: None }
    }
}

#[cfg(unix)]
pub(super) fn path_from(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    Path::new(std::ffi::OsStr::from_bytes(bytes)).to_owned()
}

#[cfg(not(unix))]
pub(super) fn path_from(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

/// The line that asks for a round.
///
/// # Errors
/// Never with sources of ours.
pub(super) fn line(sources: &[Source], job: &Job) -> serde_json::Result<Vec<u8>> {
    let tasks: Vec<Task> = sources.iter().map(|source| Task::new(source, job)).collect();
    let mut line = serde_json::to_vec(&tasks)?;
    line.push(b'\n');
    Ok(line)
}

/// What came of a round, on its way into the pipe: bytes and milliseconds of each document.
#[derive(Debug, Default)]
pub(super) struct Replies(Vec<(Vec<u8>, u32)>);

impl Replies {
    /// Adds what came of the next document, and how long that took.
    pub(super) fn push(&mut self, bytes: Vec<u8>, took: Duration) {
        self.0.push((bytes, u32::try_from(took.as_millis()).unwrap_or(u32::MAX)));
    }

    /// Writes them as one reply.
    ///
    /// # Errors
    /// When the pipe breaks.
    pub(super) fn send(&self, output: impl Write) -> std::io::Result<()> {
        // Small ones leave together, large ones are not copied again.
        let mut output = BufWriter::with_capacity(PIECE, output);
        let length = self.0.iter().map(|(bytes, _)| HEAD + bytes.len()).sum::<usize>() as u64;
        output.write_all(&length.to_be_bytes())?;
        for (bytes, millis) in &self.0 {
            output.write_all(&(bytes.len() as u64).to_be_bytes())?;
            output.write_all(&millis.to_be_bytes())?;
            output.write_all(bytes)?;
        }
        output.flush()
    }
}

/// The longest reply that is no fault: one document of `limit` bytes.
pub(super) fn longest(limit: u64) -> u64 {
    limit.saturating_add(HEAD as u64)
}

/// What came of each of `count` documents, and its milliseconds; `None` when the reply to them is another one.
pub(super) fn split(mut reply: &[u8], count: usize) -> Option<Vec<(&[u8], u64)>> {
    let mut parts = Vec::with_capacity(count);
    while parts.len() < count {
        let (length, rest) = reply.split_first_chunk::<8>()?;
        let (millis, rest) = rest.split_first_chunk::<4>()?;
        let (bytes, rest) = rest.split_at_checked(usize::try_from(u64::from_be_bytes(*length)).ok()?)?;
        parts.push((bytes, u64::from(u32::from_be_bytes(*millis))));
        reply = rest;
    }
    reply.is_empty().then_some(parts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_task_carries_a_name_that_is_no_utf8() {
        let source = |path: PathBuf, uri: &str| Source::called(uri.into(), &path);
        let job = Job::new(Vec::new(), PathBuf::new());
        let plain = line(&[source("a.docx".into(), "a.docx")], &job).expect("json");
        assert_eq!(String::from_utf8_lossy(&plain), "[{\"uri\":\"a.docx\",\"bytes\":0}]\n");
        let path = path_from(&[0xBE, 0xF6]);
        let bytes = line(&[source(path.clone(), "决")], &job).expect("json");
        let back: Vec<Task> = serde_json::from_slice(&bytes).expect("tasks");
        assert_eq!(back[0].source().path(), path);
    }

    #[test]
    fn small_documents_go_together_and_large_or_unreadable_ones_do_not() {
        let of = |bytes| Source { bytes, ..Source::new(Path::new("a.csv")) };
        let unreadable = Source { problem: Some("denied".into()), ..of(1) };
        assert!(is_round(&[of(1), of(ROUND_BYTES - 1)]));
        assert!(!is_round(&[of(1), of(ROUND_BYTES)]) && !is_round(&[of(u64::MAX), of(1)]));
        assert!(!is_round(&[of(1), unreadable]));
        assert!(!is_round(&vec![of(0); ROUND_DOCUMENTS + 1]));
    }

    proptest! {
        #[test]
        fn replies_come_apart_as_they_were_put_together_and_not_otherwise(
            parts in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..40), any::<u32>()), 1..6),
            cut in 0_usize..60,
        ) {
            let mut replies = Replies::default();
            for (bytes, ms) in &parts {
                replies.push(bytes.clone(), Duration::from_millis(u64::from(*ms)));
            }
            let mut sent = Vec::new();
            replies.send(&mut sent).expect("a vector takes all");
            let (length, sent) = sent.split_first_chunk::<8>().expect("a length");
            prop_assert_eq!(u64::from_be_bytes(*length), sent.len() as u64);
            let expected: Vec<(&[u8], u64)> = parts.iter().map(|(b, ms)| (b.as_slice(), u64::from(*ms))).collect();
            prop_assert_eq!(split(sent, parts.len()), Some(expected));
            prop_assert_eq!(split(sent, parts.len() + 1), None);
            prop_assert_eq!(split(&sent[..sent.len() - cut.clamp(1, sent.len())], parts.len()), None);
        }
    }
}
