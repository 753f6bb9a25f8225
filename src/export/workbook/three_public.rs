//! 三公经费: a row for each body, year, kind of report and phase, with travel abroad, vehicles and receptions beside their
//! total, in 万元 as printed. Where several documents print a figure, that of the fullest one is taken, as in the view
//! `three_public`.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::sheet::{Head, Shown};
use super::{Out, Report, Reports, file_name};
use crate::dataset::Table;
use crate::error::Result;
use crate::export::Options;
use crate::export::record::{Record, each};
use crate::export::selection::Selection;
use crate::lang;

/// The columns, by metric.
const METRICS: [&str; 8] = [
    "tp.total",
    "tp.abroad",
    "tp.vehicle",
    "tp.vehicle.purchase",
    "tp.vehicle.operation",
    "tp.reception",
    "tp.meeting",
    "tp.training",
];

/// Region, year, body, level, kind and phase of a row.
type Group = (String, Option<i64>, String, String, String, String);

/// A figure that a row may show: the fullest report first, then the smaller address, then the smaller id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    rank: (Reverse<i64>, String, String),
    value: Decimal,
}

pub(super) fn write(out: &mut Out, selection: &mut Selection<'_>, reports: &Reports, options: &Options) -> Result<()> {
    let mut rows: BTreeMap<Group, [Option<Candidate>; METRICS.len()]> = BTreeMap::new();
    each(selection, Table::Facts, |row| {
        let metric = METRICS.iter().position(|metric| *metric == row.text("metric"));
        if let (Some(metric), Some(report)) = (metric, reports.counting(&row.version()))
            && let Some((group, candidate)) = candidate(row, report)
            && let Some(place) = rows.entry(group).or_default().get_mut(metric)
            && place.as_ref().is_none_or(|best| candidate < *best)
        {
            *place = Some(candidate);
        }
        Ok(())
    })?;
    let rows: Vec<Vec<Shown>> =
        rows.into_iter().map(|(group, figures)| shown(&group, &figures, reports, out)).collect();
    out.sheet(out.lang.say(lang::THREE_PUBLIC), heads(out, options), 3, rows)
}

fn candidate(row: &Record<'_>, report: &Report) -> Option<(Group, Candidate)> {
    let is_of_the_year = row.known("period").is_none_or(|period| report.year.is_some_and(|y| period == y.to_string()));
    let is_its_own = row.known("entity").is_none() && row.is("preferred") && row.text("measure") == "amount";
    if !is_of_the_year || !is_its_own {
        return None;
    }
    let of_kind = if report.kind.starts_with("budget") { "initial_budget" } else { "final" };
    let entity = if report.entity.is_empty() { file_name(&report.source) } else { &report.entity };
    let phase = row.known("phase").unwrap_or(of_kind).to_owned();
    let group =
        (report.region_code.clone(), report.year, entity.to_owned(), report.level.clone(), report.kind.clone(), phase);
    let rank = (Reverse(report.facts), report.source.clone(), row.text("fact_id").to_owned());
    Some((group, Candidate { rank, value: row.exact("value")? }))
}

fn heads(out: &Out, options: &Options) -> Vec<Head> {
    let mut heads = out.heads([
        (lang::REGION_CODE, 10.0),
        (lang::REGION, 12.0),
        (lang::DEPARTMENT, 32.0),
        (lang::LEVEL, 7.0),
        (lang::YEAR, 7.0),
        (lang::KIND, 12.0),
        (lang::PHASE, 11.0),
    ]);
    heads.extend(METRICS.iter().map(|metric| {
        let label = match out.lang {
            lang::Lang::Zh => options.forms.metrics.label(metric).unwrap_or(metric),
            lang::Lang::En => metric,
        };
        Head { title: format!("{label}{}", out.lang.say(lang::IN_WAN)), width: 15.0 }
    }));
    heads.extend(out.heads([(lang::FILE, 40.0)]));
    heads
}

fn shown(group: &Group, figures: &[Option<Candidate>], reports: &Reports, out: &Out) -> Vec<Shown> {
    let (region, year, entity, level, kind, phase) = group;
    let lang = out.lang;
    let mut row: Vec<Shown> = vec![
        region.as_str().into(),
        reports.region_name(region).into(),
        entity.as_str().into(),
        lang.word(level).into(),
        (*year).into(),
        lang.word(kind).into(),
        lang.word(phase).into(),
    ];
    for figure in figures {
        row.push(figure.as_ref().map_or(Shown::Nothing, |candidate| {
            Shown::Number((candidate.value / Decimal::from(10_000)).normalize(), 2)
        }));
    }
    let source = figures.iter().flatten().next().map_or("", |candidate| file_name(&candidate.rank.1));
    row.push(Shown::Text(source.to_owned()));
    row
}
