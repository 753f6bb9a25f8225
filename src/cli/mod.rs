//! Speaks with people: arguments, progress, tables in a terminal. The only place for `anyhow`.
//!
//! [`args`] holds what was typed, [`plan`] what it means; a command gets the plan and writes its result to
//! standard output. Progress and logs go to standard error. People read Chinese or English (`lang`); logs,
//! errors and `--help` are English.

pub mod args;
mod canvas;
mod commands;
mod exit;
mod grid;
mod interrupt;
mod page_svg;
mod pager;
mod paint;
mod place;
mod plan;
mod progress;
mod text;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use exit::Exit;
use plan::Plan;

use crate::lang;

/// Parses the arguments, runs the command, and maps what came of it to an exit status.
#[must_use]
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(usage) => return exit::of_usage(&usage).into(),
    };
    match run(args) {
        Ok(exit) => exit.into(),
        Err(error) if exit::is_broken_pipe(&error) => Exit::Done.into(),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{}", exit::describe(&error));
            Exit::Stopped.into()
        }
    }
}

fn run(args: Args) -> anyhow::Result<Exit> {
    let plan = Plan::new(args.global)?;
    match args.command {
        Command::Crawl(args) => commands::crawl(&args, &plan),
        Command::Query(args) => commands::query(&args, &plan),
        Command::Status(args) => commands::status(&args, &plan),
        Command::Load(args) => commands::load(&args, &plan),
        Command::Maintain(args) => commands::maintain(&args, &plan),
        Command::Export(args) => commands::export(&args, &plan),
        Command::Extract(args) => commands::extract(&args, &plan),
        Command::Check(args) => commands::check(&args, &plan),
        Command::Show(args) => commands::show(&args, &plan),
        Command::Inspect(args) => commands::inspect(&args, &plan),
        Command::Schema(args) => commands::schema(&args, &plan),
        Command::Forms(args) => commands::forms(&args, &plan),
        Command::Completions(args) => commands::completions(&args, &plan),
        Command::Man(args) => commands::man(&args, &plan),
        Command::Worker(args) => commands::worker(&args, &plan),
    }
}
