//! Runs the workers of a job and gives outcomes back in source order.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use super::cores::Cores;
use super::order::{InOrder, Queue};
use super::outcome::{of_answer, of_death, of_problem};
use super::supervisor::{Answer, Worker};
use super::{Job, Outcome, Source};
use crate::error::{Error, Result};

/// How often a document is tried. The second time it has a fresh worker, and the machine, to itself.
const ATTEMPTS: u32 = 2;
/// A worker is replaced after this many documents, so that nothing a library leaks adds up over a night.
const DOCUMENTS_A_WORKER: u32 = 4_000;

/// How soon a run that is told to stop gives out no more documents.
const STOP_LATENCY: Duration = Duration::from_millis(100);

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
    run_on(job, &Cores::new(job.workers), sources, watch, deliver)
}

/// Runs as [`run`] does, on processors that others have errands for too.
pub(super) fn run_on(
    job: &Job,
    cores: &Cores,
    sources: &[Source],
    watch: &mut dyn Watch,
    deliver: &mut dyn FnMut(Outcome) -> Result<()>,
) -> Result<()> {
    let workers = job.workers.clamp(1, sources.len().max(1));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(workers).build();
    let pool = pool.map_err(|e| Error::io("a thread pool", std::io::Error::other(e)))?;
    let queue = Queue::new(sources.len(), job.look_ahead, job.held_bytes);
    let (failure, desk) = (Mutex::new(None), Desk { job, cores, quiet: RwLock::new(()) });
    let (sender, arrivals) = channel();
    let delivered = pool.in_place_scope(|scope| {
        for _ in 0..workers {
            let (sender, queue, failure, desk) = (sender.clone(), &queue, &failure, &desk);
            scope.spawn(move |_| {
                if let Err(error) = work(desk, sources, queue, &sender) {
                    queue.stop();
                    failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                }
            });
        }
        drop(sender);
        let delivered = drain(&arrivals, &queue, &job.stop, watch, deliver);
        queue.stop();
        delivered
    });
    let failure = failure.into_inner().unwrap_or_else(PoisonError::into_inner);
    failure.map_or(delivered, Err)
}

fn drain(
    arrivals: &Receiver<(usize, Outcome)>,
    queue: &Queue,
    stop: &AtomicBool,
    watch: &mut dyn Watch,
    deliver: &mut dyn FnMut(Outcome) -> Result<()>,
) -> Result<()> {
    let mut held = InOrder::new();
    while let Some((position, outcome)) = next_arrival(arrivals, queue, stop) {
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

/// Waits for a document; when the run is told to stop, no more are given out, and those that are out still come.
fn next_arrival(arrivals: &Receiver<(usize, Outcome)>, queue: &Queue, stop: &AtomicBool) -> Option<(usize, Outcome)> {
    loop {
        if stop.load(Ordering::Relaxed) {
            queue.stop();
        }
        match arrivals.recv_timeout(STOP_LATENCY) {
            Ok(arrival) => return Some(arrival),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
}

/// What the threads of a run share.
pub(super) struct Desk<'a> {
    pub(super) job: &'a Job,
    pub(super) cores: &'a Cores,
    /// Held alone by a document that is tried again.
    pub(super) quiet: RwLock<()>,
}

/// One thread's share: takes sources until there are none, with one worker process at a time.
fn work(desk: &Desk, sources: &[Source], queue: &Queue, done: &Sender<(usize, Outcome)>) -> Result<()> {
    let mut worker = None;
    while let Some(position) = queue.take() {
        let Some(source) = sources.get(position) else { break };
        let outcome = match &source.problem {
            Some(problem) => of_problem(source, problem),
            None => read(desk, source, &mut worker)?,
        };
        if done.send((position, outcome)).is_err() {
            break;
        }
    }
    Ok(())
}

fn read(desk: &Desk, source: &Source, worker: &mut Option<Worker>) -> Result<Outcome> {
    let Tried { answer, attempts, millis } = try_twice(desk, source, worker)?;
    Ok(match answer {
        Ok(answer) => of_answer(source, answer, attempts, millis),
        Err(error) => of_death(source, &desk.job.limits, &error, attempts, millis),
    })
}

/// What came of a source, or why its worker died.
pub(super) struct Tried {
    pub(super) answer: Result<Answer>,
    pub(super) attempts: u32,
    pub(super) millis: u64,
}

/// Has one source read, twice if it takes the first worker down. The second time nothing else is read beside it,
/// so that a document is not blamed for memory or time that others took.
///
/// # Errors
/// When a worker cannot be started.
pub(super) fn try_twice(desk: &Desk, source: &Source, worker: &mut Option<Worker>) -> Result<Tried> {
    let Desk { job, cores, quiet } = desk;
    let started = Instant::now();
    let mut attempt = 1;
    loop {
        // One that has served its time is gone before the next one starts, and its memory with it.
        let kept = worker.take().filter(|worker| worker.served < DOCUMENTS_A_WORKER);
        let mut current = kept.map_or_else(|| Worker::start(job), Ok)?;
        let answer = if attempt == 1 {
            let _beside_others = quiet.read().unwrap_or_else(PoisonError::into_inner);
            let _core = cores.enter();
            current.ask(source, job)
        } else {
            let _alone = quiet.write().unwrap_or_else(PoisonError::into_inner);
            let _core = cores.enter();
            current.ask(source, job)
        };
        let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        match answer {
            Err(_) if attempt < ATTEMPTS => attempt += 1,
            Err(_) => return Ok(Tried { answer, attempts: attempt, millis }),
            Ok(_) => {
                *worker = Some(current);
                return Ok(Tried { answer, attempts: attempt, millis });
            }
        }
    }
}
