//! Sentences become facts. A figure means what the words before it say: a term of its section names it, the words
//! just before it make it an amount, a share, a change or a completion, and what it changes is what was named last.
//! Figures that stand in the middle of words are taken by patterns with slots first.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::forms::narrative::{NUMBER, Pattern, SectionForm, Slot, UNIT, Words};
use crate::model::{
    Basis, Content, Fact, Literal, Location, Measure, Note, NoteKind, Paragraph, Phase, Role, Section, Unit,
};

use super::codes::{Coded, read_chain};
use super::figures::{Amount, Origin, Subject, to_fact};
use super::lex::{Folded, characters, fold, fold_text};
use super::statement::Setting;

/// Sentences without a meaning that are noted one by one; beyond these a document is of another kind.
const MAX_NOTES: usize = 40;

/// Reads all paragraphs of a document.
pub(crate) fn read_narrative(content: &Content, setting: &Setting<'_>, notes: &mut Vec<Note>) -> Vec<Fact> {
    let Some(words) = &setting.forms.narrative.words else { return Vec::new() };
    let by_id: BTreeMap<&str, &Section> = content.sections.iter().map(|s| (s.id.as_str(), s)).collect();
    let titles: Vec<Vec<String>> = content.sections.iter().map(|s| title_chain(s, &by_id)).collect();
    let mut facts = Vec::new();
    let mut pending = None;
    let mut last_section = None;
    for paragraph in &content.paragraphs {
        if !matches!(paragraph.role, Role::Body | Role::Heading | Role::Footnote) {
            continue;
        }
        if paragraph.section != last_section {
            last_section = paragraph.section;
            pending = None;
        }
        let chain = paragraph.section.and_then(|s| titles.get(s)).map_or(&[][..], Vec::as_slice);
        let folded = fold(&paragraph.text);
        let Some((section, basis)) = section_of(chain, &folded.text, setting, words) else { continue };
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
        };
        let lost = reader.read();
        pending = reader.pending.take();
        facts.append(&mut reader.facts);
        let room = MAX_NOTES.saturating_sub(notes.iter().filter(|n| n.kind == NoteKind::UnparsedSentence).count());
        if basis == Basis::Narrative {
            notes.extend(lost.into_iter().take(room));
        }
    }
    facts
}

/// Titles of a section and those that hold it, innermost first, folded.
fn title_chain(section: &Section, by_id: &BTreeMap<&str, &Section>) -> Vec<String> {
    let mut titles = Vec::new();
    let mut current = Some(section);
    while let Some(section) = current.filter(|_| titles.len() < 16) {
        titles.push(fold_text(&section.title));
        current = section.parent.as_deref().and_then(|id| by_id.get(id).copied());
    }
    titles
}

/// The form of the innermost section that has one, and whether it stands in an annex; `None` for parts to skip.
fn section_of<'f>(
    chain: &[String],
    text: &str,
    setting: &Setting<'f>,
    words: &Words,
) -> Option<(&'f SectionForm, Basis)> {
    let narrative = &setting.forms.narrative;
    let is_annex = chain.iter().any(|t| words.annex.is_match(t));
    let basis = if is_annex { Basis::Annex } else { Basis::Narrative };
    // A heading may run into its text: the first words of the paragraph are its title then.
    let lead: String = text.split(['。', ':', ';']).next().unwrap_or("").chars().take(40).collect();
    let is_lead = LEAD.as_ref().is_some_and(|r| r.is_match(&lead));
    let by_lead = if is_lead { narrative.section(&lead, is_annex) } else { None };
    let section = by_lead.or_else(|| by_title(chain, is_annex, setting, words))?;
    Some((section, basis))
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
    Regex::new(r"^(?:\([一二三四五六七八九十\d]+\)|[一二三四五六七八九十]+、).*(?:情况|说明|总结)").ok()
});

static FIGURE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!("(?P<number>{NUMBER})(?P<unit>{UNIT})?")).ok());

