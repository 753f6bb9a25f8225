//! The lock of a dataset in a bucket: an object that says who holds it and since when, and that its holder writes anew
//! every few seconds. Whoever wants it watches it: one that changes has a holder who lives, one that does not change for
//! the time of a lease is that of a run that died, and is taken over. Only conditional writes are made (If-None-Match,
//! If-Match), so that of two who take it one gets it; no two clocks are held against each other.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};

use object_store::UpdateVersion;
use serde::{Deserialize, Serialize};

use crate::dataset::part::refused;
use crate::dataset::place::{Held, Object, Place};
use crate::error::{Error, Result};

/// Time without a renewal after which a lock is nobody's.
const LEASE: Duration = Duration::from_secs(20);
/// Time between two renewals.
const RENEWAL: Duration = Duration::from_secs(5);
/// Time between two looks at the lock of another.
const LOOK: Duration = Duration::from_secs(1);
/// A lock so old is nobody's at first sight, however wrong the clocks of machine and store may be.
const LONG_GONE: Duration = Duration::from_mins(30);

/// What the object says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Holder {
    /// Machine and process.
    who: String,
    /// When it took the lock, by its own clock, in UTC.
    since: String,
    /// Counts the renewals, so that no two versions have the same bytes.
    renewals: u64,
}

/// A lock that is held, and the thread that renews it.
pub(in crate::dataset) struct Lease {
    shared: Arc<Shared>,
    /// Dropped to end the thread.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    object: Object,
    dataset: Place,
    state: Mutex<State>,
}

struct State {
    holder: Holder,
    version: UpdateVersion,
    /// When it was written last, by the clock of this machine, which goes on while the machine sleeps.
    renewed: SystemTime,
    /// Who has it now, where that is another.
    lost_to: Option<String>,
}

impl Lease {
    /// Takes the lock, from a run that died where need be; that takes as long as a lease.
    ///
    /// # Errors
    /// When another run holds it, or the store refuses.
    pub(super) fn take(object: Object, dataset: &Place) -> Result<Self> {
        let holder = Holder::new();
        let mut watch: Option<Watch> = None;
        loop {
            let held = object.held()?;
            let version = match &held {
                None => None,
                // The store wrote it, and its answer was lost on the way.
                Some(held) if holder.is_of(held) => {
                    return Ok(Self::start(object, dataset, holder, held.version.clone()));
                }
                Some(held) if is_long_gone(held) || watch.as_ref().is_some_and(|watch| watch.is_over(held)) => {
                    tracing::warn!(holder = words_of(held), "its lock was not renewed any more; it is taken over");
                    Some(held.version.clone())
                }
                Some(held) => {
                    watch.get_or_insert_with(|| Watch::begin(held)).look(held, dataset)?;
                    std::thread::sleep(LOOK);
                    continue;
                }
            };
            if let Some(version) = object.write_if(version, holder.text())? {
                return Ok(Self::start(object, dataset, holder, version));
            }
        }
    }

    fn start(object: Object, dataset: &Place, holder: Holder, version: UpdateVersion) -> Self {
        let state = Mutex::new(State { holder, version, renewed: SystemTime::now(), lost_to: None });
        let shared = Arc::new(Shared { object, dataset: dataset.clone(), state });
        let (stop, stopped) = mpsc::channel::<()>();
        let renewed = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            while stopped.recv_timeout(RENEWAL) == Err(RecvTimeoutError::Timeout) {
                // The next time tries again; `check` tells before anything is published.
                if let Err(error) = renewed.renew(&mut renewed.state()) {
                    tracing::warn!(%error, "the lock of the dataset was not renewed");
                }
            }
        });
        Self { shared, stop: Some(stop), thread: Some(thread) }
    }

    /// Makes sure that it is still held.
    ///
    /// # Errors
    /// When another run has taken it over, or the store does not say.
    pub(super) fn check(&self) -> Result<()> {
        let mut state = self.shared.state();
        let is_fresh = state.renewed.elapsed().is_ok_and(|age| age < LEASE / 2);
        if is_fresh && state.lost_to.is_none() {
            return Ok(());
        }
        self.shared.renew(&mut state)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // That it panicked is told already.
            let _ = thread.join();
        }
        // What stays behind is taken over after the time of a lease.
        if self.shared.renew(&mut self.shared.state()).is_ok() {
            let _ = self.shared.object.remove();
        }
    }
}

