//! XML parts as a stream of tokens: elements with their namespace told by URI, text with its references
//! resolved. Built on quick-xml; the readers of Office Open XML see no other event than [`Token`]'s three.
//!
//! An unknown entity is an error and nothing is ever fetched or expanded, which also ends entity bombs. Depth
//! and time are checked here, so that a reader which only asks for the next token is safe from both.

mod memory;
mod scope;

use std::borrow::Cow;

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

pub(super) use self::memory::Memory;
use self::scope::Scope;
use crate::error::{Error, Result};
use crate::limits::{Deadline, Limits};

/// What damaged XML is called in errors.
const FORMAT: &str = "XML";

/// Tokens between two looks at the clock.
const TOKENS_A_LOOK: u32 = 4_096;

/// The vocabularies that the readers know; Transitional and Strict (ISO/IEC 29500-1) URIs are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ns {
    /// WordprocessingML
    Word,
    /// Markup compatibility (ISO/IEC 29500-3)
    Compatibility,
    /// DrawingML charts
    Chart,
    /// Charts of Office 2016, which cache nothing that we read
    ChartEx,
    /// DrawingML
    Drawing,
    /// Place and size of a drawing in a document
    Placement,
    /// DrawingML pictures
    Picture,
    /// DrawingML diagrams (SmartArt)
    Diagram,
    /// Vector Markup Language
    Vml,
    /// Office additions to VML
    Office,
    /// Office Math
    Math,
    /// `r:id` and its kin
    Relationship,
    /// The relationships part itself
    Relationships,
    /// Dublin Core terms
    Terms,
    /// Application properties
    Application,
    /// Custom properties
    Custom,
    /// Unbound, as attributes without a prefix are
    None,
    /// Anything else
    Other,
}

impl Ns {
    fn of_uri(uri: &str) -> Self {
        let strict = uri.strip_prefix("http://purl.oclc.org/ooxml/");
        let Some(name) = strict.or_else(|| uri.strip_prefix("http://schemas.openxmlformats.org/")) else {
            return Self::of_foreign_uri(uri);
        };
        match name {
            "wordprocessingml/2006/main" | "wordprocessingml/main" => Self::Word,
            "markup-compatibility/2006" => Self::Compatibility,
            "drawingml/2006/chart" | "drawingml/chart" => Self::Chart,
            "drawingml/2006/main" | "drawingml/main" => Self::Drawing,
            "drawingml/2006/wordprocessingDrawing" | "drawingml/wordprocessingDrawing" => Self::Placement,
            "drawingml/2006/picture" | "drawingml/picture" => Self::Picture,
            "drawingml/2006/diagram" | "drawingml/diagram" => Self::Diagram,
            "officeDocument/2006/math" | "officeDocument/math" => Self::Math,
            "officeDocument/2006/relationships" | "officeDocument/relationships" => Self::Relationship,
            "package/2006/relationships" => Self::Relationships,
            "officeDocument/2006/extended-properties" | "officeDocument/extendedProperties" => Self::Application,
            "officeDocument/2006/custom-properties" | "officeDocument/customProperties" => Self::Custom,
            _ => Self::Other,
        }
    }

    fn of_foreign_uri(uri: &str) -> Self {
        match uri {
            "urn:schemas-microsoft-com:vml" => Self::Vml,
            "urn:schemas-microsoft-com:office:office" => Self::Office,
            "http://schemas.microsoft.com/office/drawing/2014/chartex" => Self::ChartEx,
            "http://purl.org/dc/terms/" => Self::Terms,
            _ => Self::Other,
        }
    }
}

/// One step through a part. An empty element comes as an opening and a closing token.
#[derive(Debug)]
pub(super) enum Token<'x, 'i> {
    /// A start tag.
    Open(Element<'x, 'i>),
    /// The end of the innermost open element.
    Close,
    /// Character data, references resolved; one text may come in several pieces.
    Text(Cow<'i, str>),
}

/// A start tag with the bindings that hold in it.
#[derive(Debug)]
pub(super) struct Element<'x, 'i> {
    /// Its vocabulary.
    pub(super) ns: Ns,
    start: BytesStart<'i>,
    /// Where the name behind its prefix begins
    local: usize,
    scope: &'x Scope,
}

impl Element<'_, '_> {
    /// Its name without prefix.
    pub(super) fn name(&self) -> &str {
        self.start.name().0.get(self.local..).unwrap_or_default()
    }

