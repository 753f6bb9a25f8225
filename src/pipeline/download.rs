//! Documents that are named by their address: fetched over HTTP(S) into a folder, and fetched again only when the
//! server says that they changed (RFC 9110 §13.1). A list of addresses goes in, sources with a file come out;
//! which of them have to be read is decided as for any other file (`incremental.rs`).
//!
//! What a server does to us is bounded: its time, its bytes, its redirects. An address that cannot be fetched tonight
//! keeps what was fetched before; one that the server says is gone has vanished.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use reqwest::header::{ETAG, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use reqwest::{Client, Response, StatusCode, Url, redirect};

use super::bare::EXTRACTOR;
use super::kept::{Answer, Downloads, Kept, Record, ask_all};
use crate::error::{Error, Result};
use crate::limits::Limits;

/// Ending of a file that lists addresses.
pub(super) const LIST: &str = "urls";
/// How often an address is tried in one run.
const ATTEMPTS: u32 = 2;
/// Redirects that are followed.
const REDIRECTS: usize = 5;
/// Time to reach a server, and time without a byte from it.
const PATIENCE: Duration = Duration::from_secs(20);
/// Time for one document as a whole.
const WHOLE: Duration = Duration::from_mins(10);

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
    let visit = |address: &&String| Visit { kept: Kept::new(address, folder, limits), client: client.clone() };
    let visits = addresses.iter().map(|address| visit(address).answer());
    let answers = runtime.block_on(ask_all(visits, addresses.len(), stop));
    let mut downloads = Downloads::default();
    for (address, answer) in addresses.into_iter().zip(answers) {
        downloads.put(address, answer);
    }
    Ok(downloads)
}

/// One address and where its bytes go.
#[derive(Debug)]
struct Visit {
    kept: Kept,
    client: Client,
}

impl Visit {
    async fn answer(self) -> Answer {
        let url = match address(&self.kept.address) {
            Ok(url) => url,
            Err(problem) => return Answer::Failed(problem),
        };
        let mut problem = String::new();
        for _ in 0..ATTEMPTS {
            match self.ask(url.clone()).await {
                Ok(answer) => return self.kept.settle(answer),
                Err(words) => problem = words,
            }
        }
        self.kept.settle(Answer::Failed(problem))
    }

    /// Asks once. An error is worth another try.
    async fn ask(&self, url: Url) -> std::result::Result<Answer, String> {
        let record = self.kept.record();
        let mut request = self.client.get(url);
        for (name, value) in [(IF_NONE_MATCH, &record.etag), (IF_MODIFIED_SINCE, &record.last_modified)] {
            request = value.iter().fold(request, |request, value| request.header(&name, value));
        }
        let response = request.send().await.map_err(|e| words_of(&e))?;
        match response.status() {
            StatusCode::NOT_MODIFIED => Ok(self.kept.as_it_is()),
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
        if let Some(problem) = response.content_length().and_then(|bytes| self.kept.surfeit(bytes)) {
            return Ok(Answer::Failed(problem));
        }
        let mut incoming = self.kept.begin()?;
        while let Some(piece) = response.chunk().await.map_err(|e| words_of(&e))? {
            if let Some(problem) = incoming.put(&piece)? {
                return Ok(Answer::Failed(problem));
            }
        }
        incoming.finish(before, etag, last_modified)
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
