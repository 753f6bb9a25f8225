//! The schema in the warehouse: made where there is none, brought up to date where it is older, refused where it is
//! newer. Migrations are the numbered files of `schemas/warehouse/`; each is applied once, in a transaction.

use super::ddl::identifier;
use super::fault::refused;
use super::session::Session;
use crate::error::Result;

/// The files, in order; the first makes everything.
const MIGRATIONS: &[(i32, &str)] = &[(1, include_str!("../../schemas/warehouse/001.sql"))];

/// The version that this program loads into.
fn newest() -> i32 {
    MIGRATIONS.last().map_or(0, |(version, _)| *version)
}

/// What a schema is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing of ours is there.
    Absent,
    /// An older version is there.
    Older(i32),
    /// It is what this program loads into.
    Current,
}

/// Looks at a schema.
///
/// # Errors
/// When a newer version of the program made it, or it may not be looked at.
pub(super) fn state(session: &Session, schema: &str) -> Result<State> {
    let doing = "looking for the warehouse's tables";
    let table = format!("{}.schema_versions", identifier(schema));
    let found = session.query("SELECT to_regclass($1) IS NOT NULL", &[&table], doing)?;
    if !found.first().is_some_and(|row| row.get(0)) {
        return Ok(State::Absent);
    }
    let row = session.query(&format!("SELECT COALESCE(MAX(version), 0) FROM {table}"), &[], doing)?;
    let version: i32 = row.first().map_or(0, |row| row.get(0));
    if version > newest() {
        return Err(refused(format!(
            "schema {schema} has version {version} and this program loads version {}: use the juesuan that made it, or a \
             later one, or name another schema with --schema",
            newest()
        )));
    }
    Ok(if version == newest() { State::Current } else { State::Older(version) })
}

/// Makes a schema, or brings it up to date.
pub(super) fn migrate(session: &Session, schema: &str, state: State, program: &str) -> Result<()> {
    let from = match state {
        State::Current => return Ok(()),
        State::Older(version) => version,
        State::Absent => {
            create(session, schema)?;
            0
        }
    };
    for (version, sql) in MIGRATIONS.iter().filter(|(version, _)| *version > from) {
        let doing = format!("making version {version} of schema {schema}");
        session.run("BEGIN", &doing)?;
        session.run(sql, &doing)?;
        let row = "INSERT INTO schema_versions (version, applied_by) VALUES ($1, $2)";
        session.execute(row, &[version, &program], &doing)?;
        session.run("COMMIT", &doing)?;
        tracing::info!(schema, version, "the warehouse's tables are made");
    }
    Ok(())
}

/// Makes the schema itself, unless an administrator has: the right to do so is another than that to fill it.
fn create(session: &Session, schema: &str) -> Result<()> {
    let doing = format!("making schema {schema}");
    let exists = session.query("SELECT 1 FROM pg_namespace WHERE nspname = $1", &[&schema], &doing)?;
    if exists.is_empty() {
        session.run(&format!("CREATE SCHEMA {}", identifier(schema)), &doing)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_numbered_without_a_gap() {
        assert!(MIGRATIONS.iter().zip(1..).all(|((version, _), n)| *version == n));
    }
}
