//! Classification lists (`codes/functional.csv`, `codes/economic.csv`): names of codes, and codes of names where a
//! report prints none. Names are compared folded and without a closing 支出, because reports leave it out at will.

use std::collections::BTreeMap;

use super::{Files, invalid};
use crate::error::Result;
use crate::model::fold_text;

/// One classification: code to name, and name to codes.
#[derive(Debug, Clone, Default)]
pub struct Classification {
    names: BTreeMap<String, String>,
    codes: BTreeMap<String, Vec<String>>,
}

impl Classification {
    /// Parses a list of `code,name,also`, `also` being earlier names joined by `|`.
    pub(super) fn parse(files: &Files, file: &str) -> Result<Self> {
        let mut list = Self::default();
        for (line, [code, name, also]) in records(files, file)? {
            if !matches!(code.len(), 3 | 5 | 7) || !code.bytes().all(|b| b.is_ascii_digit()) {
                return Err(invalid(file, format!("line {line}: {code} is no code of 3, 5 or 7 digits")));
            }
            for known in std::iter::once(name.as_str()).chain(also.split('|')).filter(|n| !n.is_empty()) {
                list.codes.entry(name_key(known)).or_default().push(code.clone());
            }
            if list.names.insert(code.clone(), name).is_some() {
                return Err(invalid(file, format!("line {line}: {code} stands here twice")));
            }
        }
        Ok(list)
    }

    /// The official name of a code.
    #[must_use]
    pub fn name(&self, code: &str) -> Option<&str> {
        self.names.get(code).map(String::as_str)
    }

    /// Whether the code goes, or once went, by this name.
    #[must_use]
    pub fn is_name_of(&self, name: &str, code: &str) -> bool {
        self.codes.get(&name_key(name)).is_some_and(|codes| codes.iter().any(|c| c == code))
    }

    /// All codes with their names, in the order of the codes.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.names.iter().map(|(code, name)| (code.as_str(), name.as_str()))
    }

    /// The code of a class (3 digits) by its name.
    #[must_use]
    pub fn class(&self, name: &str) -> Option<&str> {
        self.below("", name, 3)
    }

    /// The code of `digits` digits that starts with `parent` and has this name, if there is exactly one.
    #[must_use]
    pub fn below(&self, parent: &str, name: &str, digits: usize) -> Option<&str> {
        let all = self.codes.get(&name_key(name))?;
        let mut fitting = all.iter().filter(|c| c.len() == digits && c.starts_with(parent));
        let first = fitting.next()?;
        fitting.next().is_none().then_some(first.as_str())
    }

    /// Resolves a chain of names, each with the digits of its rank; every name has to be clear below those before it.
    #[must_use]
    pub fn chain(&self, names: &[(&str, usize)]) -> Option<&str> {
        names.iter().try_fold("", |code, (name, digits)| self.below(code, name, *digits)).filter(|c| !c.is_empty())
    }
}

/// What two spellings of one name have in common: folded, no white space, no closing 支出.
#[must_use]
pub fn name_key(name: &str) -> String {
    let folded = fold_text(name);
    match folded.strip_suffix("支出") {
        Some(short) if !short.is_empty() => short.to_owned(),
        _ => folded.into_owned(),
    }
}

/// The records of a CSV form file with their line numbers, head line and `#` comments left out.
pub(super) fn records<const N: usize>(files: &Files, file: &str) -> Result<Vec<(u64, [String; N])>> {
    let Some(text) = files.get(file) else { return Ok(Vec::new()) };
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).flexible(true).from_reader(text.as_bytes());
    let mut out = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| invalid(file, e))?;
        let line = record.position().map_or(0, csv::Position::line);
        let fields: Vec<String> = record.iter().map(|f| f.trim().to_owned()).collect();
        let found = fields.len();
        let fields = fields.try_into().map_err(|_| invalid(file, format!("line {line}: {found} fields, not {N}")))?;
        out.push((line, fields));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> Classification {
        let text = "code,name,also\n201,一般公共服务支出,\n20103,府办事务,\n2010301,行政运行,\n20105,统计事务,\n2010501,行政运行,\n205,教育支出,\n";
        Classification::parse(&[("f".to_owned(), text.to_owned())].into(), "f").expect("valid")
    }

    #[test]
    fn a_name_without_its_closing_word_is_the_same_name() {
        assert_eq!(list().class("一般公共服务"), Some("201"));
        assert_eq!(list().class("教育 支出"), Some("205"));
    }

    #[test]
    fn an_item_that_exists_under_many_sections_needs_its_chain() {
        assert_eq!(list().below("201", "行政运行", 7), None);
        assert_eq!(list().chain(&[("一般公共服务支出", 3), ("统计事务", 5), ("行政运行", 7)]), Some("2010501"));
    }

    #[test]
    fn a_code_of_four_digits_is_refused_with_its_line() {
        let files = [("f".to_owned(), "code,name,also\n2010,x,\n".to_owned())].into();
        let error = Classification::parse(&files, "f").expect_err("four digits");
        assert_eq!(error.to_string(), "form file f: line 2: 2010 is no code of 3, 5 or 7 digits");
    }
}
