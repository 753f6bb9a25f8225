//! Charts become facts where their caption says what they show. A chart prints no unit: its scale is taken only
//! when one of its points is a figure that the report prints elsewhere.

use std::sync::LazyLock;

use regex::Regex;
use rust_decimal::Decimal;

use crate::forms::charts::ChartForm;
use crate::model::{Basis, Chart, CodeSource, Fact, Literal, Measure, Unit, fold_text};

use super::codes::Coded;
use super::figures::{Amount, Origin, Subject, to_fact};
use super::statement::Setting;

/// A point that has a meaning.
struct Point {
    subject: Subject,
    period: Option<u16>,
    value: Decimal,
}

/// Reads a chart, given the facts read so far.
pub(crate) fn read_chart(chart: &Chart, known: &[Fact], setting: &Setting<'_>) -> Vec<Fact> {
    let named = chart.caption.iter().chain(&chart.title).map(|t| fold_text(t));
    let form = named.into_iter().find_map(|t| setting.forms.charts.iter().find(|f| f.title.is_match(&t)));
    let Some(form) = form else { return Vec::new() };
    let points = points(chart, form, setting);
    let Some(unit) = scale(&points, known) else { return Vec::new() };
    points.iter().filter_map(|point| point_to_fact(point, unit, chart, setting)).collect()
}

fn points(chart: &Chart, form: &ChartForm, setting: &Setting<'_>) -> Vec<Point> {
    let mut points = Vec::new();
    for series in &chart.series {
        let name = fold_text(&series.name);
        for point in &series.points {
            let category = fold_text(&point.category);
            let Some(value) = point.value else { continue };
            let Some(subject) = subject(form, &name, &category, setting) else { continue };
            let period = year_of(&category).or_else(|| year_of(&name)).or(setting.year);
            points.push(Point { subject, period, value });
        }
    }
    points
}

fn subject(form: &ChartForm, series: &str, category: &str, setting: &Setting<'_>) -> Option<Subject> {
    let by_label = |label: &str| form.labels.iter().find(|(words, _)| words.is_match(label)).map(|(_, m)| m);
    if let Some(metric) = by_label(category).or_else(|| by_label(series)).or(form.whole.as_ref()) {
        return Some(Subject::of(metric));
    }
    let code = setting.forms.functional.class(class_name(category))?;
    let coded = Coded { code: code.to_owned(), name: category.to_owned(), source: Some(CodeSource::Inferred) };
    Some(Subject { func: Some(coded), ..Subject::of(form.func.as_deref()?) })
}

/// A category may carry its code or rank: 卫生健康(210)支出.
fn class_name(category: &str) -> &str {
    category.split('(').next().unwrap_or(category)
}

fn year_of(label: &str) -> Option<u16> {
    static YEAR: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"20[0-9][0-9]").ok());
    YEAR.as_ref()?.find(label)?.as_str().parse().ok()
}

/// The unit in which at least one point is a figure of the report; `None` when no point is.
fn scale(points: &[Point], known: &[Fact]) -> Option<Unit> {
    [Unit::TenThousandYuan, Unit::Yuan].into_iter().find(|unit| {
        points.iter().filter(|p| !p.value.is_zero()).any(|point| {
            let value = point.value.checked_mul(unit.scale()).map(|v| v.round_dp(2));
            known.iter().any(|fact| {
                let is_same = fact.metric == point.subject.metric && fact.measure == Measure::Amount;
                is_same && Some(fact.value.round_dp(2)) == value
            })
        })
    })
}

fn point_to_fact(point: &Point, unit: Unit, chart: &Chart, setting: &Setting<'_>) -> Option<Fact> {
    let literal = Literal { value: point.value, decimals: point.value.scale(), percent: false };
    let origin = Origin {
        basis: Basis::Chart,
        confidence: 0.7,
        location: chart.location.clone(),
        printed: point.value.to_string(),
    };
    let amount = Amount { literal, unit, negative: false };
    let metrics = &setting.forms.metrics;
    to_fact(&point.subject, Measure::Amount, point.period, setting.phase, amount, origin, metrics)
}