impl Shared {
    /// A thread that panicked leaves a state that is whole: it is written field by field from what the store said.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn renew(&self, state: &mut State) -> Result<()> {
        if let Some(other) = &state.lost_to {
            return Err(self.lost(other));
        }
        state.holder.renewals += 1;
        let (before, now) = (state.version.clone(), SystemTime::now());
        let mut version = self.object.write_if(Some(before), state.holder.text())?;
        if version.is_none() {
            let held = self.object.held()?;
            // The store may have written it while its answer was lost on the way.
            version = held.as_ref().filter(|held| state.holder.is_of(held)).map(|held| held.version.clone());
            state.lost_to = Some(held.as_ref().map_or_else(|| "nobody".to_owned(), words_of));
        }
        let Some(version) = version else { return Err(self.lost(state.lost_to.as_deref().unwrap_or_default())) };
        (state.version, state.renewed, state.lost_to) = (version, now, None);
        Ok(())
    }

    fn lost(&self, other: &str) -> Error {
        let words = format!("its lock went to {other} while this crawl could not renew it; run the crawl again");
        refused(&self.dataset, words)
    }
}

impl Holder {
    fn new() -> Self {
        let who = format!("{}, process {}", machine(), std::process::id());
        Self { who, since: jiff::Timestamp::now().to_string(), renewals: 0 }
    }

    fn text(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    fn read(held: &Held) -> Option<Self> {
        serde_json::from_slice(&held.bytes).ok()
    }

    /// Whether an object is that of this holder, whichever renewal.
    fn is_of(&self, held: &Held) -> bool {
        Self::read(held).is_some_and(|other| (other.who, other.since) == (self.who.clone(), self.since.clone()))
    }
}

/// Who holds a lock, for a person.
fn words_of(held: &Held) -> String {
    let words = |holder: Holder| format!("{} since {}", holder.who, holder.since);
    Holder::read(held).map_or_else(|| "somebody".to_owned(), words)
}

fn is_long_gone(held: &Held) -> bool {
    held.modified.elapsed().is_ok_and(|age| age > LONG_GONE)
}

fn machine() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let name = name.or_else(|| std::env::var("HOSTNAME").or_else(|_| std::env::var("COMPUTERNAME")).ok());
    name.map_or_else(|| "a machine without a name".to_owned(), |name| name.trim().to_owned())
}

/// A look at the lock of another that lasts.
struct Watch {
    version: UpdateVersion,
    began: Instant,
}

impl Watch {
    fn begin(held: &Held) -> Self {
        let seconds = LEASE.as_secs();
        tracing::warn!(
            holder = words_of(held),
            "the dataset is locked; waiting up to {seconds} s whether that run lives"
        );
        Self { version: held.version.clone(), began: Instant::now() }
    }

    fn is_over(&self, held: &Held) -> bool {
        held.version.e_tag == self.version.e_tag && self.began.elapsed() > LEASE
    }

    fn look(&self, held: &Held, dataset: &Place) -> Result<()> {
        if held.version.e_tag == self.version.e_tag {
            return Ok(());
        }
        let words = "is writing to it; wait for it to end, or choose another folder";
        Err(refused(dataset, format!("another crawl ({}) {words}", words_of(held))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(text: &[u8], e_tag: &str, age: Duration) -> Held {
        let version = UpdateVersion { e_tag: Some(e_tag.to_owned()), version: None };
        Held { bytes: text.to_vec().into(), version, modified: SystemTime::now() - age }
    }

    #[test]
    fn a_lock_says_whose_it_is_through_all_renewals() {
        let ours = Holder::new();
        let renewed = Holder { renewals: 7, ..ours.clone() };
        assert!(ours.is_of(&held(&renewed.text(), "1", Duration::ZERO)));
        let other = Holder { who: "db1, process 9".into(), since: "2026-01-02T03:04:05Z".into(), renewals: 0 };
        let theirs = held(&other.text(), "1", Duration::ZERO);
        assert!(!ours.is_of(&theirs));
        assert_eq!(words_of(&theirs), "db1, process 9 since 2026-01-02T03:04:05Z");
        assert_eq!(words_of(&held(b"?", "1", Duration::ZERO)), "somebody");
    }

    #[test]
    fn one_that_changes_is_held_and_one_of_last_night_is_not() {
        let text = Holder::new().text();
        let watch = Watch::begin(&held(&text, "1", Duration::ZERO));
        let dataset = Place::from("s3://b/d");
        assert!(watch.look(&held(&text, "1", Duration::ZERO), &dataset).is_ok());
        let refused = watch.look(&held(&text, "2", Duration::ZERO), &dataset).expect_err("it lives").to_string();
        assert!(refused.contains("another crawl (") && refused.contains("process"), "{refused}");
        assert!(!is_long_gone(&held(&text, "1", LEASE)) && is_long_gone(&held(&text, "1", 2 * LONG_GONE)));
    }
}