    /// Whether it is that element.
    pub(super) fn is(&self, ns: Ns, name: &str) -> bool {
        self.ns == ns && self.name() == name
    }

    /// An attribute of the element's own vocabulary, or without one.
    pub(super) fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        self.find(name, |ns| ns == Ns::None || ns == self.ns)
    }

    /// The `id` of the relationship that the element points to by that attribute, such as `r:id`.
    pub(super) fn relationship(&self, name: &str) -> Option<Cow<'_, str>> {
        self.find(name, |ns| ns == Ns::Relationship)
    }

    /// An attribute that Office adds to VML, such as `o:title`.
    pub(super) fn office_attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        self.find(name, |ns| ns == Ns::Office)
    }

    /// The `val` attribute, by which most settings are made.
    pub(super) fn val(&self) -> Option<Cow<'_, str>> {
        self.attribute("val")
    }

    /// The `val` attribute as a number, when it is one.
    pub(super) fn number<N: std::str::FromStr>(&self) -> Option<N> {
        self.val()?.trim().parse().ok()
    }

    /// A switch such as `w:b`: on, unless it says otherwise (ECMA-376-1:2016 §17.17.4).
    pub(super) fn is_on(&self) -> bool {
        !matches!(self.val().as_deref(), Some("0" | "false" | "off"))
    }

    fn find(&self, name: &str, fits: impl Fn(Ns) -> bool) -> Option<Cow<'_, str>> {
        let mut attributes = self.start.attributes();
        attributes.with_checks(false);
        let found = attributes.flatten().find(|a| {
            let (prefix, local) = split_name(a.key.0);
            local == name && fits(self.scope.of_attribute(prefix))
        })?;
        let value = found.normalized_value(quick_xml::XmlVersion::Implicit1_0);
        Some(value.unwrap_or_else(|_| found.value.clone()))
    }
}

/// The prefix of a name, empty without one, and the name behind it. Names are short: a plain loop is fastest.
fn split_name(name: &str) -> (&str, &str) {
    match name.bytes().position(|byte| byte == b':').and_then(|at| name.split_at_checked(at)) {
        Some((prefix, rest)) => (prefix, rest.get(1..).unwrap_or_default()),
        None => ("", name),
    }
}

/// A part being read.
pub(super) struct Xml<'i> {
    reader: Reader<&'i [u8]>,
    scope: Scope,
    /// Whether the last token opened an empty element, whose end is the next one
    is_empty: bool,
    depth: u64,
    max_depth: u64,
    deadline: Deadline,
    tokens: u32,
    seen_root: bool,
}

impl<'i> Xml<'i> {
    /// Starts at the beginning of a part's text.
    pub(super) fn new(text: &'i str, limits: &Limits, deadline: &Deadline) -> Self {
        Self {
            reader: Reader::from_str(text),
            scope: Scope::default(),
            is_empty: false,
            depth: 0,
            max_depth: limits.xml_depth,
            deadline: *deadline,
            tokens: 0,
            seen_root: false,
        }
    }

