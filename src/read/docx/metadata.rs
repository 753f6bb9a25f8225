//! Core and application properties (ECMA-376-2 §11, ECMA-376-1:2016 §22.2): who made the file, and when it was
//! changed last.

use crate::error::Result;
use crate::limits::{Deadline, Limits};
use crate::read::xml::{Ns, Token, Xml};

/// The text of the first element of that name in a properties part, trimmed; none when it is absent or blank.
///
/// # Errors
/// When the XML is damaged, too deep, or the time is used up.
pub(super) fn read_property(
    text: &str,
    ns: Ns,
    name: &str,
    limits: &Limits,
    deadline: &Deadline,
) -> Result<Option<String>> {
    let mut xml = Xml::new(text, limits, deadline);
    while let Some(token) = xml.next()? {
        if let Token::Open(element) = token
            && element.is(ns, name)
        {
            let value = xml.text()?.trim().to_owned();
            return Ok((!value.is_empty()).then_some(value));
        }
    }
    Ok(None)
}
