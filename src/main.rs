//! The `juesuan` program: parse, run, map to an exit status.
fn main() {}
