//! The lines of the accounts and what they add up to.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer};

use super::{Prior, Travel, Year};

/// Who pays a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fund {
    /// 一般公共预算财政拨款
    #[default]
    Gpb,
    /// 政府性基金预算财政拨款
    Gf,
    /// Everything else
    Nonfiscal,
}

/// The three budgets of 财政拨款 that occur here.
pub const FISCAL: &[Fund] = &[Fund::Gpb, Fund::Gf];
/// All money.
pub const ALL: &[Fund] = &[Fund::Gpb, Fund::Gf, Fund::Nonfiscal];

/// One 项 under one fund: opening balance + revenue + surplus used = spending + distribution + closing balance.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Seven digits.
    pub code: String,
    /// Who pays.
    #[serde(default)]
    pub fund: Fund,
    /// Kind of non-fiscal revenue: `business` or `other`.
    #[serde(default)]
    pub source: String,
    /// 基本支出 by economic code.
    #[serde(default, deserialize_with = "splits")]
    pub basic: Vec<(String, Decimal)>,
    /// 项目支出 by economic code.
    #[serde(default, deserialize_with = "splits")]
    pub project: Vec<(String, Decimal)>,
    /// Opening balance; given for the first year alone.
    #[serde(default)]
    pub open: Decimal,
    /// Closing balance.
    #[serde(default)]
    pub close: Decimal,
    /// 使用非财政拨款结余
    #[serde(default)]
    pub used: Decimal,
    /// 结余分配
    #[serde(default)]
    pub distributed: Decimal,
    /// Adjusted budget, where the outturn differs from it.
    pub budget: Option<Decimal>,
    /// Why it differs.
    #[serde(default)]
    pub why: String,
}

/// Outturn of the 三公, in 万元, from the economic codes.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Outturn {
    pub abroad: Decimal,
    pub purchase: Decimal,
    pub operation: Decimal,
    pub reception: Decimal,
}

/// Reads `30101 86.42, 30102 61.35`.
fn splits<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<(String, Decimal)>, D::Error> {
    let text = String::deserialize(from)?;
    let pair = |part: &str| {
        let (code, amount) = part.trim().split_once(' ')?;
        Some((code.to_owned(), amount.parse().ok()?))
    };
    text.split(',')
        .map(|part| pair(part).ok_or_else(|| serde::de::Error::custom(format!("not `code amount`: {part}"))))
        .collect()
}

impl Line {
    /// 基本支出
    pub fn basic_total(&self) -> Decimal {
        self.basic.iter().map(|(_, amount)| amount).sum()
    }

    /// 项目支出
    pub fn project_total(&self) -> Decimal {
        self.project.iter().map(|(_, amount)| amount).sum()
    }

    /// Spending of the year.
    pub fn spent(&self) -> Decimal {
        self.basic_total() + self.project_total()
    }

    /// Revenue of the year: what the other sides of the balance leave.
    pub fn revenue(&self) -> Decimal {
        self.spent() + self.distributed + self.close - self.open - self.used
    }

    /// Spending under an economic code, or under all that start with it.
    pub fn economic(&self, code: &str) -> Decimal {
        self.basic.iter().chain(&self.project).filter(|(c, _)| c.starts_with(code)).map(|(_, amount)| amount).sum()
    }

    /// Adjusted budget.
    pub fn adjusted_budget(&self) -> Decimal {
        self.budget.unwrap_or_else(|| self.spent())
    }
}

/// Lines of one year.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct Lines(pub Vec<Line>);

impl Lines {
    /// Lines that one of `funds` pays.
    pub fn paid_by<'a>(&'a self, funds: &'a [Fund]) -> impl Iterator<Item = &'a Line> {
        self.0.iter().filter(move |line| funds.contains(&line.fund))
    }

    /// The sum of `value` over the lines that `funds` pay and whose code starts with `code`.
    pub fn sum(&self, funds: &[Fund], code: &str, value: impl Fn(&Line) -> Decimal) -> Decimal {
        self.paid_by(funds).filter(|line| line.code.starts_with(code)).map(value).sum()
    }

