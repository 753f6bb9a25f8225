//! Tables of contents that are typed as plain lines, or run over the page on which they were told: where they
//! begin and end. What a reader marked already stays marked.

use super::number::number_of;
use crate::forms::wording::{Rank, Wording};
use crate::model::{Role, fold_line, squeezed};
use crate::structure::flow::{FlowParagraph, Item};

/// Lines that one table of contents may have.
const LONGEST: usize = 400;
/// Characters of its longest line.
const WIDEST: usize = 60;

/// A line below the title of a table of contents.
struct Entry {
    item: usize,
    key: String,
    rank: Option<(Rank, Option<u32>)>,
    paged: bool,
    styled: bool,
    told: bool,
}

/// Gives the role [`Role::Toc`] to the lines of tables of contents.
pub(super) fn mark_toc(items: &[Item], roles: &mut [Role], wording: &Wording) {
    let mut at = 0;
    while at < items.len() {
        if is_toc_title(items.get(at), roles.get(at).copied(), wording) {
            let entries = entries_after(items, roles, at, wording);
            let count = length(&entries);
            set(roles, at);
            for entry in entries.iter().take(count).filter(|e| e.paged || e.rank.is_some()) {
                set(roles, entry.item);
            }
            at = entries.get(count.saturating_sub(1)).filter(|_| count > 0).map_or(at, |e| e.item);
        } else if body_line(items, roles, at).is_some_and(|p| is_paged(p, wording)) {
            set(roles, at);
        }
        at += 1;
    }
}

fn set(roles: &mut [Role], at: usize) {
    if let Some(role) = roles.get_mut(at) {
        *role = Role::Toc;
    }
}

fn body_line<'f>(items: &'f [Item], roles: &[Role], at: usize) -> Option<&'f FlowParagraph> {
    match items.get(at)? {
        Item::Paragraph(p) if roles.get(at) == Some(&Role::Body) => Some(p),
        _ => None,
    }
}

fn is_toc_title(item: Option<&Item>, role: Option<Role>, wording: &Wording) -> bool {
    let (Some(Item::Paragraph(p)), Some(Role::Body | Role::Toc)) = (item, role) else { return false };
    p.text.chars().take(12).count() < 12 && wording.headings.toc_title.is_match(&fold_line(&p.text).text)
}

fn is_paged(p: &FlowParagraph, wording: &Wording) -> bool {
    p.text.chars().take(2 * WIDEST).count() < 2 * WIDEST
        && wording.headings.toc_entry.is_match(&fold_line(&p.text).text)
}

/// Short lines after a title, up to the first that cannot be an entry.
fn entries_after(items: &[Item], roles: &[Role], title: usize, wording: &Wording) -> Vec<Entry> {
    let mut entries = Vec::new();
    for item in title + 1..items.len().min(title + LONGEST) {
        let Some(Item::Paragraph(p)) = items.get(item) else { break };
        let told = roles.get(item) == Some(&Role::Toc);
        if p.text.trim().is_empty() || !(told || roles.get(item) == Some(&Role::Body)) {
            continue;
        }
        let paged = is_paged(p, wording);
        if !paged && !told && (p.text.chars().count() > WIDEST || p.text.contains('。')) {
            break;
        }
        entries.push(Entry { told, ..entry(item, p, paged, wording) });
    }
    entries
}

fn entry(item: usize, p: &FlowParagraph, paged: bool, wording: &Wording) -> Entry {
    let label = p.label.as_deref().unwrap_or_default();
    let line = format!("{label}{}", p.text);
    let folded = fold_line(&line).text;
    let end = wording.headings.toc_entry.find(&folded).map_or(folded.len(), |m| m.start());
    let key = squeezed(folded.get(..end).unwrap_or(&folded)).into_owned();
    let rank = number_of(&folded, wording).map(|n| (n.rank, n.ordinal));
    Entry { item, key, rank, paged, styled: p.style.outline_level.is_some(), told: false }
}

/// How many lines belong to the table of contents: up to where its first entry comes again as a heading.
fn length(entries: &[Entry]) -> usize {
    let Some(first) = entries.iter().position(|e| e.rank.is_some() || e.paged) else { return 0 };
    let Some(opening) = entries.get(first) else { return 0 };
    if let Some(last) = entries.iter().rposition(|e| e.paged) {
        return last + 1;
    }
    let told = entries.iter().rposition(|e| e.told).map_or(0, |last| last + 1);
    let later = || entries.iter().enumerate().skip(told.max(first + 1));
    let again = later().find(|(_, e)| e.styled || e.key == opening.key || is_same_part(e, opening));
    let restart = || later().find(|(_, e)| e.rank.is_some() && e.rank == opening.rank);
    if told > 0 {
        return again.map_or(told, |(at, _)| at);
    }
    again.or_else(restart).map_or(0, |(at, _)| at)
}

fn is_same_part(a: &Entry, b: &Entry) -> bool {
    matches!(a.rank, Some((Rank::Part, _))) && a.rank == b.rank
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::Forms;
    use crate::structure::assemble::specimen::flow;

    fn toc_lines(spec: &str) -> Vec<bool> {
        let flow = flow(spec);
        let mut roles = vec![Role::Body; flow.items.len()];
        mark_toc(&flow.items, &mut roles, &Forms::builtin().wording);
        roles.iter().map(|r| *r == Role::Toc).collect()
    }

    #[test]
    fn a_typed_table_of_contents_ends_where_its_first_entry_comes_again() {
        let spec =
            "某局\n目 录\n公开时间：2021年11月\n第一部分 概况\n一、职能\n第二部分 说明\n第一部分 部门概况\n一、职能";
        assert_eq!(toc_lines(spec), [false, true, false, true, true, true, false, false]);
    }

    #[test]
    fn lines_with_page_numbers_need_no_title() {
        assert_eq!(toc_lines("一、职能............3\n二、机构\t4\n一、职能"), [true, true, false]);
    }

    #[test]
    fn lines_that_the_reader_marked_are_all_there_is() {
        let flow = flow("目录\n一、职能\n# 一、职能\n## （一）职责");
        let mut roles = [Role::Body, Role::Toc, Role::Body, Role::Body];
        mark_toc(&flow.items, &mut roles, &Forms::builtin().wording);
        assert_eq!(roles, [Role::Toc, Role::Toc, Role::Body, Role::Body]);
    }

    #[test]
    fn a_table_of_contents_may_run_over_the_page_on_which_it_was_told() {
        let flow = flow("目录\n第一部分 概况\n第二部分 附表\n一、收入表\n第一部分 概况");
        let mut roles = [Role::Toc, Role::Toc, Role::Toc, Role::Body, Role::Body];
        mark_toc(&flow.items, &mut roles, &Forms::builtin().wording);
        assert_eq!(roles, [Role::Toc, Role::Toc, Role::Toc, Role::Toc, Role::Body]);
    }

    #[test]
    fn a_title_without_entries_takes_nothing_with_it() {
        assert_eq!(toc_lines("目录\n本局负责全市的规划工作。\n一、职能"), [true, false, false]);
    }
}
