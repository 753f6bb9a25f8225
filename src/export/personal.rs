//! Names and telephone numbers of persons, blacked out. What tells them stands in `forms/personal`; here is where they
//! are looked for: behind a label in running text, and in the cell after a label.

use std::borrow::Cow;

use crate::dataset::{Cell, Table};
use crate::forms::Forms;
use crate::forms::personal::Personal;

/// What stands in the place of a name or number.
const BLACK: &str = "***";

/// Columns whose text people wrote.
const FREE_TEXT: [&str; 10] =
    ["text", "title", "caption", "captions", "footnotes", "message", "hint", "target", "actual", "project"];

/// Blacks out personal data.
#[derive(Debug, Clone, Copy)]
pub struct Redactor {
    personal: &'static Personal,
}

impl Redactor {
    /// Makes one that knows the labels and patterns of the form files.
    #[must_use]
    pub fn new(forms: &'static Forms) -> Self {
        Self { personal: &forms.personal }
    }

    /// The text without names behind labels, and without numbers and addresses at which somebody is reached.
    #[must_use]
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut spans: Vec<(usize, usize)> = Vec::new();
        for labelled in [&self.personal.named, &self.personal.numbered] {
            spans.extend(labelled.captures_iter(text).filter_map(|c| c.get(1)).map(|m| (m.start(), m.end())));
        }
        let alone = |m: &regex::Match<'_>| stands_alone(text, m.start(), m.end());
        spans.extend(self.personal.patterns.find_iter(text).filter(alone).map(|m| (m.start(), m.end())));
        if spans.is_empty() {
            return Cow::Borrowed(text);
        }
        spans.sort_unstable();
        let (mut out, mut at) = (String::with_capacity(text.len()), 0);
        for (start, end) in spans.into_iter().filter(|(start, end)| start < end) {
            if start >= at {
                out.push_str(text.get(at..start).unwrap_or_default());
                out.push_str(BLACK);
            }
            at = at.max(end);
        }
        out.push_str(text.get(at..).unwrap_or_default());
        Cow::Owned(out)
    }
}

/// Whether digits are no part of a longer number, such as an amount, and not all of the text.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).and_then(|t| t.chars().next_back());
    let after = text.get(end..).and_then(|t| t.chars().next());
    let is_number = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '，' | '%'));
    let is_all = text.trim().len() == end - start && !text.contains('@');
    !is_all && !is_number(before) && !is_number(after)
}

/// Blacks out the rows of one table, one after the other.
#[derive(Debug)]
pub(super) struct Rows {
    redactor: Redactor,
    free: Vec<bool>,
    /// Positions of table, row, column, span and text of a cell.
    cell: Option<[usize; 5]>,
    last_label: Option<(String, i64, i64)>,
}

impl Rows {
    pub(super) fn new(table: Table, redactor: Redactor) -> Self {
        let columns = table.columns();
        let at = |name: &str| columns.iter().position(|c| c.name == name).unwrap_or(0);
        let cell = (table == Table::Cells).then(|| ["table_id", "row", "col", "col_span", "text"].map(at));
        let free = if table.is_reference() {
            Vec::new()
        } else {
            columns.iter().map(|c| FREE_TEXT.contains(&c.name)).collect()
        };
        Self { redactor, free, cell, last_label: None }
    }

    /// The text to show for each value of a row; `None` where the value stays as it is.
    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> Vec<Option<String>> {
        let mut shown: Vec<Option<String>> =
            cells.iter().zip(&self.free).map(|(c, free)| self.value(*c, *free)).collect();
        shown.resize(cells.len(), None);
        if let Some(positions) = self.cell {
            self.after_label(cells, positions, &mut shown);
        }
        shown
    }

    /// The text to show for a cell of a table's grid; `None` where it stays as it is.
    pub(super) fn text_of(&mut self, cells: &[Cell<'_>]) -> Option<String> {
        let at = self.cell.map(|positions| positions[4])?;
        self.row(cells).into_iter().nth(at).flatten()
    }

    fn value(&self, cell: Cell<'_>, is_free: bool) -> Option<String> {
        match cell {
            Cell::Text(text) if is_free => match self.redactor.text(text) {
                Cow::Owned(black) => Some(black),
                Cow::Borrowed(_) => None,
            },
            _ => None,
        }
    }

    /// Blacks out a cell whose neighbour on the left is a label; cells come row by row.
    fn after_label(&mut self, cells: &[Cell<'_>], at: [usize; 5], shown: &mut [Option<String>]) {
        let [table, row, col, span, text] = at.map(|i| cells.get(i).copied().unwrap_or(Cell::Absent));
        let (Cell::Text(table), Cell::Whole(row), Cell::Whole(col), Cell::Whole(span), Cell::Text(text)) =
            (table, row, col, span, text)
        else {
            return;
        };
        let follows = self.last_label.as_ref().is_some_and(|(t, r, c)| t == table && (*r, *c) == (row, col));
        let is_label = self.redactor.personal.is_label(text);
        if let Some(place) = shown.get_mut(at[4]).filter(|_| follows && !is_label && !text.trim().is_empty()) {
            *place = Some(BLACK.to_owned());
        }
        self.last_label = is_label.then(|| (table.to_owned(), row, col + span));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn black(text: &str) -> String {
        Redactor::new(Forms::builtin()).text(text).into_owned()
    }

    #[test]
    fn names_and_numbers_behind_labels_go_and_the_labels_stay() {
        assert_eq!(black("填报人（签名）：张三丰  联系电话：0812-3333333"), "填报人（签名）：***  联系电话：***");
        assert_eq!(black("项目负责人:李 四\n单位：某局"), "项目负责人:***\n单位：某局");
        assert_eq!(black("请致电13800138000或写信至a.b@example.cn。"), "请致电***或写信至***。");
        assert_eq!(black("联系人：张三联系方式：83366868"), "联系人：***联系方式：***");
        assert_eq!(black("成立领导小组，明确了牵头负责人、工作职责"), "成立领导小组，明确了牵头负责人、工作职责");
    }

    #[test]
    fn an_amount_is_no_telephone_number() {
        for amount in ["13800138000", "13800138000.50", "213800138000", "共计13800138000.00元", "1,138,001,380"] {
            assert_eq!(black(amount), amount);
        }
    }

    #[test]
    fn the_cell_after_a_label_is_blacked_out_and_no_other() {
        let mut rows = Rows::new(Table::Cells, Redactor::new(Forms::builtin()));
        let at = |name: &str| Table::Cells.columns().iter().position(|c| c.name == name).expect("a column");
        let mut cell = |row: i64, col: i64, text: &'static str| {
            let mut cells = vec![Cell::Absent; Table::Cells.columns().len()];
            for (name, value) in [
                ("table_id", Cell::Text("t1")),
                ("row", Cell::Whole(row)),
                ("col", Cell::Whole(col)),
                ("col_span", Cell::Whole(1)),
                ("text", Cell::Text(text)),
            ] {
                cells[at(name)] = value;
            }
            rows.row(&cells)[at("text")].clone()
        };
        assert_eq!(cell(0, 0, "联系人"), None);
        assert_eq!(cell(0, 1, "张三"), Some("***".to_owned()));
        assert_eq!(cell(0, 2, "联络电话："), None);
        assert_eq!(cell(0, 3, "3333333"), Some("***".to_owned()));
        assert_eq!(cell(0, 4, "人员编制"), None);
        assert_eq!(cell(0, 5, "35"), None);
    }
}
