//! Colours, where the output is a terminal and nobody asked for none (<https://no-color.org>).

use std::io::IsTerminal;

use crate::model::Severity;

/// Whether and how text is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paint {
    on: bool,
}

/// A look of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Style {
    #[default]
    Plain,
    Bold,
    Dim,
    Accent,
    Good,
    Warn,
    Bad,
}

impl Style {
    /// Parameters of SGR (ECMA-48 §8.3.117).
    fn code(self) -> &'static str {
        match self {
            Self::Plain => "0",
            Self::Bold => "1",
            Self::Dim => "2",
            Self::Accent => "36",
            Self::Good => "32",
            Self::Warn => "33",
            Self::Bad => "31",
        }
    }
}

impl Paint {
    /// As standard output wants it.
    pub(super) fn of_stdout() -> Self {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
        Self { on: !no_color && std::io::stdout().is_terminal() }
    }

    /// No colours.
    #[cfg(test)]
    pub(super) fn off() -> Self {
        Self { on: false }
    }

    /// The text in a look.
    pub(super) fn paint(self, style: Style, text: &str) -> String {
        if !self.on || style == Style::Plain || text.is_empty() {
            return text.to_owned();
        }
        format!("\x1b[{}m{text}\x1b[0m", style.code())
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.paint(Style::Bold, text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.paint(Style::Dim, text)
    }
}

/// The look of a severity.
pub(super) fn of_severity(severity: Severity) -> Style {
    match severity {
        Severity::Info => Style::Dim,
        Severity::Warn => Style::Warn,
        Severity::Error | Severity::Critical => Style::Bad,
    }
}

/// The look of a figure that something is wrong with: the least fault is still seen.
pub(super) fn of_fault(severity: Severity) -> Style {
    match severity {
        Severity::Info => Style::Accent,
        graver => of_severity(graver),
    }
}
