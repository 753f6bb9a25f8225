//! What the words before a figure name: a functional chain or class, an economic class, or a term of the section.

use std::sync::LazyLock;

use regex::Regex;

use crate::forms::expression::Letters;
use crate::model::CodeSource;

use super::super::codes::{Coded, level_of, read_chain};
use super::super::figures::Subject;
use super::Reader;
use super::scope::Scope;

/// Characters of the longest line that names what its paragraph speaks of.
const MAX_LEAD: usize = 40;

impl Reader<'_> {
    /// Staff and running costs, basic and project expenditure that a functional item lists are parts of the item.
    pub(super) fn of_item(&self, named: Vec<Subject>, scope: &Scope) -> Vec<Subject> {
        let (Some(item), [part]) = (scope.item(), named.as_slice()) else { return named };
        let Some((_, word)) = part.metric.rsplit_once('.').filter(|_| !part.is_coded()) else { return named };
        let axis = if item.func.is_some() { ".func" } else { ".econ" };
        let whole = item.metric.rsplit_once(axis).map_or(item.metric.as_str(), |(head, _)| head);
        let metric = format!("{whole}{axis}.{word}");
        let is_known = self.setting.forms.metrics.get(&metric).is_some();
        if is_known { vec![Subject { metric, ..item.clone() }] } else { named }
    }

    /// What the words before a figure name: a functional chain, a class, or a term of the section.
    pub(super) fn named(&self, gap: &str, clause: &str, letters: &Letters) -> Option<Vec<Subject>> {
        if let Some(named) = self.chain(gap).or_else(|| self.economic(gap)) {
            return Some(vec![named]);
        }
        let fits = |family: &Option<String>| family.as_deref().is_none_or(|f| f == self.setting.family);
        // What a share is of, or what a budget was, is not what the figure is.
        let clause = SHARE.as_ref().and_then(|r| r.find(clause)).map_or(clause, |m| &clause[..m.start()]);
        let mut best: Option<(usize, usize, &[String])> = None;
        for term in self.section.terms.iter().filter(|t| fits(&t.family) && t.words.may_be_in(letters)) {
            for found in term.words.find_iter(clause) {
                let rank = (found.end(), found.len());
                if best.is_none_or(|(end, len, _)| rank > (end, len)) {
                    best = Some((found.end(), found.len(), &term.metrics));
                }
            }
        }
        let (end, len, metrics) = best?;
        let first = clause.get(end - len..)?.chars().next().map_or(0, char::len_utf8);
        if self.words.longer.is_match(clause.get(..end - len + first)?) {
            return None;
        }
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

    /// What a paragraph speaks of whose first sentence is a name and nothing else: `2.公务接待费。`
    pub(super) fn lead(&self, text: &str) -> Option<Vec<Subject>> {
        let line =
            text.split('。').next().filter(|line| line.len() < text.len() && line.chars().count() <= MAX_LEAD)?;
        let name = ORDINAL.as_ref()?.find(line).map_or(line, |m| &line[m.end()..]);
        let is_whole = |m: regex::Match<'_>| m.start() == 0 && m.end() == name.len();
        let fits = |family: &Option<String>| family.as_deref().is_none_or(|f| f == self.setting.family);
        let mut terms = self.section.terms.iter().filter(|t| fits(&t.family));
        let term = terms.find(|t| t.words.find(name).is_some_and(is_whole))?;
        Some(term.metrics.iter().map(|m| Subject::of(m)).collect())
    }

    pub(super) fn chain(&self, gap: &str) -> Option<Subject> {
        let metric = self.section.func.as_deref()?;
        let part = self.part.map(|part| format!("{metric}.{part}"));
        let metric = part.filter(|m| self.setting.forms.metrics.get(m).is_some()).unwrap_or_else(|| metric.to_owned());
        let list = &self.setting.forms.functional;
        let coded = read_chain(gap, list, self.own).or_else(|| self.class(gap)).or_else(|| self.item(gap))?;
        if self.setting.forms.economic.name(&coded.code).is_some() {
            return self.of_economic_list(coded);
        }
        let metric = match metric.strip_prefix("gpb.") {
            Some(rest) if self.words.fund_codes.is_match(&coded.code) => format!("gf.{rest}"),
            _ => metric,
        };
        Some(Subject { func: Some(coded), ..Subject::of(&metric) })
    }

    /// The same expenditure once more by economic classes: 工资福利支出(301)12万元.
    fn of_economic_list(&self, coded: Coded) -> Option<Subject> {
        let by_function = self.section.func.as_deref().and_then(|f| f.strip_suffix(".func"));
        let metric = self.section.econ.clone().or_else(|| by_function.map(|whole| format!("{whole}.econ")))?;
        let is_known = self.setting.forms.metrics.get(&metric).is_some();
        is_known.then(|| of_economic(&metric, coded))
    }

    /// A class named without any mark: 住房保障支出53.93万元.
    fn class(&self, gap: &str) -> Option<Coded> {
        let name = self.last_name(gap)?;
        let code = self.setting.forms.functional.class(name)?;
        Some(Coded { code: code.to_owned(), name: name.to_owned(), source: Some(CodeSource::Inferred) })
    }

    /// An item named without any mark at the start of its sentence: 2.行政单位医疗53.93万元. Its name has to be that of
    /// one item alone, of the report's own tables or of the classification.
    fn item(&self, gap: &str) -> Option<Coded> {
        let name = ORDINAL.as_ref()?.find(gap).map_or(gap, |m| &gap[m.end()..]);
        let name = self.words.class_end.find(name).map_or(name, |m| &name[..m.start()]);
        let is_item_list = self.section.func.as_deref().is_some_and(|f| f == "gpb.exp.func");
        if !is_item_list || name.chars().count() < 3 {
            return None;
        }
        let ranked = [(name, 7)];
        let own = self.own.chain(&ranked, &self.setting.forms.functional);
        let code = own.or_else(|| self.setting.forms.functional.chain(&ranked))?;
        Some(Coded { code: code.to_owned(), name: name.to_owned(), source: Some(CodeSource::Inferred) })
    }

    /// An economic class or section, where the section lists such.
    pub(super) fn economic(&self, gap: &str) -> Option<Subject> {
        let metric = self.section.econ.as_deref()?;
        let name = self.last_name(gap)?;
        let list = &self.setting.forms.economic;
        let code = list.class(name).or_else(|| list.below("3", name, 5))?;
        let coded = Coded { code: code.to_owned(), name: name.to_owned(), source: Some(CodeSource::Inferred) };
        Some(of_economic(metric, coded))
    }

    /// The last words of a gap that may be a name.
    fn last_name<'t>(&self, gap: &'t str) -> Option<&'t str> {
        let name = gap.rsplit([',', ';', ':', '。', '、', '.', ')']).next()?;
        let name = self.words.among.find(name).map_or(name, |m| name.get(m.end()..).unwrap_or(""));
        Some(self.words.class_end.find(name).map_or(name, |m| name.get(..m.start()).unwrap_or("")))
    }
}

