//! Figures column by column. A document has hundreds of them that differ in few things, and what its tables and its
//! unit say already is not said again, so that a region of many bodies stays one page. `figuresOf` in
//! `assets/data.js` reads this.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Value, json};

use super::contents::{Figure, Grid, Token};

/// The figures of the documents of a body: for each property a column, for each document its piece of it.
#[derive(Debug, Default, Serialize)]
pub(super) struct Columns {
    #[serde(rename = "k")]
    kind: Vec<Vec<usize>>,
    #[serde(rename = "j")]
    subject: Vec<Vec<usize>>,
    #[serde(rename = "w")]
    part: Vec<Vec<usize>>,
    #[serde(rename = "p")]
    page: Vec<Vec<u32>>,
    /// Paragraphs since the figure before; null for none.
    #[serde(rename = "g")]
    paragraph: Vec<Vec<Option<i64>>>,
    /// Cell of a sheet; 0 for none.
    #[serde(rename = "c")]
    cell: Vec<Vec<Value>>,
    /// Table by its place in the list; -1 for none.
    #[serde(rename = "t")]
    table: Vec<Vec<i64>>,
    #[serde(rename = "r")]
    row: Vec<Vec<u32>>,
    #[serde(rename = "l")]
    col: Vec<Vec<u32>>,
    /// The literal; 0 where it is the text of its cell.
    #[serde(rename = "x")]
    printed: Vec<Vec<Value>>,
    /// The value; 0 where the literal and its unit make it, null where the dataset does not hold it.
    #[serde(rename = "v")]
    value: Vec<Vec<Value>>,
    /// Sentence and its first character that is the figure's; 0 for none.
    #[serde(rename = "s")]
    sentence: Vec<Vec<Value>>,
    /// Id; 0 where it is `f` and the number of the figure, from 1.
    #[serde(rename = "i")]
    id: Vec<Vec<Value>>,
}

/// What figures of all bodies have in common, each thing once.
#[derive(Debug, Default, Serialize)]
pub(super) struct Shared<'c> {
    /// What is measured: metric, measure, period, phase, fund, unit, printed unit, basis, whether another is preferred.
    #[serde(rename = "K")]
    kinds: Dictionary<Kind<'c>>,
    /// Of what: functional code, economic code, names as printed.
    #[serde(rename = "J")]
    subjects: Dictionary<Subject<'c>>,
    /// Parts and sheets.
    #[serde(rename = "W")]
    parts: Dictionary<Part<'c>>,
}

/// Things by number, in the order in which they were met.
#[derive(Debug)]
struct Dictionary<T> {
    list: Vec<T>,
    known: BTreeMap<T, usize>,
}

impl<T> Default for Dictionary<T> {
    fn default() -> Self {
        Self { list: Vec::new(), known: BTreeMap::new() }
    }
}

impl<T: Serialize> Serialize for Dictionary<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.list.serialize(serializer)
    }
}

impl<T: Ord + Clone> Dictionary<T> {
    fn number(&mut self, thing: T) -> usize {
        *self.known.entry(thing.clone()).or_insert_with(|| {
            self.list.push(thing);
            self.list.len() - 1
        })
    }
}

type Kind<'c> =
    (&'c str, &'c str, Option<&'c str>, Option<&'c str>, Option<&'c str>, &'c str, Option<&'c str>, &'c str, u8);
type Subject<'c> = (Option<&'c str>, Option<&'c str>, Option<&'c str>);
type Part<'c> = (Option<&'c str>, Option<&'c str>);

