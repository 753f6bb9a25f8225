//! A dataset in a bucket has the rows of one in a folder: after a crawl, after one that does nothing, after a changed
//! file, after kill -9 and after a run that fell asleep while another took its lock.
//!
//! The store is moto's server on a loopback port: `python3`, or what `JUESUAN_PYTHON` names, with the package
//! `moto[server]`. Where there is none a test says so and ends.
#![cfg(target_os = "linux")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Columns that differ from run to run by their nature.
const OF_RUN: [&str; 4] = ["load_id", "loaded_at", "millis", "attempts"];
const STATEMENT: &str = "收入决算表,,\n部门：某局,,单位：万元\n项目,本年收入合计,财政拨款收入\n合计,12.50,12.50\n";

/// moto's server, with the bucket `regions`.
struct Store {
    server: Child,
    port: u16,
}

impl Store {
    /// Starts it on a port that is free; `None` where there is no moto.
    #[allow(clippy::print_stderr)] // a test that is skipped says so
    fn start() -> Option<Self> {
        let python = std::env::var("JUESUAN_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let tried = Command::new(&python).args(["-c", "import moto.server, flask"]).output();
        if !tried.is_ok_and(|output| output.status.success()) {
            eprintln!("skipped: {python} does not have moto[server]");
            return None;
        }
        let mut command = Command::new(&python);
        command.args(["-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]);
        let mut server = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("python runs");
        let mut said = BufReader::new(server.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
        let port_of = |line: String| line.split("http://127.0.0.1:").nth(1)?.trim().parse().ok();
        let port = said.find_map(port_of).expect("it says its port");
        // what else it says must not fill the pipe
        std::thread::spawn(move || said.for_each(drop));
        let store = Self { server, port };
        store.put("/regions", "");
        Some(store)
    }

    fn ask(&self, method: &str, target: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        let credential =
            "AWS4-HMAC-SHA256 Credential=writer/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
        let (host, length) = (format!("127.0.0.1:{}", self.port), body.len());
        write!(
            stream,
            "{method} {target} HTTP/1.0\r\nHost: {host}\r\nAuthorization: {credential}\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .expect("sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("answered");
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn put(&self, target: &str, body: &str) {
        let answer = self.ask("PUT", target, body);
        assert!(answer.contains(" 200 "), "{answer}");
    }

    /// The keys that begin with `prefix`.
    fn keys(&self, prefix: &str) -> BTreeSet<String> {
        let listing = self.ask("GET", &format!("/regions?list-type=2&prefix={prefix}"), "");
        let keys = listing.split("<Key>").skip(1).filter_map(|rest| rest.split("</Key>").next());
        keys.map(str::to_owned).collect()
    }

    fn juesuan(&self, arguments: &[&str]) -> Command {
        let mut command = juesuan(arguments);
        command.env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", self.port)).env("AWS_REGION", "us-east-1");
        command.env("AWS_ACCESS_KEY_ID", "writer").env("AWS_SECRET_ACCESS_KEY", "secret");
        command
    }

    /// Crawls until the run comes to its end; gives the documents that were read and those that stayed the same.
    fn crawl(&self, sources: &Path, dataset: &str) -> [u64; 2] {
        crawled(&mut self.juesuan(&crawl(&sources.display().to_string(), dataset)))
    }

    /// Starts a crawl that commits often, and waits until it has committed figures.
    fn start_crawl(&self, sources: &Path, dataset: &str) -> Child {
        let mut command = self.juesuan(&crawl(&sources.display().to_string(), dataset));
        let child = command.args(["--jobs", "1", "--commit-every", "2"]).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = child.spawn().expect("starts");
        let prefix = dataset.trim_start_matches("s3://regions/");
        let started = Instant::now();
        while self.keys(&format!("{prefix}/facts/region_code")).is_empty() {
            assert!(child.try_wait().expect("asked").is_none(), "it ended before it could be disturbed");
            assert!(started.elapsed() < Duration::from_mins(1), "it writes figures");
            std::thread::sleep(Duration::from_millis(20));
        }
        child
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn juesuan(arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("juesuan"));
    let set = std::env::vars().map(|(name, _)| name);
    for name in set.filter(|n| n.starts_with("AWS_") || n.to_lowercase().ends_with("_proxy")) {
        command.env_remove(name);
    }
    command.args(arguments).env_remove("JUESUAN_LOG");
    command
}

fn crawl<'a>(sources: &'a str, dataset: &'a str) -> Vec<&'a str> {
    vec!["crawl", sources, "--log", "json", "--dataset", dataset]
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn crawled(command: &mut Command) -> [u64; 2] {
    let said = said(&command.output().expect("runs"));
    let last = said.lines().rev().find(|line| line.contains("\"summary\"")).unwrap_or_else(|| panic!("{said}"));
    let event: Value = serde_json::from_str(last).expect("JSON");
    let summary: Value = serde_json::from_str(event["summary"].as_str().expect("text")).expect("JSON");
    ["documents", "unchanged"].map(|name| summary[name].as_u64().expect(name))
}

/// Rows of every table as a reader gets them, sorted, without what differs from run to run.
fn rows(mut export: Command) -> BTreeMap<String, Vec<String>> {
    let dir = tempfile::tempdir().expect("a folder");
    export.args(["--format", "jsonl", "--with-personal", "--to"]).arg(dir.path().join("out"));
    let output = export.output().expect("runs");
    assert!(output.status.success(), "{}", said(&output));
    let mut tables = BTreeMap::new();
    for file in fs::read_dir(dir.path().join("out")).expect("an export").flatten() {
        let text = fs::read_to_string(file.path()).expect("text");
        let mut rows: Vec<String> = text.lines().map(row).collect();
        rows.sort();
        tables.insert(file.file_name().to_string_lossy().into_owned(), rows);
    }
    assert!(tables.len() > 10, "{:?}", tables.keys());
    tables
}

fn row(line: &str) -> String {
    let mut row: Value = serde_json::from_str(line).expect("JSON");
    let columns = row.as_object_mut().expect("an object");
    columns.retain(|name, _| !OF_RUN.contains(&name.as_str()));
    row.to_string()
}

fn assert_same(store: &Store, bucket: &str, folder: &Path) {
    let folder = folder.display().to_string();
    let wanted = rows(juesuan(&["export", "--dataset", &folder]));
    let found = rows(store.juesuan(&["export", "--dataset", bucket]));
    assert_eq!(found.keys().collect::<Vec<_>>(), wanted.keys().collect::<Vec<_>>());
    for (table, wanted) in &wanted {
        assert!(&found[table] == wanted, "{table}: {} rows, {} wanted", found[table].len(), wanted.len());
    }
}

/// The sample region, in a folder that a test may change.
fn region(dir: &Path) -> PathBuf {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/region");
    let region = dir.join("region");
    for entry in walkdir::WalkDir::new(&corpus).into_iter().flatten().filter(|e| e.file_type().is_file()) {
        let to = region.join(entry.path().strip_prefix(&corpus).expect("below"));
        fs::create_dir_all(to.parent().expect("a folder")).expect("made");
        fs::copy(entry.path(), to).expect("copied");
    }
    region
}

fn signal(process: &Child, name: &str) {
    let sent = Command::new("kill").args([name, &process.id().to_string()]).status();
    assert!(sent.expect("kill runs").success());
}

#[test]
fn a_dataset_in_a_bucket_has_the_rows_of_one_in_a_folder() {
    let Some(store) = Store::start() else { return };
    let dir = tempfile::tempdir().expect("a folder");
    let (sources, folder, bucket) = (region(dir.path()), dir.path().join("data"), "s3://regions/公开 数据/2024");
    let change = |name: &str, text: &str| fs::write(sources.join(name), text).expect("written");
    change("某局.csv", STATEMENT);
    let typed = [sources.display().to_string(), folder.display().to_string()];
    let local = || crawled(&mut juesuan(&crawl(&typed[0], &typed[1])));
    let first = local();
    assert_eq!(store.crawl(&sources, bucket), first);
    assert!(first[0] > 10 && first[1] == 0, "{first:?}");
    assert_same(&store, bucket, &folder);

    let without_runs = || store.keys("").into_iter().filter(|key| !key.contains("/runs/")).collect::<BTreeSet<_>>();
    let before = without_runs();
    assert_eq!(store.crawl(&sources, bucket), [0, first[0]], "a second crawl reads nothing");
    assert_eq!(without_runs(), before, "and writes nothing");

    change("某局.csv", &STATEMENT.replace("12.50", "13.75"));
    change("新局.csv", &STATEMENT.replace("某局", "新设之局"));
    fs::remove_file(sources.join("README.md")).expect("there");
    assert_eq!([store.crawl(&sources, bucket), local()], [[2, first[0] - 1]; 2]);
    assert_same(&store, bucket, &folder);

    let run = |arguments: &[&str]| {
        let output = store.juesuan(arguments).args(["--dataset", bucket]).output().expect("runs");
        assert!(output.status.code() < Some(3), "{arguments:?}: {}", said(&output));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let status: Value = serde_json::from_str(&run(&["status", "--json"])).expect("JSON");
    assert_eq!(status["runs"].as_array().expect("runs").len(), 3);
    assert!(run(&["check", "--format", "json"]).lines().count() > 5);
    if cfg!(feature = "sql") {
        let count = run(&["query", "SELECT COUNT(*) AS n FROM facts WHERE fiscal_year = 2024", "--format", "json"]);
        let wanted =
            juesuan(&["query", "SELECT COUNT(*) AS n FROM facts WHERE fiscal_year = 2024", "--format", "json"])
                .arg("--dataset")
                .arg(&folder)
                .output()
                .expect("runs");
        assert_eq!(count.as_bytes(), wanted.stdout);
    }
    let is_data = |key: &String| key.ends_with(".parquet") && !key.contains("/_delta_log/");
    let files = || without_runs().iter().filter(|key| is_data(key)).count();
    let before = files();
    run(&["maintain", "--keep-days", "0"]);
    assert!(files() < before, "small files are put together, dead ones removed");
    assert_same(&store, bucket, &folder);
}

#[test]
fn a_killed_crawl_into_a_bucket_leaves_nothing_doubled() {
    let Some(store) = Store::start() else { return };
    let dir = tempfile::tempdir().expect("a folder");
    let (sources, folder, bucket) = (region(dir.path()), dir.path().join("data"), "s3://regions/killed");
    let mut crawl_to_kill = store.start_crawl(&sources, bucket);
    crawl_to_kill.kill().expect("killed");
    crawl_to_kill.wait().expect("ended");
    assert!(store.keys("killed/.juesuan.lock").len() == 1, "it could not let go of its lock");
    let read = store.crawl(&sources, bucket)[0];
    crawled(&mut juesuan(&crawl(&sources.display().to_string(), &folder.display().to_string())));
    assert!(read > 0, "the next crawl goes on");
    assert_same(&store, bucket, &folder);
    assert!(store.keys("killed/.juesuan.lock").is_empty(), "the lock goes with the run");
}

#[test]
fn a_crawl_that_slept_while_another_took_its_lock_publishes_nothing_more() {
    let Some(store) = Store::start() else { return };
    let dir = tempfile::tempdir().expect("a folder");
    let (sources, folder, bucket) = (region(dir.path()), dir.path().join("data"), "s3://regions/asleep");
    let sleeper = store.start_crawl(&sources, bucket);
    signal(&sleeper, "-STOP");
    store.crawl(&sources, bucket);
    signal(&sleeper, "-CONT");
    let output = sleeper.wait_with_output().expect("ended");
    let said = said(&output);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("run the crawl again"), "{said}");
    crawled(&mut juesuan(&crawl(&sources.display().to_string(), &folder.display().to_string())));
    store.crawl(&sources, bucket);
    assert_same(&store, bucket, &folder);
}

#[test]
fn a_bucket_that_another_crawl_writes_to_or_others_use_is_left_alone() {
    let Some(store) = Store::start() else { return };
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("a.csv"), STATEMENT).expect("written");
    let sources = dir.path().display().to_string();
    let refused = |dataset: &str| {
        let output = store.juesuan(&crawl(&sources, dataset)).output().expect("runs");
        assert_eq!(output.status.code(), Some(3), "{}", said(&output));
        said(&output)
    };
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for renewals in 0.. {
                let lock = json!({"who": "db1, process 9", "since": "2026-01-02T03:04:05Z", "renewals": renewals});
                store.put("/regions/held/.juesuan.lock", &lock.to_string());
                std::thread::sleep(Duration::from_millis(200));
                if is_over.load(Ordering::Relaxed) {
                    return;
                }
            }
        });
        let said = refused("s3://regions/held");
        is_over.store(true, Ordering::Relaxed);
        assert!(said.contains("another crawl (db1, process 9 since 2026-01-02T03:04:05Z)"), "{said}");
    });
    store.put("/regions/photos/a.jpg", "mine");
    let said = refused("s3://regions/photos");
    assert!(said.contains("no dataset; choose a folder"), "{said}");
    assert_eq!(store.keys("photos").len(), 1);
    let said = refused("s3://nowhere/data");
    assert!(said.contains("there is no bucket nowhere"), "{said}");
    let status = store.juesuan(&["status", "--dataset", "s3://regions/empty"]).output().expect("runs");
    assert!(self::said(&status).contains("holds no dataset"), "{}", self::said(&status));
}
