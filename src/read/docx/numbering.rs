//! Automatic numbers (ECMA-376-1:2016 §17.9): `numbering.xml` and the counters that run through a document.
//! Lists which share an abstract number share its counters; a `w:startOverride` takes effect once, at the
//! first paragraph of its list and level. What goes in is a list and a level, what comes out the printed label.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::number_format::print_number;
use super::properties::ParagraphProperties;
use super::styles::{Style, Styles};
use super::symbols::symbol;
use crate::error::Result;
use crate::limits::{Deadline, Limits};
use crate::read::xml::{Element, Ns, Token, Xml};

/// Levels of a list (§17.9.6).
const LEVELS: u8 = 9;

/// Links from one abstract number to another before they count as a loop.
const LINKS: usize = 8;

/// The lists of a document, and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    abstracts: BTreeMap<u32, Abstract>,
    lists: BTreeMap<u32, List>,
    counters: BTreeMap<u32, [Option<u32>; LEVELS as usize]>,
    restarted: BTreeSet<(u32, u8)>,
}

#[derive(Debug, Default)]
struct Abstract {
    levels: BTreeMap<u8, Level>,
    /// `w:numStyleLink`: the style whose list defines this one
    defined_by_style: Option<String>,
}

#[derive(Debug, Default)]
struct List {
    abstract_id: u32,
    overrides: BTreeMap<u8, Override>,
}

#[derive(Debug, Default)]
struct Override {
    start: Option<u32>,
    level: Option<Level>,
}

#[derive(Debug, Clone, Default)]
struct Level {
    start: Option<u32>,
    format: String,
    text: String,
    /// `w:lvlRestart`: the level, from 1, after which this one starts again; 0 for never
    restart: Option<u8>,
    legal: bool,
    style: Option<String>,
    font: Option<String>,
}

impl Numbering {
    /// Reads the text of a numbering part.
    ///
    /// # Errors
    /// When the XML is damaged, too deep, or the time is used up.
    pub(super) fn parse(text: &str, styles: &Styles, limits: &Limits, deadline: &Deadline) -> Result<Self> {
        let mut xml = Xml::new(text, limits, deadline);
        let mut read = Self::default();
        let mut place = Place::default();
        while let Some(token) = xml.next()? {
            let Token::Open(element) = token else { continue };
            if element.ns != Ns::Word {
                continue;
            }
            if element.name() == "lvl" {
                let level = element.attribute("ilvl").and_then(|l| l.parse().ok()).unwrap_or(0);
                place.level = if level < LEVELS { level } else { LEVELS - 1 };
                let level = read_level(&mut xml)?;
                read.set_level(&place, level);
            } else {
                read.take(&element, &mut place);
            }
        }
        read.follow_style_links(styles);
        Ok(read)
    }

    fn take(&mut self, element: &Element, place: &mut Place) {
        let id = |name| element.attribute(name).and_then(|v| v.trim().parse().ok()).unwrap_or(0);
        match element.name() {
            "abstractNum" => *place = Place { owner: Owner::Abstract(id("abstractNumId")), level: 0 },
            "num" => *place = Place { owner: Owner::List(id("numId")), level: 0 },
            "lvlOverride" => place.level = u8::try_from(id("ilvl")).unwrap_or(0).min(LEVELS - 1),
            _ => {}
        }
        match (place.owner, element.name()) {
            (Owner::Abstract(of), "numStyleLink") => {
                self.abstracts.entry(of).or_default().defined_by_style = element.val().map(Cow::into_owned);
            }
            (Owner::List(of), "abstractNumId") => {
                self.lists.entry(of).or_default().abstract_id = element.number().unwrap_or(0);
            }
            (Owner::List(of), "startOverride") => {
                let list = self.lists.entry(of).or_default();
                list.overrides.entry(place.level).or_default().start = element.number();
            }
            _ => {}
        }
    }

