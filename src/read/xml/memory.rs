//! Elements that are spelt alike say the same. The properties of runs and cells are the greater part of a document,
//! and few of them differ: what one gave is kept with its spelling, and the next one of that spelling is passed over
//! in one step.

use std::io::BufRead;

use super::Xml;
use crate::error::{Error, Result};

/// Spellings that are kept, the oldest making room.
const KEPT: usize = 8;
/// Bytes of the longest that is kept.
const LONGEST: usize = 2_048;

/// What elements of one kind gave, by what stands between their tags.
#[derive(Debug)]
pub(in crate::read) struct Memory<'i, T> {
    seen: Vec<Seen<'i, T>>,
    oldest: usize,
}

#[derive(Debug)]
struct Seen<'i, T> {
    /// What follows the start tag, the end tag included.
    spelling: &'i [u8],
    /// Bytes of it before the end tag.
    inner: usize,
    /// The bindings of prefixes that held, by their count of changes.
    bindings: u64,
    /// Depth of the element, since the limit on depth may fall on what it holds.
    depth: u64,
    value: T,
}

impl<T> Default for Memory<'_, T> {
    fn default() -> Self {
        Self { seen: Vec::new(), oldest: 0 }
    }
}

impl<'i, T> Memory<'i, T> {
    fn keep(&mut self, seen: Seen<'i, T>) {
        if self.seen.len() < KEPT {
            self.seen.push(seen);
        } else if let Some(slot) = self.seen.get_mut(self.oldest) {
            *slot = seen;
            self.oldest = (self.oldest + 1) % KEPT;
        }
    }
}

impl<'i> Xml<'i> {
    /// Reads the element opened last with `read`, which takes all of it and looks at nothing else; or passes over
    /// it, when one of the same spelling was read before under the same bindings.
    ///
    /// # Errors
    /// As `read`.
    pub(in crate::read) fn recall<T: Clone>(
        &mut self,
        memory: &mut Memory<'i, T>,
        read: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        if self.is_empty {
            return read(self);
        }
        let (rest, bindings, depth) = (*self.reader.get_ref(), self.scope.changes(), self.depth);
        let same =
            |seen: &&Seen<'i, T>| seen.bindings == bindings && depth <= seen.depth && rest.starts_with(seen.spelling);
        if let Some(seen) = memory.seen.iter().find(same) {
            self.reader.stream().consume(seen.inner);
            self.end_element()?;
            return Ok(seen.value.clone());
        }
        let value = read(self)?;
        let taken = rest.len().saturating_sub(self.reader.get_ref().len());
        let spelling = rest.get(..taken.min(LONGEST + 1)).unwrap_or_default();
        if let Some(inner) = spelling.windows(2).rposition(|w| w == b"</")
            && taken <= LONGEST
            && self.scope.changes() == bindings
        {
            memory.keep(Seen { spelling, inner, bindings, depth, value: value.clone() });
        }
        Ok(value)
    }

    /// Takes the end tag that comes next.
    fn end_element(&mut self) -> Result<()> {
        match self.next()? {
            Some(super::Token::Close) => Ok(()),
            _ => Err(Error::damaged(super::FORMAT, "an element does not end where its like did")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Ns, Token};
    use super::*;
    use crate::limits::{Deadline, Limits};

    /// The names of the elements in each `r` of a part, in order, and how often they were read.
    fn read_all(xml: &str) -> (Vec<Vec<(Ns, String)>>, usize) {
        let limits = Limits::default();
        let (mut part, mut memory) = (Xml::new(xml, &limits, &Deadline::start(&limits)), Memory::default());
        let (mut found, mut reads) = (Vec::new(), 0);
        while let Some(token) = part.next().expect("well formed") {
            let Token::Open(element) = token else { continue };
            if element.name() != "r" {
                continue;
            }
            let value = part.recall(&mut memory, |xml| {
                reads += 1;
                let mut names = Vec::new();
                xml.below_flat(|element| names.push((element.ns, element.name().to_owned())))?;
                Ok(names)
            });
            found.push(value.expect("well formed"));
        }
        (found, reads)
    }

    #[test]
    fn what_is_spelt_alike_is_read_once() {
        let (found, reads) =
            read_all("<a><r><b/>x<c></c></r><r><b/>x<c></c></r><r><b/></r><r/><r><b/>x<c></c></r></a>");
        assert_eq!(reads, 3);
        assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1, 0, 2]);
    }

    #[test]
    fn what_begins_alike_is_read_again() {
        let (found, reads) = read_all("<a><r><b/></r><r><b/><c/></r></a>");
        assert_eq!((reads, found[1].len()), (2, 2));
    }

    #[test]
    fn one_spelling_under_other_bindings_is_read_again() {
        let terms = "http://purl.org/dc/terms/";
        let (found, reads) =
            read_all(&format!("<a><x xmlns:p='urn:a'><r><p:b/></r></x><x xmlns:p='{terms}'><r><p:b/></r></x></a>"));
        assert_eq!((reads, found[0][0].0, found[1][0].0), (2, Ns::Other, Ns::Terms));
    }

    #[test]
    fn many_spellings_make_room_for_each_other() {
        let runs = (0..40).map(|n| format!("<r><b{}/></r>", n % 20)).collect::<Vec<_>>().concat();
        let (found, reads) = read_all(&format!("<a>{runs}</a>"));
        assert_eq!((found.len(), reads), (40, 40));
        assert_eq!(found[39][0].1, "b19");
    }
}
