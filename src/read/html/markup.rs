//! HTML as it is found, cut into tags and text. It makes no tree and refuses nothing: what is unclosed ends where
//! the text ends, as the HTML standard (§13.2.5) has it, and comments, scripts and styles are passed over.

use std::borrow::Cow;

/// Bytes in which the end of a tag is looked for outside quotes; behind them the next `>` ends it.
const LONGEST_TAG: usize = 64 << 10;

/// Elements whose content is no text for people.
const UNREAD: [&str; 8] = ["script", "style", "title", "textarea", "noscript", "template", "select", "xml"];

/// A piece of markup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A start tag: its name in lower case, and its attributes as written.
    Start(String, &'a str),
    /// An end tag: its name in lower case.
    End(String),
    /// Text, its character references not yet resolved.
    Text(&'a str),
}

/// Cuts HTML into tokens.
#[derive(Debug)]
pub(super) struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    fn skip(&mut self, bytes: usize) -> &'a str {
        let (head, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        head
    }

    /// Passes over everything up to and with `end`.
    fn skip_behind(&mut self, end: &str) {
        let at = self.rest.find(end).map_or(self.rest.len(), |at| at + end.len());
        self.skip(at);
    }

    fn tag(&mut self) -> Option<Token<'a>> {
        let inside = self.rest.get(1..)?;
        let is_end = inside.starts_with('/');
        let named = if is_end { inside.get(1..)? } else { inside };
        let name_length = named.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(named.len());
        let name = named.get(..name_length)?.to_ascii_lowercase();
        let start = 1 + usize::from(is_end) + name_length;
        let length = tag_end(self.rest.get(start..)?);
        let whole = self.skip(start + length + 1);
        let attributes = whole.get(start..start + length).unwrap_or_default();
        if is_end {
            return Some(Token::End(name));
        }
        if UNREAD.contains(&name.as_str()) && !attributes.ends_with('/') {
            self.skip_element(&name);
        }
        Some(Token::Start(name, attributes))
    }

    /// Passes over the content of an element whose content is no markup, and its end tag.
    fn skip_element(&mut self, name: &str) {
        let mut from = 0;
        while let Some(at) = self.rest.get(from..).and_then(|rest| rest.find("</")) {
            let behind = self.rest.get(from + at + 2..).unwrap_or_default();
            if behind.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
                self.skip(from + at);
                return self.skip_behind(">");
            }
            from += at + 2;
        }
        self.rest = "";
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let next = self.rest.chars().nth(1);
            match (self.rest.chars().next()?, next) {
                ('<', Some('!')) if self.rest.starts_with("<!--") => self.skip_behind("-->"),
                ('<', Some('!' | '?')) => self.skip_behind(">"),
                ('<', Some(c)) if c == '/' || c.is_ascii_alphabetic() => return self.tag(),
                (first, _) => {
                    // a `<` that starts no tag is text
                    let behind = self.rest.get(first.len_utf8()..)?;
                    let length = behind.find('<').map_or(self.rest.len(), |at| at + first.len_utf8());
                    return Some(Token::Text(self.skip(length)));
                }
            }
        }
    }
}

/// Bytes before the `>` that ends a tag; one in quotes does not.
fn tag_end(text: &str) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().take(LONGEST_TAG) {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    text.find('>').unwrap_or(text.len())
}

/// The value of an attribute, its character references resolved; names are compared without case.
pub(super) fn attribute<'a>(attributes: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        let length = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len()).max(1);
        let (found, behind) = rest.split_at_checked(length)?;
        let is_wanted = found.eq_ignore_ascii_case(name);
        let (value, behind) = match behind.trim_start().strip_prefix('=') {
            Some(behind) => value(behind.trim_start()),
            None => ("", behind),
        };
        if is_wanted {
            return Some(resolve(value));
        }
        rest = behind;
    }
}