fn of_economic(metric: &str, coded: Coded) -> Subject {
    let row_level = level_of(&coded.code);
    Subject { econ: Some(coded), row_level, ..Subject::of(metric) }
}

/// The part of expenditure that functional classes behind these subjects belong to.
pub(super) fn part_of(named: &[Subject], before: Option<&'static str>) -> Option<&'static str> {
    let metric = named.first()?.metric.as_str();
    match metric {
        "exp.basic" | "gpb.exp.basic" => Some("basic"),
        "exp.project" | "gpb.exp.project" => Some("project"),
        _ if named.iter().any(Subject::is_coded) => before,
        _ => None,
    }
}

/// Whether a subject is a part that every item of expenditure has too: staff, running costs, basic, projects.
pub(super) fn is_common_part(named: &[Subject]) -> bool {
    let is_part = |s: &Subject| {
        let word = s.metric.rsplit('.').next();
        !s.is_coded() && matches!(word, Some("basic" | "project" | "personnel" | "operating"))
    };
    named.iter().any(is_part)
}

static COMPARED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(",?(?:[比与较]|同比)").ok());
static SHARE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(",?占|,?完成").ok());

static ORDINAL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(?:\([一二三四五六七八九十0-9]+\)|[一二三四五六七八九十]+、|[0-9]+[、.])").ok());
