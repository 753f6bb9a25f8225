//! How many arenas `malloc` may have in a crawl. glibc gives an arena to each thread that meets another one in it, and an arena
//! keeps what it once held: what one thread reads and another one frees is spread over all of them, so that a supervisor
//! grows for hours and holds half as much again as it needs. Their number can only be said in the environment of a program
//! that starts, so a crawl begins by starting itself once more, in its own process. Workers inherit it.
//! Other systems and other allocators are left alone.

use std::ffi::OsStr;

/// What glibc reads, and what says the same among its tunables (glibc manual, "Memory Allocation Tunables").
const VARIABLE: &str = "MALLOC_ARENA_MAX";
const TUNABLES: &str = "GLIBC_TUNABLES";
const TUNABLE: &str = "glibc.malloc.arena_max";
/// Threads that share an arena; small pieces come from a store of each thread's own.
const THREADS_AN_ARENA: usize = 8;

/// Starts this program once more with few arenas. Returns where that is not called for, or not possible, and nothing is
/// lost then but memory.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(super) fn limit() {
    use std::os::unix::process::CommandExt;
    let variable = std::env::var_os(VARIABLE);
    let tunables = std::env::var_os(TUNABLES);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let Some(arenas) = arenas(variable.as_deref(), tunables.as_deref(), cores) else { return };
    let mut arguments = std::env::args_os();
    let (Some(name), Ok(program)) = (arguments.next(), std::env::current_exe()) else { return };
    let mut again = std::process::Command::new(program);
    let error = again.arg0(name).args(arguments).env(VARIABLE, arenas.to_string()).exec();
    tracing::debug!(%error, "the program could not be started again with fewer arenas");
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(super) fn limit() {}

/// How many arenas there may be; `None` when somebody has said so already.
#[cfg_attr(not(all(target_os = "linux", target_env = "gnu")), expect(dead_code, reason = "other systems have none"))]
fn arenas(variable: Option<&OsStr>, tunables: Option<&OsStr>, cores: usize) -> Option<usize> {
    let is_tuned = tunables.is_some_and(|tunables| tunables.to_string_lossy().contains(TUNABLE));
    (variable.is_none() && !is_tuned).then(|| cores.div_ceil(THREADS_AN_ARENA))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_set_the_arenas_is_obeyed_and_the_second_start_is_the_last() {
        assert_eq!(arenas(None, None, 2), Some(1));
        assert_eq!(arenas(None, None, 64), Some(8));
        assert_eq!(arenas(Some(OsStr::new("1")), None, 2), None);
        assert_eq!(arenas(None, Some(OsStr::new("glibc.malloc.arena_max=4")), 2), None);
        assert_eq!(arenas(None, Some(OsStr::new("glibc.malloc.tcache_count=0")), 2), Some(1));
    }
}
