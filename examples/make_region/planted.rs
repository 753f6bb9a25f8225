//! The three errors that one report carries for the checks to find. They are put into the finished text, so
//! that everything else in the region stays true.

use anyhow::{Context, Result, ensure};
use rust_decimal::Decimal;

use crate::document::{Block, Document};
use crate::fact::yuan;
use crate::grid::Cell;

/// One error as `planted.csv` lists it.
pub struct Planted {
    /// File, from the region's folder.
    pub file: String,
    /// Check that must find it.
    pub code: &'static str,
    /// Where it stands, for a person.
    pub place: &'static str,
    /// What the report prints.
    pub printed: String,
    /// What it should print.
    pub right: String,
    /// Checks that may report its consequences.
    pub follows: &'static str,
}

/// Plants the errors into a report whose statements stand in its text.
pub fn plant(document: &mut Document, file: &str) -> Result<Vec<Planted>> {
    let mut planted = Vec::new();
    let mut note = |code, place, (printed, right): (String, String), follows| {
        planted.push(Planted { file: file.to_owned(), code, place, printed, right, follows });
    };
    let total = reprint(document, "total.out", None, |amount| amount + Decimal::new(90, 2))?;
    note("IT-03", "第五部分 一、收入支出决算总表 支出总计", total, "IT-02;TT-01;TX-05");
    let class = reprint(document, "exp.func", Some("210"), |amount| amount + Decimal::new(27, 2))?;
    note("IT-05", "第五部分 一、收入支出决算总表 卫生健康支出", class, "BT-02;BT-08");
    let rate = swap_rate(document)?;
    note("YY-01", "第二部分 五、（一）一般公共预算财政拨款支出 增长率", rate, "XR-02");
    Ok(planted)
}

/// Changes the first table cell that holds a metric; gives what it prints now and what it printed.
fn reprint(
    document: &mut Document,
    metric: &str,
    code: Option<&str>,
    change: impl Fn(Decimal) -> Decimal,
) -> Result<(String, String)> {
    let cells = document.blocks.iter_mut().filter_map(|block| match block {
        Block::Statement(statement) => Some(&mut statement.grid.cells),
        _ => None,
    });
    let holds =
        |cell: &&mut Cell| cell.fact.as_ref().is_some_and(|f| f.metric == metric && f.func_code.as_deref() == code);
    let cell = cells.flatten().find(holds).with_context(|| format!("no cell of {metric}"))?;
    let amount = change(cell.number.context("a cell without a number")?);
    let right = std::mem::replace(&mut cell.text, format!("{amount:.2}"));
    cell.number = Some(amount);
    if let Some(fact) = &mut cell.fact {
        fact.value = yuan(amount).normalize();
        fact.printed.clone_from(&cell.text);
    }
    Ok((cell.text.clone(), right))
}

/// Swaps two digits of the first growth rate of the general budget.
fn swap_rate(document: &mut Document) -> Result<(String, String)> {
    let passages = document.blocks.iter_mut().filter_map(|block| match block {
        Block::Passage(passage) => Some(passage),
        _ => None,
    });
    for passage in passages {
        let Some(fact) = passage.facts.iter_mut().find(|f| f.metric == "gpb.exp" && f.measure == "yoy_pct") else {
            continue;
        };
        let right = fact.printed.clone();
        let mut digits: Vec<char> = right.trim_end_matches('%').chars().collect();
        let first = digits.iter().position(|c| *c == '.').context("a rate without decimals")?;
        digits.swap(first.saturating_sub(1), first + 1);
        let wrong: String = digits.into_iter().collect();
        let value: Decimal = wrong.parse()?;
        ensure!(value != fact.value.abs(), "swapping digits of {right} changes nothing");
        fact.value = if fact.value.is_sign_negative() { -value } else { value };
        fact.printed = format!("{wrong}%");
        passage.text = passage.text.replace(&right, &fact.printed);
        return Ok((fact.printed.clone(), right));
    }
    anyhow::bail!("no growth rate of the general budget")
}
