//! What was typed, and the text of `--help`. What it means is decided in `plan.rs` and by the commands.

mod dataset;
mod hand_on;

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum, ValueHint};

use super::lang::Lang;
use crate::dataset::Place;
use crate::limits::Limits;
#[cfg(feature = "sql")]
pub(super) use dataset::QueryFormat;
use dataset::{CRAWL, MAINTAIN, QUERY};
pub(super) use dataset::{CrawlArgs, MaintainArgs, QueryArgs, StatusArgs};
use hand_on::{EXPORT, LOAD};
pub(super) use hand_on::{ExportArgs, ExportFormat, LoadArgs, ManArgs};

const ABOUT: &str = "Reads the budgets, final accounts and performance reports of Chinese departments";

const LONG_ABOUT: &str = "\
juesuan (决算) reads the budgets, final accounts and performance reports that Chinese departments publish as DOCX, \
PDF and spreadsheets. Each becomes one JSON report in which every figure is exact and has its place; a report is \
checked for being true to itself; a folder of them becomes one dataset.";

const EXAMPLES: &str = "\
Examples:
  juesuan crawl reports/ --dataset data/       read a folder of reports into a dataset
  juesuan show 部门决算.docx                   look at one report in the terminal
  juesuan extract 部门决算.pdf > report.json   one report as JSON
  juesuan check *.docx                         list what the reports say wrongly

Exit status:
  0 done    1 findings at or above the severity asked for
  2 some documents failed    3 the run could not go on";

/// The command line.
#[derive(Debug, Parser)]
#[command(name = "juesuan", version, about = ABOUT, long_about = LONG_ABOUT, after_help = EXAMPLES)]
#[command(max_term_width = 110, disable_help_subcommand = true)]
pub struct Args {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, ClapArgs)]
#[command(next_help_heading = "Options of every command")]
pub(super) struct Global {
    /// Worker processes [default: one a core]
    #[arg(long, short, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,
    /// What one document may cost, as name=value,…: seconds, memory_mb, file_bytes, pages, cells and others
    #[arg(long, global = true, value_name = "LIMITS", value_parser = parse_limits)]
    pub(super) limits: Option<Limits>,
    /// Folder of form files that replace or add to the built-in ones
    #[arg(long, global = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(super) forms: Option<PathBuf>,
    /// Language of what people read
    #[arg(long, global = true, value_enum, value_name = "zh|en", hide_possible_values = true, default_value_t = Lang::Zh)]
    pub(super) lang: Lang,
    /// Form of the log on standard error
    #[arg(long, global = true, value_enum, value_name = "text|json", hide_possible_values = true)]
    #[arg(default_value_t = LogFormat::Text)]
    pub(super) log: LogFormat,
    /// Log errors alone, and show no progress
    #[arg(long, short, global = true)]
    pub(super) quiet: bool,
    /// Log more; twice for everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(super) verbose: u8,
}

/// Form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// Lines for people
    Text,
    /// A JSON object a line, for programs
    Json,
}

fn parse_limits(text: &str) -> Result<Limits, String> {
    Limits::default().with(text)
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Read files and folders into a dataset
    #[command(long_about = CRAWL)]
    Crawl(CrawlArgs),
    /// Ask a dataset's tables and views in SQL
    #[command(long_about = QUERY)]
    Query(QueryArgs),
    /// Show what a dataset covers, what failed, and the last runs
    Status(StatusArgs),
    /// Put a dataset's small files together and remove what nothing names any more
    #[command(long_about = MAINTAIN)]
    Maintain(MaintainArgs),
    /// Load a dataset into a warehouse
    #[command(long_about = LOAD)]
    Load(LoadArgs),
    /// Write a dataset as files for others: tables, a workbook, a report to open in a browser
    #[command(long_about = EXPORT)]
    Export(ExportArgs),
    /// Turn documents into report JSON
    #[command(long_about = EXTRACT)]
    Extract(ExtractArgs),
    /// List what reports say wrongly
    #[command(long_about = CHECK)]
    Check(CheckArgs),
    /// Look at a report in the terminal
    Show(ShowArgs),
    /// Draw how the tables of a PDF page were found
    Inspect(InspectArgs),
    /// Print the schema of reports or of the dataset
    Schema(SchemaArgs),
    /// List the built-in form files, or validate one's own
    Forms(FormsArgs),
    /// Print completions for a shell
    Completions(CompletionsArgs),
    /// Write man pages, one a command
    Man(ManArgs),
    /// Read documents for a supervisor (not for people)
    #[command(hide = true)]
    Worker(WorkerArgs),
}

