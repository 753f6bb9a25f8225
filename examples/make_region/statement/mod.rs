//! The statements of the final accounts, from the model to grids. Titles, headers and their order follow the
//! form that districts publish; the notes below them are our own words.

mod by_economic;
mod by_function;
mod summary;
mod three_public;

use crate::classification::{Classification, ordinal};
use crate::grid::{Figures, Grid};
use crate::model::{Annex, Department, FISCAL, Fund, Year};

/// A statement as it is printed: title, captions, grid, notes.
#[derive(Debug, Clone)]
pub struct Statement {
    /// Form id, such as `final_accounts.revenue`.
    pub form: &'static str,
    /// Title without number.
    pub title: String,
    /// `公开01表`; empty where none is printed.
    pub code: String,
    /// `部门：…`
    pub body: String,
    /// `万元` or `元`
    pub unit: &'static str,
    /// The table.
    pub grid: Grid,
    /// 注 lines below it.
    pub notes: Vec<String>,
}

/// What every statement is made from.
#[derive(Clone, Copy)]
pub struct Books<'a> {
    /// The department.
    pub department: &'a Department,
    /// The year.
    pub year: &'a Year,
    /// Names of codes.
    pub names: &'a Classification,
}

impl Books<'_> {
    /// How its statements print amounts: a department without a workbook prints its zeros.
    fn figures(&self) -> Figures {
        let zeros = self.department.annex == Annex::Inside;
        Figures { year: self.year.year, phase: "final", in_yuan: false, zeros }
    }
}

/// The three lists that the district has used: 14 tables in 2023, 13 in 2024, and a short one of 9.
pub fn forms(books: Books) -> &'static [&'static str] {
    const FOURTEEN: &[&str] = &[
        "revenue_expenditure_summary",
        "revenue",
        "expenditure",
        "fiscal_summary",
        "fiscal_expenditure_detail",
        "gpb_expenditure",
        "gpb_expenditure_detail",
        "gpb_basic_by_economic",
        "gpb_project",
        "three_public",
        "gf_revenue_expenditure",
        "gf_three_public",
        "soc_revenue_expenditure",
        "soc_expenditure",
    ];
    const THIRTEEN: &[&str] = &[
        "revenue_expenditure_summary",
        "revenue",
        "expenditure",
        "fiscal_summary",
        "fiscal_expenditure_detail",
        "gpb_expenditure",
        "gpb_expenditure_detail",
        "gpb_basic_by_economic",
        "gpb_project",
        "gf_revenue_expenditure",
        "soc_revenue_expenditure",
        "soc_expenditure",
        "three_public",
    ];
    const NINE: &[&str] = &[
        "revenue_expenditure_summary",
        "revenue",
        "expenditure",
        "fiscal_summary",
        "gpb_expenditure",
        "gpb_basic_by_economic",
        "three_public",
        "gf_revenue_expenditure",
        "soc_revenue_expenditure",
    ];
    match (books.department.annex, books.year.year) {
        (Annex::Inside, _) => NINE,
        (Annex::Workbook, 2023) => FOURTEEN,
        (Annex::Workbook, _) => THIRTEEN,
    }
}

/// All statements of a year, in the order of its list.
pub fn statements(books: Books) -> Vec<Statement> {
    let number = |(at, form): (usize, &&'static str)| {
        let mut statement = build(books, form);
        statement.code = format!("公开{:02}表", at + 1);
        statement
    };
    forms(books).iter().enumerate().map(number).collect()
}

/// Titles with their ordinals, as 第五部分 lists them.
pub fn numbered_titles(books: Books) -> Vec<(String, String)> {
    let titles = forms(books).iter().map(|form| build(books, form).title);
    titles.enumerate().map(|(at, title)| (format!("{}、", ordinal(at + 1)), title)).collect()
}

/// Builds one statement.
fn build(books: Books, form: &str) -> Statement {
    const GPB: &[Fund] = &[Fund::Gpb];
    match form {
        "revenue" => by_function::revenue(books),
        "expenditure" => by_function::expenditure(books),
        "fiscal_summary" => summary::fiscal(books),
        "fiscal_expenditure_detail" => by_economic::detail(books, FISCAL),
        "gpb_expenditure" => by_function::gpb_expenditure(books),
        "gpb_expenditure_detail" => by_economic::detail(books, GPB),
        "gpb_basic_by_economic" => by_economic::basic(books),
        "gpb_project" => by_function::gpb_project(books),
        "three_public" => three_public::three_public(books),
        "gf_revenue_expenditure" => by_function::gf(books),
        "gf_three_public" => three_public::gf_three_public(books),
        "soc_revenue_expenditure" => by_function::soc(books),
        "soc_expenditure" => by_function::soc_expenditure(books),
        _ => summary::revenue_expenditure(books),
    }
}

/// A statement without its number, which its list gives.
fn named(books: Books, form: &'static str, title: &str, grid: Grid, note: impl Into<String>) -> Statement {
    Statement {
        form,
        title: title.to_owned(),
        code: String::new(),
        body: format!("部门：{}", books.department.name),
        unit: "万元",
        grid,
        notes: vec![format!("注：{}", note.into())],
    }
}
