//! One document at a time, for programs that ask for one now and then: a worker process that stays between them.

use std::sync::RwLock;

use super::cores::Cores;
use super::outcome::of_problem;
use super::run::{Desk, try_twice};
use super::supervisor::Worker;
use super::{Job, Outcome, Source};
use crate::error::Result;

/// Reads documents in a worker process of its own, which is started when it is first needed and again after a
/// document took it down.
#[derive(Debug)]
pub struct Reader {
    job: Job,
    worker: Option<Worker>,
}

impl Reader {
    /// Makes one with the limits, the forms and the program of a job; the sources of the job are not looked at.
    #[must_use]
    pub fn new(job: Job) -> Self {
        Self { job, worker: None }
    }

    /// Reads one source; gives the report's JSON too, where a worker sent it beside its rows. What the document does is
    /// an outcome, never an error.
    ///
    /// # Errors
    /// When the program of the workers cannot be started.
    pub fn read(&mut self, source: &Source) -> Result<(Outcome, Option<String>)> {
        if let Some(problem) = &source.problem {
            return Ok((of_problem(source, problem), None));
        }
        let desk = Desk { job: &self.job, cores: &Cores::new(1), quiet: RwLock::new(()) };
        try_twice(&desk, source, &mut self.worker)
    }
}
