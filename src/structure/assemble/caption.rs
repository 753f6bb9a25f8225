//! What a single line near a table says: title, unit, form code, or another caption such as 部门：….

use crate::forms::wording::Wording;
use crate::model::{cut, fold_line, tidied};

/// The parts of one caption line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct CaptionLine {
    /// Title as printed.
    pub title: Option<String>,
    /// Code of the form as printed.
    pub code: Option<String>,
    /// Word of the unit.
    pub unit: Option<String>,
    /// The year, or words in brackets, that go on with the title above.
    pub subtitle: Option<String>,
    /// Everything else that belongs between title and grid.
    pub others: Vec<String>,
}

/// Characters of the longest caption line.
const LONGEST: usize = 120;
/// Characters of the longest title.
const LONGEST_TITLE: usize = 70;

/// Reads a line as caption of a table; `None` when it is anything else.
pub(super) fn read_caption(line: &str, wording: &Wording) -> Option<CaptionLine> {
    if line.chars().take(LONGEST + 1).count() > LONGEST {
        return None;
    }
    let folded = fold_line(line);
    if folded.text.is_empty() || folded.text.contains('。') {
        return None;
    }
    let mut found = CaptionLine::default();
    let unit = wording.captions.unit.captures(&folded.text);
    let unit_at = unit.as_ref().and_then(|u| u.get(0)).map_or(folded.text.len()..folded.text.len(), |m| m.range());
    found.unit = unit.and_then(|u| u.get(1)).map(|m| m.as_str().split_whitespace().collect());
    let mut strange = Vec::new();
    for piece in [0..unit_at.start, unit_at.end..folded.text.len()] {
        for (start, end) in split_codes(&folded.text, piece, wording) {
            let printed = tidied(cut(line, folded.original(start), folded.original(end)));
            let words = folded.text.get(start..end).unwrap_or_default().trim();
            let printed = printed.trim_start_matches([':', '：']).trim_start().to_owned();
            let words = words.trim_start_matches(':').trim_start();
            strange.extend(found.take(words, printed, wording));
        }
    }
    let known = found != CaptionLine::default();
    found.others.extend(strange.iter().filter(|s| !s.is_empty()).cloned());
    let labelled = found.unit.is_some() || found.code.is_some() || found.others.len() > strange.len();
    (known && (strange.is_empty() || labelled)).then_some(found)
}

impl CaptionLine {
    /// Takes a piece of a line; gives it back when it is nothing known.
    fn take(&mut self, words: &str, printed: String, wording: &Wording) -> Option<String> {
        let captions = &wording.captions;
        if words.is_empty() {
            return None;
        }
        let code = captions.code.find(words).filter(|c| c.end() == words.len());
        if code.is_some() && self.code.is_none() {
            self.code = Some(printed);
        } else if captions.label.is_match(words) {
            self.others.push(printed);
        } else if captions.subtitle.is_match(words) {
            self.subtitle = Some(printed);
        } else if self.title.is_none() && is_table_title(words, wording) {
            self.title = Some(printed);
        } else {
            return Some(printed);
        }
        None
    }

    /// Whether the line holds more than a title.
    pub(super) fn is_labelled(&self) -> bool {
        self.code.is_some() || self.unit.is_some() || !self.others.is_empty()
    }
}

/// Whether folded words are worded as the title of a table.
pub(super) fn is_table_title(words: &str, wording: &Wording) -> bool {
    let captions = &wording.captions;
    words.chars().count() <= LONGEST_TITLE
        && !words.contains(['。', ';', ':', '!', '?'])
        && !captions.pointer.is_match(words)
        && captions.title.is_match(words)
}

/// Cuts a form code off the start of a piece, or off its end, where it is a word of its own.
fn split_codes(text: &str, piece: std::ops::Range<usize>, wording: &Wording) -> Vec<(usize, usize)> {
    let Some(words) = text.get(piece.clone()) else { return Vec::new() };
    let from = piece.start + (words.len() - words.trim_start().len());
    let to = piece.start + words.trim_end().len();
    if from >= to {
        return Vec::new();
    }
    let words = text.get(from..to).unwrap_or_default();
    let code = |at: usize| wording.captions.code.find(words.get(at..)?).map(|m| (at, at + m.end()));
    if let Some((_, end)) = code(0).filter(|(_, end)| is_code_end(words, *end)) {
        return vec![(from, from + end), (from + end, to)];
    }
    let starts = words.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(i, c)| i + c.len_utf8());
    match starts.filter_map(code).find(|(_, end)| is_code_end(words, *end)) {
        Some((start, end)) => vec![(from, from + start), (from + start, from + end), (from + end, to)],
        None => vec![(from, to)],
    }
}

/// Whether a code may end here: 表1 of 表1收支总表 does, 表一 of 表一般 does not.
fn is_code_end(words: &str, end: usize) -> bool {
    let rest = words.get(end..).unwrap_or_default();
    !rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '般' | '中' | '明' | '列' | '反'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::Forms;

    fn read(line: &str) -> CaptionLine {
        read_caption(line, &Forms::builtin().wording).expect("a caption")
    }

    fn is_caption(line: &str) -> bool {
        read_caption(line, &Forms::builtin().wording).is_some()
    }

    #[test]
    fn one_line_may_hold_body_code_and_unit() {
        let line = read("部门：某某局　公开02表　金额单位：万元");
        assert_eq!(line.others, ["部门：某某局"]);
        assert_eq!((line.code.as_deref(), line.unit.as_deref()), (Some("公开02表"), Some("万元")));
    }

    #[test]
    fn a_code_before_the_title_is_cut_off() {
        let line = read("预算01表 收支总表");
        assert_eq!((line.code.as_deref(), line.title.as_deref()), (Some("预算01表"), Some("收支总表")));
        let line = read("表1：年度绩效指标表");
        assert_eq!((line.code.as_deref(), line.title.as_deref()), (Some("表1"), Some("年度绩效指标表")));
        let line = read("表一般公共预算支出表");
        assert_eq!((line.code, line.title.as_deref()), (None, Some("表一般公共预算支出表")));
    }

    #[test]
    fn codes_of_many_provinces_are_known() {
        for code in ["公开表5", "表1", "附表3", "财决01-1表", "部门公开表1", "单位预算01表", "表一"]
        {
            assert_eq!(read(code).code.as_deref(), Some(code));
        }
    }

    #[test]
    fn a_unit_in_the_sense_of_a_body_is_no_unit_of_money() {
        let line = read("单位：某某中心");
        assert_eq!((line.unit, line.others), (None, vec!["单位：某某中心".to_owned()]));
        assert_eq!(read("单位：万").unit.as_deref(), Some("万"));
        assert_eq!(read("单位：万盛区某局").unit, None);
        assert_eq!(read("单位：人民币 元").unit.as_deref(), Some("人民币元"));
    }

    #[test]
    fn titles_may_say_that_they_go_on_and_what_year_they_are_of() {
        assert_eq!(read("收入决算表（续）").title.as_deref(), Some("收入决算表（续）"));
        assert_eq!(
            read("部门整体支出绩效目标表（2026年度）").title.as_deref(),
            Some("部门整体支出绩效目标表（2026年度）")
        );
        assert_eq!(read("（2026年度）").subtitle.as_deref(), Some("（2026年度）"));
    }

    #[test]
    fn sentences_and_pointers_are_no_captions() {
        assert!(!is_caption("具体情况见下表"));
        assert!(!is_caption("本局决算由以下部分构成"));
        assert!(!is_caption("项目支出情况详见附表。"));
        assert!(!is_caption(""));
    }
}
