//! How much is done at once. Documents that workers read and errands of the dataset take the same processors, so both
//! ask here before they begin, and no more than the job's workers go on together. Errands come first: documents that
//! were read wait for them.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::dataset::{Errand, Hands};

/// Leave to go on, for as many as there are workers.
#[derive(Debug)]
pub(super) struct Cores {
    count: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    free: usize,
    /// Errands that wait.
    waiting: usize,
}

/// Leave to go on; giving it back is letting it go.
pub(super) struct Core<'c>(&'c Cores);

impl Cores {
    pub(super) fn new(count: usize) -> Self {
        let count = count.max(1);
        Self { count, state: Mutex::new(State { free: count, waiting: 0 }), changed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until a document may be read.
    pub(super) fn enter(&self) -> Core<'_> {
        let mut state = self.lock();
        while state.free == 0 || state.waiting > 0 {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.free -= 1;
        Core(self)
    }

    fn enter_first(&self) -> Core<'_> {
        let mut state = self.lock();
        state.waiting += 1;
        while state.free == 0 {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.waiting -= 1;
        state.free -= 1;
        self.changed.notify_all();
        Core(self)
    }
}

impl Drop for Core<'_> {
    fn drop(&mut self) {
        self.0.lock().free += 1;
        self.0.changed.notify_all();
    }
}

impl Hands for Cores {
    fn run(&self, errands: Vec<Errand>) {
        let threads = self.count.min(errands.len());
        let errands = Mutex::new(errands.into_iter());
        let work = || {
            let next = || errands.lock().unwrap_or_else(PoisonError::into_inner).next();
            while let Some(errand) = next() {
                let _core = self.enter_first();
                errand();
            }
        };
        std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn no_more_go_on_together_than_there_are_cores() {
        let cores = Cores::new(2);
        let (now, most, done) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)), AtomicUsize::new(0));
        let errand = |_| -> Errand {
            let (now, most) = (Arc::clone(&now), Arc::clone(&most));
            Box::new(move || {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::sleep(std::time::Duration::from_millis(2));
                now.fetch_sub(1, Ordering::SeqCst);
            })
        };
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..20 {
                    let _core = cores.enter();
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    done.fetch_add(1, Ordering::SeqCst);
                    now.fetch_sub(1, Ordering::SeqCst);
                }
            });
            cores.run((0..20).map(errand).collect());
        });
        assert_eq!(done.load(Ordering::SeqCst), 20, "documents go on beside errands");
        assert!(most.load(Ordering::SeqCst) <= 2);
    }
}