struct Reader<'r> {
    paragraph: &'r Paragraph,
    folded: &'r Folded,
    section: &'r SectionForm,
    words: &'r Words,
    setting: &'r Setting<'r>,
    basis: Basis,
    facts: Vec<Fact>,
    /// A functional name whose figures follow in later sentences or paragraphs.
    pending: Option<Vec<Subject>>,
    /// `basic` or `project` after such expenditure was named: classes that follow are parts of it.
    part: Option<&'static str>,
}

/// A figure in running text.
struct Figure<'t> {
    start: usize,
    end: usize,
    number: &'t str,
    unit: Option<Unit>,
}

impl<'r> Reader<'r> {
    /// Reads the paragraph; what could not be read comes back as notes, one a sentence.
    fn read(&mut self) -> Vec<Note> {
        let text = self.folded.text.as_str();
        let mut claimed = Vec::new();
        for pattern in &self.section.patterns {
            for found in pattern.regex.captures_iter(text) {
                self.take_pattern(pattern, &found, &mut claimed);
            }
        }
        let mut subjects: Option<Vec<Subject>> = self.pending.clone();
        let mut notes = Vec::new();
        let mut gap_start = 0;
        for figure in figures(text) {
            if claimed.iter().any(|(from, to)| *from < figure.end && figure.start < *to) {
                gap_start = figure.end;
                continue;
            }
            let gap = text.get(gap_start..figure.start).unwrap_or("");
            let is_read = self.take_figure(&figure, gap, &mut subjects);
            if figure.unit.is_some() {
                gap_start = figure.end;
            }
            if is_read == Some(false) {
                notes.extend(self.lost_sentence(&figure, &notes));
            }
        }
        let rest = text.get(gap_start..).unwrap_or("");
        if let Some(chain) = self.chain(rest) {
            subjects = Some(vec![chain]);
        }
        self.pending = subjects.filter(|s| s.iter().any(|s| s.func.is_some()));
        notes
    }

    fn take_pattern(&mut self, pattern: &Pattern, found: &Captures<'_>, claimed: &mut Vec<(usize, usize)>) {
        let Some(whole) = found.get(0) else { return };
        if claimed.iter().any(|(from, to)| *from < whole.end() && whole.start() < *to) {
            return;
        }
        claimed.push((whole.start(), whole.end()));
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
    fn take_figure(&mut self, figure: &Figure<'r>, gap: &str, subjects: &mut Option<Vec<Subject>>) -> Option<bool> {
        let clause = gap.rsplit(['。', ';']).next().unwrap_or(gap);
        if self.is_aside(clause) {
            return None;
        }
        let named = self.named(gap, clause);
        let rule = self.words.before.iter().find(|b| b.words.is_match(clause));
        let direction = self.direction(clause);
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
            *subjects = Some(named);
        }
        // An amount that nothing names is no part of what was named last, unless its stage is told.
        let is_amount = measure == Measure::Amount;
        if is_amount && !is_new && rule.and_then(|r| r.phase).is_none() {
            *subjects = None;
            return Some(false);
        }
        let Some(known) = subjects.clone() else { return Some(false) };
        let phase = rule.and_then(|r| r.phase).filter(|_| is_amount);
        let confidence = if figure.unit.is_some() { 0.9 } else { 0.6 };
        self.push(&known, measure, Some((phase, clause)), figure, direction == Some(true), confidence);
        Some(true)
    }

    /// Whether the words before a figure give a reason or a purpose.
    fn is_aside(&self, clause: &str) -> bool {
        self.words.aside.is_match(clause) && !self.words.not_aside.is_match(clause)
    }

