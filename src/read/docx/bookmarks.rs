//! Bookmarks (ECMA-376-1:2016 §17.13.6): starts and ends stand anywhere in a story and find each other by id.

use std::collections::BTreeMap;

use crate::model::{Mark, RawBookmark};

/// The bookmarks of one story.
#[derive(Debug, Default)]
pub(super) struct Bookmarks {
    found: Vec<RawBookmark>,
    /// Indexes of those without an end, by id; copied text repeats ids.
    open: BTreeMap<String, Vec<usize>>,
}

impl Bookmarks {
    /// Takes a `w:bookmarkStart`.
    pub(super) fn start(&mut self, id: String, name: String, at: Mark) {
        self.open.entry(id).or_default().push(self.found.len());
        self.found.push(RawBookmark { name, start: at.clone(), end: at });
    }

    /// Takes a `w:bookmarkEnd`; one without a start is passed over.
    pub(super) fn end(&mut self, id: &str, at: Mark) {
        let index = self.open.get_mut(id).and_then(Vec::pop);
        if let Some(bookmark) = index.and_then(|i| self.found.get_mut(i)) {
            bookmark.end = at.max(bookmark.start.clone());
        }
    }

    /// All of them, in document order of their starts.
    pub(super) fn into_found(self) -> Vec<RawBookmark> {
        self.found
    }
}
