//! `juesuan query`: SQL over a dataset's tables and views, as a table for people, or CSV or JSON for programs. A build
//! without the cargo feature `sql` says how to get one that has it.

#[cfg(feature = "sql")]
mod answer;

use crate::cli::args::QueryArgs;
use crate::cli::exit::Exit;
use crate::cli::plan::Plan;

#[cfg(feature = "sql")]
pub(in crate::cli) fn query(args: &QueryArgs, plan: &Plan) -> anyhow::Result<Exit> {
    answer::answer(args, plan)
}

/// Says what to do; the dataset itself needs no engine of ours.
#[cfg(not(feature = "sql"))]
pub(in crate::cli) fn query(args: &QueryArgs, _plan: &Plan) -> anyhow::Result<Exit> {
    anyhow::bail!(
        "this build has no SQL engine, which doubles the time of a first build. Get one that has it:\n  \
         cargo build --release --locked --features sql     (in the source folder)\n  \
         cargo install --path . --locked --features sql    (to have it installed)\n\
         Published binaries have it. Other engines read the dataset too: its tables are Delta Lake, and the views \
         stand as SQL in {}",
        args.dataset.join("views")
    )
}
