//! What a change without a name is a change of: brackets and lists open and close, and behind them the text speaks
//! again of what stood before them.

use std::sync::LazyLock;

use regex::Regex;

use super::super::figures::Subject;

/// Brackets and lists deeper than this are no prose.
const MAX_DEPTH: usize = 16;

/// What the running text speaks of, and what it will speak of again.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// What was named last.
    pub(super) subjects: Option<Vec<Subject>>,
    /// What was named before it.
    former: Option<Vec<Subject>>,
    /// What a list (其中) was opened from.
    head: Option<Vec<Subject>>,
    /// What a sentence behind a list goes on with, unless it names something.
    resumed: Option<Vec<Subject>>,
    /// What was meant, and the head of the list, where each open bracket started.
    brackets: Vec<Bracket>,
    /// An amount was met that nothing names: parts that are listed behind it are parts of something unknown.
    is_lost: bool,
    /// Such a list was opened.
    in_unknown: bool,
    /// What an amount of change was of, for the percentage right behind it.
    just_changed: Option<Vec<Subject>>,
    scanned: usize,
}

/// What was meant, and the head of a list.
type Bracket = (Option<Vec<Subject>>, Option<Vec<Subject>>);

static EVENT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("[()。]|其中|包括|具体为").ok());

impl Scope {
    pub(super) fn of(subjects: Option<Vec<Subject>>) -> Self {
        Self { subjects, ..Self::default() }
    }

    /// Goes on to byte `to` of the paragraph's text.
    pub(super) fn advance(&mut self, text: &str, to: usize) {
        let passed = text.get(self.scanned..to).unwrap_or("");
        self.scanned = self.scanned.max(to);
        for event in EVENT.as_ref().into_iter().flat_map(|r| r.find_iter(passed)) {
            match event.as_str() {
                "(" if self.brackets.len() < MAX_DEPTH => {
                    self.brackets.push((self.subjects.clone(), self.head.clone()));
                }
                ")" => self.close(),
                "。" => {
                    self.resumed = self.head.take();
                    (self.is_lost, self.in_unknown) = (false, false);
                }
                _ => {
                    self.head = self.head.take().or_else(|| self.subjects.clone());
                    self.in_unknown |= self.is_lost;
                }
            }
        }
    }

    fn close(&mut self) {
        if let Some((subjects, head)) = self.brackets.pop() {
            (self.subjects, self.head, self.resumed) = (subjects, head, None);
        }
    }

    /// Takes what the text names now.
    pub(super) fn name(&mut self, subjects: Vec<Subject>) {
        self.former = self.subjects.replace(subjects);
        self.resumed = None;
    }

    /// Notes that an amount has no name.
    pub(super) fn lose(&mut self) {
        self.subjects = None;
        self.is_lost = true;
    }

    /// Whether the text lists parts of an amount that has no name.
    pub(super) fn in_unknown(&self) -> bool {
        self.in_unknown
    }

    /// Notes what a figure that changes was of; `None` for other figures.
    pub(super) fn change(&mut self, subjects: Option<&[Subject]>) {
        self.just_changed = subjects.map(<[Subject]>::to_vec);
    }

    /// What the figure right before this one was a change of.
    pub(super) fn just_changed(&self) -> Option<Vec<Subject>> {
        self.just_changed.clone()
    }

    /// What 各 means: the two that were named last, such as 收入总计 and 支出总计, or the pair that one word names.
    pub(super) fn both(&self) -> Option<Vec<Subject>> {
        let last = self.changed()?;
        let former = self.former.iter().flatten().filter(|s| last.len() == 1 && !last.contains(s));
        Some(former.chain(last).cloned().collect())
    }

    /// The functional item whose parts the text lists.
    pub(super) fn item(&self) -> Option<&Subject> {
        self.head.iter().flatten().find(|s| s.is_coded())
    }

    /// What a change without a name is a change of: behind a list of plain terms what the list was part of.
    pub(super) fn changed(&self) -> Option<&Vec<Subject>> {
        let is_item = self.subjects.iter().flatten().any(Subject::is_coded);
        self.resumed.as_ref().filter(|_| !is_item).or(self.subjects.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(text: &str, named: &[(&str, &str)]) -> String {
        let mut scope = Scope::default();
        for (word, metric) in named {
            let at = text.find(word).expect("the word is there");
            scope.advance(text, at);
            scope.name(vec![Subject::of(metric)]);
        }
        scope.advance(text, text.len());
        scope.changed().and_then(|s| s.first()).map(|s| s.metric.clone()).unwrap_or_default()
    }

    #[test]
    fn behind_a_bracket_the_text_speaks_of_what_stood_before_it() {
        let named = [("车辆费", "tp.vehicle"), ("购置费", "tp.vehicle.purchase")];
        assert_eq!(scope("其中:车辆费7万元(购置费3万元。)比上年增加", &named), "tp.vehicle");
        assert_eq!(scope("车辆费7万元,购置费3万元,比上年增加", &named), "tp.vehicle.purchase");
    }

    #[test]
    fn a_sentence_behind_a_list_goes_on_with_its_head() {
        let named = [("支出", "exp.current"), ("项目", "exp.project")];
        assert_eq!(scope("支出9万元,其中:项目3万元。比上年增加", &named), "exp.current");
        assert_eq!(scope("支出9万元,其中:项目3万元,比上年增加", &named), "exp.project");
    }
}
