//! `juesuan export`: a dataset as files for others.

use super::crawl::grouped;
use super::print_lines;
use crate::cli::args::{ExportArgs, ExportFormat};
use crate::cli::exit::Exit;
use crate::cli::grid::Grid;
use crate::cli::lang;
use crate::cli::plan::Plan;
use crate::cli::text;
use crate::export::{self, Format, Options, Written};

pub(in crate::cli) fn export(args: &ExportArgs, plan: &Plan) -> anyhow::Result<Exit> {
    let options = Options {
        regions: args.region.clone(),
        years: args.year.clone(),
        keeps_personal: args.with_personal,
        lang: plan.lang,
        licence: args.licence.clone(),
        forms: plan.forms,
    };
    let format = match args.format {
        ExportFormat::Csv => Format::Csv,
        ExportFormat::Jsonl => Format::Jsonl,
        ExportFormat::Parquet => Format::Parquet,
        ExportFormat::Xlsx => Format::Xlsx,
        ExportFormat::Html => Format::Html,
    };
    let written = export::write(&args.dataset, &args.to, format, &options, args.force)?;
    print_lines(lines(&written, plan))?;
    Ok(Exit::Done)
}

fn lines(written: &Written, plan: &Plan) -> Vec<String> {
    let rows: Vec<_> = written.files.iter().map(|f| vec![f.name.clone(), grouped(f.rows), grouped(f.bytes)]).collect();
    let header = [lang::FILE, lang::ROWS, lang::BYTES].map(|text| plan.lang.say(text));
    let mut lines = Grid::of_rows(&header, &rows, &[1, 2]).draw(text::terminal_columns(), plan.paint);
    lines.push(written.place.display().to_string());
    lines
}