/// Breakdowns on demand, for tests.
#[derive(Debug, Clone, Default, ClapArgs)]
pub(super) struct Chaos {
    /// Has workers break down on a file, as KIND=FILE
    #[arg(long, hide = true, value_name = "FAULT", value_parser = parse_fault)]
    pub(super) fault: Vec<String>,
}

fn parse_fault(text: &str) -> Result<String, String> {
    text.parse::<crate::pipeline::Fault>().map(|_| text.to_owned())
}

const EXTRACT: &str = "\
Turns documents into report JSON (`juesuan schema report`). One file gives one JSON object; several give JSON Lines in \
the order given. A document that cannot be read gives a report too, which says why in its notes.";

const EXTRACT_EXAMPLES: &str = "\
Examples:
  juesuan extract 部门决算.docx > report.json
  juesuan extract *.pdf > reports.jsonl
  juesuan extract reports/ -o json/
  juesuan extract 部门决算.docx | jq '.facts[] | select(.preferred) | [.metric, .value]'

Exit status:
  0 done    2 some documents failed: damaged, refused, or images only    3 the run could not go on";

#[derive(Debug, ClapArgs)]
#[command(after_help = EXTRACT_EXAMPLES)]
pub(super) struct ExtractArgs {
    /// Documents; a folder means all documents in it
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::AnyPath)]
    pub(super) files: Vec<PathBuf>,
    /// Write DIR/NAME.json for each document instead of standard output
    #[arg(long, short, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(super) output: Option<PathBuf>,
    /// json: indented, for one document; jsonl: a line a document
    #[arg(long, value_enum, default_value_t = ReportFormat::Json)]
    pub(super) format: ReportFormat,
    #[command(flatten)]
    pub(super) chaos: Chaos,
}

/// How reports are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    /// Indented JSON for one document, JSON Lines for several
    Json,
    /// JSON Lines
    Jsonl,
}

const CHECK: &str = "\
Lists what reports say wrongly: sums that do not add up, percentages that do not follow, figures that differ between \
text and tables. Takes documents and report JSON alike. A difference that rounding explains is none.";

const CHECK_EXAMPLES: &str = "\
Examples:
  juesuan check 部门决算.docx
  juesuan check reports.jsonl --min-severity error
  juesuan check *.pdf --only IT-01,IT-02 --format json
  juesuan check reports/ --format csv > findings.csv
  juesuan check reports/ --format xlsx -o 整改清单.xlsx
  juesuan check --dataset dataset/ --only XR-01
  juesuan check --list
  juesuan check --explain IT-01

Exit status:
  0 nothing at or above --min-severity    1 there are findings
  2 some documents failed: damaged, refused, or images only    3 the run could not go on";

#[derive(Debug, ClapArgs)]
#[command(after_help = CHECK_EXAMPLES)]
pub(super) struct CheckArgs {
    /// Documents or report JSON; a folder means all documents in it
    #[arg(required_unless_present_any = ["list", "explain", "dataset"], value_name = "FILE", value_hint = ValueHint::AnyPath)]
    pub(super) files: Vec<PathBuf>,
    /// The reports of a dataset, also against each other: over years, budget and accounts, department and units
    #[arg(long, value_name = "DIR|URI", conflicts_with = "files", value_hint = ValueHint::DirPath)]
    pub(super) dataset: Option<Place>,
    /// text, markdown, xlsx: for people; json: a line a document; csv: a line a finding; sarif: for review tools
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub(super) format: CheckFormat,
    /// Least severity that is shown
    #[arg(long, value_enum, default_value_t = SeverityArg::Warn, value_name = "SEVERITY")]
    pub(super) min_severity: SeverityArg,
    /// Only these checks
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(super) only: Vec<String>,
    /// All but these checks
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(super) skip: Vec<String>,
    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) output: Option<PathBuf>,
    /// List the checks and end
    #[arg(long, conflicts_with_all = ["files", "explain"])]
    pub(super) list: bool,
    /// Explain a check and end
    #[arg(long, value_name = "ID", conflicts_with = "files")]
    pub(super) explain: Option<String>,
}

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckFormat {
    /// For people
    Text,
    /// JSON Lines
    Json,
    /// Comma-separated values with a header, in UTF-8
    Csv,
    /// SARIF 2.1.0
    Sarif,
    /// A workbook: the list of corrections (整改清单), by department
    Xlsx,
    /// The same list as Markdown
    Markdown,
}

