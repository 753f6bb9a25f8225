//! Documents by address: fetched once, asked for again with what the server said of them, read again only when their
//! bytes changed. Whatever a server does, the address has its row and the run ends.

mod loopback;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use assert_cmd::Command;
use juesuan::dataset::{Table, read_table};
use loopback::{Request, Server, Shelf};

const STATEMENT: &str = "收入决算表,,\n部门：某局,,单位：万元\n项目,本年收入合计,财政拨款收入\n合计,12.50,12.50\n";

/// The body of a path that the server fails to give.
const DOWN: &str = "down";

/// Bodies by path; a path that is not here is 404. `/moved` leads to `/a.csv`, `/round` to itself, `/late` breaks off.
/// What was answered reads `200 /a.csv`.
fn answer(site: &mut Shelf, request: &Request) -> Vec<u8> {
    let path = request.target.as_str();
    let body = site.bodies.get(path).map(|body| String::from_utf8_lossy(body).into_owned());
    let tag = body.as_ref().map(|body| format!("\"{}\"", body.len()));
    let is_known = tag.as_ref().is_some_and(|tag| request.headers.contains(&format!("if-none-match: {tag}")));
    let (status, more, body) = match (path, body) {
        _ if request.method != "GET" => ("405 Method Not Allowed", String::new(), String::new()),
        ("/moved", _) => ("302 Found", "Location: /a.csv\r\n".to_owned(), String::new()),
        ("/round", _) => ("302 Found", "Location: /round\r\n".to_owned(), String::new()),
        ("/out", _) => ("302 Found", "Location: file:///etc/hostname\r\n".to_owned(), String::new()),
        ("/late", _) => ("200 OK", "Content-Length: 1000000\r\n".to_owned(), "broken off".to_owned()),
        (_, Some(body)) if body == DOWN => ("500 Internal Server Error", String::new(), body),
        (_, Some(_)) if is_known => ("304 Not Modified", String::new(), String::new()),
        (_, Some(body)) => ("200 OK", format!("ETag: {}\r\n", tag.unwrap_or_default()), body),
        _ => ("404 Not Found", String::new(), String::new()),
    };
    site.answered.push(format!("{} {path}", &status[..3]));
    format!("HTTP/1.1 {status}\r\n{more}Connection: close\r\n\r\n{body}").into_bytes()
}

/// Read, unchanged, vanished, replaced.
fn crawled(dataset: &Path, arguments: &[&str]) -> [u64; 4] {
    let mut command = Command::cargo_bin("juesuan").expect("the program is built");
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy", "JUESUAN_LOG"] {
        command.env_remove(name);
    }
    command.args(["crawl", "--log", "json", "--dataset"]).arg(dataset).args(arguments);
    let output = command.timeout(std::time::Duration::from_mins(2)).output().expect("runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let last = said.lines().rev().find(|line| line.contains("\"summary\"")).unwrap_or_else(|| panic!("{said}"));
    let event: serde_json::Value = serde_json::from_str(last).expect("JSON");
    let summary: serde_json::Value = serde_json::from_str(event["summary"].as_str().expect("text")).expect("JSON");
    ["documents", "unchanged", "vanished", "replaced"].map(|name| summary[name].as_u64().expect(name))
}

/// Address without its host to status and error.
fn ledger(dataset: &Path, host: &str) -> BTreeMap<String, (String, String)> {
    let mut rows = BTreeMap::new();
    for batch in read_table(dataset, Table::Reports).expect("a dataset") {
        let column = |name: &str| batch.column_by_name(name).expect("a column").as_string::<i32>().clone();
        let (uri, status, error) = (column("source_uri"), column("status"), column("error"));
        for row in 0..batch.num_rows() {
            let error = if error.is_valid(row) { error.value(row).to_owned() } else { String::new() };
            rows.insert(uri.value(row).replace(host, ""), (status.value(row).to_owned(), error));
        }
    }
    rows
}

