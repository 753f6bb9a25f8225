//! Which rows of a band are lines of text around its grid: title, 部门, 单位 and form code above, 注 below.

use crate::model::normalise;

use super::{Row, Spans};
use crate::model::SheetCell;

/// Characters of the longest title of a table.
const TITLE: usize = 60;

/// Characters before the colon of the longest caption such as `编制部门：`.
const KEY: usize = 10;

/// Characters of the longest word of a form code such as `部门公开表12`.
const CODE_WORD: usize = 6;

/// Keys whose value may stand in the next cell: `单位：` and `万元` side by side.
const SPLIT_KEYS: [&str; 6] = ["单位", "部门", "编制", "填报", "年度", "日期"];

/// First words of a line below a table.
const NOTE_MARKS: [&str; 3] = ["注", "说明", "备注"];

/// Parts a band into the lines above its grid, the rows of the grid, and the lines below.
pub(super) fn part<'b, 'a>(band: &'b [Row<'a>], spans: &Spans) -> (&'b [Row<'a>], &'b [Row<'a>], &'b [Row<'a>]) {
    let (above, rest) = band.split_at(count_above(band));
    let (body, below) = rest.split_at(rest.len() - count_below(rest, spans));
    (above, body, below)
}

/// How many rows stand above the grid. Once a title and a caption were seen, a row with a single cell is the
/// first header row: tables have headers that span their whole width.
fn count_above(band: &[Row]) -> usize {
    let (mut titled, mut captioned) = (false, false);
    for (index, row) in band.iter().enumerate() {
        if is_caption_row(row) {
            captioned |= row.cells.iter().any(|c| is_keyed(&c.text));
        } else if row.cells.len() == 1 {
            if titled && captioned {
                return index;
            }
            titled = true;
        } else if !titled && is_title_with_captions(row) {
            titled = true;
            captioned |= row.cells.iter().any(|c| is_keyed(&c.text));
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
            [only] if is_note(&only.text) || is_sentence(only, first_col) => count = index + 1,
            [only] if spans.end(only.row, only.col).0 == only.row => {}
            _ if is_caption_row(row) && row.cells.iter().all(|c| is_keyed(&c.text)) => count = index + 1,
            _ => break,
        }
    }
    count
}

/// Whether a text is a 注 or 说明 line.
pub(super) fn is_note(text: &str) -> bool {
    let text = normalise(text);
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || "*※([【".contains(c));
    NOTE_MARKS.iter().any(|mark| text.starts_with(mark))
}

fn is_sentence(cell: &SheetCell, first_col: u32) -> bool {
    cell.col == first_col && cell.text.trim_end().ends_with('。')
}

/// Whether every cell of a row is a caption, or the value of one in the cell before.
pub(super) fn is_caption_row(row: &Row) -> bool {
    let mut open_key = false;
    row.cells.iter().all(|cell| {
        let caption = is_caption(&cell.text);
        let value = std::mem::take(&mut open_key) && !caption;
        open_key = is_open_key(&cell.text);
        caption || value
    })
}

/// A title beside its form code or unit, all in one row.
fn is_title_with_captions(row: &Row) -> bool {
    let others: Vec<&&SheetCell> = row.cells.iter().filter(|c| !is_caption(&c.text)).collect();
    row.cells.len() <= 3 && others.len() == 1 && looks_like_title(&others.into_iter().copied().collect::<Vec<_>>())
}

/// Whether a row holds one cell that reads like the title of a table.
pub(super) fn looks_like_title(cells: &[&SheetCell]) -> bool {
    let [only] = cells else { return false };
    let folded: String = normalise(&only.text).chars().filter(|c| !c.is_whitespace()).collect();
    let bare = without_brackets(&folded).trim_end_matches(|c: char| c.is_ascii_digit());
    folded.chars().count() <= TITLE && bare.ends_with('表') && !folded.contains(['。', ',', ';'])
}

/// Takes brackets such as `(2024年度)` off the end.
fn without_brackets(text: &str) -> &str {
    match text.strip_suffix(')').and_then(|t| t.rsplit_once('(')) {
        Some((before, _)) if !before.is_empty() => without_brackets(before),
        _ => text,
    }
}

fn is_caption(text: &str) -> bool {
    is_keyed(text) || is_code(text) || is_open_key(text)
}

/// `单位：万元`, `编制部门：某局`, `(金额单位:元)`, `单位 万元`.
fn is_keyed(text: &str) -> bool {
    let folded: String = normalise(text).chars().filter(|c| !c.is_whitespace()).collect();
    let inner = folded.trim_start_matches('(').trim_end_matches(')');
    if let Some((key, value)) = inner.split_once(':') {
        return !key.is_empty() && key.chars().count() <= KEY && (!value.is_empty() || is_split_key(key));
    }
    inner.split_once("单位").is_some_and(|(_, unit)| crate::model::Unit::parse(unit).is_some())
}

fn is_open_key(text: &str) -> bool {
    let folded: String = normalise(text).chars().filter(|c| !c.is_whitespace()).collect();
    folded.strip_suffix(':').is_some_and(is_split_key)
}

fn is_split_key(key: &str) -> bool {
    key.chars().count() <= KEY && SPLIT_KEYS.iter().any(|k| key.contains(k))
}

/// `公开01表`, `财决Z01-1表`, `表一`, `附件2`, `部门公开表12`: a short word and a number, either first.
fn is_code(text: &str) -> bool {
    let folded: String = normalise(text).chars().filter(|c| !c.is_whitespace()).collect();
    let is_number = |c: char| c.is_ascii_digit() || c == '-' || "一二三四五六七八九十".contains(c);
    let bare = folded.strip_suffix('表').unwrap_or(&folded);
    let word = bare.trim_end_matches(is_number);
    let numbered = word.len() < bare.len() && !word.is_empty();
    let named = bare.len() < folded.len() || word.ends_with('表') || word.starts_with('附');
    numbered && named && word.chars().count() <= CODE_WORD && !folded.starts_with(|c: char| c.is_ascii_digit())
}
