//! The commands, one file each: arguments and plan in, result on standard output, exit status back.

mod check;
mod check_csv;
mod check_index;
mod crawl;
mod extract;
mod inspect;
mod load;
mod overview;
mod show;
mod small;

pub(super) use check::check;
pub(super) use crawl::crawl;
pub(super) use extract::extract;
pub(super) use inspect::inspect;
pub(super) use show::show;
pub(super) use small::{completions, forms, schema, worker};

use std::io::{BufWriter, StdoutLock, Write};

/// Standard output, buffered; whoever writes flushes.
pub(super) fn stdout() -> BufWriter<StdoutLock<'static>> {
    BufWriter::new(std::io::stdout().lock())
}

/// Writes lines and flushes.
pub(super) fn print_lines(lines: impl IntoIterator<Item = String>) -> anyhow::Result<()> {
    let mut out = stdout();
    for line in lines {
        writeln!(out, "{}", line.trim_end())?;
    }
    out.flush()?;
    Ok(())
}
