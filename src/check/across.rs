//! Are reports true to each other? Holds the figures of one report against those of another: last year's, the
//! budget, another copy, the units of a department. Takes reports as a dataset holds them; which figures are
//! compared is data (`[[across]]` of the identity files). A report whose counterpart is absent is not checked.

use std::collections::BTreeMap;

use regex::Regex;

use super::evidence::{Evidence, is_whole, phase_of};
use super::interval::Interval;
use super::message::{self, Language};
use super::verdict::{self, Standing};
use crate::forms::Forms;
use crate::forms::identities::{Across, Each, Identities, Relative, Side, Tolerance};
use crate::model::{Basis, CheckCounts, EntityLevel, Fact, Finding, Measure, Phase, Report, Severity, Unit, fold_text};

/// Below this confidence a figure accuses nobody.
const DOUBTFUL: f32 = 0.5;

/// What the checks over many reports have to say.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Crossings {
    /// How many comparisons came out which way, by report; one without a counterpart is not checked.
    pub counts: Vec<CheckCounts>,
    /// Position of the report that is judged, and what is wrong with it, in the order of the reports.
    pub findings: Vec<(usize, Finding)>,
}

/// Checks reports against each other. Of each only identity, figures and sections are looked at.
#[must_use]
pub fn across(identities: &Identities, reports: &[Report], forms: &Forms, language: Language) -> Crossings {
    let evidence: Vec<Evidence<'_>> = reports.iter().map(|report| Evidence::of(report, forms)).collect();
    let shelf = Shelf::of(&evidence);
    let mut crossings = Crossings { counts: vec![CheckCounts::default(); reports.len()], findings: Vec::new() };
    for (n, own) in evidence.iter().enumerate() {
        let due = identities.in_region(own.report.identity.region.as_ref());
        for entry in due.across.iter().filter(|a| a.heading.applies_to(own.report.identity.kind.as_deref())) {
            crossings.take(entry, n, &evidence, &shelf, language);
        }
    }
    crossings
}

/// Which patterns of text the checks over many reports look for.
#[must_use]
pub fn patterns(identities: &Identities) -> Vec<&Regex> {
    identities.across.iter().flat_map(|entry| entry.unless.iter().chain(&entry.perimeter)).collect()
}

impl Crossings {
    /// The counts of the `n`-th report.
    #[must_use]
    pub fn counts_of(&self, n: usize) -> CheckCounts {
        self.counts.get(n).copied().unwrap_or_default()
    }

    /// What is wrong with the `n`-th report.
    pub fn findings_of(&self, n: usize) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |(of, _)| *of == n).map(|(_, finding)| finding)
    }

    fn take(&mut self, entry: &Across, n: usize, evidence: &[Evidence<'_>], shelf: &Shelf<'_>, language: Language) {
        let Some(own) = evidence.get(n) else { return };
        let Some(counts) = self.counts.get_mut(n) else { return };
        let Some(group) = shelf.group(entry, n, own, evidence) else {
            counts.not_checked += 1;
            return;
        };
        let others: Vec<&Evidence<'_>> = group.members.iter().filter_map(|m| evidence.get(*m)).collect();
        for each in &entry.each {
            let mine = figures(own, &each.metric, entry.side);
            let theirs = sums(&others, each);
            let Some(best) = best(&mine, &theirs, group.is_part) else { continue };
            match best.standing {
                Standing::Agree | Standing::Rounded | Standing::Truncated => counts.satisfied += 1,
                Standing::Differ => {
                    counts.violated += 1;
                    self.findings.push((n, finding(entry, each, &best, own, &others, language)));
                }
            }
        }
    }
}

/// Reports by what they are, so that a counterpart is found.
struct Shelf<'a>(BTreeMap<Key<'a>, Vec<usize>>);

/// Region, body, level, kind without its level, year.
type Key<'a> = (&'a str, String, Option<bool>, &'a str, u16);

/// The reports that one is held against.
struct Group {
    members: Vec<usize>,
    /// Whether they are only some of the parts.
    is_part: bool,
}

