//! Which code a row or a chain of words stands for: printed in one cell or in three, glued to the name, or
//! resolved from names.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use crate::forms::codes::{Classification, name_key};
use crate::model::{CodeSource, Fact, RowLevel};

/// A code with the name beside it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Coded {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) source: Option<CodeSource>,
}

/// Codes of a table run down its rows: a row may print only its own last part.
#[derive(Debug, Default)]
pub(crate) struct CodeColumn {
    parts: Vec<String>,
}

static GLUED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^([0-9]{7}|[0-9]{5}|[0-9]{3})[-—_.:]?([^0-9].*)$").ok());

impl CodeColumn {
    /// Reads the label cells of a row, left to right; `None` when they hold no code.
    pub(crate) fn read(&mut self, labels: &[&str]) -> Option<Coded> {
        let name = labels.iter().rev().find(|l| !l.is_empty() && !is_digits(l)).copied().unwrap_or("");
        if let Some((code, name)) = labels.iter().find_map(|l| split_glued(l)) {
            return Some(Coded { code, name, source: Some(CodeSource::Printed) });
        }
        let digits: Vec<(usize, &str)> = labels.iter().copied().enumerate().filter(|(_, l)| is_digits(l)).collect();
        let code = match digits.as_slice() {
            [] => return None,
            [(_, whole)] if matches!(whole.len(), 3 | 5 | 7) => {
                self.parts = split_code(whole);
                (*whole).to_owned()
            }
            parts => self.join(parts)?,
        };
        Some(Coded { code, name: name.to_owned(), source: Some(CodeSource::Printed) })
    }

    /// Joins 类, 款 and 项 of separate cells; what a row leaves blank is taken from the rows above.
    fn join(&mut self, parts: &[(usize, &str)]) -> Option<String> {
        let (first, part) = *parts.first()?;
        let rank = if part.len() == 3 { 0 } else { first };
        if rank > self.parts.len() || rank > 2 || parts.len() > 3 - rank {
            return None;
        }
        self.parts.truncate(rank);
        self.parts.extend(parts.iter().map(|(_, p)| (*p).to_owned()));
        let shape: Vec<usize> = self.parts.iter().map(String::len).collect();
        let fits = matches!(shape.as_slice(), [3] | [3, 2] | [3, 2, 2]);
        fits.then(|| self.parts.concat())
    }
}

fn split_glued(label: &str) -> Option<(String, String)> {
    let found = GLUED.as_ref()?.captures(label)?;
    let (code, name) = (found.get(1)?.as_str(), found.get(2)?.as_str());
    // 2025年 is a year, 101项 a count.
    let is_code = matches!(code.as_bytes().first(), Some(b'2' | b'3')) && name.chars().count() > 1;
    is_code.then(|| (code.to_owned(), name.to_owned()))
}

fn split_code(code: &str) -> Vec<String> {
    [code.get(..3), code.get(3..5), code.get(5..7)].into_iter().flatten().map(str::to_owned).collect()
}

fn is_digits(text: &str) -> bool {
    matches!(text.len(), 2 | 3 | 5 | 7) && text.bytes().all(|b| b.is_ascii_digit())
}

/// Codes that the tables of a report print beside names: what a name means there that is the name of many codes.
#[derive(Debug, Default)]
pub(crate) struct OwnCodes(BTreeMap<String, BTreeSet<String>>);

impl OwnCodes {
    /// The codes of facts that print them.
    pub(crate) fn of(facts: &[Fact]) -> Self {
        let mut codes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for fact in facts.iter().filter(|f| f.code_source == Some(CodeSource::Printed)) {
            if let (Some(name), Some(code)) = (&fact.func_name, &fact.func_code) {
                codes.entry(name_key(name)).or_default().insert(code.clone());
            }
        }
        Self(codes)
    }

    /// The one code of the last name whose classes and sections go by the names before it.
    pub(crate) fn chain(&self, names: &[(&str, usize)], list: &Classification) -> Option<&str> {
        let ((name, digits), above) = names.split_last()?;
        let is_below = |code: &str| above.iter().all(|(n, d)| code.get(..*d).is_some_and(|c| list.is_name_of(n, c)));
        let mut fitting = self.0.get(&name_key(name))?.iter().filter(|c| c.len() == *digits && is_below(c));
        let first = fitting.next()?;
        fitting.next().is_none().then_some(first.as_str())
    }
}

/// The rank of a code by its length.
pub(crate) fn level_of(code: &str) -> Option<RowLevel> {
    match code.len() {
        3 => Some(RowLevel::Class),
        5 => Some(RowLevel::Section),
        7 => Some(RowLevel::Item),
        _ => None,
    }
}

