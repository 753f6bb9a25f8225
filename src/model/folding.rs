//! Text in the spelling in which words are looked up, with the way back to what is printed.
//!
//! Full-width forms, compatibility characters (NFKC) and CJK radicals become what people type, zero-width
//! characters go, and white space is either kept within a line ([`fold_line`]) or dropped, since page layouts put
//! it between characters ([`fold`], [`fold_text`]). A text that is spelt so already is borrowed, not copied.
//! What words mean is not told here.

use std::borrow::Cow;
use std::cell::OnceCell;

use unicode_normalization::UnicodeNormalization;

/// A folded text that knows which printed character each of its bytes comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Folded<'t> {
    /// The folded text.
    pub text: Cow<'t, str>,
    printed: &'t str,
    blanks: Blanks,
    /// For each byte of `text` and its end, the index of the printed character; made when it is first asked for.
    origin: OnceCell<Vec<u32>>,
    /// For each printed character, the byte at which it stands; made when it is first asked for.
    starts: OnceCell<Vec<usize>>,
}

/// What becomes of white space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blanks {
    /// It stays within the text and goes at both ends.
    Within,
    /// It goes everywhere.
    Nowhere,
}

/// Folds a line, white space within it kept.
pub(crate) fn fold_line(printed: &str) -> Folded<'_> {
    Folded::new(printed, Blanks::Within)
}

/// Folds a text and drops all white space: `收 入 合 计 ２５万元` reads `收入合计25万元`.
pub(crate) fn fold(printed: &str) -> Folded<'_> {
    Folded::new(printed, Blanks::Nowhere)
}

/// Folds a text and drops all white space; the text alone.
#[must_use]
pub fn fold_text(printed: &str) -> Cow<'_, str> {
    respell(printed, Blanks::Nowhere)
}

/// A text without any white space, its characters as printed.
pub(crate) fn squeezed(text: &str) -> Cow<'_, str> {
    match text.find(char::is_whitespace) {
        Some(_) => Cow::Owned(text.chars().filter(|c| !c.is_whitespace()).collect()),
        None => Cow::Borrowed(text),
    }
}

/// A title as outline entries and headings are compared: folded, without white space and end mark.
pub(crate) fn comparable(title: &str) -> String {
    fold_text(title).trim_end_matches(['。', ':', '.']).to_owned()
}

/// A text with its ends trimmed and every run of white space made one blank.
pub(crate) fn tidied(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !tidy.is_empty() {
            tidy.push(' ');
        }
        tidy.push_str(word);
    }
    tidy
}

/// The characters `start..end` of a text.
pub(crate) fn cut(text: &str, start: u32, end: u32) -> &str {
    let mut bounds = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let from = bounds.nth(start as usize).unwrap_or(text.len());
    let more = end.saturating_sub(start) as usize;
    let to = more.checked_sub(1).map_or(from, |more| bounds.nth(more).unwrap_or(text.len()));
    text.get(from..to).unwrap_or_default()
}

impl<'t> Folded<'t> {
    fn new(printed: &'t str, blanks: Blanks) -> Self {
        let seen = match blanks {
            Blanks::Within => printed.trim_matches(is_blank),
            Blanks::Nowhere => printed,
        };
        Self { text: respell(seen, blanks), printed, blanks, origin: OnceCell::new(), starts: OnceCell::new() }
    }

    /// The printed character at which byte `at` of the folded text stands; for its end, the one behind the last.
    pub fn original(&self, at: usize) -> u32 {
        let origin = self.origin();
        origin.get(at).or(origin.last()).copied().unwrap_or(0)
    }

    /// The printed characters that bytes `from..to` of the folded text come from, the end excluded.
    pub fn span(&self, from: usize, to: usize) -> (u32, u32) {
        let start = self.original(from);
        let last = to.checked_sub(1).filter(|last| *last >= from).map(|last| self.original(last));
        (start, last.map_or(start, |last| last + 1))
    }

