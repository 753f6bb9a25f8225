//! The invented district: its departments, their two years, and every line of their accounts in exact 万元.
//! What a report prints is a sum of these lines; nothing is typed twice. The data stand in `district/*.toml`.

mod accounts;
mod load;

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;

pub use accounts::{ALL, FISCAL, Fund, Line, Lines};
pub use load::load;

use crate::fact::FigureStyle;

/// The district. Neither it nor its city exists, so neither has a code of GB/T 2260.
pub const DISTRICT: &str = "清川市云汀区";

/// One department and what its reports look like.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Department {
    /// Full name.
    pub name: String,
    /// Folder of its reports.
    pub folder: String,
    /// How function codes stand in the text.
    pub codes: CodeStyle,
    /// How amounts stand in the text.
    pub figures: FigureStyle,
    /// Whether 一、二、 are typed or computed by the word processor.
    pub numbering: Numbering,
    /// Shape of its performance forms.
    pub performance: FormShape,
    /// Where its statements are published.
    pub annex: Annex,
    /// 行政运行 codes, whose operating part is 机关运行经费.
    pub running: Vec<String>,
    /// Units that it consolidates.
    pub units: Vec<String>,
    /// A sentence on them.
    pub units_text: String,
    /// What it is for.
    pub duties: Vec<String>,
    /// Its years, oldest first.
    #[serde(rename = "year")]
    pub years: Vec<Year>,
}

/// How function codes stand in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CodeStyle {
    /// `一般公共服务支出（201）审计事务（08）行政运行（01）`
    Digits,
    /// `一般公共服务支出（类）审计事务（款）行政运行（项）`
    Words,
}

/// Whether heading numbers are text or automatic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Numbering {
    /// Part of the heading's text.
    Typed,
    /// Computed from the numbering part.
    Auto,
}

/// Shape of a performance form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FormShape {
    /// Levels 1 and 2 are printed in every row (form of 2019).
    Repeated,
    /// Levels 1 and 2 are merged downwards (form of 2021).
    Merged,
}

/// Where the statements are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Annex {
    /// In a workbook beside the text.
    Workbook,
    /// In 第五部分 of the text itself.
    Inside,
}

/// One fiscal year of a department.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::struct_field_names)] // `year.year` is what the data call it
pub struct Year {
    /// The year.
    pub year: u16,
    /// What was done, a paragraph each.
    pub work: Vec<String>,
    /// The accounts.
    pub lines: Lines,
    /// Totals of the year before; computed where that year is in the model.
    pub prior: Option<Prior>,
    /// Budget of the 三公.
    pub travel: Travel,
    /// Official receptions.
    pub guests: Guests,
    /// Vehicles at the end of the year.
    pub fleet: Fleet,
    /// Vehicles bought.
    #[serde(default)]
    pub bought: Bought,
    /// Purchases.
    pub procurement: Procurement,
    /// Equipment of 1,000,000 元 and more.
    #[serde(default)]
    pub large_equipment: u32,
    /// Numbers of appraised projects.
    pub appraisal: Appraisal,
    /// Assets at the end of the year.
    pub assets: Assets,
    /// Reasons for changes, by subject.
    pub why: BTreeMap<String, String>,
    /// Appraised projects.
    #[serde(default)]
    pub project: Vec<Project>,
}

/// Totals of the year before.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Prior {
    pub total: Decimal,
    pub fiscal: Decimal,
    pub gpb: Decimal,
    pub running: Decimal,
    pub vehicle: Decimal,
    pub reception: Decimal,
}

/// Budget of the 三公, adjusted, in 万元.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Travel {
    pub abroad: Decimal,
    pub purchase: Decimal,
    pub operation: Decimal,
    pub reception: Decimal,
}

/// Receptions.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs)]
pub struct Guests {
    pub batches: u32,
    pub persons: u32,
}

/// Vehicles by purpose and by type; both add up to the same number.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs)]
pub struct Fleet {
    pub leader: u32,
    pub confidential: u32,
    pub emergency: u32,
    pub other: u32,
    pub sedan: u32,
    pub suv: u32,
    pub bus: u32,
}

/// Vehicles bought in the year.
#[derive(Debug, Clone, Default, Deserialize)]
#[allow(missing_docs)]
pub struct Bought {
    pub suv: u32,
}

/// Purchases by kind, and what went to small firms.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs)]
pub struct Procurement {
    pub goods: Decimal,
    pub works: Decimal,
    pub services: Decimal,
    pub sme: Decimal,
    pub micro: Decimal,
    pub uses: String,
}

/// Numbers of appraised projects.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs)]
pub struct Appraisal {
    pub ex_ante: usize,
    pub monitor: usize,
}

/// Assets at the end of the year, in 万元.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs)]
pub struct Assets {
    pub total: Decimal,
    pub fixed: Decimal,
}

/// An appraised project.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs)]
pub struct Project {
    pub name: String,
    pub budget: Decimal,
    pub executed: Decimal,
    pub goal: String,
    pub result: String,
    pub story: String,
    #[serde(default)]
    pub issue: String,
    #[serde(default)]
    pub remedy: String,
    /// Levels 1 to 3, target, outcome.
    pub indicators: Vec<[String; 5]>,
}

impl Year {
    /// A reason, by subject.
    pub fn reason(&self, subject: &str) -> &str {
        self.why.get(subject).map_or("", String::as_str)
    }
}

impl Fleet {
    /// All vehicles.
    pub fn total(&self) -> u32 {
        self.leader + self.confidential + self.emergency + self.other
    }
}
