//! The `juesuan` program: parse, run, map to an exit status. All of it is `juesuan::cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    juesuan::cli::main()
}
