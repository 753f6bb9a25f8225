//! What people read: the figures of a finding as they are printed, put into the words of the identity files.

use rust_decimal::Decimal;

use super::evidence::{Evidence, code_of};
use super::verdict::{Standing, Verdict};
use crate::forms::identities::{Assertion, Expr, Heading, MetricRef, Operator, Relation, Text};
use crate::model::{Fact, Finding, FindingStatus, Location, Measure, Section, Severity, Unit};

/// The language of titles, messages and hints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl Language {
    /// The text in this language.
    #[must_use]
    pub fn of(self, text: &Text) -> &str {
        match self {
            Self::Zh => &text.zh,
            Self::En => &text.en,
        }
    }

    pub(super) fn pause(self) -> &'static str {
        self.pick("；", "; ")
    }

    fn pick(self, zh: &'static str, en: &'static str) -> &'static str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

/// Sums of more figures than this are shortened in messages.
const SHOWN_ADDENDS: usize = 14;

/// Says that two sides differ, with both as printed.
pub(super) fn violated(
    assertion: &Assertion,
    verdict: &Verdict<'_>,
    evidence: &Evidence<'_>,
    language: Language,
) -> String {
    let unit = verdict.figures.iter().flatten().next().map_or(Unit::Yuan, |f| f.printed_unit.unwrap_or(f.unit));
    let mut figures = verdict.figures.iter();
    let formula = assertion.formulas.first();
    let mut side = |expr: Option<&Expr>, value| expr.map_or(String::new(), |e| side(e, &mut figures, unit, value));
    let left = side(formula.map(|f| &f.left), verdict.left.mid);
    let right = side(formula.map(|f| &f.right), verdict.right.mid);
    let points = if unit == Unit::Percent { language.pick("个百分点", " percentage points") } else { unit.word() };
    let delta = format!("{}{points}", in_unit(verdict.delta().abs(), unit));
    let relation = match formula.map(|f| f.relation) {
        Some(Relation::AtMost) => language.pick("大于", "exceeds"),
        Some(Relation::AtLeast) => language.pick("小于", "is less than"),
        _ => language.pick("不等于", "differs from"),
    };
    let subject = subject(assertion, verdict, evidence, language);
    let body = match language {
        Language::Zh => format!("{subject}{left} {relation} {right}，相差{delta}"),
        Language::En => format!("{subject}{left} {relation} {right} by {delta}"),
    };
    let title = assertion.message.as_ref().unwrap_or(&assertion.heading.title);
    format!("{}{}{body}", language.of(title), language.pick("：", ": "))
}

/// One side: the figures as printed, and what they come to where that is not one of them.
fn side<'f>(expr: &Expr, figures: &mut impl Iterator<Item = &'f Vec<&'f Fact>>, unit: Unit, value: Decimal) -> String {
    let text = spell(expr, figures, unit);
    let is_one_figure = !text.contains([' ', '×', '÷']);
    match is_one_figure {
        true if text.ends_with(|c: char| c.is_ascii_digit() || c == ')') => format!("{text}{}", unit.word()),
        true => text,
        false => format!("{text} = {}{}", in_unit(value, unit), unit.word()),
    }
}

/// What the first figure is of: its metric where the assertion is about many, its code, name or project.
fn subject(assertion: &Assertion, verdict: &Verdict<'_>, evidence: &Evidence<'_>, language: Language) -> String {
    let Some(fact) = verdict.figures.iter().flatten().next() else { return String::new() };
    let anchor = assertion.formulas.first().and_then(|f| f.left.first_term());
    let metric = anchor.filter(|term| term.metric == MetricRef::Each).map(|_| evidence.label(&fact.metric, language));
    let name = fact.func_name.as_deref().or(fact.econ_name.as_deref()).or(fact.project.as_deref());
    let words = [metric, code_of(fact), name].into_iter().flatten().collect::<Vec<_>>().join(" ");
    if words.is_empty() { String::new() } else { format!("{words} ") }
}

/// Writes a side with its figures as printed: `671.90 + 41.13 - 3.00`. What is not printed is left out.
fn spell<'f>(expr: &Expr, figures: &mut impl Iterator<Item = &'f Vec<&'f Fact>>, unit: Unit) -> String {
    match expr {
        Expr::Number(number) => number.to_string(),
        Expr::Term(_) => figures.next().and_then(|f| f.first()).map_or("0".to_owned(), |fact| literal(fact, unit)),
        Expr::Sum(_) => figures.next().map_or(String::new(), |f| addends(f, unit)),
        Expr::Abs(inner) => without_signs(&spell(inner, figures, unit)),
        Expr::Pair(a, operator, b) => {
            let (a, b_text) = (spell(a, figures, unit), spell(b, figures, unit));
            match operator {
                Operator::Add | Operator::Subtract if b_text == "0" => return a,
                Operator::Add if a == "0" => return b_text,
                Operator::Subtract if b_text.starts_with("(-") => return format!("{a} + {}", without_signs(&b_text)),
                _ => {}
            }
            let b = if matches!(**b, Expr::Pair(..)) { format!("({b_text})") } else { b_text };
            format!("{a} {} {b}", sign(*operator))
        }
    }
}

