//! What was typed after `load`, `export` and `man`: the commands that hand something on.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum, ValueHint};

use crate::dataset::Place;

pub(super) const LOAD: &str = "\
Loads a dataset into PostgreSQL: its tables and views in one schema, with exact decimals and a comment on every column. The \
first load makes the schema; each further one brings what crawls changed since, and nothing else, in one transaction a \
batch of documents. A load that is killed leaves whole documents behind, and the next one goes on from there.";

const LOAD_EXAMPLES: &str = "\
Examples:
  juesuan load --dataset data/ --to postgres://loader@db.example/fiscal
  PGPASSWORD=… juesuan load --dataset data/ --to 'postgres://loader@db.example/fiscal?sslmode=require'
  juesuan load --dataset data/ --to 'postgres:///fiscal?host=/var/run/postgresql' --dry-run
  juesuan load --dataset data/ --to postgres://loader@db.example/fiscal --schema city --full

sslmode: prefer (the default) encrypts where the server does; require also checks its certificate, against those of the
system or sslrootcert=FILE; disable does not encrypt.";

#[derive(Debug, ClapArgs)]
#[command(after_help = LOAD_EXAMPLES)]
pub(in crate::cli) struct LoadArgs {
    /// Folder of the dataset, or s3://bucket/folder
    #[arg(long, short, value_name = "DIR|URI", value_hint = ValueHint::DirPath)]
    pub(in crate::cli) dataset: Place,
    /// Server, user and database: postgres://user@host:port/database; the password also as PGPASSWORD
    #[arg(long, short, value_name = "ADDRESS", value_hint = ValueHint::Url)]
    pub(in crate::cli) to: String,
    /// Schema to load into; made if it does not exist
    #[arg(long, value_name = "NAME", default_value = "juesuan")]
    pub(in crate::cli) schema: String,
    /// Load everything anew, in one transaction
    #[arg(long)]
    pub(in crate::cli) full: bool,
    /// Say what would be loaded, and change nothing
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
}

pub(super) const EXPORT: &str = "\
Writes a dataset as files for others. csv is a Data Package (datapackage.json beside a CSV file a table, with types, keys, \
hashes and sources); jsonl and parquet are the same tables; xlsx is a workbook for officials, in Chinese unless --lang \
says otherwise; html is one page to open in a browser, offline. Names and telephone numbers of persons are blacked out \
unless --with-personal is given.";

const EXPORT_EXAMPLES: &str = "\
Examples:
  juesuan export --dataset data/ --to package/
  juesuan export --dataset data/ --to 2024.xlsx --format xlsx --year 2024
  juesuan export --dataset data/ --to site/ --format html --region 310107
  juesuan export --dataset data/ --to parquet/ --format parquet --force";

#[derive(Debug, ClapArgs)]
#[command(after_help = EXPORT_EXAMPLES)]
pub(in crate::cli) struct ExportArgs {
    /// Folder of the dataset, or s3://bucket/folder
    #[arg(long, short, value_name = "DIR|URI", value_hint = ValueHint::DirPath)]
    pub(in crate::cli) dataset: Place,
    /// Folder to write to; for xlsx and html also a file
    #[arg(long, short, value_name = "DIR|FILE", value_hint = ValueHint::AnyPath)]
    pub(in crate::cli) to: PathBuf,
    /// Which form
    #[arg(long, value_enum, default_value_t = ExportFormat::Csv)]
    pub(in crate::cli) format: ExportFormat,
    /// Only these regions, by code; that of a province or city takes in what lies below it
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = parse_region)]
    pub(in crate::cli) region: Vec<String>,
    /// Only these years
    #[arg(long, value_name = "YEAR", value_delimiter = ',')]
    pub(in crate::cli) year: Vec<u16>,
    /// Keep names and telephone numbers of persons
    #[arg(long)]
    pub(in crate::cli) with_personal: bool,
    /// Licence of the compilation, for the data package, such as CC-BY-4.0
    #[arg(long, value_name = "SPDX")]
    pub(in crate::cli) licence: Option<String>,
    /// Replace an earlier export
    #[arg(long)]
    pub(in crate::cli) force: bool,
}

/// A form of export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ExportFormat {
    /// A Data Package: a CSV file a table, and datapackage.json
    Csv,
    /// JSON Lines, a file a table
    Jsonl,
    /// Parquet, a file a table
    Parquet,
    /// A workbook for officials
    Xlsx,
    /// One page to open in a browser
    Html,
}

fn parse_region(text: &str) -> Result<String, String> {
    let is_code = text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit());
    is_code.then(|| text.to_owned()).ok_or_else(|| "six digits, such as 310107; `juesuan status` lists them".to_owned())
}

const MAN_EXAMPLES: &str = "\
Examples:
  juesuan man ~/.local/share/man/man1
  man juesuan-crawl";

#[derive(Debug, ClapArgs)]
#[command(after_help = MAN_EXAMPLES)]
pub(in crate::cli) struct ManArgs {
    /// Folder to write to; made if it does not exist
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(in crate::cli) dir: PathBuf,
}
