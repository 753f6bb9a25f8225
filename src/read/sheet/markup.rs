//! A worksheet part as a stream of tags and texts, while it is unpacked.
//!
//! SpreadsheetML holds millions of tags of a few bytes, so this scanner works on the bytes of a sliding window and
//! hands out slices of it: nothing is copied, and memory is one window whatever the part's size. It knows tags,
//! attributes, text, CDATA, comments and instructions; a document type, which no producer writes, ends the
//! part, and with it entity bombs. Entities are resolved by [`unescape`] where a text is kept.

use std::borrow::Cow;
use std::io::Read;

use memchr::{memchr, memmem};

use crate::error::{Error, Result};
use crate::limits::Limits;

use super::intake::Intake;

/// Bytes of the window at first.
const WINDOW: usize = 1 << 16;

/// Bytes that the window may grow to: the longest text or tag. A cell holds 32,767 characters at most.
const LONGEST: usize = 16 << 20;

/// The name in messages.
const FORMAT: &str = "XML";

/// A tag or a text; names are local names.
#[derive(Debug, PartialEq)]
pub(super) enum Event<'b> {
    /// A start tag, or an empty element, which no [`Event::Close`] follows.
    Open(Tag<'b>),
    /// An end tag.
    Close(&'b [u8]),
    /// Text whose entities are not resolved yet.
    Text(&'b [u8]),
    /// Text as it stands.
    Literal(&'b [u8]),
}

/// A start tag.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tag<'b> {
    /// Its local name.
    pub(super) name: &'b [u8],
    /// Whether it ends with `/>`.
    pub(super) empty: bool,
    attributes: &'b [u8],
}

/// The scanner over a part.
pub(super) struct Markup<R> {
    source: R,
    window: Vec<u8>,
    from: usize,
    to: usize,
    unpacked: u64,
    depth: u64,
}

impl<R: Read> Markup<R> {
    /// A scanner at the start of a part in UTF-8.
    pub(super) fn new(source: R) -> Self {
        Self { source, window: vec![0; WINDOW], from: 0, to: 0, unpacked: 0, depth: 0 }
    }

    /// The next tag or text; `None` at the end of the part.
    ///
    /// # Errors
    /// [`Damaged`](crate::error::ErrorKind::Damaged) when the part breaks off or cannot be unpacked further; a
    /// limit when it is larger than parts may be, or the time is used up.
    pub(super) fn next(&mut self, intake: &mut Intake) -> Result<Option<Event<'_>>> {
        loop {
            if self.from == self.to && !self.fill(intake)? {
                return self.end();
            }
            if self.window.get(self.from) != Some(&b'<') {
                let (start, end) = self.text_end(intake)?;
                return Ok(Some(Event::Text(self.slice(start, end))));
            }
            let at = self.find(0, b">", intake)?;
            let head = self.slice(self.from, at);
            match head.get(1) {
                Some(b'/') => {
                    self.depth = self.depth.saturating_sub(1);
                    let start = std::mem::replace(&mut self.from, at + 1) + 2;
                    return Ok(Some(Event::Close(local(self.slice(start, at)).0)));
                }
                Some(b'?') => self.from = self.find(2, b"?>", intake)? + 2,
                Some(b'!') if head.starts_with(b"<!--") => self.from = self.find(4, b"-->", intake)? + 3,
                Some(b'!') if head.starts_with(b"<![CDATA[") => {
                    let end = self.find(9, b"]]>", intake)?;
                    let start = std::mem::replace(&mut self.from, end + 3) + 9;
                    return Ok(Some(Event::Literal(self.slice(start, end))));
                }
                Some(b'!') => return Err(Error::damaged(FORMAT, "a document type is not allowed")),
                _ => {
                    let end = self.tag_end(at, intake)?;
                    let start = std::mem::replace(&mut self.from, end + 1) + 1;
                    return Ok(Some(Event::Open(self.open(start, end))));
                }
            }
        }
    }

    fn open(&mut self, start: usize, end: usize) -> Tag<'_> {
        let empty = end > start && self.window.get(end - 1) == Some(&b'/');
        self.depth += u64::from(!empty);
        let (name, attributes) = local(self.slice(start, if empty { end - 1 } else { end }));
        Tag { name, empty, attributes }
    }

    fn end(&self) -> Result<Option<Event<'static>>> {
        if self.depth == 0 { Ok(None) } else { Err(Error::damaged(FORMAT, "it breaks off before its end")) }
    }

    fn slice(&self, start: usize, end: usize) -> &[u8] {
        self.window.get(start..end).unwrap_or_default()
    }

    /// The text up to the next tag, or to the end of the part.
    fn text_end(&mut self, intake: &mut Intake) -> Result<(usize, usize)> {
        let mut seen = 0;
        loop {
            if let Some(at) = memchr(b'<', self.slice(self.from + seen, self.to)) {
                let end = self.from + seen + at;
                return Ok((std::mem::replace(&mut self.from, end), end));
            }
            seen = self.to - self.from;
            if !self.fill(intake)? {
                return Ok((std::mem::replace(&mut self.from, self.to), self.to));
            }
        }
    }

    /// Where `mark` stands, not before `skip` bytes behind the current place.
    fn find(&mut self, skip: usize, mark: &[u8], intake: &mut Intake) -> Result<usize> {
        let mut seen = skip;
        loop {
            let rest = self.slice((self.from + seen).min(self.to), self.to);
            let found = match mark {
                [one] => memchr(*one, rest),
                _ => memmem::find(rest, mark),
            };
            if let Some(at) = found {
                return Ok(self.from + seen + at);
            }
            seen = (self.to - self.from).saturating_sub(mark.len() - 1).max(skip);
            if !self.fill(intake)? {
                return Err(Error::damaged(FORMAT, "it breaks off within a tag"));
            }
        }
    }

    /// The `>` that ends a tag; one inside quotes does not.
    fn tag_end(&mut self, mut at: usize, intake: &mut Intake) -> Result<usize> {
        while is_quoted(self.slice(self.from, at)) {
            at = self.find(at + 1 - self.from, b">", intake)?;
        }
        Ok(at)
    }

    /// Unpacks more behind what is in the window; false at the end of the part.
    fn fill(&mut self, intake: &mut Intake) -> Result<bool> {
        intake.deadline.check()?;
        if self.from > 0 {
            self.window.copy_within(self.from..self.to, 0);
            self.to -= self.from;
            self.from = 0;
        }
        if self.to == self.window.len() {
            if self.to >= LONGEST {
                return Err(Error::damaged(FORMAT, "a text or tag is longer than any cell"));
            }
            self.window.resize(self.to * 2, 0);
        }
        let room = self.window.get_mut(self.to..).unwrap_or_default();
        let count = self.source.read(room).map_err(|e| Error::damaged(FORMAT, e))?;
        self.to += count.min(room.len());
        self.unpacked += count as u64;
        Limits::check("an unpacked worksheet in bytes", "part_bytes", self.unpacked, intake.limits.part_bytes)?;
        Ok(count > 0)
    }
}