impl<'a> Shelf<'a> {
    fn of(evidence: &[Evidence<'a>]) -> Self {
        let mut shelf: BTreeMap<Key<'a>, Vec<usize>> = BTreeMap::new();
        for (n, own) in evidence.iter().enumerate() {
            if let Some(key) = key(own.report) {
                shelf.entry(key).or_default().push(n);
            }
        }
        Self(shelf)
    }

    fn group(&self, entry: &Across, n: usize, own: &Evidence<'a>, evidence: &[Evidence<'a>]) -> Option<Group> {
        let own_key = key(own.report)?;
        let (region, body, level, family, year) = own_key.clone();
        let at = |family: &'a str, year: u16| self.0.get(&(region, body.clone(), level, family, year));
        let one = |found: Option<&Vec<usize>>| {
            let [only] = found?.as_slice() else { return None };
            Some(Group { members: vec![*only], is_part: false })
        };
        match entry.relative {
            Relative::LastYear => one(at(family, year.checked_sub(1)?)),
            Relative::Budget => one(at("budget", year)),
            Relative::Twin => {
                // The first of them is held against the next, so that a pair is told once.
                let twins = at(family, year)?;
                let next = twins.iter().position(|t| *t == n).and_then(|p| twins.get(p + 1))?;
                Some(Group { members: vec![*next], is_part: false })
            }
            Relative::Units => self.units(entry, &own_key, own, evidence),
            Relative::Departments => {
                let of = |(r, _, l, f, y): &Key<'a>| {
                    *r == region && *l == Some(true) && *f == "final_accounts" && *y == year
                };
                let members: Vec<usize> =
                    self.0.iter().filter(|(k, _)| of(k)).filter_map(|(_, v)| v.first()).copied().collect();
                (!members.is_empty()).then_some(Group { members, is_part: true })
            }
        }
    }

    /// The units of the region that a department names; complete when it says how many there are.
    fn units(&self, entry: &Across, own_key: &Key<'a>, own: &Evidence<'a>, evidence: &[Evidence<'a>]) -> Option<Group> {
        let (region, _, level, family, year) = own_key;
        if *level != Some(true) {
            return None;
        }
        let text: String = own.report.sections.iter().map(|s| fold_text(&s.text)).collect();
        let is_unit = |(r, _, l, f, y): &Key<'a>| (r, f, y) == (region, family, year) && *l == Some(false);
        let named = |n: &usize| {
            let name =
                evidence.get(*n).and_then(|e| e.report.identity.entity.as_deref()).map(fold_text).unwrap_or_default();
            !name.is_empty() && text.contains(name.as_ref())
        };
        let all = self.0.iter().filter(|(k, _)| is_unit(k)).filter_map(|(_, v)| v.first()).copied();
        let members: Vec<usize> = all.filter(named).collect();
        let count =
            entry.perimeter.as_ref().and_then(|p| p.captures(&text)?.name("count")?.as_str().parse::<usize>().ok());
        (!members.is_empty()).then(|| Group { is_part: count != Some(members.len()), members })
    }
}

fn key(report: &Report) -> Option<Key<'_>> {
    let identity = &report.identity;
    let region = identity.region.as_ref().map_or("", |r| r.code.as_deref().unwrap_or(&r.name));
    let level = identity.entity_level.map(|level| level == EntityLevel::Department);
    let kind = identity.kind.as_deref()?;
    let family = kind.split('.').next().unwrap_or(kind);
    Some((region, fold_text(identity.entity.as_deref()?).into_owned(), level, family, identity.fiscal_year?))
}

/// What a figure may be, and the facts that say so.
struct Figure<'a> {
    value: Interval,
    facts: Vec<&'a Fact>,
}

/// The differing prints of a figure.
fn figures<'a>(evidence: &Evidence<'a>, metric: &str, side: Side) -> Vec<Figure<'a>> {
    let is_budget = evidence.report.identity.kind.as_deref().is_some_and(|kind| kind.starts_with("budget."));
    let own_phase = if is_budget { Phase::InitialBudget } else { Phase::Final };
    let year = evidence.report.identity.fiscal_year;
    match side {
        Side::Own => printed(evidence, metric, year, own_phase),
        Side::InitialBudget => printed(evidence, metric, year, Phase::InitialBudget),
        Side::Prior => {
            let stated = printed(evidence, metric, year.and_then(|y| y.checked_sub(1)), own_phase);
            if stated.is_empty() { before_change(evidence, metric, year, own_phase) } else { stated }
        }
    }
}

fn printed<'a>(evidence: &Evidence<'a>, metric: &str, year: Option<u16>, phase: Phase) -> Vec<Figure<'a>> {
    let facts = reliable(evidence, metric, year, phase).filter(|fact| fact.measure == Measure::Amount);
    facts.filter_map(|fact| Some(Figure { value: evidence.value_of(fact, false)?, facts: vec![fact] })).collect()
}

fn reliable<'e, 'a>(
    evidence: &'e Evidence<'a>,
    metric: &str,
    year: Option<u16>,
    phase: Phase,
) -> impl Iterator<Item = &'a Fact> + use<'e, 'a> {
    let is_reliable = move |fact: &&'a Fact| {
        matches!(fact.basis, Basis::Table | Basis::Narrative)
            && fact.confidence >= DOUBTFUL
            && fact.project.is_none()
            && evidence.body_of(fact).is_none()
            && is_whole(fact)
            && phase_of(fact) == phase
            && evidence.year_of(fact) == year
    };
    evidence.of_metric(metric).iter().copied().filter(is_reliable)
}

