//! The commands, one file each: arguments and plan in, result on standard output, exit status back.

mod check;
mod check_csv;
mod check_index;
mod check_list;
mod check_markdown;
mod check_sarif;
mod check_text;
mod check_workbook;
mod crawl;
mod drawn;
mod export;
mod extract;
mod inspect;
mod load;
mod maintain;
mod overview;
mod query;
mod show;
mod small;
mod status;
mod warehouse;

pub(super) use check::check;
pub(super) use crawl::crawl;
pub(super) use export::export;
pub(super) use extract::extract;
pub(super) use inspect::inspect;
pub(super) use maintain::maintain;
pub(super) use query::query;
pub(super) use show::show;
pub(super) use small::{completions, forms, man, schema, worker};
pub(super) use status::status;
pub(super) use warehouse::load;

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