/// Whether a quote is open at the end of a tag.
fn is_quoted(tag: &[u8]) -> bool {
    let mut open = None;
    for &byte in tag {
        match open {
            None if byte == b'"' || byte == b'\'' => open = Some(byte),
            Some(quote) if quote == byte => open = None,
            _ => {}
        }
    }
    open.is_some()
}

/// The local name at the start of a tag, and the rest of it.
fn local(tag: &[u8]) -> (&[u8], &[u8]) {
    let end = tag.iter().position(u8::is_ascii_whitespace).unwrap_or(tag.len());
    let (name, rest) = tag.split_at(end);
    (without_prefix(name), rest)
}

fn without_prefix(name: &[u8]) -> &[u8] {
    name.iter().rposition(|&b| b == b':').map_or(name, |at| name.get(at + 1..).unwrap_or_default())
}

impl<'b> Tag<'b> {
    /// Its attributes as local name and raw value, in order.
    pub(super) fn attributes(&self) -> Attributes<'b> {
        Attributes(self.attributes)
    }

    /// The raw value of an attribute by its local name.
    pub(super) fn get(&self, name: &[u8]) -> Option<&'b [u8]> {
        self.attributes().find(|(n, _)| *n == name).map(|(_, value)| value)
    }

    /// The value of an attribute as text, entities resolved.
    pub(super) fn text(&self, name: &[u8]) -> Option<String> {
        Some(unescape(self.get(name)?).into_owned())
    }

    /// The value of an attribute as a number.
    pub(super) fn number<N: std::str::FromStr>(&self, name: &[u8]) -> Option<N> {
        std::str::from_utf8(self.get(name)?).ok()?.trim().parse().ok()
    }

    /// Whether an attribute says yes (`xsd:boolean`).
    pub(super) fn is_on(&self, name: &[u8]) -> bool {
        matches!(self.get(name), Some(b"1" | b"true"))
    }
}

