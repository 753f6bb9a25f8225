//! Buckets of object stores that speak S3, as `s3://bucket/folder`: listed each night, and fetched into the folder of
//! downloads where the store says that an object is new or has changed. From then on an object is a file like any other,
//! and an archive among them a folder. How a bucket is reached stands in [`crate::bucket`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use object_store::aws::AmazonS3;
use object_store::path::Path as Key;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt};

use super::Job;
use super::archive::{expand, has_archive_name};
use super::kept::{Answer, Downloads, Kept, ask_all};
use super::source::{is_companion, is_hidden};
use crate::bucket::{Bucket, Patience, SCHEME, split, words_of};
use crate::dataset::Holdings;
use crate::error::{Error, Result};
use crate::limits::Limits;

/// How often a request is sent again, and how long all attempts may take together: an object that is not fetched tonight
/// is fetched tomorrow.
const PATIENCE: Patience = Patience { retries: 3, time: Duration::from_secs(30) };

/// Lists the bucket or the folder in one at `address`, and fetches what is new or has changed. Where the job leaves
/// objects to others, archives alone are fetched, because only their directory says what is in them.
///
/// # Errors
/// When the store cannot be reached, does not let us in or has no such bucket, or the folder cannot be written. What
/// goes wrong with one object is a source with a problem.
pub(super) fn fetch(address: &str, job: &Job, holdings: &Holdings) -> Result<Downloads> {
    let (folder, limits) = (job.downloads.as_path(), &job.limits);
    let runtime = prepare(folder)?;
    let documents = Documents::open(address)?;
    let objects = runtime.block_on(documents.objects())?;
    let bucket = &documents.0;
    let objects: Vec<(Kept, ObjectMeta)> =
        objects.into_iter().map(|meta| (Kept::new(&bucket.uri_of(&meta.location), folder, limits), meta)).collect();
    let store = &bucket.store;
    let visits = objects.iter().map(|(kept, meta)| {
        let leaves = job.leaves_objects && !has_archive_name(&kept.address);
        answer(Arc::clone(store), kept.clone(), meta.clone(), leaves)
    });
    let answers = runtime.block_on(ask_all(visits, objects.len(), &job.stop));
    let mut downloads = Downloads::default();
    for ((kept, _), answer) in objects.iter().zip(answers) {
        downloads.put(&kept.address, answer);
    }
    forget_gone(bucket, &objects, folder, holdings, limits);
    downloads.sources = downloads.sources.into_iter().flat_map(|source| expand(source, limits)).collect();
    Ok(downloads)
}

/// Fetches single objects into a folder: the file of each, or why there is none, in the order of their addresses.
///
/// # Errors
/// When an address names no bucket, or the folder cannot be written.
pub(super) fn bring(addresses: &[&str], folder: &Path, limits: &Limits) -> Result<Vec<Result<PathBuf, String>>> {
    let runtime = prepare(folder)?;
    let mut buckets: BTreeMap<&str, Bucket> = BTreeMap::new();
    let mut visits = Vec::new();
    for address in addresses {
        let (name, key) = split(address);
        if !buckets.contains_key(name) {
            buckets.insert(name, Documents::open(&format!("{SCHEME}{name}"))?.0);
        }
        let key = Key::parse(key).map_err(|e| refused(address, e.to_string()))?;
        let store = buckets.get(name).map(|bucket| Arc::clone(&bucket.store));
        visits.extend(store.map(|store| take(store, key, Kept::new(address, folder, limits))));
    }
    let answers = runtime.block_on(ask_all(visits.into_iter(), addresses.len(), &AtomicBool::new(false)));
    let file = |answer| match answer {
        Some(Answer::Kept(file)) => Ok(file),
        Some(Answer::Gone(problem) | Answer::Failed(problem)) => Err(problem),
        Some(Answer::Left { .. }) | None => Err("it was not fetched".to_owned()),
    };
    Ok(answers.into_iter().map(file).collect())
}

fn prepare(folder: &Path) -> Result<tokio::runtime::Runtime> {
    std::fs::create_dir_all(folder).map_err(|e| Error::io(folder.display(), e))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|e| Error::io("the client of object stores", e))
}

/// Removes the files of objects that are not in the bucket any more.
fn forget_gone(bucket: &Bucket, objects: &[(Kept, ObjectMeta)], folder: &Path, holdings: &Holdings, limits: &Limits) {
    let there: std::collections::BTreeSet<&str> = objects.iter().map(|(kept, _)| kept.address.as_str()).collect();
    let below = format!("{}/", bucket.address);
    let held = holdings.iter().map(|entry| entry.source_uri.as_str()).filter(|uri| uri.starts_with(&below));
    let is_gone = |uri: &&str| !there.contains(uri) && !there.iter().any(|t| uri.starts_with(&format!("{t}!")));
    held.filter(is_gone).for_each(|uri| Kept::new(uri, folder, limits).forget());
}

