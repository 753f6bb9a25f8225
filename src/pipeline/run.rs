//! Runs the workers of a job and gives outcomes back in source order.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use super::bare::worker_error;
use super::cores::Cores;
use super::order::{InOrder, Queue};
use super::outcome::{of_answer, of_death, of_problem};
use super::pipe::{ROUND_DOCUMENTS, is_round};
use super::supervisor::{Answer, Worker};
use super::{Job, Outcome, Source};
use crate::error::{Error, Result};

/// How often a document is tried. The second time it has a fresh worker, and the machine, to itself.
const ATTEMPTS: u32 = 2;
/// A worker is replaced after this many documents, so that nothing a library leaks adds up over a night.
const DOCUMENTS_A_WORKER: u32 = 10_000;

/// How soon a run that is told to stop gives out no more documents.
const STOP_LATENCY: Duration = Duration::from_millis(100);

/// What came of documents that stand behind each other, and the position of the first.
type Arrival = (usize, Vec<Outcome>);

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
    // Fewer than two rounds a worker would leave workers without any.
    let look_ahead = job.look_ahead.max(2 * ROUND_DOCUMENTS * workers);
    let queue = Queue::new(sources.len(), look_ahead, job.held_bytes);
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
    arrivals: &Receiver<Arrival>,
    queue: &Queue,
    stop: &AtomicBool,
    watch: &mut dyn Watch,
    deliver: &mut dyn FnMut(Outcome) -> Result<()>,
) -> Result<()> {
    let mut held = InOrder::new();
    while let Some((first, outcomes)) = next_arrival(arrivals, queue, stop) {
        for (position, outcome) in (first..).zip(outcomes) {
            watch.arrived(&outcome);
            queue.hold(outcome.weight);
            held.put(position, outcome);
        }
        while let Some(outcome) = held.next() {
            let weight = outcome.weight;
            deliver(outcome)?;
            queue.deliver(weight);
        }
    }
    Ok(())
}

/// Waits for a document; when the run is told to stop, no more are given out, and those that are out still come.
fn next_arrival(arrivals: &Receiver<Arrival>, queue: &Queue, stop: &AtomicBool) -> Option<Arrival> {
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
fn work(desk: &Desk, sources: &[Source], queue: &Queue, done: &Sender<Arrival>) -> Result<()> {
    let mut worker = None;
    let go_together = |run| sources.get(run).is_some_and(is_round);
    while let Some(run) = queue.take(go_together) {
        let first = run.start;
        let outcomes = match sources.get(run) {
            Some([source]) => vec![read(desk, source, &mut worker)?],
            Some(round) => read_round(desk, round, &mut worker)?,
            None => break,
        };
        if done.send((first, outcomes)).is_err() {
            break;
        }
    }
    Ok(())
}

/// Reads a round of documents. When it takes its worker down, nobody knows which of them did: each is asked for alone, as
/// if there had been no round.
fn read_round(desk: &Desk, sources: &[Source], worker: &mut Option<Worker>) -> Result<Vec<Outcome>> {
    match attempt(desk, sources, worker, true)? {
        Ok(answers) => Ok(sources.iter().zip(answers).map(|(source, answer)| of_answer(source, answer, 1)).collect()),
        Err(error) => {
            tracing::debug!(documents = sources.len(), %error, "a round took its worker down; its documents go one by one");
            sources.iter().map(|source| read(desk, source, worker)).collect()
        }
    }
}

fn read(desk: &Desk, source: &Source, worker: &mut Option<Worker>) -> Result<Outcome> {
    match &source.problem {
        Some(problem) => Ok(of_problem(source, problem)),
        None => Ok(try_twice(desk, source, worker)?.0),
    }
}

/// Has one source read, twice if it takes the first worker down. The second time nothing else is read beside it,
/// so that a document is not blamed for memory or time that others took. Gives the report's JSON too, where a worker sent
/// it beside its rows.
///
/// # Errors
/// When a worker cannot be started.
pub(super) fn try_twice(
    desk: &Desk,
    source: &Source,
    worker: &mut Option<Worker>,
) -> Result<(Outcome, Option<String>)> {
    let started = Instant::now();
    let mut attempts = 1;
    loop {
        match attempt(desk, std::slice::from_ref(source), worker, attempts == 1)? {
            Ok(answers) => {
                let answer = answers.into_iter().next();
                let mut answer = answer.ok_or_else(|| worker_error("gave no answer".to_owned()))?;
                let json = answer.json.take();
                return Ok((of_answer(source, answer, attempts), json));
            }
            Err(_) if attempts < ATTEMPTS => attempts += 1,
            Err(error) => {
                let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
                return Ok((of_death(source, &desk.job.limits, &error, attempts, millis), None));
            }
        }
    }
}

/// Asks a worker once, which stays for the next documents if it lives.
fn attempt(
    Desk { job, cores, quiet }: &Desk,
    sources: &[Source],
    worker: &mut Option<Worker>,
    is_beside_others: bool,
) -> Result<Result<Vec<Answer>>> {
    // One that has served its time is gone before the next one starts, and its memory with it.
    let kept = worker.take().filter(|worker| worker.served < DOCUMENTS_A_WORKER);
    let mut current = kept.map_or_else(|| Worker::start(job), Ok)?;
    let answers = if is_beside_others {
        let _beside_others = quiet.read().unwrap_or_else(PoisonError::into_inner);
        let _core = cores.enter();
        current.ask(sources, job)
    } else {
        let _alone = quiet.write().unwrap_or_else(PoisonError::into_inner);
        let _core = cores.enter();
        current.ask(sources, job)
    };
    *worker = Some(current).filter(|_| answers.is_ok());
    Ok(answers)
}
