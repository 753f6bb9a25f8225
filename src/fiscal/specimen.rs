//! Small documents for tests, written as text: cells between `|`, `<` joins a cell to its left neighbour, `^` to the
//! one above.

use crate::forms::Forms;
use crate::limits::{Deadline, Limits};
use crate::model::{Anchor, Cell, Content, Fact, Location, Paragraph, Role, Section, Table};

use super::{Reading, read_figures};

/// A table of a document.
pub(super) fn table(title: &str, unit: Option<&str>, header_rows: u32, rows: &[&str]) -> Table {
    let mut cells: Vec<Cell> = Vec::new();
    let mut cols = 0;
    for (row, line) in (0u32..).zip(rows) {
        for (col, text) in (0u32..).zip(line.split('|').map(str::trim)) {
            cols = cols.max(col + 1);
            let grown = match text {
                "<" => cells.iter_mut().rfind(|c| c.row == row).map(|c| c.col_span += 1),
                "^" => cells.iter_mut().rfind(|c| c.col == col).map(|c| c.row_span += 1),
                _ => None,
            };
            if grown.is_none() {
                let location = Location::in_sheet("s", row, col);
                cells.push(Cell { row, col, row_span: 1, col_span: 1, text: text.to_owned(), location });
            }
        }
    }
    Table {
        id: "t1".into(),
        title: Some(title.to_owned()),
        unit: unit.map(str::to_owned),
        rows: u32::try_from(rows.len()).expect("few rows"),
        cols,
        header_rows,
        cells,
        ..Table::default()
    }
}

/// A document of a cover, one table and sections of one paragraph each.
pub(super) fn content(cover: &[&str], tables: Vec<Table>, sections: &[(&str, &str)]) -> Content {
    let paragraph = |text: &str, role, section| Paragraph {
        text: text.to_owned(),
        role,
        section,
        anchors: vec![Anchor { location: Location::in_part("p", 1), ..Anchor::default() }],
        ..Paragraph::default()
    };
    let mut content = Content { tables, ..Content::default() };
    content.paragraphs.extend(cover.iter().map(|line| paragraph(line, Role::Cover, None)));
    for (index, (title, text)) in sections.iter().enumerate() {
        let section = Section { id: format!("s{index}"), title: (*title).to_owned(), level: 1, ..Section::default() };
        content.sections.push(section);
        content.paragraphs.extend(text.lines().map(|line| paragraph(line, Role::Body, Some(index))));
    }
    content
}

/// Reads a document with the embedded forms.
pub(super) fn read(content: &mut Content) -> Reading {
    let deadline = Deadline::start(&Limits::default());
    read_figures(content, "file.pdf", Forms::builtin(), &deadline).expect("there is time")
}

/// Facts in short: metric, code, measure's first letter, period, value.
pub(super) fn told(facts: &[Fact]) -> Vec<String> {
    let short = |f: &Fact| {
        let code = f.func_code.as_deref().or(f.econ_code.as_deref()).map(|c| format!("[{c}]")).unwrap_or_default();
        let period = f.period.as_deref().unwrap_or("?");
        format!("{}{code} {:?} {period} {:?} {}", f.metric, f.measure, f.phase, f.value)
            .replace("Some(", "")
            .replace(')', "")
    };
    facts.iter().map(short).collect()
}
