//! Finds the documents of a run. Folders are walked in the order of their names; what cannot be entered comes
//! out as a source with its problem, so that it has an outcome like any other.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::Metadata;
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};
use walkdir::{DirEntry, WalkDir};

use super::archive::expand;
use crate::error::{Error, Result};
use crate::limits::Limits;

/// A document to be read, or a place that could not be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What it is called: its path as text, names that are no UTF-8 decoded as GBK where that works; or its address. A file
    /// of an archive stands behind a `!`.
    pub uri: String,
    /// Where it lies, where that is not what `uri` says: a run may hold the sources of 100,000 files.
    pub place: Option<Box<Path>>,
    /// Where it lies in the archive at [`Source::path`]: its number there, after those of the archives around it.
    pub members: Vec<usize>,
    /// Its size when it was found.
    pub bytes: u64,
    /// When it was last changed, in milliseconds since 1970 (UTC).
    pub modified_ms: Option<i64>,
    /// Why it cannot be read, where the walk found that out.
    pub problem: Option<String>,
}

/// Endings of files that lie beside documents and are none: notes, settings, programs, and our own output.
const COMPANIONS: [&str; 13] =
    ["json", "jsonl", "md", "toml", "yaml", "yml", "sql", "py", "sh", "log", "parquet", "sha256", "urls"];

/// Finds the documents of files and folders, in order, each file once.
///
/// A folder is walked in the order of its names, through symbolic links. Hidden files, the lock files of office
/// programs (`~$…`) and companions such as `README.md` or a report's own JSON are passed over inside folders; a file
/// that is named itself is always taken. An archive is a folder too; see [`expand`]. A folder
/// that cannot be read, and a link that leads back to a folder above it, become sources with a problem.
///
/// # Errors
/// When one of `roots` does not exist or is not accessible: that is a typing mistake, not a document.
pub fn walk(roots: &[PathBuf], limits: &Limits) -> Result<Vec<Source>> {
    let mut found = Vec::new();
    let mut seen = Seen::default();
    for root in roots {
        std::fs::metadata(root).map_err(|e| Error::io(uri_of(root), e))?;
        let walk = WalkDir::new(root).follow_links(true).sort_by_file_name();
        for entry in walk.into_iter().filter_entry(|e| e.depth() == 0 || !is_passed_over(e)) {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) => found.extend(seen.take(&entry).into_iter().flat_map(|s| expand(s, limits))),
                Err(error) => found.push(broken(&error, root)),
            }
        }
    }
    Ok(found)
}

fn is_passed_over(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    is_hidden(&name) || (entry.file_type().is_file() && is_companion(&name))
}

/// Whether a name is that of a hidden file, or of an office program's lock.
pub(super) fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || name.starts_with("~$")
}

/// Whether a file's name ends as those of files that are no documents.
pub(super) fn is_companion(name: &str) -> bool {
    let ending = Path::new(name).extension().and_then(OsStr::to_str);
    ending.is_some_and(|ending| COMPANIONS.iter().any(|c| ending.eq_ignore_ascii_case(c)))
}

/// The files that were found, whatever names led to them.
#[derive(Debug, Default)]
struct Seen {
    /// Digests of their paths without links, because the names of 100,000 files are no small list.
    files: BTreeSet<[u8; 16]>,
    /// The folder of the last one, and its path without links.
    folder: Option<(PathBuf, PathBuf)>,
}

impl Seen {
    /// The source of an entry, unless the same file was found before.
    fn take(&mut self, entry: &DirEntry) -> Option<Source> {
        let digest: [u8; 32] = Sha256::digest(self.real(entry).as_os_str().as_encoded_bytes()).into();
        let (half, _) = digest.split_first_chunk()?;
        self.files.insert(*half).then(|| Source::new(entry.path()))
    }

    /// The path of an entry without links. The links of a folder are followed once for all of its files.
    fn real(&mut self, entry: &DirEntry) -> PathBuf {
        let path = entry.path();
        let Some(folder) = path.parent().filter(|_| entry.depth() > 0 && !entry.path_is_symlink()) else {
            return without_links(path);
        };
        let real = match &self.folder {
            Some((last, real)) if last == folder => real,
            _ => &self.folder.insert((folder.to_owned(), without_links(folder))).1,
        };
        real.join(entry.file_name())
    }
}

