//! Places that a night's crawl meets and must survive: folders that may not be read, links that lead in circles, names in
//! GBK, loose and in archives.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::io::{Cursor, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use arrow_array::Array;
use arrow_array::cast::AsArray;
use juesuan::dataset::{Table, read_table};

const STATEMENT: &str = "收入决算表,,\n部门：某局,,单位：万元\n项目,本年收入合计,财政拨款收入\n合计,12.50,12.50\n";
/// Whom nothing belongs to, on most systems.
const NOBODY: &str = "65534";

fn write(path: &Path, body: &str) {
    fs::write(path, STATEMENT.replace("某局", body)).expect("written");
}

/// The program; for somebody who is not root, whom no folder is closed to.
fn juesuan(as_nobody: bool) -> Command {
    let program = assert_cmd::cargo::cargo_bin("juesuan");
    if !as_nobody {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--"]).arg(program);
    command
}

/// Crawls; gives documents read and what stands in the ledger: path below the sources to status and error.
fn crawled(sources: &Path, dataset: &Path, as_nobody: bool) -> (u64, BTreeMap<String, (String, String)>) {
    let mut command = juesuan(as_nobody);
    command.env_remove("JUESUAN_LOG").args(["crawl", "--log", "json"]).arg(sources).arg("--dataset").arg(dataset);
    let output = command.output().expect("runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let last = said.lines().rev().find(|line| line.contains("\"summary\"")).unwrap_or_else(|| panic!("{said}"));
    let event: serde_json::Value = serde_json::from_str(last).expect("JSON");
    let summary: serde_json::Value = serde_json::from_str(event["summary"].as_str().expect("text")).expect("JSON");
    let mut rows = BTreeMap::new();
    for batch in read_table(dataset, Table::Reports).expect("a dataset") {
        let column = |name: &str| batch.column_by_name(name).expect("a column").as_string::<i32>().clone();
        let (uri, status, error) = (column("source_uri"), column("status"), column("error"));
        for row in 0..batch.num_rows() {
            let name = uri.value(row).trim_start_matches(&*sources.to_string_lossy()).trim_start_matches('/');
            let error = if error.is_valid(row) { error.value(row).to_owned() } else { String::new() };
            rows.insert(name.to_owned(), (status.value(row).to_owned(), error));
        }
    }
    (summary["documents"].as_u64().expect("a number"), rows)
}

#[test]
fn a_folder_that_may_not_be_read_hides_nothing_that_was_read_before() {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout == b"0\n");
    let can_be_nobody = || {
        let mut nobody = juesuan(true);
        nobody.arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
    };
    if is_root && !can_be_nobody() {
        eprintln!("SKIPPED: root may read every folder, and this program cannot run as another user here");
        return;
    }
    let dir = tempfile::tempdir().expect("a folder");
    let (sources, data) = (dir.path().join("reports"), dir.path().join("data"));
    let closed = sources.join("closed");
    fs::create_dir_all(&closed).expect("made");
    fs::create_dir(&data).expect("made");
    write(&sources.join("a.csv"), "甲局");
    write(&closed.join("b.csv"), "乙局乙局");
    for open in [dir.path(), &sources, &data] {
        fs::set_permissions(open, Permissions::from_mode(0o777)).expect("set");
    }
    fs::set_permissions(&closed, Permissions::from_mode(0o755)).expect("set");
    let (read, rows) = crawled(&sources, &data, is_root);
    assert_eq!((read, rows["closed/b.csv"].0.as_str()), (2, "extracted"));
    fs::set_permissions(&closed, Permissions::from_mode(0o000)).expect("set");
    let (read, rows) = crawled(&sources, &data, is_root);
    assert_eq!(read, 1, "the folder itself, which has its row");
    assert!(rows["closed"].0 == "failed" && rows["closed"].1.contains("ermission denied"), "{rows:?}");
    assert_eq!(rows["closed/b.csv"].0, "extracted", "what cannot be seen is not gone");
    assert_eq!(crawled(&sources, &data, is_root).0, 0, "the same problem is no news");
    fs::set_permissions(&closed, Permissions::from_mode(0o755)).expect("set");
    fs::remove_file(closed.join("b.csv")).expect("removed");
    let (_, rows) = crawled(&sources, &data, is_root);
    assert_eq!((rows["closed"].0.as_str(), rows["closed/b.csv"].0.as_str()), ("vanished", "vanished"));
}

#[test]
fn links_in_circles_end_and_what_is_beside_them_is_read() {
    let dir = tempfile::tempdir().expect("a folder");
    let (sources, data) = (dir.path().join("reports"), dir.path().join("data"));
    fs::create_dir_all(sources.join("one")).expect("made");
    fs::create_dir_all(sources.join("other")).expect("made");
    symlink(sources.join("other"), sources.join("one/to-other")).expect("linked");
    symlink(sources.join("one"), sources.join("other/to-one")).expect("linked");
    symlink("itself", sources.join("itself")).expect("linked");
    symlink(sources.join("nowhere"), sources.join("dangling.csv")).expect("linked");
    write(&sources.join("one/a.csv"), "甲局");
    let (_, rows) = crawled(&sources, &data, false);
    assert_eq!(rows["one/a.csv"].0, "extracted", "{rows:?}");
    assert_eq!(rows.values().filter(|(status, _)| status == "extracted").count(), 1, "one file, one row: {rows:?}");
    assert_eq!((rows["itself"].0.as_str(), rows["dangling.csv"].0.as_str()), ("failed", "failed"));
    assert!(rows.values().any(|(_, error)| error.contains("leads back")), "{rows:?}");
    assert_eq!(crawled(&sources, &data, false).0, 0);
}

#[test]
fn names_in_gbk_are_readable_loose_and_in_an_archive() {
    let dir = tempfile::tempdir().expect("a folder");
    let (sources, data) = (dir.path().join("reports"), dir.path().join("data"));
    fs::create_dir(&sources).expect("made");
    let gbk = |text: &str| encoding_rs::GBK.encode(text).0.into_owned();
    let loose = gbk("收入决算.csv");
    write(&sources.join(std::ffi::OsStr::from_bytes(&loose)), "甲局");
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("JJJJ/XXXXXX.csv", zip::write::SimpleFileOptions::default()).expect("a file");
    zip.write_all(STATEMENT.replace("某局", "乙局乙局").as_bytes()).expect("written");
    let mut archive = zip.finish().expect("an archive").into_inner();
    let (name, placeholder) = (gbk("决算/收入表"), b"JJJJ/XXXXXX");
    while let Some(at) = archive.windows(placeholder.len()).position(|window| window == placeholder) {
        archive[at..at + name.len()].copy_from_slice(&name);
    }
    fs::write(sources.join("公开.zip"), archive).expect("written");
    let (read, rows) = crawled(&sources, &data, false);
    assert_eq!(read, 2);
    assert_eq!(rows["收入决算.csv"].0, "extracted", "{rows:?}");
    assert_eq!(rows["公开.zip!决算/收入表.csv"].0, "extracted", "{rows:?}");
    assert_eq!(crawled(&sources, &data, false).0, 0, "they are known again");
}
