//! What keeps two crawls of one dataset apart. In a folder it is a file that is locked as long as it is open: the system
//! lets go of it when the process ends, however it ends. In a bucket it is an object that its holder renews ([`Lease`]).

mod lease;

use std::fs::{self, File};
use std::path::Path;

use super::part::refused;
use super::place::{At, Place};
use crate::error::{Error, Result};

use lease::Lease;

/// Name of the lock, below the dataset.
pub(super) const FILE: &str = ".juesuan.lock";

/// The right to write to a dataset, until it is dropped.
pub(super) enum Lock {
    /// Held open and locked.
    File(#[allow(dead_code)] File),
    /// Renewed while it is held.
    Lease(Lease),
}

impl Lock {
    /// Takes the lock of a dataset.
    ///
    /// # Errors
    /// When another run has it, or the storage refuses.
    pub(super) fn take(dataset: &Place) -> Result<Self> {
        let place = dataset.join(FILE);
        match place.at()? {
            At::Folder(path) => lock_file(dataset, path).map(Self::File),
            At::Bucket(object) => Lease::take(object, dataset).map(Self::Lease),
        }
    }

    /// Makes sure that it is still held, before something is published.
    ///
    /// # Errors
    /// When another run has taken it over, or the store does not say.
    pub(super) fn check(&self) -> Result<()> {
        match self {
            Self::File(_) => Ok(()),
            Self::Lease(lease) => lease.check(),
        }
    }
}

fn lock_file(dataset: &Place, path: &Path) -> Result<File> {
    let io = |e| Error::io(path.display(), e);
    let file = File::options().create(true).truncate(false).write(true).open(path).map_err(io)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => {
            Err(refused(dataset, "another crawl is writing to it; wait for it to end, or choose another folder"))
        }
        Err(fs::TryLockError::Error(e)) => Err(io(e)),
    }
}
