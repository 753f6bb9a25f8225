//! Who does what can be done side by side. The dataset says what there is to do; how many do it at once is decided by
//! whoever runs the crawl, because reading documents takes the same processors.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::channel;

use crate::error::{Error, Result};

/// A piece of work that needs nothing but itself.
pub type Errand = Box<dyn FnOnce() + Send>;

/// Does errands, in any order and side by side where it can.
pub trait Hands: Send + Sync {
    /// Returns when all are done.
    fn run(&self, errands: Vec<Errand>);
}

/// Does one errand after the other.
#[derive(Debug, Clone, Copy, Default)]
pub struct OneHand;

impl Hands for OneHand {
    fn run(&self, errands: Vec<Errand>) {
        for errand in errands {
            errand();
        }
    }
}

/// Has `work` done on each item, and gives the results in the order of the items.
///
/// # Errors
/// The first error in that order, or that of work that broke down.
pub(super) fn each<T: Send + 'static, R: Send + 'static>(
    hands: &dyn Hands,
    items: Vec<T>,
    work: impl Fn(T) -> Result<R> + Send + Sync + 'static,
) -> Result<Vec<R>> {
    let (work, (sender, results)) = (Arc::new(work), channel());
    let errand = |(place, item): (usize, T)| -> Errand {
        let (work, sender) = (Arc::clone(&work), sender.clone());
        Box::new(move || {
            if let Ok(result) = catch_unwind(AssertUnwindSafe(|| work(item))) {
                drop(sender.send((place, result)));
            }
        })
    };
    let count = items.len();
    hands.run(items.into_iter().enumerate().map(errand).collect());
    drop(sender);
    let mut results: Vec<(usize, Result<R>)> = results.into_iter().collect();
    if results.len() < count {
        return Err(Error::io("a thread", std::io::Error::other("panicked while it wrote the dataset")));
    }
    results.sort_by_key(|(place, _)| *place);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items_and_a_failure_is_told() {
        struct Backwards;
        impl Hands for Backwards {
            fn run(&self, errands: Vec<Errand>) {
                errands.into_iter().rev().for_each(|errand| errand());
            }
        }
        let doubled = each(&Backwards, vec![1, 2, 3], |n| Ok(n * 2)).expect("works");
        assert_eq!(doubled, [2, 4, 6]);
        let refuse = |n: i32| if n > 1 { Err(Error::io(n, std::io::Error::other("no"))) } else { Ok(n) };
        let error = each(&Backwards, vec![1, 2, 3], refuse).expect_err("two fail");
        assert!(error.to_string().contains('2'), "{error}");
    }
}
