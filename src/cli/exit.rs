//! The exit status as a type, and what a person reads when a run could not go on.

use crate::error::{Error, ErrorKind};

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Exit {
    /// Everything asked for was done.
    Done,
    /// There are findings at or above the severity asked for.
    Findings,
    /// Some documents failed.
    SomeFailed,
    /// The run could not go on.
    Stopped,
}

impl Exit {
    /// The number that the system sees.
    pub(super) fn status(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Findings => 1,
            Self::SomeFailed => 2,
            Self::Stopped => 3,
        }
    }
}

/// Prints help, version or what was wrong with the arguments.
///
/// clap would end with 2 on a usage error, which here means that documents failed.
pub(super) fn of_usage(usage: &clap::Error) -> Exit {
    let printed = usage.print();
    if usage.use_stderr() && printed.is_ok() { Exit::Stopped } else { Exit::Done }
}

/// Whether the reader of our output went away, as `| head` does.
pub(super) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        let json = cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        io.or(json) == Some(std::io::ErrorKind::BrokenPipe)
    })
}

/// The error with its causes on one line, and what to do next on another.
pub(super) fn describe(error: &anyhow::Error) -> String {
    let mut words: Vec<String> = Vec::new();
    for cause in error.chain().map(ToString::to_string) {
        // Our own errors say their source in their own sentence.
        if !words.last().is_some_and(|last| last.contains(&cause)) {
            words.push(cause);
        }
    }
    let hint = error.chain().find_map(|cause| cause.downcast_ref::<Error>()).and_then(|e| hint(e.kind()));
    let hint = hint.map(|hint| format!("\n  hint: {hint}")).unwrap_or_default();
    format!("juesuan: {}{hint}", words.join(": "))
}

fn hint(kind: &ErrorKind) -> Option<&'static str> {
    match kind {
        ErrorKind::Io { source, .. } => match source.kind() {
            std::io::ErrorKind::NotFound => Some("check the spelling of the path; quote it if it has spaces"),
            std::io::ErrorKind::PermissionDenied => Some("run as a user who may read and write there"),
            std::io::ErrorKind::StorageFull => Some("free some space and run again; the dataset is as it was before"),
            _ => None,
        },
        ErrorKind::Form { .. } => Some("try the folder alone with `juesuan forms check DIR`"),
        ErrorKind::Worker { .. } => Some("run again with -v and send us the log"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_each_thing_once_and_what_to_do() {
        let missing = Error::io("reports", std::io::Error::from(std::io::ErrorKind::NotFound));
        let text = describe(&anyhow::Error::from(missing));
        assert_eq!(text.matches("entity not found").count(), 1, "{text}");
        assert!(text.contains("hint: check the spelling"), "{text}");
    }

    #[test]
    fn a_broken_pipe_is_told_from_other_errors() {
        let pipe = std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        assert!(is_broken_pipe(&anyhow::Error::from(pipe).context("writing")));
        assert!(!is_broken_pipe(&anyhow::Error::msg("no")));
    }
}