#[test]
fn an_address_is_fetched_once_and_again_only_when_it_changed() {
    let (site, dir) = (Server::default(), tempfile::tempdir().expect("a folder"));
    site.put("/a.csv", STATEMENT);
    site.put("/b.csv", &STATEMENT.replace("某局", "乙局乙局"));
    let host = site.serve(answer);
    let (list, data) = (dir.path().join("公开.urls"), dir.path().join("data"));
    fs::write(&list, format!("# 2024\n{host}/a.csv\n\n{host}/b.csv\n{host}/a.csv\n")).expect("written");
    let list = list.to_str().expect("UTF-8");
    assert_eq!(crawled(&data, &["--urls", list]), [2, 0, 0, 0]);
    assert_eq!(site.answered(), ["200 /a.csv", "200 /b.csv"]);
    assert_eq!(crawled(&data, &[list]), [0, 2, 0, 0], "a list may be a source");
    assert_eq!(site.answered(), ["304 /a.csv", "304 /b.csv"]);
    site.put("/a.csv", &STATEMENT.replace("某局", "更名之局"));
    site.remove("/b.csv");
    assert_eq!(crawled(&data, &[list]), [1, 0, 1, 1]);
    assert_eq!(site.answered(), ["200 /a.csv", "404 /b.csv"]);
    assert_eq!(crawled(&data, &[list]), [0, 1, 0, 0], "what is gone is gone once");
    let rows = ledger(&data, &host);
    assert_eq!((rows["/b.csv"].0.as_str(), rows.len()), ("vanished", 2));
}

#[test]
fn whatever_a_server_does_an_address_has_its_row() {
    let (site, dir) = (Server::default(), tempfile::tempdir().expect("a folder"));
    site.put("/a.csv", STATEMENT);
    site.put("/large.csv", &"x".repeat(2_000));
    let host = site.serve(answer);
    let addresses = ["/moved", "/round", "/out", "/late", "/large.csv", "/nothing"].map(|path| format!("{host}{path}"));
    let list = dir.path().join("list.txt");
    let strange = ["file:///etc/hostname", "ftp://127.0.0.1/a", "http://me:secret@127.0.0.1/a", "no address"];
    fs::write(&list, [addresses.join("\n"), strange.join("\n")].join("\n")).expect("written");
    let data = dir.path().join("data");
    let arguments = ["--urls", list.to_str().expect("UTF-8"), "--limits", "file_bytes=1000"];
    assert_eq!(crawled(&data, &arguments), [10, 0, 0, 0]);
    let rows = ledger(&data, &host);
    assert_eq!(rows["/moved"].0, "extracted", "a redirect is followed: {rows:?}");
    for (address, reason) in [
        ("/round", "redirected too often"),
        ("/out", "HTTP 302"),
        ("/late", "the limit is 1000"),
        ("/large.csv", "the limit is 1000"),
        ("/nothing", "HTTP 404"),
        ("file:///etc/hostname", "only http and https"),
        ("ftp://127.0.0.1/a", "only http and https"),
        ("http://me:secret@127.0.0.1/a", "user name or password"),
        ("no address", "no address"),
    ] {
        assert!(rows[address].1.contains(reason), "{address}: {:?}", rows[address]);
    }
    assert_eq!(crawled(&data, &arguments), [0, 10, 0, 0], "the same problems are no news");
}

#[test]
fn a_server_that_is_down_tonight_takes_nothing_away() {
    let (site, dir) = (Server::default(), tempfile::tempdir().expect("a folder"));
    site.put("/a.csv", STATEMENT);
    let host = site.serve(answer);
    let address = format!("{host}/a.csv");
    let data = dir.path().join("data");
    assert_eq!(crawled(&data, &[&address]), [1, 0, 0, 0]);
    site.put("/a.csv", DOWN);
    let down = "http://127.0.0.1:9/a.csv";
    assert_eq!(crawled(&data, &[&address, down]), [1, 1, 0, 0]);
    assert_eq!(site.answered(), ["200 /a.csv", "500 /a.csv", "500 /a.csv"], "it is tried twice");
    let rows = ledger(&data, &host);
    assert_eq!(rows["/a.csv"].0, "extracted");
    assert_eq!(rows[down].0, "failed");
}
