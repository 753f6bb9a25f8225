//! Out of order in, in order out, and a bound on how far the fast may run ahead of the slow.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Gives out positions `0..len`, each once, in order. A caller waits while the position that it would get is
/// too far ahead of what was delivered, or too much is held back.
#[derive(Debug)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    len: usize,
    look_ahead: usize,
    held_bytes: u64,
}

#[derive(Debug, Default)]
struct State {
    next: usize,
    delivered: usize,
    held: u64,
    stopped: bool,
}

impl Queue {
    pub(super) fn new(len: usize, look_ahead: usize, held_bytes: u64) -> Self {
        let state = Mutex::new(State::default());
        Self { state, changed: Condvar::new(), len, look_ahead: look_ahead.max(1), held_bytes }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next position, and those behind it that `go_together` with it; `None` when there is none, or the run was
    /// stopped. Of those that are too far ahead only the first one waits, the others are left for the next call.
    ///
    /// The position that everything waits for has always been given out, so nobody waits for ever.
    pub(super) fn take(&self, go_together: impl Fn(Range<usize>) -> bool) -> Option<Range<usize>> {
        let mut state = self.lock();
        loop {
            if state.stopped || state.next >= self.len {
                return None;
            }
            let is_near = state.next < state.delivered + self.look_ahead;
            if (is_near && state.held < self.held_bytes) || state.next == state.delivered {
                let (first, end) = (state.next, self.len.min(state.delivered + self.look_ahead));
                state.next += 1;
                while state.next < end && go_together(first..state.next + 1) {
                    state.next += 1;
                }
                return Some(first..state.next);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Counts a finished position of `bytes` that is held until those before it are done.
    pub(super) fn hold(&self, bytes: u64) {
        let mut state = self.lock();
        state.held = state.held.saturating_add(bytes);
    }

    /// Counts a position as delivered.
    pub(super) fn deliver(&self, bytes: u64) {
        let mut state = self.lock();
        state.held = state.held.saturating_sub(bytes);
        state.delivered += 1;
        self.changed.notify_all();
    }

    /// Gives out nothing more.
    pub(super) fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }
}

/// Holds what came early.
#[derive(Debug)]
pub(super) struct InOrder<T> {
    next: usize,
    early: BTreeMap<usize, T>,
}

impl<T> InOrder<T> {
    pub(super) fn new() -> Self {
        Self { next: 0, early: BTreeMap::new() }
    }

    /// Takes the value of a position; [`InOrder::next`] gives back what has no gap before it.
    pub(super) fn put(&mut self, position: usize, value: T) {
        self.early.insert(position, value);
    }

    pub(super) fn next(&mut self) -> Option<T> {
        let value = self.early.remove(&self.next)?;
        self.next += 1;
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_order_in_is_one_order_out(order in Just((0..40).collect::<Vec<usize>>()).prop_shuffle()) {
            let mut held = InOrder::new();
            let mut out = Vec::new();
            for position in order {
                held.put(position, position);
                out.extend(std::iter::from_fn(|| held.next()));
            }
            prop_assert_eq!(out, (0..40).collect::<Vec<usize>>());
        }
    }

    fn alone(_: Range<usize>) -> bool {
        false
    }

    #[test]
    fn what_goes_together_is_given_out_at_once_as_far_as_it_is_near() {
        let queue = Queue::new(10, 5, 100);
        let three = |run: Range<usize>| run.len() <= 3;
        assert_eq!(queue.take(three), Some(0..3));
        assert_eq!(queue.take(three), Some(3..5), "the sixth is too far ahead");
        (0..5).for_each(|_| queue.deliver(0));
        assert_eq!(queue.take(|_| true), Some(5..10));
        assert_eq!(queue.take(|_| true), None);
    }

    #[test]
    fn the_fast_wait_for_the_slow() {
        let queue = Queue::new(10, 2, 100);
        let take = || queue.take(alone);
        assert_eq!((take(), take()), (Some(0..1), Some(1..2)));
        std::thread::scope(|scope| {
            let waiting = scope.spawn(take);
            std::thread::sleep(std::time::Duration::from_millis(20));
            assert!(!waiting.is_finished(), "two are out, and none was delivered");
            queue.deliver(0);
            assert_eq!(waiting.join().expect("no panic"), Some(2..3));
        });
    }

    #[test]
    fn a_full_buffer_lets_only_the_awaited_position_through() {
        let queue = Queue::new(3, 10, 100);
        assert_eq!(queue.take(alone), Some(0..1));
        queue.hold(200);
        queue.deliver(0);
        assert_eq!(queue.take(alone), Some(1..2), "everything waits for this one");
    }

    #[test]
    fn a_stopped_queue_is_empty() {
        let queue = Queue::new(3, 10, 100);
        queue.stop();
        assert_eq!(queue.take(alone), None);
    }
}
