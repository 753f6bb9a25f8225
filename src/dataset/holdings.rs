//! What a dataset holds already, by source: the present row of the ledger for each. A crawl asks it which
//! documents need no reading; the sink asks it which rows a new version takes the place of.

use std::collections::BTreeMap;

use super::entry::Entry;

/// The latest row of each source, vanished ones among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holdings {
    by_uri: BTreeMap<String, Entry>,
}

impl Holdings {
    /// Takes a row of the ledger; one that was superseded is of no interest.
    pub(super) fn put(&mut self, entry: Entry) {
        if entry.status != super::entry::SUPERSEDED {
            self.by_uri.insert(entry.source_uri.clone(), entry);
        }
    }

    /// The row of a source.
    #[must_use]
    pub fn get(&self, source_uri: &str) -> Option<&Entry> {
        self.by_uri.get(source_uri)
    }

    /// All rows, in the order of their sources.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.by_uri.values()
    }

    /// How many sources there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_uri.len()
    }

    /// Whether nothing is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_uri.is_empty()
    }

    pub(super) fn get_mut(&mut self, source_uri: &str) -> Option<&mut Entry> {
        self.by_uri.get_mut(source_uri)
    }
}