/// The figure of the year less its change.
fn before_change<'a>(evidence: &Evidence<'a>, metric: &str, year: Option<u16>, phase: Phase) -> Vec<Figure<'a>> {
    let changes = reliable(evidence, metric, year, phase).filter(|fact| fact.measure == Measure::YoyAbs);
    let own = printed(evidence, metric, year, phase);
    let pairs = changes.flat_map(|change| own.iter().map(move |own| (change, own)));
    let before = pairs.filter_map(|(change, own)| {
        let value = own.value.subtract(evidence.value_of(change, false)?)?;
        Some(Figure { value, facts: own.facts.iter().copied().chain([change]).collect() })
    });
    before.collect()
}

/// The prints of one other report, or the sum of the first prints of many.
fn sums<'a>(others: &[&Evidence<'a>], each: &Each) -> Vec<Figure<'a>> {
    let metric = each.whole.as_deref().unwrap_or(&each.metric);
    if let [only] = others {
        return figures(only, metric, Side::Own);
    }
    let mut total = Interval::exact(rust_decimal::Decimal::ZERO);
    for other in others {
        let Some(first) = figures(other, metric, Side::Own).into_iter().next() else { return Vec::new() };
        let Some(sum) = total.add(first.value) else { return Vec::new() };
        total = sum;
    }
    vec![Figure { value: total, facts: Vec::new() }]
}

struct Best<'f, 'a> {
    standing: Standing,
    mine: &'f Figure<'a>,
    theirs: &'f Figure<'a>,
}

/// The pair of prints that stands best; parts may come to less than their whole.
fn best<'f, 'a>(mine: &'f [Figure<'a>], theirs: &'f [Figure<'a>], is_part: bool) -> Option<Best<'f, 'a>> {
    let pairs = mine.iter().flat_map(|mine| theirs.iter().map(move |theirs| (mine, theirs)));
    let judged = pairs.map(|(mine, theirs)| {
        let (standing, _) = if is_part {
            verdict::at_most(&theirs.value, &mine.value)
        } else if mine.facts.len() > 1 || theirs.facts.is_empty() {
            verdict::equal(&mine.value, &theirs.value, Tolerance::Sum)
        } else {
            verdict::equal(&mine.value, &theirs.value, Tolerance::Same)
        };
        Best { standing, mine, theirs }
    });
    judged.min_by_key(|best| best.standing)
}

