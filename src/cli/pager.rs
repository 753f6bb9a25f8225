//! Long output, page by page: `$PAGER`, or `less`, where standard output is a terminal and has fewer lines.

use std::ffi::OsString;
use std::io::{ErrorKind, IsTerminal, Write};
use std::process::{Child, Command, Stdio};

use super::text;

/// What `less` does unless `$LESS` says otherwise: leave colours, end at once where all fits.
const LESS: &str = "FRX";

/// Prints lines, through the pager if they are more than the terminal shows and `is_wanted`.
///
/// # Errors
/// When standard output cannot be written. That a pager was left before its end is none.
pub(super) fn print(lines: &[String], is_wanted: bool) -> anyhow::Result<()> {
    let is_long = text::terminal_rows().is_some_and(|rows| lines.len() >= rows);
    let wants = is_wanted && is_long && std::io::stdout().is_terminal();
    let started = wants.then(|| start(std::env::var_os("PAGER"))).flatten();
    match started {
        Some(pager) => Ok(feed(pager, lines)?),
        None => super::commands::print_lines(lines.iter().cloned()),
    }
}

/// Starts the pager; nothing where `$PAGER` is empty or `cat`, or there is none.
fn start(pager: Option<OsString>) -> Option<Child> {
    let typed = pager.unwrap_or_else(|| "less".into());
    let typed = typed.to_string_lossy().into_owned();
    let mut words = typed.split_whitespace();
    let program = words.next().filter(|program| *program != "cat")?;
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::piped());
    if std::env::var_os("LESS").is_none() {
        command.env("LESS", LESS);
    }
    if std::env::var_os("LESSCHARSET").is_none() {
        command.env("LESSCHARSET", "utf-8");
    }
    command.spawn().ok()
}

fn feed(mut pager: Child, lines: &[String]) -> std::io::Result<()> {
    let written = pager
        .stdin
        .take()
        .map_or(Ok(()), |mut input| lines.iter().try_for_each(|line| writeln!(input, "{}", line.trim_end())));
    pager.wait()?;
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_pager_is_started_where_none_is_wanted() {
        assert!(start(Some("".into())).is_none());
        assert!(start(Some("cat".into())).is_none());
        assert!(start(Some("/no/such/pager".into())).is_none());
    }

    #[cfg(unix)]
    #[test]
    fn a_pager_that_is_left_early_is_no_fault() {
        let lines: Vec<String> = (0..100_000).map(|n| format!("{n}")).collect();
        let pager = start(Some("head -n 1".into())).expect("head is there");
        feed(pager, &lines).expect("no fault");
    }
}
