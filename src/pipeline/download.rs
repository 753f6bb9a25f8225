//! Documents that are named by their address: fetched over HTTP(S) into a folder, and fetched again only when the
//! server says that they changed (RFC 9110 §13.1). A list of addresses goes in, sources with a file come out;
//! which of them have to be read is decided as for any other file (`incremental.rs`).
//!
//! What a server does to us is bounded: its time, its bytes, its redirects. An address that cannot be fetched tonight
//! keeps what was fetched before; one that the server says is gone has vanished.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::header::{ETAG, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use reqwest::{Client, Response, StatusCode, Url, redirect};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::task::JoinSet;

use super::Source;
use super::extract::{EXTRACTOR, hex};
use crate::error::{Error, Result};
use crate::limits::Limits;

/// Ending of a file that lists addresses.
pub(super) const LIST: &str = "urls";
/// Addresses that are fetched side by side.
const AT_ONCE: usize = 4;
/// How often an address is tried in one run.
const ATTEMPTS: u32 = 2;
/// Redirects that are followed.
const REDIRECTS: usize = 5;
/// Time to reach a server, and time without a byte from it.
const PATIENCE: Duration = Duration::from_secs(20);
/// Time for one document as a whole.
const WHOLE: Duration = Duration::from_mins(10);

/// What came of a list of addresses.
#[derive(Debug, Default)]
pub(super) struct Downloads {
    /// Those with a file, and those with a problem, in the order of the list.
    pub(super) sources: Vec<Source>,
    /// Those that the server says are not there, with its words.
    pub(super) gone: Vec<(String, String)>,
    /// Whether the run was told to stop before all were asked for.
    pub(super) stopped: bool,
}

/// Whether a source is an address and no path.
pub(super) fn is_address(source: &Path) -> bool {
    let starts = |text: &str| ["http://", "https://"].iter().any(|scheme| text.starts_with(scheme));
    source.to_str().is_some_and(starts)
}

/// The addresses of a list: one a line; blank lines and those that begin with `#` are passed over.
///
/// # Errors
/// When the list cannot be read.
pub(super) fn read_list(path: &Path) -> Result<Vec<String>> {
    let bytes = fs::read(path).map_err(|e| Error::io(path.display(), e))?;
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.trim_start_matches('\u{FEFF}').lines().map(str::trim);
    Ok(lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect())
}

/// Fetches what is new or has changed into `folder`, which is made where it does not exist.
///
/// # Errors
/// When the folder cannot be written or no client can be made. What a server does is a source with a problem.
pub(super) fn download(addresses: &[String], folder: &Path, limits: &Limits, stop: &AtomicBool) -> Result<Downloads> {
    if addresses.is_empty() {
        return Ok(Downloads::default());
    }
    fs::create_dir_all(folder).map_err(|e| Error::io(folder.display(), e))?;
    let client = Client::builder().user_agent(EXTRACTOR).referer(false).redirect(redirect::Policy::limited(REDIRECTS));
    let client = client.connect_timeout(PATIENCE).read_timeout(PATIENCE).timeout(WHOLE).build();
    let client = client.map_err(|e| Error::io("the HTTP client", std::io::Error::other(e)))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| Error::io("the HTTP client", e))?;
    let mut seen = BTreeSet::new();
    let addresses: Vec<&String> = addresses.iter().filter(|address| seen.insert(*address)).collect();
    let visits = addresses.iter().map(|address| Visit::new(address, folder, limits, &client));
    let answers = runtime.block_on(ask_all(visits, addresses.len(), stop));
    let mut downloads = Downloads { stopped: answers.iter().any(Option::is_none), ..Downloads::default() };
    for (address, answer) in addresses.into_iter().zip(answers) {
        match answer {
            Some(Answer::Kept(file)) => downloads.sources.push(Source { uri: address.clone(), ..Source::new(&file) }),
            Some(Answer::Gone(words)) => downloads.gone.push((address.clone(), words)),
            Some(Answer::Failed(problem)) => downloads.sources.push(unfetched(address, problem)),
            None => {}
        }
    }
    Ok(downloads)
}

