//! A first look over the XML of a worksheet, before its cells are read: merges, formulas, hidden rows, and its
//! true size.
//!
//! calamine would parse the sheet a second time for its merges and does not tell a formula without a value
//! from an empty cell. This look only finds tags in the unpacked bytes; it understands no XML beyond that.

use std::io::Read;

use crate::error::Result;
use crate::limits::Limits;

use super::intake::{Draft, Intake};

/// Bytes unpacked at a time; also the longest tag that is looked into.
const CHUNK: usize = 1 << 16;

/// Scans a worksheet part, fills in merges and hidden rows, and tells whether it has formulas.
///
/// # Errors
/// When the part unpacks to more than its limit, or the time is used up. A part that cannot be unpacked to its
/// end is left to the reader of its cells.
pub(super) fn survey(mut part: impl Read, intake: &mut Intake, draft: &mut Draft) -> Result<bool> {
    let mut has_formulas = false;
    let mut buffer = vec![0; 2 * CHUNK];
    let (mut held, mut total) = (0, 0u64);
    loop {
        intake.deadline.check()?;
        let Some(space) = buffer.get_mut(held..held + CHUNK) else { break };
        let Ok(count @ 1..) = part.read(space) else { break };
        total += count as u64;
        Limits::check("an unpacked worksheet in bytes", "part_bytes", total, intake.limits.part_bytes)?;
        let filled = held + count;
        let rest = {
            let bytes = buffer.get(..filled).unwrap_or_default();
            scan(bytes, |tag| {
                has_formulas |= look_at(tag, intake, draft)?;
                Ok(())
            })?
        };
        held = filled - rest;
        if held >= CHUNK {
            // No tag of a worksheet is that long: it is text that starts with a stray bracket.
            held = 0;
        }
        buffer.copy_within(rest.min(filled)..filled, 0);
    }
    Ok(has_formulas)
}

/// Calls `look` with the inside of every tag and says how many bytes are done with.
fn scan(bytes: &[u8], mut look: impl FnMut(&[u8]) -> Result<()>) -> Result<usize> {
    let mut at = 0;
    while let Some(open) = position(bytes, at, b'<') {
        let Some(close) = position(bytes, open, b'>') else { return Ok(open) };
        look(bytes.get(open + 1..close).unwrap_or_default())?;
        at = close + 1;
    }
    Ok(bytes.len())
}

fn position(bytes: &[u8], from: usize, wanted: u8) -> Option<usize> {
    bytes.get(from..)?.iter().position(|&b| b == wanted).map(|at| from + at)
}

/// Takes what a tag says; true for a formula.
fn look_at(tag: &[u8], intake: &mut Intake, draft: &mut Draft) -> Result<bool> {
    let end = tag.iter().position(|b| b.is_ascii_whitespace() || *b == b'/').unwrap_or(tag.len());
    let (name, attributes) = tag.split_at(end);
    let name = name.rsplit(|&b| b == b':').next().unwrap_or_default();
    match name {
        b"f" => return Ok(true),
        b"row" if matches!(attribute(attributes, b"hidden="), Some("1" | "true")) => draft.hidden_rows += 1,
        b"mergeCell" => {
            if let Some((from, to)) = attribute(attributes, b"ref=").and_then(range) {
                intake.merge(draft, from, to)?;
            }
        }
        _ => {}
    }
    Ok(false)
}

/// The value of an attribute that is written `name="…"`; `name` ends with the equals sign.
fn attribute<'t>(tag: &'t [u8], name: &[u8]) -> Option<&'t str> {
    let at = tag.windows(name.len()).position(|w| w == name)? + name.len();
    let quote = *tag.get(at)?;
    let rest = tag.get(at + 1..)?;
    let end = rest.iter().position(|&b| b == quote)?;
    std::str::from_utf8(rest.get(..end)?).ok()
}

/// Reads `A1:D4`, or a single place, as two corners from 0.
fn range(text: &str) -> Option<((u32, u32), (u32, u32))> {
    let (from, to) = text.split_once(':').unwrap_or((text, text));
    Some((place(from)?, place(to)?))
}

fn place(text: &str) -> Option<(u32, u32)> {
    let text = text.trim().replace('$', "");
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (column, row) = text.split_at_checked(letters).filter(|(c, _)| (1..=3).contains(&c.len()))?;
    let column = column.bytes().fold(0, |n, b| n * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
    Some((row.parse::<u32>().ok()?.checked_sub(1)?, column - 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Deadline;

    /// Gives out its bytes a few at a time, as a decompressor may.
    struct Trickle<'a>(&'a [u8], usize);

    impl Read for Trickle<'_> {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let count = self.1.min(self.0.len()).min(out.len());
            out[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn look(xml: &str, step: usize) -> (bool, Draft) {
        let limits = Limits::default();
        let deadline = Deadline::start(&limits);
        let mut draft = Draft::default();
        let found = survey(Trickle(xml.as_bytes(), step), &mut Intake::new(&limits, &deadline), &mut draft);
        (found.expect("within limits"), draft)
    }

    #[test]
    fn merges_formulas_and_hidden_rows_are_found_whatever_the_chunks() {
        let xml = r#"<x:row r="1" hidden="1"><c><x:f t="a">B1</x:f></c></x:row><mergeCell ref="A1:XFD1048576"/>"#;
        for step in [1, 2, 7, 64, 4096] {
            let (formulas, draft) = look(xml, step);
            assert!(formulas);
            assert_eq!(draft.hidden_rows, 1);
            assert_eq!(draft.sheet.merges, [[0, 0, 1_048_575, 16_383]]);
        }
    }

    #[test]
    fn an_endless_tag_ends_with_the_part() {
        let (formulas, draft) = look(&format!("<{}", "a ".repeat(200_000)), 4096);
        assert!(!formulas && draft.sheet.merges.is_empty());
    }

    #[test]
    fn a_place_outside_any_alphabet_is_none() {
        assert_eq!(place("$B$7"), Some((6, 1)));
        for wrong in ["", "7", "A0", "ABCD1", "A", "表1", "A99999999999"] {
            assert_eq!(place(wrong), None, "{wrong}");
        }
    }
}
