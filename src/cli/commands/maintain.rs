//! `juesuan maintain`: a dataset's files put in order.

use std::time::Duration;

use super::crawl::grouped;
use super::print_lines;
use crate::cli::args::MaintainArgs;
use crate::cli::exit::Exit;
use crate::cli::grid::Grid;
use crate::cli::lang;
use crate::cli::plan::Plan;
use crate::cli::text;
use crate::dataset;

pub(in crate::cli) fn maintain(args: &MaintainArgs, plan: &Plan) -> anyhow::Result<Exit> {
    let keep = Duration::from_hours(24 * u64::from(args.keep_days));
    let done = dataset::maintain(&args.dataset, keep)?;
    let row = |m: &dataset::Maintained| {
        vec![
            m.table.name().to_owned(),
            m.files_before.to_string(),
            m.files_after.to_string(),
            m.removed.to_string(),
            grouped(m.removed_bytes),
        ]
    };
    let rows: Vec<_> = done.iter().map(row).collect();
    let header = [lang::TABLE, lang::FILES_BEFORE, lang::FILES_AFTER, lang::REMOVED, lang::BYTES];
    let header = header.map(|text| plan.lang.say(text));
    print_lines(Grid::of_rows(&header, &rows, &[1, 2, 3, 4]).draw(text::terminal_columns(), plan.paint))?;
    Ok(Exit::Done)
}
