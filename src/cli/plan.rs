//! What the global arguments mean: limits with their defaults, forms loaded and valid, the log set up.

use std::path::PathBuf;

use anyhow::Context;
use tracing_subscriber::EnvFilter;

use super::Host;
use super::args::{Chaos, Global, LogFormat};
use super::lang::Lang;
use super::paint::Paint;
use crate::forms::Forms;
use crate::limits::Limits;
use crate::pipeline::Job;

/// What every command works with.
pub(super) struct Plan {
    pub(super) limits: Limits,
    pub(super) forms: &'static Forms,
    pub(super) lang: Lang,
    /// Colours of standard output.
    pub(super) paint: Paint,
    /// Whether a progress bar may be drawn.
    pub(super) shows_progress: bool,
    /// Whether the log is for programs.
    pub(super) logs_json: bool,
    forms_dir: Option<PathBuf>,
    workers: Option<u16>,
    host: Option<Host>,
}

impl Plan {
    pub(super) fn new(global: Global, host: Option<Host>) -> anyhow::Result<Self> {
        start_log(&global);
        let forms = match &global.forms {
            // Forms live as long as the program; one folder of them is loaded, once.
            Some(dir) => Box::leak(Box::new(Forms::overlaid(dir)?)),
            None => Forms::builtin(),
        };
        Ok(Self {
            limits: global.limits.unwrap_or_default(),
            forms,
            lang: global.lang,
            paint: Paint::of_stdout(),
            shows_progress: !global.quiet && global.log == LogFormat::Text && console_is_terminal(),
            logs_json: global.log == LogFormat::Json,
            forms_dir: global.forms,
            workers: global.jobs,
            host,
        })
    }

    /// Cores that this process itself may use.
    #[cfg(feature = "sql")]
    pub(super) fn threads(&self) -> usize {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        self.workers.map_or(cores, usize::from)
    }

    /// A job over these sources.
    pub(super) fn job(&self, sources: Vec<PathBuf>, chaos: &Chaos) -> anyhow::Result<Job> {
        let mut job = Job::new(sources, PathBuf::new());
        match &self.host {
            Some(host) => (job.program, job.arguments) = (host.program.clone(), host.arguments.clone()),
            None => {
                job.program = std::env::current_exe().context("cannot find the program itself, which workers run")?;
            }
        }
        job.limits = self.limits;
        job.forms.clone_from(&self.forms_dir);
        job.faults.clone_from(&chaos.fault);
        job.workers = self.workers.map_or(job.workers, usize::from);
        Ok(job)
    }
}

fn console_is_terminal() -> bool {
    std::io::IsTerminal::is_terminal(&std::io::stderr())
}

/// Sends the log to standard error. `JUESUAN_LOG` takes filters as tracing spells them, for us while looking.
fn start_log(global: &Global) {
    let level = match (global.quiet, global.verbose) {
        (true, _) => "error",
        (_, 0) => "juesuan=info,error",
        (_, 1) => "juesuan=debug,warn",
        _ => "trace",
    };
    let filter = std::env::var("JUESUAN_LOG").unwrap_or_else(|_| level.to_owned());
    let log = tracing_subscriber::fmt().with_writer(std::io::stderr).with_env_filter(EnvFilter::new(filter));
    let log = log.with_ansi(false).with_target(false);
    // Only a second call fails, which a test in this process may make.
    let _ = match global.log {
        LogFormat::Text => log.without_time().try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
}