fn finding(
    entry: &Across,
    each: &Each,
    best: &Best<'_, '_>,
    own: &Evidence<'_>,
    others: &[&Evidence<'_>],
    language: Language,
) -> Finding {
    let unit = best.mine.facts.first().map_or(Unit::Yuan, |fact| fact.printed_unit.unwrap_or(fact.unit));
    let side = |value: rust_decimal::Decimal| format!("{}{}", message::in_unit(value, unit), unit.word());
    let (mine, theirs) = (best.mine.value.mid, best.theirs.value.mid);
    let name = own.label(&each.metric, language);
    let sources: Vec<&str> = others.iter().take(3).map(|other| other.report.source.path.as_str()).collect();
    let more = if others.len() > sources.len() { " …" } else { "" };
    let quoted = format!("{name} {} ≠ {} ({}{more})", side(mine), side(theirs), sources.join(", "));
    let places = best.mine.facts.iter().map(|fact| fact.location.clone()).collect();
    let mut finding = message::wording(&entry.heading, &quoted, places, language);
    finding.facts = best.mine.facts.iter().map(|fact| fact.id.clone()).collect();
    finding.lhs = Some(message::base(mine));
    finding.rhs = Some(message::base(theirs));
    finding.delta = Some((mine - theirs).normalize());
    finding.tolerance = Some((best.mine.value.half() + best.theirs.value.half()).normalize());
    finding.hint = entry.hint.as_ref().map(|text| language.of(text).to_owned());
    if entry.unless.as_ref().is_some_and(|unless| explains(unless, own.report)) {
        finding.severity = Severity::Info;
    }
    finding
}

/// Whether the report itself tells why the figures may differ.
fn explains(unless: &Regex, report: &Report) -> bool {
    report.sections.iter().any(|section| unless.is_match(&fold_text(&section.text)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::report;
    use super::*;

    fn of(year: u16, kind: &str, lines: &str) -> Report {
        let mut report = report(&lines.replace("YEAR", &year.to_string()));
        report.identity.fiscal_year = Some(year);
        report.identity.kind = Some(kind.to_owned());
        report.identity.entity_level = Some(EntityLevel::Department);
        for fact in &mut report.facts {
            let of_last = fact.period.as_deref() == Some("2029");
            fact.period = Some(if of_last { year - 1 } else { year }.to_string());
        }
        report
    }

    fn found(reports: &[Report]) -> Vec<(usize, String, Severity)> {
        let forms = Forms::builtin();
        let crossings = across(&forms.identities, reports, forms, Language::Zh);
        crossings.findings.into_iter().map(|(n, f)| (n, f.code, f.severity)).collect()
    }

    const LAST: &str = "
        revenue_expenditure_summary bal.close amount 42.18
        revenue_expenditure_summary exp.current amount 730.27";
    const NOW: &str = "
        revenue_expenditure_summary bal.open amount 42.18
        revenue_expenditure_summary exp.current amount 801.47
        text exp.current yoy_abs 71.20";

    #[test]
    fn a_year_opens_with_what_the_last_one_left() {
        let final_accounts = "final_accounts.department";
        let (last, now) = (of(2030, final_accounts, LAST), of(2031, final_accounts, NOW));
        assert_eq!(found(&[last.clone(), now]), []);
        let other = of(2031, final_accounts, &NOW.replace("bal.open amount 42.18", "bal.open amount 40.18"));
        assert_eq!(found(&[last.clone(), other.clone()]), [(1, "XR-01".to_owned(), Severity::Error)]);
        let section = crate::model::Section {
            text: "年初结转和结余经财政部门调整减少2.00万元。".into(),
            ..Default::default()
        };
        let told = Report { sections: vec![section], ..other };
        assert_eq!(found(&[last, told]), [(1, "XR-01".to_owned(), Severity::Info)]);
    }

    #[test]
    fn the_base_of_a_change_is_what_last_year_printed() {
        let final_accounts = "final_accounts.department";
        let last = of(2030, final_accounts, &LAST.replace("730.27", "720.27"));
        let now = of(2031, final_accounts, NOW);
        assert_eq!(found(&[last, now]), [(1, "XR-02".to_owned(), Severity::Error)]);
    }

    #[test]
    fn without_a_counterpart_nothing_is_checked() {
        let forms = Forms::builtin();
        let crossings = across(&forms.identities, &[of(2031, "final_accounts.department", NOW)], forms, Language::Zh);
        let counts = crossings.counts_of(0);
        assert_eq!((counts.satisfied, counts.violated), (0, 0));
        assert!(counts.not_checked > 0);
    }

    #[test]
    fn the_initial_budget_of_the_accounts_is_that_of_the_budget() {
        let budget = of(2031, "budget.department", "three_public tp.total amount@budget 6.50");
        let accounts =
            |amount: &str| of(2031, "final_accounts.department", &format!("text tp.total amount@budget {amount}"));
        assert_eq!(found(&[budget.clone(), accounts("6.50")]), []);
        assert_eq!(found(&[budget, accounts("6.80")]), [(1, "XR-03".to_owned(), Severity::Error)]);
    }

    #[test]
    fn units_may_come_to_less_than_their_department_but_not_to_more() {
        let unit = |name: &str, amount: &str| {
            let mut unit = of(2031, "final_accounts.unit", &format!("gpb_expenditure gpb.exp amount {amount}"));
            unit.identity.entity = Some(name.to_owned());
            unit.identity.entity_level = Some(EntityLevel::Unit);
            unit
        };
        let department = |text: &str| {
            let section = crate::model::Section { text: text.to_owned(), ..Default::default() };
            let whole = of(2031, "final_accounts.department", "gpb_expenditure gpb.exp amount 100.00");
            Report { sections: vec![section], ..whole }
        };
        let units = |second: &str| vec![unit("甲站", "60.00"), unit("乙站", second)];
        let all = |text: &str, second: &str| found(&[vec![department(text)], units(second)].concat());
        assert_eq!(all("所属单位有甲站、乙站。", "30.00"), []);
        assert_eq!(all("所属单位有甲站、乙站。", "41.00"), [(0, "XR-04".to_owned(), Severity::Error)]);
        assert_eq!(all("所属单位共2个，即甲站、乙站。", "30.00"), [(0, "XR-04".to_owned(), Severity::Error)]);
        assert_eq!(all("所属单位共2个，即甲站、乙站。", "40.00"), []);
    }

    #[test]
    fn two_copies_that_differ_are_told_once() {
        let copies =
            [of(2031, "final_accounts.unit", NOW), of(2031, "final_accounts.unit", &NOW.replace("801.47", "801.74"))];
        assert_eq!(found(&copies), [(0, "XR-07".to_owned(), Severity::Info)]);
    }
}
