//! Lines of a table of contents, which repeat the headings of the document and are none themselves.
//!
//! Three signs: leaders with page numbers; a page that is titled 目录; and a list behind that title which
//! ends where its first entry stands again, however many pages it runs over.

use std::sync::LazyLock;

use regex::Regex;

use super::PageParts;
use super::paragraphs::begins_paragraph;
use crate::model::PageLine;

/// Lines behind the title 目录 within which its first entry must come again.
const LONGEST: usize = 250;

#[allow(clippy::expect_used)] // the patterns are constants, and a test compiles them
static LEADERS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[.．…·⋯‥。\s]{4,}\s*\d{1,4}$").expect("a pattern"));
#[allow(clippy::expect_used)]
static NUMBERED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[^\d.,，．\s][\s.．…·]*\d{1,3}$").expect("a pattern"));
#[allow(clippy::expect_used)]
static TAIL: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[\s.．…·⋯‥]*\d{0,4}$").expect("a pattern"));

/// Tells for each line of each page whether it belongs to a table of contents.
#[must_use]
pub fn toc_lines(pages: &[PageParts]) -> Vec<Vec<bool>> {
    let mut marks: Vec<Vec<bool>> = pages.iter().map(|page| toc_lines_of_page(&page.lines)).collect();
    let places = || pages.iter().enumerate().flat_map(|(p, page)| (0..page.lines.len()).map(move |l| (p, l)));
    let lines: Vec<&PageLine> = pages.iter().flat_map(|page| &page.lines).collect();
    if let Some((first, end)) = listed_range(&lines) {
        for (page, line) in places().skip(first).take(end - first) {
            if let Some(mark) = marks.get_mut(page).and_then(|marks| marks.get_mut(line)) {
                *mark = true;
            }
        }
    }
    marks
}

/// The lines from the title 目录 to where the first entry of its list stands again, as first and end.
fn listed_range(lines: &[&PageLine]) -> Option<(usize, usize)> {
    let title = lines.iter().position(|line| is_toc_title(&line.text))?;
    let list = lines.get(title + 1..)?;
    let entry = list.iter().take(10).position(|line| begins_paragraph(&line.text))?;
    let first = entry_text(&list.get(entry)?.text);
    let again = list.iter().take(LONGEST).skip(entry + 1).position(|line| entry_text(&line.text) == first)?;
    let end = title + 1 + entry + 1 + again;
    let is_prose = lines.get(title..end)?.iter().any(|line| line.text.ends_with('。'));
    (!is_prose).then_some((title, end))
}

/// An entry without blanks, leaders and page number.
fn entry_text(text: &str) -> String {
    TAIL.replace(text, "").chars().filter(|c| !c.is_whitespace()).collect()
}

/// Tells the lines of one page by their leaders and by the title of the page.
fn toc_lines_of_page(lines: &[PageLine]) -> Vec<bool> {
    let has_leaders = |line: &PageLine| LEADERS.is_match(&line.text);
    let is_entry = |line: &PageLine| has_leaders(line) || NUMBERED.is_match(&line.text);
    let title = lines.iter().position(|l| is_toc_title(&l.text));
    let leaders = lines.iter().filter(|l| has_leaders(l)).count();
    let entries = lines.iter().filter(|l| is_entry(l)).count();
    let is_prose = lines.iter().any(|l| l.text.ends_with('。'));
    let is_toc = leaders >= 3 || title.is_some() && (entries * 2 >= lines.len() || !is_prose && leaders == 0);
    if !is_toc {
        return vec![false; lines.len()];
    }
    let is_list = entries == 0;
    let of_toc = |(i, line): (usize, &PageLine)| match title {
        Some(title) => i >= title && (is_list || i == title || !is_prose || is_entry(line)),
        None => is_entry(line),
    };
    lines.iter().enumerate().map(of_toc).collect()
}

fn is_toc_title(text: &str) -> bool {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    matches!(plain.as_str(), "目录" | "目次" | "CONTENTS" | "Contents")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Rect;

    fn page(number: u32, texts: &[&str]) -> PageParts {
        let line = |text: &&str| PageLine {
            page: number,
            text: (*text).to_owned(),
            edges: Vec::new(),
            rect: Rect::default(),
            size: 10.0,
            bold: false,
        };
        PageParts { number, lines: texts.iter().map(line).collect(), ..PageParts::default() }
    }

    #[test]
    fn leaders_with_page_numbers_are_a_table_of_contents() {
        let dotted = ["目 录", "一、部门概况........3", "二、收支情况........5", "三、名词解释........9"];
        assert_eq!(toc_lines(&[page(1, &dotted)]), [[true; 4]]);
    }

    #[test]
    fn figures_at_the_end_of_lines_are_not() {
        assert_eq!(toc_lines(&[page(1, &["本年收入合计1,278.53", "比上年增加12"])]), [[false; 2]]);
    }

    #[test]
    fn a_list_without_numbers_ends_where_its_first_entry_comes_again() {
        let pages = [
            page(1, &["某局部门决算", "目录", "第一部分 概况", "第二部分 情况说明"]),
            page(2, &["第三部分 附表", "第一部分概况", "一、主要职能", "负责某项工作。"]),
        ];
        assert_eq!(toc_lines(&pages), [[false, true, true, true], [true, false, false, false]]);
    }
}
