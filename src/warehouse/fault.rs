//! What PostgreSQL refuses, in words that say what to do. No message of ours holds a password.

use std::fmt::Display;

use tokio_postgres::error::SqlState;

use super::target::Target;
use crate::error::{Error, ErrorKind};

/// Makes an error about the warehouse.
pub(super) fn refused(reason: impl Display) -> Error {
    ErrorKind::Warehouse { reason: reason.to_string() }.into()
}

/// Why a connection did not come about.
pub(super) fn of_connection(error: &tokio_postgres::Error, target: &Target) -> Error {
    let what = if let Some(refusal) = error.as_db_error() {
        match *refusal.code() {
            SqlState::INVALID_PASSWORD => {
                "the user or the password is wrong; give the password as PGPASSWORD".to_owned()
            }
            SqlState::INVALID_CATALOG_NAME => {
                let name = target.config.get_dbname().unwrap_or_default();
                format!("there is no database {name}; make it with `createdb {name}`, or name another")
            }
            SqlState::TOO_MANY_CONNECTIONS => "the server has no connection left; try again later".to_owned(),
            SqlState::CANNOT_CONNECT_NOW => "the server is starting or stopping; try again in a moment".to_owned(),
            _ => format!("{} ({})", refusal.message(), refusal.code().code()),
        }
    } else {
        let cause = causes(error);
        if cause.contains("password missing") {
            "the server asks for a password; give it as PGPASSWORD".to_owned()
        } else if cause.contains("does not support TLS") {
            "the server does not encrypt; name it with sslmode=disable if the way to it is safe".to_owned()
        } else if cause.contains("certificate") {
            format!("{cause}; name the certificate that signed the server's with sslrootcert=FILE")
        } else {
            format!("no server answers: {cause}; check host and port, and that the server runs and listens there")
        }
    };
    refused(format!("{target}: {what}"))
}

/// Why a statement failed, while `doing` something.
pub(super) fn of_statement(error: &tokio_postgres::Error, doing: &str) -> Error {
    let Some(refusal) = error.as_db_error() else {
        return refused(format!(
            "{doing}: the connection was lost: {}; run the load again, it goes on where it stopped",
            causes(error)
        ));
    };
    let advice = match *refusal.code() {
        SqlState::INSUFFICIENT_PRIVILEGE => {
            "; ask its owner for the right (GRANT CREATE ON DATABASE … or USAGE, CREATE ON SCHEMA … TO the user)"
        }
        SqlState::READ_ONLY_SQL_TRANSACTION => "; this server is a replica, name the primary",
        SqlState::DUPLICATE_TABLE | SqlState::DUPLICATE_OBJECT => {
            "; the schema holds tables of something else, name another with --schema"
        }
        SqlState::DISK_FULL => "; free some space on the server and run the load again",
        SqlState::ADMIN_SHUTDOWN => "; run the load again when the server is back, it goes on where it stopped",
        _ => "",
    };
    let detail = refusal.detail().map(|detail| format!(" ({detail})")).unwrap_or_default();
    refused(format!("{doing}: {}{detail}{advice}", refusal.message()))
}

/// The reasons behind an error, innermost last.
fn causes(error: &tokio_postgres::Error) -> String {
    let mut words = vec![error.to_string()];
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        let text = cause.to_string();
        if !words.iter().any(|word| word.contains(&text)) {
            words.push(text);
        }
        next = cause.source();
    }
    words.join(": ")
}
