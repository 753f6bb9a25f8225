//! Documents become disclosures: the text of a report, its tables in a workbook, an evaluation annex, and the same
//! thing published again.
//!
//! [`join`] is a pure function from what is known of each document ([`Document`]) to [`Disclosure`]s, each with
//! the evidence for every member. Printed identity comes first: body, year and kind, and a place where the name alone
//! could be that of another place's body. Figures that both documents print may speak against it. Where a
//! document does not say whose it is, folder and name may tell, but only together with figures that agree; what is
//! merely likely is a note and no join. Nothing here opens a file or reads a table of the dataset.

mod coverage;
mod document;
mod figures;
#[cfg(test)]
mod tests;
mod versions;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::forms::Forms;
use crate::model::EntityLevel;

pub use coverage::Coverage;
pub use document::Document;
use document::is_near;
pub use figures::{Difference, Figure, Figures};

/// Figures that two documents must share before agreement says anything.
const TELLING: usize = 3;

/// What one body published for one year as one kind of report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Disclosure {
    /// Six digits, where the documents say.
    pub region_code: Option<String>,
    /// The body, as the most complete of its documents prints it.
    pub entity: Option<String>,
    /// Department or unit; the two are never joined.
    pub entity_level: Option<EntityLevel>,
    /// The year.
    pub fiscal_year: Option<u16>,
    /// The kind of report.
    pub kind: Option<String>,
    /// Its documents, the most complete one first.
    pub members: Vec<Member>,
    /// Which statements it holds.
    pub coverage: Coverage,
    /// What is doubtful about it, for a person.
    pub doubts: Vec<String>,
}

/// A document of a disclosure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Member {
    /// Its report.
    pub report_id: String,
    /// Where the file lies.
    pub uri: String,
    /// What it contributes.
    pub part: Part,
    /// Why it belongs here, in order of weight; none for the document that the others are compared with.
    pub evidence: Vec<Evidence>,
    /// The document that took its place, where one did.
    pub superseded_by: Option<String>,
    /// Figures that it prints otherwise than the document that it repeats or that took its place.
    pub differences: Vec<Difference>,
}

/// What a document contributes to its disclosure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Text and statements.
    Whole,
    /// Text without statements.
    Text,
    /// Statements without text.
    Tables,
    /// An annex, such as an evaluation.
    Annex,
    /// Neither text with figures nor statements.
    Other,
}

/// Why a document belongs to a disclosure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// It prints the same body, year and kind.
    Identity,
    /// It prints the body in another spelling, which this is.
    Spelling(String),
    /// It prints the same body and year, and its kind is an annex of this kind.
    AnnexKind,
    /// It lies in the same folder.
    Folder,
    /// Its file name holds the body's name.
    Name,
    /// So many of the figures that both print agree, of so many.
    Figures(usize, usize),
}

impl Part {
    /// The word of the dataset.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Text => "text",
            Self::Tables => "tables",
            Self::Annex => "annex",
            Self::Other => "other",
        }
    }
}

impl std::fmt::Display for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Identity => f.write_str("identity"),
            Self::Spelling(name) => write!(f, "spelling {name}"),
            Self::AnnexKind => f.write_str("annex kind"),
            Self::Folder => f.write_str("folder"),
            Self::Name => f.write_str("name"),
            Self::Figures(agreeing, shared) => write!(f, "figures {agreeing}/{shared}"),
        }
    }
}

impl Disclosure {
    /// The documents that stand for it, those that others took the place of left out.
    pub fn live(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|m| m.superseded_by.is_none())
    }
}

/// What a printed identity says: body in its common spelling, year, kind.
type Key = (String, u16, String);

/// A group of documents on its way to a disclosure.
#[derive(Debug, Default)]
struct Group<'a> {
    documents: Vec<(&'a Document, Vec<Evidence>)>,
    doubts: Vec<String>,
}

/// Joins documents into disclosures, in the order of body, year and kind.
///
/// Documents of which neither body nor anything else tells whose they are come out as disclosures of their own. The
/// result does not depend on the order of `documents`.
#[must_use]
pub fn join(documents: &[Document], forms: &Forms) -> Vec<Disclosure> {
    let mut sorted: Vec<&Document> = documents.iter().collect();
    sorted.sort_by(|a, b| (&a.uri, &a.report_id).cmp(&(&b.uri, &b.report_id)));
    let (mut groups, unnamed) = group_by_identity(&sorted, forms);
    attach_annexes(&mut groups, forms);
    let mut rest = attach_unnamed(&mut groups, unnamed, forms);
    let mut disclosures = Vec::new();
    for (_, group) in groups {
        disclosures.extend(group.into_iter().flat_map(|g| versions::resolve(g, forms)));
    }
    disclosures.extend(rest.drain(..).flat_map(|g| versions::resolve(g, forms)));
    disclosures
}

type Groups<'a> = BTreeMap<Key, Vec<Group<'a>>>;

/// Puts documents together that print one identity; gives back those that print none.
fn group_by_identity<'a>(documents: &[&'a Document], forms: &Forms) -> (Groups<'a>, Vec<&'a Document>) {
    let mut keyed: BTreeMap<Key, Vec<&Document>> = BTreeMap::new();
    let mut unnamed = Vec::new();
    for &document in documents {
        match document.key(forms) {
            Some(key) => keyed.entry(key).or_default().push(document),
            None => unnamed.push(document),
        }
    }
    let groups = keyed.into_iter().map(|(key, documents)| (key, part_by_place(documents)));
    (groups.collect(), unnamed)
}

