//! A crawl in pieces, for whoever schedules documents over several machines: what there is to read is parted into
//! shares, a share goes as bytes to where it is read, and what was written there comes back to one commit. Shares are
//! runs of neighbours in source order, so that a share touches few partitions, and all of them one after the other are
//! the order of a crawl.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::bucket::bring;
use super::kept::unfetched;
use super::pipe::path_from;
use super::{Job, Source};
use crate::bucket::is_bucket;
use crate::dataset::Load;
use crate::error::{Error, Result};
use crate::limits::Limits;
use crate::model::archive_of;

/// What reading a document costs beside its bytes, in bytes: small files are not free.
const BYTES_OF_ANY: u64 = 64 << 10;

/// Documents that one task reads, with all that it has to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The run that it belongs to.
    pub load: Load,
    /// Where the dataset lies, as a person wrote it; a folder in full.
    pub dataset: PathBuf,
    limits: String,
    forms: Option<PathBuf>,
    faults: Vec<String>,
    /// The place of its first document among the sources of the run.
    pub(super) first: u64,
    documents: Vec<Document>,
}

/// A source, as it goes to another machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Document {
    uri: String,
    path: Vec<u8>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    members: Vec<usize>,
    bytes: u64,
    modified_ms: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

/// Parts sources into at most `count` shares of about the same weight; none is empty.
pub(super) fn part(sources: &[Source], count: usize) -> Vec<&[Source]> {
    let weight = |source: &Source| u128::from(source.bytes) + u128::from(BYTES_OF_ANY);
    let total: u128 = sources.iter().map(weight).sum();
    let count = count.max(1) as u128;
    let (mut shares, mut begin, mut before) = (Vec::new(), 0, 0_u128);
    for (number, source) in sources.iter().enumerate() {
        // A share ends where the line between two of an equal cut runs through or behind its last document.
        let of = before * count / total.max(1);
        before += weight(source);
        if before * count / total.max(1) > of {
            shares.extend(sources.get(begin..=number));
            begin = number + 1;
        }
    }
    shares.extend(sources.get(begin..).filter(|rest| !rest.is_empty()));
    shares
}

impl Share {
    /// The share of these sources in a job.
    pub(super) fn new(job: &Job, load: &Load, dataset: &Path, first: u64, sources: &[Source]) -> Self {
        Self {
            load: load.clone(),
            dataset: dataset.to_owned(),
            limits: job.limits.to_pairs(),
            forms: job.forms.as_deref().map(in_full),
            faults: job.faults.clone(),
            first,
            documents: sources.iter().map(Document::new).collect(),
        }
    }

    /// How many documents it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.documents.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// As bytes for another machine.
    ///
    /// # Errors
    /// Never with what this program makes.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(self).map_err(|e| broken(&e))
    }

    /// What [`Share::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the bytes are something else, or of another version of this program.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let share: Self = serde_json::from_slice(bytes).map_err(|e| broken(&e))?;
        if share.load.extractor == super::EXTRACTOR {
            return Ok(share);
        }
        let words = format!("it was made by {}, and here is {}", share.load.extractor, super::EXTRACTOR);
        Err(broken(&words))
    }

    /// The job of reading it by workers of `program`, which takes `arguments` before `worker`.
    ///
    /// # Errors
    /// When its limits are those of another version.
    pub fn job(&self, program: PathBuf, arguments: Vec<String>) -> Result<Job> {
        let mut job = Job::new(Vec::new(), program);
        job.arguments = arguments;
        job.limits = Limits::default().with(&self.limits).map_err(|words| broken(&words))?;
        job.forms.clone_from(&self.forms);
        job.faults.clone_from(&self.faults);
        job.load = Some(self.load.id.clone());
        Ok(job)
    }

    /// Its sources, with the objects of buckets fetched into `folder`.
    ///
    /// # Errors
    /// When the folder cannot be written. An object that cannot be fetched is a source with a problem.
    pub fn sources(&self, folder: &Path, limits: &Limits) -> Result<Vec<Source>> {
        let sources: Vec<Source> = self.documents.iter().map(Document::source).collect();
        let object = |source: &Source| -> Option<String> {
            let is_far = source.problem.is_none() && is_bucket(Path::new(&source.uri));
            is_far.then(|| archive_of(&source.uri).unwrap_or(&source.uri).to_owned())
        };
        let mut files: BTreeMap<String, Result<PathBuf, String>> = BTreeMap::new();
        let wanted: std::collections::BTreeSet<String> = sources.iter().filter_map(object).collect();
        let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        if !wanted.is_empty() {
            let brought = bring(&wanted, folder, limits)?;
            files.extend(wanted.iter().map(|address| (*address).to_owned()).zip(brought));
        }
        let placed = |source: Source| match object(&source).and_then(|object| files.get(&object)) {
            None => source,
            Some(Ok(file)) => Source { place: Some(file.as_path().into()), ..source },
            Some(Err(problem)) => unfetched(&source.uri, problem.clone()),
        };
        Ok(sources.into_iter().map(placed).collect())
    }
}