/// A bucket, or a folder in one, as a source.
struct Documents(Bucket);

impl Documents {
    fn open(address: &str) -> Result<Self> {
        let refuse = |words| refused(address.trim_end_matches('/'), words);
        Bucket::open(address, PATIENCE).map(Self).map_err(refuse)
    }

    /// The objects that may be documents, in the order of their keys.
    async fn objects(&self) -> Result<Vec<ObjectMeta>> {
        let mut objects = Vec::new();
        let mut listed = self.0.store.list(Some(&self.0.prefix));
        while let Some(object) = std::future::poll_fn(|waker| listed.as_mut().poll_next(waker)).await {
            objects.extend(Some(object.map_err(|e| self.fault(&e))?).filter(|object| self.may_be_read(object)));
        }
        if objects.is_empty() && !self.0.prefix.as_ref().is_empty() {
            // the address may be that of one object
            let only = self.0.store.head(&self.0.prefix).await;
            return only.map(|only| vec![only]).map_err(|e| self.fault(&e));
        }
        objects.sort_by(|a, b| a.location.cmp(&b.location));
        Ok(objects)
    }

    /// Passes over what is passed over in folders too, and the empty objects that stand for folders.
    fn may_be_read(&self, object: &ObjectMeta) -> bool {
        let below = object.location.as_ref().strip_prefix(self.0.prefix.as_ref()).unwrap_or_default();
        let mut names = below.split('/').filter(|name| !name.is_empty());
        let is_folder = object.size == 0 && object.location.extension().is_none();
        !is_folder && !names.any(is_hidden) && !object.location.filename().is_some_and(is_companion)
    }

    fn fault(&self, error: &object_store::Error) -> Error {
        refused(&self.0.address, self.0.words_of(error))
    }
}

fn refused(address: &str, words: String) -> Error {
    Error::io(address, std::io::Error::other(words))
}

/// Has the present bytes of an object in its file, unless the object is left where it is.
async fn answer(store: Arc<AmazonS3>, kept: Kept, meta: ObjectMeta, leaves: bool) -> Answer {
    if let Some(problem) = kept.surfeit(meta.size) {
        return Answer::Failed(problem);
    }
    if leaves {
        return Answer::Left { bytes: meta.size, modified_ms: meta.last_modified.timestamp_millis() };
    }
    let before = kept.record();
    if before.etag.is_some() && before.etag == meta.e_tag {
        kept.date(meta.last_modified.into());
        return kept.as_it_is();
    }
    let answer = get(&store, &meta.location, &kept, &before).await;
    // The file says what the listing says, so that it is known again by whoever only lists.
    kept.date(meta.last_modified.into());
    kept.settle(answer)
}

async fn get(store: &AmazonS3, key: &Key, kept: &Kept, before: &super::kept::Record) -> Answer {
    match store.get(key).await {
        Ok(found) => {
            let (etag, time) = (found.meta.e_tag.clone(), found.meta.last_modified.to_rfc3339());
            save(kept, before, found, etag, time).await.unwrap_or_else(Answer::Failed)
        }
        Err(object_store::Error::NotFound { .. }) => Answer::Gone("it went while the bucket was read".to_owned()),
        Err(error) => Answer::Failed(words_of(&error)),
    }
}

async fn take(store: Arc<AmazonS3>, key: Key, kept: Kept) -> Answer {
    get(&store, &key, &kept, &kept.record()).await
}

async fn save(
    kept: &Kept,
    before: &super::kept::Record,
    found: object_store::GetResult,
    etag: Option<String>,
    time: String,
) -> std::result::Result<Answer, String> {
    let mut incoming = kept.begin()?;
    let mut pieces = found.into_stream();
    while let Some(piece) = std::future::poll_fn(|waker| pieces.as_mut().poll_next(waker)).await {
        if let Some(problem) = incoming.put(&piece.map_err(|e| words_of(&e))?)? {
            return Ok(Answer::Failed(problem));
        }
    }
    incoming.finish(before, etag, Some(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_objects_companions_and_folders_are_passed_over() {
        let bucket = Documents::open("s3://reports/公开/").expect("an address");
        let object = |key: &str, size| ObjectMeta {
            location: Key::parse(key).expect("a key"),
            last_modified: std::time::SystemTime::UNIX_EPOCH.into(),
            size,
            e_tag: None,
            version: None,
        };
        assert!(bucket.may_be_read(&object("公开/2024/决算.pdf", 1)));
        for passed in ["公开/.git/x.pdf", "公开/~$a.docx", "公开/README.md"] {
            assert!(!bucket.may_be_read(&object(passed, 1)), "{passed}");
        }
        assert!(!bucket.may_be_read(&object("公开/2024", 0)));
    }
}
