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
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod malloc;
mod page_svg;
mod pager;
mod paint;
mod place;
mod plan;
mod progress;
mod text;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use exit::Exit;
use plan::Plan;

use crate::lang;

/// Which program a run starts as its workers, where that is not the one it runs in.
#[derive(Debug, Clone)]
pub struct Host {
    /// The program.
    pub program: PathBuf,
    /// What it takes before `worker`.
    pub arguments: Vec<String>,
}

/// Parses the arguments, runs the command, and maps what came of it to an exit status.
#[must_use]
pub fn main() -> ExitCode {
    main_in(std::env::args_os(), None).into()
}

/// The same for a program of another language, which gives the arguments, its own name first. Gives the exit status.
#[must_use]
pub fn main_in(args: impl IntoIterator<Item = OsString>, host: Option<Host>) -> u8 {
    let args = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(usage) => return exit::of_usage(&usage).status(),
    };
    match run(args, host) {
        Ok(exit) => exit.status(),
        Err(error) if exit::is_broken_pipe(&error) => Exit::Done.status(),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{}", exit::describe(&error));
            Exit::Stopped.status()
        }
    }
}

fn run(args: Args, host: Option<Host>) -> anyhow::Result<Exit> {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    if host.is_none() && matches!(args.command, Command::Crawl(_)) {
        malloc::restrain();
    }
    let plan = Plan::new(args.global, host)?;
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
