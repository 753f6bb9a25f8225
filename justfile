# What people do here, one word each: `just` lists them.

default:
    @just --list

# Builds the program as it is published.
build:
    cargo build --release

# Runs every test, the documented examples too.
test:
    cargo test

# Holds the source to its format and lints.
lint:
    cargo fmt --check
    cargo clippy --workspace --all-targets -- -D warnings

# Looks at licences and advisories; needs `cargo install cargo-deny`.
licences:
    cargo deny check

# Builds the documentation; a broken link is an error.
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps

# Crawls the sample region into data/.
region: build
    target/release/juesuan crawl corpus/region --dataset data

# Checks the sample region's reports and prints what is wrong in them.
check: build
    target/release/juesuan check corpus/region

# Scores a folder of documents with verified truth: just score path/to/score.py
score script: build
    python3 {{script}} --bin target/release/juesuan

# Runs the benchmarks.
bench:
    cargo bench

# Fuzzes one target for a minute: read_docx, read_sheet, read_pdf or parse_amount.
fuzz target seconds="60":
    cargo +nightly fuzz run {{target}} -- -max_total_time={{seconds}}

# Takes what the tests print now as what they must print; read the diff before you commit it.
accept:
    JUESUAN_ACCEPT=1 cargo test --test golden
    INSTA_UPDATE=always cargo test --test cli