    fn set_level(&mut self, place: &Place, level: Level) {
        match place.owner {
            Owner::Abstract(of) => {
                self.abstracts.entry(of).or_default().levels.insert(place.level, level);
            }
            Owner::List(of) => {
                let list = self.lists.entry(of).or_default();
                list.overrides.entry(place.level).or_default().level = Some(level);
            }
            Owner::Nobody => {}
        }
    }

    /// Points lists whose abstract number only names a style at the abstract number of that style's list.
    fn follow_style_links(&mut self, styles: &Styles) {
        let target = |mut id: u32| {
            for _ in 0..LINKS {
                let link = self.abstracts.get(&id).filter(|a| a.levels.is_empty());
                let Some(style) = link.and_then(|a| a.defined_by_style.as_deref()) else { break };
                let list = styles.get(style).and_then(|s| s.paragraph.number.id);
                let Some(list) = list.and_then(|list| self.lists.get(&list)) else { break };
                id = list.abstract_id;
            }
            id
        };
        let targets: Vec<(u32, u32)> = self.lists.iter().map(|(&id, list)| (id, target(list.abstract_id))).collect();
        for (id, target) in targets {
            if let Some(list) = self.lists.get_mut(&id) {
                list.abstract_id = target;
            }
        }
    }

    /// Counts a paragraph and prints its label; none when it has no number.
    pub(super) fn label(&mut self, paragraph: &ParagraphProperties, style: Option<&Style>) -> Option<String> {
        let (list, level) = self.place_of(paragraph, style)?;
        self.count(list, level)?;
        let label = self.print(list, level)?;
        let label = label.trim_end();
        (!label.is_empty()).then(|| label.to_owned())
    }

    /// The list and level of a paragraph: its own, or those of its style. A style's level is the one that names
    /// the style (§17.9.23), which counts for more than the style's own `w:ilvl`.
    fn place_of(&self, paragraph: &ParagraphProperties, style: Option<&Style>) -> Option<(u32, u8)> {
        let of_style = style.map(|s| s.paragraph.number).unwrap_or_default();
        let list = paragraph.number.id.or(of_style.id).filter(|&id| id != 0)?;
        let by_style = || {
            let own = paragraph.style.as_deref().and_then(|id| self.level_of_style(list, id));
            own.or_else(|| self.level_of_style(list, style?.number_source.as_deref()?)).or(of_style.level)
        };
        let inherited = if paragraph.number.id.is_none() { by_style() } else { None };
        let level = paragraph.number.level.or(inherited).unwrap_or(0);
        Some((list, level.min(LEVELS - 1)))
    }

    fn level_of_style(&self, list: u32, style: &str) -> Option<u8> {
        let levels = &self.abstracts.get(&self.lists.get(&list)?.abstract_id)?.levels;
        levels.iter().find(|(_, level)| level.style.as_deref() == Some(style)).map(|(&at, _)| at)
    }

    fn level(&self, list: u32, at: u8) -> Option<&Level> {
        let list = self.lists.get(&list)?;
        let own = list.overrides.get(&at).and_then(|o| o.level.as_ref());
        own.or_else(|| self.abstracts.get(&list.abstract_id)?.levels.get(&at))
    }

    fn start(&self, list: u32, at: u8) -> u32 {
        let overridden = self.lists.get(&list).and_then(|l| l.overrides.get(&at)?.start);
        overridden.or_else(|| self.level(list, at)?.start).unwrap_or(1)
    }

