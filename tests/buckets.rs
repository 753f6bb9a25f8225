//! Buckets: objects of an S3 store become documents, fetched again only when they changed. The store is one of this
//! test's own, which speaks as much of the protocol as reading takes (ListObjectsV2, GET and HEAD of an object).

mod loopback;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use arrow_array::cast::AsArray;
use assert_cmd::Command;
use juesuan::dataset::{Table, read_table};
use loopback::{Request, Server, Shelf};

const STATEMENT: &str = "收入决算表,,\n部门：某局,,单位：万元\n项目,本年收入合计,财政拨款收入\n合计,12.50,12.50\n";
/// Objects of one page of a listing.
const PAGE: usize = 2;

/// Answers for the bucket `reports`, whose objects lie on the shelf by key.
fn answer(store: &mut Shelf, request: &Request) -> Vec<u8> {
    let is_signed = |header: &String| header.starts_with("authorization: aws4-hmac-sha256 credential=reader/");
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let path = unescape(path);
    let (status, more, body) = match path.strip_prefix("/reports").map(|key| key.trim_start_matches('/')) {
        _ if !request.headers.iter().any(is_signed) => {
            ("403 Forbidden", String::new(), b"<Error><Code>AccessDenied</Code></Error>".to_vec())
        }
        None => ("404 Not Found", String::new(), b"<Error><Code>NoSuchBucket</Code></Error>".to_vec()),
        Some("") => ("200 OK", "Content-Type: application/xml\r\n".to_owned(), listing(store, query)),
        Some(key) => object(store, key, &request.method),
    };
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\n{more}Content-Length: {length}\r\nConnection: close\r\n\r\n");
    let body = if request.method == "HEAD" { Vec::new() } else { body };
    [head.into_bytes(), body].concat()
}

/// A page of ListObjectsV2.
fn listing(store: &Shelf, query: &str) -> Vec<u8> {
    let asked = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")).map(unescape));
    let (prefix, after) = (asked("prefix").unwrap_or_default(), asked("continuation-token").unwrap_or_default());
    let rest: Vec<_> = store.bodies.iter().filter(|(key, _)| key.starts_with(&prefix) && **key > after).collect();
    let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult>".to_owned();
    for (key, body) in rest.iter().take(PAGE) {
        let (tag, size) = (tag(body), body.len());
        let _ = write!(
            xml,
            "<Contents><Key>{key}</Key><LastModified>2024-05-06T07:08:09.000Z</LastModified><ETag>&quot;{tag}&quot;\
             </ETag><Size>{size}</Size></Contents>"
        );
    }
    let is_cut = rest.len() > PAGE;
    let _ = write!(xml, "<IsTruncated>{is_cut}</IsTruncated>");
    if is_cut {
        let _ = write!(xml, "<NextContinuationToken>{}</NextContinuationToken>", rest[PAGE - 1].0);
    }
    xml.push_str("</ListBucketResult>");
    xml.into_bytes()
}

fn object(store: &mut Shelf, key: &str, method: &str) -> (&'static str, String, Vec<u8>) {
    let Some(body) = store.bodies.get(key).cloned() else {
        return ("404 Not Found", String::new(), b"<Error><Code>NoSuchKey</Code></Error>".to_vec());
    };
    store.answered.push(format!("{method} {key}"));
    let head = format!("ETag: \"{}\"\r\nLast-Modified: Mon, 06 May 2024 07:08:09 GMT\r\n", tag(&body));
    ("200 OK", head, body)
}

/// A tag that other bytes do not share.
fn tag(body: &[u8]) -> String {
    format!("{}-{}", body.len(), body.iter().map(|b| u64::from(*b)).sum::<u64>())
}

/// Undoes the escapes of a URL (RFC 3986 §2.1).
fn unescape(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let digits = (*first == b'%').then(|| more.get(..2).and_then(|d| std::str::from_utf8(d).ok())).flatten();
        let escaped = digits.and_then(|d| u8::from_str_radix(d, 16).ok());
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &more[2..] } else { more };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn juesuan(endpoint: &str, dataset: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("juesuan").expect("the program is built");
    let set = std::env::vars()
        .map(|(name, _)| name)
        .filter(|n| n.starts_with("AWS_") || n.to_lowercase().ends_with("_proxy"));
    for name in set {
        command.env_remove(name);
    }
    command.env("AWS_ENDPOINT_URL", endpoint).env("AWS_ACCESS_KEY_ID", "reader").env("AWS_SECRET_ACCESS_KEY", "secret");
    command.args(["crawl", "--log", "json", "--dataset"]).arg(dataset).args(arguments);
    command.timeout(std::time::Duration::from_mins(2));
    command
}

/// Read, unchanged, vanished, replaced.
fn crawled(endpoint: &str, dataset: &Path, arguments: &[&str]) -> [u64; 4] {
    let output = juesuan(endpoint, dataset, arguments).output().expect("runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let last = said.lines().rev().find(|line| line.contains("\"summary\"")).unwrap_or_else(|| panic!("{said}"));
    let event: serde_json::Value = serde_json::from_str(last).expect("JSON");
    let summary: serde_json::Value = serde_json::from_str(event["summary"].as_str().expect("text")).expect("JSON");
    ["documents", "unchanged", "vanished", "replaced"].map(|name| summary[name].as_u64().expect(name))
}

