//! The house keeps its floors: who may use whom is read from the source itself, every folder of `src/` has its
//! heading in ARCHITECTURE.md, and no file outgrows its room.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What every floor may use beside itself.
const GROUND: &[&str] = &["model", "forms", "error", "limits", "lang", "bucket"];

/// The floors above the ground, and what each may use beside the ground and itself.
const FLOORS: &[(&str, &[&str])] = &[
    ("read", &[]),
    ("structure", &[]),
    ("fiscal", &[]),
    ("check", &[]),
    ("dataset", &[]),
    ("export", &["dataset"]),
    ("warehouse", &["dataset"]),
    ("pipeline", &["read", "structure", "fiscal", "check", "dataset"]),
    ("cli", &["read", "structure", "fiscal", "check", "dataset", "export", "warehouse", "pipeline"]),
];

/// A file of more lines is two rooms.
const MAX_LINES: usize = 600;

fn source_files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let entries = walkdir::WalkDir::new(root).sort_by_file_name().into_iter().filter_map(Result::ok);
    entries.map(walkdir::DirEntry::into_path).filter(|path| path.extension().is_some_and(|e| e == "rs")).collect()
}

/// The folder or file of `src/` that a source file belongs to, such as `read` or `limits`.
fn room(path: &Path) -> String {
    let below = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).expect("below src");
    let first = below.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The top-level modules that a source text names behind `crate::`, comments left out.
fn uses(text: &str) -> BTreeSet<String> {
    let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(group) => found.extend(names_of_group(group)),
            None => found.extend([name(rest)]),
        }
    }
    found
}

fn name(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The names at the top of `a::{b, c}, d}`: `a` and `d`.
fn names_of_group(group: &str) -> Vec<String> {
    let mut depth = 0i32;
    let mut names = vec![name(group)];
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(name(&group[at + 1..])),
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

#[test]
fn a_floor_uses_the_ground_and_itself_alone() {
    let floors: BTreeMap<&str, &[&str]> = FLOORS.iter().copied().collect();
    let mut faults = Vec::new();
    for path in source_files() {
        let room = room(&path);
        let is_ground = GROUND.contains(&room.as_str());
        let Some(above) = floors.get(room.as_str()).copied().or(is_ground.then_some(&[])) else { continue };
        for used in uses(&fs::read_to_string(&path).expect("readable")) {
            let is_known = floors.contains_key(used.as_str());
            if is_known && used != room && !above.contains(&used.as_str()) {
                faults.push(format!("{} uses {used}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "floors may not use their neighbours:\n{}", faults.join("\n"));
}

#[test]
fn every_floor_is_listed() {
    let known: BTreeSet<String> = FLOORS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let known: BTreeSet<String> = known.into_iter().chain(GROUND.iter().map(|name| (*name).to_owned())).collect();
    let rooms: BTreeSet<String> = source_files().iter().map(|path| room(path)).collect();
    let unknown: Vec<&String> = rooms.iter().filter(|r| !known.contains(*r) && *r != "lib" && *r != "main").collect();
    assert!(unknown.is_empty(), "give these a floor in tests/floors.rs: {unknown:?}");
}

#[test]
fn architecture_has_a_heading_for_each_folder() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap_or_default();
    let headings: Vec<&str> = text.lines().filter(|line| line.starts_with("## ")).collect();
    let folders = fs::read_dir(root.join("src")).expect("src").filter_map(Result::ok).filter(|e| e.path().is_dir());
    let mut folders: Vec<String> = folders.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    folders.sort();
    let mentions = |heading: &str, folder: &str| {
        heading.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == folder)
    };
    folders.retain(|folder| !headings.iter().any(|heading| mentions(heading, folder)));
    assert!(folders.is_empty(), "ARCHITECTURE.md has no `## ` heading for src/: {}", folders.join(", "));
}

#[test]
fn no_source_file_outgrows_its_room() {
    let lines = |path: &PathBuf| fs::read_to_string(path).expect("readable").lines().count();
    let long: Vec<String> = source_files()
        .iter()
        .filter(|path| lines(path) > MAX_LINES)
        .map(|path| format!("{}: {} lines", path.display(), lines(path)))
        .collect();
    assert!(long.is_empty(), "over {MAX_LINES} lines, make two rooms of each:\n{}", long.join("\n"));
}

#[test]
fn uses_are_read_from_lines_groups_and_paths_but_not_from_comments() {
    let text =
        "//! see crate::cli\nuse crate::{check, model::{Fact, Note},\n    read};\nfn f() { crate::pipeline::run() }";
    let expected: Vec<&str> = vec!["check", "model", "pipeline", "read"];
    assert_eq!(uses(text).into_iter().collect::<Vec<_>>(), expected);
}
