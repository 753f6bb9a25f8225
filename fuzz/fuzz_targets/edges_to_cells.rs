//! Any rules: edges and grids come of them within the limits, each position is covered once, and the order in
//! which the rules come changes nothing.
#![no_main]

use juesuan::limits::Limits;
use juesuan::model::Rule;
use juesuan::structure::page::edges::rules_to_edges;
use juesuan::structure::page::grid::edges_to_grids;
use libfuzzer_sys::fuzz_target;

/// Four bytes are a rule: where it begins, how long it is, and which way it runs.
fn rule(bytes: &[u8]) -> Option<Rule> {
    let &[x, y, length, way] = bytes else { return None };
    let (x, y, length) = (f64::from(x) * 2.0, f64::from(y) * 2.0, f64::from(length) * 2.0);
    let to = if way % 2 == 0 { (x + length, y) } else { (x, y + length) };
    Some(Rule { from: (x, y), to, fill_edge: way % 4 > 1 })
}

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { cells: 20_000, ..Limits::default() };
    let rules: Vec<Rule> = bytes.chunks_exact(4).take(400).filter_map(rule).collect();
    let Ok(grids) = edges_to_grids(&rules_to_edges(&rules), &limits) else { return };
    for grid in &grids {
        let mut covered = vec![false; grid.rows() * grid.cols()];
        for cell in &grid.cells {
            for row in cell.row..cell.row + cell.row_span {
                for col in cell.col..cell.col + cell.col_span {
                    let position = &mut covered[row * grid.cols() + col];
                    assert!(!*position, "a position is covered twice");
                    *position = true;
                }
            }
        }
    }
    let reversed: Vec<Rule> = rules.into_iter().rev().collect();
    let again = edges_to_grids(&rules_to_edges(&reversed), &limits).expect("the same rules");
    let cells =
        |grids: &[juesuan::structure::page::grid::Grid]| grids.iter().map(|g| g.cells.clone()).collect::<Vec<_>>();
    assert_eq!(cells(&grids), cells(&again));
});
