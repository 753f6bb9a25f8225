//! What was not read: notes of sentences that hold amounts without a name, and of units that were assumed.

use crate::model::{Note, NoteKind};

use super::Reader;
use super::figure::Figure;

/// Sentences without a meaning that are noted one by one; beyond these a document is of another kind.
const MAX_NOTES: usize = 40;

impl Reader<'_> {
    pub(super) fn assumed_unit(&self, figure: &Figure<'_>) -> Note {
        let (start, end) = self.folded.span(figure.start, figure.end);
        let message = format!("no unit stands behind {} nor near it; it is taken as 万元", figure.number);
        Note::new(NoteKind::UnparsedSentence, message, self.place(start, end))
    }

    /// A note of the figure's sentence, unless there is one; `last` is the sentence that was lost before.
    pub(super) fn lost_sentence(
        &self,
        figure: &Figure<'_>,
        last: &mut Option<(usize, usize)>,
        known: &[Note],
    ) -> Option<Note> {
        figure.unit.filter(|u| u.is_money())?;
        let text = &*self.folded.text;
        let from = text.get(..figure.start)?.rfind('。').map_or(0, |i| i + '。'.len_utf8());
        let to = text.get(figure.end..)?.find('。').map_or(text.len(), |i| figure.end + i);
        if last.replace((from, to)) == Some((from, to)) {
            return None;
        }
        let (start, end) = self.folded.span(from, to);
        let sentence = self.folded.printed(start, end);
        let is_known = known.iter().any(|n| n.message.ends_with(sentence));
        let message = format!("no pattern meets {} in: {sentence}", figure.number);
        (!is_known).then(|| Note::new(NoteKind::UnparsedSentence, message, self.place(start, end)))
    }
}

/// Notes sentences that were not read, the first of them one by one and the others by their number.
pub(super) fn report_unread(mut unread: Vec<Note>, notes: &mut Vec<Note>) {
    let others = unread.split_off(unread.len().min(MAX_NOTES));
    notes.extend(unread);
    if let Some(first) = others.first() {
        let message = format!("{} more sentences with figures that were not read, the first here", others.len());
        notes.push(Note::new(NoteKind::UnparsedSentence, message, first.location.clone()));
    }
}