/// A value, quoted or not, and what stands behind it.
fn value(text: &str) -> (&str, &str) {
    let quoted = |quote: char| text.strip_prefix(quote).map(|inside| inside.split_once(quote).unwrap_or((inside, "")));
    quoted('"')
        .or_else(|| quoted('\''))
        .unwrap_or_else(|| text.split_at(text.find(|c: char| c.is_whitespace()).unwrap_or(text.len())))
}

/// Resolves character references; what is none stays as it stands.
pub(super) fn resolve(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut resolved = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('&') {
        resolved.push_str(before);
        let (c, length) = reference(behind).unwrap_or(('&', 0));
        resolved.push(c);
        rest = behind.get(length..).unwrap_or_default();
    }
    resolved.push_str(rest);
    Cow::Owned(resolved)
}

/// The character that a reference means, and how long it is behind its `&`.
fn reference(text: &str) -> Option<(char, usize)> {
    /// Names that office programs and Chinese sites write.
    const NAMES: [(&str, char); 28] = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", '\u{A0}'),
        ("ensp", '\u{2002}'),
        ("emsp", '\u{2003}'),
        ("thinsp", '\u{2009}'),
        ("ldquo", '“'),
        ("rdquo", '”'),
        ("lsquo", '‘'),
        ("rsquo", '’'),
        ("laquo", '«'),
        ("raquo", '»'),
        ("mdash", '—'),
        ("ndash", '–'),
        ("hellip", '…'),
        ("middot", '·'),
        ("bull", '•'),
        ("times", '×'),
        ("divide", '÷'),
        ("minus", '−'),
        ("yen", '¥'),
        ("permil", '‰'),
        ("deg", '°'),
        ("copy", '©'),
        ("sect", '§'),
    ];
    let length = text.bytes().take(10).take_while(|b| b.is_ascii_alphanumeric() || *b == b'#').count();
    let word = text.get(..length)?;
    let end = length + usize::from(text.get(length..)?.starts_with(';'));
    let c = match word.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(hex) => char::from_u32(u32::from_str_radix(hex, 16).ok()?)?,
            None => char::from_u32(number.parse().ok()?)?,
        },
        None => NAMES.iter().find(|(name, _)| *name == word)?.1,
    };
    Some((c, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(name: &str, attributes: &'static str) -> Token<'static> {
        Token::Start(name.into(), attributes)
    }

    #[test]
    fn tags_text_and_what_is_neither() {
        let html =
            "<!DOCTYPE html><!-- <td> --><TD colspan=2 title=\"a>b\">1 < 2</td><script>if (a<b) '<td>'</SCRIPT>&";
        let tokens: Vec<Token> = Tokens::new(html).collect();
        let expected = [
            start("td", " colspan=2 title=\"a>b\""),
            Token::Text("1 "),
            Token::Text("< 2"),
            Token::End("td".into()),
            start("script", ""),
            Token::Text("&"),
        ];
        assert_eq!(tokens, expected);
    }

    #[test]
    fn markup_that_never_ends_ends_with_the_text() {
        for html in ["<", "<a", "<a href='", "<!--", "<!", "</", "<script>", "<td \"", "<?"] {
            assert!(Tokens::new(html).count() <= 1, "{html}");
        }
    }

    #[test]
    fn attributes_are_found_however_they_are_quoted() {
        let attributes = " a = 'x y' COLSPAN=3 hidden b=\"1&amp;2\"/";
        let found = |name| attribute(attributes, name).map(Cow::into_owned);
        assert_eq!(found("a").as_deref(), Some("x y"));
        assert_eq!(found("colspan").as_deref(), Some("3"));
        assert_eq!(found("hidden").as_deref(), Some(""));
        assert_eq!(found("b").as_deref(), Some("1&2"));
        assert_eq!(found("c"), None);
    }

    #[test]
    fn references_are_resolved_and_ampersands_stay() {
        assert_eq!(
            resolve("&ldquo;三公&rdquo;&#20803;&#x5143;&nbsp;A&B &unknown; &#xD800;"),
            "“三公”元元\u{A0}A&B &unknown; &#xD800;"
        );
    }
}
