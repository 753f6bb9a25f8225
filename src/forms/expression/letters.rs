//! Which letters a text holds, and which a match of a regular expression must hold, so that most expressions are
//! ruled out without a search: a sentence without 因 and 公 holds no 因公出国. Both are sets of hashed letters: a
//! set may say that a letter is there when it is not, never the reverse.

use regex_syntax::hir::{Class, Hir, HirKind};

const WORDS: usize = 8;

/// A set of letters, each one bit of 512.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Letters([u64; WORDS]);

impl Letters {
    /// The letters of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut letters = Self::default();
        text.chars().for_each(|c| letters.add(c));
        letters
    }

    fn add(&mut self, letter: char) {
        // Fibonacci hashing: the high bits of the product are well mixed.
        let bit = (u32::from(letter).wrapping_mul(0x9E37_79B1) >> 23) as usize;
        if let Some(word) = self.0.get_mut(bit / 64) {
            *word |= 1 << (bit % 64);
        }
    }

    fn holds(&self, others: &Self) -> bool {
        self.0.iter().zip(&others.0).all(|(own, other)| own & other == *other)
    }

    fn joined(mut self, other: &Self) -> Self {
        self.0.iter_mut().zip(&other.0).for_each(|(own, other)| *own |= other);
        self
    }

    fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }
}

/// Sets of letters, one of which every match holds; `None` where nothing can be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Required(Option<Vec<Letters>>);

/// More alternatives than this cost more to try than they save.
const MAX_SETS: usize = 48;

impl Required {
    /// What a match of the expression must hold.
    pub(super) fn by(expression: &str) -> Self {
        Self(regex_syntax::parse(expression).ok().and_then(|hir| sets(&hir)))
    }

    /// Whether a text of these letters may hold a match.
    pub(super) fn may_be_in(&self, letters: &Letters) -> bool {
        self.0.as_ref().is_none_or(|sets| sets.iter().any(|set| letters.holds(set)))
    }
}

/// The parser bounds the depth of what it returns.
fn sets(hir: &Hir) -> Option<Vec<Letters>> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => None,
        HirKind::Literal(literal) => std::str::from_utf8(&literal.0).ok().map(|text| vec![Letters::of(text)]),
        HirKind::Class(class) => sets_of_class(class),
        HirKind::Repetition(repetition) if repetition.min == 0 => None,
        HirKind::Repetition(repetition) => sets(&repetition.sub),
        HirKind::Capture(capture) => sets(&capture.sub),
        HirKind::Concat(parts) => parts.iter().filter_map(sets).reduce(|a, b| both(&a, &b)),
        HirKind::Alternation(ways) => {
            let all = ways.iter().map(sets).collect::<Option<Vec<_>>>()?.concat();
            (all.len() <= MAX_SETS).then_some(all)
        }
    }
}

fn sets_of_class(class: &Class) -> Option<Vec<Letters>> {
    let Class::Unicode(class) = class else { return None };
    let letters = || class.iter().flat_map(|range| range.start()..=range.end());
    // Any digit will do, and most texts hold one.
    if letters().take(MAX_SETS).all(|letter| letter.is_ascii_digit()) {
        return None;
    }
    (letters().take(MAX_SETS + 1).count() <= MAX_SETS / 4)
        .then(|| letters().map(|letter| Letters::of(letter.encode_utf8(&mut [0; 4]))).collect())
}

/// What two parts of a match require together; where that is too many sets, what the choosier part requires.
fn both(a: &[Letters], b: &[Letters]) -> Vec<Letters> {
    if a.len() * b.len() <= MAX_SETS {
        return a.iter().flat_map(|a| b.iter().map(|b| a.joined(b))).collect();
    }
    let fewest = |sets: &[Letters]| sets.iter().map(Letters::count).min().unwrap_or(0);
    let choosier = (fewest(a), std::cmp::Reverse(a.len())) >= (fewest(b), std::cmp::Reverse(b.len()));
    if choosier { a.to_vec() } else { b.to_vec() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn may(expression: &str, text: &str) -> bool {
        Required::by(expression).may_be_in(&Letters::of(text))
    }

    #[test]
    fn a_text_without_the_letters_of_an_expression_is_ruled_out() {
        assert!(!may("因公出国.*费", "公务接待费12.5万元"));
        assert!(may("因公出国.*费", "因公出国(境)费用为0"));
        assert!(!may("(?:增加|增长|上升)了?", "与上年持平"));
        assert!(may("(?:增加|增长|上升)了?", "比上年增长"));
    }

    #[test]
    fn what_may_be_left_out_is_not_asked_for() {
        assert!(may("(?:本年)?收入", "收入"));
        assert!(may("支出?收*", "支"));
        assert!(may(r"\d+", ""), "a class of many letters says nothing");
        assert!(may("收入|", ""), "one way is empty");
        assert!(may("收入(", "支出"), "what is no expression rules nothing out");
    }

    /// Parts of expressions.
    const PARTS: &[&str] =
        &["收", "支出", "(?:本年)?", "[^。]{0,3}?", "费用?", "[收支]", "年{2}", "(?:收入|支出)+", r"\d"];

    proptest! {
        #[test]
        fn a_text_that_matches_is_never_ruled_out(
            ways in prop::collection::vec(prop::collection::vec(prop::sample::select(PARTS), 1..4), 1..4),
            text in "[收支出本年费用。0-9]{0,12}",
        ) {
            let ways: Vec<String> = ways.iter().map(|parts| parts.concat()).collect();
            let expression = format!("(?:{})收?", ways.join("|"));
            let regex = regex::Regex::new(&expression).expect("an expression");
            prop_assert!(!regex.is_match(&text) || may(&expression, &text), "{expression} in {text}");
        }
    }
}
