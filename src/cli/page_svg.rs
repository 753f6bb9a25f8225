//! A page as SVG: what was seen on it and what every step of table finding made of it, a layer a step.
//!
//! The page lies on the left in points, the legend with the counts of each layer on the right. A layer is a
//! `<g>` with an id, so that an editor or a browser can show it alone; what a box is stands in its `<title>`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::model::{Anchor, Cell, Location, Page, PageLine, Points, Rect, Role};
use crate::structure::flow::{Flow, FlowParagraph, FlowTable, Item};
use crate::structure::page::cells::PageTable;
use crate::structure::page::edges::{Edge, Edges};
use crate::structure::page::grid::Grid;
use crate::structure::page::steps::PageSteps;

/// Width of the legend, in points.
const LEGEND: Points = 190.0;
/// Height of a line of the legend, in points.
const LEGEND_LINE: Points = 16.0;

/// A page and what was made of it.
pub(super) struct Drawn<'a> {
    /// What the page paints.
    pub(super) page: &'a Page,
    /// How its tables were found.
    pub(super) steps: &'a PageSteps,
    /// The flow of the whole document, which knows tables and paragraphs over pages.
    pub(super) flow: &'a Flow,
}

/// One layer: its id, its colour, what the legend says of it, and what is drawn.
struct Layer {
    id: &'static str,
    colour: &'static str,
    words: &'static str,
    shapes: Vec<String>,
}

/// Draws the page with its layers and their legend.
pub(super) fn page_to_svg(drawn: &Drawn<'_>) -> String {
    let layers = layers(drawn);
    let (width, height) = (drawn.page.width, drawn.page.height);
    let height = height.max(LEGEND_LINE * (layers.len() as f64 + 3.0));
    let whole = width + LEGEND;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{whole:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {whole:.2} {height:.2}\" font-family=\"Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, sans-serif\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    for layer in &layers {
        let (id, colour) = (layer.id, layer.colour);
        let _ = writeln!(svg, "<g id=\"{id}\" stroke=\"{colour}\" fill=\"none\" stroke-width=\"0.6\">");
        layer.shapes.iter().for_each(|shape| svg.extend([shape.as_str(), "\n"]));
        svg.push_str("</g>\n");
    }
    svg.push_str(&legend(drawn.page.number, width, &layers));
    svg.push_str("</svg>\n");
    svg
}

/// The layers in the order of the steps, the later ones above.
fn layers(drawn: &Drawn<'_>) -> Vec<Layer> {
    let Drawn { page, steps, flow } = drawn;
    let layer = |id, colour, words, shapes| Layer { id, colour, words, shapes };
    let tables = &steps.parts.tables;
    vec![
        layer("images", "#bbb", "images", page.images.iter().map(|r| area(r, "", "fill=\"#f4f4f4\"")).collect()),
        layer("glyphs", "#ccc", "glyphs", glyphs(page, false)),
        layer("hidden", "#e88", "glyphs that no one sees", glyphs(page, true)),
        layer("rules", "#999", "lines and edges of areas", rules(page)),
        layer("edges", "#e6821e", "edges, snapped and joined", edges(&steps.edges)),
        layer("imagined", "#c8a000", "edges of aligned words", edges(&steps.imagined)),
        layer("grids", "#9ad0f5", "lines of grids", grids(steps)),
        layer("intersections", "#d02020", "corners of cells", corners(steps)),
        layer("cells", "#1f6fd0", "cells", cells(tables, false)),
        layer("merged", "#7b2fbf", "merged cells", cells(tables, true)),
        layer("tables", "#0a8f4d", "tables, as joined over pages", flow_tables(flow, page.number)),
        layer("paragraphs", "#00897b", "paragraphs by role", paragraphs(flow, page.number)),
        layer("running", "#b0893b", "running text, left out", running(drawn)),
    ]
}

fn legend(number: u32, left: Points, layers: &[Layer]) -> String {
    let x = left + 12.0;
    let mut svg =
        format!("<g id=\"legend\" font-size=\"9\"><text x=\"{x:.1}\" y=\"20\" font-size=\"11\">page {number}</text>\n");
    let mut y = 20.0;
    for Layer { colour, words, shapes, .. } in layers {
        y += LEGEND_LINE;
        let (text_x, box_y, count) = (x + 16.0, y - 7.0, shapes.len());
        let _ = writeln!(
            svg,
            "<rect x=\"{x:.1}\" y=\"{box_y:.1}\" width=\"10\" height=\"8\" fill=\"{colour}\"/><text x=\"{text_x:.1}\" y=\"{y:.1}\">{words}: {count}</text>"
        );
    }
    svg.push_str("</g>\n");
    svg
}

