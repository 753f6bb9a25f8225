//! Documents of one identity: which complete each other, which say the same thing again, and which do not belong
//! together although they say so.

use super::figures::{Agreement, agreement};
use super::{Coverage, Difference, Disclosure, Document, Evidence, Group, Member, Part};
use crate::forms::Forms;

/// Documents that complete each other, and the repeats of each.
#[derive(Debug, Default)]
pub(super) struct Edition<'a> {
    members: Vec<Placed<'a>>,
    doubts: Vec<String>,
}

/// A document at its place in an edition.
#[derive(Debug)]
struct Placed<'a> {
    document: &'a Document,
    part: Part,
    evidence: Vec<Evidence>,
    superseded_by: Option<&'a Document>,
    differences: Vec<Difference>,
}

/// Turns a group into disclosures: one, unless figures say that some of its documents are of something else.
pub(super) fn resolve(group: Group, forms: &Forms) -> Vec<Disclosure> {
    let region = group.region();
    let mut documents = group.documents;
    // The most complete document first; the others are compared with it.
    documents.sort_by_key(|(d, _)| (d.part(forms), std::cmp::Reverse(d.facts), d.uri.clone()));
    let mut editions: Vec<Edition> = Vec::new();
    for (document, evidence) in documents {
        let place = editions.iter_mut().find(|e| e.accepts(document));
        if let Some(edition) = place {
            edition.add(document, evidence, forms);
        } else {
            let mut edition = Edition::default();
            if let Some(first) = editions.first() {
                edition.doubts.push(first.why_not(document));
            }
            edition.add(document, evidence, forms);
            editions.push(edition);
        }
    }
    let mut doubts = group.doubts;
    editions.into_iter().map(|e| e.into_disclosure(region.clone(), std::mem::take(&mut doubts), forms)).collect()
}

impl<'a> Edition<'a> {
    fn documents(&self) -> Vec<&'a Document> {
        self.members.iter().map(|m| m.document).collect()
    }

    fn agreement_with(&self, document: &Document) -> Agreement {
        let live = self.members.iter().filter(|m| m.superseded_by.is_none());
        agreement(document, &live.map(|m| m.document).collect::<Vec<_>>())
    }

    /// Whether figures let a document belong here.
    fn accepts(&self, document: &Document) -> bool {
        !self.agreement_with(document).contradicts()
    }

    fn why_not(&self, document: &Document) -> String {
        let Agreement { shared, agreeing, .. } = self.agreement_with(document);
        let other = self.members.first().map_or("", |m| m.document.uri.as_str());
        format!("it prints the identity of {other}, but only {agreeing} of {shared} common figures agree; not joined")
    }

    /// Places a document: as a part that was missing, or as a repeat of one that is there.
    fn add(&mut self, document: &'a Document, mut evidence: Vec<Evidence>, forms: &Forms) {
        let part = document.part(forms);
        let found = self.agreement_with(document);
        if let Some(first) = self.members.first() {
            if evidence.is_empty() {
                evidence.push(identity_of(document, first.document));
            }
            let counted = evidence.iter().any(|e| matches!(e, Evidence::Figures(..)));
            if found.shared > 0 && !counted {
                evidence.push(Evidence::Figures(found.agreeing, found.shared));
            }
        }
        let mut placed = Placed { document, part, evidence, superseded_by: None, differences: Vec::new() };
        if let Some(at) = self.members.iter().position(|m| m.superseded_by.is_none() && is_again(m, part, document)) {
            self.replace(at, placed, forms);
        } else {
            placed.differences = found.differences;
            self.members.push(placed);
        }
    }

    /// Settles which of two documents that say the same thing stands.
    fn replace(&mut self, at: usize, mut again: Placed<'a>, forms: &Forms) {
        let Some(first) = self.members.get_mut(at) else { return };
        let found = agreement(again.document, &[first.document]);
        let order = newer(again.document, first.document, forms);
        if order == Some(true) {
            first.superseded_by = Some(again.document);
            first.differences = found.differences.into_iter().map(Difference::turned).collect();
        } else {
            again.superseded_by = Some(first.document);
            again.differences = found.differences;
            if order.is_none() && !again.differences.is_empty() {
                let (here, there) = (&again.document.uri, &first.document.uri);
                self.doubts.push(format!("{here} and {there} are versions of one document, and none says it is newer"));
            }
        }
        self.members.push(again);
    }

    fn into_disclosure(self, region_code: Option<String>, doubts: Vec<String>, forms: &Forms) -> Disclosure {
        let documents = self.documents();
        let main = documents.first();
        let live: Vec<&Document> =
            self.members.iter().filter(|m| m.superseded_by.is_none()).map(|m| m.document).collect();
        let kind = main.and_then(|d| d.kind.clone());
        let level = documents.iter().find_map(|d| d.entity_level);
        Disclosure {
            region_code,
            entity: main.and_then(|d| d.entity.clone()),
            entity_level: level,
            fiscal_year: main.and_then(|d| d.fiscal_year),
            coverage: Coverage::of(kind.as_deref(), &live, forms),
            kind,
            doubts: doubts.into_iter().chain(self.doubts).collect(),
            members: self.members.into_iter().map(Placed::into_member).collect(),
        }
    }
}

impl Placed<'_> {
    fn into_member(self) -> Member {
        Member {
            report_id: self.document.report_id.clone(),
            uri: self.document.uri.clone(),
            part: self.part,
            evidence: self.evidence,
            superseded_by: self.superseded_by.map(|d| d.report_id.clone()),
            differences: self.differences,
        }
    }
}

impl Difference {
    /// The same difference as the other document sees it.
    fn turned(self) -> Self {
        Self { name: self.name, here: self.there, there: self.here }
    }
}

fn identity_of(document: &Document, first: &Document) -> Evidence {
    match (&document.entity, &first.entity) {
        (Some(here), Some(there)) if here != there => Evidence::Spelling(here.clone()),
        _ => Evidence::Identity,
    }
}

/// Whether a document says again what a member says: the same part, and of annexes the same file name or text.
fn is_again(member: &Placed, part: Part, document: &Document) -> bool {
    let other = member.document;
    match (member.part, part) {
        (Part::Annex, Part::Annex) => other.kind == document.kind && stem(other) == stem(document),
        (Part::Other, Part::Other) => stem(other) == stem(document),
        // Two files of tables may be two halves of the tables.
        (Part::Tables, Part::Tables) => document.statements.keys().any(|form| other.statements.contains_key(form)),
        (here, there) => here == there,
    }
}

/// A file's name without its ending.
fn stem(document: &Document) -> &str {
    let name = document.file_name();
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Whether the first of two versions is the newer one; `None` where neither word nor date says.
fn newer(a: &Document, b: &Document, forms: &Forms) -> Option<bool> {
    let says = |d: &Document| {
        let words = [d.title.as_deref().unwrap_or_default(), d.file_name()];
        words.iter().any(|text| forms.joining.newer.is_match(text))
    };
    match (says(a), says(b)) {
        (true, false) => return Some(true),
        (false, true) => return Some(false),
        _ => {}
    }
    match (&a.published, &b.published) {
        (Some(a), Some(b)) if a != b => Some(a > b),
        _ => None,
    }
}