/// The source of an address without a file.
pub(super) fn unfetched(address: &str, problem: String) -> Source {
    let path = PathBuf::from(address);
    Source { path, uri: address.to_owned(), members: Vec::new(), bytes: 0, modified_ms: None, problem: Some(problem) }
}

/// Asks for all, some at once; an answer is absent where the run was told to stop before.
async fn ask_all(visits: impl Iterator<Item = Visit>, count: usize, stop: &AtomicBool) -> Vec<Option<Answer>> {
    let mut answers: Vec<Option<Answer>> = std::iter::repeat_with(|| None).take(count).collect();
    let mut running = JoinSet::new();
    let mut put = |done: Option<std::result::Result<(usize, Answer), _>>| {
        let Some(Ok((number, answer))) = done else { return };
        if let Some(place) = answers.get_mut(number) {
            *place = Some(answer);
        }
    };
    for (number, visit) in visits.enumerate() {
        if running.len() >= AT_ONCE {
            put(running.join_next().await);
        }
        if stop.load(Ordering::Relaxed) {
            break;
        }
        running.spawn(async move { (number, visit.answer().await) });
    }
    while !running.is_empty() {
        put(running.join_next().await);
    }
    answers
}

/// What came of one address.
#[derive(Debug)]
enum Answer {
    /// The file holds its present bytes, or the last that could be fetched.
    Kept(PathBuf),
    Gone(String),
    Failed(String),
}

/// What is kept of an address beside its bytes.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Record {
    url: String,
    sha256: String,
    etag: Option<String>,
    last_modified: Option<String>,
}

/// One address and where its bytes go.
#[derive(Debug)]
struct Visit {
    address: String,
    file: PathBuf,
    limits: Limits,
    client: Client,
}

impl Visit {
    fn new(address: &str, folder: &Path, limits: &Limits, client: &Client) -> Self {
        let name: String = hex(&Sha256::digest(address.as_bytes())).chars().take(24).collect();
        Self { address: address.to_owned(), file: folder.join(name), limits: *limits, client: client.clone() }
    }

    fn record(&self) -> PathBuf {
        self.file.with_extension("json")
    }

    async fn answer(&self) -> Answer {
        let url = match address(&self.address) {
            Ok(url) => url,
            Err(problem) => return Answer::Failed(problem),
        };
        let mut problem = String::new();
        for _ in 0..ATTEMPTS {
            match self.ask(url.clone()).await {
                Ok(answer) => return self.settle(answer),
                Err(words) => problem = words,
            }
        }
        self.settle(Answer::Failed(problem))
    }

    /// An address that cannot be fetched tonight keeps what there is; one that is gone keeps nothing.
    fn settle(&self, answer: Answer) -> Answer {
        match answer {
            Answer::Failed(problem) if self.file.is_file() => {
                tracing::warn!(url = self.address, problem, "not fetched; what was fetched before is kept");
                Answer::Kept(self.file.clone())
            }
            Answer::Gone(words) => {
                // What stays behind is a file too many.
                drop(fs::remove_file(&self.file));
                drop(fs::remove_file(self.record()));
                Answer::Gone(words)
            }
            other => other,
        }
    }

    /// Asks once. An error is worth another try.
    async fn ask(&self, url: Url) -> std::result::Result<Answer, String> {
        let record = fs::read(self.record()).ok().and_then(|text| serde_json::from_slice::<Record>(&text).ok());
        let record = record.filter(|_| self.file.is_file()).unwrap_or_default();
        let mut request = self.client.get(url);
        for (name, value) in [(IF_NONE_MATCH, &record.etag), (IF_MODIFIED_SINCE, &record.last_modified)] {
            request = value.iter().fold(request, |request, value| request.header(&name, value));
        }
        let response = request.send().await.map_err(|e| words_of(&e))?;
        match response.status() {
            StatusCode::NOT_MODIFIED => Ok(Answer::Kept(self.file.clone())),
            status @ (StatusCode::NOT_FOUND | StatusCode::GONE) => Ok(Answer::Gone(format!("HTTP {status}"))),
            status if status.is_success() => self.save(response, &record).await,
            status if status.is_server_error() => Err(format!("HTTP {status}")),
            status => Ok(Answer::Failed(format!("HTTP {status}"))),
        }
    }

