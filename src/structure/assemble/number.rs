//! The number at the start of a line: 第一部分, 一、, （一）, 附件1, 1.

use crate::forms::wording::{Rank, Wording};

/// A numbering word that a line begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    /// Which rank its form has.
    pub rank: Rank,
    /// What it counts; absent for a plain 附件.
    pub ordinal: Option<u32>,
    /// Bytes of the folded line that it takes, its punctuation included.
    pub len: usize,
    /// Whether a short line with it is a heading without help from its style.
    pub heads: bool,
}

/// Reads the number at the start of a folded line.
pub(super) fn number_of(folded: &str, wording: &Wording) -> Option<Number> {
    if !wording.numbered.is_match(folded) {
        return None;
    }
    wording.labels.iter().find_map(|label| {
        let found = label.pattern.captures(folded)?;
        let whole = found.name("label").or(found.get(0))?;
        if whole.start() != 0 {
            return None;
        }
        let ordinal = found.name("n").and_then(|n| ordinal_of(n.as_str()));
        Some(Number { rank: label.rank, ordinal, len: whole.end(), heads: label.heading })
    })
}

/// Reads `十二` or `12`.
fn ordinal_of(digits: &str) -> Option<u32> {
    digits.parse().ok().or_else(|| chinese(digits))
}

fn chinese(digits: &str) -> Option<u32> {
    let (mut total, mut last) = (0u32, 0u32);
    for c in digits.chars() {
        match c {
            '十' => {
                total += last.max(1) * 10;
                last = 0;
            }
            '百' => {
                total += last.max(1) * 100;
                last = 0;
            }
            _ => {
                let digit = "零一二三四五六七八九".chars().position(|d| d == c)?;
                last = u32::try_from(digit).ok()?;
            }
        }
    }
    (!digits.is_empty()).then_some(total + last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::Forms;

    fn read(line: &str) -> Option<(Rank, Option<u32>, usize)> {
        number_of(line, &Forms::builtin().wording).map(|n| (n.rank, n.ordinal, n.len))
    }

    #[test]
    fn every_form_of_number_is_known() {
        assert_eq!(read("第二部分 决算说明"), Some((Rank::Part, Some(2), "第二部分 ".len())));
        assert_eq!(read("第3部分"), Some((Rank::Part, Some(3), "第3部分".len())));
        assert_eq!(read("十一、其他"), Some((Rank::Chapter, Some(11), "十一、".len())));
        assert_eq!(read("(二十三)收入"), Some((Rank::Clause, Some(23), "(二十三)".len())));
        assert_eq!(read("附件2"), Some((Rank::Annex, Some(2), "附件2".len())));
        assert_eq!(read("附件"), Some((Rank::Annex, None, "附件".len())));
        assert_eq!(read("1.基本支出"), Some((Rank::Item, Some(1), 2)));
        assert_eq!(read("(3)其他"), Some((Rank::Subitem, Some(3), 3)));
    }

    #[test]
    fn a_decimal_and_a_year_are_no_numbers_of_lines() {
        assert_eq!(read("1.5万元"), None);
        assert_eq!(read("2020年,收入"), None);
        assert_eq!(read("一般公共预算"), None);
    }
}