    /// Takes the next token; none at the end of the part.
    ///
    /// # Errors
    /// When the XML is not well formed, ends early, names an unknown entity, nests deeper than
    /// [`Limits::xml_depth`], or the time is used up.
    pub(super) fn next(&mut self) -> Result<Option<Token<'_, 'i>>> {
        if std::mem::take(&mut self.is_empty) {
            return Ok(Some(self.close()));
        }
        loop {
            self.look_at_clock()?;
            match self.reader.read_event().map_err(|e| Error::damaged(FORMAT, e))? {
                Event::Start(start) => return self.open(start).map(Some),
                Event::Empty(start) => {
                    self.is_empty = true;
                    return self.open(start).map(Some);
                }
                Event::End(_) => return Ok(Some(self.close())),
                // white space around the root element is no content
                Event::Text(_) if self.depth == 0 => {}
                Event::Text(text) => return Ok(Some(Token::Text(text.xml10_content()))),
                Event::CData(text) => return Ok(Some(Token::Text(text.xml10_content()))),
                Event::GeneralRef(reference) => return Ok(Some(Token::Text(resolve(&reference)?))),
                Event::Eof => return self.finish(),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
    }

    fn open(&mut self, start: BytesStart<'i>) -> Result<Token<'_, 'i>> {
        self.enter(&start)?;
        Ok(Token::Open(self.element(start)))
    }

    fn enter(&mut self, start: &BytesStart) -> Result<()> {
        self.depth += 1;
        self.seen_root = true;
        Limits::check("the nesting of XML elements", "xml_depth", self.depth, self.max_depth)?;
        self.scope.enter(start, self.depth)
    }

    fn element(&self, start: BytesStart<'i>) -> Element<'_, 'i> {
        let (prefix, local) = split_name(start.name().0);
        let (ns, local) = (self.scope.of_element(prefix), start.name().0.len() - local.len());
        Element { ns, start, local, scope: &self.scope }
    }

    fn close(&mut self) -> Token<'static, 'static> {
        self.scope.leave(self.depth);
        self.depth = self.depth.saturating_sub(1);
        Token::Close
    }

    /// Visits every element below the one opened last, up to its end; `visit` says whether to go into one.
    ///
    /// # Errors
    /// As [`Xml::next`].
    pub(super) fn below(&mut self, mut visit: impl FnMut(&Element) -> bool) -> Result<()> {
        let floor = self.depth;
        while let Some(start) = self.start_above(floor)? {
            if !visit(&self.element(start)) {
                self.skip()?;
            }
        }
        Ok(())
    }

    /// Passes over the element opened last, with all that it holds.
    ///
    /// # Errors
    /// As [`Xml::next`].
    pub(super) fn skip(&mut self) -> Result<()> {
        self.below_flat(|_| ())
    }

    /// Visits every element at any depth below the one opened last, up to its end.
    ///
    /// # Errors
    /// As [`Xml::next`].
    pub(super) fn below_flat(&mut self, mut visit: impl FnMut(&Element)) -> Result<()> {
        let floor = self.depth;
        while let Some(start) = self.start_above(floor)? {
            visit(&self.element(start));
        }
        Ok(())
    }

    /// The next start tag in the element that stands at that depth; none at its end. Text is passed over unread,
    /// which makes settings, the greater part of a document, cheap.
    fn start_above(&mut self, floor: u64) -> Result<Option<BytesStart<'i>>> {
        while self.depth >= floor {
            if std::mem::take(&mut self.is_empty) {
                self.close();
                continue;
            }
            self.look_at_clock()?;
            match self.reader.read_event().map_err(|e| Error::damaged(FORMAT, e))? {
                Event::Start(start) => return self.enter(&start).map(|()| Some(start)),
                Event::Empty(start) => {
                    self.is_empty = true;
                    return self.enter(&start).map(|()| Some(start));
                }
                Event::End(_) => drop(self.close()),
                Event::GeneralRef(reference) => drop(resolve(&reference)?),
                Event::Eof => return self.finish(),
                _ => {}
            }
        }
        Ok(None)
    }

    /// The text of the element opened last, that of its children included.
    ///
    /// # Errors
    /// As [`Xml::next`].
    pub(super) fn text(&mut self) -> Result<String> {
        let floor = self.depth;
        let mut text = String::new();
        while let Some(token) = self.next_above(floor)? {
            if let Token::Text(piece) = token {
                text.push_str(&piece);
            }
        }
        Ok(text)
    }

    /// The next token of the element that stands at that depth; none after its end.
    fn next_above(&mut self, floor: u64) -> Result<Option<Token<'_, 'i>>> {
        if self.depth < floor { Ok(None) } else { self.next() }
    }

    fn look_at_clock(&mut self) -> Result<()> {
        self.tokens = self.tokens.wrapping_add(1);
        if self.tokens.is_multiple_of(TOKENS_A_LOOK) { self.deadline.check() } else { Ok(()) }
    }

    fn finish<T>(&self) -> Result<Option<T>> {
        if self.depth > 0 || !self.seen_root {
            return Err(Error::damaged(FORMAT, "the part ends before its root element does"));
        }
        Ok(None)
    }
}

/// The character of a reference; only those of XML 1.0 §4.6 have a name.
fn resolve(reference: &quick_xml::events::BytesRef) -> Result<Cow<'static, str>> {
    if let Some(c) = reference.resolve_char_ref().map_err(|e| Error::damaged(FORMAT, e))? {
        return Ok(Cow::Owned(c.to_string()));
    }
    let name: &str = reference.as_ref();
    let text = match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => return Err(Error::damaged(FORMAT, format_args!("unknown entity &{name};"))),
    };
    Ok(Cow::Borrowed(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(xml: &str) -> Result<String> {
        let limits = Limits::default();
        let mut part = Xml::new(xml, &limits, &Deadline::start(&limits));
        part.next()?;
        part.text()
    }

    #[test]
    fn references_and_cdata_are_text() {
        assert_eq!(text_of("<a>1 &lt; &#x4E2D;<![CDATA[<b>]]></a>").expect("well formed"), "1 < 中<b>");
    }

    #[test]
    fn an_unknown_entity_is_an_error_even_when_the_part_declares_it() {
        let error = text_of("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>").expect_err("unknown");
        assert_eq!(error.to_string(), "damaged XML: unknown entity &x;");
    }

    #[test]
    fn a_part_that_ends_early_is_damaged() {
        assert!(text_of("<a><b>1</b>").is_err());
        assert!(text_of("").is_err());
    }

    #[test]
    fn white_space_around_the_root_is_passed_over() {
        assert_eq!(text_of("<?xml version='1.0'?>\r\n<a>1</a>\r\n").expect("well formed"), "1");
    }

    #[test]
    fn asking_beyond_the_end_ends() {
        let limits = Limits::default();
        let mut part = Xml::new("<a><b/></a>", &limits, &Deadline::start(&limits));
        part.below_flat(|_| ()).expect("well formed");
        assert!(part.next().expect("well formed").is_none());
    }

    #[test]
    fn a_binding_holds_in_its_element_and_not_behind_it() {
        let xml = "<p xmlns='urn:a' xmlns:v='urn:x'><v:a xmlns:v='urn:schemas-microsoft-com:vml'><v:b/></v:a><v:c/>\
                   <d xmlns=''/><e xmlns='http://purl.org/dc/terms/'/></p>";
        let limits = Limits::default();
        let mut part = Xml::new(xml, &limits, &Deadline::start(&limits));
        let mut found = Vec::new();
        part.next().expect("well formed");
        part.below_flat(|element| found.push((element.name().to_owned(), element.ns))).expect("well formed");
        let expected = [("a", Ns::Vml), ("b", Ns::Vml), ("c", Ns::Other), ("d", Ns::None), ("e", Ns::Terms)];
        assert_eq!(found, expected.map(|(name, ns)| (name.to_owned(), ns)));
    }

    #[test]
    fn a_flood_of_bindings_is_refused() {
        let bindings = (0..600).map(|n| format!(" xmlns:p{n}='urn:x'")).collect::<Vec<_>>().concat();
        assert!(text_of(&format!("<a{bindings}/>")).is_err());
    }

    #[test]
    fn attributes_are_told_by_their_namespace() {
        let xml = "<x:p xmlns:x='http://purl.oclc.org/ooxml/wordprocessingml/main' \
                   xmlns:q='http://purl.oclc.org/ooxml/officeDocument/relationships' q:id='r7' x:id='3'/>";
        let limits = Limits::default();
        let mut part = Xml::new(xml, &limits, &Deadline::start(&limits));
        let Some(Token::Open(element)) = part.next().expect("well formed") else { panic!("no element") };
        assert!(element.is(Ns::Word, "p"));
        assert_eq!(element.attribute("id").as_deref(), Some("3"));
        assert_eq!(element.relationship("id").as_deref(), Some("r7"));
    }
}
