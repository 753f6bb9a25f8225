//! Bytes that a worker process is to read, as a file that only this user may read and that is gone afterwards.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use juesuan::error::Error;

/// Names that are tried before giving up: those of a process that died are in the way at most.
const TRIES: u64 = 1_000;

/// A file in the system's folder for temporary ones.
#[derive(Debug)]
pub(crate) struct Handed(PathBuf);

impl Handed {
    /// Writes the bytes.
    ///
    /// # Errors
    /// When the folder for temporary files cannot be written.
    pub(crate) fn new(data: &[u8]) -> Result<Self, Error> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let folder = std::env::temp_dir();
        let io = |error| Error::io(folder.display(), error);
        for _ in 0..TRIES {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = folder.join(format!("juesuan-{}-{number}", std::process::id()));
            match create(&path) {
                Ok(mut file) => {
                    let handed = Self(path);
                    file.write_all(data).map_err(io)?;
                    return Ok(handed);
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(io(error)),
            }
        }
        Err(io(ErrorKind::AlreadyExists.into()))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Handed {
    fn drop(&mut self) {
        // What stays behind is one file too many in a folder that is swept.
        let _ = std::fs::remove_file(&self.0);
    }
}

fn create(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
