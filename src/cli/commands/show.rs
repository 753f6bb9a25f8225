//! `juesuan show`: one report for a person in a terminal. What is drawn when nothing is asked for stands in
//! `overview.rs`, how its parts are drawn in `drawn.rs`.

use anyhow::{Context, bail};
use serde_json::json;

use super::drawn::{View, fact_lines, section_lines, table_lines};
use super::load::reports;
use super::overview::overview;
use super::print_lines;
use crate::cli::args::ShowArgs;
use crate::cli::exit::Exit;
use crate::cli::lang;
use crate::cli::pager;
use crate::cli::plan::Plan;
use crate::cli::text;
use crate::model::{Report, Section, Table};

/// Rows of a table that are drawn at most; beyond, a person wants another tool.
const MOST_ROWS: usize = 2_000;

pub(in crate::cli) fn show(args: &ShowArgs, plan: &Plan) -> anyhow::Result<Exit> {
    let columns = args.width.map_or_else(text::terminal_columns, usize::from);
    let view = View { plan, columns };
    let mut exit = Exit::Done;
    let mut lines = Vec::new();
    for report in reports(&args.file, plan)? {
        if args.json {
            print_lines([serde_json::to_string_pretty(&as_json(&report, args, view)?)?])?;
        } else {
            lines.extend(as_lines(&report, args, view)?);
        }
        if report.status.is_failure() {
            exit = Exit::SomeFailed;
        }
    }
    pager::print(&lines, !args.no_pager)?;
    Ok(exit)
}

fn as_json(report: &Report, args: &ShowArgs, view: View<'_>) -> anyhow::Result<serde_json::Value> {
    Ok(match (&args.table, &args.section, args.facts) {
        (Some(name), ..) => json!(table_named(report, name, view)?),
        (_, Some(words), _) => json!(sections_with(report, words, view)?),
        (_, _, true) => json!(report.facts),
        _ => json!(report),
    })
}

fn as_lines(report: &Report, args: &ShowArgs, view: View<'_>) -> anyhow::Result<Vec<String>> {
    let mut lines = Vec::new();
    if let Some(name) = &args.table {
        lines.extend(table_lines(report, table_named(report, name, view)?, MOST_ROWS, view));
    }
    if let Some(words) = &args.section {
        for section in sections_with(report, words, view)? {
            lines.extend(section_lines(report, section, view));
        }
    }
    if args.facts {
        lines.extend(fact_lines(&report.facts.iter().collect::<Vec<_>>(), view));
    }
    if args.table.is_none() && args.section.is_none() && !args.facts {
        lines = overview(report, view);
    }
    Ok(lines)
}

fn table_named<'r>(report: &'r Report, name: &str, view: View<'_>) -> anyhow::Result<&'r Table> {
    let number = name.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
    let found = report.tables.iter().find(|t| t.id == name).or_else(|| report.tables.get(number?));
    let range = report.tables.len();
    found.with_context(|| format!("{name}: {} (1–{range})", view.plan.lang.say(lang::NO_SUCH_TABLE)))
}

fn sections_with<'r>(report: &'r Report, words: &str, view: View<'_>) -> anyhow::Result<Vec<&'r Section>> {
    let has = |s: &&Section| format!("{}{}", s.label, s.title).contains(words) || s.id == words;
    let found: Vec<_> = report.sections.iter().filter(has).collect();
    if found.is_empty() {
        bail!("{words}: {}", view.plan.lang.say(lang::NO_SUCH_SECTION));
    }
    Ok(found)
}