    /// What the words before a figure name: a functional chain, a class, or a term of the section.
    fn named(&self, gap: &str, clause: &str) -> Option<Vec<Subject>> {
        if let Some(chain) = self.chain(gap) {
            return Some(vec![chain]);
        }
        let fits = |family: &Option<String>| family.as_deref().is_none_or(|f| f == self.setting.family);
        // What a share is of, or what a budget was, is not what the figure is.
        let clause = SHARE.as_ref().and_then(|r| r.find(clause)).map_or(clause, |m| &clause[..m.start()]);
        let mut best: Option<(usize, usize, &[String])> = None;
        for term in self.section.terms.iter().filter(|t| fits(&t.family)) {
            for found in term.words.find_iter(clause) {
                let rank = (found.end(), found.len());
                if best.is_none_or(|(end, len, _)| rank > (end, len)) {
                    best = Some((found.end(), found.len(), &term.metrics));
                }
            }
        }
        let (end, _, metrics) = best?;
        let rest = clause.get(end..)?;
        let link = self.direction_cut(rest);
        self.words.link.is_match(link).then(|| metrics.iter().map(|m| Subject::of(m)).collect())
    }

    /// The text up to the words of increase or decrease, comparison included.
    fn direction_cut<'t>(&self, rest: &'t str) -> &'t str {
        let up = self.words.up.find(rest).map(|m| m.start());
        let down = self.words.down.find(rest).map(|m| m.start());
        let cut = up.into_iter().chain(down).min();
        let head = rest.get(..cut.unwrap_or(rest.len())).unwrap_or(rest);
        let head = COMPARED.as_ref().and_then(|r| r.find(head)).map_or(head, |m| &head[..m.start()]);
        SHARE.as_ref().and_then(|r| r.find(head)).map_or(head, |m| &head[..m.start()])
    }

    /// Some(true) for a decrease, Some(false) for an increase, by the first such word near the figure.
    fn direction(&self, clause: &str) -> Option<bool> {
        let near = clause.rsplit([',', '、', ':']).next().unwrap_or(clause);
        let up = self.words.up.find(near);
        let down = self.words.down.find(near);
        let (at, is_down) = match (up, down) {
            (Some(up), Some(down)) if up.start() < down.start() => (up, false),
            (_, Some(down)) => (down, true),
            (Some(up), None) => (up, false),
            (None, None) => return None,
        };
        // The word has to lead to the figure: 增加了, 减少(增加), 增幅为.
        let tail = near.get(at.end()..).unwrap_or("");
        (tail.chars().count() <= 8).then_some(is_down)
    }

    fn chain(&self, gap: &str) -> Option<Subject> {
        let metric = self.section.func.as_deref()?;
        let part = self.part.map(|part| format!("{metric}.{part}"));
        let metric = part.filter(|m| self.setting.forms.metrics.get(m).is_some()).unwrap_or_else(|| metric.to_owned());
        let list = &self.setting.forms.functional;
        let coded = read_chain(gap, list).or_else(|| self.class(gap))?;
        let metric = match metric.strip_prefix("gpb.") {
            Some(rest) if self.words.fund_codes.is_match(&coded.code) => format!("gf.{rest}"),
            _ => metric,
        };
        Some(Subject { func: Some(coded), ..Subject::of(&metric) })
    }

    /// A class named without any mark: 住房保障支出53.93万元.
    fn class(&self, gap: &str) -> Option<Coded> {
        let name = gap.rsplit([',', ';', ':', '。', '、', '.']).next()?;
        let name = self.words.among.find(name).map_or(name, |m| name.get(m.end()..).unwrap_or(""));
        let code = self.setting.forms.functional.class(name)?;
        Some(Coded { code: code.to_owned(), name: name.to_owned(), source: Some(crate::model::CodeSource::Inferred) })
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
        let promised = if matches!(measure, Measure::Amount) { Unit::TenThousandYuan } else { Unit::Percent };
        let unit = figure.unit.unwrap_or(promised);
        // The literal is the number with its percent sign; a unit of money is its own field.
        let sign = usize::from(figure.unit == Some(Unit::Percent) && figure.end > figure.start + figure.number.len());
        let (start, end) = self.folded.original(figure.start, figure.start + figure.number.len() + sign);
        let (phase, clause) = told.unwrap_or((None, ""));
        let is_amount = matches!(measure, Measure::Amount);
        let period = if is_amount { self.period(clause) } else { self.setting.year };
        for subject in subjects {
            let origin = Origin {
                basis: self.basis,
                confidence: if self.basis == Basis::Annex { confidence * 0.8 } else { confidence },
                location: self.place(start, end),
                printed: characters(&self.paragraph.text, start, end),
            };
            let amount = Amount { literal, unit, negative };
            let phase = phase.or(self.setting.phase);
            self.facts.extend(to_fact(subject, measure, period, phase, amount, origin, &self.setting.forms.metrics));
        }
    }

    /// The year that stands last before an amount, if it is near the report's; else the report's.
    fn period(&self, clause: &str) -> Option<u16> {
        let year = self.setting.year;
        let named = YEAR.as_ref().and_then(|r| r.captures_iter(clause).last()?.get(1)?.as_str().parse::<u16>().ok());
        match (named, year) {
            (Some(named), Some(year)) if named.abs_diff(year) <= 3 => Some(named),
            _ => year,
        }
    }

    fn place(&self, start: u32, end: u32) -> Location {
        self.paragraph.locate(start, end)
    }

    fn lost_sentence(&self, figure: &Figure<'_>, known: &[Note]) -> Option<Note> {
        figure.unit.filter(|u| u.is_money())?;
        let text = self.folded.text.as_str();
        let from = text.get(..figure.start)?.rfind('。').map_or(0, |i| i + '。'.len_utf8());
        let to = text.get(figure.end..)?.find('。').map_or(text.len(), |i| figure.end + i);
        let (start, end) = self.folded.original(from, to);
        let sentence = characters(&self.paragraph.text, start, end);
        let is_known = known.iter().any(|n| n.message.ends_with(&sentence));
        let message = format!("no pattern meets {} in: {sentence}", figure.number);
        (!is_known).then(|| Note::new(NoteKind::UnparsedSentence, message, self.place(start, end)))
    }
}

