//! What is known of a page before its tags are read one by one: its encoding, its maker, and whether it is a page.

use encoding_rs::Encoding;

use super::markup::attribute;
use crate::read::text;

/// Bytes in which a page names its encoding (HTML standard §13.2.3.2 looks at as many).
const HEAD: usize = 1_024;

/// Endings of linked files that may be reports.
const DOCUMENTS: [&str; 11] = [".pdf", ".doc", ".docx", ".wps", ".xls", ".xlsx", ".et", ".ofd", ".zip", ".rar", ".rtf"];

/// Whether text that starts with markup is a page of HTML, by its first tags.
pub(in crate::read) fn is_page(start: &str) -> bool {
    ["<!doctype html", "<html", "<table", "<head", "<body", "<script", "<meta", "<div", "<style"]
        .iter()
        .any(|mark| start.contains(mark))
}

/// Decodes a page: by its mark, by the encoding that it names, else as other text. The second value is false when
/// characters were lost.
pub(super) fn decode(bytes: &[u8]) -> (String, bool) {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let named = if Encoding::for_bom(bytes).is_none() { named(&String::from_utf8_lossy(head)) } else { None };
    // a page that names UTF-8 and is none was copied from another; GB18030 is tried for it
    if let Some(encoding) = named.filter(|e| *e != encoding_rs::UTF_8 && e.is_ascii_compatible()) {
        let encoding = if encoding == encoding_rs::GBK { encoding_rs::GB18030 } else { encoding };
        let (text, _, is_lossy) = encoding.decode(bytes);
        if !is_lossy {
            return (text.into_owned(), true);
        }
    }
    text::decode(bytes)
}

/// The encoding that `charset=` names.
fn named(head: &str) -> Option<&'static Encoding> {
    let (_, behind) = head.split_once("charset")?;
    let label = behind.trim_start().strip_prefix('=')?.trim_start_matches(['"', '\'', ' ']);
    let end = label.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_')).unwrap_or(label.len());
    Encoding::for_label(label.get(..end)?.as_bytes())
}

/// The program that says it made the page (`<meta name=Generator content=…>`).
pub(super) fn generator(text: &str) -> Option<String> {
    let head = text.get(..text.floor_char_boundary(4 * HEAD))?;
    let tags = head.split('<').filter(|tag| tag.get(..4).is_some_and(|name| name.eq_ignore_ascii_case("meta")));
    let mut metas = tags.filter_map(|tag| tag.get(4..)?.split('>').next());
    let is_generator = |meta: &&str| attribute(meta, "name").is_some_and(|n| n.eq_ignore_ascii_case("generator"));
    metas.find(is_generator).and_then(|meta| attribute(meta, "content")).map(std::borrow::Cow::into_owned)
}

/// Whether a link leads to a file that may be a report.
pub(super) fn is_document(link: &str) -> bool {
    let path = link.split(['?', '#']).next().unwrap_or(link).to_ascii_lowercase();
    DOCUMENTS.iter().any(|ending| path.ends_with(ending))
}
