//! Single values of rows: words of enums, JSON of lists, the columns that every row of a report begins with.

use serde::Serialize;

use super::batch::Value;
use super::schema::Table;
use crate::error::ErrorKind;
use crate::model::Report;

/// The region code of reports whose region is unknown.
pub(super) const UNKNOWN_REGION: &str = "000000";

/// Makes the error of a batch that its own schema refuses.
pub(super) fn fault(table: Table) -> impl Fn(arrow_schema::ArrowError) -> crate::error::Error {
    move |error| ErrorKind::Dataset { path: table.name().to_owned(), reason: error.to_string() }.into()
}

/// The region code of a report: six digits, or [`UNKNOWN_REGION`].
pub(super) fn region_code(report: &Report) -> &str {
    let code = report.identity.region.as_ref().and_then(|r| r.code.as_deref());
    code.filter(|c| c.len() == 6 && c.bytes().all(|b| b.is_ascii_digit())).unwrap_or(UNKNOWN_REGION)
}

/// The word that the report's JSON uses for an enum.
pub(super) fn word<'a>(value: &impl Serialize) -> Value<'a> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Value::from(word),
        _ => Value::Null,
    }
}

/// The word of an enum that may be absent.
pub(super) fn maybe<'a>(value: Option<&impl Serialize>) -> Value<'a> {
    value.map_or(Value::Null, word)
}

/// A list as the JSON that the report has for it.
pub(super) fn as_json<'a>(value: &(impl Serialize + ?Sized)) -> Value<'a> {
    serde_json::to_string(value).map_or(Value::Null, Value::from)
}

/// What every row of a report begins with.
pub(super) fn key<'a>(report: &'a Report, load_id: &'a str) -> [Value<'a>; 4] {
    [(&report.id).into(), load_id.into(), region_code(report).into(), report.identity.fiscal_year.into()]
}
