//! The text of the final accounts. The order of parts and chapters and the labels of figures follow the form
//! that districts use; what is said about the figures is ours.

mod accounts;
mod annex;
mod overview;
mod spending;

use rust_decimal::Decimal;

use crate::document::{Block, Chart, Document, Start, printed_date};
use crate::model::{Annex, DISTRICT, Prior};
use crate::outline::Outline;
use crate::performance;
use crate::statement::{Books, numbered_titles, statements};

/// Writes the whole report of one department and year.
pub fn final_accounts(books: Books, first_bookmark: u32) -> Document {
    let (department, year) = (books.department, books.year);
    let published = published(year.year);
    let document = Document {
        kind: "final_accounts.department",
        entity: department.name.clone(),
        year: year.year,
        published: published.clone(),
        cover: vec![
            format!("{}年度", year.year),
            department.name.clone(),
            "部门决算".to_owned(),
            format!("公开时间：{}", printed_date(&published)),
        ],
        blocks: Vec::new(),
    };
    let mut outline = Outline::new(document, department.figures, first_bookmark);
    overview::part_one(&mut outline, books);
    part_two(&mut outline, books);
    overview::glossary(&mut outline, books);
    annex::part_four(&mut outline, books);
    part_five(&mut outline, books);
    outline.finish()
}

/// The day on which the district publishes the accounts of a year.
fn published(year: u16) -> String {
    format!("{}-09-12", year + 1)
}

/// 第二部分: the explanation of the accounts, 一 to 十.
fn part_two(outline: &mut Outline, books: Books) {
    outline.part("第二部分", format!("{}年度部门决算情况说明", books.year.year));
    outline.number_automatically(books.department.numbering == crate::model::Numbering::Auto);
    accounts::totals(outline, books);
    accounts::revenue(outline, books);
    accounts::expenditure(outline, books);
    accounts::fiscal(outline, books);
    accounts::general_budget(outline, books);
    spending::basic(outline, books);
    spending::three_public(outline, books);
    spending::other_funds(outline, books);
    spending::other_matters(outline, books);
    performance::projects(outline, books);
    outline.number_automatically(false);
}

/// 第五部分: titles alone where a workbook holds the statements, else the statements themselves.
fn part_five(outline: &mut Outline, books: Books) {
    outline.part("第五部分", "附表");
    let inside = books.department.annex == Annex::Inside;
    if !inside {
        let folder = &books.department.folder;
        outline.say(format!("{DISTRICT}各部门的附表以电子表格另行公布，{folder}的附表与本说明同时上网。"));
    }
    for ((label, title), statement) in numbered_titles(books).into_iter().zip(statements(books)) {
        outline.chapter(&label, title, Start::Heading);
        if inside {
            outline.push(Block::Statement(Box::new(statement)));
        }
    }
}

/// The totals of the year before.
fn prior(books: Books) -> Prior {
    let none = Decimal::ZERO;
    books.year.prior.clone().unwrap_or(Prior {
        total: none,
        fiscal: none,
        gpb: none,
        running: none,
        vehicle: none,
        reception: none,
    })
}

/// A bar chart of one figure in two years.
fn two_bars(title: &str, series: &str, year: u16, before: Decimal, now: Decimal) -> Chart {
    Chart {
        kind: "bar",
        title: title.to_owned(),
        caption: String::new(),
        series: series.to_owned(),
        points: vec![(format!("{}年度", year - 1), before), (format!("{year}年度"), now)],
    }
}

/// A pie of the parts that are not zero.
fn pie(title: &str, year: u16, parts: Vec<(String, Decimal)>) -> Chart {
    Chart {
        kind: "pie",
        title: title.to_owned(),
        caption: String::new(),
        series: format!("{year}年度"),
        points: parts.into_iter().filter(|(_, amount)| !amount.is_zero()).collect(),
    }
}
