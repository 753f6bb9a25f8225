//! The formulas of identity files: `total.in = rev.current + bal.open?`. Text goes in, an [`Expr`] on either
//! side of a [`Relation`] comes out; nothing is evaluated here.
//!
//! ```text
//! formula = expr ("=" | "<=" | ">=") expr
//! expr    = product (("+" | "-") product)*
//! product = factor (("*" | "/") factor)*
//! factor  = number | "(" expr ")" | "abs(" expr ")" | "sum(" term ")" | measure "(" term ")" | term
//! term    = [source ":"] metric ["[" code "]"] ["{" fund "}"] ["@" phase] ["?"]
//! ```
//!
//! A term ending in `?` counts as zero where it is not printed. `x` stands for each metric of the identity's
//! list and `whole` for the metric that the list pairs with it.

use rust_decimal::Decimal;

use crate::model::{Fund, Measure, Phase};

/// A parsed formula.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    /// Left side; its first term is the one that an instance starts from.
    pub left: Expr,
    /// How the sides must stand to each other.
    pub relation: Relation,
    /// Right side.
    pub right: Expr,
}

/// How two sides must stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// `=`
    Equal,
    /// `<=`
    AtMost,
    /// `>=`
    AtLeast,
}

/// One side of a formula, or a part of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A number of the formula itself, such as the 100 of a percentage.
    Number(Decimal),
    /// One printed figure.
    Term(Term),
    /// Every figure that fits the term, added up.
    Sum(Term),
    /// The value without its sign.
    Abs(Box<Expr>),
    /// Two parts and what joins them.
    Pair(Box<Expr>, Operator, Box<Expr>),
}

/// What joins two parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// Which printed figure is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// `text`, `table`, `annex`, `form`, `chart`, or a name of the file's `[tables]`.
    pub source: Option<String>,
    /// The metric.
    pub metric: MetricRef,
    /// What about it is said; `None` is the thing itself, be it an amount, a count or a score.
    pub measure: Option<Measure>,
    /// Whether it is of the year before the instance's.
    pub previous: bool,
    /// Which classification code.
    pub code: CodeRef,
    /// Part of a figure that is printed by fund.
    pub fund: Option<Fund>,
    /// Stage of the budget.
    pub phase: PhaseRef,
    /// Whether an absent figure counts as zero.
    pub optional: bool,
}

/// A metric by name or by its role in the identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MetricRef {
    /// An id of the metric dictionary.
    Named(String),
    /// `x`: the one that the instance is about.
    Each,
    /// `whole`: what the identity pairs with `x`.
    Whole,
}

/// Which classification code a term takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeRef {
    /// A figure without any code.
    Uncoded,
    /// `[code]`: the instance's.
    Same,
    /// `[child]`: two digits longer than the instance's, and starting with it.
    Child,
    /// `[leaf]`: seven digits, and starting with the instance's.
    Leaf,
    /// `[lowest]`: any that no other of the list lies below, so that a list may stop at different ranks.
    Lowest,
    /// `[class]`, `[section]`, `[item]`: any of 3, 5 or 7 digits.
    Digits(usize),
    /// A code spelt out, such as `[302]`.
    Literal(String),
}

/// Which stage of the budget a term takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhaseRef {
    /// The instance's.
    Same,
    /// The one named.
    Only(Phase),
    /// `@budget`: initial or adjusted, whichever is printed.
    AnyBudget,
    /// `@any`: whichever is printed.
    Any,
}

impl Formula {
    /// Parses a formula.
    ///
    /// # Errors
    /// In words, with the column from 1, when the text does not follow the grammar above.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parser = Parser { chars: text.chars().collect(), at: 0, depth: 0 };
        let left = parser.expr()?;
        let relation = parser.relation()?;
        let right = parser.expr()?;
        parser.end()?;
        let formula = Self { left, relation, right };
        match formula.left.first_term() {
            Some(term) if !term.optional => Ok(formula),
            Some(_) => Err("column 1: the first term on the left side may not be optional".to_owned()),
            None => Err("column 1: the left side has no term".to_owned()),
        }
    }
}

impl Expr {
    /// The first term in reading order.
    #[must_use]
    pub fn first_term(&self) -> Option<&Term> {
        match self {
            Self::Number(_) => None,
            Self::Term(term) | Self::Sum(term) => Some(term),
            Self::Abs(inner) => inner.first_term(),
            Self::Pair(a, _, b) => a.first_term().or_else(|| b.first_term()),
        }
    }

