//! Which statement a table is: by its title first, by header words and row labels second, with a score and reasons.

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

/// Places a table, or says why not.
pub(crate) fn classify(
    table: &Table,
    content: &Content,
    grid: &Grid<'_>,
    forms: &Statements,
    family: &str,
) -> Result<Placed, Vec<String>> {
    let titles = titles(table, content, &forms.words);
    let header = grid.header_text();
    let labels = label_text(grid);
    let mut best: Option<(f32, usize, Placed)> = None;
    for (index, form) in forms.forms.iter().enumerate() {
        let Some(id) = form.ids.get(family) else { continue };
        let Some((length, placed)) = judge(form, &titles, &header, &labels, &forms.words) else { continue };
        let placed = Placed { form: Some(index), id: id.clone(), ..placed };
        let rank = (placed.score, length);
        if best.as_ref().is_none_or(|(score, longest, _)| rank > (*score, *longest)) {
            best = Some((rank.0, rank.1, placed));
        }
    }
    best.map(|(_, _, placed)| placed).ok_or_else(|| match titles.first() {
        Some(title) => vec![format!("no form has the title {title}")],
        None => vec!["no title, and header and labels fit no form".to_owned()],
    })
}

/// Lines that may name the table, in canonical spelling: its title, its captions, its section, its sheet.
fn titles(table: &Table, content: &Content, words: &Words) -> Vec<String> {
    let section = table.section.as_ref().and_then(|id| content.sections.iter().find(|s| &s.id == id));
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

/// A form's case: how long the alias is that fits, and the placement without its index.
fn judge(
    form: &StatementForm,
    titles: &[String],
    header: &str,
    labels: &str,
    words: &Words,
) -> Option<(usize, Placed)> {
    let title = titles
        .iter()
        .flat_map(|t| form.titles.iter().map(move |alias| (fit(t, alias, words), alias)))
        .filter(|(fit, _)| *fit >= TITLE_FITS)
        .max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.len().cmp(&b.1.len())));
    let heads = share(&form.header, header);
    let rows = share(&form.labels, labels);
    let mut reasons = Vec::new();
    let (score, length) = match title {
        Some((fit, alias)) => {
            reasons.push(format!("title {alias}"));
            (0.6 * fit + 0.25 * heads + 0.15 * rows, alias.chars().count())
        }
        // Only labels that no other statement has can stand in for a title.
        None if titles.is_empty() && heads >= 1.0 && rows >= 1.0 && form.labels.len() > 2 => (0.5, 0),
        None => return None,
    };
    reasons.push(format!("{:.0}% of its header words, {:.0}% of its labels", heads * 100.0, rows * 100.0));
    Some((length, Placed { form: None, id: String::new(), score, reasons }))
}

fn share(patterns: &[regex::Regex], text: &str) -> f32 {
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