/// The part of expenditure that functional classes behind these subjects belong to.
fn part_of(named: &[Subject], before: Option<&'static str>) -> Option<&'static str> {
    let metric = named.first()?.metric.as_str();
    match metric {
        "exp.basic" => Some("basic"),
        "exp.project" => Some("project"),
        _ if named.iter().any(|s| s.func.is_some()) => before,
        _ => None,
    }
}

static YEAR: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(20\d\d)年").ok());
static COMPARED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r",?(?:[比与较]|同比).*$").ok());
static SHARE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r",?占.*$|,?完成.*$").ok());

/// The figures of a text: numbers with a unit, or with decimals; no years, dates, codes and list numbers.
fn figures(text: &str) -> Vec<Figure<'_>> {
    let Some(pattern) = FIGURE.as_ref() else { return Vec::new() };
    let figure = |found: Captures<'_>| {
        let number = found.name("number")?;
        let unit = found.name("unit").and_then(|u| Unit::parse(u.as_str()));
        let end = found.get(0)?.end();
        let after = text.get(end..).unwrap_or("");
        let before = text.get(..number.start()).unwrap_or("");
        let is_threshold = after.starts_with("以上") || after.starts_with("(含)") || after.starts_with("以下");
        let is_fraction = unit.is_some() || number.as_str().contains('.');
        let in_word = before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '(' || c == '-');
        let is_name = before.ends_with('(') && after.starts_with(')');
        let is_code = is_name || (in_word && unit.is_none());
        let keep = is_fraction && !is_threshold && !is_code;
        let number = text.get(number.start()..number.end())?;
        keep.then_some(Figure { start: found.get(0)?.start(), end, number, unit })
    };
    pattern.captures_iter(text).filter_map(figure).collect()
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