    /// Codes of the lines that pass `keep` with their 款 and 类, parents first.
    pub fn codes(&self, funds: &[Fund], keep: impl Fn(&Line) -> bool) -> BTreeSet<String> {
        self.paid_by(funds)
            .filter(|line| keep(line))
            .flat_map(|line| [3, 5, 7].map(|digits| line.code.chars().take(digits).collect()))
            .collect()
    }

    /// Spending of the general budget on basic needs, under an economic code.
    pub fn basic_by_economic(&self, code: &str) -> Decimal {
        let under = |line: &Line| line.basic.iter().filter(|(c, _)| c.starts_with(code)).map(|(_, a)| a).sum();
        self.sum(&[Fund::Gpb], "", under)
    }

    /// Economic codes that the general budget spends basic money on, below `class`.
    pub fn basic_codes(&self, class: &str) -> BTreeSet<String> {
        let codes = self.paid_by(&[Fund::Gpb]).flat_map(|line| &line.basic);
        codes.filter(|(code, _)| code.starts_with(class)).map(|(code, _)| code.clone()).collect()
    }

    /// 人员经费
    pub fn personnel(&self) -> Decimal {
        self.basic_by_economic("301") + self.basic_by_economic("303")
    }

    /// 公用经费
    pub fn operating(&self) -> Decimal {
        self.basic_by_economic("302") + self.basic_by_economic("310")
    }

    /// 机关运行经费: the operating part of what the administrative units themselves spend.
    pub fn running(&self, codes: &[String]) -> Decimal {
        let operating = |code: &str| code.starts_with("302") || code.starts_with("310");
        let lines = self.paid_by(&[Fund::Gpb]).filter(|line| codes.contains(&line.code));
        lines.flat_map(|line| &line.basic).filter(|(code, _)| operating(code)).map(|(_, amount)| amount).sum()
    }
}

impl Year {
    /// Lines that one of `funds` pays.
    pub fn paid_by<'a>(&'a self, funds: &'a [Fund]) -> impl Iterator<Item = &'a Line> {
        self.lines.paid_by(funds)
    }

    /// The sum of `value` over the lines that `funds` pay and whose code starts with `code`.
    pub fn sum(&self, funds: &[Fund], code: &str, value: impl Fn(&Line) -> Decimal) -> Decimal {
        self.lines.sum(funds, code, value)
    }

    /// Spending that `funds` pay.
    pub fn spent(&self, funds: &[Fund]) -> Decimal {
        self.sum(funds, "", Line::spent)
    }

    /// 收、支总计 of the money of `funds`: revenue, opening balances and the surplus used.
    pub fn total(&self, funds: &[Fund]) -> Decimal {
        self.sum(funds, "", |line| line.revenue() + line.open + line.used)
    }

    /// Outturn of the 三公.
    pub fn outturn(&self) -> Outturn {
        let of = |code: &str| self.sum(FISCAL, "", |line| line.economic(code));
        Outturn { abroad: of("30212"), purchase: of("31013"), operation: of("30231"), reception: of("30217") }
    }

    /// The totals that the next year compares itself with.
    pub(super) fn as_prior(&self, running: &[String]) -> Prior {
        let tp = self.outturn();
        Prior {
            total: self.total(ALL),
            fiscal: self.total(FISCAL),
            gpb: self.spent(&[Fund::Gpb]),
            running: self.lines.running(running),
            vehicle: tp.vehicle(),
            reception: tp.reception,
        }
    }
}

impl Outturn {
    /// 公务用车购置及运行维护费
    pub fn vehicle(&self) -> Decimal {
        self.purchase + self.operation
    }

    /// 合计
    pub fn total(&self) -> Decimal {
        self.abroad + self.vehicle() + self.reception
    }
}

impl Travel {
    /// 公务用车购置及运行维护费
    pub fn vehicle(&self) -> Decimal {
        self.purchase + self.operation
    }

    /// 合计
    pub fn total(&self) -> Decimal {
        self.abroad + self.vehicle() + self.reception
    }
}
