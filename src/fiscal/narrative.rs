//! Sentences become facts. A figure means what the words before it say: a term of its section names it, the words
//! just before it make it an amount, a share, a change or a completion, and what it changes is what was named last.
//! Figures that stand in the middle of words are taken by patterns with slots first.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::error::Result;
use crate::forms::expression::{Expression, Letters};
use crate::forms::narrative::{Before, Pattern, SectionForm, Slot, Words};
use crate::model::{
    Basis, Content, Fact, Folded, Literal, Location, Measure, Note, Paragraph, Phase, Role, Section, Unit, fold,
    fold_text,
};

use super::codes::OwnCodes;
use super::figures::{Amount, Origin, Subject, last_year_of, to_fact};
use super::statement::Setting;

mod figure;
mod naming;
mod scope;
mod unread;

use figure::{Claimed, Figure, figures, last_words};
use naming::{is_common_part, part_of};
use scope::Scope;
use unread::report_unread;

/// Reads all paragraphs of a document; `own` are the codes that its tables print.
///
/// # Errors
/// When the deadline passes.
pub(crate) fn read_narrative(
    content: &Content,
    own: &OwnCodes,
    setting: &Setting<'_>,
    notes: &mut Vec<Note>,
) -> Result<Vec<Fact>> {
    let Some(words) = &setting.forms.narrative.words else { return Ok(Vec::new()) };
    let by_id: BTreeMap<&str, &Section> = content.sections.iter().map(|s| (s.id.as_str(), s)).collect();
    let titles: Vec<Titles<'_>> =
        content.sections.iter().map(|s| Titles::of(&title_chain(s, &by_id), setting, words)).collect();
    let untitled = Titles::of(&[], setting, words);
    let mut facts = Vec::new();
    let mut pending = None;
    let mut unread = Vec::new();
    let mut last_section = None;
    for paragraph in &content.paragraphs {
        if !matches!(paragraph.role, Role::Body | Role::Heading | Role::Footnote) {
            continue;
        }
        if paragraph.section != last_section {
            last_section = paragraph.section;
            pending = None;
        }
        let titles = paragraph.section.and_then(|s| titles.get(s)).unwrap_or(&untitled);
        let folded = fold(&paragraph.text);
        let basis = if titles.is_annex { Basis::Annex } else { Basis::Narrative };
        let Some(section) = section_of(titles, &folded.text, setting) else { continue };
        let mut reader = Reader {
            paragraph,
            folded: &folded,
            section,
            words,
            setting,
            basis,
            facts: Vec::new(),
            pending,
            part: None,
            own,
        };
        let lost = reader.read()?;
        pending = reader.pending.take();
        facts.append(&mut reader.facts);
        unread.extend(lost);
    }
    report_unread(unread, notes);
    Ok(facts)
}

/// Titles of a section and those that hold it, innermost first, folded.
fn title_chain(section: &Section, by_id: &BTreeMap<&str, &Section>) -> Vec<String> {
    let mut titles = Vec::new();
    let mut current = Some(section);
    while let Some(section) = current.filter(|_| titles.len() < 16) {
        titles.push(fold_text(&section.title).into_owned());
        current = section.parent.as_deref().and_then(|id| by_id.get(id).copied());
    }
    titles
}

/// What the titles above a paragraph tell.
struct Titles<'f> {
    is_annex: bool,
    form: Option<&'f SectionForm>,
}

impl<'f> Titles<'f> {
    fn of(chain: &[String], setting: &Setting<'f>, words: &Words) -> Self {
        let is_annex = chain.iter().any(|t| words.annex.is_match(t));
        Self { is_annex, form: by_title(chain, is_annex, setting, words) }
    }
}

/// The form of a paragraph's section; `None` for parts to skip.
fn section_of<'f>(titles: &Titles<'f>, text: &str, setting: &Setting<'f>) -> Option<&'f SectionForm> {
    // A heading may run into its text: the first words of the paragraph are its title then.
    let lead: String = text.split(['。', ':', ';']).next().unwrap_or("").chars().take(40).collect();
    let is_lead = LEAD.as_ref().is_some_and(|r| r.is_match(&lead));
    let by_lead = if is_lead { setting.forms.narrative.section(&lead, titles.is_annex) } else { None };
    by_lead.or(titles.form)
}