    /// Moves the counter of a level on, and those of deeper levels back to their start.
    fn count(&mut self, list: u32, at: u8) -> Option<()> {
        self.level(list, at)?;
        let entry = self.lists.get(&list)?;
        let forced =
            entry.overrides.get(&at).is_some_and(|o| o.start.is_some()) && !self.restarted.contains(&(list, at));
        let abstract_id = entry.abstract_id;
        let start = self.start(list, at);
        let restarts: Vec<u8> = (at + 1..LEVELS).filter(|&deeper| self.restarts_after(list, deeper, at)).collect();
        let counters = self.counters.entry(abstract_id).or_default();
        let counter = counters.get_mut(usize::from(at))?;
        *counter = Some(counter.filter(|_| !forced).map_or(start, |n| n.saturating_add(1)));
        for deeper in restarts {
            counters.get_mut(usize::from(deeper)).into_iter().for_each(|counter| *counter = None);
        }
        self.restarted.insert((list, at));
        Some(())
    }

    /// Whether a paragraph of level `at` sets level `deeper` back (§17.9.10).
    fn restarts_after(&self, list: u32, deeper: u8, at: u8) -> bool {
        match self.level(list, deeper).and_then(|level| level.restart) {
            None => true,
            Some(restart) => at < restart,
        }
    }

    fn print(&self, list: u32, at: u8) -> Option<String> {
        let level = self.level(list, at)?;
        if level.format == "bullet" {
            return Some(level.text.chars().map(|c| bullet(c, level.font.as_deref())).collect());
        }
        let mut printed = String::new();
        let mut rest = level.text.chars().peekable();
        while let Some(c) = rest.next() {
            let place = rest.peek().and_then(|d| d.to_digit(10)).filter(|&d| c == '%' && d > 0);
            match place {
                Some(place) => {
                    rest.next();
                    printed.push_str(&self.print_count(list, u8::try_from(place - 1).unwrap_or(0), level.legal));
                }
                None => printed.push(c),
            }
        }
        Some(printed)
    }

    /// The count of a level; one that no paragraph has reached stands at its start.
    fn print_count(&self, list: u32, at: u8, legal: bool) -> String {
        let counters = self.lists.get(&list).and_then(|l| self.counters.get(&l.abstract_id));
        let count = counters.and_then(|c| *c.get(usize::from(at))?).unwrap_or_else(|| self.start(list, at));
        let format = self.level(list, at).map_or("decimal", |level| level.format.as_str());
        print_number(count, if legal && format != "none" { "decimal" } else { format })
    }
}

/// A bullet of a symbol font as the character that it looks like.
fn bullet(c: char, font: Option<&str>) -> char {
    let known = font.and_then(|font| symbol(font, u32::from(c)));
    known.unwrap_or(if ('\u{E000}'..='\u{F8FF}').contains(&c) { '•' } else { c })
}

#[derive(Debug, Clone, Copy, Default)]
enum Owner {
    #[default]
    Nobody,
    Abstract(u32),
    List(u32),
}

/// Which definition the parser stands in.
#[derive(Debug, Default)]
struct Place {
    owner: Owner,
    level: u8,
}

/// Reads the `w:lvl` that was opened last, up to its end.
fn read_level(xml: &mut Xml) -> Result<Level> {
    let mut level = Level { format: "decimal".into(), ..Level::default() };
    let mut custom = false;
    xml.below(|element| {
        if element.is(Ns::Compatibility, "Fallback") {
            return !custom;
        }
        if element.ns != Ns::Word {
            return true;
        }
        match element.name() {
            "start" => level.start = element.number(),
            "numFmt" => {
                let format = element.attribute("format").filter(|_| element.val().as_deref() == Some("custom"));
                custom = format.is_some();
                level.format = format.or_else(|| element.val()).unwrap_or_default().into_owned();
            }
            "lvlText" => level.text = element.val().unwrap_or_default().into_owned(),
            "lvlRestart" => level.restart = element.number(),
            "isLgl" => level.legal = element.is_on(),
            "pStyle" => level.style = element.val().map(Cow::into_owned),
            "rFonts" => {
                let font = element.attribute("ascii").or_else(|| element.attribute("hAnsi"));
                level.font = font.map(Cow::into_owned);
            }
            _ => {}
        }
        true
    })?;
    Ok(level)
}
