//! Reads a department's data, carries its balances from year to year, and refuses data that cannot be true.

use anyhow::{Context, Result, ensure};
use rust_decimal::Decimal;

use super::{Department, Year};

/// Reads one department and carries its balances from year to year.
pub fn load(text: &str) -> Result<Department> {
    let mut department: Department = toml::from_str(text)?;
    for next in 1..department.years.len() {
        let (before, after) = department.years.split_at_mut(next);
        let (before, after) = (before.last().context("a year before")?, after.first_mut().context("a year")?);
        carry(before, after).with_context(|| format!("{}, {}", department.name, after.year))?;
        after.prior = Some(before.as_prior(&department.running));
    }
    for year in &department.years {
        audit(year).with_context(|| format!("{}, {}", department.name, year.year))?;
    }
    Ok(department)
}

/// Opens each line with what the same line closed with.
fn carry(before: &Year, after: &mut Year) -> Result<()> {
    for old in &before.lines.0 {
        let heir = after.lines.0.iter_mut().find(|line| line.code == old.code && line.fund == old.fund);
        match heir {
            Some(line) => line.open = old.close,
            None => ensure!(old.close.is_zero(), "{} closes with {} and has no heir", old.code, old.close),
        }
    }
    Ok(())
}

/// What the data themselves must keep to.
fn audit(year: &Year) -> Result<()> {
    for line in &year.lines.0 {
        ensure!(line.revenue() >= Decimal::ZERO, "{} would earn {}", line.code, line.revenue());
        ensure!(line.adjusted_budget() >= line.spent(), "{} spends more than its budget", line.code);
    }
    let fleet = &year.fleet;
    ensure!(fleet.total() == fleet.sedan + fleet.suv + fleet.bus, "vehicles by purpose and type differ");
    let (tp, budget) = (year.outturn(), &year.travel);
    ensure!(tp.operation <= budget.operation && tp.purchase <= budget.purchase, "vehicles exceed their budget");
    ensure!(tp.reception <= budget.reception, "receptions exceed their budget: {}", tp.reception);
    ensure!(tp.reception.is_zero() == (year.guests.batches == 0), "receptions without guests, or guests without");
    let bought = &year.procurement;
    ensure!(bought.micro <= bought.sme, "small firms got more than small and medium ones");
    ensure!(bought.sme <= bought.goods + bought.works + bought.services, "firms got more than was bought");
    ensure!(year.project.iter().all(|p| p.executed <= p.budget), "a project exceeds its budget");
    Ok(())
}
