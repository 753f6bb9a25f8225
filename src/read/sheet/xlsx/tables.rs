//! What the cells of all sheets refer to by number: shared strings (§18.4.8) and number formats by way of cell
//! styles (§18.8.10).

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use crate::error::Result;
use crate::limits::Limits;

use super::super::cell::line_ends;
use super::super::intake::Intake;
use super::super::markup::{Event, Markup, unescape};
use super::super::number_format::NumberFormat;

/// Gathers the text of a rich or plain string; the readings of phonetic runs are not part of it.
#[derive(Debug, Default)]
pub(super) struct RichText {
    text: String,
    open: bool,
    aside: bool,
}

impl RichText {
    /// Takes an event from within the string.
    pub(super) fn take(&mut self, event: &Event) {
        match event {
            Event::Open(tag) if tag.name == b"rPh" => self.aside = !tag.empty,
            Event::Open(tag) if tag.name == b"t" => self.open = !tag.empty && !self.aside,
            Event::Close(b"rPh") => self.aside = false,
            Event::Close(b"t") => self.open = false,
            Event::Text(raw) if self.open => self.text.push_str(&unescape(raw)),
            Event::Literal(raw) if self.open => self.text.push_str(&String::from_utf8_lossy(raw)),
            _ => {}
        }
    }

    /// The text so far, and none from now on.
    pub(super) fn finish(&mut self) -> Arc<str> {
        // XML makes every line end one character before an escape is looked at (XML 1.0 §2.11)
        let text = line_ends(&without_escapes(&line_ends(&self.text))).as_ref().into();
        self.text.clear();
        (self.open, self.aside) = (false, false);
        text
    }
}

/// Resolves `_x000D_` and its like (ECMA-376-1:2016 §22.9.2.19).
pub(super) fn without_escapes(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains("_x") {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("_x") {
        out.push_str(before);
        let digits = behind.split_at_checked(4).filter(|(_, after)| after.starts_with('_')).map(|(digits, _)| digits);
        if let Some(c) = digits.and_then(|d| u32::from_str_radix(d, 16).ok()).and_then(char::from_u32) {
            out.push(c);
            rest = behind.get(5..).unwrap_or_default();
        } else {
            out.push_str("_x");
            rest = behind;
        }
    }
    out.push_str(rest);
    out.into()
}

/// Reads the shared strings in order.
///
/// # Errors
/// When the part is damaged, or holds more strings than a sheet may have cells.
pub(super) fn read_strings<R: Read>(mut part: Markup<R>, out: &mut Vec<Arc<str>>, intake: &mut Intake) -> Result<()> {
    let mut string = RichText::default();
    let limit = intake.limits.cells;
    while let Some(event) = part.next(intake)? {
        match &event {
            Event::Open(tag) if tag.name == b"si" && tag.empty => out.push("".into()),
            Event::Close(b"si") => out.push(string.finish()),
            event => {
                string.take(event);
                continue;
            }
        }
        Limits::check("the number of shared strings", "cells", out.len() as u64, limit)?;
    }
    Ok(())
}

/// Reads the number format of every cell style in order.
///
/// # Errors
/// When the part is damaged, or holds more styles than a sheet may have cells.
pub(super) fn read_formats<R: Read>(
    mut part: Markup<R>,
    out: &mut Vec<NumberFormat>,
    intake: &mut Intake,
) -> Result<()> {
    let mut codes = BTreeMap::new();
    let mut in_cell_styles = false;
    let limit = intake.limits.cells;
    while let Some(event) = part.next(intake)? {
        match event {
            Event::Open(tag) if tag.name == b"numFmt" => {
                if let (Some(id), Some(code)) = (tag.number::<u32>(b"numFmtId"), tag.text(b"formatCode")) {
                    codes.insert(id, NumberFormat::parse(&code));
                }
            }
            Event::Open(tag) if tag.name == b"cellXfs" => in_cell_styles = !tag.empty,
            Event::Close(b"cellXfs") => in_cell_styles = false,
            Event::Open(tag) if tag.name == b"xf" && in_cell_styles => {
                out.push(format_of(tag.number(b"numFmtId").unwrap_or(0), &codes));
                Limits::check("the number of cell styles", "cells", out.len() as u64, limit)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// The format of a number; the dates and currencies of a locale are built in, whatever a file says of them.
pub(in crate::read::sheet) fn format_of(id: u32, codes: &BTreeMap<u32, NumberFormat>) -> NumberFormat {
    let of_locale = matches!(id, 5..=8 | 14..=22 | 27..=36 | 50..=58);
    let builtin = || NumberFormat::builtin(id);
    let written = || codes.get(&id).cloned();
    let format = if of_locale { builtin().or_else(written) } else { written().or_else(builtin) };
    format.unwrap_or_else(NumberFormat::general)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Deadline;

    #[test]
    fn strings_are_joined_from_their_runs_without_their_readings() {
        let xml = "<sst><si><t>收入</t></si><si/><si><r><t xml:space='preserve'>支 </t></r><r><t>出&amp;</t></r>\
            <rPh><t>zhi</t></rPh></si><si><t>甲_x000D__x4E2D_乙_x</t></si>
            <si><t>丙_x000D_\r\n丁</t></si></sst>";
        let limits = Limits::default();
        let deadline = Deadline::start(&limits);
        let mut strings = Vec::new();
        let part = Markup::new(xml.as_bytes());
        read_strings(part, &mut strings, &mut Intake::new(&limits, &deadline)).expect("whole");
        let strings: Vec<&str> = strings.iter().map(AsRef::as_ref).collect();
        assert_eq!(strings, ["收入", "", "支 出&", "甲\n中乙_x", "丙\n丁"]);
    }

    #[test]
    fn only_cell_styles_count_and_own_codes_come_before_plain_built_in_ones() {
        let xml = "<styleSheet><numFmts><numFmt numFmtId='176' formatCode='0.0&quot;万&quot;'/>\
            <numFmt numFmtId='14' formatCode='m/d/yy'/></numFmts><cellStyleXfs><xf numFmtId='9'/></cellStyleXfs>\
            <cellXfs><xf numFmtId='0'/><xf numFmtId='176'></xf><xf numFmtId='14'/><xf numFmtId='4'/></cellXfs></styleSheet>";
        let limits = Limits::default();
        let deadline = Deadline::start(&limits);
        let mut formats = Vec::new();
        read_formats(Markup::new(xml.as_bytes()), &mut formats, &mut Intake::new(&limits, &deadline)).expect("whole");
        let expected = ["General", "0.0\"万\"", "yyyy/m/d", "#,##0.00"].map(NumberFormat::parse);
        assert_eq!(formats, expected);
    }
}
