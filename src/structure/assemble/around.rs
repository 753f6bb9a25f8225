//! The lines above and below a table: its title, code, unit and other captions, and its notes.

use super::caption::{CaptionLine, is_table_title, read_caption};
use super::number::number_of;
use crate::forms::wording::Wording;
use crate::model::{Role, cut, fold_line, tidied};
use crate::structure::flow::{FlowParagraph, Item};

/// What the lines around a grid, or the rows peeled off it, say about it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Surroundings {
    /// Title as printed, its subtitle joined to it.
    pub title: Option<String>,
    /// Code of the form.
    pub code: Option<String>,
    /// Word of the unit.
    pub unit: Option<String>,
    /// Other captions, in order.
    pub captions: Vec<String>,
    /// Notes, in order.
    pub footnotes: Vec<String>,
    /// A line that goes on with a title that has not come yet.
    subtitle: Option<String>,
}

/// Filled lines above a table that are looked at.
const ABOVE: usize = 6;
/// Filled lines below a table that are looked at.
const BELOW: usize = 6;

impl Surroundings {
    /// Takes a line that stands above all lines taken before.
    pub(super) fn take_above(&mut self, line: CaptionLine) {
        let title = line
            .title
            .map(|t| format!("{t}{}", line.subtitle.as_deref().or(self.subtitle.as_deref()).unwrap_or_default()));
        self.title = self.title.take().or(title);
        self.subtitle = self.subtitle.take().or(line.subtitle);
        self.code = self.code.take().or(line.code);
        self.unit = self.unit.take().or(line.unit);
        self.captions.splice(0..0, line.others);
    }

    /// A subtitle that has no title.
    pub(super) fn subtitle_alone(&self) -> Option<&str> {
        self.subtitle.as_deref().filter(|_| self.title.is_none())
    }

    /// Adds what is known from lines further out.
    pub(super) fn or(mut self, outer: Self) -> Self {
        self.title = self.title.or(outer.title);
        self.code = self.code.or(outer.code);
        self.unit = self.unit.or(outer.unit);
        self.captions.splice(0..0, outer.captions);
        self.footnotes.extend(outer.footnotes);
        self
    }
}

/// Reads the captions above the table at `at` and gives their lines the role [`Role::Caption`].
pub(super) fn read_above(items: &[Item], roles: &mut [Role], at: usize, wording: &Wording) -> Surroundings {
    let mut found = Surroundings::default();
    let mut filled = 0;
    let mut rest = String::new();
    for above in (0..at).rev() {
        let Some(Item::Paragraph(p)) = items.get(above) else { break };
        if p.text.trim().is_empty() || matches!(roles.get(above), Some(Role::Running | Role::Footnote)) {
            continue;
        }
        filled += 1;
        if filled > ABOVE || roles.get(above) != Some(&Role::Body) {
            break;
        }
        if let Some(title) = numbered_title(p, wording) {
            found.title = found.title.or(Some(title));
            break;
        }
        let text = format!("{}{rest}", p.text);
        rest.clear();
        if line_above(items, roles, above).is_some_and(|before| goes_on(before, &text, wording)) {
            rest = text;
            set(roles, above, Role::Caption);
            continue;
        }
        let Some(line) = read_caption(&text, wording).filter(|_| p.style.outline_level.is_none()) else { break };
        if found.title.is_some() && (line.title.is_some() || !line.is_labelled()) {
            break;
        }
        found.take_above(line);
        set(roles, above, Role::Caption);
    }
    found
}

/// The filled line right above a line, where it is running text.
fn line_above<'i>(items: &'i [Item], roles: &[Role], at: usize) -> Option<&'i str> {
    let mut above = (0..at).rev().filter_map(|i| match items.get(i) {
        Some(Item::Paragraph(p)) if p.text.trim().is_empty() => None,
        Some(Item::Paragraph(p)) if roles.get(i) == Some(&Role::Body) => Some(Some(p.text.as_str())),
        _ => Some(None),
    });
    above.next()?
}

/// Whether a line only goes on with the one above it: the end of a title that was too long for its line, or what a
/// label such as 部门： was parted from.
fn goes_on(above: &str, line: &str, wording: &Wording) -> bool {
    let (before, folded) = (fold_line(above), fold_line(line));
    let joined = read_caption(&format!("{above}{line}"), wording);
    let Some(joined) = joined.filter(|_| read_caption(above, wording).is_none_or(|c| c.title.is_none())) else {
        return false;
    };
    let is_label = before.text.ends_with(':') && wording.captions.label.is_match(&before.text);
    let is_value = is_label && read_caption(line, wording).is_none() && !folded.text.contains([',', ':', ';']);
    let is_cut = wording.captions.end.is_match(&folded.text) || wording.captions.open_end.is_match(&before.text);
    is_value || (is_cut && joined.title.is_some() && !joined.is_labelled())
}

/// The title that a numbered or styled heading above a table gives it; the heading stays a heading.
fn numbered_title(p: &FlowParagraph, wording: &Wording) -> Option<String> {
    let folded = fold_line(&p.text);
    let number = number_of(&folded.text, wording).filter(|n| n.heads);
    if number.is_none() && p.label.is_none() && p.style.outline_level.is_none() {
        return None;
    }
    let from = number.map_or(0, |n| n.len);
    let words = folded.text.get(from..)?.trim();
    let printed = cut(&p.text, folded.original(from), folded.original(folded.text.len()));
    is_table_title(words, wording).then(|| tidied(printed))
}

