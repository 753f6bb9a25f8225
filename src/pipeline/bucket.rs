//! Buckets of object stores that speak S3, as `s3://bucket/folder`: listed each night, and fetched into the folder of
//! downloads where the store says that an object is new or has changed. From then on an object is a file like any other,
//! and an archive among them a folder. Credentials, endpoint and region come from the environment, as every program of
//! the kind reads them (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL`, `AWS_REGION` and so on).

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::path::Path as Key;
use object_store::{ClientConfigKey, ObjectMeta, ObjectStore, ObjectStoreExt, RetryConfig};

use super::archive::expand;
use super::kept::{Answer, Downloads, Kept, ask_all};
use super::source::{is_companion, is_hidden};
use crate::dataset::Holdings;
use crate::error::{Error, Result};
use crate::limits::Limits;

/// How an address of a bucket begins.
const SCHEME: &str = "s3://";
/// Time that all attempts of one request may take together.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a request is sent again.
const RETRIES: usize = 3;
/// Time for one object as a whole, as the store's client spells it.
const WHOLE: &str = "600 seconds";
/// What to do about missing credentials.
const NO_CREDENTIALS: &str = "no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or \
                              AWS_SKIP_SIGNATURE=true for a bucket that everybody may read";
/// Characters of a store's own words that are passed on.
const WORDS: usize = 300;

/// Whether a source is a bucket, or a folder or object in one.
pub(super) fn is_bucket(source: &Path) -> bool {
    source.to_str().is_some_and(|text| text.starts_with(SCHEME))
}

/// Lists a bucket or a folder in one, and fetches what is new or has changed.
///
/// # Errors
/// When the store cannot be reached, does not let us in or has no such bucket, or the folder cannot be written. What
/// goes wrong with one object is a source with a problem.
pub(super) fn fetch(
    address: &str,
    folder: &Path,
    holdings: &Holdings,
    limits: &Limits,
    stop: &AtomicBool,
) -> Result<Downloads> {
    std::fs::create_dir_all(folder).map_err(|e| Error::io(folder.display(), e))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| Error::io("the client of object stores", e))?;
    let bucket = Bucket::open(address)?;
    let objects = runtime.block_on(bucket.objects())?;
    let objects: Vec<(Kept, ObjectMeta)> =
        objects.into_iter().map(|meta| (Kept::new(&bucket.uri_of(&meta.location), folder, limits), meta)).collect();
    let store = &bucket.store;
    let visits = objects.iter().map(|(kept, meta)| answer(Arc::clone(store), kept.clone(), meta.clone()));
    let answers = runtime.block_on(ask_all(visits, objects.len(), stop));
    let mut downloads = Downloads::default();
    for ((kept, _), answer) in objects.iter().zip(answers) {
        downloads.put(&kept.address, answer);
    }
    forget_gone(&bucket, &objects, folder, holdings, limits);
    downloads.sources = downloads.sources.into_iter().flat_map(|source| expand(source, limits)).collect();
    Ok(downloads)
}

/// Removes the files of objects that are not in the bucket any more.
fn forget_gone(bucket: &Bucket, objects: &[(Kept, ObjectMeta)], folder: &Path, holdings: &Holdings, limits: &Limits) {
    let there: std::collections::BTreeSet<&str> = objects.iter().map(|(kept, _)| kept.address.as_str()).collect();
    let below = format!("{}/", bucket.address);
    let held = holdings.iter().map(|entry| entry.source_uri.as_str()).filter(|uri| uri.starts_with(&below));
    let is_gone = |uri: &&str| !there.contains(uri) && !there.iter().any(|t| uri.starts_with(&format!("{t}!")));
    held.filter(is_gone).for_each(|uri| Kept::new(uri, folder, limits).forget());
}

/// A bucket, or a folder in one.
struct Bucket {
    /// `s3://bucket/folder`, without a `/` at its end.
    address: String,
    name: String,
    prefix: Key,
    has_credentials: bool,
    store: Arc<AmazonS3>,
}

impl Bucket {
    fn open(address: &str) -> Result<Self> {
        let address = address.trim_end_matches('/');
        let refuse = |words: String| refused(address, words);
        let rest = address.strip_prefix(SCHEME).unwrap_or_default();
        let (name, folder) = rest.split_once('/').unwrap_or((rest, ""));
        if name.is_empty() {
            return Err(refuse("an address of a bucket is s3://bucket or s3://bucket/folder".to_owned()));
        }
        let prefix = Key::parse(folder).map_err(|e| refuse(e.to_string()))?;
        let (builder, has_credentials) = builder_of(name);
        let store = builder.build().map_err(|e| refuse(words_of(&e)))?;
        let (address, name) = (address.to_owned(), name.to_owned());
        Ok(Self { address, name, prefix, has_credentials, store: Arc::new(store) })
    }

    fn uri_of(&self, key: &Key) -> String {
        format!("{SCHEME}{}/{key}", self.name)
    }

    /// The objects that may be documents, in the order of their keys.
    async fn objects(&self) -> Result<Vec<ObjectMeta>> {
        let mut objects = Vec::new();
        let mut listed = self.store.list(Some(&self.prefix));
        while let Some(object) = std::future::poll_fn(|waker| listed.as_mut().poll_next(waker)).await {
            objects.extend(Some(object.map_err(|e| self.fault(&e))?).filter(|object| self.may_be_read(object)));
        }
        if objects.is_empty() && !self.prefix.as_ref().is_empty() {
            // the address may be that of one object
            let only = self.store.head(&self.prefix).await;
            return only.map(|only| vec![only]).map_err(|e| self.fault(&e));
        }
        objects.sort_by(|a, b| a.location.cmp(&b.location));
        Ok(objects)
    }

