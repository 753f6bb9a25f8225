//! How headings nest: the level of each and the one that holds it.
//!
//! Ranks of numbers decide, not styles, since one report mixes both: 第一部分 and 附件 are outermost, 一、 comes
//! below them, （一） below that. A list that begins again at 一、 inside an open 一、 is nested when the outer
//! numbers go on after it.

use super::heading::Heading;
use crate::forms::wording::Rank;

/// The place of one heading among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Depth, from 1.
    pub level: u32,
    /// Index of the heading that holds it.
    pub parent: Option<usize>,
}

/// Headings that are looked ahead to tell whether outer numbers go on.
const AHEAD: usize = 300;
/// Depth that no heading passes.
const DEEPEST: usize = 16;

/// Tells the places of headings, in order.
pub(super) fn nest(headings: &[Heading]) -> Vec<Place> {
    let mut open: Vec<usize> = Vec::new();
    let mut places: Vec<Place> = Vec::with_capacity(headings.len());
    for (at, heading) in headings.iter().enumerate() {
        let keep = holders(headings, at, heading, &open).min(DEEPEST - 1);
        open.truncate(keep);
        places.push(Place { level: level(keep), parent: open.last().copied() });
        if !heading.is_absent() {
            open.push(at);
        }
    }
    places
}

fn level(holders: usize) -> u32 {
    u32::try_from(holders + 1).unwrap_or(u32::MAX)
}

/// How many of the open headings hold the one at `at`.
fn holders(headings: &[Heading], at: usize, heading: &Heading, open: &[usize]) -> usize {
    let opened = |depth: usize| open.get(depth).and_then(|i| headings.get(*i));
    let Some(rank) = heading.rank else { return plain_holders(headings, heading, open) };
    if matches!(rank, Rank::Part | Rank::Annex) {
        return 0;
    }
    let peers: Vec<usize> = (0..open.len()).filter(|d| opened(*d).is_some_and(|h| h.rank == Some(rank))).collect();
    let continued = |d: &&usize| {
        let last = opened(**d).and_then(|h| h.ordinal);
        heading.ordinal.is_some() && last.map(|n| n + 1) == heading.ordinal
    };
    if let Some(depth) = peers.iter().rev().find(continued) {
        return *depth;
    }
    let holder = (0..open.len()).rev().find(|d| opened(*d).and_then(|h| h.rank).is_some_and(|r| r < rank));
    let below = holder.map_or(0, |d| d + 1);
    let inside = peers.last().copied().filter(|d| *d >= below);
    let Some(peer) = inside else { return first_of_rank(headings, rank, open, below) };
    let outer = opened(peer);
    let same_style = outer.is_some_and(|o| o.outline.is_some() && o.outline == heading.outline);
    let number = outer.and_then(|o| o.ordinal).unwrap_or(0);
    let nested = heading.ordinal == Some(1) && !same_style && outer_goes_on(headings, at, rank, number);
    if nested { open.len() } else { peer }
}

/// How many open headings stay open for the first of its rank below them: inner ranks close, plain ones stay.
fn first_of_rank(headings: &[Heading], rank: Rank, open: &[usize], below: usize) -> usize {
    let inner = |i: &usize| headings.get(*i).and_then(|h| h.rank).is_some_and(|r| r > rank);
    open.iter().skip(below).position(inner).map_or(open.len(), |at| below + at)
}

/// A heading without a number goes by its outline level; without that it is outermost.
fn plain_holders(headings: &[Heading], heading: &Heading, open: &[usize]) -> usize {
    let Some(outline) = heading.outline else { return 0 };
    let same_or_inner = |i: &usize| headings.get(*i).and_then(|h| h.outline).is_some_and(|o| o >= outline);
    open.iter().position(same_or_inner).unwrap_or(if outline == 0 { 0 } else { open.len() })
}

/// Whether, after a list that begins again at 1, the number that follows `outer` still comes.
fn outer_goes_on(headings: &[Heading], at: usize, rank: Rank, outer: u32) -> bool {
    let mut inner = 1;
    for heading in headings.iter().skip(at + 1).take(AHEAD) {
        if matches!(heading.rank, Some(Rank::Part | Rank::Annex)) {
            return false;
        }
        if heading.rank != Some(rank) {
            continue;
        }
        if heading.ordinal == Some(inner + 1) {
            inner += 1;
        } else if heading.ordinal == Some(outer + 1) {
            return true;
        } else {
            inner = heading.ordinal.unwrap_or(inner);
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::Forms;
    use crate::model::Role;
    use crate::structure::assemble::heading::{Evidence, find_headings};
    use crate::structure::assemble::specimen::flow;

    fn levels(spec: &str) -> Vec<(String, u32)> {
        let flow = flow(spec);
        let roles = vec![Role::Body; flow.items.len()];
        let found = find_headings(&flow.items, &roles, &Evidence::default(), &Forms::builtin().wording);
        let places = nest(&found);
        found.iter().zip(places).map(|(h, p)| (h.label.clone(), p.level)).collect()
    }

    fn expect(spec: &str, levels_wanted: &[u32]) {
        let found = levels(spec);
        assert_eq!(found.iter().map(|l| l.1).collect::<Vec<_>>(), levels_wanted, "{found:?}");
    }

    #[test]
    fn ranks_nest_below_parts_and_stand_alone_without_them() {
        expect("第一部分 概况\n一、职能\n（一）主要职能\n二、机构\n第二部分 说明\n一、收入", &[1, 2, 3, 2, 1, 2]);
        expect("一、概况\n（一）职能\n二、收入", &[1, 2, 1]);
    }

    #[test]
    fn a_list_that_begins_again_is_nested_when_the_outer_numbers_go_on() {
        expect(
            "第一部分 概况\n一、职能\n（一）职责\n（二）工作\n一、强化\n（一）首位\n（二）标杆\n二、服务\n（一）办文\n三、效率\n二、机构\n第二部分 说明",
            &[1, 2, 3, 3, 4, 5, 5, 4, 5, 4, 2, 1],
        );
    }

    #[test]
    fn a_new_list_that_nothing_follows_stands_where_the_old_one_stood() {
        expect("一、概况\n二、情况\n一、项目\n二、成效", &[1, 1, 1, 1]);
    }

    #[test]
    fn an_attachment_ends_every_open_heading() {
        expect("第四部分 附件\n一、说明\n附件1\n某局评价报告\n一、概况\n（一）机构", &[1, 2, 1, 2, 3]);
    }

    #[test]
    fn a_missing_number_keeps_its_rank() {
        expect("一、收入\n三、支出\n（一）基本\n（三）项目\n六、其他", &[1, 1, 2, 2, 1]);
    }
}