/// The innermost title decides: a section with a form, or a part to skip.
fn by_title<'f>(chain: &[String], is_annex: bool, setting: &Setting<'f>, words: &Words) -> Option<&'f SectionForm> {
    for title in chain {
        if let Some(section) = setting.forms.narrative.section(title, is_annex) {
            return Some(section);
        }
        if words.skip.is_match(title) {
            return None;
        }
    }
    None
}

static LEAD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:\([一二三四五六七八九十0-9]+\)|[一二三四五六七八九十]+、|[0-9]+[、.]).*(?:情况|说明|总结)").ok()
});

/// A word of increase or decrease before a figure.
struct Direction {
    is_decrease: bool,
    /// It leads to the figure, and does not say what was added: 增加了, but not 增加设备.
    leads_on: bool,
}

struct Reader<'r> {
    paragraph: &'r Paragraph,
    folded: &'r Folded<'r>,
    section: &'r SectionForm,
    words: &'r Words,
    setting: &'r Setting<'r>,
    basis: Basis,
    facts: Vec<Fact>,
    /// A functional name whose figures follow in later sentences or paragraphs.
    pending: Option<Vec<Subject>>,
    /// `basic` or `project` after such expenditure was named: classes that follow are parts of it.
    part: Option<&'static str>,
    /// Codes that the tables of the report print.
    own: &'r OwnCodes,
}

/// Characters between a change in money and the percentage that says the same.
const NEXT: usize = 8;

impl<'r> Reader<'r> {
    /// Reads the paragraph; what could not be read comes back as notes, one a sentence, but not from annexes.
    ///
    /// # Errors
    /// When the deadline passes.
    fn read(&mut self) -> Result<Vec<Note>> {
        let text = &*self.folded.text;
        let letters = Letters::of(text);
        let mut claimed = Claimed::default();
        // A pattern has slots for figures.
        let patterns = if text.contains(char::is_numeric) { &self.section.patterns[..] } else { &[] };
        for pattern in patterns.iter().filter(|p| p.regex.may_be_in(&letters)) {
            for found in pattern.regex.captures_iter(text) {
                self.take_pattern(pattern, &found, &mut claimed);
            }
        }
        let lead = self.lead(text);
        let mut scope = Scope::of(lead.clone().or_else(|| self.pending.clone()));
        let mut notes = Vec::new();
        let mut lost = None;
        let mut gap_start = 0;
        for figure in figures(text) {
            self.setting.deadline.check()?;
            if claimed.holds(figure.start, figure.end) {
                gap_start = figure.end;
                continue;
            }
            let gap = last_words(text.get(gap_start..figure.start).unwrap_or(""));
            scope.advance(text, figure.start);
            let is_read = self.take_figure(&figure, gap, lead.as_deref(), &mut scope);
            if figure.unit.is_some() {
                gap_start = figure.end;
            }
            if is_read == Some(false) && self.basis == Basis::Narrative {
                notes.extend(self.lost_sentence(&figure, &mut lost, &notes));
            } else if self.facts.last().is_some_and(|f| f.confidence < 0.5) && figure.unit.is_none() {
                notes.push(self.assumed_unit(&figure));
            }
        }
        let rest = text.get(gap_start..).unwrap_or("");
        if let Some(chain) = self.chain(rest) {
            scope.name(vec![chain]);
        }
        self.pending = scope.subjects.filter(|s| s.iter().any(Subject::is_coded));
        Ok(notes)
    }

    fn take_pattern(&mut self, pattern: &Pattern, found: &Captures<'_>, claimed: &mut Claimed) {
        let Some(whole) = found.get(0) else { return };
        if claimed.holds(whole.start(), whole.end()) {
            return;
        }
        claimed.take(whole.start(), whole.end());
        let project = found.name("project").map(|p| p.as_str().trim_matches(['"', '“', '”']).to_owned());
        for (index, slot) in pattern.slots.iter().enumerate() {
            let Some(number) = found.name(&format!("s{index}")) else { continue };
            let word = found.name(&format!("u{index}"));
            let Some(unit) = slot_unit(slot, word.and_then(|u| Unit::parse(u.as_str()))) else { continue };
            let end = word.map_or(number.end(), |u| u.end());
            let subject = Subject { project: project.clone(), ..Subject::of(&slot.metric) };
            let figure = Figure { start: number.start(), end, number: number.as_str(), unit: Some(unit) };
            self.push(&[subject], slot.measure, None, &figure, false, 0.95);
        }
    }

