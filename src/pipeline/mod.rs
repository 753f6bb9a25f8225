//! Many documents, many workers, one order. The only floor that knows how the others follow one another.
//!
//! [`walk`] finds the sources of a [`Job`]. [`mod@run`] hands each to a worker process, so that a document which
//! breaks its reader costs itself and nothing else, and gives the [`Outcome`]s back in source order. [`mod@crawl`]
//! leaves out what the dataset holds already, and writes what comes to a [`Sink`](crate::dataset::Sink) in bounded
//! batches.
//!
//! ```text
//! walk ─ sources ─▶ queue ─▶ rayon threads, each with a worker process ─▶ order ─▶ batches ─▶ sink
//!                     ▲        one line of JSON in, rows or a report out     │
//!                     └──────── at most `look_ahead` sources further ───────┘
//! ```

mod archive;
mod bare;
mod bucket;
mod convert;
mod cores;
mod crawl;
mod download;
mod extract;
mod fault;
mod incremental;
mod job;
mod kept;
mod order;
mod outcome;
mod pipe;
mod reader;
mod record;
mod run;
mod scratch;
mod share;
mod source;
mod spread;
mod summary;
mod supervisor;
mod worker;

pub use archive::expand;
pub use bare::EXTRACTOR;
pub use crawl::crawl;
pub use extract::{extract_bytes, extract_guarded, extract_source, on_big_stack, panic_words};
pub use fault::Fault;
pub use job::Job;
pub use kept::downloads_of;
pub use reader::Reader;
pub use record::{new_load, record};
pub use run::{Watch, run};
pub use share::Share;
pub use source::{Source, walk};
pub use spread::{Returned, Spread, read_share};
pub use summary::{Reason, Summary};
pub use worker::serve;

pub use crate::dataset::{Ledger, Outcome};
