//! Which paragraphs the bookmarks of a document start in, and which they cover from one end to the other.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Location, RawBookmark};

/// Bookmarked paragraphs by part and number.
#[derive(Debug, Default)]
pub(super) struct Marks {
    starts: BTreeMap<String, BTreeSet<u32>>,
    /// First and last paragraph of each stretch, ascending and apart.
    stretches: BTreeMap<String, Vec<(u32, u32)>>,
}

impl Marks {
    /// Gathers the bookmarks of a document.
    pub(super) fn of(bookmarks: &[RawBookmark]) -> Self {
        let mut marks = Self::default();
        for bookmark in bookmarks {
            let (start, end) = (&bookmark.start, &bookmark.end);
            let last = if end.part == start.part { end.paragraph.max(start.paragraph) } else { start.paragraph };
            marks.starts.entry(start.part.clone()).or_default().insert(start.paragraph);
            marks.stretches.entry(start.part.clone()).or_default().push((start.paragraph, last));
        }
        marks.stretches.values_mut().for_each(merge);
        marks
    }

    /// Whether a bookmark starts in that paragraph.
    pub(super) fn start_in(&self, place: &Location) -> bool {
        let starts = place.part.as_ref().and_then(|part| self.starts.get(part));
        starts.zip(place.paragraph).is_some_and(|(starts, paragraph)| starts.contains(&paragraph))
    }

    /// Whether a bookmark starts in that paragraph, ends in it, or runs over it.
    pub(super) fn cover(&self, place: &Location) -> bool {
        let stretches = place.part.as_ref().and_then(|part| self.stretches.get(part));
        let Some((stretches, paragraph)) = stretches.zip(place.paragraph) else { return false };
        let after = stretches.partition_point(|&(first, _)| first <= paragraph);
        after.checked_sub(1).and_then(|at| stretches.get(at)).is_some_and(|&(_, last)| paragraph <= last)
    }
}

/// Makes one stretch of those that overlap.
fn merge(stretches: &mut Vec<(u32, u32)>) {
    stretches.sort_unstable();
    let mut merged: Vec<(u32, u32)> = Vec::new();
    for &(first, last) in stretches.iter() {
        match merged.last_mut().filter(|(_, before)| first <= *before) {
            Some((_, before)) => *before = last.max(*before),
            None => merged.push((first, last)),
        }
    }
    *stretches = merged;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Mark;

    #[test]
    fn overlapping_bookmarks_cover_from_the_first_start_to_the_last_end() {
        let mark = |paragraph| Mark { part: "a".into(), paragraph, offset: 0 };
        let bookmark = |from, to| RawBookmark { name: "x".into(), start: mark(from), end: mark(to) };
        let marks = Marks::of(&[bookmark(8, 9), bookmark(2, 6), bookmark(3, 4), bookmark(9, 9)]);
        let at = |paragraph| Location::in_part("a", paragraph);
        let covered: Vec<u32> = (1..12).filter(|&n| marks.cover(&at(n))).collect();
        assert_eq!(covered, [2, 3, 4, 5, 6, 8, 9]);
        assert!(marks.start_in(&at(3)) && !marks.start_in(&at(4)));
        assert!(!marks.cover(&Location::in_part("b", 3)));
    }
}