    /// Reads one figure by the words before it: `Some(true)` when it became a fact, `Some(false)` when it should
    /// have, `None` when it is none of the report's figures.
    fn take_figure(
        &mut self,
        figure: &Figure<'r>,
        gap: &str,
        lead: Option<&[Subject]>,
        scope: &mut Scope,
    ) -> Option<bool> {
        let clause = gap.rsplit(['。', ';']).next().unwrap_or(gap);
        let letters = &Letters::of(clause);
        if self.is_aside(clause, letters) && self.economic(gap).is_none() {
            return None;
        }
        let named = self.named(gap, clause, letters).map(|named| self.of_item(named, scope));
        let is_strange = scope.in_unknown() && named.as_deref().is_some_and(is_common_part);
        let named = named.or_else(|| self.of_lead(clause, lead)).filter(|_| !is_strange);
        let rule = self.rule(clause, letters, figure);
        if self.is_against_budget(figure) {
            return None;
        }
        let direction = self.direction(clause, letters);
        if named.is_none() && direction.as_ref().is_some_and(|d| !d.leads_on) {
            return None;
        }
        let direction = direction.map(|d| d.is_decrease);
        let measure = match (rule.and_then(|r| r.measure), direction, figure.unit) {
            (Some(measure), _, Some(Unit::Percent)) => measure,
            (_, Some(_), Some(Unit::Percent)) => Measure::YoyPct,
            (_, Some(_), Some(_)) => Measure::YoyAbs,
            (_, None, Some(Unit::Percent)) => return None,
            (_, _, Some(_)) => Measure::Amount,
            // A number without a unit is taken only where the words before it promise an amount.
            (_, None, None) if rule.is_some_and(|r| r.phase.is_some()) && figure.number.contains('.') => {
                Measure::Amount
            }
            (_, Some(_), None) if figure.number.contains('.') => Measure::YoyPct,
            _ => return None,
        };
        let is_new = named.is_some();
        if let Some(named) = named {
            self.part = part_of(&named, self.part);
            scope.name(named);
        }
        // An amount that nothing names is no part of what was named last, unless its stage is told.
        let is_amount = measure == Measure::Amount;
        if is_amount && !is_new && rule.and_then(|r| r.phase).is_none() {
            scope.lose();
            return Some(false);
        }
        let known = match measure {
            Measure::Amount => scope.subjects.clone(),
            Measure::YoyPct if !is_new && gap.chars().count() <= NEXT => {
                scope.just_changed().or_else(|| scope.changed().cloned())
            }
            _ if self.words.each.is_match(clause) => scope.both(),
            _ => scope.changed().cloned(),
        };
        let Some(known) = known else { return Some(false) };
        scope.change(Some(known.as_slice()).filter(|_| measure == Measure::YoyAbs));
        let phase = rule.and_then(|r| r.phase).filter(|_| is_amount).map(|phase| self.stage(phase, clause));
        let confidence = match figure.unit {
            Some(_) => 0.9,
            None if is_amount && self.unit_nearby().is_none() => 0.4,
            None => 0.6,
        };
        self.push(&known, measure, Some((phase, clause)), figure, direction == Some(true), confidence);
        Some(true)
    }

    /// What the paragraph speaks of, where nothing but linking words leads from it to a figure.
    fn of_lead(&self, clause: &str, lead: Option<&[Subject]>) -> Option<Vec<Subject>> {
        lead.filter(|_| !clause.is_empty() && self.words.link.is_match(clause)).map(<[Subject]>::to_vec)
    }