fn without_links(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn broken(error: &walkdir::Error, root: &Path) -> Source {
    let path = error.path().unwrap_or(root);
    let problem = match (error.loop_ancestor(), error.io_error()) {
        (Some(above), _) => format!("the link leads back to {}", uri_of(above)),
        (None, Some(io)) => io.to_string(),
        (None, None) => error.to_string(),
    };
    Source { problem: Some(problem), bytes: 0, ..Source::new(path) }
}

impl Source {
    /// Looks a path up; size and time are unknown where the system does not tell.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        let metadata = std::fs::metadata(path).ok();
        Self {
            bytes: metadata.as_ref().map_or(0, Metadata::len),
            modified_ms: metadata.as_ref().and_then(modified_ms),
            ..Self::called(uri_of(path), path)
        }
    }

    /// A source that nobody looked up.
    #[must_use]
    pub fn called(uri: String, path: &Path) -> Self {
        let place = (path.as_os_str() != uri.as_str()).then(|| path.into());
        Self { uri, place, members: Vec::new(), bytes: 0, modified_ms: None, problem: None }
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.place.as_deref().unwrap_or_else(|| Path::new(&self.uri))
    }
}

fn modified_ms(metadata: &Metadata) -> Option<i64> {
    let since = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok()
}

/// A path as text, the same however `./` and doubled slashes spell it: the ledger knows a source by it. Archives
/// unpacked by old programs leave names in GBK, which people still want to read.
pub(super) fn uri_of(path: &Path) -> String {
    let plain: PathBuf = path.components().filter(|c| *c != Component::CurDir).collect();
    let path = if plain.as_os_str().is_empty() { path } else { &plain };
    if let Some(text) = path.to_str() {
        return text.to_owned();
    }
    let (text, _, has_errors) = encoding_rs::GBK.decode(path.as_os_str().as_encoded_bytes());
    if has_errors { path.to_string_lossy().into_owned() } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn names(sources: &[Source]) -> Vec<&str> {
        sources.iter().map(|s| s.uri.rsplit('/').next().unwrap_or_default()).collect()
    }

    #[test]
    fn files_come_in_order_and_what_lies_beside_them_does_not() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::create_dir(dir.path().join("b")).expect("made");
        for name in ["c.pdf", "a.docx", "b/x.csv", ".hidden", "~$a.docx", "a.expected.json", "b/README.md"] {
            fs::write(dir.path().join(name), name).expect("written");
        }
        let found = walk(&[dir.path().to_owned(), dir.path().join("a.docx")], &Limits::default()).expect("walked");
        assert_eq!(names(&found), ["a.docx", "x.csv", "c.pdf"]);
        assert_eq!(
            names(&walk(&[dir.path().join(".hidden")], &Limits::default()).expect("walked")),
            [".hidden"],
            "it was named"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_the_folder_above_is_one_problem_and_no_endless_walk() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join("a.csv"), "x").expect("written");
        std::os::unix::fs::symlink(dir.path(), dir.path().join("loop")).expect("linked");
        std::os::unix::fs::symlink(dir.path().join("a.csv"), dir.path().join("z.csv")).expect("linked");
        let again = dir.path().join("loop/a.csv");
        let found = walk(&[dir.path().to_owned(), again], &Limits::default()).expect("walked");
        assert_eq!(names(&found), ["a.csv", "loop"], "a second name of one file is not a second file");
        assert!(found[1].problem.as_ref().is_some_and(|p| p.contains("leads back")), "{:?}", found[1]);
    }

    #[cfg(unix)]
    #[test]
    fn a_name_in_gbk_is_readable() {
        use std::os::unix::ffi::OsStrExt;
        let (gbk, ..) = encoding_rs::GBK.encode("决算.csv");
        assert_eq!(uri_of(Path::new(std::ffi::OsStr::from_bytes(&gbk))), "决算.csv");
    }

    #[test]
    fn a_source_that_is_not_there_stops_the_run() {
        let error = walk(&[PathBuf::from("no/such/folder")], &Limits::default()).expect_err("a typing mistake");
        assert!(error.to_string().contains("no/such/folder"), "{error}");
    }
}