    /// Passes over what is passed over in folders too, and the empty objects that stand for folders.
    fn may_be_read(&self, object: &ObjectMeta) -> bool {
        let below = object.location.as_ref().strip_prefix(self.prefix.as_ref()).unwrap_or_default();
        let mut names = below.split('/').filter(|name| !name.is_empty());
        let is_folder = object.size == 0 && object.location.extension().is_none();
        !is_folder && !names.any(is_hidden) && !object.location.filename().is_some_and(is_companion)
    }

    /// What went wrong, with what to do. A listing that is refused is told by the store's words alone.
    fn fault(&self, error: &object_store::Error) -> Error {
        let said = words_of(error);
        let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
        let words = if says(&["NoSuchBucket"]) {
            format!("there is no bucket {} at this endpoint: {said}", self.name)
        } else if matches!(error, object_store::Error::NotFound { .. }) {
            "there is no such folder or object".to_owned()
        } else if says(&["AccessDenied", "SignatureDoesNotMatch", "InvalidAccessKeyId", "403", "401"]) {
            format!("access denied; check AWS_ACCESS_KEY_ID and what it may read: {said}")
        } else if self.has_credentials {
            said
        } else {
            format!("{NO_CREDENTIALS} ({said})")
        };
        refused(&self.address, words)
    }
}

fn refused(address: &str, words: String) -> Error {
    Error::io(address, std::io::Error::other(words))
}

/// A client as the environment describes it, and whether that names credentials; without them the machine's own role is
/// asked for.
fn builder_of(bucket: &str) -> (AmazonS3Builder, bool) {
    let builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
    let is_set = |key: AmazonS3ConfigKey| builder.get_config_value(&key).is_some();
    let has_credentials = is_set(AmazonS3ConfigKey::AccessKeyId)
        || is_set(AmazonS3ConfigKey::WebIdentityTokenFile)
        || is_set(AmazonS3ConfigKey::ContainerCredentialsRelativeUri)
        || builder.get_config_value(&AmazonS3ConfigKey::SkipSignature).is_some_and(|value| value == "true");
    let endpoint = builder.get_config_value(&AmazonS3ConfigKey::Endpoint).unwrap_or_default();
    let retry = RetryConfig { max_retries: RETRIES, retry_timeout: PATIENCE, ..RetryConfig::default() };
    let builder = builder.with_retry(retry).with_config(AmazonS3ConfigKey::Client(ClientConfigKey::Timeout), WHOLE);
    // An endpoint that is written with http:// is meant so.
    (if endpoint.starts_with("http://") { builder.with_allow_http(true) } else { builder }, has_credentials)
}

/// Has the present bytes of an object in its file.
async fn answer(store: Arc<AmazonS3>, kept: Kept, meta: ObjectMeta) -> Answer {
    if let Some(problem) = kept.surfeit(meta.size) {
        return Answer::Failed(problem);
    }
    let before = kept.record();
    if before.etag.is_some() && before.etag == meta.e_tag {
        return kept.as_it_is();
    }
    let answer = match store.get(&meta.location).await {
        Ok(found) => {
            let (etag, time) = (found.meta.e_tag.clone(), found.meta.last_modified.to_rfc3339());
            save(&kept, &before, found, etag, time).await.unwrap_or_else(Answer::Failed)
        }
        Err(object_store::Error::NotFound { .. }) => Answer::Gone("it went while the bucket was read".to_owned()),
        Err(error) => Answer::Failed(words_of(&error)),
    };
    kept.settle(answer)
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

/// The innermost cause in the store's own words, short and on one line.
fn words_of(error: &object_store::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string().split_whitespace().collect::<Vec<_>>().join(" ").chars().take(WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_told_by_its_scheme_and_needs_a_name() {
        assert!(is_bucket(Path::new("s3://reports/2024")));
        assert!(!is_bucket(Path::new("https://a.cn/x.pdf")) && !is_bucket(Path::new("s3/reports")));
        assert!(Bucket::open("s3://").is_err_and(|e| e.to_string().contains("s3://bucket/folder")));
    }

    #[test]
    fn hidden_objects_companions_and_folders_are_passed_over() {
        let bucket = Bucket::open("s3://reports/公开/").expect("an address");
        let object = |key: &str, size| ObjectMeta {
            location: Key::parse(key).expect("a key"),
            last_modified: std::time::SystemTime::UNIX_EPOCH.into(),
            size,
            e_tag: None,
            version: None,
        };
        assert_eq!(bucket.uri_of(&object("公开/决算.pdf", 1).location), "s3://reports/公开/决算.pdf");
        assert!(bucket.may_be_read(&object("公开/2024/决算.pdf", 1)));
        for passed in ["公开/.git/x.pdf", "公开/~$a.docx", "公开/README.md"] {
            assert!(!bucket.may_be_read(&object(passed, 1)), "{passed}");
        }
        assert!(!bucket.may_be_read(&object("公开/2024", 0)));
    }
}
