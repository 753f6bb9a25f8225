//! The list of corrections (整改清单): what each department has to put right, report by report, gravest first. The
//! rows are gathered here; a workbook and a Markdown file are two ways to write them.

use std::collections::BTreeMap;

use crate::cli::lang::{self, Lang, Text};
use crate::model::{Finding, FindingStatus, Report, Severity};

/// A report with the findings that were asked for.
pub(super) struct Listed {
    pub(super) report: Report,
    pub(super) findings: Vec<Finding>,
}

impl Listed {
    /// Keeps of a report what a list needs.
    pub(super) fn new(report: &Report, findings: &[&Finding]) -> Self {
        let used = |id: &String| findings.iter().any(|f| f.facts.contains(id));
        let facts = report.facts.iter().filter(|fact| used(&fact.id)).cloned().collect();
        let tables = report.tables.iter().map(|t| crate::model::Table {
            id: t.id.clone(),
            title: t.title.clone(),
            ..crate::model::Table::default()
        });
        let report = Report { tables: tables.collect(), facts, ..report.head() };
        Self { report, findings: findings.iter().map(|f| (*f).clone()).collect() }
    }
}

/// One thing to put right.
pub(super) struct Correction {
    pub(super) report: String,
    pub(super) year: String,
    pub(super) code: String,
    pub(super) severity: Severity,
    pub(super) fault: String,
    pub(super) printed: String,
    pub(super) place: String,
    pub(super) delta: String,
    pub(super) hint: String,
}

/// The corrections of each department, by its name.
pub(super) fn by_department(listed: &[Listed], lang: Lang) -> BTreeMap<String, Vec<Correction>> {
    let mut departments: BTreeMap<String, Vec<Correction>> = BTreeMap::new();
    for Listed { report, findings } in listed {
        let entity = report.identity.entity.as_deref().unwrap_or(lang.say(lang::UNKNOWN_ENTITY));
        let due = findings.iter().filter(|f| f.status == FindingStatus::Violated);
        departments.entry(entity.to_owned()).or_default().extend(due.map(|f| correction(report, f, lang)));
    }
    departments
}

fn correction(report: &Report, finding: &Finding, lang: Lang) -> Correction {
    let facts = finding.facts.iter().filter_map(|id| report.facts.iter().find(|f| f.id == *id));
    let printed: Vec<&str> = facts.map(|fact| fact.printed.trim()).collect();
    let mut places: Vec<String> = finding.locations.iter().map(|place| lang.place(place, report)).collect();
    places.retain(|place| !place.is_empty());
    places.dedup();
    let path = std::path::Path::new(&report.source.path);
    Correction {
        report: path.file_name().map_or_else(|| report.source.path.clone(), |n| n.to_string_lossy().into_owned()),
        year: report.identity.fiscal_year.map(|y| y.to_string()).unwrap_or_default(),
        code: finding.code.clone(),
        severity: finding.severity,
        fault: finding.message.clone(),
        printed: printed.join("；"),
        place: places.join("；"),
        delta: finding.delta.map(|d| d.normalize().to_string()).unwrap_or_default(),
        hint: finding.hint.clone().unwrap_or_default(),
    }
}

/// The heads of the columns, in the order of [`Correction::cells`].
pub(super) const HEADS: [Text; 10] = [
    lang::NUMBER,
    lang::REPORT,
    lang::YEAR,
    lang::ID,
    lang::SEVERITY,
    lang::FAULT,
    lang::PRINTED,
    lang::PLACE,
    lang::DELTA,
    lang::HINT,
];

impl Correction {
    /// The cells of its row, without its number.
    pub(super) fn cells(&self, lang: Lang) -> [&str; 9] {
        let severity = lang.word(self.severity.word());
        [
            &self.report,
            &self.year,
            &self.code,
            severity,
            &self.fault,
            &self.printed,
            &self.place,
            &self.delta,
            &self.hint,
        ]
    }
}

/// How many corrections are of each severity, gravest first.
pub(super) fn counts(corrections: &[Correction]) -> [(Severity, usize); 4] {
    [Severity::Critical, Severity::Error, Severity::Warn, Severity::Info]
        .map(|severity| (severity, corrections.iter().filter(|c| c.severity == severity).count()))
}