    /// The printed characters `start..end`, as [`cut`] gives them, for a text that is cut many times.
    pub fn printed(&self, start: u32, end: u32) -> &'t str {
        let starts = self.starts.get_or_init(|| self.printed.char_indices().map(|(at, _)| at).collect());
        let at = |index: u32| starts.get(index as usize).copied().unwrap_or(self.printed.len());
        self.printed.get(at(start)..at(end.max(start))).unwrap_or_default()
    }

    fn origin(&self) -> &[u32] {
        self.origin.get_or_init(|| {
            let mut origin = Vec::with_capacity(self.text.len() + 1);
            let (mut index, mut end) = (0, 0);
            for c in self.printed.chars() {
                let is_outside = is_blank(c) && origin.is_empty();
                if !is_outside && origin.len() < self.text.len() {
                    let before = origin.len();
                    respell_char(c, self.blanks, |plain| origin.resize(origin.len() + plain.len_utf8(), index));
                    end = if origin.len() > before { index + 1 } else { end };
                }
                index += 1;
            }
            origin.push(end);
            origin
        })
    }
}

fn respell(text: &str, blanks: Blanks) -> Cow<'_, str> {
    let mut folded = String::new();
    // What is plain is copied run by run, not character by character.
    let mut rest = text;
    while let Some((at, c)) = rest.char_indices().find(|(_, c)| !is_plain(*c, blanks)) {
        if folded.is_empty() {
            folded.reserve(text.len());
        }
        let (run, behind) = rest.split_at(at);
        folded.push_str(run);
        respell_char(c, blanks, |plain| folded.push(plain));
        rest = behind.get(c.len_utf8()..).unwrap_or_default();
    }
    if rest.len() == text.len() {
        return Cow::Borrowed(text);
    }
    folded.push_str(rest);
    Cow::Owned(folded)
}

/// Gives the characters that one printed character folds to; the common ones go the short way.
fn respell_char(c: char, blanks: Blanks, mut take: impl FnMut(char)) {
    match c {
        c if is_plain(c, blanks) => take(c),
        '\u{FF01}'..='\u{FF5E}' => take(char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)),
        c if is_ignorable(c) => {}
        c if c.is_whitespace() => {
            if blanks == Blanks::Within {
                take(if c.is_ascii() { c } else { ' ' });
            }
        }
        c => std::iter::once(c)
            .nfkc()
            .map(radical)
            .filter(|c| blanks == Blanks::Within || !c.is_whitespace())
            .for_each(take),
    }
}

/// Characters that fold to themselves, most of a Chinese text among them.
fn is_plain(c: char, blanks: Blanks) -> bool {
    match c {
        '!'..='~'
        | '\u{4E00}'..='\u{9FFF}'
        | '。'
        | '、'
        | '“'
        | '”'
        | '‘'
        | '’'
        | '《'
        | '》'
        | '〈'
        | '〉'
        | '—'
        | '·' => true,
        c => c.is_ascii() && (blanks == Blanks::Within || !c.is_whitespace()),
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_ignorable(c)
}

/// Zero-width characters, which justify lines or mark byte order.
fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{00AD}')
}

/// Folds a radical (U+2E80–2FD5) or a compatibility ideograph (U+F900–FAFF, U+2F800–2FA1F) to the character that
/// people type, and leaves every other character alone: full-width digits and punctuation stay as they are printed.
#[must_use]
pub fn fold_radical(c: char) -> char {
    match c {
        '\u{2F00}'..='\u{2FD5}' | '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}' => c.nfkc().next().unwrap_or(c),
        '\u{2E80}'..='\u{2EFF}' => radical(c),
        _ => c,
    }
}