/// A severity, as people type it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SeverityArg {
    /// Rounding, naming
    Info,
    /// Wording, scope, a likely mistake
    Warn,
    /// A published number or code is wrong
    Error,
    /// A total is wrong or absent
    Critical,
}

const SHOW_EXAMPLES: &str = "\
Examples:
  juesuan show 部门决算.docx
  juesuan show 部门决算.docx --table 3
  juesuan show 部门决算.pdf --section 三公
  juesuan show report.json --facts
  juesuan show 部门决算.docx --table 3 --json";

#[derive(Debug, ClapArgs)]
#[command(after_help = SHOW_EXAMPLES)]
pub(super) struct ShowArgs {
    /// A document or a report JSON
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) file: PathBuf,
    /// Draw this table, by number or id
    #[arg(long, short, value_name = "N")]
    pub(super) table: Option<String>,
    /// Show the sections whose heading holds this text
    #[arg(long, short, value_name = "TEXT")]
    pub(super) section: Option<String>,
    /// List every figure
    #[arg(long, short)]
    pub(super) facts: bool,
    /// Print the same as JSON
    #[arg(long)]
    pub(super) json: bool,
    /// Columns of the output [default: those of the terminal]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(40..))]
    pub(super) width: Option<u16>,
    /// Print at once what is longer than the terminal, instead of through $PAGER
    #[arg(long)]
    pub(super) no_pager: bool,
}

const INSPECT_EXAMPLES: &str = "\
Examples:
  juesuan inspect 部门决算.pdf --page 7 -o page.svg
  juesuan inspect 部门决算.pdf --page 7 > page.svg";

#[derive(Debug, ClapArgs)]
#[command(after_help = INSPECT_EXAMPLES)]
pub(super) struct InspectArgs {
    /// A PDF file
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) file: PathBuf,
    /// The page, from 1
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) page: u32,
    /// Write the drawing to this file instead of standard output
    #[arg(long, short, value_name = "SVG", value_hint = ValueHint::FilePath)]
    pub(super) output: Option<PathBuf>,
}

const SCHEMA_EXAMPLES: &str = "\
Examples:
  juesuan schema report > report.v1.schema.json
  juesuan schema dataset > dataset.v1.schema.json";

#[derive(Debug, ClapArgs)]
#[command(after_help = SCHEMA_EXAMPLES)]
pub(super) struct SchemaArgs {
    /// Which one
    #[arg(value_enum, default_value_t = SchemaArg::Report)]
    pub(super) schema: SchemaArg,
}

/// A schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaArg {
    /// Report JSON
    Report,
    /// Tables of the dataset
    Dataset,
}

const FORMS_EXAMPLES: &str = "\
Examples:
  juesuan forms                        list the built-in form files
  juesuan forms check my-forms/        validate one's own
  juesuan extract a.docx --forms my-forms/";

#[derive(Debug, ClapArgs)]
#[command(after_help = FORMS_EXAMPLES)]
pub(super) struct FormsArgs {
    #[command(subcommand)]
    pub(super) command: Option<FormsCommand>,
}

#[derive(Debug, Subcommand)]
pub(super) enum FormsCommand {
    /// Validate a folder of form files together with the built-in ones
    #[command(after_help = "Examples:\n  juesuan forms check my-forms/")]
    Check {
        /// Folder of .toml and .csv files
        #[arg(value_hint = ValueHint::DirPath)]
        dir: PathBuf,
    },
}

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  juesuan completions bash > ~/.local/share/bash-completion/completions/juesuan
  juesuan completions zsh > ~/.zfunc/_juesuan
  juesuan completions fish > ~/.config/fish/completions/juesuan.fish";

#[derive(Debug, ClapArgs)]
#[command(after_help = COMPLETIONS_EXAMPLES)]
pub(super) struct CompletionsArgs {
    /// Which shell
    #[arg(value_enum)]
    pub(super) shell: clap_complete::Shell,
}

#[derive(Debug, ClapArgs)]
pub(super) struct WorkerArgs {
    #[command(flatten)]
    pub(super) chaos: Chaos,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn every_command_shows_examples() {
        for command in Args::command().get_subcommands().filter(|c| !c.is_hide_set()) {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.starts_with("Examples:"), "{}", command.get_name());
        }
    }
}
