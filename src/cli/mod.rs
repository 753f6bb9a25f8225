//! Speaks with people: arguments, progress, tables in a terminal. The only place for `anyhow`.
