//! Tables of delta-rs by place: a folder by its path, a folder of a bucket by a client of ours. A commit is a conditional
//! write in both: of two under one version the second is refused.

use std::sync::Arc;

use deltalake_core::logstore::{LogStoreRef, StorageConfig, default_logstore, logstore_for};
use deltalake_core::{DeltaTable, DeltaTableError};
use object_store::prefix::PrefixStore;
use url::Url;

use super::{fault, wait};
use crate::bucket::SCHEME;
use crate::dataset::part::refused;
use crate::dataset::place::{At, Object, Place};
use crate::error::{Error, Result};

/// Reads the log below a table's folder.
///
/// # Errors
/// When it cannot be read.
pub(super) fn load(dir: &Place) -> Result<DeltaTable> {
    let mut delta = DeltaTable::new(log_store(dir)?);
    wait(delta.load(), dir)?;
    Ok(delta)
}

/// Reads the log below a table's folder as it was at a version.
///
/// # Errors
/// When it does not reach back so far, or cannot be read.
pub(super) fn load_version(dir: &Place, version: u64) -> Result<DeltaTable> {
    let mut delta = DeltaTable::new(log_store(dir)?);
    wait(delta.load_version(version), dir)?;
    Ok(delta)
}

/// What reads and writes the log of a table.
///
/// # Errors
/// When the folder is not there, or its name cannot be one of a table.
pub(super) fn log_store(dir: &Place) -> Result<LogStoreRef> {
    match dir.at()? {
        At::Folder(path) => {
            let path = std::fs::canonicalize(path).map_err(|e| Error::io(path.display(), e))?;
            let url =
                Url::from_directory_path(path).map_err(|()| refused(dir, "its path cannot be written as a URL"))?;
            logstore_for(&url, StorageConfig::default()).map_err(fault(dir))
        }
        At::Bucket(object) => {
            let url = url_of(&object).map_err(|e| refused(dir, e))?;
            let table = Arc::new(PrefixStore::new(Arc::clone(&object.bucket.store), object.key.clone()));
            Ok(default_logstore(table, object.bucket.store, &url, &StorageConfig::default()))
        }
    }
}

/// The address of a table with what URLs escape: delta-rs makes keys of it again.
fn url_of(object: &Object) -> Result<Url, DeltaTableError> {
    let invalid = || DeltaTableError::InvalidTableLocation(object.address());
    let mut url = Url::parse(&format!("{SCHEME}{}/", object.bucket.name)).map_err(|_| invalid())?;
    let names = object.key.parts().map(|part| part.as_ref().to_owned()).collect::<Vec<_>>();
    url.path_segments_mut().map_err(|()| invalid())?.pop_if_empty().extend(names).push("");
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_from_its_url() {
        let place = Place::from("s3://reports/公开 数据/50%/a#b?c").join("facts");
        let At::Bucket(object) = place.at().expect("an address") else { panic!("a bucket") };
        let url = url_of(&object).expect("a URL");
        assert_eq!((url.host_str(), url.query(), url.fragment()), (Some("reports"), None, None));
        let key = object_store::path::Path::from_url_path(url.path()).expect("a key");
        assert_eq!(key, object.key);
    }
}