/// A box with a title that a browser shows under the pointer.
fn area(rect: &Rect, title: &str, style: &str) -> String {
    let (x, y, width, height) = (rect.x0, rect.y0, rect.width().max(0.0), rect.height().max(0.0));
    let title = if title.is_empty() { String::new() } else { format!("<title>{}</title>", escaped(title)) };
    format!("<rect x=\"{x:.2}\" y=\"{y:.2}\" width=\"{width:.2}\" height=\"{height:.2}\" {style}>{title}</rect>")
}

fn line((x1, y1): (Points, Points), (x2, y2): (Points, Points), style: &str) -> String {
    format!("<line x1=\"{x1:.2}\" y1=\"{y1:.2}\" x2=\"{x2:.2}\" y2=\"{y2:.2}\" {style}/>")
}

fn label(x: Points, y: Points, size: Points, text: &str) -> String {
    let text = escaped(text);
    format!("<text x=\"{x:.2}\" y=\"{y:.2}\" font-size=\"{size:.1}\" stroke=\"none\" fill=\"#444\">{text}</text>")
}

/// Text that cannot end its element and holds no character that XML forbids.
fn escaped(text: &str) -> String {
    let is_allowed = |c: &char| !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}');
    let text: String = text.chars().filter(is_allowed).collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn glyphs(page: &Page, hidden: bool) -> Vec<String> {
    let seen = page.glyphs.iter().filter(|g| g.hidden == hidden && !g.c.is_whitespace());
    let draw = |g: &crate::model::Glyph| {
        let mut shape = area(&g.rect, "", "stroke-width=\"0.2\"");
        shape.push_str(&label(g.rect.x0, g.baseline, g.size, g.c.encode_utf8(&mut [0; 4])));
        shape
    };
    seen.map(draw).collect()
}

fn rules(page: &Page) -> Vec<String> {
    let style = |is_fill: bool| if is_fill { "stroke-dasharray=\"2 1\"" } else { "stroke-width=\"1.4\"" };
    page.rules.iter().map(|r| line(r.from, r.to, style(r.fill_edge))).collect()
}

fn edges(edges: &Edges) -> Vec<String> {
    let vertical = |e: &Edge| line((e.at, e.from), (e.at, e.to), "");
    let horizontal = |e: &Edge| line((e.from, e.at), (e.to, e.at), "");
    edges.vertical.iter().map(vertical).chain(edges.horizontal.iter().map(horizontal)).collect()
}

fn all_grids(steps: &PageSteps) -> impl Iterator<Item = &Grid> {
    steps.grids.iter().chain(&steps.imagined_grids)
}

/// The lines of each grid over its whole area, a path a grid.
fn grids(steps: &PageSteps) -> Vec<String> {
    let draw = |grid: &Grid| {
        let Rect { x0, y0, x1, y1 } = grid.rect();
        let mut path = String::new();
        grid.xs.iter().for_each(|x| path.extend([format!("M{x:.2} {y0:.2}V{y1:.2}")]));
        grid.ys.iter().for_each(|y| path.extend([format!("M{x0:.2} {y:.2}H{x1:.2}")]));
        format!("<path d=\"{path}\" stroke-dasharray=\"1 3\"/>")
    };
    all_grids(steps).map(draw).collect()
}

/// The corners of the cells: the intersections that count.
fn corners(steps: &PageSteps) -> Vec<String> {
    let draw = |grid: &Grid| {
        let at = |lines: &[Points], i: usize| lines.get(i).copied().unwrap_or_default();
        let ends = |c: &crate::structure::page::grid::GridCell| {
            let (right, below) = (c.col + c.col_span, c.row + c.row_span);
            [(c.col, c.row), (right, c.row), (c.col, below), (right, below)]
        };
        let corners: BTreeSet<(usize, usize)> = grid.cells.iter().flat_map(ends).collect();
        let dot = |(col, row): (usize, usize)| {
            let (x, y) = (at(&grid.xs, col), at(&grid.ys, row));
            format!("<circle cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"1.2\"/>")
        };
        corners.into_iter().map(dot).collect::<Vec<_>>()
    };
    all_grids(steps).flat_map(draw).collect()
}