/// Figures in brackets with a minus, as [`literal`] writes them, without either.
fn without_signs(text: &str) -> String {
    let mut pieces = text.split("(-");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| text + &piece.replacen(')', "", 1))
}

fn addends(facts: &[&Fact], unit: Unit) -> String {
    let shown: Vec<&&Fact> = facts.iter().filter(|fact| !fact.value.is_zero()).collect();
    let mut words: Vec<String> = shown.iter().take(SHOWN_ADDENDS).map(|fact| literal(fact, unit)).collect();
    if shown.len() > SHOWN_ADDENDS {
        words.push("…".to_owned());
    }
    words.join(" + ")
}

/// A change is printed without its sign, so that its literal alone would mislead; so would one in another unit.
fn literal(fact: &Fact, unit: Unit) -> String {
    let is_change = matches!(fact.measure, Measure::YoyAbs | Measure::YoyPct);
    let signless = is_change && fact.value.is_sign_negative() && !fact.printed.starts_with(['-', '－', '−']);
    let printed = fact.printed.trim().trim_end_matches(['%', '％']).trim();
    let own = fact.printed_unit.unwrap_or(fact.unit);
    let other = if own != unit && own.is_money() && unit.is_money() { own.word() } else { "" };
    if signless { format!("(-{printed}{other})") } else { format!("{printed}{other}") }
}

fn sign(operator: Operator) -> &'static str {
    match operator {
        Operator::Add => "+",
        Operator::Subtract => "-",
        Operator::Multiply => "×",
        Operator::Divide => "÷",
    }
}

pub(super) fn in_unit(value: Decimal, unit: Unit) -> Decimal {
    (value / unit.scale()).round_dp(4).normalize()
}

/// A value in the base unit, as `lhs` and `rhs` carry it.
pub(super) fn base(value: Decimal) -> String {
    value.round_dp(6).normalize().to_string()
}

pub(super) fn standing_hint(standing: Standing, language: Language) -> Option<String> {
    let text = match standing {
        Standing::Rounded => language.pick("四舍五入可以解释", "rounding explains it"),
        Standing::Truncated => {
            language.pick("末位相差一，似未四舍五入", "off by one in the last digit, not rounded properly")
        }
        Standing::Agree | Standing::Differ => return None,
    };
    Some(text.to_owned())
}

pub(super) fn suspect(fact: &Fact, language: Language) -> String {
    match language {
        Language::Zh => format!("其余数字均经其他勾稽核实，疑为“{}”有误", fact.printed),
        Language::En => format!("other checks confirm the rest: {} is the likely fault", fact.printed),
    }
}

/// Says that a check could judge nothing for want of a figure.
pub(super) fn not_checked(heading: &Heading, missing: &str, language: Language) -> Finding {
    let title = language.of(&heading.title);
    let message = match language {
        Language::Zh => format!("未能核对“{title}”：缺少或无法确认 {missing}"),
        Language::En => format!("not checked whether {title}: {missing} is missing or in doubt"),
    };
    Finding {
        code: heading.id.clone(),
        severity: Severity::Info,
        status: FindingStatus::NotChecked,
        message,
        lhs: None,
        rhs: None,
        delta: None,
        tolerance: None,
        facts: Vec::new(),
        locations: Vec::new(),
        hint: None,
    }
}

/// A finding about words: the title, what is quoted, and where.
pub(super) fn wording(heading: &Heading, quoted: &str, places: Vec<Location>, language: Language) -> Finding {
    let title = language.of(&heading.title);
    Finding {
        code: heading.id.clone(),
        severity: heading.severity,
        status: FindingStatus::Violated,
        message: format!("{title}{}“{quoted}”", language.pick("：", ": ")),
        lhs: None,
        rhs: None,
        delta: None,
        tolerance: None,
        facts: Vec::new(),
        locations: places,
        hint: None,
    }
}

/// The heading of a section as a person names it.
pub(super) fn heading_of(section: &Section) -> String {
    format!("{}{}", section.label, section.title)
}
