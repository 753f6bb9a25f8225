//! The dictionary of metrics (`codes/metrics.csv`): which ids a fact may carry, how people call them, what they
//! count and whether they may be added up. Form files may name no metric that is not here.

use std::collections::BTreeMap;

use super::codes::records;
use super::{Files, invalid};
use crate::error::Result;
use crate::model::Fund;

const FILE: &str = "codes/metrics.csv";

/// What a metric counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricKind {
    /// Money, stored in 元.
    Money,
    /// A number of things or persons.
    Count,
    /// A mark.
    Score,
    /// Words, such as a grade.
    Text,
}

/// One line of the dictionary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metric {
    /// Id without bracket or suffix, such as `gpb.exp.func`.
    pub id: String,
    /// What people call it.
    pub label: String,
    /// What it counts.
    pub kind: MetricKind,
    /// How it may be added up: `sum`, `balance` and `stock` (not over years), `none`.
    pub aggregation: String,
    /// The budget that pays, where the metric itself says so.
    pub fund: Option<Fund>,
}

/// All metrics by id.
#[derive(Debug, Clone, Default)]
pub struct Metrics(BTreeMap<String, Metric>);

impl Metrics {
    pub(super) fn parse(files: &Files) -> Result<Self> {
        let mut metrics = BTreeMap::new();
        for (line, [id, label, kind, aggregation, fund]) in records(files, FILE)? {
            let kind = parse_kind(&kind).ok_or_else(|| invalid(FILE, format!("line {line}: no kind {kind}")))?;
            let fund = match fund.as_str() {
                "" => None,
                word => Some(parse_fund(word).ok_or_else(|| invalid(FILE, format!("line {line}: no fund {word}")))?),
            };
            if label.is_empty() {
                return Err(invalid(FILE, format!("line {line}: {id} has no label")));
            }
            let metric = Metric { id: id.clone(), label, kind, aggregation, fund };
            if metrics.insert(id.clone(), metric).is_some() {
                return Err(invalid(FILE, format!("line {line}: {id} stands here twice")));
            }
        }
        Ok(Self(metrics))
    }

    /// The metric of an id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Metric> {
        self.0.get(id)
    }

    /// What people call a metric.
    #[must_use]
    pub fn label(&self, id: &str) -> Option<&str> {
        self.get(id).map(|m| m.label.as_str()).filter(|l| !l.is_empty())
    }

    /// All metrics in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &Metric> {
        self.0.values()
    }
}

fn parse_kind(word: &str) -> Option<MetricKind> {
    Some(match word {
        "money" => MetricKind::Money,
        "count" => MetricKind::Count,
        "score" => MetricKind::Score,
        "text" => MetricKind::Text,
        _ => return None,
    })
}

/// Reads a fund as form files spell it.
pub(super) fn parse_fund(word: &str) -> Option<Fund> {
    Some(match word {
        "gpb" => Fund::Gpb,
        "gf" => Fund::Gf,
        "soc" => Fund::Soc,
        "fiscal" => Fund::Fiscal,
        "nonfiscal" => Fund::Nonfiscal,
        "all" => Fund::All,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(text: &str) -> Files {
        [(FILE.to_owned(), text.to_owned())].into()
    }

    #[test]
    fn a_metric_has_a_label_a_kind_and_a_fund() {
        let metrics =
            Metrics::parse(&files("# words\nid,label_zh,kind,aggregation,fund\ngf.exp,基金支出,money,sum,gf\n"))
                .expect("valid");
        let metric = metrics.get("gf.exp").expect("it is there");
        assert_eq!((metric.label.as_str(), metric.kind, metric.fund), ("基金支出", MetricKind::Money, Some(Fund::Gf)));
    }

    #[test]
    fn every_metric_has_a_label_for_people() {
        let metrics = &crate::forms::Forms::builtin().metrics;
        assert!(metrics.iter().all(|m| metrics.label(&m.id).is_some()));
        assert_eq!(metrics.label("bal.open"), Some("年初结转和结余"));
        let error = Metrics::parse(&files("id,label_zh,kind,aggregation,fund\nx,,money,sum,\n")).expect_err("no label");
        assert!(error.to_string().ends_with("line 2: x has no label"), "{error}");
    }

    #[test]
    fn a_wrong_kind_is_named_with_its_line() {
        let error = Metrics::parse(&files("id,label_zh,kind,aggregation,fund\nx,y,gold,sum,\n")).expect_err("no kind");
        assert_eq!(error.to_string(), "form file codes/metrics.csv: line 2: no kind gold");
    }
}