/// The cells with their place, those that cover one position or those that cover several.
fn cells(tables: &[PageTable], merged: bool) -> Vec<String> {
    let is_merged = |c: &&Cell| (c.row_span * c.col_span > 1) == merged;
    let draw = |c: &Cell| {
        let rect = c.location.bbox?;
        let span = if merged { format!(" {}×{}", c.row_span, c.col_span) } else { String::new() };
        let place = format!("r{}c{}{span}", c.row, c.col);
        let fill =
            if merged { "fill=\"#7b2fbf\" fill-opacity=\"0.08\"" } else { "fill=\"#1f6fd0\" fill-opacity=\"0.04\"" };
        let title = format!("{place}: {}", c.text);
        Some(area(&rect, &title, fill) + &label(rect.x0 + 1.0, rect.y0 + 4.0, 3.5, &place))
    };
    tables.iter().flat_map(|t| &t.cells).filter(is_merged).filter_map(draw).collect()
}

/// The parts of tables on this page, numbered over the document, and which part of how many they are.
fn flow_tables(flow: &Flow, page: u32) -> Vec<String> {
    let tables = flow.items.iter().filter_map(|i| if let Item::Table(t) = i { Some(t) } else { None });
    let parts = |(number, table): (usize, &FlowTable)| {
        let of = table.locations.len();
        let here = table.locations.iter().enumerate().filter(|(_, l)| l.page == Some(page)).collect::<Vec<_>>();
        let draw = |(part, place): (usize, &Location)| {
            let rect = place.bbox?;
            let size = format!("{} rows × {} columns", table.rows, table.cols);
            let words = format!("table {}, part {} of {of}, {size}", number + 1, part + 1);
            Some(area(&rect, &words, "stroke-width=\"1.6\"") + &label(rect.x0, rect.y0 - 2.0, 6.0, &words))
        };
        here.into_iter().filter_map(draw).collect::<Vec<_>>()
    };
    tables.enumerate().flat_map(parts).collect()
}

fn on_page(anchor: &Anchor, page: u32) -> bool {
    anchor.location.page == Some(page)
}

/// The paragraphs of the flow that stand on this page, each line of them, coloured by role.
fn paragraphs(flow: &Flow, page: u32) -> Vec<String> {
    let paragraphs = flow.items.iter().filter_map(|i| if let Item::Paragraph(p) = i { Some(p) } else { None });
    let draw = |paragraph: &FlowParagraph| {
        let lines = paragraph.anchors.iter().filter(|a| on_page(a, page));
        let rects = lines.filter_map(|a| a.location.bbox);
        let rect = rects.reduce(|a, b| a.union(&b))?;
        let style = match paragraph.role {
            Role::Toc => "stroke-dasharray=\"3 2\"",
            Role::Running => "stroke-dasharray=\"1 2\"",
            _ => "",
        };
        let title = format!("{:?}: {}", paragraph.role, paragraph.text);
        let role = format!("{:?}", paragraph.role).to_lowercase();
        Some(area(&rect, &title, style) + &label(rect.x0 - 20.0, rect.y1, 4.0, &role))
    };
    paragraphs.filter_map(draw).collect()
}

/// Lines of the page that no paragraph of the flow holds.
fn running(drawn: &Drawn<'_>) -> Vec<String> {
    let number = drawn.page.number;
    let kept: Vec<Rect> = (drawn.flow.items.iter())
        .filter_map(|i| if let Item::Paragraph(p) = i { Some(p) } else { None })
        .flat_map(|p| p.anchors.iter().filter(|a| on_page(a, number)))
        .filter_map(|a| a.location.bbox)
        .collect();
    let is_kept = |l: &&PageLine| kept.iter().any(|k| Location::on_page(number, l.rect).bbox == Some(*k));
    let left_out = drawn.steps.parts.lines.iter().filter(|l| !is_kept(l));
    left_out.map(|l| area(&l.rect, &l.text, "fill=\"#b0893b\" fill-opacity=\"0.15\"")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_page_cannot_leave_its_element() {
        assert_eq!(escaped("</title>\u{1b}&\""), "&lt;/title&gt;&amp;&quot;");
    }
}
