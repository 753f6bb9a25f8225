//! Ctrl-C and SIGTERM: the first asks the run to finish what it has begun and to commit it, the second ends the
//! program at once, which costs the batch that was not committed and nothing else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Exit status after a second Ctrl-C, as shells give it.
const INTERRUPTED: i32 = 130;

/// Listens from now on, and sets `stop` at the first signal.
pub(super) fn listen(stop: Arc<AtomicBool>) {
    std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(async {
            signal().await;
            tracing::warn!("finishing the documents that are being read, then committing; once more ends at once");
            stop.store(true, Ordering::Relaxed);
            signal().await;
            std::process::exit(INTERRUPTED);
        });
    });
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}

#[cfg(not(unix))]
async fn signal() {
    let _ = tokio::signal::ctrl_c().await;
}