fn statuses(dataset: &Path) -> BTreeMap<String, String> {
    let mut rows = BTreeMap::new();
    for batch in read_table(dataset, Table::Reports).expect("a dataset") {
        let column = |name: &str| batch.column_by_name(name).expect("a column").as_string::<i32>().clone();
        let (uri, status) = (column("source_uri"), column("status"));
        rows.extend((0..batch.num_rows()).map(|row| (uri.value(row).to_owned(), status.value(row).to_owned())));
    }
    rows
}

#[test]
fn objects_are_read_once_and_again_only_when_they_changed() {
    let (store, dir) = (Server::default(), tempfile::tempdir().expect("a folder"));
    for (key, name) in [("2024/决算 甲.csv", "甲局甲局"), ("2024/b%41.csv", "乙局"), ("2024/deep/c.csv", "丙局丙")]
    {
        store.put(key, STATEMENT.replace("某局", name).as_bytes());
    }
    store.put("2024/README.md", b"no document");
    store.put("2023/old.csv", STATEMENT.as_bytes());
    let (endpoint, data) = (store.serve(answer), dir.path().join("data"));
    let bucket = "s3://reports/2024/";
    assert_eq!(crawled(&endpoint, &data, &[bucket]), [3, 0, 0, 0]);
    assert_eq!(store.answered(), ["GET 2024/b%41.csv", "GET 2024/deep/c.csv", "GET 2024/决算 甲.csv"]);
    assert_eq!(crawled(&endpoint, &data, &[bucket]), [0, 3, 0, 0]);
    assert!(store.answered().is_empty(), "the listing says that nothing changed");
    store.put("2024/b%41.csv", STATEMENT.replace("某局", "更名之局").as_bytes());
    store.remove("2024/deep/c.csv");
    assert_eq!(crawled(&endpoint, &data, &[bucket]), [1, 1, 1, 1]);
    assert_eq!(store.answered(), ["GET 2024/b%41.csv"]);
    assert_eq!(crawled(&endpoint, &data, &[bucket]), [0, 2, 0, 0], "what is gone is gone once");
    let rows = statuses(&data);
    assert_eq!(rows["s3://reports/2024/deep/c.csv"], "vanished");
    assert_eq!(rows["s3://reports/2024/决算 甲.csv"], "extracted");
    assert!(rows.keys().all(|uri| uri.starts_with("s3://reports/2024/")), "{rows:?}");
}

#[test]
fn one_object_an_archive_and_one_too_large_have_their_rows() {
    let (store, dir) = (Server::default(), tempfile::tempdir().expect("a folder"));
    store.put("a.csv", STATEMENT.as_bytes());
    store.put("large.csv", &[b'x'; 3_000]);
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("附件.csv", zip::write::SimpleFileOptions::default()).expect("begun");
    archive.write_all(STATEMENT.replace("某局", "在档案中的局").as_bytes()).expect("written");
    store.put("b.zip", &archive.finish().expect("whole").into_inner());
    let (endpoint, data) = (store.serve(answer), dir.path().join("data"));
    assert_eq!(crawled(&endpoint, &data, &["s3://reports/a.csv"]), [1, 0, 0, 0]);
    let limits = ["s3://reports", "--limits", "file_bytes=2000"];
    assert_eq!(crawled(&endpoint, &data, &limits), [2, 1, 0, 0], "the object is known by its address");
    let rows = statuses(&data);
    assert_eq!(rows["s3://reports/b.zip!附件.csv"], "extracted");
    assert_eq!(rows["s3://reports/large.csv"], "failed");
    assert_eq!(crawled(&endpoint, &data, &limits), [0, 3, 0, 0]);
}

#[test]
fn what_is_wrong_with_a_bucket_is_said_and_nothing_is_lost() {
    let (store, dir) = (Server::default(), tempfile::tempdir().expect("a folder"));
    store.put("a.csv", STATEMENT.as_bytes());
    let (endpoint, data) = (store.serve(answer), dir.path().join("data"));
    assert_eq!(crawled(&endpoint, &data, &["s3://reports"]), [1, 0, 0, 0]);
    let refused = |command: &mut Command| {
        let output = command.output().expect("runs");
        assert_eq!(output.status.code(), Some(3));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let said = refused(&mut juesuan(&endpoint, &data, &["s3://nothing"]));
    assert!(said.contains("there is no bucket nothing"), "{said}");
    let said = refused(juesuan(&endpoint, &data, &["s3://reports"]).env("AWS_ACCESS_KEY_ID", "stranger"));
    assert!(said.contains("access denied"), "{said}");
    let mut without = juesuan(&endpoint, &data, &["s3://reports"]);
    without.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    let said = refused(without.env("AWS_METADATA_ENDPOINT", "http://127.0.0.1:9"));
    assert!(said.contains("no credentials: set AWS_ACCESS_KEY_ID"), "{said}");
    let said = refused(&mut juesuan(&endpoint, &data, &["s3://"]));
    assert!(said.contains("s3://bucket/folder"), "{said}");
    assert_eq!(statuses(&data)["s3://reports/a.csv"], "extracted");
}
