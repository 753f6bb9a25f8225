//! Rules become edges: told apart by direction, snapped to common positions, and joined where they meet.
//!
//! The first steps of the road that Nurminen (2013) describes and pdfplumber walks. Positions are in points;
//! the order in which the rules come changes nothing.

use crate::model::{Points, Rule};

/// How far apart two edges may be and still be one line as a person sees it.
pub const TOLERANCE: Points = 3.0;

/// A straight upright line: `at` is its x or y, `from` and `to` are its ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// x of a vertical edge, y of a horizontal one.
    pub at: Points,
    /// The smaller end.
    pub from: Points,
    /// The greater end.
    pub to: Points,
}

/// The edges of a page by direction.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Edges {
    /// Vertical edges.
    pub vertical: Vec<Edge>,
    /// Horizontal edges.
    pub horizontal: Vec<Edge>,
}

impl Edge {
    /// Length in points.
    #[must_use]
    pub fn length(&self) -> Points {
        self.to - self.from
    }
}

/// Takes rules to the edges of tables: by direction, snapped, joined, and none too short to matter.
#[must_use]
pub fn rules_to_edges(rules: &[Rule]) -> Edges {
    let Edges { vertical, horizontal } = split_by_direction(rules);
    Edges { vertical: mend(vertical), horizontal: mend(horizontal) }
}

fn mend(edges: Vec<Edge>) -> Vec<Edge> {
    let mut edges = join_edges(snap_edges(edges));
    edges.retain(|e| e.length() >= TOLERANCE);
    edges
}

/// Tells vertical from horizontal rules; a dot counts as both, since rows of dots make lines either way.
fn split_by_direction(rules: &[Rule]) -> Edges {
    let mut edges = Edges::default();
    for rule in rules {
        let (width, height) = (rule.to.0 - rule.from.0, rule.to.1 - rule.from.1);
        let is_dot = width < TOLERANCE && height < TOLERANCE;
        if height > width || is_dot {
            let at = f64::midpoint(rule.from.0, rule.to.0);
            edges.vertical.push(Edge { at, from: rule.from.1, to: rule.to.1 });
        }
        if width >= height || is_dot {
            let at = f64::midpoint(rule.from.1, rule.to.1);
            edges.horizontal.push(Edge { at, from: rule.from.0, to: rule.to.0 });
        }
    }
    edges
}

/// Moves parallel edges that lie within [`TOLERANCE`] of one another to their mean position. Idempotent.
#[must_use]
pub fn snap_edges(mut edges: Vec<Edge>) -> Vec<Edge> {
    edges.sort_by(order);
    for near in edges.chunk_by_mut(|a, b| b.at - a.at <= TOLERANCE) {
        let mean = mean_position(near);
        for edge in near {
            edge.at = mean;
        }
    }
    edges.sort_by(order);
    edges
}

fn order(a: &Edge, b: &Edge) -> std::cmp::Ordering {
    a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)).then(a.to.total_cmp(&b.to))
}

/// The mean of sorted edges; exactly theirs when they already agree.
fn mean_position(edges: &[Edge]) -> Points {
    let (Some(first), Some(last)) = (edges.first(), edges.last()) else { return 0.0 };
    let sum: f64 = edges.iter().map(|e| e.at).sum();
    (sum / edges.len() as f64).clamp(first.at, last.at)
}

/// Joins edges of one position whose ends lie within [`TOLERANCE`].
#[must_use]
pub fn join_edges(mut edges: Vec<Edge>) -> Vec<Edge> {
    edges.sort_by(order);
    let mut joined: Vec<Edge> = Vec::with_capacity(edges.len());
    for edge in edges {
        match joined.last_mut() {
            #[allow(clippy::float_cmp)] // snapped edges agree exactly
            Some(last) if last.at == edge.at && edge.from <= last.to + TOLERANCE => last.to = last.to.max(edge.to),
            _ => joined.push(edge),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn edges() -> impl Strategy<Value = Vec<Edge>> {
        let edge =
            (0.0..200.0, 0.0..200.0, 0.0..50.0).prop_map(|(at, from, length)| Edge { at, from, to: from + length });
        prop::collection::vec(edge, 0..40)
    }

    #[test]
    fn a_double_rule_is_one_edge_and_a_dotted_one_too() {
        let line = |y, x0, x1| Rule { from: (x0, y), to: (x1, y), fill_edge: false };
        let mut rules = vec![line(10.0, 0.0, 50.0), line(12.0, 0.0, 50.0)];
        rules.extend((0..20).map(|i| line(40.0, f64::from(i) * 2.5, f64::from(i) * 2.5 + 1.0)));
        let edges = rules_to_edges(&rules);
        assert!(edges.vertical.is_empty());
        assert_eq!(edges.horizontal.iter().map(|e| e.at).collect::<Vec<_>>(), [11.0, 40.0]);
    }

    proptest! {
        #[test]
        fn snapping_is_idempotent(edges in edges()) {
            let once = snap_edges(edges);
            prop_assert_eq!(snap_edges(once.clone()), once);
        }

        #[test]
        fn joining_is_idempotent(edges in edges()) {
            let once = join_edges(snap_edges(edges));
            prop_assert_eq!(join_edges(once.clone()), once);
        }
    }
}
