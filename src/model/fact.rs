//! One printed figure, and the words that name it.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Location, Unit};

/// One printed figure: what it measures, what it is worth, and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Fact {
    /// Unique within the report, such as `f12`.
    pub id: String,
    /// Metric of the dictionary, without bracket or suffix, such as `gpb.exp.func`.
    pub metric: String,
    /// What about the metric is said.
    pub measure: Measure,
    /// The year that it is of, such as `2019`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// Stage of the budget.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// Kind of budget that pays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fund: Option<Fund>,
    /// Functional classification: 3, 5 or 7 digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub func_code: Option<String>,
    /// Its name as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub func_name: Option<String>,
    /// Whether the code is printed or was resolved from the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_source: Option<CodeSource>,
    /// Economic classification: 3 or 5 digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub econ_code: Option<String>,
    /// Its name as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub econ_name: Option<String>,
    /// Project that it is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// Body that it is of, where that is not the report's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// Rank of its row in a table; rows of different rank are never added up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row_level: Option<RowLevel>,
    /// Exact value in the base unit: money in 元, a percentage as printed.
    pub value: Decimal,
    /// The base unit.
    pub unit: Unit,
    /// The literal as printed.
    pub printed: String,
    /// The unit that it is printed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub printed_unit: Option<Unit>,
    /// Digits after the decimal point as printed; tolerance comes from these.
    pub decimals: u32,
    /// Where in the report it stands.
    pub basis: Basis,
    /// Whether it is the one to take among several printings of the same figure.
    pub preferred: bool,
    /// How sure the reading is, 0 to 1.
    pub confidence: f32,
    /// Its place, down to the literal.
    pub location: Location,
}

/// What a fact says about its metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// The thing itself.
    Amount,
    /// Its part of the whole, in percent.
    Share,
    /// Change from the year before, with its sign.
    YoyAbs,
    /// Change from the year before in percent, with its sign.
    YoyPct,
    /// Outturn in percent of the budget.
    Completion,
    /// A number of persons, vehicles, batches, projects.
    Count,
    /// A mark.
    Score,
}

/// Stage of a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// 决算
    Final,
    /// 年初预算
    InitialBudget,
    /// 调整预算, 全年预算
    AdjustedBudget,
    /// 预算执行
    Execution,
}

/// Kind of budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fund {
    /// 一般公共预算
    Gpb,
    /// 政府性基金预算
    Gf,
    /// 国有资本经营预算
    Soc,
    /// 财政拨款, the three above together
    Fiscal,
    /// Everything but 财政拨款
    Nonfiscal,
    /// All of it
    All,
}

/// Where a code comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CodeSource {
    /// It is printed beside the figure.
    Printed,
    /// It was resolved from the name.
    Inferred,
}

/// Rank of a row in a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowLevel {
    /// 合计
    Total,
    /// 类
    Class,
    /// 款
    Section,
    /// 项
    Item,
}

/// Where in a report a figure stands, in order of preference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// A statement.
    Table,
    /// The text of the report.
    Narrative,
    /// An evaluation annex.
    Annex,
    /// A performance form.
    Form,
    /// A chart's cached data.
    Chart,
}