    /// Shows every term, in reading order, to `visit`; the flag says whether it is under a `sum`.
    pub fn visit_terms<'a>(&'a self, visit: &mut impl FnMut(&'a Term, bool)) {
        match self {
            Self::Number(_) => {}
            Self::Term(term) => visit(term, false),
            Self::Sum(term) => visit(term, true),
            Self::Abs(inner) => inner.visit_terms(visit),
            Self::Pair(a, _, b) => {
                a.visit_terms(visit);
                b.visit_terms(visit);
            }
        }
    }
}

/// Brackets may nest this deep; the formulas of the field need two.
const MAX_DEPTH: usize = 16;

struct Parser {
    chars: Vec<char>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn expr(&mut self) -> Result<Expr, String> {
        let mut left = self.product()?;
        while let Some(operator) = self.operator(&[('+', Operator::Add), ('-', Operator::Subtract)]) {
            left = Expr::Pair(Box::new(left), operator, Box::new(self.product()?));
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Expr, String> {
        let mut left = self.factor()?;
        while let Some(operator) = self.operator(&[('*', Operator::Multiply), ('/', Operator::Divide)]) {
            left = Expr::Pair(Box::new(left), operator, Box::new(self.factor()?));
        }
        Ok(left)
    }

    fn factor(&mut self) -> Result<Expr, String> {
        match self.peek() {
            Some('(') => self.bracketed(),
            Some(c) if c.is_ascii_digit() => self.number(),
            _ => self.call_or_term(),
        }
    }

    fn bracketed(&mut self) -> Result<Expr, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.fail("too many brackets");
        }
        self.expect('(')?;
        let inner = self.expr()?;
        self.expect(')')?;
        self.depth -= 1;
        Ok(inner)
    }

    fn number(&mut self) -> Result<Expr, String> {
        let digits = self.take_while(|c| c.is_ascii_digit() || c == '.');
        digits.parse().map(Expr::Number).or_else(|_| self.fail("not a number"))
    }

    fn call_or_term(&mut self) -> Result<Expr, String> {
        let word = self.word()?;
        if self.peek() != Some('(') {
            return self.term_from(word).map(Expr::Term);
        }
        match word.as_str() {
            "abs" => self.bracketed().map(|inner| Expr::Abs(Box::new(inner))),
            "sum" => self.argument().map(Expr::Sum),
            "prev" => self.argument().map(|term| Expr::Term(Term { previous: true, ..term })),
            _ => {
                let Some(measure) = measure(&word) else {
                    return self
                        .fail("no such function; there are sum, abs, prev, share, yoy_abs, yoy_pct, completion");
                };
                self.argument().map(|term| Expr::Term(Term { measure: Some(measure), ..term }))
            }
        }
    }

    fn argument(&mut self) -> Result<Term, String> {
        self.expect('(')?;
        let word = self.word()?;
        let term = self.term_from(word)?;
        self.expect(')')?;
        Ok(term)
    }

    fn term_from(&mut self, word: String) -> Result<Term, String> {
        let (source, name) = if self.take(':') { (Some(word), self.word()?) } else { (None, word) };
        let metric = match name.as_str() {
            "x" => MetricRef::Each,
            "whole" => MetricRef::Whole,
            _ => MetricRef::Named(name),
        };
        let code = if self.take('[') { self.code()? } else { CodeRef::Uncoded };
        let fund = if self.take('{') { Some(self.fund()?) } else { None };
        let phase = if self.take('@') { self.phase()? } else { PhaseRef::Same };
        let optional = self.take('?');
        Ok(Term { source, metric, measure: None, previous: false, code, fund, phase, optional })
    }

    fn code(&mut self) -> Result<CodeRef, String> {
        let word = self.take_while(|c| c.is_ascii_alphanumeric());
        self.expect(']')?;
        match word.as_str() {
            "code" => Ok(CodeRef::Same),
            "child" => Ok(CodeRef::Child),
            "leaf" => Ok(CodeRef::Leaf),
            "lowest" => Ok(CodeRef::Lowest),
            "class" => Ok(CodeRef::Digits(3)),
            "section" => Ok(CodeRef::Digits(5)),
            "item" => Ok(CodeRef::Digits(7)),
            digits if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => Ok(CodeRef::Literal(word)),
            _ => self.fail("a code is code, child, leaf, lowest, class, section, item or digits"),
        }
    }

