//! `juesuan load`: a dataset into a warehouse.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::crawl::grouped;
use super::print_lines;
use crate::cli::args::LoadArgs;
use crate::cli::exit::Exit;
use crate::cli::grid::Grid;
use crate::cli::lang;
use crate::cli::plan::Plan;
use crate::cli::text;
use crate::pipeline::EXTRACTOR;
use crate::warehouse::{self, Loaded, Order, Progress, Target};

pub(in crate::cli) fn load(args: &LoadArgs, plan: &Plan) -> anyhow::Result<Exit> {
    let order = Order {
        dataset: args.dataset.clone(),
        target: Target::parse(&args.to)?,
        schema: args.schema.clone(),
        full: args.full,
        dry_run: args.dry_run,
        program: EXTRACTOR.to_owned(),
    };
    let bar = plan.shows_progress.then(|| ProgressBar::new(0));
    if let Some(bar) = &bar {
        let template = "{bar:32.cyan/dim} {pos}/{len}  ETA {eta}";
        bar.set_style(ProgressStyle::with_template(template)?.progress_chars("━╸─"));
        bar.enable_steady_tick(Duration::from_millis(200));
    }
    let result = warehouse::load(&order, |progress| watch(bar.as_ref(), progress));
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    print_lines(lines(&result?, args, plan))?;
    Ok(Exit::Done)
}

fn watch(bar: Option<&ProgressBar>, progress: Progress) {
    match bar {
        Some(bar) => {
            bar.set_length(progress.total);
            bar.set_position(progress.done);
        }
        None if progress.total == 0 => {}
        None => tracing::info!(documents = progress.total, loaded = progress.done, "loading"),
    }
}

fn lines(loaded: &Loaded, args: &LoadArgs, plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    if args.dry_run && loaded.migrated {
        lines.push(format!("{}  {}", plan.lang.say(lang::WOULD_MAKE), args.schema));
    }
    if loaded.rows.is_empty() {
        lines.push(plan.lang.say(lang::UP_TO_DATE).to_owned());
        return lines;
    }
    let row = |(table, changed): (&crate::dataset::Table, &warehouse::Changed)| {
        let numbers = [changed.inserted, changed.deleted, changed.updated].map(grouped);
        std::iter::once(table.name().to_owned()).chain(numbers).collect()
    };
    let rows: Vec<Vec<String>> = loaded.rows.iter().map(row).collect();
    let header = [lang::TABLE, lang::INSERTED, lang::DELETED, lang::UPDATED].map(|text| plan.lang.say(text));
    lines.extend(Grid::of_rows(&header, &rows, &[1, 2, 3]).draw(text::terminal_columns(), plan.paint));
    let counts = [(lang::NEW_DOCUMENTS, loaded.documents), (lang::OLD_DOCUMENTS, loaded.replaced)];
    let counts = counts.map(|(text, n)| format!("{} {}", plan.lang.say(text), grouped(n)));
    lines.push(counts.join(" · "));
    if args.dry_run {
        lines.push(plan.lang.say(lang::WOULD_LOAD).to_owned());
    }
    lines
}
