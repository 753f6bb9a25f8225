//! Which statement a table is: by its title first, by header words and row labels second, with a score and reasons.

use crate::forms::expression::Expression;
use crate::forms::statements::{StatementForm, Statements, Words};
use crate::model::{Content, Table};

use super::grid::Grid;

/// The form of a table and how sure that is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Placed {
    /// Index into the statement forms; `None` for a performance form.
    pub(crate) form: Option<usize>,
    /// Form id in the document's family.
    pub(crate) id: String,
    pub(crate) score: f32,
    pub(crate) reasons: Vec<String>,
}

impl Placed {
    /// A performance form, known by its title and its indicators.
    pub(crate) fn performance(id: &str) -> Self {
        Self { form: None, id: id.to_owned(), score: 0.9, reasons: vec!["title and indicators".to_owned()] }
    }
}

/// Below this a title is not taken for a form's title.
const TITLE_FITS: f32 = 0.7;

/// What a table may be, before it is known whether the document is a budget or an account.
#[derive(Debug)]
pub(crate) enum Candidates {
    /// A performance form of this id.
    Performance(String),
    /// Statement forms that it fits.
    Statements {
        /// In the order of the forms.
        cases: Vec<Case>,
        /// The first line that may name the table.
        title: Option<String>,
    },
}

/// One form's case.
#[derive(Debug)]
pub(crate) struct Case {
    form: usize,
    /// Characters of the alias that fits.
    length: usize,
    score: f32,
    reasons: Vec<String>,
}

impl Candidates {
    /// Whether the table is a statement of some family.
    pub(crate) fn has_statement(&self) -> bool {
        matches!(self, Self::Statements { cases, .. } if !cases.is_empty())
    }

    /// Places the table in a family, or says why not.
    pub(crate) fn place(&self, forms: &Statements, family: &str) -> Result<Placed, Vec<String>> {
        let (cases, title) = match self {
            Self::Performance(id) => return Ok(Placed::performance(id)),
            Self::Statements { cases, title } => (cases, title),
        };
        let id = |case: &Case| forms.forms.get(case.form).and_then(|f| f.ids.get(family));
        let mut best: Option<(&Case, &String)> = None;
        for (case, id) in cases.iter().filter_map(|c| Some((c, id(c)?))) {
            if best.is_none_or(|(known, _)| (case.score, case.length) > (known.score, known.length)) {
                best = Some((case, id));
            }
        }
        let placed = best.map(|(case, id)| Placed {
            form: Some(case.form),
            id: id.clone(),
            score: case.score,
            reasons: case.reasons.clone(),
        });
        placed.ok_or_else(|| match title {
            Some(title) => vec![format!("no form has the title {title}")],
            None => vec!["no title, and header and labels fit no form".to_owned()],
        })
    }
}

/// Finds the statement forms that a table fits.
pub(crate) fn classify(table: &Table, content: &Content, grid: &Grid<'_>, forms: &Statements) -> Candidates {
    let titles = titles(table, content, &forms.words);
    let texts = Texts {
        titles: &titles,
        is_titled: table.title.is_some(),
        header: grid.header_text(),
        labels: label_text(grid),
    };
    let cases = forms.forms.iter().enumerate();
    let cases = cases.filter_map(|(index, form)| judge(index, form, &texts, &forms.words)).collect();
    Candidates::Statements { cases, title: titles.into_iter().next() }
}

/// What a table says of itself.
struct Texts<'t> {
    titles: &'t [String],
    is_titled: bool,
    header: String,
    labels: String,
}

