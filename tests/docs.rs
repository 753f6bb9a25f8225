//! The commands of the book run as they stand: each page's `sh` blocks, one after the other, in a folder of their own that
//! holds the sample district. A block ends with 0, or as the comment before it says (`<!-- ends with 1 -->`).

#![allow(clippy::print_stderr)] // a page that is skipped says so

mod postgres;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use postgres::Server;

/// A block of commands and the status that it ends with.
#[derive(Debug, PartialEq, Eq)]
struct Block {
    line: usize,
    text: String,
    status: i32,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let (mut status, mut open): (i32, Option<Block>) = (0, None);
    for (line, text) in (1..).zip(page.lines()) {
        match (&mut open, text.trim_end()) {
            (None, "```sh") => open = Some(Block { line, text: String::new(), status: std::mem::take(&mut status) }),
            (Some(_), "```") => blocks.extend(open.take()),
            (Some(block), text) => block.text.extend([text, "\n"]),
            (None, text) => {
                if let Some(number) = text.strip_prefix("<!-- ends with ").and_then(|rest| rest.strip_suffix(" -->")) {
                    status = number.parse().expect("a status");
                }
            }
        }
    }
    blocks
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn run(page: &Path, server: Option<&Server>) {
    let name = page.file_stem().expect("a name").to_string_lossy().replace('-', "_");
    let text = fs::read_to_string(page).expect("a page");
    let needs_server = text.contains("$WAREHOUSE\"\n") || text.contains("\"$WAREHOUSE\" --dry-run");
    let address = match server.filter(|_| needs_server) {
        Some(server) => server.database(&name),
        None if needs_server => {
            eprintln!("\n*** SKIPPED: {name} needs PostgreSQL ***\n");
            return;
        }
        None => String::new(),
    };
    let dir = tempfile::tempdir().expect("a folder");
    let copied = Command::new("cp").arg("-r").arg(root().join("corpus")).arg(dir.path()).status();
    assert!(copied.expect("cp runs").success());
    let program = assert_cmd::cargo::cargo_bin("juesuan");
    let path = format!("{}:{}", program.parent().expect("a folder").display(), std::env::var("PATH").expect("a path"));
    for block in blocks(&text) {
        let mut bash = Command::new("bash");
        bash.args(["-euo", "pipefail", "-c", &block.text]).current_dir(dir.path());
        let output = bash.env("PATH", &path).env("WAREHOUSE", &address).output().expect("bash runs");
        let said = [output.stdout, output.stderr].concat();
        let place = format!("{}:{}\n{}", page.display(), block.line, block.text);
        assert_eq!(output.status.code(), Some(block.status), "{place}\n{}", String::from_utf8_lossy(&said));
    }
}

#[test]
fn every_command_of_the_book_runs_as_it_stands() {
    let mut pages: Vec<PathBuf> =
        fs::read_dir(root().join("docs")).expect("docs").flatten().map(|e| e.path()).collect();
    pages.retain(|page| page.extension().is_some_and(|e| e == "md"));
    pages.sort();
    assert!(pages.len() >= 9, "{pages:?}");
    let server = Server::get();
    for page in pages {
        run(&page, server.as_deref());
    }
}

#[test]
fn every_page_is_in_the_contents_and_every_link_leads_somewhere() {
    let docs = root().join("docs");
    let contents = fs::read_to_string(docs.join("README.md")).expect("the contents");
    for page in fs::read_dir(&docs).expect("docs").flatten().map(|e| e.path()) {
        let name = page.file_name().expect("a name").to_string_lossy().into_owned();
        if page.extension().is_none_or(|e| e != "md") {
            continue;
        }
        assert!(name == "README.md" || contents.contains(&format!("({name})")), "{name} is not in docs/README.md");
        let text = fs::read_to_string(&page).expect("a page");
        for (at, _) in text.match_indices("](") {
            let target = text[at + 2..].split(')').next().unwrap_or_default();
            let is_here = target.starts_with("https://") || docs.join(target).exists();
            assert!(is_here, "{name}: {target} leads nowhere");
        }
    }
}

#[test]
fn a_block_has_the_status_that_the_comment_before_it_says() {
    let page = "a\n```sh\none\n```\n<!-- ends with 1 -->\n```sh\ntwo\nthree\n```\n```sql\nnot run\n```\n";
    let found = blocks(page);
    let expected = [(2, "one\n", 0), (6, "two\nthree\n", 1)];
    assert_eq!(found, expected.map(|(line, text, status)| Block { line, text: text.to_owned(), status }));
}
