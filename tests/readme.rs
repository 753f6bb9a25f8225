//! What the READMEs say to type works as it stands, in order, in a clone; and both say the same.

use std::fs;
use std::path::Path;

use assert_cmd::Command;

const READMES: [&str; 2] = ["README.md", "README.zh-CN.md"];

fn text(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect("a README")
}

/// The lines of the blocks that are to be typed into a shell.
fn commands(readme: &str) -> Vec<String> {
    let blocks = readme.split("```sh\n").skip(1).filter_map(|rest| rest.split_once("\n```"));
    blocks.flat_map(|(block, _)| block.lines()).map(str::to_owned).collect()
}

/// Words of a command of ours, without the program: nothing for the commands of others.
fn words(command: &str) -> Option<Vec<&str>> {
    let ours = ["cargo run --release --locked -- ", "target/release/juesuan "];
    ours.iter().find_map(|start| command.strip_prefix(start)).map(|rest| rest.split_whitespace().collect())
}

#[test]
fn what_the_readme_says_to_type_works_in_order() {
    let clone = tempfile::tempdir().expect("a folder");
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for file in walkdir::WalkDir::new(&corpus).into_iter().map(|entry| entry.expect("an entry")) {
        let to = clone.path().join("corpus").join(file.path().strip_prefix(&corpus).expect("below"));
        if file.file_type().is_dir() {
            fs::create_dir_all(to).expect("made");
        } else {
            fs::copy(file.path(), to).expect("copied");
        }
    }
    let mut run = 0;
    for command in commands(&text("README.md")) {
        let Some(words) = words(&command) else { continue };
        let mut program = Command::cargo_bin("juesuan").expect("the program is built");
        program.current_dir(clone.path()).args(words).assert().success();
        run += 1;
    }
    assert!(run >= 3, "crawl, export and show, but {run} were found");
    assert!(clone.path().join("report/index.html").exists());
}

#[test]
fn both_languages_say_the_same_commands_and_figures() {
    let [english, chinese] = READMES.map(text);
    assert_eq!(commands(&english), commands(&chinese));
    let outputs = |readme: &str| {
        let blocks = ["```text\n", "```json\n", "```sql\n", "```csv\n"].map(|kind| {
            let blocks = readme.split(kind).skip(1).filter_map(|rest| rest.split_once("\n```"));
            blocks.map(|(block, _)| block.to_owned()).collect::<Vec<_>>()
        });
        blocks.concat()
    };
    assert_eq!(outputs(&english), outputs(&chinese));
    let headings = |readme: &str| readme.lines().filter(|line| line.starts_with('#')).count();
    assert_eq!(headings(&english), headings(&chinese));
    let rows = |readme: &str| readme.lines().filter(|line| line.starts_with("| ")).count();
    assert_eq!(rows(&english), rows(&chinese));
}
