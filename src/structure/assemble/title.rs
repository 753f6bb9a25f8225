//! How far the title of a heading reaches in its line, and whether words can be a title at all.

/// Characters of a title that runs into its text, ended by a full stop or by a colon.
const RUN_IN: [usize; 2] = [30, 20];

/// How far a title reaches; byte offsets into the line behind its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// The whole line is one title, its end mark aside.
    Line {
        /// End of the title.
        end: usize,
    },
    /// The first sentence is the title and text follows in the same paragraph.
    RunIn {
        /// End of the title.
        end: usize,
        /// Start of the text.
        next: usize,
    },
}

/// Tells how far the title of a folded line reaches.
pub(super) fn reach(body: &str) -> Reach {
    let words = body.trim_end_matches(|c: char| matches!(c, '。' | ':' | ';' | ',') || c.is_whitespace());
    let full_stop = words.find('。');
    let colon = words.find(':').filter(|at| full_stop.is_none_or(|stop| *at < stop) && is_short_label(words, *at));
    match colon.or(full_stop) {
        Some(end) => {
            let mark = words.get(end..).and_then(|r| r.chars().next()).map_or(0, char::len_utf8);
            Reach::RunIn { end, next: end + mark }
        }
        None => Reach::Line { end: words.len() },
    }
}

/// Whether what stands before a colon is short enough to be a title of its own.
fn is_short_label(words: &str, colon: usize) -> bool {
    words.get(..colon).is_some_and(|w| w.chars().count() <= RUN_IN[1] && !w.contains([',', ';']))
}

/// Whether words can be a title of at most `longest` characters.
pub(super) fn is_title(words: &str, longest: usize) -> bool {
    let words = words.trim();
    let count = words.chars().take(longest + 1).count();
    count >= 1
        && count <= longest
        && !words.contains([';', '。'])
        && words.matches(',').count() <= 2
        && has_words(words)
}

/// Whether the first sentence of a paragraph can be its title; `mark` is what ends it.
pub(super) fn is_run_in(words: &str, mark: &str) -> bool {
    let colon = mark.starts_with(':');
    let longest = RUN_IN[usize::from(colon)];
    is_title(words, longest) && words.matches(',').count() <= usize::from(!colon) && words.trim().chars().count() >= 2
}

/// Whether a line breaks off in the middle of a list or sentence.
pub(super) fn ends_open(body: &str) -> bool {
    body.trim_end().ends_with([';', ','])
}

fn has_words(words: &str) -> bool {
    words.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title_of(body: &str) -> (&str, bool) {
        match reach(body) {
            Reach::Line { end } => (&body[..end], false),
            Reach::RunIn { end, .. } => (&body[..end], true),
        }
    }

    #[test]
    fn an_end_mark_is_no_part_of_a_title() {
        assert_eq!(title_of("主要职能。"), ("主要职能", false));
        assert_eq!(title_of("机构设置: "), ("机构设置", false));
    }

    #[test]
    fn a_first_sentence_with_text_behind_it_runs_in() {
        assert_eq!(title_of("评价结论。总体较好。"), ("评价结论", true));
        assert_eq!(title_of("总体情况:收入增加,支出减少。"), ("总体情况", true));
    }

    #[test]
    fn a_colon_far_into_a_sentence_ends_no_title() {
        let body = "围绕中心工作,加强统筹协调,重点做好以下事项:一是调研。二是督查。";
        assert!(title_of(body).0.ends_with("一是调研"), "{:?}", title_of(body));
    }

    #[test]
    fn a_long_sentence_with_many_clauses_is_no_title() {
        assert!(!is_run_in("负责日常文书,督促检查工作,办理来信", "。"));
        assert!(is_run_in("下足功夫,着力规范办文", "。"));
        assert!(!is_title("12.5", 40));
    }
}