    fn fund(&mut self) -> Result<Fund, String> {
        let word = self.take_while(|c| c.is_ascii_alphabetic());
        self.expect('}')?;
        match word.as_str() {
            "gpb" => Ok(Fund::Gpb),
            "gf" => Ok(Fund::Gf),
            "soc" => Ok(Fund::Soc),
            _ => self.fail("a fund is gpb, gf or soc"),
        }
    }

    fn phase(&mut self) -> Result<PhaseRef, String> {
        let word = self.take_while(|c| c.is_ascii_alphabetic() || c == '_');
        match word.as_str() {
            "budget" => Ok(PhaseRef::AnyBudget),
            "any" => Ok(PhaseRef::Any),
            "final" => Ok(PhaseRef::Only(Phase::Final)),
            "initial_budget" => Ok(PhaseRef::Only(Phase::InitialBudget)),
            "adjusted_budget" => Ok(PhaseRef::Only(Phase::AdjustedBudget)),
            "execution" => Ok(PhaseRef::Only(Phase::Execution)),
            _ => self.fail("a phase is any, budget, final, initial_budget, adjusted_budget or execution"),
        }
    }

    fn relation(&mut self) -> Result<Relation, String> {
        if self.take('=') {
            return Ok(Relation::Equal);
        }
        if self.take('<') && self.take('=') {
            return Ok(Relation::AtMost);
        }
        if self.take('>') && self.take('=') {
            return Ok(Relation::AtLeast);
        }
        self.fail("expected =, <= or >=")
    }

    fn end(&mut self) -> Result<(), String> {
        if self.peek().is_none() { Ok(()) } else { self.fail("expected the end of the formula") }
    }

    fn word(&mut self) -> Result<String, String> {
        self.skip_space();
        let word = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
        if word.is_empty() { self.fail("expected a metric") } else { Ok(word) }
    }

    fn operator(&mut self, among: &[(char, Operator)]) -> Option<Operator> {
        let next = self.peek()?;
        let found = among.iter().find(|(c, _)| *c == next)?;
        self.at += 1;
        Some(found.1)
    }

    fn expect(&mut self, c: char) -> Result<(), String> {
        if self.take(c) { Ok(()) } else { self.fail(&format!("expected {c}")) }
    }

    fn take(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.at += usize::from(found);
        found
    }

    fn peek(&mut self) -> Option<char> {
        self.skip_space();
        self.chars.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self.chars.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> String {
        let word: String = self.chars.iter().skip(self.at).take_while(|c| keep(**c)).collect();
        self.at += word.chars().count();
        word
    }

    fn fail<T>(&self, reason: &str) -> Result<T, String> {
        Err(format!("column {}: {reason}", self.at + 1))
    }
}

fn measure(word: &str) -> Option<Measure> {
    match word {
        "share" => Some(Measure::Share),
        "yoy_abs" => Some(Measure::YoyAbs),
        "yoy_pct" => Some(Measure::YoyPct),
        "completion" => Some(Measure::Completion),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_keeps_the_order_and_rank_of_its_parts() {
        let formula = Formula::parse("yoy_pct(x) = 100 * yoy_abs(x) / (x - yoy_abs(x))").expect("parses");
        assert_eq!(formula.relation, Relation::Equal);
        let Expr::Pair(product, Operator::Divide, _) = &formula.right else { panic!("{:?}", formula.right) };
        assert!(matches!(**product, Expr::Pair(_, Operator::Multiply, _)));
    }

    #[test]
    fn a_term_tells_source_code_fund_phase_and_whether_it_may_be_absent() {
        let formula = Formula::parse("T4:fin.exp.func[code]{gpb}@initial_budget <= rev.soc?").expect("parses");
        let term = formula.left.first_term().expect("a term");
        assert_eq!(term.source.as_deref(), Some("T4"));
        assert_eq!(term.code, CodeRef::Same);
        assert_eq!(term.fund, Some(Fund::Gpb));
        assert_eq!(term.phase, PhaseRef::Only(Phase::InitialBudget));
        assert!(formula.right.first_term().is_some_and(|t| t.optional));
    }

    #[test]
    fn a_fault_is_told_with_its_column() {
        assert_eq!(Formula::parse("a = b +").unwrap_err(), "column 8: expected a metric");
        assert_eq!(Formula::parse("a ~ b").unwrap_err(), "column 3: expected =, <= or >=");
        assert!(Formula::parse("speed(x) = 1").unwrap_err().contains("no such function"));
        assert!(Formula::parse("a? = b").unwrap_err().contains("may not be optional"));
        assert!(Formula::parse(&"(".repeat(90)).unwrap_err().contains("too many brackets"));
    }
}
