//! The one error of floors 0 to 6: what stopped us, and where.
//!
//! An [`Error`] means that a document (or a run) cannot go on. What was merely lost or doubtful is a
//! [`Note`](crate::model::Note), and what the report itself says wrongly is a
//! [`Finding`](crate::model::Finding); neither is an error.

use std::fmt;

use crate::model::Location;

/// Why a document or a run could not go on, with the place where that showed.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    location: Location,
}

/// The reasons an [`Error`] can have; each message says what a person can do where something can be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The operating system refused a file or a folder.
    #[error("cannot read {path}: {source}")]
    Io {
        /// What was being opened.
        path: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The content is none of the formats that we read.
    #[error("not a document that juesuan reads: {found}")]
    Unsupported {
        /// What the content looks like instead.
        found: String,
    },
    /// The file is protected by a password.
    #[error("encrypted {format}: save it without a password and try again")]
    Encrypted {
        /// The container, such as `PDF` or `OOXML`.
        format: &'static str,
    },
    /// The bytes break the rules of their own format.
    #[error("damaged {format}: {reason}")]
    Damaged {
        /// The format that the bytes claim to be.
        format: &'static str,
        /// Which rule is broken.
        reason: String,
    },
    /// A limit of [`Limits`](crate::limits::Limits) would be passed.
    #[error("{what} is {found}, the limit is {limit} (raise it with --limits {name}=…)")]
    Limit {
        /// The thing that is too large, in words.
        what: &'static str,
        /// The field of `Limits`, as `--limits` spells it.
        name: &'static str,
        /// How large it is.
        found: u64,
        /// How large it may be.
        limit: u64,
    },
    /// Another program that has to convert the document is not there, or did not do it.
    #[error("cannot convert {format} content: {reason}")]
    Conversion {
        /// The format, as the JSON spells it.
        format: &'static str,
        /// What is missing, with what to install, or what went wrong.
        reason: String,
    },
    /// The document took longer than it may.
    #[error("not finished after {seconds} s (raise the limit with --limits seconds=…)")]
    Deadline {
        /// The limit in seconds.
        seconds: u64,
    },
    /// A form file breaks its own rules.
    #[error("form file {file}: {reason}")]
    Form {
        /// The file, as below `forms/`.
        file: String,
        /// What is wrong, with the line where it is known.
        reason: String,
    },
    /// The dataset cannot be read or written.
    #[error("dataset {path}: {reason}")]
    Dataset {
        /// The dataset's folder.
        path: String,
        /// What went wrong.
        reason: String,
    },
    /// An export cannot be written where it was asked for.
    #[error("export {path}: {reason}")]
    Export {
        /// The destination.
        path: String,
        /// What is in the way, and what to do.
        reason: String,
    },
    /// The warehouse cannot be reached or will not take what is loaded.
    #[error("warehouse: {reason}")]
    Warehouse {
        /// What is wrong and what to do; never a password.
        reason: String,
    },
    /// A worker process died or stopped making sense.
    #[error("worker {reason}")]
    Worker {
        /// How it ended.
        reason: String,
    },
}

/// What floors 0 to 6 return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Makes an error at a place.
    #[must_use]
    pub fn new(kind: ErrorKind, location: Location) -> Self {
        Self(Box::new(Inner { kind, location }))
    }

    /// Makes a [`ErrorKind::Damaged`] without a place; add one with [`Error::at`].
    #[must_use]
    pub fn damaged(format: &'static str, reason: impl fmt::Display) -> Self {
        let reason = reason.to_string();
        Self::from(ErrorKind::Damaged { format, reason })
    }

    /// Makes a [`ErrorKind::Io`] for a path.
    #[must_use]
    pub fn io(path: impl fmt::Display, source: std::io::Error) -> Self {
        let path = path.to_string();
        Self::from(ErrorKind::Io { path, source })
    }

    /// Gives the error a place, unless it has one already.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        if self.0.location == Location::default() {
            self.0.location = location;
        }
        self
    }

    /// Why it happened.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Where it happened; empty when the whole document is meant.
    #[must_use]
    pub fn location(&self) -> &Location {
        &self.0.location
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind, Location::default())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.kind.fmt(f)?;
        if self.0.location == Location::default() {
            return Ok(());
        }
        write!(f, " (at {})", self.0.location)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.0.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_its_place_once() {
        let place = Location { page: Some(3), ..Location::default() };
        let error = Error::damaged("PDF", "no trailer").at(place).at(Location { page: Some(9), ..Location::default() });
        assert_eq!(error.to_string(), "damaged PDF: no trailer (at page 3)");
    }
}
