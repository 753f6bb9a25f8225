//! What was typed after `crawl`, `query`, `status` and `maintain`: the commands that make a dataset, ask it and keep it.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum, ValueHint};

use super::{Chaos, SeverityArg};
use crate::dataset::Place;

pub(super) const CRAWL: &str = "\
Reads the documents of the given files and folders, in parallel, and writes what they say as a dataset: a folder of \
Delta Lake tables with SQL views beside them. Every file has a row in the table `reports`, the ledger, whatever became \
of it. Hidden files and the lock files of office programs (~$…) are passed over.

A file that the ledger holds with the same size and time is not read again; one with another time is hashed, one with \
other bytes is read and takes the place of its earlier version, and one that is gone from a folder is marked as \
vanished. Name a source the same way each night: the ledger knows a file by its path as it is given.

A bucket is listed, and its objects are fetched into DIR/downloads, again only when they changed. The dataset may lie in \
a bucket too, of any store that speaks S3 and honours If-None-Match and If-Match. Credentials, region and endpoint come from \
the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL; \
AWS_SKIP_SIGNATURE=true for a bucket that everybody may read.

What is read is committed batch by batch. Ctrl-C finishes the documents at hand and commits them, a second one ends at \
once. However a crawl ends, the dataset is whole, and the next crawl goes on from there.";

const CRAWL_EXAMPLES: &str = "\
Examples:
  juesuan crawl reports/ --dataset data/
  juesuan crawl 2023/ 2024/ 补充.pdf --dataset data/ --jobs 8
  juesuan crawl reports/ --dataset data/ --refresh
  juesuan crawl --urls 公开.urls --dataset data/
  AWS_ENDPOINT_URL=https://… juesuan crawl s3://reports/2024 --dataset data/
  juesuan crawl s3://reports/2024 --dataset s3://datasets/fiscal
  juesuan crawl reports/ --dataset data/ --entities 单位.csv
  juesuan crawl reports/ --dataset data/ --fail-on error --log json --quiet
  juesuan crawl reports/ --dataset data/ --limits seconds=120,memory_mb=8192

Exit status:
  0 done    1 there are findings as --fail-on asks    2 some documents failed: damaged, refused, or images only
  3 the run could not go on, or was interrupted; what was committed by then stays";

#[derive(Debug, ClapArgs)]
#[command(after_help = CRAWL_EXAMPLES)]
pub(in crate::cli) struct CrawlArgs {
    /// Files, folders, archives, addresses (https://…), lists of addresses (*.urls), and buckets (s3://bucket/folder)
    #[arg(required_unless_present = "urls", value_name = "SOURCE", value_hint = ValueHint::AnyPath)]
    pub(in crate::cli) sources: Vec<PathBuf>,
    /// File with addresses of documents, one a line; fetched again only when they changed
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(in crate::cli) urls: Vec<PathBuf>,
    /// Folder of the dataset, or s3://bucket/folder; made if it does not exist
    #[arg(long, short, value_name = "DIR|URI", value_hint = ValueHint::DirPath)]
    pub(in crate::cli) dataset: Place,
    /// Folder for what is fetched from addresses and buckets; by default DIR/downloads, or in the user's cache where the
    /// dataset lies in a bucket
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(in crate::cli) downloads: Option<PathBuf>,
    /// Read again what another version of juesuan read, and what failed
    #[arg(long)]
    pub(in crate::cli) refresh: bool,
    /// CSV file of bodies: other names, validity, parent, successor; later runs go by it until another is given
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(in crate::cli) entities: Option<PathBuf>,
    /// Commit after this many documents, for tests
    #[arg(long, hide = true, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(in crate::cli) commit_every: Option<u32>,
    /// End with status 1 when there are findings of this severity or above
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(in crate::cli) fail_on: Option<SeverityArg>,
    #[command(flatten)]
    pub(in crate::cli) chaos: Chaos,
}

pub(super) const QUERY: &str = "\
Answers an SQL query over the tables of a dataset and its views (amounts_leaf, region_by_function, region_by_fund, \
three_public, year_over_year, coverage, data_quality). Without a query it lists them with their columns. Nothing can be \
changed, and a crawl may be running. Money is in 元 and exact.

The SQL engine is part of builds with the cargo feature `sql` (published binaries have it); others say how to get it.";

const QUERY_EXAMPLES: &str = "\
Examples:
  juesuan query --dataset data/ \"SELECT entity, status, error FROM reports WHERE status = 'failed'\"
  juesuan query --dataset data/ \"SELECT * FROM region_by_function WHERE entity_level = 'department'\" --format csv
  juesuan query --dataset data/ - --format json < question.sql
  juesuan query --dataset data/";

#[derive(Debug, ClapArgs)]
#[command(after_help = QUERY_EXAMPLES)]
pub(in crate::cli) struct QueryArgs {
    /// The query; `-` reads it from standard input
    #[cfg_attr(not(feature = "sql"), allow(dead_code))]
    pub(in crate::cli) sql: Option<String>,
    /// Folder of the dataset, or s3://bucket/folder
    #[arg(long, short, value_name = "DIR|URI", value_hint = ValueHint::DirPath)]
    pub(in crate::cli) dataset: Place,
    /// table: for people; csv: a header and a line a row; json: an object a line, decimals as strings
    #[arg(long, value_enum, default_value_t = QueryFormat::Table)]
    #[cfg_attr(not(feature = "sql"), allow(dead_code))]
    pub(in crate::cli) format: QueryFormat,
}

/// Form of a query's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum QueryFormat {
    /// Drawn for the terminal
    Table,
    /// RFC 4180
    Csv,
    /// JSON Lines
    Json,
}

const STATUS_EXAMPLES: &str = "\
Examples:
  juesuan status --dataset data/
  juesuan status --dataset data/ --json | jq .runs[0]";

#[derive(Debug, ClapArgs)]
#[command(after_help = STATUS_EXAMPLES)]
pub(in crate::cli) struct StatusArgs {
    /// Folder of the dataset, or s3://bucket/folder
    #[arg(long, short, value_name = "DIR|URI", value_hint = ValueHint::DirPath)]
    pub(in crate::cli) dataset: Place,
    /// Print the same as JSON
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

pub(super) const MAINTAIN: &str = "\
Puts the small files of a dataset together, removes files that no version of the last days names (those of killed crawls \
and of rows that were replaced), and writes checkpoints of the logs. No row changes. Run it once a week or so, while no \
crawl runs; readers go on reading.";

const MAINTAIN_EXAMPLES: &str = "\
Examples:
  juesuan maintain --dataset data/
  juesuan maintain --dataset data/ --keep-days 30";

#[derive(Debug, ClapArgs)]
#[command(after_help = MAINTAIN_EXAMPLES)]
pub(in crate::cli) struct MaintainArgs {
    /// Folder of the dataset, or s3://bucket/folder
    #[arg(long, short, value_name = "DIR|URI", value_hint = ValueHint::DirPath)]
    pub(in crate::cli) dataset: Place,
    /// Keep files that were live in the last so many days, for readers of older versions
    #[arg(long, value_name = "N", default_value_t = 7)]
    pub(in crate::cli) keep_days: u32,
}
