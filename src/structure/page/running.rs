//! Running headers and footers and page numbers: text that is on a page but not part of what the document
//! says there. It is told by its place at the edge of the page and by its coming again on other pages.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use super::PageParts;
use crate::forms::wording::CaptionWords;
use crate::model::{PageLine, Points, fold_text};

/// Part of the page's height, at its top and bottom, in which running text stands.
const MARGIN: f64 = 0.1;
/// Part of the page's height in which a lone page number may stand.
const NUMBER_MARGIN: f64 = 0.13;
/// The same for one between dashes or words, which is nothing else even where it stands further in.
const DRESSED_MARGIN: f64 = 0.2;
/// Larger text is a title, even where every page repeats it.
const LARGEST: Points = 13.0;

/// Digits, dashes and 第…页: typography that no province has to itself, which is why it is no data of a form.
#[allow(clippy::expect_used)] // the patterns are constants, and a test compiles them
static PAGE_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[-—–－―~\s·]*(第?\s*\d{1,4}\s*页?|\d{1,4}\s*/\s*\d{1,4}|第\s*\d{1,4}\s*页.{0,3}共\s*\d{1,4}\s*页)[-—–－―~\s·]*$")
        .expect("a pattern")
});
/// Drops running headers, footers and page numbers from the lines of all pages.
///
/// The code of a form and the unit of its amounts say something about the table below them, on every page again.
pub fn drop_running(pages: &mut [PageParts], captions: &CaptionWords) {
    let repeated = repeated_keys(pages);
    for page in pages {
        let (height, number) = (page.height, page.number);
        page.lines.retain(|line| {
            let is_number = is_page_number(line, height);
            let is_repeated =
                key_of(line, height).is_some_and(|key| repeated.contains(&key)) && !tells_of_table(line, captions);
            debug_assert_eq!(line.page, number);
            !is_number && !is_repeated
        });
    }
}

/// Whether a line is the number of its page, by its form and by its place.
fn is_page_number(line: &PageLine, height: Points) -> bool {
    let is_bare =
        line.text.starts_with(|c: char| c.is_ascii_digit()) || line.text.ends_with(|c: char| c.is_ascii_digit());
    let margin = if is_bare { NUMBER_MARGIN } else { DRESSED_MARGIN };
    edge_distance(line, height) < margin * height && PAGE_NUMBER.is_match(&line.text)
}

fn tells_of_table(line: &PageLine, captions: &CaptionWords) -> bool {
    let text = fold_text(line.text.trim());
    captions.code.is_match(&text) || captions.unit.is_match(&text)
}

/// What two lines share when they are the same running text: edge, distance from it, text modulo digits.
type Key = (bool, String);

fn key_of(line: &PageLine, height: Points) -> Option<Key> {
    if edge_distance(line, height) > MARGIN * height || line.size > LARGEST {
        return None;
    }
    let text = line.text.chars().filter(|c| !c.is_whitespace());
    let text = text.map(|c| if c.is_ascii_digit() { '#' } else { c }).collect();
    Some((line.rect.y0 < height / 2.0, text))
}

/// How far the line's far side is from the nearer edge of the page.
fn edge_distance(line: &PageLine, height: Points) -> Points {
    line.rect.y1.min(height - line.rect.y0)
}

/// Keys that stand on at least three pages and on a third of those that have text.
fn repeated_keys(pages: &[PageParts]) -> BTreeSet<Key> {
    let mut seen: BTreeMap<Key, BTreeSet<u32>> = BTreeMap::new();
    for page in pages {
        for key in page.lines.iter().filter_map(|line| key_of(line, page.height)) {
            seen.entry(key).or_default().insert(page.number);
        }
    }
    let with_text = pages.iter().filter(|p| !p.lines.is_empty()).count();
    let enough = (with_text / 3).max(3);
    seen.into_iter().filter(|(_, on)| on.len() >= enough).map(|(key, _)| key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Rect;

    fn line(page: u32, text: &str, y: f64) -> PageLine {
        let rect = Rect::new(100.0, y, 200.0, y + 10.0);
        PageLine { page, text: text.into(), edges: Vec::new(), rect, size: 10.0, bold: false }
    }

    fn page(number: u32, lines: Vec<PageLine>) -> PageParts {
        PageParts { number, width: 600.0, height: 800.0, lines, tables: Vec::new() }
    }

    #[test]
    fn running_text_and_page_numbers_are_dropped_and_the_rest_stays() {
        let text = |n: u32| {
            vec![
                line(n, "某局2024年度部门决算", 30.0),
                line(n, "正文第一行", 100.0),
                line(n, "正文第一行", 760.0 - f64::from(n) * 300.0),
                line(n, &format!("— {n} —"), 770.0),
            ]
        };
        let mut pages: Vec<_> = (1..=2).map(|n| page(n, text(n))).collect();
        pages.push(page(3, vec![line(3, "某局2024年度部门决算", 30.0), line(3, "12.50", 770.0)]));
        drop_running(&mut pages, captions());
        let left: Vec<usize> = pages.iter().map(|p| p.lines.len()).collect();
        assert_eq!(left, [2, 2, 1], "an amount at the foot of a page is no page number");
    }

    fn captions() -> &'static CaptionWords {
        &crate::forms::Forms::builtin().wording.captions
    }

    #[test]
    fn codes_and_units_of_statements_are_no_running_text() {
        let texts = |n: u32| {
            vec![line(n, &format!("公开{n:02}表"), 30.0), line(n, "金额单位：万元", 45.0), line(n, "某局", 60.0)]
        };
        let mut pages: Vec<_> = (1..=4).map(|n| page(n, texts(n))).collect();
        drop_running(&mut pages, captions());
        let left: Vec<&str> = pages.iter().flat_map(|p| &p.lines).map(|l| l.text.as_str()).collect();
        assert_eq!(left.len(), 8, "{left:?}");
        assert_eq!(left[..2], ["公开01表", "金额单位：万元"]);
    }

    #[test]
    fn a_number_between_dashes_is_a_page_number_further_in_but_a_bare_one_is_none() {
        assert!(is_page_number(&line(1, "— 13 —", 690.0), 800.0));
        assert!(!is_page_number(&line(1, "13", 690.0), 800.0));
        assert!(!is_page_number(&line(1, "— 13 —", 400.0), 800.0));
    }
}
