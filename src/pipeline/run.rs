//! Runs the workers of a job and gives outcomes back in source order.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Instant;

use super::order::{InOrder, Queue};
use super::outcome::{of_death, of_problem, of_report};
use super::supervisor::Worker;
use super::{Job, Outcome, Source};
use crate::error::{Error, Result};

/// How often a document is tried. The second time it has a fresh worker to itself.
const ATTEMPTS: u32 = 2;
/// A worker is replaced after this many documents, so that nothing a library leaks adds up over a night.
const DOCUMENTS_A_WORKER: u32 = 1_000;

/// Is told how a run goes on. Every call comes from the thread that called [`run`].
pub trait Watch {
    /// The sources are known.
    fn found(&mut self, sources: &[Source]) {
        let _ = sources;
    }

    /// A document is done; documents arrive in any order.
    fn arrived(&mut self, outcome: &Outcome) {
        let _ = outcome;
    }
}

/// Watches nothing.
impl Watch for () {}

/// Reads every source, and calls `deliver` with the outcomes in the order of `sources`.
///
/// Memory: at most [`Job::look_ahead`] outcomes, of [`Job::held_bytes`] and one a worker more, wait for the
/// slowest document.
///
/// # Errors
/// When workers cannot be started, or `deliver` fails. What a document does is an outcome, never an error.
pub fn run(
    job: &Job,
    sources: &[Source],
    watch: &mut dyn Watch,
    deliver: &mut dyn FnMut(Outcome) -> Result<()>,
) -> Result<()> {
    let workers = job.workers.clamp(1, sources.len().max(1));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(workers).build();
    let pool = pool.map_err(|e| Error::io("a thread pool", std::io::Error::other(e)))?;
    let queue = Queue::new(sources.len(), job.look_ahead, job.held_bytes);
    let failure = Mutex::new(None);
    let (sender, arrivals) = channel();
    let delivered = pool.in_place_scope(|scope| {
        for _ in 0..workers {
            let (sender, queue, failure) = (sender.clone(), &queue, &failure);
            scope.spawn(move |_| {
                if let Err(error) = work(job, sources, queue, &sender) {
                    queue.stop();
                    failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get_or_insert(error);
                }
            });
        }
        drop(sender);
        let delivered = drain(&arrivals, &queue, watch, deliver);
        queue.stop();
        delivered
    });
    let failure = failure.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    failure.map_or(delivered, Err)
}

fn drain(
    arrivals: &Receiver<(usize, Outcome)>,
    queue: &Queue,
    watch: &mut dyn Watch,
    deliver: &mut dyn FnMut(Outcome) -> Result<()>,
) -> Result<()> {
    let mut held = InOrder::new();
    for (position, outcome) in arrivals {
        watch.arrived(&outcome);
        queue.hold(outcome.weight);
        held.put(position, outcome);
        while let Some(outcome) = held.next() {
            let weight = outcome.weight;
            deliver(outcome)?;
            queue.deliver(weight);
        }
    }
    Ok(())
}

/// One thread's share: takes sources until there are none, with one worker process at a time.
fn work(job: &Job, sources: &[Source], queue: &Queue, done: &Sender<(usize, Outcome)>) -> Result<()> {
    let mut worker = None;
    while let Some(position) = queue.take() {
        let Some(source) = sources.get(position) else { break };
        let outcome = match &source.problem {
            Some(problem) => of_problem(source, problem),
            None => read(job, source, &mut worker)?,
        };
        if done.send((position, outcome)).is_err() {
            break;
        }
    }
    Ok(())
}

/// Has one source read, twice if it takes the first worker down.
fn read(job: &Job, source: &Source, worker: &mut Option<Worker>) -> Result<Outcome> {
    let started = Instant::now();
    let mut attempt = 1;
    loop {
        let mut current = match worker.take() {
            Some(worker) if worker.served < DOCUMENTS_A_WORKER => worker,
            _ => Worker::start(job)?,
        };
        let answer = current.ask(source, job);
        let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        match answer {
            Ok((report, bytes)) => {
                *worker = Some(current);
                return Ok(of_report(source, report, bytes, attempt, millis));
            }
            Err(error) if attempt == ATTEMPTS => return Ok(of_death(source, &job.limits, &error, attempt, millis)),
            Err(_) => attempt += 1,
        }
    }
}