impl Columns {
    /// Adds the figures of a document; `tables` are those of the same document.
    pub(super) fn push<'c>(&mut self, figures: &'c [Figure], tables: &[Grid], shared: &mut Shared<'c>) {
        let places: BTreeMap<&str, usize> = tables.iter().enumerate().map(|(n, grid)| (grid.id.as_str(), n)).collect();
        let table = |figure: &Figure| figure.place.table.as_deref().and_then(|id| places.get(id)).copied();
        let texts: Vec<BTreeMap<u64, &str>> = tables.iter().map(texts).collect();
        let is_cell = |figure: &Figure| {
            table(figure).is_some_and(|n| text_at(tables, &texts, n, figure) == Some(figure.printed.as_str()))
        };
        let part = |figure: &'c Figure| (figure.place.part.as_deref(), figure.place.sheet.as_deref());
        let or_zero = |is_zero: bool, value: Value| if is_zero { json!(0) } else { value };
        self.kind.push(figures.iter().map(|f| shared.kinds.number(kind(f))).collect());
        self.subject.push(figures.iter().map(|f| shared.subjects.number(subject(f))).collect());
        self.part.push(figures.iter().map(|f| shared.parts.number(part(f))).collect());
        self.page.push(figures.iter().map(|f| f.place.page.unwrap_or_default()).collect());
        self.paragraph.push(steps(figures));
        self.cell.push(figures.iter().map(|f| f.place.cell.as_ref().map_or(json!(0), |cell| json!(cell))).collect());
        self.table.push(figures.iter().map(|f| table(f).and_then(|n| i64::try_from(n).ok()).unwrap_or(-1)).collect());
        self.row.push(figures.iter().map(|f| f.place.row.unwrap_or_default()).collect());
        self.col.push(figures.iter().map(|f| f.place.col.unwrap_or_default()).collect());
        self.printed.push(figures.iter().map(|f| or_zero(is_cell(f), json!(f.printed))).collect());
        self.value.push(figures.iter().map(|f| or_zero(is_made(f), json!(f.value))).collect());
        self.sentence.push(figures.iter().map(|f| f.sentence.map_or(json!(0), |sentence| json!(sentence))).collect());
        let is_numbered = |(n, f): (usize, &Figure)| or_zero(f.id == format!("f{}", n + 1), json!(f.id));
        self.id.push(figures.iter().enumerate().map(is_numbered).collect());
    }
}

/// Paragraphs of figures, each since the one before.
fn steps(figures: &[Figure]) -> Vec<Option<i64>> {
    let mut before = 0;
    let step = |figure: &Figure| {
        let paragraph = i64::from(figure.place.paragraph?);
        Some(paragraph - std::mem::replace(&mut before, paragraph))
    };
    figures.iter().map(step).collect()
}

fn is_made(figure: &Figure) -> bool {
    figure.value.is_some() && figure.value == made(&figure.printed, figure.printed_unit.as_deref())
}

fn kind(figure: &Figure) -> Kind<'_> {
    (
        &figure.metric,
        &figure.measure,
        figure.period.as_deref(),
        figure.phase.as_deref(),
        figure.fund.as_deref(),
        &figure.unit,
        figure.printed_unit.as_deref(),
        &figure.basis,
        u8::from(figure.is_other),
    )
}

fn subject(figure: &Figure) -> Subject<'_> {
    (figure.func_code.as_deref(), figure.econ_code.as_deref(), figure.label.as_deref())
}

/// The texts of a grid by position, row after row.
fn texts(grid: &Grid) -> BTreeMap<u64, &str> {
    let mut at = 0;
    let mut texts = BTreeMap::new();
    for token in &grid.cells {
        match token {
            Token::Skip(positions) => at += positions,
            Token::Spans(_) => {}
            Token::Text(text) => {
                texts.insert(at, text.as_str());
                at += 1;
            }
            // Texts are shared when the part is written, which is later.
            Token::Shared(_) => at += 1,
        }
    }
    texts
}

fn text_at<'t>(tables: &[Grid], texts: &[BTreeMap<u64, &'t str>], table: usize, figure: &Figure) -> Option<&'t str> {
    let cols = u64::from(tables.get(table)?.cols);
    let at = u64::from(figure.place.row?) * cols + u64::from(figure.place.col?);
    texts.get(table)?.get(&at).copied()
}

/// The value that a literal in a unit plainly says; nothing where it takes more than moving the point.
fn made(printed: &str, unit: Option<&str>) -> Option<String> {
    let plain: String = printed.chars().filter(|c| !matches!(c, ',' | '，' | ' ')).collect();
    let plain = plain.strip_suffix('%').unwrap_or(&plain);
    let is_plain = plain.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    let factor = match unit {
        Some("千元") => 1_000,
        Some("万元") => 10_000,
        Some("亿元") => 100_000_000,
        _ => 1,
    };
    let number: Decimal = plain.parse().ok().filter(|_| is_plain && !plain.starts_with('.'))?;
    number.checked_mul(Decimal::from(factor)).map(|value| value.normalize().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_makes_its_value_by_moving_the_point_alone() {
        assert_eq!(made("1,234.50", Some("万元")).as_deref(), Some("12345000"));
        assert_eq!(made("-0.5", Some("元")).as_deref(), Some("-0.5"));
        assert_eq!(made("12.30%", Some("%")).as_deref(), Some("12.3"));
        assert_eq!(made("—", Some("万元")), None);
        assert_eq!(made("12.3.4", None), None);
    }
}
