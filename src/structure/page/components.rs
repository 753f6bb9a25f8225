//! Which edges belong together: those that touch, directly or through others, make up one table.
//!
//! A sweep down the page finds the intersections; borders that a table leaves out are added from where its
//! inner edges end, and the sides of cells that fill a page are found by their length.

use std::collections::{BTreeMap, BTreeSet};

use super::edges::{Edge, Edges, TOLERANCE};
use crate::error::Result;
use crate::limits::Limits;
use crate::model::Points;

/// Groups edges that touch, directly or through others; a lone edge is no group.
///
/// Where a merged cell fills a whole page, its sides touch no horizontal edge: vertical edges that are as long
/// as a group is high belong to it.
///
/// # Errors
/// When there are more intersections than [`Limits::cells`].
pub fn edges_to_components(edges: &Edges, limits: &Limits) -> Result<Vec<Edges>> {
    let verticals = edges.vertical.len();
    let mut sets = Sets::new(verticals + edges.horizontal.len());
    let mut found = 0;
    sweep_intersections(edges, |vertical, horizontal| {
        sets.join(vertical, verticals + horizontal);
        found += 1;
        Limits::check("the number of intersections of rules", "cells", found, limits.cells)
    })?;
    let mut components: BTreeMap<usize, Edges> = BTreeMap::new();
    for (index, edge) in edges.vertical.iter().enumerate() {
        components.entry(sets.root(index)).or_default().vertical.push(*edge);
    }
    for (index, edge) in edges.horizontal.iter().enumerate() {
        components.entry(sets.root(verticals + index)).or_default().horizontal.push(*edge);
    }
    let (mut groups, lone): (Vec<Edges>, Vec<Edges>) =
        components.into_values().partition(|c| !c.vertical.is_empty() && !c.horizontal.is_empty());
    let heights: Vec<(Points, Points)> = groups.iter().map(height_of).collect();
    for edge in lone.iter().flat_map(|c| &c.vertical) {
        let is_as_high =
            |h: &(Points, Points)| (h.0 - edge.from).abs() <= TOLERANCE && (h.1 - edge.to).abs() <= TOLERANCE;
        if let Some(group) = heights.iter().position(is_as_high).and_then(|i| groups.get_mut(i)) {
            group.vertical.push(*edge);
        }
    }
    Ok(groups)
}

/// The ends of the vertical edges of a group.
fn height_of(group: &Edges) -> (Points, Points) {
    let top = group.vertical.iter().map(|e| e.from).fold(f64::INFINITY, f64::min);
    let bottom = group.vertical.iter().map(|e| e.to).fold(f64::NEG_INFINITY, f64::max);
    (top, bottom)
}

/// Calls `meet` for every pair of a vertical and a horizontal edge that touch, in a sweep down the page.
fn sweep_intersections(edges: &Edges, mut meet: impl FnMut(usize, usize) -> Result<()>) -> Result<()> {
    let mut xs: Vec<Points> = edges.vertical.iter().map(|e| e.at).collect();
    xs.sort_by(f64::total_cmp);
    xs.dedup();
    let column = |x: Points| xs.partition_point(|&at| at < x);
    let mut events: Vec<(Points, u8, usize)> = Vec::new();
    for (index, edge) in edges.vertical.iter().enumerate() {
        events.push((edge.from - TOLERANCE, 0, index));
        events.push((edge.to + TOLERANCE, 2, index));
    }
    events.extend(edges.horizontal.iter().enumerate().map(|(index, edge)| (edge.at, 1, index)));
    events.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut open: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (_, kind, index) in events {
        match (kind, edges.vertical.get(index), edges.horizontal.get(index)) {
            (0, Some(edge), _) => drop(open.insert((column(edge.at), index))),
            (2, Some(edge), _) => drop(open.remove(&(column(edge.at), index))),
            (1, _, Some(edge)) => {
                let (first, last) = (column(edge.from - TOLERANCE), column(edge.to + TOLERANCE));
                for &(_, vertical) in open.range((first, 0)..(last, 0)) {
                    meet(vertical, index)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Adds the outer borders that a table does not draw, where its inner edges run out past the last line. Where borders
/// are missing either way they meet in the corners.
pub(super) fn close_open_sides(component: &mut Edges) {
    let mut sides = missing_borders(&component.horizontal, &component.vertical);
    let mut ends = missing_borders(&component.vertical, &component.horizontal);
    let corners = (sides.clone(), ends.clone());
    for side in &mut sides {
        reach_out(side, &corners.1);
    }
    for end in &mut ends {
        reach_out(end, &corners.0);
    }
    component.vertical.extend(sides);
    component.horizontal.extend(ends);
}

/// Lengthens an edge to the outermost of those that lie across it.
fn reach_out(edge: &mut Edge, across: &[Edge]) {
    for other in across {
        edge.from = edge.from.min(other.at);
        edge.to = edge.to.max(other.at);
    }
}

/// The borders at which at least two of the `running` edges end, beyond all of the `crossing` ones.
fn missing_borders(running: &[Edge], crossing: &[Edge]) -> Vec<Edge> {
    let first = crossing.iter().map(|e| e.at).fold(f64::INFINITY, f64::min);
    let last = crossing.iter().map(|e| e.at).fold(f64::NEG_INFINITY, f64::max);
    let before = running.iter().map(|e| (e.from, e.at)).filter(|e| e.0 < first - 2.0 * TOLERANCE);
    let after = running.iter().map(|e| (-e.to, e.at)).filter(|e| -e.0 > last + 2.0 * TOLERANCE);
    let near = border_of_ends(before.collect());
    let far = border_of_ends(after.collect()).map(|e| Edge { at: -e.at, ..e });
    near.into_iter().chain(far).collect()
}

/// A border through the outermost ends that agree, as `(end, position)` pairs.
fn border_of_ends(mut ends: Vec<(Points, Points)>) -> Option<Edge> {
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let aligned = ends.chunk_by(|a, b| b.0 - a.0 <= TOLERANCE).find(|group| group.len() >= 2)?;
    let at = aligned.first()?.0;
    let from = aligned.iter().map(|e| e.1).fold(f64::INFINITY, f64::min);
    let to = aligned.iter().map(|e| e.1).fold(f64::NEG_INFINITY, f64::max);
    Some(Edge { at, from, to })
}

/// Disjoint sets of numbers (Tarjan 1975), with path halving.
pub(super) struct Sets(Vec<usize>);

impl Sets {
    /// That many sets of one.
    pub(super) fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn parent(&self, member: usize) -> usize {
        self.0.get(member).copied().unwrap_or(member)
    }

    /// The number that stands for the set of `member`.
    pub(super) fn root(&mut self, mut member: usize) -> usize {
        while self.parent(member) != member {
            let grandparent = self.parent(self.parent(member));
            if let Some(parent) = self.0.get_mut(member) {
                *parent = grandparent;
            }
            member = grandparent;
        }
        member
    }

    /// Unites two sets under the smaller root, so that the result does not depend on the order.
    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(parent) = self.0.get_mut(a.max(b)) {
            *parent = a.min(b);
        }
    }
}
