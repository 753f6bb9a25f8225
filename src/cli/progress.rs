//! How a run goes on, on standard error: a bar on a terminal, a log line now and then elsewhere.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::text;
use crate::pipeline::{Outcome, Source, Watch};

/// Time between two log lines where no bar is drawn.
const PAUSE: Duration = Duration::from_secs(15);

/// Watches a run for a person.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    shows_bar: bool,
    total: usize,
    done: u64,
    failed: u64,
    started: Instant,
    last_line: Instant,
}

impl Progress {
    pub(super) fn new(shows_bar: bool) -> Self {
        let now = Instant::now();
        Self { bar: None, shows_bar, total: 0, done: 0, failed: 0, started: now, last_line: now }
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn say(&self, log: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(log),
            None => log(),
        }
    }
}

impl Watch for Progress {
    fn found(&mut self, sources: &[Source]) {
        self.total = sources.len();
        tracing::info!(documents = self.total, "reading");
        if self.shows_bar {
            let bar = ProgressBar::new(self.total as u64);
            let template = "{bar:32.cyan/dim} {pos}/{len}  {per_sec}  ETA {eta}  {msg}";
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style.progress_chars("━╸─"));
            }
            bar.enable_steady_tick(Duration::from_millis(200));
            self.bar = Some(bar);
        }
    }

    fn arrived(&mut self, outcome: &Outcome) {
        self.done += 1;
        let path = &outcome.report.source.path;
        if outcome.is_failure() {
            self.failed += 1;
            let reason = outcome.error().map_or("", |note| note.message.as_str());
            self.say(|| tracing::warn!(status = outcome.status(), path, "{reason}"));
        } else {
            self.say(|| tracing::debug!(status = outcome.status(), path, millis = outcome.millis, "read"));
        }
        if let Some(bar) = &self.bar {
            let failed = if self.failed > 0 { format!("{} failed  ", self.failed) } else { String::new() };
            bar.set_message(failed + &text::plain(path.rsplit('/').next().unwrap_or(path), false));
            bar.inc(1);
        } else if self.last_line.elapsed() >= PAUSE {
            self.last_line = Instant::now();
            let seconds = self.started.elapsed().as_secs();
            tracing::info!(done = self.done, documents = self.total, failed = self.failed, seconds, "reading");
        }
    }
}
