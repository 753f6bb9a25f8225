//! juesuan (决算, "final accounts") reads the budgets, final accounts and performance reports that Chinese
//! departments publish as DOCX, PDF and spreadsheets, and turns each into one JSON report in which every
//! figure is exact, typed and placed.
//!
//! The house has floors; each rests on the ground (`model`, `forms`, `error`, `limits`) and none on its
//! neighbour, so that each can be read and tested alone. Only [`pipeline`] knows their order.
//!
//! ```text
//! cli        speaks with people
//! pipeline   many documents, many workers, one order
//! export     a dataset as files for others              warehouse   the same in PostgreSQL
//! dataset    reports become tables
//! check      is the report true to itself?
//! fiscal     which figure is which?
//! structure  words, grids, sections
//! read       bytes become what the file says
//! model      the nouns, their units and places          forms   what varies between provinces
//! ```
//!
//! # Examples
//!
//! ```no_run
//! use juesuan::{forms::Forms, limits::Limits, pipeline};
//!
//! let csv = "收入决算表,,\n部门：某局,,单位：万元\n项目,本年收入合计,财政拨款收入\n合计,12.50,12.50\n";
//! let report = pipeline::extract_bytes(csv.as_bytes(), "table.csv", Forms::builtin(), &Limits::default());
//! assert_eq!(report.tables[0].unit.as_deref(), Some("万元"));
//! ```
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod bucket;
pub mod check;
pub mod cli;
pub mod dataset;
pub mod error;
pub mod export;
pub mod fiscal;
pub mod forms;
pub mod lang;
pub mod limits;
pub mod model;
pub mod pipeline;
pub mod read;
pub mod structure;
pub mod warehouse;