/// Reads the notes below the table at `at` and gives their lines the role [`Role::Caption`].
pub(super) fn read_below(items: &[Item], roles: &mut [Role], at: usize, wording: &Wording) -> Vec<String> {
    let mut notes = Vec::new();
    let mut filled = 0;
    for below in at + 1..items.len() {
        let Some(Item::Paragraph(p)) = items.get(below) else { break };
        if p.text.trim().is_empty() || roles.get(below) == Some(&Role::Running) {
            continue;
        }
        filled += 1;
        let is_note = roles.get(below) == Some(&Role::Body) && wording.captions.note.is_match(&fold_line(&p.text).text);
        if filled > BELOW || !is_note {
            break;
        }
        notes.push(tidied(&p.text));
        set(roles, below, Role::Caption);
    }
    notes
}

fn set(roles: &mut [Role], at: usize, role: Role) {
    if let Some(slot) = roles.get_mut(at) {
        *slot = role;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::Forms;
    use crate::structure::assemble::specimen::flow;

    fn around(spec: &str) -> (Surroundings, Vec<usize>) {
        let flow = flow(spec);
        let mut roles = vec![Role::Body; flow.items.len()];
        let wording = &Forms::builtin().wording;
        let at = flow.items.iter().position(|i| matches!(i, Item::Table(_))).expect("a table");
        let mut found = read_above(&flow.items, &mut roles, at, wording);
        found.footnotes = read_below(&flow.items, &mut roles, at, wording);
        let claimed = (0..roles.len()).filter(|i| roles[*i] == Role::Caption).collect();
        (found, claimed)
    }

    #[test]
    fn the_value_of_a_label_may_be_a_line_of_its_own() {
        let (found, claimed) = around("收入预算总表\n公开表二\n部门：\n某某局办公室\n单位：万元\n| 项目 | 金额 |");
        assert_eq!((found.title.as_deref(), found.code.as_deref()), (Some("收入预算总表"), Some("公开表二")));
        assert_eq!((found.captions, claimed.len()), (vec!["部门：某某局办公室".to_owned()], 5));
        let (found, claimed) = around("收入预算总表\n以下是说明\n某某局办公室\n单位：万元\n| 项目 | 金额 |");
        assert_eq!((found.title, claimed.len()), (None, 1), "without a label above it, it is a sentence");
    }

    #[test]
    fn title_code_and_unit_stand_above_and_notes_below() {
        let (found, claimed) = around(
            "本表如下，共一张。\n公开01表\n收入支出决算总表\n\n部门：某局　单位：万元\n| 项目 | 金额 |\n注：本表反映收支。\n后文。",
        );
        assert_eq!(found.title.as_deref(), Some("收入支出决算总表"));
        assert_eq!((found.code.as_deref(), found.unit.as_deref()), (Some("公开01表"), Some("万元")));
        assert_eq!((found.captions, found.footnotes), (vec!["部门：某局".into()], vec!["注：本表反映收支。".into()]));
        assert_eq!(claimed, [1, 2, 4, 6]);
    }

    #[test]
    fn a_year_below_the_title_is_joined_to_it() {
        let (found, _) = around("项目支出绩效目标表\n（2021年度）\n| 项目 | 金额 |");
        assert_eq!(found.title.as_deref(), Some("项目支出绩效目标表（2021年度）"));
    }

    #[test]
    fn a_numbered_heading_gives_a_title_but_stays_a_heading() {
        let (found, claimed) = around("二、收入预算总表\n单位：万元\n| 项目 | 金额 |");
        assert_eq!(found.title.as_deref(), Some("收入预算总表"));
        assert_eq!(claimed, [1]);
    }

    #[test]
    fn a_title_of_two_lines_is_one_and_a_label_keeps_what_stands_apart_from_it() {
        let (found, _) = around("公开表二\n某市重点项目绩效目\n标表\n部门：\n某市某局\n单位：万元\n| 项目 | 金额 |");
        assert_eq!(found.title.as_deref(), Some("某市重点项目绩效目标表"));
        assert_eq!(found.captions, ["部门：某市某局"]);
        let (found, _) = around("一般公共预算支出明细表（按功能科\n目，不含上年结转）\n| 项目 | 金额 |");
        assert_eq!(found.title.as_deref(), Some("一般公共预算支出明细表（按功能科目，不含上年结转）"));
        let (found, _) = around("甲市乙局“三公”经费及\n会议费、培训费支出预算表\n单位：元\n| 项目 | 金额 |");
        assert_eq!(found.title.as_deref(), Some("甲市乙局“三公”经费及会议费、培训费支出预算表"));
        let (found, _) = around("前面是一句话。\n收支表\n| 项目 | 金额 |");
        assert_eq!(found.title.as_deref(), Some("收支表"));
    }

    #[test]
    fn prose_above_a_table_is_left_alone() {
        let (found, claimed) = around("收入决算表\n收入比上年增加，主要是项目增加。\n| 项目 | 金额 |");
        assert_eq!((found.title, claimed), (None, vec![]));
    }
}