/// The character that a CJK radical of U+2E80–2EFF stands for, where PDF fonts are known to deliver it.
fn radical(c: char) -> char {
    match c {
        '⺁' => '厂',
        '⺟' => '母',
        '⺠' => '民',
        '⺬' => '示',
        '⺮' => '竹',
        '⻁' => '虎',
        '⻄' => '西',
        '⻅' => '见',
        '⻆' => '角',
        '⻉' => '贝',
        '⻋' => '车',
        '⻓' => '长',
        '⻔' => '门',
        '⻘' => '青',
        '⻙' => '韦',
        '⻚' => '页',
        '⻛' => '风',
        '⻜' => '飞',
        '⻝' => '食',
        '⻢' => '马',
        '⻣' => '骨',
        '⻤' => '鬼',
        '⻥' => '鱼',
        '⻦' => '鸟',
        '⻧' => '卤',
        '⻨' => '麦',
        '⻩' => '黄',
        '⻬' => '齐',
        '⻮' => '齿',
        '⻰' => '龙',
        '⻳' => '龟',
        '⼾' => '户',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_place_in_the_folded_line_leads_back_to_the_printed_one() {
        let line = "　（一）收入：";
        let folded = fold_line(line);
        assert_eq!(folded.text, "(一)收入:");
        let end = folded.text.find('收').expect("there");
        assert_eq!(cut(line, folded.original(0), folded.original(end)), "（一）");
        assert_eq!(folded.original(folded.text.len()), 7);
    }

    #[test]
    fn one_character_that_folds_to_several_keeps_its_place() {
        let folded = fold_line("㈠表…");
        assert_eq!(folded.text, "(一)表...");
        assert_eq!(folded.original("(一)".len()), 1);
        assert_eq!(folded.original("(一)表.".len()), 2);
        assert_eq!(folded.span(0, folded.text.len()), (0, 3));
    }

    #[test]
    fn a_line_keeps_its_inner_blanks_and_loses_its_ends() {
        let folded = fold_line(" 收\u{3000}入 \u{200B}");
        assert_eq!(folded.text, "收 入");
        assert_eq!((folded.original(0), folded.original(folded.text.len())), (1, 4));
        let blank = fold_line(" \u{3000}\t");
        assert_eq!((&*blank.text, blank.original(0)), ("", 0));
    }

    #[test]
    fn spaces_between_letters_vanish_and_places_stay() {
        let printed = "合 计１２．５ 万 元";
        let folded = fold(printed);
        assert_eq!(folded.text, "合计12.5万元");
        let at = folded.text.find("12.5").expect("the number");
        assert_eq!(folded.span(at, at + 4), (3, 7));
        assert_eq!(cut(printed, 3, 7), "１２．５");
    }

    #[test]
    fn a_text_that_is_plain_already_is_not_copied() {
        assert!(matches!(fold_text("一般公共预算财政拨款支出25.30万元。"), Cow::Borrowed(_)));
        assert!(matches!(fold_line(" 一、收入 支出 ").text, Cow::Borrowed("一、收入 支出")));
        assert!(matches!(squeezed("收入"), Cow::Borrowed(_)));
    }

    #[test]
    fn radicals_fold_to_characters() {
        assert_eq!(fold_text("部⻔⻋辆"), "部门车辆");
        assert_eq!("⼯⻔１：".chars().map(fold_radical).collect::<String>(), "工门１：");
    }

    #[test]
    fn a_cut_beyond_the_text_ends_with_it() {
        assert_eq!((cut("收入", 1, 9), cut("收入", 5, 9), cut("收入", 1, 1), cut("收入", 1, 0)), ("入", "", "", ""));
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,40}") {
            let once = fold_text(&text);
            prop_assert_eq!(fold_text(&once), once.clone());
            prop_assert!(!once.contains(char::is_whitespace));
        }

        #[test]
        fn places_go_up_and_stay_in_the_text(text in "[ \u{3000}（收１㈠…a\u{200B}⻔]{0,12}") {
            for folded in [fold(&text), fold_line(&text)] {
                let places: Vec<u32> = (0..=folded.text.len()).map(|at| folded.original(at)).collect();
                prop_assert!(places.is_sorted());
                prop_assert!(places.iter().all(|at| *at as usize <= text.chars().count()));
                let (start, end) = folded.span(0, folded.text.len());
                prop_assert_eq!(fold(cut(&text, start, end)).text, fold(&text).text);
            }
        }
    }
}
