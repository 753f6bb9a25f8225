//! What a run has to do, told from what the dataset holds: which sources to read, which only have another time,
//! which are gone. Size and time decide for nearly all; where they differ, the hash of the bytes does.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::Source;
use super::bare::{EXTRACTOR, hex, read_bytes};

use super::download::is_address;
use super::source::uri_of;
use crate::bucket::is_bucket;
use crate::dataset::{Entry, Holders, Holdings};
use crate::limits::Limits;
use crate::model::archive_of;

/// The work of a run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Work {
    /// Sources to read, in order.
    pub(super) read: Vec<Source>,
    /// Sources with another time and the same bytes.
    pub(super) touched: Vec<(String, Option<i64>)>,
    /// Sources of the ledger that are not there any more.
    pub(super) vanished: Vec<String>,
    /// How many sources are as they were.
    pub(super) unchanged: u64,
    /// The source that holds each report that the run will not touch.
    pub(super) holders: Holders,
}

/// What was found where the run was asked to look.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) sources: Vec<Source>,
    /// Addresses of which their server says that nothing is there any more.
    pub(super) gone: BTreeSet<String>,
    /// Buckets, and folders in them, of which every object is among the sources.
    pub(super) whole: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Keep,
    Touch,
    Read,
}

/// Compares sources with what is held. `roots` are what the run was asked to read; only what lay below one of
/// their folders can have vanished.
pub(super) fn plan(found: Found, roots: &[PathBuf], holdings: &Holdings, limits: &Limits, refreshes: bool) -> Work {
    let verdicts = judge_all(&found.sources, holdings, limits, refreshes);
    let vanished = vanished(&found, roots, holdings);
    let mut work = Work { vanished, ..Work::default() };
    work.holders = holders(holdings, &verdicts, &work.vanished);
    let mut sources = found.sources;
    // In place: a region of 100,000 files is no small list.
    sources.retain_mut(|source| match verdicts.get(&source.uri) {
        Some(Verdict::Keep) => {
            work.unchanged += 1;
            false
        }
        Some(Verdict::Touch) => {
            work.touched.push((std::mem::take(&mut source.uri), source.modified_ms));
            false
        }
        Some(Verdict::Read) | None => true,
    });
    sources.shrink_to_fit();
    Work { read: sources, ..work }
}

/// What to do with the sources that are held; the others are read.
fn judge_all(sources: &[Source], holdings: &Holdings, limits: &Limits, refreshes: bool) -> BTreeMap<String, Verdict> {
    let judge = |source: &Source| {
        let held = holdings.get(&source.uri)?;
        Some((source.uri.clone(), verdict(source, held, limits, refreshes)))
    };
    let mut verdicts: BTreeMap<String, Verdict> = sources.iter().filter_map(judge).collect();
    // A copy is held by its original, so it has to be read when the original changes.
    let is_held = |uri: &str| match verdicts.get(uri) {
        Some(verdict) => *verdict != Verdict::Read,
        None => holdings.get(uri).is_some_and(Entry::is_live) && may_exist(uri),
    };
    let copies = verdicts.iter().filter(|(_, verdict)| **verdict != Verdict::Read);
    let copies = copies.filter_map(|(uri, _)| Some((uri, holdings.get(uri)?.duplicate_of.as_ref()?)));
    let orphans: Vec<String> = copies.filter(|(_, of)| !is_held(of)).map(|(uri, _)| uri.clone()).collect();
    for uri in orphans {
        verdicts.insert(uri, Verdict::Read);
    }
    verdicts
}

/// Whether a source that this run does not look at, or the archive that it lies in, may still be there; a server is not
/// asked.
fn may_exist(uri: &str) -> bool {
    is_address(Path::new(uri))
        || is_bucket(Path::new(uri))
        || std::fs::exists(archive_of(uri).unwrap_or(uri)).unwrap_or(false)
}

fn verdict(source: &Source, held: &Entry, limits: &Limits, refreshes: bool) -> Verdict {
    if let Some(problem) = &source.problem {
        let is_same = held.is_live() && held.error.as_ref().is_some_and(|error| error.contains(problem));
        return if is_same { Verdict::Keep } else { Verdict::Read };
    }
    let is_old = held.extractor != EXTRACTOR || matches!(held.status.as_str(), "failed" | "quarantined");
    if !held.is_live() || (refreshes && is_old) || source.bytes != held.bytes {
        return Verdict::Read;
    }
    let Some(hash) = &held.sha256 else {
        let is_too_large = source.bytes > limits.file_bytes;
        // What lies elsewhere can be tried by whoever reads it alone.
        let is_out_of_reach = !is_bucket(source.path()) && File::open(source.path()).is_err();
        return if is_too_large || is_out_of_reach { Verdict::Keep } else { Verdict::Read };
    };
    if source.modified_ms == held.modified_ms {
        return Verdict::Keep;
    }
    if hash_of(source, limits).is_ok_and(|found| found == *hash) { Verdict::Touch } else { Verdict::Read }
}

/// SHA-256 of a file's bytes, in hexadecimal, read piece by piece.
fn hash_of(source: &Source, limits: &Limits) -> std::io::Result<String> {
    if !source.members.is_empty() {
        let bytes = read_bytes(source, limits).map_err(|e| std::io::Error::other(e.to_string()))?;
        return Ok(hex(&Sha256::digest(&bytes)));
    }
    let mut file = File::open(source.path())?;
    let (mut hash, mut piece) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut piece)? {
            0 => break,
            read => hash.update(piece.get(..read).unwrap_or_default()),
        }
    }
    Ok(hex(&hash.finalize()))
}

/// What the ledger shows below the folders of `roots` and the walk did not find. What lies below a folder that
/// could not be read is not gone, only out of sight.
fn vanished(Found { sources, gone, whole }: &Found, roots: &[PathBuf], holdings: &Holdings) -> Vec<String> {
    let folder = |uri: &str| if uri == "." { String::new() } else { format!("{}/", uri.trim_end_matches('/')) };
    // an archive is a folder whose files stand behind a `!`
    let both = |uri: &str| [folder(uri), format!("{uri}!")];
    let is_root = |r: &&PathBuf| r.is_dir() || r.is_file();
    let roots = roots.iter().filter(is_root).map(|r| uri_of(r)).chain(whole.iter().cloned());
    let roots: Vec<String> = roots.flat_map(|root| both(&root)).collect();
    let hidden: Vec<String> = sources.iter().filter(|s| s.problem.is_some()).flat_map(|s| both(&s.uri)).collect();
    let found: BTreeSet<&str> = sources.iter().map(|s| s.uri.as_str()).collect();
    let is_below = |uri: &str, folders: &[String]| folders.iter().any(|folder| uri.starts_with(folder.as_str()));
    let live = holdings.iter().filter(|entry| entry.is_live()).map(|entry| entry.source_uri.as_str());
    let is_gone =
        |uri: &&str| gone.contains(*uri) || (!found.contains(uri) && is_below(uri, &roots) && !is_below(uri, &hidden));
    live.filter(is_gone).map(str::to_owned).collect()
}

/// Which source holds the content of each report, of those that stay as they are.
fn holders(holdings: &Holdings, verdicts: &BTreeMap<String, Verdict>, vanished: &[String]) -> Holders {
    let stays = |entry: &&Entry| {
        entry.has_copies()
            && verdicts.get(&entry.source_uri).is_none_or(|verdict| *verdict != Verdict::Read)
            && vanished.binary_search(&entry.source_uri).is_err()
    };
    holdings.iter().filter(stays).map(|e| (e.report_id.clone(), e.source_uri.clone())).collect()
}
