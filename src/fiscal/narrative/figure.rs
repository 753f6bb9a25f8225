//! Where the figures of a paragraph stand: numbers with their units, which of them patterns have taken, and the words
//! before each. What a figure means is not told here.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::{Match, Regex};

use crate::forms::narrative::{NUMBER, UNIT};
use crate::model::Unit;

static FIGURE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!("(?:{NUMBER})(?:{UNIT})?")).ok());

/// A figure in running text.
pub(super) struct Figure<'t> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) number: &'t str,
    pub(super) unit: Option<Unit>,
}

/// The figures of a text: numbers with a unit, or with decimals; no years, dates, codes and list numbers.
pub(super) fn figures(text: &str) -> Vec<Figure<'_>> {
    let Some(pattern) = FIGURE.as_ref() else { return Vec::new() };
    let figure = |found: Match<'_>| {
        // Slower to ask for as groups: no character of a number stands in a unit.
        let number = found.as_str().trim_end_matches(|c: char| !c.is_numeric());
        let unit = Unit::parse(found.as_str().get(number.len()..)?);
        let (start, end) = (found.start(), found.end());
        let after = text.get(end..).unwrap_or("");
        let before = text.get(..start).unwrap_or("");
        let is_threshold = after.starts_with("以上") || after.starts_with("(含)") || after.starts_with("以下");
        let is_fraction = unit.is_some() || number.contains('.');
        let in_word = before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '(' || c == '-');
        let is_name = before.ends_with('(') && after.starts_with(')');
        let is_code = is_name || (in_word && unit.is_none());
        let keep = is_fraction && !is_threshold && !is_code;
        let number = text.get(start..start + number.len())?;
        keep.then_some(Figure { start, end, number, unit })
    };
    pattern.find_iter(text).filter_map(figure).collect()
}

/// Bytes of a paragraph that patterns have taken; no two runs overlap.
#[derive(Debug, Default)]
pub(super) struct Claimed(BTreeMap<usize, usize>);

impl Claimed {
    /// Whether a run shares a byte with one that is taken.
    pub(super) fn holds(&self, start: usize, end: usize) -> bool {
        self.0.range(..end).next_back().is_some_and(|(_, taken)| start < *taken)
    }

    pub(super) fn take(&mut self, start: usize, end: usize) {
        self.0.insert(start, end);
    }
}

/// Words further before a figure than so many bytes tell nothing of it.
const MAX_GAP: usize = 8 << 10;

/// The end of a gap, no longer than [`MAX_GAP`].
pub(super) fn last_words(gap: &str) -> &str {
    let from = gap.len().saturating_sub(MAX_GAP);
    gap.get(gap.ceil_char_boundary(from)..).unwrap_or(gap)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_held_where_it_shares_a_byte_with_one_that_is_taken() {
        let mut claimed = Claimed::default();
        claimed.take(10, 20);
        claimed.take(30, 40);
        assert!(claimed.holds(19, 25) && claimed.holds(5, 11) && claimed.holds(0, 99) && claimed.holds(33, 34));
        assert!(!claimed.holds(20, 30) && !claimed.holds(0, 10) && !claimed.holds(40, 50));
    }

    #[test]
    fn only_the_last_words_before_a_figure_are_read() {
        let gap = "收".repeat(MAX_GAP);
        assert!(last_words(&gap).len() <= MAX_GAP && last_words(&gap).len() > MAX_GAP - 3);
        assert_eq!(last_words("收入"), "收入");
    }

    #[test]
    fn a_figure_is_a_number_with_its_unit() {
        let told: Vec<_> = figures("收入1,278.50万元,占3%,共12人").iter().map(|f| (f.number, f.unit)).collect();
        assert_eq!(told, [("1,278.50", Some(Unit::TenThousandYuan)), ("3", Some(Unit::Percent))]);
    }
}
