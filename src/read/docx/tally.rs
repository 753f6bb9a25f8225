//! What a story passes over on purpose: each kind is counted, and becomes one note with the place of the first.

use std::collections::BTreeMap;

use crate::model::{Location, Note, NoteKind};

/// A kind of content that is passed over or mended wherever it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Passed {
    /// Tracked insertions, deletions and moves, read as accepted
    Change,
    /// Comments
    Comment,
    /// Readings above the characters (`w:rt`)
    Ruby,
    /// Text that is formatted as hidden, and kept
    Hidden,
    /// Fields without an end to their instruction
    Field,
    /// Text outside any paragraph
    Stray,
    /// Workbooks behind charts
    Workbook,
}

impl Passed {
    fn note(self, count: u32, first: Location) -> Note {
        let (kind, message) = match self {
            Self::Change => (NoteKind::TrackedChange, "tracked changes are read as accepted"),
            Self::Comment => (NoteKind::LeftOut, "comments are left out"),
            Self::Ruby => (NoteKind::LeftOut, "readings above characters (ruby) are left out"),
            Self::Hidden => (NoteKind::Hidden, "runs of hidden text are read as text"),
            Self::Field => (NoteKind::Repaired, "fields end within their instruction: what follows is read as text"),
            Self::Workbook => (
                NoteKind::LeftOut,
                "the workbook behind a chart is not opened: the values that the chart shows are read",
            ),
            Self::Stray => (NoteKind::SkippedPart, "pieces of text stand outside any paragraph and are lost"),
        };
        Note::new(kind, format!("{count} × {message}"), first)
    }
}

/// How often each kind was met, and where first.
#[derive(Debug, Default)]
pub(super) struct Tally(BTreeMap<Passed, (u32, Location)>);

impl Tally {
    /// Counts one more.
    pub(super) fn count(&mut self, passed: Passed, place: impl FnOnce() -> Location) {
        self.0.entry(passed).or_insert_with(|| (0, place())).0 += 1;
    }

    /// One note a kind.
    pub(super) fn into_notes(self) -> impl Iterator<Item = Note> {
        self.0.into_iter().map(|(passed, (count, first))| passed.note(count, first))
    }
}
