//! Archives among the sources: each file in one becomes a source of its own, `archive.zip!folder/name`. Only the
//! directory is read here; files are unpacked in memory by the worker that reads them, and never to disk.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::path::Path;

use super::Source;
use super::source::{is_companion, is_hidden};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;
use crate::read::archive::{Archive, Member, unpack_chain};

/// Archives inside archives, the outermost counted.
const DEPTH: usize = 3;

/// The sources that an archive stands for, in the order of their names; anything else stands for itself.
///
/// Hidden files and companions are passed over as in folders. What cannot be entered, an archive that is damaged or
/// passes a limit, stays as one source with its problem.
#[must_use]
pub fn expand(source: Source, limits: &Limits) -> Vec<Source> {
    if source.problem.is_some() || !has_archive_name(&source.uri) {
        return vec![source];
    }
    let Ok(file) = File::open(source.path()) else { return vec![source] };
    let mut listing = Listing { limits, found: Vec::new(), bytes: 0, taken: BTreeSet::new() };
    match listing.enter(file, &source) {
        Ok(true) if listing.found.is_empty() => vec![broken(source, "an archive that holds no document")],
        Ok(true) => listing.found,
        Ok(false) => vec![source],
        Err(error) => vec![broken(source, &error.to_string())],
    }
}

/// Whether a name is that of an archive; content decides whether it is one.
pub(super) fn has_archive_name(name: &str) -> bool {
    name.len() > 4 && name.get(name.len() - 4..).is_some_and(|ending| ending.eq_ignore_ascii_case(".zip"))
}

fn broken(source: Source, problem: &str) -> Source {
    Source { problem: Some(problem.to_owned()), ..source }
}

/// What was found in an archive, and in those inside it.
struct Listing<'a> {
    limits: &'a Limits,
    found: Vec<Source>,
    /// Bytes of all files as the directories say.
    bytes: u64,
    taken: BTreeSet<String>,
}

impl Listing<'_> {
    /// Lists an archive that `holder` stands for; false when it is none.
    fn enter(&mut self, reader: impl Read + Seek, holder: &Source) -> Result<bool> {
        let Some(mut archive) = Archive::open(reader, self.limits)? else { return Ok(false) };
        for member in archive.members().to_vec() {
            if is_passed_over(&member.name) {
                continue;
            }
            let source = self.source_of(&member, holder);
            let source = match self.check(&member) {
                Ok(()) => source,
                Err(error) => broken(source, &error.to_string()),
            };
            if source.problem.is_some() || !has_archive_name(&member.name) {
                self.found.push(source);
            } else {
                self.enter_inner(&mut archive, member.index, source);
            }
        }
        Ok(true)
    }

    /// Lists an archive inside an archive; what cannot be listed is a source with its problem.
    fn enter_inner<R: Read + Seek>(&mut self, archive: &mut Archive<R>, index: usize, source: Source) {
        let entered = if source.members.len() >= DEPTH {
            Err(ErrorKind::Unsupported { found: format!("archives inside each other, more than {DEPTH} deep") }.into())
        } else {
            archive.unpack(index, self.limits).and_then(|bytes| self.enter(Cursor::new(bytes), &source))
        };
        match entered {
            Ok(true) => {}
            Ok(false) => self.found.push(source),
            Err(error) => self.found.push(broken(source, &error.to_string())),
        }
    }

    fn source_of(&mut self, member: &Member, holder: &Source) -> Source {
        let plain = format!("{}!{}", holder.uri, member.name);
        let numbered = (2..).map(|n| format!("{plain}~{n}"));
        let uri = std::iter::once(plain.clone()).chain(numbered).find(|uri| self.taken.insert(uri.clone()));
        let members = holder.members.iter().copied().chain([member.index]).collect();
        let place = Some(holder.path().into());
        Source { uri: uri.unwrap_or_default(), place, bytes: member.bytes, members, ..holder.clone() }
    }

    /// Counts a file before it is taken.
    fn check(&mut self, member: &Member) -> Result<()> {
        self.bytes = self.bytes.saturating_add(member.bytes);
        let (bytes, limits) = (self.bytes, self.limits);
        Limits::check("the unpacked size of the archive in bytes", "package_bytes", bytes, limits.package_bytes)?;
        Limits::check("the number of files in the archive", "entries", self.taken.len() as u64, limits.entries)
    }
}

/// Whether a file of an archive is passed over as it would be in a folder, or is what a system adds.
fn is_passed_over(name: &str) -> bool {
    let is_added = |step: &str| step == "__MACOSX" || step.eq_ignore_ascii_case("thumbs.db");
    is_companion(name) || name.split('/').any(|step| is_hidden(step) || is_added(step))
}

/// Unpacks a source that lies in an archive.
pub(super) fn unpack(path: &Path, members: &[usize], limits: &Limits) -> Result<Vec<u8>> {
    let file = File::open(path).map_err(|e| Error::io(path.display(), e))?;
    unpack_chain(file, members, limits)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use super::*;

    fn archive_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a file");
            zip.write_all(content).expect("written");
        }
        zip.finish().expect("an archive").into_inner()
    }

    fn expanded(bytes: &[u8], limits: &Limits) -> Vec<(String, Option<String>)> {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("a.zip");
        fs::write(&path, bytes).expect("written");
        let name = |uri: &str| uri.rsplit_once("/a.zip").map_or(uri.to_owned(), |(_, name)| name.to_owned());
        expand(Source::new(&path), limits).into_iter().map(|s| (name(&s.uri), s.problem)).collect()
    }

    #[test]
    fn files_of_an_archive_are_sources_and_what_lies_beside_them_is_not() {
        let inner = archive_of(&[("y.xlsx", b"2")]);
        let parts: [(&str, &[u8]); 6] = [
            ("2024/附件1.docx", b"1"),
            ("2024/~$附件1.docx", b"x"),
            ("__MACOSX/2024/._附件1.docx", b"x"),
            ("../2024/附件1.docx", b"3"),
            ("内.ZIP", &inner),
            ("readme.md", b"x"),
        ];
        let found = expanded(&archive_of(&parts), &Limits::default());
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["!2024/附件1.docx", "!2024/附件1.docx~2", "!内.ZIP!y.xlsx"]);
        assert!(found.iter().all(|(_, problem)| problem.is_none()), "{found:?}");
    }

    #[test]
    fn depth_size_and_emptiness_are_problems_with_a_name() {
        let deep = (0..4).fold(archive_of(&[("a.csv", b"1")]), |inner, _| archive_of(&[("in.zip", &inner)]));
        let [(name, problem)] = &expanded(&deep, &Limits::default())[..] else { panic!("one source") };
        assert_eq!(name, "!in.zip!in.zip!in.zip");
        assert!(problem.as_ref().is_some_and(|p| p.contains("more than 3 deep")), "{problem:?}");
        let limits = Limits { package_bytes: 4, ..Limits::default() };
        let large = expanded(&archive_of(&[("a.csv", b"123"), ("b.csv", b"45")]), &limits);
        assert_eq!(large[0].1, None);
        assert!(large[1].1.as_ref().is_some_and(|p| p.contains("package_bytes")), "{large:?}");
        let empty = expanded(&archive_of(&[(".hidden", b"")]), &Limits::default());
        assert!(empty[0].1.as_ref().is_some_and(|p| p.contains("holds no document")), "{empty:?}");
        let cut = archive_of(&[("a.csv", b"1")]);
        assert!(expanded(&cut[..cut.len() / 2], &Limits::default())[0].1.is_some());
    }
}
