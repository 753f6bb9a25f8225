//! What a report is, and whose.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a report is: kind, body, place and year, as the document itself says.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Identity {
    /// Report kind, such as `final_accounts.department`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Title as printed on the cover.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Full name of the body that reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// Whether the figures are a department's with its units, or one unit's. The two are never added up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity_level: Option<EntityLevel>,
    /// Where the body belongs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// The year that the figures are of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fiscal_year: Option<u16>,
    /// Date of publication, ISO 8601, as far as it is printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// How sure this is, 0 to 1.
    #[serde(default)]
    pub confidence: f32,
    /// Readings that disagree with the ones above.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
}

/// Department (consolidated) or one budget unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntityLevel {
    /// 部门
    Department,
    /// 单位
    Unit,
}

/// An administrative region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Region {
    /// Full name, such as `上海市普陀区`.
    pub name: String,
    /// Six digits of GB/T 2260; absent for a zone without a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// A reading of the identity that lost against another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Conflict {
    /// Field of the identity.
    pub field: String,
    /// The value that was not taken.
    pub value: String,
    /// What said so, such as `file name`.
    pub source: String,
}
