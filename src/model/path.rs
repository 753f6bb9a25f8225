//! Paths of sources as text: folders parted by `/`, and a file of an archive behind `!`, as in
//! `公开/2024.zip!附件/附件1.docx`.

/// Parts a source's path into the folder that holds it and its own name; an archive is a folder.
#[must_use]
pub fn split_path(path: &str) -> (&str, &str) {
    let slash = path.rfind(['/', '\\']).map(|at| (at, 1));
    let archive = behind_archive(path).map(|at| (at - 1, 1));
    match slash.max(archive) {
        Some((at, width)) => (path.get(..at).unwrap_or_default(), path.get(at + width..).unwrap_or_default()),
        None => ("", path),
    }
}

/// A source's own name.
#[must_use]
pub fn file_name(path: &str) -> &str {
    split_path(path).1
}

/// The archive on disk that a source lies in, where it lies in one.
#[must_use]
pub fn archive_of(path: &str) -> Option<&str> {
    let lower = path.to_ascii_lowercase();
    let at = lower.find(".zip!")?;
    path.get(..at + 4)
}

/// Where the path inside the innermost archive starts. Other names may hold a `!` of their own.
fn behind_archive(path: &str) -> Option<usize> {
    if !path.contains('!') {
        return None;
    }
    path.to_ascii_lowercase().rfind(".zip!").map(|at| at + ".zip!".len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_a_folder() {
        assert_eq!(split_path("a/b.zip!c.docx"), ("a/b.zip", "c.docx"));
        assert_eq!(split_path("a/b.ZIP!c/d.zip!e.docx"), ("a/b.ZIP!c/d.zip", "e.docx"));
        assert_eq!(split_path("a/b.zip!c/d.docx"), ("a/b.zip!c", "d.docx"));
        assert_eq!(split_path("a/通知!.docx"), ("a", "通知!.docx"));
        assert_eq!(split_path("d.docx"), ("", "d.docx"));
        assert_eq!(archive_of("a/b.zip!c/d.zip!e.docx"), Some("a/b.zip"));
        assert_eq!(archive_of("a/b.zip"), None);
    }
}
