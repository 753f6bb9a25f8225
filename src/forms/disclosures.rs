//! How the documents of one body are put together (`kinds/disclosures.toml`): spellings of its name, annexes, words
//! of newer versions, and the statements that a report has to hold.

use serde::Deserialize;
use toml::Spanned;

use super::Files;
use super::expression::Expression;
use super::metrics::Metrics;
use super::statements::Source;
use crate::error::Result;
use crate::model::fold_text;

const FILE: &str = "kinds/disclosures.toml";

/// What joining documents has to know of the field.
#[derive(Debug)]
pub struct Joining {
    spellings: Vec<(Expression, String)>,
    annexes: Vec<(Expression, String)>,
    /// Words by which a document says that it takes the place of an earlier one.
    pub newer: Expression,
    /// Words by which a table says that there is nothing to put into it.
    pub empty: Expression,
    /// The statements of a report, in their order.
    pub expected: Vec<Expected>,
}

/// A statement that a report has to hold.
#[derive(Debug)]
pub struct Expected {
    /// Its name, for a person.
    pub name: String,
    /// Ids of the forms that it may have.
    pub forms: Vec<String>,
    /// Words by which the text of a report says that it has none.
    pub declared: Option<Expression>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    spelling: Vec<RawSpelling>,
    annex: Vec<RawAnnex>,
    versions: RawVersions,
    declared: RawDeclared,
    expected: Vec<RawExpected>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSpelling {
    pattern: Spanned<String>,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAnnex {
    kind: Spanned<String>,
    of: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawVersions {
    newer: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDeclared {
    empty: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawExpected {
    name: String,
    forms: Vec<String>,
    declared: Option<Spanned<String>>,
}

impl Joining {
    pub(super) fn parse(files: &Files, metrics: &Metrics) -> Result<Self> {
        let text = files.get(FILE).map_or("", String::as_str);
        let source = Source::new(FILE, text, metrics);
        let raw: RawFile = source.toml()?;
        let spelling = |s: &RawSpelling| Ok((source.regex(&s.pattern)?, s.name.clone()));
        let annex = |a: &RawAnnex| Ok((source.regex(&a.kind)?, a.of.clone()));
        let expected = |e: &RawExpected| {
            let declared = e.declared.as_ref().map(|d| source.regex(d)).transpose()?;
            Ok(Expected { name: e.name.clone(), forms: e.forms.clone(), declared })
        };
        Ok(Self {
            spellings: raw.spelling.iter().map(spelling).collect::<Result<_>>()?,
            annexes: raw.annex.iter().map(annex).collect::<Result<_>>()?,
            newer: source.regex(&raw.versions.newer)?,
            empty: source.regex(&raw.declared.empty)?,
            expected: raw.expected.iter().map(expected).collect::<Result<_>>()?,
        })
    }

    /// A body's name in the one spelling that all of its spellings share.
    #[must_use]
    pub fn body(&self, name: &str) -> String {
        let folded = fold_text(name).into_owned();
        self.spellings.iter().fold(folded, |name, (pattern, to)| pattern.replace(&name, to.as_str()).into_owned())
    }

    /// The family of reports that documents of a kind are annexes of, such as `final_accounts`.
    #[must_use]
    pub fn annex_of(&self, kind: &str) -> Option<&str> {
        self.annexes.iter().find(|(pattern, _)| pattern.is_match(kind)).map(|(_, family)| family.as_str())
    }

    /// The statements that a report of a kind has to hold.
    pub fn expected_of<'a>(&'a self, kind: &str) -> impl Iterator<Item = &'a Expected> {
        let family = kind.split('.').next().unwrap_or_default().to_owned();
        self.expected.iter().filter(move |e| {
            e.forms.iter().any(|form| form.strip_prefix(&family).is_some_and(|rest| rest.starts_with('.')))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Forms;

    #[test]
    fn spellings_of_one_body_meet_and_other_bodies_do_not() {
        let joining = &Forms::builtin().joining;
        let one = ["中国共产党清川省委员会办公厅", "中共清川省委办公厅", "清川省委 办公厅"];
        for name in one {
            assert_eq!(joining.body(name), "清川省委办公厅", "{name}");
        }
        assert_eq!(joining.body("清川省人民代表大会常务委员会办公厅"), "清川省人大常委会办公厅");
        assert_ne!(joining.body("清川省教育委员会"), joining.body("清川省委教育局"));
    }

    #[test]
    fn every_expected_form_is_a_form() {
        let forms = Forms::builtin();
        let known: Vec<&String> = forms.statements.forms.iter().flat_map(|f| f.ids.values()).collect();
        for expected in &forms.joining.expected {
            for form in &expected.forms {
                assert!(known.contains(&form), "{form}");
            }
        }
    }
}
