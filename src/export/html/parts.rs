//! The content of a body's documents as one part of the page, which is unpacked alone. What is alike stands side by
//! side, because DEFLATE sees 32 KB back: the tables of all documents, then each property of all figures. Texts that
//! many bodies print stand once for the whole page.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::contents::{Chart, Content, Finding, Grid, Token};
use super::figures::{self, Columns};
use super::model::Model;
use super::rows::Place;

/// Which cells of tables are in the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    All,
    /// Those of tables that a figure or finding stands in.
    Cited,
}

/// A text is shared from so many letters on; shorter ones pack as well where they stand.
const SHARED_LETTERS: usize = 3;

/// What all bodies have in common.
#[derive(Debug, Default, Serialize)]
pub(super) struct Shared<'m> {
    #[serde(flatten)]
    figures: figures::Shared<'m>,
    /// Texts of cells.
    #[serde(rename = "X")]
    texts: Vec<&'m str>,
    #[serde(skip)]
    numbers: BTreeMap<&'m str, i64>,
}

impl<'m> Shared<'m> {
    /// Finds the texts that cells of more than one body print.
    pub(super) fn new(model: &'m Model) -> Self {
        let mut bodies: BTreeMap<&str, (Option<usize>, bool)> = BTreeMap::new();
        for (document, content) in model.index.documents.iter().zip(&model.contents) {
            let tokens = content.tables.iter().flat_map(|grid| &grid.cells);
            let texts =
                tokens.filter_map(|token| if let Token::Text(text) = token { Some(text.as_str()) } else { None });
            for text in texts.filter(|text| is_words(text)) {
                let (first, is_shared) = bodies.entry(text).or_insert((document.body, false));
                *is_shared |= *first != document.body;
            }
        }
        let texts: Vec<&str> =
            bodies.into_iter().filter(|(_, (_, is_shared))| *is_shared).map(|(text, _)| text).collect();
        let numbers = texts.iter().copied().zip(1..).map(|(text, n): (&str, i64)| (text, -n)).collect();
        Self { figures: figures::Shared::default(), texts, numbers }
    }

    fn token(&self, token: &Token) -> Token {
        match token {
            Token::Text(text) => self.numbers.get(text.as_str()).map_or_else(|| token.clone(), |n| Token::Shared(*n)),
            _ => token.clone(),
        }
    }
}

/// Whether a text is worth sharing; figures are not, they differ.
fn is_words(text: &str) -> bool {
    text.chars().nth(SHARED_LETTERS - 1).is_some() && !text.chars().all(|c| c.is_ascii_digit() || ",.-%".contains(c))
}

/// The documents of a body.
#[derive(Debug, Default, Serialize)]
pub(super) struct Part<'m> {
    #[serde(skip)]
    pub(super) body: Option<usize>,
    /// Which documents these are.
    #[serde(rename = "D")]
    documents: Vec<usize>,
    #[serde(rename = "T")]
    tables: Vec<Vec<Grid>>,
    #[serde(rename = "F")]
    figures: Columns,
    #[serde(rename = "S")]
    sentences: Vec<&'m [String]>,
    #[serde(rename = "N")]
    findings: Vec<&'m [Finding]>,
    #[serde(rename = "C")]
    charts: Vec<&'m [Chart]>,
    #[serde(rename = "M")]
    notes: Vec<&'m [(String, String, Place)]>,
}

/// The parts of all bodies, those of documents without one last.
pub(super) fn parts<'m>(model: &'m Model, kept: Kept, shared: &mut Shared<'m>) -> Vec<Part<'m>> {
    let mut parts: BTreeMap<usize, Part<'m>> = BTreeMap::new();
    for (n, (document, content)) in model.index.documents.iter().zip(&model.contents).enumerate() {
        let part = parts.entry(document.body.unwrap_or(usize::MAX)).or_default();
        part.body = document.body;
        part.documents.push(n);
        part.figures.push(&content.facts, &content.tables, &mut shared.figures);
        part.tables.push(tables(content, kept, shared));
        part.sentences.push(&content.sentences);
        part.findings.push(&content.findings);
        part.charts.push(&content.charts);
        part.notes.push(&content.notes);
    }
    parts.into_values().collect()
}

fn tables(content: &Content, kept: Kept, shared: &Shared<'_>) -> Vec<Grid> {
    let cited = cited(content);
    let table = |grid: &Grid| {
        let is_left_out = kept == Kept::Cited && !cited.contains(grid.id.as_str());
        let cells = if is_left_out { Vec::new() } else { grid.cells.iter().map(|t| shared.token(t)).collect() };
        grid.with_cells(cells, is_left_out)
    };
    content.tables.iter().map(table).collect()
}

/// Tables that a figure or a finding stands in.
fn cited(content: &Content) -> BTreeSet<&str> {
    let figures = content.facts.iter().filter_map(|figure| figure.place.table.as_deref());
    let findings = content.findings.iter().flat_map(|finding| &finding.places).filter_map(|p| p.table.as_deref());
    figures.chain(findings).collect()
}

#[cfg(test)]
mod tests {
    use super::super::contents::Figure;
    use super::super::ledger::Document;
    use super::super::model::Index;
    use super::*;

    fn grid(id: &str, text: &str) -> Grid {
        let cells = vec![Token::Text(text.to_owned()), Token::Text("1.00".to_owned())];
        let mut grid = Grid::default().with_cells(cells, false);
        (grid.id, grid.rows, grid.cols) = (id.to_owned(), 1, 2);
        grid
    }

    /// Two bodies with a document each, which has a table that a figure stands in and another.
    fn model() -> Model {
        let document = |body| Document { body: Some(body), ..Document::default() };
        let place = Place { table: Some("t1".to_owned()), row: Some(0), col: Some(1), ..Place::default() };
        let content = || Content {
            tables: vec![grid("t1", "一般公共服务支出"), grid("t2", "备注说明")],
            facts: vec![Figure { place: place.clone(), ..Figure::default() }],
            ..Content::default()
        };
        let index = Index { documents: vec![document(0), document(1)], ..Index::default() };
        Model { index, contents: vec![content(), content()] }
    }

    #[test]
    fn a_text_that_two_bodies_print_is_shared_and_a_figure_is_not() {
        let model = model();
        let mut shared = Shared::new(&model);
        assert_eq!(shared.texts, ["一般公共服务支出", "备注说明"]);
        let parts = parts(&model, Kept::All, &mut shared);
        let cells: Vec<&[Token]> = parts[1].tables[0].iter().map(|grid| grid.cells.as_slice()).collect();
        let figure = || Token::Text("1.00".to_owned());
        assert_eq!(cells, [[Token::Shared(-1), figure()], [Token::Shared(-2), figure()]]);
    }

    #[test]
    fn where_room_is_short_the_cells_of_tables_without_figures_go_and_the_page_can_say_so() {
        let model = model();
        let parts = parts(&model, Kept::Cited, &mut Shared::new(&model));
        let left: Vec<(usize, bool)> = parts[0].tables[0].iter().map(|g| (g.cells.len(), g.is_left_out)).collect();
        assert_eq!(left, [(2, false), (0, true)]);
    }
}
