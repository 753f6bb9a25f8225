//! The commands that are a few lines: schema, forms, completions, man, worker.

use std::io::{BufReader, Write};

use anyhow::Context;
use clap::CommandFactory;

use super::{print_lines, stdout};
use crate::cli::args::{Args, CompletionsArgs, FormsArgs, FormsCommand, ManArgs, SchemaArg, SchemaArgs, WorkerArgs};
use crate::cli::exit::Exit;
use crate::cli::plan::Plan;
use crate::forms::Forms;
use crate::model::Report;
use crate::{dataset, pipeline};

/// Prints a schema as it stands in `schemas/`.
pub(in crate::cli) fn schema(args: &SchemaArgs, _: &Plan) -> anyhow::Result<Exit> {
    let schema = match args.schema {
        SchemaArg::Report => serde_json::to_value(schemars::schema_for!(Report))?,
        SchemaArg::Dataset => dataset::json_schema(),
    };
    print_lines([serde_json::to_string_pretty(&schema)?])?;
    Ok(Exit::Done)
}

/// Lists the embedded form files, or loads a folder of others.
pub(in crate::cli) fn forms(args: &FormsArgs, _: &Plan) -> anyhow::Result<Exit> {
    match &args.command {
        None => print_lines(Forms::builtin_names().into_iter().map(str::to_owned))?,
        Some(FormsCommand::Check { dir }) => {
            Forms::overlaid(dir)?;
            print_lines([format!("{}: valid", dir.display())])?;
        }
    }
    Ok(Exit::Done)
}

/// Prints the completions of a shell.
pub(in crate::cli) fn completions(args: &CompletionsArgs, _: &Plan) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "juesuan", &mut script);
    let mut out = stdout();
    out.write_all(&script)?;
    out.flush()?;
    Ok(Exit::Done)
}

/// Writes the man pages of the program and of its commands.
pub(in crate::cli) fn man(args: &ManArgs, _: &Plan) -> anyhow::Result<Exit> {
    let context = || format!("cannot write man pages to {}", args.dir.display());
    std::fs::create_dir_all(&args.dir).with_context(context)?;
    clap_mangen::generate_to(Args::command(), &args.dir).with_context(context)?;
    Ok(Exit::Done)
}

/// Serves a supervisor until it closes the pipe.
pub(in crate::cli) fn worker(args: &WorkerArgs, plan: &Plan) -> anyhow::Result<Exit> {
    let faults: Result<Vec<_>, _> = args.chaos.fault.iter().map(|f| f.parse()).collect();
    let faults = faults.map_err(anyhow::Error::msg)?;
    pipeline::serve(BufReader::new(std::io::stdin()), std::io::stdout(), plan.forms, &plan.limits, &faults)?;
    Ok(Exit::Done)
}
