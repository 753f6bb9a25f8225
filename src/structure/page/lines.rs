//! Glyphs become lines: clustered by baseline, put in order from the left, blanks that only justify left out.

use super::script::is_word_gap;
use crate::model::{Glyph, PageLine, Points, Rect, fold_radical};

/// Part of the font size by which baselines of one line may differ: some producers set digits and Chinese
/// characters of a line on different ones.
const BASELINE_SLACK: f64 = 0.5;
/// Glyphs of one place that are compared; more of them are a hostile page.
const MOST_STACKED: usize = 32;
/// Gap, in font sizes, that is a blank where no space glyph stands.
const BLANK: f64 = 0.28;
/// Gap, in font sizes, between two texts of one line that have nothing to do with each other.
const APART: f64 = 2.5;

/// Gap, in font sizes, between two columns of a table without rules.
const COLUMN_GAP: f64 = 0.9;

/// Whether two texts far apart on one line are one line or two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Apart {
    /// The line stays whole, as inside a cell.
    Keep,
    /// The line is cut into words, as far as columns of a table without rules stand apart.
    Words,
    /// The line is cut, as between `部门：某局` and `单位：万元` above a table.
    Split,
}

/// Puts glyphs into lines, from the top and then from the left.
#[must_use]
pub fn glyphs_to_lines(page: u32, glyphs: &[Glyph], apart: Apart) -> Vec<PageLine> {
    let mut lines = Vec::new();
    for mut row in cluster_baselines(glyphs) {
        row.sort_by(|a, b| a.rect.x0.total_cmp(&b.rect.x0));
        let row = drop_repeats(row);
        for part in split_apart(&row, apart) {
            lines.extend(line_of(page, part));
        }
    }
    lines
}

/// Groups glyphs that stand on one line, from the top.
fn cluster_baselines(glyphs: &[Glyph]) -> Vec<Vec<Glyph>> {
    let mut sorted: Vec<Glyph> = glyphs.to_vec();
    sorted.sort_by(|a, b| a.baseline.total_cmp(&b.baseline));
    let mut rows: Vec<Vec<Glyph>> = Vec::new();
    let (mut mean, mut size) = (0.0, 0.0);
    for glyph in sorted {
        let slack = BASELINE_SLACK * f64::midpoint(glyph.size, size);
        match rows.last_mut() {
            Some(row) if glyph.baseline - mean <= slack => {
                row.push(glyph);
                let count = row.len() as f64;
                mean += (glyph.baseline - mean) / count;
                size += (glyph.size - size) / count;
            }
            _ => {
                (mean, size) = (glyph.baseline, glyph.size);
                rows.push(vec![glyph]);
            }
        }
    }
    rows
}

/// Drops a character that is painted a second time a hair further on, to look bold or to throw a shadow.
fn drop_repeats(row: Vec<Glyph>) -> Vec<Glyph> {
    let mut kept: Vec<Glyph> = Vec::with_capacity(row.len());
    for glyph in row {
        let near = |g: &&mut Glyph| glyph.rect.x0 - g.rect.x0 < 0.2 * glyph.size;
        let mut before = kept.iter_mut().rev().take_while(near).take(MOST_STACKED);
        match before.find(|g| g.c == glyph.c && (g.baseline - glyph.baseline).abs() < 0.2 * glyph.size) {
            Some(first) => first.bold = true,
            None => kept.push(glyph),
        }
    }
    kept
}

/// Cuts a line where two texts stand far apart; a text that is spread out as a whole stays one.
fn split_apart(row: &[Glyph], apart: Apart) -> Vec<&[Glyph]> {
    if apart == Apart::Keep {
        return vec![row];
    }
    let seen: Vec<usize> = (0..row.len()).filter(|&i| row.get(i).is_some_and(|g| !g.c.is_whitespace())).collect();
    let gap = |pair: &[usize]| match pair {
        &[a, b] => row.get(a).zip(row.get(b)).map_or(0.0, |(a, b)| (b.rect.x0 - a.rect.x1) / b.size.max(1.0)),
        _ => 0.0,
    };
    let mut gaps: Vec<f64> = seen.windows(2).map(gap).collect();
    let limits: Vec<f64> = gaps.clone();
    gaps.sort_by(f64::total_cmp);
    let median = gaps.get(gaps.len() / 2).copied().unwrap_or(0.0).max(0.0);
    let mut parts = Vec::new();
    let mut start = 0;
    for (pair, wide) in seen.windows(2).zip(limits) {
        let &[_, next] = pair else { continue };
        let is_page_number = || row.get(next..).is_some_and(|r| r.iter().all(|g| g.c.is_ascii_digit() || g.c == ' '));
        let is_cut = match apart {
            Apart::Words => wide > COLUMN_GAP,
            _ => wide > APART.max(3.0 * median) && !is_page_number(),
        };
        if is_cut {
            parts.extend(row.get(start..next));
            start = next;
        }
    }
    parts.extend(row.get(start..));
    parts
}

