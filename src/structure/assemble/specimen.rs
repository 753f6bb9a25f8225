//! Small flows for tests, written as text: one line a paragraph.
//!
//! `# ` before a line gives it outline level 0, `## ` level 1; `* ` makes it bold, `^ ` bold and centred,
//! `[一、] ` gives it that computed number, `| a | b |` is a row of a table (`a<3` spans three columns,
//! `a^2` two rows), and `~ 0` shows chart 0. Paragraphs count from 1, those of cells included.

use crate::model::{Anchor, Cell, Location};
use crate::structure::flow::{Flow, FlowParagraph, FlowTable, Item};

/// The part that all of a specimen stands in.
pub(in crate::structure) const PART: &str = "word/document.xml";

/// Reads a specimen.
pub(in crate::structure) fn flow(spec: &str) -> Flow {
    let mut flow = Flow::default();
    let mut number = 0;
    for line in spec.lines() {
        let row = line.strip_prefix('|').and_then(|l| l.strip_suffix('|'));
        let Some(row) = row else {
            number += 1;
            flow.items.push(Item::Paragraph(paragraph(line, number)));
            continue;
        };
        if !matches!(flow.items.last(), Some(Item::Table(_))) {
            flow.items.push(Item::Table(FlowTable::default()));
        }
        if let Some(Item::Table(table)) = flow.items.last_mut() {
            add_row(table, row, &mut number);
        }
    }
    flow
}

/// Reads one line of a specimen.
pub(in crate::structure) fn paragraph(line: &str, number: u32) -> FlowParagraph {
    let mut p = FlowParagraph { anchors: vec![anchor(number)], ..FlowParagraph::default() };
    let mut rest = line;
    if let Some(text) = rest.strip_prefix("# ") {
        (p.style.outline_level, rest) = (Some(0), text);
    } else if let Some(text) = rest.strip_prefix("## ") {
        (p.style.outline_level, rest) = (Some(1), text);
    }
    if let Some(text) = rest.strip_prefix("* ") {
        (p.style.bold, rest) = (true, text);
    } else if let Some(text) = rest.strip_prefix("^ ") {
        (p.style.bold, p.style.centred, rest) = (true, true, text);
    }
    if let Some((label, text)) = rest.strip_prefix('[').and_then(|r| r.split_once("] ")) {
        (p.label, rest) = (Some(label.to_owned()), text);
    }
    if let Some(chart) = rest.strip_prefix("~ ") {
        p.charts = vec![chart.parse().expect("a number of a chart")];
        rest = "";
    }
    rest.clone_into(&mut p.text);
    p
}

fn anchor(number: u32) -> Anchor {
    Anchor { location: Location::in_part(PART, number), ..Anchor::default() }
}

fn add_row(table: &mut FlowTable, row: &str, number: &mut u32) {
    let at = table.rows;
    let mut col = 0;
    for text in row.split('|') {
        while table.cells.iter().any(|c| c.covers(at, col)) {
            col += 1;
        }
        let text = text.trim();
        let (text, row_span) = text.split_once('^').map_or((text, 1), |(t, n)| (t, n.parse().expect("a span")));
        let (text, col_span) = text.split_once('<').map_or((text, 1), |(t, n)| (t, n.parse().expect("a span")));
        *number += 1;
        let location = Location::in_part(PART, *number);
        let text = text.replace("\\n", "\n");
        table.cells.push(Cell { row: at, col, row_span, col_span, text: text.clone(), location });
        let inner = FlowParagraph { text, anchors: vec![anchor(*number)], ..FlowParagraph::default() };
        table.paragraphs.push((at, col, inner));
        col += col_span;
    }
    table.rows += 1;
    table.cols = table.cols.max(col);
}
