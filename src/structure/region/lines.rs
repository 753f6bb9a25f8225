//! Which rows of a band are lines of text around its grid: title, 部门, 单位 and form code above, 注 below.

use std::borrow::Cow;

use super::{Row, Spans};
use crate::forms::wording::SheetWords;
use crate::model::{SheetCell, fold_text};

/// Characters of the longest title of a table.
const TITLE: usize = 60;

/// Characters before the colon of the longest caption such as `编制部门：`.
const KEY: usize = 10;

/// Characters of the longest word of a form code such as `部门公开表12`.
const CODE_WORD: usize = 6;

/// What the words of a row say of it.
#[derive(Debug, Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools)] // each is an answer of its own
pub(super) struct Look {
    /// Every cell is a caption, or the value of one in the cell before.
    pub(super) captions: bool,
    /// It is one cell that reads like the title of a table.
    pub(super) title: bool,
    /// A cell of it starts like a 注 or 说明 line.
    pub(super) note: bool,
    /// A cell of it is a key with its value, such as `单位：万元`.
    keyed: bool,
    /// Every cell of it is.
    all_keyed: bool,
    /// It is a title beside its form code or unit.
    title_beside: bool,
    /// It is one cell of a text: a sentence, or too long for a title.
    prose: bool,
}

impl Look {
    /// Looks at the cells of a row.
    pub(super) fn of(cells: &[&SheetCell], words: &SheetWords) -> Self {
        let texts: Vec<_> = cells.iter().map(|c| c.text()).collect();
        let folded: Vec<_> = texts.iter().map(|text| fold_text(text)).collect();
        let keyed = |text: &str| is_keyed(text, words);
        let captions: Vec<bool> =
            folded.iter().map(|t| is_keyed(t, words) || is_code(t) || is_open_key(t, words)).collect();
        let mut plain = folded.iter().zip(&captions).filter(|(_, caption)| !**caption).map(|(text, _)| text);
        let beside = matches!((plain.next(), plain.next()), (Some(only), None) if looks_like_title(only));
        let single = match folded.as_slice() {
            [only] => Some(only.as_ref()),
            _ => None,
        };
        Self {
            captions: are_captions(&folded, &captions, words),
            title: single.is_some_and(looks_like_title),
            note: folded.iter().any(|t| words.note.is_match(t)),
            keyed: folded.iter().any(|t| keyed(t)),
            all_keyed: folded.iter().all(|t| keyed(t)),
            title_beside: cells.len() <= 3 && beside,
            prose: single.is_some_and(|t| t.ends_with(['。', ';', '!']) || t.chars().count() > TITLE),
        }
    }
}

/// Whether every text of a row is a caption, or the value of one before it.
fn are_captions(folded: &[Cow<'_, str>], captions: &[bool], words: &SheetWords) -> bool {
    let mut open_key = false;
    folded.iter().zip(captions).all(|(text, caption)| {
        let value = std::mem::take(&mut open_key) && !caption;
        open_key = is_open_key(text, words);
        *caption || value
    })
}

/// Parts a band into the lines above its grid, the rows of the grid, and the lines below.
pub(super) fn part<'b, 'a>(band: &'b [Row<'a>], spans: &Spans) -> (&'b [Row<'a>], &'b [Row<'a>], &'b [Row<'a>]) {
    let (above, rest) = band.split_at(count_above(band, spans));
    let (body, below) = rest.split_at(rest.len() - count_below(rest, spans));
    (above, body, below)
}

/// How many rows stand above the grid. Once a title and a caption were seen, a row with a single cell is the
/// first header row where more cells follow it: tables have headers that span their whole width. Text on a sheet
/// is above whatever comes behind it.
fn count_above(band: &[Row], spans: &Spans) -> usize {
    let (mut titled, mut captioned) = (false, false);
    for (index, row) in band.iter().enumerate() {
        if row.look.prose {
            (titled, captioned) = (false, false);
        } else if row.look.captions {
            captioned |= row.look.keyed;
        } else if let [only] = row.cells.as_slice() {
            let is_wide = spans.end(only.row, only.col).1 > only.col;
            let leads = band.get(index + 1).is_some_and(|next| next.cells.len() > 1);
            if titled && captioned && (is_wide || leads) {
                return index;
            }
            titled = true;
        } else if !titled && row.look.title_beside {
            titled = true;
            captioned |= row.look.keyed;
        } else {
            return index;
        }
    }
    band.len()
}

/// How many rows stand below the grid: 注 and the lines behind it, sentences, signatures.
fn count_below(rows: &[Row], spans: &Spans) -> usize {
    let first_col = rows.iter().filter_map(|r| r.cells.first()).map(|c| c.col).min().unwrap_or(0);
    let mut count = 0;
    for (index, row) in rows.iter().rev().enumerate() {
        match row.cells.as_slice() {
            [only] if row.look.note || is_sentence(only, first_col) => count = index + 1,
            [only] if spans.end(only.row, only.col).0 == only.row => {}
            _ if row.look.captions && row.look.all_keyed => count = index + 1,
            _ => break,
        }
    }
    count
}

fn is_sentence(cell: &SheetCell, first_col: u32) -> bool {
    cell.col == first_col && cell.text().trim_end().ends_with('。')
}

/// Whether a folded text reads like the title of a table.
fn looks_like_title(folded: &str) -> bool {
    let bare = without_brackets(folded).trim_end_matches(|c: char| c.is_ascii_digit());
    folded.chars().count() <= TITLE && bare.ends_with('表') && !folded.contains(['。', ',', ';'])
}

/// Takes brackets such as `(2024年度)` off the end.
fn without_brackets(text: &str) -> &str {
    match text.strip_suffix(')').and_then(|t| t.rsplit_once('(')) {
        Some((before, _)) if !before.is_empty() => without_brackets(before),
        _ => text,
    }
}

/// `单位：万元`, `编制部门：某局`, `(金额单位:元)`, `单位 万元`, folded.
fn is_keyed(folded: &str, words: &SheetWords) -> bool {
    let inner = folded.trim_start_matches('(').trim_end_matches(')');
    if let Some((key, value)) = inner.split_once(':') {
        return !key.is_empty() && key.chars().count() <= KEY && (!value.is_empty() || is_split_key(key, words));
    }
    inner.split_once("单位").is_some_and(|(_, unit)| crate::model::Unit::parse(unit).is_some())
}

fn is_open_key(folded: &str, words: &SheetWords) -> bool {
    folded.strip_suffix(':').is_some_and(|key| is_split_key(key, words))
}

fn is_split_key(key: &str, words: &SheetWords) -> bool {
    key.chars().count() <= KEY && words.split_key.is_match(key)
}

/// `公开01表`, `财决Z01-1表`, `表一`, `附件2`, `部门公开表12`: a short word and a number, either first.
fn is_code(folded: &str) -> bool {
    let is_number = |c: char| c.is_ascii_digit() || c == '-' || "一二三四五六七八九十".contains(c);
    let bare = folded.strip_suffix('表').unwrap_or(folded);
    let word = bare.trim_end_matches(is_number);
    let numbered = word.len() < bare.len() && !word.is_empty();
    let named = bare.len() < folded.len() || word.ends_with('表') || word.starts_with('附');
    numbered && named && word.chars().count() <= CODE_WORD && !folded.starts_with(|c: char| c.is_ascii_digit())
}
