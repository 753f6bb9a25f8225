//! A table as statements need it: dense positions, folded texts, header texts above each column, panels of label
//! columns and amount columns.

use crate::forms::statements::Words;
use crate::model::{Cell, Literal, Printed, Table, fold_text};

/// A table with its positions resolved.
pub(crate) struct Grid<'t> {
    pub(crate) table: &'t Table,
    at: Vec<u32>,
    cells: Vec<GridCell>,
    cols: u32,
    /// Rows before this one hold no figures of the statement.
    pub(crate) body: u32,
    /// For each row, whether it numbers the columns.
    numbering: Vec<bool>,
    paths: Vec<String>,
    /// The table has more positions than are kept; its last rows are empty here.
    pub(crate) is_cut: bool,
}

/// Positions that are kept of one table.
const MAX_POSITIONS: usize = 4_000_000;

struct GridCell {
    text: String,
    printed: Printed,
}

const NO_CELL: u32 = u32::MAX;

/// Label columns and the amount columns that they name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Panel {
    pub(crate) labels: Vec<u32>,
    pub(crate) amounts: Vec<u32>,
}

impl<'t> Grid<'t> {
    pub(crate) fn new(table: &'t Table) -> Self {
        let size = (table.rows as usize).saturating_mul(table.cols as usize);
        let mut at = vec![NO_CELL; size.min(MAX_POSITIONS)];
        for (index, cell) in (0u32..).zip(&table.cells) {
            for row in cell.row..cell.row.saturating_add(cell.row_span).min(table.rows) {
                for col in cell.col..cell.col.saturating_add(cell.col_span).min(table.cols) {
                    if let Some(slot) = at.get_mut(row as usize * table.cols as usize + col as usize) {
                        *slot = index;
                    }
                }
            }
        }
        let read = |c: &Cell| GridCell { text: fold_text(&c.text).into_owned(), printed: Printed::parse(&c.text) };
        let cells = table.cells.iter().map(read).collect();
        let (numbering, paths) = (Vec::new(), Vec::new());
        let mut grid =
            Self { table, at, cells, cols: table.cols, body: 0, numbering, paths, is_cut: size > MAX_POSITIONS };
        // A row number is taken from the file; only rows that the grid holds are worth a look.
        let rows = if grid.cols == 0 { 0 } else { grid.at.len() / grid.cols as usize };
        grid.numbering = (0u32..).take(rows).map(|row| grid.numbers_columns(row)).collect();
        grid.body = grid.first_body_row();
        grid.paths = (0..grid.cols).map(|col| grid.header_path(col)).collect();
        grid
    }

    fn index(&self, row: u32, col: u32) -> Option<usize> {
        let at = self.at.get(row as usize * self.cols as usize + col as usize).copied()?;
        (col < self.cols && at != NO_CELL).then_some(at as usize)
    }