/// Lines that may name the table, in canonical spelling: its title, its captions, its section, its sheet.
fn titles(table: &Table, content: &Content, words: &Words) -> Vec<String> {
    // A heading names the first table below it; the others have lost their titles.
    let first = content.tables.iter().find(|t| t.section == table.section).is_some_and(|t| t.id == table.id);
    let section = table.section.as_ref().filter(|_| first);
    let section = section.and_then(|id| content.sections.iter().find(|s| &s.id == id));
    let sheet = table.locations.first().and_then(|l| l.sheet.as_deref());
    let lines = table.title.iter().chain(&table.captions).map(String::as_str);
    let lines = lines.chain(section.map(|s| s.title.as_str())).chain(sheet);
    let mut titles: Vec<String> = lines.map(|l| words.canonical(l)).filter(|t| t.chars().count() > 1).collect();
    titles.dedup();
    titles
}

/// The labels of the first rows; enough to know a statement by.
fn label_text(grid: &Grid<'_>) -> String {
    let rows = grid.rows().take(80);
    rows.flat_map(|row| grid.cols().take(8).map(move |col| (row, col)))
        .filter(|&(row, col)| grid.number(row, col).is_none())
        .map(|(row, col)| grid.text(row, col))
        .collect::<Vec<_>>()
        .join(" ")
}

/// A form's case, if it has one.
fn judge(index: usize, form: &StatementForm, texts: &Texts<'_>, words: &Words) -> Option<Case> {
    let title = texts
        .titles
        .iter()
        .flat_map(|t| form.titles.iter().map(move |alias| (fit(t, alias, words), alias)))
        .filter(|(fit, _)| *fit >= TITLE_FITS)
        .max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.len().cmp(&b.1.len())));
    if title.is_none() && (!form.untitled || texts.is_titled) {
        return None;
    }
    let heads = share(&form.header, &texts.header);
    let rows = share(&form.labels, &texts.labels);
    let mut reasons = Vec::new();
    let (score, length) = match title {
        Some((fit, alias)) => {
            reasons.push(format!("title {alias}"));
            (0.6 * fit + 0.25 * heads + 0.15 * rows, alias.chars().count())
        }
        None if heads >= 1.0 && rows >= 1.0 => (0.5, 0),
        None => return None,
    };
    reasons.push(format!("{:.0}% of its header words, {:.0}% of its labels", heads * 100.0, rows * 100.0));
    Some(Case { form: index, length, score, reasons })
}

fn share(patterns: &[Expression], text: &str) -> f32 {
    if patterns.is_empty() {
        return 1.0;
    }
    let found = patterns.iter().filter(|p| p.is_match(text)).count();
    found as f32 / patterns.len() as f32
}

/// How well a title fits an alias: exactly, behind the name of a body, or with words around it that tell nothing.
fn fit(title: &str, alias: &str, words: &Words) -> f32 {
    if title == alias {
        return 1.0;
    }
    let Some(at) = title.rfind(alias).filter(|_| alias.chars().count() > 2) else { return 0.0 };
    let (before, after) = (&title[..at], &title[at + alias.len()..]);
    if after.is_empty() && words.body.is_match(before) {
        return 0.95;
    }
    let rest = format!("{before}{after}");
    if words.distinct.is_match(&rest) {
        return 0.0;
    }
    let extra = rest.chars().count();
    if extra <= 4 { 0.85 } else { 0.5 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::Forms;

    #[test]
    fn a_title_that_says_more_is_another_statement() {
        let forms = Forms::builtin();
        let words = &forms.statements.words;
        let fits = |title: &str, alias: &str| fit(&words.canonical(title), &words.canonical(alias), words);
        assert!(fits("2026年部门收支总体情况表", "收支预算总表") > 0.99);
        assert!(fits("预算01表 收支总表", "收入支出决算总表") > 0.99);
        assert!(fits("某市某局2025年部门综合预算收支总表", "收支总表") > 0.9);
        assert!(fits("一般公共预算财政拨款支出决算表", "支出决算表") < 0.1);
        assert!(fits("财政拨款收支总表", "收支总表") < 0.1);
        assert!(fits("政府性基金预算支出表", "国有资本经营预算支出表") < 0.1);
    }
}
