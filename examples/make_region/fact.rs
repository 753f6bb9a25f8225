//! A figure as the reports print it, together with what it means. The writers print the literal; the truth
//! beside each report repeats it with its metric, so that both come from one place.

use rust_decimal::{Decimal, RoundingStrategy};

/// How a department prints the figures of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FigureStyle {
    /// Two decimals, always.
    Fixed,
    /// Trailing zeros are dropped: `3789`, `66.5`.
    Trimmed,
}

impl FigureStyle {
    /// Prints an amount of 万元.
    pub fn print(self, amount: Decimal) -> String {
        match self {
            Self::Fixed if amount.is_zero() => "0".to_owned(),
            Self::Fixed => format!("{amount:.2}"),
            Self::Trimmed => amount.normalize().to_string(),
        }
    }
}

/// One printed figure that a reader must find.
#[derive(Debug, Clone)]
pub struct Fact {
    /// Metric of the dictionary.
    pub metric: &'static str,
    /// `amount`, `share`, `yoy_abs`, `yoy_pct`, `completion` or `count`.
    pub measure: &'static str,
    /// The year that it is of.
    pub period: u16,
    /// `final` or `initial_budget`.
    pub phase: &'static str,
    /// Functional classification.
    pub func_code: Option<String>,
    /// Economic classification.
    pub econ_code: Option<String>,
    /// Project that it is of.
    pub project: Option<String>,
    /// Value in the base unit: 元, percent, or a count.
    pub value: Decimal,
    /// The literal.
    pub printed: String,
    /// `narrative`, `table` or `form`.
    pub basis: &'static str,
}

/// What a figure is of: a metric, and where needed a code or a project.
#[derive(Debug, Clone)]
pub struct Key {
    metric: &'static str,
    func_code: Option<String>,
    econ_code: Option<String>,
    project: Option<String>,
}

impl From<&'static str> for Key {
    fn from(metric: &'static str) -> Self {
        Self { metric, func_code: None, econ_code: None, project: None }
    }
}

impl Key {
    /// A metric under a functional code.
    pub fn func(metric: &'static str, code: &str) -> Self {
        Self { func_code: Some(code.to_owned()), ..metric.into() }
    }

    /// A metric under an economic code.
    pub fn econ(metric: &'static str, code: &str) -> Self {
        Self { econ_code: Some(code.to_owned()), ..metric.into() }
    }

    /// A metric of a project.
    pub fn project(metric: &'static str, project: &str) -> Self {
        Self { project: Some(project.to_owned()), ..metric.into() }
    }

    /// The fact that `printed` states about it.
    pub fn fact(&self, measure: &'static str, period: u16, value: Decimal, printed: &str) -> Fact {
        Fact {
            metric: self.metric,
            measure,
            period,
            phase: "final",
            func_code: self.func_code.clone(),
            econ_code: self.econ_code.clone(),
            project: self.project.clone(),
            value: value.normalize(),
            printed: printed.to_owned(),
            basis: "narrative",
        }
    }
}

/// 元 in one 万元.
pub fn yuan(amount: Decimal) -> Decimal {
    amount * Decimal::from(10_000)
}

/// `part` in percent of `whole`, two decimals, halves away from zero; zero where there is no whole.
pub fn percent(part: Decimal, whole: Decimal) -> Decimal {
    if whole.is_zero() {
        return Decimal::ZERO;
    }
    let exact = part * Decimal::ONE_HUNDRED / whole;
    exact.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// Prints a percentage as the departments do: `100%`, `0%`, `41.40%`.
pub fn print_percent(value: Decimal) -> String {
    if value.fract().is_zero() { format!("{}%", value.trunc()) } else { format!("{value:.2}%") }
}