    /// Takes the bytes of a response, no more than the limit; the same bytes as before leave the file as it is.
    async fn save(&self, mut response: Response, before: &Record) -> std::result::Result<Answer, String> {
        let header = |name: HeaderName| Some(response.headers().get(name)?.to_str().ok()?.to_owned());
        let (etag, last_modified) = (header(ETAG), header(LAST_MODIFIED));
        let check = |bytes| Limits::check("the file's size in bytes", "file_bytes", bytes, self.limits.file_bytes);
        if let Some(Err(error)) = response.content_length().map(check) {
            return Ok(Answer::Failed(error.kind().to_string()));
        }
        let part = self.file.with_extension("part");
        let mut file = File::create(&part).map_err(|e| e.to_string())?;
        let (mut hash, mut length) = (Sha256::new(), 0_u64);
        while let Some(piece) = response.chunk().await.map_err(|e| words_of(&e))? {
            length = length.saturating_add(piece.len() as u64);
            if let Err(error) = check(length) {
                drop(fs::remove_file(&part));
                return Ok(Answer::Failed(error.kind().to_string()));
            }
            hash.update(&piece);
            file.write_all(&piece).map_err(|e| e.to_string())?;
        }
        let sha256 = hex(&hash.finalize());
        let moved = if sha256 == before.sha256 { fs::remove_file(&part) } else { fs::rename(&part, &self.file) };
        moved.map_err(|e| e.to_string())?;
        let record = Record { url: self.address.clone(), sha256, etag, last_modified };
        let text = serde_json::to_vec_pretty(&record).map_err(|e| e.to_string())?;
        fs::write(self.record(), text).map_err(|e| e.to_string())?;
        Ok(Answer::Kept(self.file.clone()))
    }
}

/// Reads an address: HTTP or HTTPS, and without a password, which would stand in the ledger.
fn address(text: &str) -> std::result::Result<Url, String> {
    let url = Url::parse(text).map_err(|e| format!("no address: {e}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("{}: only http and https are fetched", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("an address with a user name or password is not fetched: it would stand in the ledger".to_owned());
    }
    Ok(url)
}

/// An error with its cause, without the address, which stands beside it.
fn words_of(error: &reqwest::Error) -> String {
    let mut words = Vec::new();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        words.push(error.to_string());
        cause = error.source();
    }
    let last = words.pop().filter(|_| !error.is_timeout());
    let kind = match (error.is_timeout(), error.is_redirect()) {
        (true, _) => "the server is too slow",
        (_, true) => "redirected too often or nowhere",
        _ => "not fetched",
    };
    last.map_or_else(|| kind.to_owned(), |last| format!("{kind}: {last}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_without_secrets_are_taken() {
        for good in ["http://a.cn/x.pdf", "https://a.cn/决算.docx?id=3"] {
            assert!(address(good).is_ok(), "{good}");
        }
        for bad in ["file:///etc/passwd", "ftp://a.cn/x", "a.cn/x.pdf", "https://me:secret@a.cn/x.pdf", ""] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_list_is_read_line_by_line() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        fs::write(file.path(), "\u{FEFF}# 2024\r\nhttp://a.cn/1.pdf\r\n\r\n  http://a.cn/2.pdf  ").expect("written");
        assert_eq!(read_list(file.path()).expect("reads"), ["http://a.cn/1.pdf", "http://a.cn/2.pdf"]);
    }
}
