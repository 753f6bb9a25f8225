//! Where a dataset lies: a folder of this machine, or a folder in a bucket (`s3://bucket/folder`). A [`Place`] is that
//! of the dataset, of one of its tables or of a file, told apart by what is asked of it. Whatever is written here is
//! on the disk, or with the store, when the call returns, and nobody sees half of it. What the files hold is not known
//! here.

mod object;

use std::ffi::OsString;
use std::fmt;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use bytes::Bytes;

use super::part::refused;
use crate::bucket::{Bucket, Patience, is_bucket};
use crate::error::{Error, Result};

pub(super) use object::{Held, Object};

/// How long a store is given: a crawl of a night should outlast its hiccups, and a wrong address be told soon.
const PATIENCE: Patience = Patience { retries: 7, time: Duration::from_mins(2) };

/// Where a dataset lies: a folder, or a folder in a bucket of an S3-compatible store.
///
/// It is made from what a person typed: what begins with `s3://` is a bucket, anything else a folder. Nothing is looked
/// at before it is used.
///
/// ```
/// use juesuan::dataset::Place;
///
/// assert_eq!(Place::from("data").folder(), Some(std::path::Path::new("data")));
/// assert_eq!(Place::from("s3://reports/data").folder(), None);
/// ```
#[derive(Debug, Clone)]
pub struct Place(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Folder(PathBuf),
    Bucket {
        /// As it was typed, without a `/` at its end.
        address: String,
        /// The way from there, with `/`; empty for the address itself.
        below: String,
        /// Made when it is first needed, and shared by all places of a dataset.
        client: Arc<OnceLock<Bucket>>,
    },
}

/// What stands behind a place.
pub(super) enum At<'p> {
    /// A path of this machine.
    Folder(&'p Path),
    /// A key of a bucket, or a prefix of keys.
    Bucket(Object),
}

/// A file below a place.
#[derive(Debug)]
pub(super) struct Found {
    /// The way to it, with `/`.
    pub(super) path: String,
    pub(super) bytes: u64,
    /// When it was written.
    pub(super) modified: SystemTime,
}

impl Place {
    /// The folder, where it is one of this machine.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        match &self.0 {
            Kind::Folder(path) => Some(path),
            Kind::Bucket { .. } => None,
        }
    }

    /// The place of something below this one. `name` may have several parts, with `/`.
    #[must_use]
    pub fn join(&self, name: &str) -> Self {
        Self(match &self.0 {
            Kind::Folder(path) => Kind::Folder(path.join(name)),
            Kind::Bucket { address, below, client } => {
                let below = if below.is_empty() { name.to_owned() } else { format!("{below}/{name}") };
                Kind::Bucket { address: address.clone(), below, client: Arc::clone(client) }
            }
        })
    }

    /// As a person finds it again from another folder.
    pub(super) fn in_full(&self) -> String {
        match &self.0 {
            Kind::Folder(path) => fs::canonicalize(path).unwrap_or_else(|_| path.clone()).display().to_string(),
            Kind::Bucket { .. } => self.to_string(),
        }
    }

    /// What stands behind it.
    ///
    /// # Errors
    /// When an address names no bucket, or the environment describes no client.
    pub(super) fn at(&self) -> Result<At<'_>> {
        match &self.0 {
            Kind::Folder(path) => Ok(At::Folder(path)),
            Kind::Bucket { address, below, client } => {
                let bucket = if let Some(bucket) = client.get() {
                    bucket
                } else {
                    let made = Bucket::open(address, PATIENCE).map_err(|words| refused(self, words))?;
                    client.get_or_init(|| made)
                };
                Object::new(bucket, below).map(At::Bucket).map_err(|e| refused(self, e))
            }
        }
    }

    /// The bytes of a file; `None` where there is none.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub(super) fn read(&self) -> Result<Option<Bytes>> {
        match self.at()? {
            At::Folder(path) => match fs::read(path) {
                Ok(bytes) => Ok(Some(bytes.into())),
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(e) => Err(Error::io(path.display(), e)),
            },
            At::Bucket(object) => object.read(),
        }
    }

    /// Puts a file there, in the place of one that may be there. Whoever reads sees the old one or the new one.
    ///
    /// # Errors
    /// When the storage refuses.
    pub(super) fn replace(&self, bytes: &[u8]) -> Result<()> {
        match self.at()? {
            At::Folder(path) => replace_file(path, bytes),
            At::Bucket(object) => object.write(bytes.to_vec()),
        }
    }

    /// Removes a file.
    ///
    /// # Errors
    /// When the storage refuses.
    pub(super) fn remove(&self) -> Result<()> {
        match self.at()? {
            At::Folder(path) => fs::remove_file(path).map_err(|e| Error::io(path.display(), e)),
            At::Bucket(object) => object.remove(),
        }
    }

    /// The files below it, at any depth, but for those in a folder called `but`; what cannot be looked at is passed over.
    ///
    /// # Errors
    /// When a bucket cannot be listed.
    pub(super) fn files(&self, but: &str) -> Result<Vec<Found>> {
        match self.at()? {
            At::Folder(path) => Ok(files_of_folder(path, but)),
            At::Bucket(object) => {
                let is_in = |path: &str| path.split('/').any(|name| name == but);
                Ok(object.below()?.into_iter().filter(|found| !is_in(&found.path)).collect())
            }
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Folder(path) => path.display().fmt(f),
            Kind::Bucket { address, below, .. } if below.is_empty() => f.write_str(address),
            Kind::Bucket { address, below, .. } => write!(f, "{address}/{below}"),
        }
    }
}

