//! What `malloc` is told before a crawl. glibc gives an arena to each thread that meets another one in it, and takes large
//! pieces from there too once some were given back. What one thread reads and another one frees is spread over all arenas
//! then, none of which shrinks, so that a supervisor grows with every document. glibc is told otherwise only in the
//! environment of a program that starts, so a crawl begins by starting itself once more, in its own process. Workers
//! inherit what it was told. Linux with glibc alone has this room.

/// Number of arenas, and what says the same among glibc's tunables (glibc manual, "Memory Allocation Tunables").
const ARENAS: &str = "MALLOC_ARENA_MAX";
const TUNABLES: &str = "GLIBC_TUNABLES";
const TUNABLE: &str = "glibc.malloc.arena_max";
/// Threads that share an arena; small pieces come from a store of each thread's own.
const THREADS_AN_ARENA: usize = 8;
/// Bytes from which a piece is the system's own and goes back to it; glibc moves this up to 32 MiB where nobody says so.
const LARGE: (&str, &str) = ("MALLOC_MMAP_THRESHOLD_", "1048576");

/// Starts this program once more with its memory held together. Returns where that is not called for, or not possible;
/// nothing is lost then but memory.
pub(super) fn restrain() {
    use std::os::unix::process::CommandExt;
    let told = |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let Some(arenas) = arenas(told, cores) else { return };
    let mut arguments = std::env::args_os();
    let (Some(name), Ok(program)) = (arguments.next(), std::env::current_exe()) else { return };
    let mut again = std::process::Command::new(program);
    again.arg0(name).args(arguments).env(ARENAS, arenas.to_string()).env(LARGE.0, LARGE.1);
    let error = again.exec();
    tracing::debug!(%error, "the program could not be started again with its memory held together");
}

/// How many arenas there may be; `None` when somebody has said so already.
fn arenas(told: impl Fn(&str) -> Option<String>, cores: usize) -> Option<usize> {
    let is_tuned = told(TUNABLES).is_some_and(|tunables| tunables.contains(TUNABLE));
    (told(ARENAS).is_none() && !is_tuned).then(|| cores.div_ceil(THREADS_AN_ARENA))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_set_the_arenas_is_obeyed_and_the_second_start_is_the_last() {
        let of = |name: &'static str, value: &'static str| move |asked: &str| (asked == name).then(|| value.to_owned());
        assert_eq!(arenas(|_| None, 2), Some(1));
        assert_eq!(arenas(|_| None, 64), Some(8));
        assert_eq!(arenas(of(ARENAS, "1"), 2), None);
        assert_eq!(arenas(of(TUNABLES, "glibc.malloc.arena_max=4"), 2), None);
        assert_eq!(arenas(of(TUNABLES, "glibc.malloc.tcache_count=0"), 2), Some(1));
    }
}
