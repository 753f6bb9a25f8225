//! Buckets of object stores that speak S3, as `s3://bucket/folder`: from an address to a client, and from what a store
//! says to what a person can do. Credentials, endpoint and region come from the environment, as every program of the kind
//! reads them (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL`, `AWS_REGION` and so on). What is read and written is not known here.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::path::Path as Key;
use object_store::{ClientConfigKey, RetryConfig};

/// How an address of a bucket begins.
pub(crate) const SCHEME: &str = "s3://";
/// Time for one object as a whole, as the store's client spells it.
const WHOLE: &str = "600 seconds";
/// What to do about missing credentials.
const NO_CREDENTIALS: &str = "no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or \
                              AWS_SKIP_SIGNATURE=true for a bucket that everybody may read";
/// Characters of a store's own words that are passed on.
const WORDS: usize = 300;

/// How long a store is given to come to itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// How often a request is sent again.
    pub(crate) retries: usize,
    /// Time that all attempts of one request may take together.
    pub(crate) time: Duration,
}

/// Whether a path is the address of a bucket, or of a folder or object in one.
pub(crate) fn is_bucket(path: &Path) -> bool {
    path.to_str().is_some_and(|text| text.starts_with(SCHEME))
}

/// Name and key of an address.
pub(crate) fn split(address: &str) -> (&str, &str) {
    let rest = address.strip_prefix(SCHEME).unwrap_or_default();
    rest.split_once('/').unwrap_or((rest, ""))
}

/// A bucket, or a folder in one.
#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    /// `s3://bucket/folder`, without a `/` at its end.
    pub(crate) address: String,
    pub(crate) name: String,
    /// The folder as a key; empty where the whole bucket is meant.
    pub(crate) prefix: Key,
    pub(crate) store: Arc<AmazonS3>,
    has_credentials: bool,
}

impl Bucket {
    /// Reads an address and makes a client as the environment describes it. Nothing is sent yet.
    ///
    /// # Errors
    /// In words, when the address names no bucket or the environment contradicts itself.
    pub(crate) fn open(address: &str, patience: Patience) -> Result<Self, String> {
        let address = address.trim_end_matches('/');
        let (name, folder) = split(address);
        if name.is_empty() {
            return Err("an address of a bucket is s3://bucket or s3://bucket/folder".to_owned());
        }
        let prefix = Key::parse(folder).map_err(|e| e.to_string())?;
        let (builder, has_credentials) = builder_of(name, patience);
        let store = builder.build().map_err(|e| words_of(&e))?;
        let (address, name) = (address.to_owned(), name.to_owned());
        Ok(Self { address, name, prefix, store: Arc::new(store), has_credentials })
    }

    /// The address of an object of the bucket.
    pub(crate) fn uri_of(&self, key: &Key) -> String {
        format!("{SCHEME}{}/{key}", self.name)
    }

    /// What went wrong, with what to do. A listing that is refused is told by the store's words alone.
    pub(crate) fn words_of(&self, error: &object_store::Error) -> String {
        let said = words_of(error);
        let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
        if says(&["NoSuchBucket"]) {
            format!("there is no bucket {} at this endpoint: {said}", self.name)
        } else if matches!(error, object_store::Error::NotFound { .. }) {
            "there is no such folder or object".to_owned()
        } else if says(&["AccessDenied", "SignatureDoesNotMatch", "InvalidAccessKeyId", "403", "401"]) {
            format!("access denied; check AWS_ACCESS_KEY_ID and what it may read and write: {said}")
        } else if self.has_credentials {
            said
        } else {
            format!("{NO_CREDENTIALS} ({said})")
        }
    }
}

/// A client as the environment describes it, and whether that names credentials; without them the machine's own role is
/// asked for.
fn builder_of(bucket: &str, patience: Patience) -> (AmazonS3Builder, bool) {
    let builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
    let is_set = |key: AmazonS3ConfigKey| builder.get_config_value(&key).is_some();
    let has_credentials = is_set(AmazonS3ConfigKey::AccessKeyId)
        || is_set(AmazonS3ConfigKey::WebIdentityTokenFile)
        || is_set(AmazonS3ConfigKey::ContainerCredentialsRelativeUri)
        || builder.get_config_value(&AmazonS3ConfigKey::SkipSignature).is_some_and(|value| value == "true");
    let endpoint = builder.get_config_value(&AmazonS3ConfigKey::Endpoint).unwrap_or_default();
    let Patience { retries: max_retries, time: retry_timeout } = patience;
    let builder = builder.with_retry(RetryConfig { max_retries, retry_timeout, ..RetryConfig::default() });
    let builder = builder.with_config(AmazonS3ConfigKey::Client(ClientConfigKey::Timeout), WHOLE);
    // An endpoint that is written with http:// is meant so.
    (if endpoint.starts_with("http://") { builder.with_allow_http(true) } else { builder }, has_credentials)
}

/// The innermost cause in the store's own words, short and on one line.
pub(crate) fn words_of(error: &object_store::Error) -> String {
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
        let patience = Patience { retries: 0, time: Duration::ZERO };
        assert!(is_bucket(Path::new("s3://reports/2024")));
        assert!(!is_bucket(Path::new("https://a.cn/x.pdf")) && !is_bucket(Path::new("s3/reports")));
        assert!(Bucket::open("s3://", patience).is_err_and(|words| words.contains("s3://bucket/folder")));
        let bucket = Bucket::open("s3://reports/公开/", patience).expect("an address");
        assert_eq!((bucket.name.as_str(), bucket.address.as_str()), ("reports", "s3://reports/公开"));
        let key = Key::parse("公开/决算.pdf").expect("a key");
        assert_eq!(bucket.uri_of(&key), "s3://reports/公开/决算.pdf");
    }
}