/// A chain of names in running text, from class to item, with the codes that stand behind them.
///
/// `一般公共服务(201)党委办公厅(室)及相关机构事务(31)行政运行(01)` and the same with (类), (款), (项).
pub(crate) fn read_chain(text: &str, list: &Classification, own: &OwnCodes) -> Option<Coded> {
    // Most texts hold none of the marks, and are not worth a search.
    if text.contains([':', '：'])
        && let Some(found) = SEVEN.as_ref()?.captures(text)
    {
        return Some(Coded {
            code: found.get(1)?.as_str().to_owned(),
            name: String::new(),
            source: Some(CodeSource::Printed),
        });
    }
    let marker = MARKER.as_ref().filter(|_| text.contains('('))?;
    let mut names: Vec<(&str, usize)> = Vec::new();
    let mut code = String::new();
    let mut start = 0;
    for found in marker.captures_iter(text) {
        let (Some(whole), Some(inner)) = (found.get(0), found.get(1)) else { continue };
        let digits = inner.as_str().trim_end_matches(['类', '款', '项']);
        let above = names.last().map_or(1, |(_, length)| *length);
        names.push((text.get(start..whole.start()).map_or("", clean_name), rank(inner.as_str(), above)));
        if digits.len() >= 5 {
            code.clear();
        }
        code.push_str(digits);
        start = whole.end();
    }
    let name = names.last()?.0.to_owned();
    if name.is_empty() {
        return None;
    }
    if matches!(code.len(), 3 | 5 | 7) {
        return Some(Coded { code, name, source: Some(CodeSource::Printed) });
    }
    // A list may name the class once and go on with 款 and 项: only names that no other class has are resolved then.
    let resolved = list.chain(&names).or_else(|| own.chain(&names, list)).map(str::to_owned);
    let source = resolved.as_ref().map(|_| CodeSource::Inferred);
    Some(Coded { code: resolved.unwrap_or_default(), name, source })
}

/// The digits of a code of the rank that a bracket tells; without a word it is one below the last.
fn rank(bracket: &str, above: usize) -> usize {
    match bracket.chars().last() {
        Some('类') => 3,
        Some('款') => 5,
        Some('项') => 7,
        _ if bracket.len() >= 5 => bracket.len(),
        _ => above + 2,
    }
}

static SEVEN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?:^|[^0-9])(2[0-9]{6})[:：]").ok());
/// A bracket that ranks a name, told from one that belongs to it: (室), (护), (境).
static MARKER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\(([0-9]{2,3}[类款项]?|2[0-9]{4}|2[0-9]{6}|[类款项])\)").ok());

/// Takes list numbers and linking words off the start of a name.
fn clean_name(text: &str) -> &str {
    static LEAD: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^(.*[,;:。、“”]|其中|支出)?(?:\([0-9一二三四五六七八九十]+\))?[0-9.]*([0-9]+[.、])?").ok()
    });
    let cut = LEAD.as_ref().and_then(|r| r.find(text)).map_or(0, |m| m.end());
    text.get(cut..).unwrap_or("").trim_start_matches(['-', '“', '"'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_in_three_cells_goes_on_from_the_row_above() {
        let mut column = CodeColumn::default();
        let mut code = |labels: &[&str]| column.read(labels).map(|c| c.code);
        assert_eq!(code(&["205", "", "", "教育支出"]).as_deref(), Some("205"));
        assert_eq!(code(&["", "08", "", "进修"]).as_deref(), Some("20508"));
        assert_eq!(code(&["", "", "03", "培训"]).as_deref(), Some("2050803"));
        assert_eq!(code(&["208", "05", "01", "离退休"]).as_deref(), Some("2080501"));
        assert_eq!(code(&["", "", "", "合计"]), None);
    }

    #[test]
    fn a_code_may_be_glued_to_its_name() {
        let coded = CodeColumn::default().read(&["2010801-行政运行"]).expect("a code");
        assert_eq!((coded.code.as_str(), coded.name.as_str()), ("2010801", "行政运行"));
    }

    #[test]
    fn an_item_without_its_class_is_resolved_where_no_other_has_its_name() {
        let list = &crate::forms::Forms::builtin().functional;
        let code = |text: &str| read_chain(text, list, &OwnCodes::default()).map(|c| c.code);
        assert_eq!(code("2.行政单位医疗(项)").as_deref(), Some("2101101"));
        assert_eq!(code("1.统计信息事务(款)行政运行(项)").as_deref(), Some("2010501"));
        assert_eq!(code("(1)文化旅游体育与传媒(类)文化和旅游(款)行政运行(项)").as_deref(), Some("2070101"));
        assert_eq!(code("3.行政运行(项)").as_deref(), Some(""), "dozens of sections have one");
    }

    #[test]
    fn brackets_of_a_name_are_no_rank() {
        let list = Classification::default();
        let coded =
            read_chain("2.一般公共服务(201)党委办公厅(室)及相关机构事务(31)行政运行(01):", &list, &OwnCodes::default())
                .expect("a chain");
        assert_eq!((coded.code.as_str(), coded.name.as_str()), ("2013101", "行政运行"));
        let coded = read_chain("1.农林水支出(类)林业(款)防灾(项):", &list, &OwnCodes::default()).expect("a chain");
        assert_eq!((coded.code.as_str(), coded.name.as_str(), coded.source), ("", "防灾", None));
        let coded = read_chain("1.行政运行(2010601)", &list, &OwnCodes::default()).expect("a code behind its name");
        assert_eq!((coded.code.as_str(), coded.name.as_str()), ("2010601", "行政运行"));
    }
}
