//! `sums.csv`: what the region spends from the general budget, by year and function, over its departments.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rust_decimal::Decimal;

use crate::classification::Classification;
use crate::fact::yuan;
use crate::model::{DISTRICT, Department, Fund, Line};

/// One row a year and 类, then one a year for all of them; amounts in 元.
pub fn csv(departments: &[Department], names: &Classification) -> String {
    let mut sums: BTreeMap<(u16, String), (Decimal, usize)> = BTreeMap::new();
    for year in departments.iter().flat_map(|department| &department.years) {
        let classes = year.lines.codes(&[Fund::Gpb], |line| !line.spent().is_zero());
        for code in classes.into_iter().filter(|code| code.len() == 3).chain([String::new()]) {
            let entry = sums.entry((year.year, code.clone())).or_default();
            entry.0 += year.sum(&[Fund::Gpb], &code, Line::spent);
            entry.1 += 1;
        }
    }
    let mut text = "region,fiscal_year,func_code,func_name,departments,gpb_exp_yuan\n".to_owned();
    for ((year, code), (amount, departments)) in sums {
        let (code, name) = if code.is_empty() { ("", "合计") } else { (code.as_str(), names.function(&code)) };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{DISTRICT},{year},{code},{name},{departments},{}", yuan(amount).normalize());
    }
    text
}
