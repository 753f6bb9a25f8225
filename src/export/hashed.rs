//! A file that is written once, with its size and SHA-256 beside it.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::WrittenFile;
use crate::error::{Error, Result};

/// Counts and hashes what goes through.
pub(super) struct Hashed {
    inner: BufWriter<File>,
    hash: Sha256,
    bytes: u64,
}

impl Hashed {
    pub(super) fn create(path: &Path) -> Result<Self> {
        let file = File::create(path).map_err(|e| Error::io(path.display(), e))?;
        Ok(Self { inner: BufWriter::with_capacity(1 << 18, file), hash: Sha256::new(), bytes: 0 })
    }

    /// Brings everything to the disk, and says size and hash.
    pub(super) fn finish(mut self, name: &str, rows: u64) -> Result<(WrittenFile, String)> {
        self.inner.flush().and_then(|()| self.inner.get_ref().sync_all()).map_err(|e| Error::io(name, e))?;
        let mut hash = String::new();
        for byte in self.hash.finalize() {
            // Writing to a string does not fail.
            let _ = std::fmt::Write::write_fmt(&mut hash, format_args!("{byte:02x}"));
        }
        Ok((WrittenFile { name: name.to_owned(), rows, bytes: self.bytes }, hash))
    }
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.inner.write(bytes)?;
        self.hash.update(bytes.get(..n).unwrap_or_default());
        self.bytes += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