/// Parts documents of one name by place: the education bureaus of two districts share a name, year and kind.
///
/// A document without a place goes with the only place there is when it lies in the same folder tree; documents
/// without any place stay together when one folder tree holds them.
fn part_by_place(documents: Vec<&Document>) -> Vec<Group<'_>> {
    let mut placed: BTreeMap<String, Group> = BTreeMap::new();
    let mut open = Vec::new();
    for document in documents {
        match &document.region_code {
            Some(code) => placed.entry(code.clone()).or_default().documents.push((document, vec![])),
            None => open.push(document),
        }
    }
    let mut groups: Vec<Group> = placed.into_values().collect();
    // Many documents of one body lie in one folder: each folder is compared once.
    let mut folders: Vec<BTreeSet<&str>> = groups.iter().map(Group::folders).collect();
    for document in open {
        let near = |folders: &BTreeSet<&str>| folders.iter().any(|folder| is_near(document.folder(), folder));
        let candidates: Vec<usize> = (0..groups.len()).filter(|&at| folders.get(at).is_some_and(near)).collect();
        if let [only] = candidates.as_slice() {
            groups.get_mut(*only).into_iter().for_each(|group| group.documents.push((document, vec![])));
            folders.get_mut(*only).into_iter().for_each(|folders| folders.extend([document.folder()]));
            continue;
        }
        let mut group = Group { documents: vec![(document, vec![])], ..Group::default() };
        if !groups.is_empty() {
            group.doubts.push("the name is that of bodies of other places, and no place is printed".into());
        }
        groups.push(group);
        folders.push([document.folder()].into());
    }
    groups
}

/// Moves evaluation annexes to the report of their body and year, where there is exactly one.
fn attach_annexes(groups: &mut Groups, forms: &Forms) {
    let annexes: Vec<Key> =
        groups.keys().filter(|(_, _, kind)| forms.joining.annex_of(kind).is_some()).cloned().collect();
    for key in annexes {
        let Some(family) = forms.joining.annex_of(&key.2) else { continue };
        let belongs = |k: &Key| k.0 == key.0 && k.1 == key.1 && k.2.split('.').next() == Some(family);
        let mains: Vec<Key> = groups.keys().filter(|k| belongs(k)).cloned().collect();
        // A department and a unit of one name: the annex says whose it is by its level alone.
        let Some(moving) = groups.remove(&key) else { continue };
        let target = match mains.as_slice() {
            [only] => groups.get_mut(only).filter(|g| g.len() == 1).and_then(|g| g.first_mut()),
            _ => None,
        };
        if let Some(main) = target {
            let documents = moving.into_iter().flat_map(|g| g.documents);
            main.documents.extend(documents.map(|(d, _)| (d, vec![Evidence::AnnexKind])));
        } else {
            let mut kept = moving;
            if mains.len() > 1 {
                let doubt = "it is an annex of one of several reports of its body and year";
                for group in &mut kept {
                    group.doubts.push(doubt.into());
                }
            }
            groups.insert(key, kept);
        }
    }
}

/// Joins documents that do not say whose they are to the one report of their folder, when name or figures agree; gives
/// back the others, each alone.
fn attach_unnamed<'a>(groups: &mut Groups<'a>, unnamed: Vec<&'a Document>, forms: &Forms) -> Vec<Group<'a>> {
    let mut rest = Vec::new();
    for document in unnamed {
        let mut near: Vec<&mut Group> = groups
            .values_mut()
            .flatten()
            .filter(|g| {
                g.documents.iter().any(|(d, _)| d.folder() == document.folder() && document.may_be_of(d, forms))
            })
            .collect();
        let doubt = match near.as_mut_slice() {
            [only] => match evidence_for(document, only, forms) {
                Ok(evidence) => {
                    only.documents.push((document, evidence));
                    continue;
                }
                Err(doubt) => Some(doubt),
            },
            [] => None,
            many => Some(format!("{} reports of its folder may be the one that it belongs to", many.len())),
        };
        rest.push(Group { documents: vec![(document, vec![])], doubts: doubt.into_iter().collect() });
    }
    rest
}

/// What speaks for a document of the same folder, when it is enough: its figures agree, or its name is the body's and
/// no figure speaks against it.
fn evidence_for(document: &Document, group: &Group, forms: &Forms) -> Result<Vec<Evidence>, String> {
    let others: Vec<&Document> = group.documents.iter().map(|(d, _)| *d).collect();
    let agreement = figures::agreement(document, &others);
    let first = others.first().and_then(|d| d.entity.as_deref()).unwrap_or_default();
    let named = !first.is_empty() && forms.joining.body(document.file_name()).contains(&forms.joining.body(first));
    let mut evidence = vec![Evidence::Folder];
    if named {
        evidence.push(Evidence::Name);
    }
    if agreement.shared >= TELLING && agreement.agrees() {
        evidence.push(Evidence::Figures(agreement.agreeing, agreement.shared));
        return Ok(evidence);
    }
    if named && agreement.differences.is_empty() {
        return Ok(evidence);
    }
    let (agreeing, shared) = (agreement.agreeing, agreement.shared);
    Err(format!("it lies beside a report of {first} and may belong to it: {agreeing} of {shared} common figures agree"))
}

impl<'a> Group<'a> {
    /// Folders that its documents lie in.
    fn folders(&self) -> BTreeSet<&'a str> {
        self.documents.iter().map(|(d, _)| d.folder()).collect()
    }

    /// Regions that its documents name; at most one by construction.
    fn region(&self) -> Option<String> {
        let codes: BTreeSet<&String> = self.documents.iter().filter_map(|(d, _)| d.region_code.as_ref()).collect();
        codes.into_iter().next().cloned()
    }
}