impl Document {
    fn new(source: &Source) -> Self {
        let path = in_full(source.path());
        Self {
            uri: source.uri.clone(),
            path: path.as_os_str().as_encoded_bytes().to_vec(),
            members: source.members.clone(),
            bytes: source.bytes,
            modified_ms: source.modified_ms,
            problem: source.problem.clone(),
        }
    }

    fn source(&self) -> Source {
        Source {
            uri: self.uri.clone(),
            place: Some(path_from(&self.path).into()),
            members: self.members.clone(),
            bytes: self.bytes,
            modified_ms: self.modified_ms,
            problem: self.problem.clone(),
        }
    }
}

/// A path as it is called from any folder: a task works in another. The address of a bucket stays as it is.
pub(super) fn in_full(path: &Path) -> PathBuf {
    if is_bucket(path) {
        return path.to_owned();
    }
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn broken(reason: &dyn std::fmt::Display) -> Error {
    Error::io("a share of documents", std::io::Error::other(reason.to_string()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn source(bytes: u64) -> Source {
        Source { bytes, ..Source::new(Path::new("nowhere.pdf")) }
    }

    #[test]
    fn a_long_document_stands_alone_and_small_ones_together() {
        let sources = [1, 1, 1, 400 << 20, 1, 1].map(source);
        let lengths: Vec<usize> = part(&sources, 3).iter().map(|share| share.len()).collect();
        assert_eq!(lengths, [4, 2], "what stands before the long one is no share worth a task");
        let even = vec![source(1 << 20); 10];
        assert_eq!(part(&even, 5).iter().map(|s| s.len()).collect::<Vec<_>>(), [2; 5]);
        assert!(part(&[], 4).is_empty());
    }

    #[test]
    fn a_share_survives_the_way_to_another_machine() {
        let job = Job::new(Vec::new(), PathBuf::from("juesuan"));
        let load = Load { id: "l1".into(), started_ms: 5, extractor: super::super::EXTRACTOR.into() };
        let share = Share::new(&job, &load, Path::new("s3://a/data"), 7, &[source(3)]);
        let back = Share::from_bytes(&share.to_bytes().expect("bytes")).expect("a share");
        assert_eq!(back, share);
        let sources = back.sources(Path::new("nowhere"), &job.limits).expect("nothing to fetch");
        assert_eq!(sources[0].uri, "nowhere.pdf");
        assert!(sources[0].path().is_absolute(), "a task works in another folder");
        let other = Share { load: Load { extractor: "juesuan/0".into(), ..load }, ..share };
        let error = Share::from_bytes(&other.to_bytes().expect("bytes")).expect_err("another version");
        assert!(error.to_string().contains("juesuan/0"), "{error}");
    }

    proptest! {
        #[test]
        fn every_source_is_in_one_share_in_order(
            sizes in proptest::collection::vec(0_u64..1 << 30, 0..60), count in 0_usize..40,
        ) {
            let sources: Vec<Source> = sizes.iter().copied().map(source).collect();
            let shares = part(&sources, count);
            prop_assert!(shares.len() <= count.max(1) && shares.iter().all(|share| !share.is_empty()));
            prop_assert_eq!(shares.concat(), sources);
        }
    }
}