    /// What the words just before a figure make of it.
    fn rule(&self, clause: &str, letters: &Letters, figure: &Figure<'_>) -> Option<&'r Before> {
        let rest = self.folded.text.get(figure.end..).unwrap_or("");
        let sentence = rest.split('。').next().unwrap_or(rest);
        let fits = |rule: &&Before| {
            rule.words.may_be_in(letters)
                && rule.words.is_match(clause)
                && rule.family.as_deref().is_none_or(|f| f == self.setting.family)
                && rule.then.as_ref().is_none_or(|then| then.is_match(sentence))
        };
        self.words.before.iter().find(fits)
    }

    /// In accounts a change against the budget is none against the year before.
    fn is_against_budget(&self, figure: &Figure<'_>) -> bool {
        let before = self.folded.text.get(..figure.start).unwrap_or("");
        let sentence = before.rsplit('。').next().unwrap_or(before);
        let near = sentence.rsplit([',', ':', ';']).next().unwrap_or(sentence);
        let is_change = || self.words.up.is_match(near) || self.words.down.is_match(near);
        let base = || self.words.base.find_iter(sentence).last();
        self.setting.family == "final_accounts"
            && sentence.contains("预算")
            && is_change()
            && base().is_some_and(|b| b.as_str().contains("预算"))
    }

    /// In accounts 预算 alone is the initial budget, or the adjusted one where the report says so.
    fn stage(&self, phase: Phase, clause: &str) -> Phase {
        let is_open = phase == Phase::InitialBudget && self.setting.family == "final_accounts";
        if is_open && !clause.contains("年初") { self.setting.budget_phase } else { phase }
    }

    /// Whether the words before a figure give a reason or a purpose.
    fn is_aside(&self, clause: &str, letters: &Letters) -> bool {
        self.words.aside.may_be_in(letters)
            && self.words.aside.is_match(clause)
            && !self.words.not_aside.is_match(clause)
    }

    /// The first word of increase or decrease near the figure.
    fn direction(&self, clause: &str, letters: &Letters) -> Option<Direction> {
        let near = clause.rsplit([',', '、', ':']).next().unwrap_or(clause);
        let find = |words: &'r Expression| words.may_be_in(letters).then(|| words.find(near)).flatten();
        let (up, down) = (find(&self.words.up), find(&self.words.down));
        let (at, is_down) = match (up, down) {
            (Some(up), Some(down)) if up.start() < down.start() => (up, false),
            (_, Some(down)) => (down, true),
            (Some(up), None) => (up, false),
            (None, None) => return None,
        };
        let tail = near.get(at.end()..).unwrap_or("");
        let direction = Direction { is_decrease: is_down, leads_on: self.words.lead_on.is_match(tail) };
        (tail.chars().count() <= 8).then_some(direction)
    }

    fn push(
        &mut self,
        subjects: &[Subject],
        measure: Measure,
        told: Option<(Option<Phase>, &str)>,
        figure: &Figure<'_>,
        negative: bool,
        confidence: f32,
    ) {
        let Some(literal) = Literal::parse(figure.number) else { return };
        let unit = figure.unit.unwrap_or_else(|| match measure {
            Measure::Amount => self.unit_nearby().unwrap_or(Unit::TenThousandYuan),
            _ => Unit::Percent,
        });
        // The literal is the number with its percent sign; a unit of money is its own field.
        let sign = usize::from(figure.unit == Some(Unit::Percent) && figure.end > figure.start + figure.number.len());
        let (start, end) = self.folded.span(figure.start, figure.start + figure.number.len() + sign);
        let (phase, clause) = told.unwrap_or((None, ""));
        let is_amount = matches!(measure, Measure::Amount);
        let period = if is_amount { self.period(clause) } else { self.setting.year };
        for subject in subjects {
            let origin = Origin {
                basis: self.basis,
                confidence: if self.basis == Basis::Annex { confidence * 0.8 } else { confidence },
                location: self.place(start, end),
                printed: self.folded.printed(start, end).to_owned(),
            };
            let amount = Amount { literal, unit, negative };
            let phase = phase.or(self.setting.phase);
            self.facts.extend(to_fact(subject, measure, period, phase, amount, origin, &self.setting.forms.metrics));
        }
    }

    /// The unit of money that the paragraph prints first, for amounts that lost theirs.
    fn unit_nearby(&self) -> Option<Unit> {
        figures(&self.folded.text).into_iter().filter_map(|f| f.unit).find(|u| u.is_money())
    }

    /// The year that stands last before an amount, if it is near the report's; else the report's.
    fn period(&self, clause: &str) -> Option<u16> {
        let year = self.setting.year;
        match (last_year_of(clause), year) {
            (Some(named), Some(year)) if named.abs_diff(year) <= 3 => Some(named),
            _ => year,
        }
    }

    fn place(&self, start: u32, end: u32) -> Location {
        self.paragraph.locate(start, end)
    }
}

/// The unit of a slot's figure; an amount of money needs a printed one.
fn slot_unit(slot: &Slot, printed: Option<Unit>) -> Option<Unit> {
    match slot.measure {
        Measure::Count => Some(Unit::Count),
        Measure::Score => Some(Unit::Score),
        Measure::Share | Measure::Completion | Measure::YoyPct => Some(Unit::Percent),
        Measure::Amount | Measure::YoyAbs => printed.filter(|u| u.is_money()),
    }
}

#[cfg(test)]
mod tests;