/// Takes glyphs in order from the left to a line; `None` when there is nothing to see.
fn line_of(page: u32, glyphs: &[Glyph]) -> Option<PageLine> {
    let mut text = String::new();
    let mut edges = Vec::new();
    let mut rect: Option<Rect> = None;
    let mut last: Option<Glyph> = None;
    let mut has_space = false;
    for glyph in glyphs {
        if glyph.c.is_whitespace() {
            has_space = true;
            continue;
        }
        let c = fold_radical(glyph.c);
        if let Some(last) = last {
            let gap = glyph.rect.x0 - last.rect.x1;
            let is_blank = has_space || gap > BLANK * glyph.size;
            let is_page_number = gap > APART * glyph.size && c.is_ascii_digit();
            if is_page_number || is_blank && is_word_gap(last.c, c) {
                text.push(' ');
                edges.push([last.rect.x1, glyph.rect.x0]);
            }
        }
        text.push(c);
        edges.push([glyph.rect.x0, glyph.rect.x1]);
        rect = Some(rect.map_or(glyph.rect, |r| r.union(&glyph.rect)));
        last = Some(*glyph);
        has_space = false;
    }
    let bold = glyphs.iter().filter(|g| g.bold).count() * 2 > glyphs.len();
    Some(PageLine { page, text, edges, rect: rect?, size: commonest_size(glyphs), bold })
}

fn commonest_size(glyphs: &[Glyph]) -> Points {
    let mut sizes: Vec<Points> = glyphs.iter().filter(|g| !g.c.is_whitespace()).map(|g| g.size).collect();
    sizes.sort_by(f64::total_cmp);
    let group = sizes.chunk_by(|a, b| b - a < 0.1).max_by_key(|group| group.len());
    group.and_then(|g| g.first()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sets a text from `x` on; a blank is one size wide and leaves no glyph.
    fn set(text: &str, x: f64, baseline: f64, size: f64) -> Vec<Glyph> {
        let place = |(i, c): (usize, char)| {
            let x0 = x + i as f64 * size;
            let rect = Rect { x0, y0: baseline - 0.88 * size, x1: x0 + size, y1: baseline + 0.12 * size };
            Glyph { c, rect, baseline, size, font: 0, bold: false, hidden: false, turned: false }
        };
        text.chars().enumerate().map(place).filter(|g| g.c != ' ').collect()
    }

    fn texts(glyphs: &[Glyph], apart: Apart) -> Vec<String> {
        glyphs_to_lines(1, glyphs, apart).into_iter().map(|l| l.text).collect()
    }

    #[test]
    fn spaces_of_justified_chinese_are_dropped_and_those_of_words_kept() {
        assert_eq!(texts(&set("本 年 收 入", 0.0, 10.0, 10.0), Apart::Split), ["本年收入"]);
        assert_eq!(texts(&set("total income", 0.0, 10.0, 10.0), Apart::Split), ["total income"]);
    }

    #[test]
    fn two_texts_far_apart_on_one_line_are_two_lines() {
        let glyphs = set("部门：某局        单位：万元", 0.0, 10.0, 10.0);
        assert_eq!(texts(&glyphs, Apart::Split), ["部门：某局", "单位：万元"]);
        assert_eq!(texts(&glyphs, Apart::Keep), ["部门：某局单位：万元"]);
    }

    #[test]
    fn digits_on_a_baseline_of_their_own_stay_in_their_line() {
        let mut glyphs = set("共    万元", 0.0, 10.0, 10.0);
        glyphs.extend(set("12.5", 10.0, 13.0, 10.0));
        assert_eq!(texts(&glyphs, Apart::Split), ["共12.5万元"]);
    }

    #[test]
    fn a_character_painted_twice_is_read_once_and_bold() {
        let mut glyphs = set("决算", 0.0, 10.0, 10.0);
        glyphs.extend(set("决算", 0.4, 10.0, 10.0));
        let lines = glyphs_to_lines(1, &glyphs, Apart::Split);
        assert_eq!((lines[0].text.as_str(), lines[0].bold), ("决算", true));
    }

    #[test]
    fn every_character_of_a_line_has_its_edges() {
        let lines = glyphs_to_lines(1, &set("年 2024 a", 0.0, 10.0, 10.0), Apart::Split);
        assert_eq!(lines[0].text, "年2024 a");
        assert_eq!(lines[0].edges.len(), 7);
    }
}
