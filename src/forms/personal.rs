//! What tells names and telephone numbers of persons (`personal/*.toml`).

use regex::Regex;
use serde::Deserialize;

use super::{Files, invalid};
use crate::error::Result;

const FILE: &str = "personal/personal.toml";

/// Labels and patterns of personal data.
#[derive(Debug)]
pub struct Personal {
    /// Label, colon, name; the first group is the name.
    pub named: Regex,
    /// Label, colon, number; the first group is the number.
    pub numbered: Regex,
    /// Numbers and addresses that tell themselves.
    pub patterns: Regex,
    labels: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    name_labels: Vec<String>,
    number_labels: Vec<String>,
    patterns: Vec<String>,
}

impl Personal {
    pub(super) fn parse(files: &Files) -> Result<Self> {
        let text = files.get(FILE).ok_or_else(|| invalid(FILE, "is missing"))?;
        let data: Data = toml::from_str(text).map_err(|e| invalid(FILE, e))?;
        let expression = |pattern: &str| Regex::new(pattern).map_err(|e| invalid(FILE, e));
        let any = |labels: &[String]| labels.iter().map(|label| regex::escape(label)).collect::<Vec<_>>().join("|");
        let behind = |labels: &[String], value: &str| {
            let labels = any(labels);
            expression(&format!(r"(?:{labels})(?:[（(][^（()）\n]{{0,12}}[)）])?[ \t　]*[:：][ \t　]*{value}"))
        };
        // A name ends where something else begins: the next label, or what is no Chinese character.
        let next = format!("{}|{}", any(&data.name_labels), any(&data.number_labels));
        let name = format!(r"(\p{{Han}}(?:[ 　]?[\p{{Han}}·]){{1,5}}?)(?:[ 　]*(?:{next})|[^\p{{Han}}·]|$)");
        Ok(Self {
            named: behind(&data.name_labels, &name)?,
            numbered: behind(&data.number_labels, r"([0-9+（(][0-9 ()（）+－—–-]{4,24}[0-9Xx])")?,
            patterns: expression(&data.patterns.iter().map(|p| format!("(?:{p})")).collect::<Vec<_>>().join("|"))?,
            labels: data.name_labels.into_iter().chain(data.number_labels).collect(),
        })
    }

    /// Whether a cell is a label whose value stands in the next one: the words and nothing else.
    #[must_use]
    pub fn is_label(&self, cell: &str) -> bool {
        // A longer text is none, and most cells need no look.
        if cell.is_empty() || cell.len() > 60 {
            return false;
        }
        let plain: String = cell.chars().filter(|c| !c.is_whitespace() && !matches!(c, ':' | '：')).collect();
        let plain = plain.split(['（', '(']).next().unwrap_or_default();
        self.labels.iter().any(|label| label == plain)
    }
}
