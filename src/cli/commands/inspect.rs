//! `juesuan inspect`: one page of a PDF with every step of table finding drawn over it, for who asks why a
//! table came out as it did. The drawing itself stands in `page_svg.rs`.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail};

use super::stdout;
use crate::cli::args::InspectArgs;
use crate::cli::exit::Exit;
use crate::cli::page_svg::{Drawn, page_to_svg};
use crate::cli::plan::Plan;
use crate::error::{Error, Result};
use crate::limits::{Deadline, Limits};
use crate::model::{Format, RawDocument};
use crate::read::{Reader, pdf::Pdf, sniff};
use crate::structure::page::{pages_to_flow, steps::page_to_steps};

/// Draws one page of a PDF as SVG.
pub(in crate::cli) fn inspect(args: &InspectArgs, plan: &Plan) -> anyhow::Result<Exit> {
    let deadline = Deadline::start(&plan.limits);
    let mut raw = read_pdf(&args.file, &plan.limits, &deadline)?;
    let Some(page) = raw.pages.iter().find(|p| p.number == args.page).cloned() else {
        bail!("{}: there is no page {}, the file has {}", args.file.display(), args.page, raw.pages.len());
    };
    let steps = page_to_steps(&page, &plan.limits, &deadline)?;
    let flow = pages_to_flow(&mut raw, &plan.forms.wording, &plan.limits, &deadline)?;
    let svg = page_to_svg(&Drawn { page: &page, steps: &steps, flow: &flow });
    if let Some(path) = &args.output {
        fs::write(path, svg).with_context(|| format!("cannot write {}", path.display()))?;
        return Ok(Exit::Done);
    }
    let mut out = stdout();
    out.write_all(svg.as_bytes())?;
    out.flush()?;
    Ok(Exit::Done)
}

/// The pages of a file, which must be a PDF.
fn read_pdf(path: &Path, limits: &Limits, deadline: &Deadline) -> anyhow::Result<RawDocument> {
    let named = || path.display().to_string();
    let bytes = bytes_of(path, limits)?;
    let format = sniff(&bytes, &path.to_string_lossy()).with_context(named)?.format;
    if format != Format::Pdf {
        bail!("{}: inspect draws pages of PDF files, and this is none", named());
    }
    Pdf.read(&bytes, limits, deadline).with_context(named)
}

fn bytes_of(path: &Path, limits: &Limits) -> Result<Vec<u8>> {
    let io = |e| Error::io(path.display(), e);
    let size = fs::metadata(path).map_err(io)?.len();
    Limits::check("the file's size in bytes", "file_bytes", size, limits.file_bytes)?;
    fs::read(path).map_err(io)
}