impl From<PathBuf> for Place {
    fn from(path: PathBuf) -> Self {
        match path.to_str().filter(|_| is_bucket(&path)) {
            Some(text) => {
                let address = text.trim_end_matches('/').to_owned();
                Self(Kind::Bucket { address, below: String::new(), client: Arc::default() })
            }
            None => Self(Kind::Folder(path)),
        }
    }
}

impl From<OsString> for Place {
    fn from(text: OsString) -> Self {
        PathBuf::from(text).into()
    }
}

impl<P: AsRef<Path> + ?Sized> From<&P> for Place {
    fn from(path: &P) -> Self {
        path.as_ref().to_owned().into()
    }
}

impl From<&Place> for Place {
    fn from(place: &Place) -> Self {
        place.clone()
    }
}

fn files_of_folder(dir: &Path, but: &str) -> Vec<Found> {
    let entries = walkdir::WalkDir::new(dir).into_iter().filter_entry(|e| e.file_name() != but).flatten();
    let found = |entry: walkdir::DirEntry| {
        let metadata = entry.metadata().ok().filter(fs::Metadata::is_file)?;
        let names = entry.path().strip_prefix(dir).ok()?.iter().map(|name| name.to_str());
        let path = names.collect::<Option<Vec<_>>>()?.join("/");
        Some(Found { path, bytes: metadata.len(), modified: metadata.modified().ok()? })
    };
    entries.filter_map(found).collect()
}

/// Writes a file beside its place, then moves it there: bytes first, name second, folder last on the disk.
fn replace_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let temp = path.with_extension("tmp");
    let io = |e| Error::io(path.display(), e);
    if let Some(folder) = path.parent().filter(|folder| !folder.is_dir()) {
        fs::create_dir_all(folder).map_err(|e| Error::io(folder.display(), e))?;
    }
    let mut file = File::create(&temp).map_err(io)?;
    file.write_all(bytes).map_err(io)?;
    file.sync_all().map_err(io)?;
    fs::rename(&temp, path).map_err(io)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Makes the names in a folder durable. Windows knows no such thing, and needs none.
pub(super) fn sync_folder(dir: &Path) -> Result<()> {
    if cfg!(unix) {
        File::open(dir).and_then(|f| f.sync_all()).map_err(|e| Error::io(dir.display(), e))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_bucket_when_it_is_spelt_so_and_says_where_it_is() {
        let bucket = Place::from("s3://reports/公开 数据/");
        assert_eq!(bucket.join("reports").join("_delta_log").to_string(), "s3://reports/公开 数据/reports/_delta_log");
        let At::Bucket(object) = bucket.join("facts").at().expect("an address") else { panic!("a bucket") };
        assert_eq!(object.key.as_ref(), "公开 数据/facts");
        assert_eq!(Place::from("s3/x").join("runs").to_string(), Path::new("s3/x").join("runs").display().to_string());
        let nameless = Place::from("s3://").at().err().expect("no bucket").to_string();
        assert!(nameless.contains("s3://bucket/folder"), "{nameless}");
    }

    #[test]
    fn what_is_put_is_found_and_removed_again() {
        let dir = tempfile::tempdir().expect("a folder");
        let place = Place::from(dir.path());
        let file = place.join("runs/a.json");
        assert!(file.read().expect("nothing is no error").is_none());
        file.replace(b"1").expect("written");
        file.replace(b"22").expect("replaced");
        place.join("_delta_log/0.json").replace(b"x").expect("written");
        assert_eq!(file.read().expect("read").as_deref(), Some(b"22".as_slice()));
        let files = place.files("_delta_log").expect("listed");
        let files: Vec<_> = files.iter().map(|found| (found.path.as_str(), found.bytes)).collect();
        assert_eq!(files, [("runs/a.json", 2)]);
        file.remove().expect("removed");
        assert!(place.files("_delta_log").expect("listed").is_empty());
    }
}