/// Walks over the attributes of a tag.
pub(super) struct Attributes<'b>(&'b [u8]);

impl<'b> Iterator for Attributes<'b> {
    type Item = (&'b [u8], &'b [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.0.trim_ascii_start();
        let equals = rest.iter().position(|&b| b == b'=')?;
        let name = without_prefix(rest.get(..equals)?.trim_ascii_end());
        let rest = rest.get(equals + 1..)?.trim_ascii_start();
        let (quote, rest) = rest.split_first()?;
        let end = rest.iter().position(|b| b == quote)?;
        self.0 = rest.get(end + 1..)?;
        Some((name, rest.get(..end)?))
    }
}

/// Resolves the entities of a text; what is none stays as it stands.
pub(super) fn unescape(raw: &[u8]) -> Cow<'_, str> {
    if memchr(b'&', raw).is_none() {
        return String::from_utf8_lossy(raw);
    }
    let text = String::from_utf8_lossy(raw);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_ref();
    while let Some((before, behind)) = rest.split_once('&') {
        out.push_str(before);
        rest = if let Some((c, after)) = behind.split_once(';').and_then(|(name, after)| Some((entity(name)?, after))) {
            out.push(c);
            after
        } else {
            out.push('&');
            behind
        };
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn entity(name: &str) -> Option<char> {
    let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let digits = name.strip_prefix('#')?;
            digits.strip_prefix(['x', 'X']).map_or_else(|| number(digits, 10), |hex| number(hex, 16))
        }
    }
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

    /// Events as words, and how the part ended.
    fn walk(xml: &str, step: usize, limits: &Limits) -> (Vec<String>, Result<()>) {
        let deadline = Deadline::start(limits);
        let mut intake = Intake::new(limits, &deadline);
        let mut markup = Markup::new(Trickle(xml.as_bytes(), step));
        let mut words = Vec::new();
        let word = |raw: &[u8]| unescape(raw).into_owned();
        loop {
            match markup.next(&mut intake) {
                Ok(Some(Event::Open(tag))) => {
                    let attributes = tag.attributes().map(|(n, v)| format!(" {}={}", word(n), word(v)));
                    words.push(format!("<{}{}", word(tag.name), attributes.collect::<String>()));
                    if tag.empty {
                        words.push("/".into());
                    }
                }
                Ok(Some(Event::Close(name))) => words.push(format!("/{}", word(name))),
                Ok(Some(Event::Text(text))) => words.push(word(text)),
                Ok(Some(Event::Literal(text))) => words.push(String::from_utf8_lossy(text).into_owned()),
                Ok(None) => return (words, Ok(())),
                Err(error) => return (words, Err(error)),
            }
        }
    }

    #[test]
    fn tags_and_texts_are_the_same_whatever_the_chunks() {
        let xml = "<?xml version='1.0'?><!-- <x> --><x:c  x:r='a>b' t = \"&quot;1\"><v>1&amp;2 &#x4E2D;&nbsp;</v><e/>\
            <![CDATA[<&amp;]]></x:c >";
        let expected = ["<c r=a>b t=\"1", "<v", "1&2 中&nbsp;", "/v", "<e", "/", "<&amp;", "/c"];
        for step in [1, 2, 3, 7, 64, 4096] {
            let (words, end) = walk(xml, step, &Limits::default());
            assert_eq!(words, expected, "{step}");
            end.expect("it is whole");
        }
    }

    #[test]
    fn what_breaks_off_is_damaged_and_what_stands_before_it_was_read() {
        for (xml, count) in [("<a><b>1</b>", 4), ("<a><b", 1), ("<a><![CDATA[x", 1), ("<a><!-- ", 1)] {
            let (words, end) = walk(xml, 5, &Limits::default());
            assert_eq!(words.len(), count, "{xml}");
            end.expect_err("it breaks off");
        }
        walk("<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", 5, &Limits::default()).1.expect_err("a document type");
    }

    #[test]
    fn an_endless_text_and_an_endless_part_stop() {
        let (_, end) = walk(&format!("<a {}", "x".repeat(LONGEST + 1)), 1 << 20, &Limits::default());
        end.expect_err("too long");
        let (_, end) = walk(&"<a/>".repeat(1000), 64, &Limits { part_bytes: 1000, ..Limits::default() });
        end.expect_err("too large");
    }
}