    /// The cell that covers a position.
    pub(crate) fn cell(&self, row: u32, col: u32) -> Option<&'t Cell> {
        self.table.cells.get(self.index(row, col)?)
    }

    /// The folded text at a position.
    pub(crate) fn text(&self, row: u32, col: u32) -> &str {
        self.index(row, col).and_then(|i| self.cells.get(i)).map_or("", |c| c.text.as_str())
    }

    /// The number at a position, where its cell starts there.
    pub(crate) fn number(&self, row: u32, col: u32) -> Option<Literal> {
        let index = self.index(row, col)?;
        let cell = self.table.cells.get(index)?;
        match &self.cells.get(index)?.printed {
            Printed::Number(literal) if cell.row == row && cell.col == col => Some(*literal),
            _ => None,
        }
    }

    pub(crate) fn rows(&self) -> std::ops::Range<u32> {
        self.body..self.table.rows
    }

    pub(crate) fn cols(&self) -> std::ops::Range<u32> {
        0..self.cols
    }

    /// The header texts above a column, top down, joined by `/`.
    pub(crate) fn path(&self, col: u32) -> &str {
        self.paths.get(col as usize).map_or("", String::as_str)
    }

    /// All header texts of the table.
    pub(crate) fn header_text(&self) -> String {
        let mut text = String::new();
        for row in 0..self.body {
            for col in self.cols().filter(|&c| self.cell(row, c).is_some_and(|x| x.col == c && x.row == row)) {
                text.push_str(self.text(row, col));
                text.push(' ');
            }
        }
        text
    }

    /// Rows that number the columns (栏次, or 1 2 3 …) hold no amounts.
    pub(crate) fn is_numbering_row(&self, row: u32) -> bool {
        self.numbering.get(row as usize).copied().unwrap_or(false)
    }

    fn numbers_columns(&self, row: u32) -> bool {
        let mut next = 1;
        let mut numbers = 0;
        for col in self.cols() {
            let Some(cell) = self.cell(row, col).filter(|c| c.col == col) else { continue };
            match self.text(row, col) {
                "" | "--" | "—" | "-" | "类" | "款" | "项" | "目" => {}
                "栏次" if cell.row == row => return true,
                text => match text.parse::<u32>() {
                    Ok(n) if n == next => {
                        next += 1;
                        numbers += 1;
                    }
                    _ => return false,
                },
            }
        }
        numbers >= 3
    }

    /// The first row that holds figures, which the file's own count of header rows may overshoot or miss.
    fn first_body_row(&self) -> u32 {
        let told = self.table.header_rows;
        let first = (0..self.table.rows).find(|&row| self.has_amount(row) && !self.is_numbering_row(row));
        let limit = first.unwrap_or(self.table.rows);
        if told == 0 && first.is_some() {
            return limit;
        }
        let mut header = told.min(limit);
        // Words over several columns need the row below them to tell the columns apart.
        while header > 0 && header < limit && self.has_group(header - 1) {
            header += 1;
        }
        header
    }

    fn has_group(&self, row: u32) -> bool {
        self.cols().any(|col| {
            self.cell(row, col).is_some_and(|c| c.row + c.row_span.max(1) == row + 1 && c.col_span > 1 && c.row == row)
        })
    }

    /// Whether a row prints a number that is no year, code or ordinal: one with decimals or separators.
    fn has_amount(&self, row: u32) -> bool {
        self.cols().any(|col| self.number(row, col).is_some() && self.text(row, col).contains(['.', ',']))
    }

    fn header_path(&self, col: u32) -> String {
        let mut path: Vec<&str> = Vec::new();
        for row in (0..self.body).filter(|&r| !self.is_numbering_row(r)) {
            let text = self.text(row, col);
            if !text.is_empty() && path.last() != Some(&text) {
                path.push(text);
            }
        }
        path.join("/")
    }

    /// Cuts the columns into panels: each run of label columns names the run of amount columns after it.
    pub(crate) fn panels(&self, words: &Words, is_amount: impl Fn(&str) -> bool) -> Vec<Panel> {
        let mut panels: Vec<Panel> = Vec::new();
        for col in self.cols() {
            match self.role(col, words, &is_amount) {
                Role::Label if panels.last().is_some_and(|p| self.is_blank_amount(col, p)) => {}
                Role::Label => match panels.last_mut().filter(|p| p.amounts.is_empty()) {
                    Some(panel) => panel.labels.push(col),
                    None => panels.push(Panel { labels: vec![col], amounts: Vec::new() }),
                },
                Role::Amount => {
                    if panels.is_empty() {
                        panels.push(Panel::default());
                    }
                    if let Some(panel) = panels.last_mut() {
                        panel.amounts.push(col);
                    }
                }
                Role::Other => {}
            }
        }
        panels
    }

    /// Whether a column without any text stands under one header with the amounts before it: 年初结转和结余 over 合计 and
    /// 项目支出结转 that nobody has.
    fn is_blank_amount(&self, col: u32, panel: &Panel) -> bool {
        let group = |col: u32| self.path(col).split_once('/').map(|(group, _)| group);
        let before = panel.amounts.last().and_then(|&before| group(before));
        self.contents(col) == (0, 0, 0) && before.is_some() && group(col) == before
    }

    fn role(&self, col: u32, words: &Words, is_amount: &impl Fn(&str) -> bool) -> Role {
        let path = self.path(col);
        let (numbers, texts, codes) = self.contents(col);
        if words.numbering.is_match(path) || (self.is_counting(col) && texts == 0) {
            return Role::Other;
        }
        // A total row writes its word into the code column.
        if words.code.is_match(path) || (codes > 0 && codes == numbers && texts < 2) {
            return Role::Label;
        }
        if numbers > texts {
            return Role::Amount;
        }
        if texts > 0 {
            return if numbers > 0 && is_amount(path) && !words.name.is_match(path) {
                Role::Amount
            } else {
                Role::Label
            };
        }
        if is_amount(path) && !words.name.is_match(path) { Role::Amount } else { Role::Label }
    }

    /// Numbers, texts and whole numbers that look like codes, among the cells that start in a column.
    fn contents(&self, col: u32) -> (usize, usize, usize) {
        let (mut numbers, mut texts, mut codes) = (0, 0, 0);
        for row in self.rows().filter(|&r| !self.is_numbering_row(r)) {
            let Some(index) = self.index(row, col) else { continue };
            let starts_here = self.table.cells.get(index).is_some_and(|c| c.row == row && c.col == col);
            let Some(cell) = self.cells.get(index).filter(|_| starts_here) else { continue };
            match cell.printed {
                Printed::Number(_) => {
                    numbers += 1;
                    let is_code = matches!(cell.text.len(), 3 | 5 | 7) && cell.text.bytes().all(|b| b.is_ascii_digit());
                    codes += usize::from(is_code && matches!(cell.text.as_bytes().first(), Some(b'2' | b'3' | b'5')));
                }
                Printed::Text => texts += 1,
                Printed::Blank | Printed::Dash => {}
            }
        }
        (numbers, texts, codes)
    }

    /// Whether a column counts its rows: 1, 2, 3 and on.
    fn is_counting(&self, col: u32) -> bool {
        let numbers = self.rows().filter_map(|row| self.text(row, col).parse::<u32>().ok());
        let numbers: Vec<u32> = numbers.take(64).collect();
        numbers.len() >= 3 && numbers.windows(2).all(|w| matches!(w, [a, b] if *b == a + 1))
    }
}

enum Role {
    Label,
    Amount,
    Other,
}
