//! The document outline (ISO 32000-2 §12.3.3), read from the catalogue, depth first.
//!
//! Hostile outlines loop and branch without end, so the walk keeps its own stack, never enters an item twice
//! and stops after [`MOST_ENTRIES`].

use std::collections::{BTreeMap, BTreeSet};

use hayro_syntax::object::{Array, Dict, Name, ObjRef, Object, ObjectIdentifier, String as PdfString};
use hayro_syntax::page::Pages;
use hayro_syntax::xref::XRef;

use super::info::decode_text;
use crate::model::OutlineEntry;

const MOST_ENTRIES: usize = 20_000;
const DEEPEST_NAME_TREE: usize = 32;

/// The entries of the outline with the page that each leads to; empty where there is none.
pub(super) fn read_outline(xref: &XRef, pages: &Pages<'_>) -> Vec<OutlineEntry> {
    let Some(catalogue) = xref.get::<Dict<'_>>(xref.root_id()) else { return Vec::new() };
    let Some(root) = catalogue.get::<Dict<'_>>(b"Outlines") else { return Vec::new() };
    let destinations = Destinations { catalogue: &catalogue, pages: page_numbers(pages), names: name_tree(&catalogue) };
    let mut entries = Vec::new();
    let mut seen = BTreeSet::new();
    let mut waiting = vec![(root.get::<Dict<'_>>(b"First"), 0)];
    while let Some((item, depth)) = waiting.pop() {
        let Some(item) = item else { continue };
        let is_new = item.obj_id().is_none_or(|id| seen.insert(id));
        if !is_new || entries.len() >= MOST_ENTRIES {
            continue;
        }
        if let Some(title) = item.get::<PdfString<'_>>(b"Title") {
            entries.push(OutlineEntry {
                depth,
                title: decode_text(title.as_bytes()),
                page: destinations.page_of(&item),
            });
        }
        waiting.push((item.get::<Dict<'_>>(b"Next"), depth));
        waiting.push((item.get::<Dict<'_>>(b"First"), depth.saturating_add(1)));
    }
    entries
}

fn page_numbers(pages: &Pages<'_>) -> BTreeMap<ObjectIdentifier, u32> {
    (1..).zip(pages.iter()).filter_map(|(number, page)| Some((page.raw().obj_id()?, number))).collect()
}

/// Named destinations of the name tree (ISO 32000-2 §7.9.6), by name.
fn name_tree<'a>(catalogue: &Dict<'a>) -> BTreeMap<Vec<u8>, Object<'a>> {
    let mut names = BTreeMap::new();
    let root = catalogue.get::<Dict<'_>>(b"Names").and_then(|n| n.get::<Dict<'_>>(b"Dests"));
    let mut waiting: Vec<(Dict<'_>, usize)> = root.into_iter().map(|r| (r, 0)).collect();
    while let Some((node, depth)) = waiting.pop() {
        if let Some(pairs) = node.get::<Array<'_>>(b"Names") {
            let mut items = pairs.iter::<Object<'_>>();
            while let (Some(Object::String(name)), Some(target)) = (items.next(), items.next()) {
                names.insert(name.as_bytes().to_vec(), target);
            }
        }
        let kids = node.get::<Array<'_>>(b"Kids").filter(|_| depth < DEEPEST_NAME_TREE && names.len() < MOST_ENTRIES);
        let kids = kids.iter().flat_map(Array::iter::<Dict<'_>>).take(MOST_ENTRIES);
        waiting.extend(kids.map(|kid| (kid, depth + 1)));
        waiting.truncate(MOST_ENTRIES);
    }
    names
}

struct Destinations<'d, 'a> {
    catalogue: &'d Dict<'a>,
    pages: BTreeMap<ObjectIdentifier, u32>,
    names: BTreeMap<Vec<u8>, Object<'a>>,
}

impl Destinations<'_, '_> {
    /// The page of an outline item: its destination, or that of its go-to action.
    fn page_of(&self, item: &Dict<'_>) -> Option<u32> {
        let direct = item.get::<Object<'_>>(b"Dest");
        let action = || item.get::<Dict<'_>>(b"A").and_then(|a| a.get::<Object<'_>>(b"D"));
        self.page_at(&direct.or_else(action)?, 0)
    }

    fn page_at(&self, destination: &Object<'_>, depth: usize) -> Option<u32> {
        if depth > DEEPEST_NAME_TREE {
            return None;
        }
        match destination {
            Object::Array(array) => self.page_of_array(array),
            Object::Dict(dict) => self.page_at(&dict.get::<Object<'_>>(b"D")?, depth + 1),
            Object::String(name) => self.page_at(self.names.get(name.as_bytes())?, depth + 1),
            Object::Name(name) => self.page_at(&self.old_name(name)?, depth + 1),
            _ => None,
        }
    }

    /// The first element is the page itself or, in files of other hands, its number from 0.
    fn page_of_array(&self, array: &Array<'_>) -> Option<u32> {
        let first = array.raw_iter().next()?;
        if let Some(page) = first.as_obj_ref().and_then(|r: ObjRef| self.pages.get(&r.into())) {
            return Some(*page);
        }
        let index = array.iter::<Object<'_>>().next()?.into_i32()?;
        let number = u32::try_from(index).ok()?.checked_add(1)?;
        (number as usize <= self.pages.len()).then_some(number)
    }

    /// A destination of the catalogue's own dictionary, as PDF 1.1 wrote them.
    fn old_name(&self, name: &Name<'_>) -> Option<Object<'_>> {
        self.catalogue.get::<Dict<'_>>(b"Dests")?.get::<Object<'_>>(name)
    }
}
