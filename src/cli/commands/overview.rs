//! What `juesuan show` draws when nothing special is asked for: whose report it is, its outline, its tables with
//! one of them drawn, its headline figures, and what is wrong or was lost.

use super::check_text::{counts_line, finding_lines};
use super::drawn::{View, fact_lines, heading_of, table_lines};
use crate::cli::grid::Grid;
use crate::cli::lang::{self, Text};
use crate::cli::paint::Style;
use crate::cli::text;
use crate::model::{Basis, Fact, Finding, FindingStatus, Measure, Note, Report, Section, Status, Table};

/// Rows of the table that is drawn as a sample.
const SAMPLE_ROWS: usize = 14;
/// Figures, findings and notes that are shown.
const FIGURES: usize = 12;
const FINDINGS: usize = 8;
const NOTES: usize = 6;
/// Lines of the outline.
const OUTLINE: usize = 40;

pub(super) fn overview(report: &Report, view: View<'_>) -> Vec<String> {
    let mut lines = identity_lines(report, view);
    if !report.sections.is_empty() {
        lines.extend(heading(lang::SECTIONS, &report.sections.len().to_string(), view));
        lines.extend(outline(report, view));
    }
    if !report.tables.is_empty() {
        lines.extend(heading(lang::TABLES, &table_count(report, view), view));
        lines.extend(list_of_tables(report, view));
        lines.extend(sample(report).into_iter().flat_map(|t| table_lines(report, t, SAMPLE_ROWS, view)));
    }
    if !report.facts.is_empty() {
        lines.extend(heading(lang::FIGURES, &report.facts.len().to_string(), view));
        lines.extend(figures(report, view));
    }
    lines.extend(heading(lang::CHECKS, &counts_line(report.checks, view.plan), view));
    lines.extend(findings(report, view));
    if !report.notes.is_empty() {
        lines.extend(heading(lang::NOTES, &report.notes.len().to_string(), view));
        lines.extend(notes(report, view));
    }
    lines
}

/// A section of the overview: a name, what there is, a line across.
fn heading(name: Text, detail: &str, view: View<'_>) -> Vec<String> {
    let name = view.plan.lang.say(name);
    let used = text::width(name) + text::width(detail) + 6;
    let rule = "─".repeat(view.columns.saturating_sub(used));
    let paint = view.plan.paint;
    vec![String::new(), format!("{} {}  {} {}", paint.dim("──"), paint.bold(name), detail, paint.dim(&rule))]
}

fn identity_lines(report: &Report, view: View<'_>) -> Vec<String> {
    let (identity, lang, paint) = (&report.identity, view.plan.lang, view.plan.paint);
    let name = identity.title.as_deref().or(identity.entity.as_deref());
    let name = name.unwrap_or_else(|| report.source.path.rsplit('/').next().unwrap_or_default());
    let level = identity.entity_level.and_then(|l| serde_json::to_value(l).ok());
    let level = level.as_ref().and_then(|l| l.as_str()).map(|l| format!("（{}）", lang.word(l)));
    let region = identity.region.as_ref().map(|r| format!("{} {}", r.name, r.code.as_deref().unwrap_or_default()));
    let say = |value: Option<&str>, unknown: Text| value.unwrap_or(lang.say(unknown)).trim().to_owned();
    let who = [
        say(identity.entity.as_deref(), lang::UNKNOWN_ENTITY) + &level.unwrap_or_default(),
        say(region.as_deref(), lang::UNKNOWN_REGION),
        identity.fiscal_year.map_or_else(|| lang.say(lang::UNKNOWN_YEAR).to_owned(), |y| y.to_string()),
        say(identity.kind.as_deref().map(|k| lang.word(k)), lang::UNKNOWN_KIND),
        format!("{} {:.2}", lang.say(lang::CONFIDENCE), identity.confidence),
    ];
    let mut lines = vec![paint.bold(&text::plain(name, false))];
    lines.extend(text::wrap(&text::plain(&who.join(" · "), false), view.columns));
    for conflict in &identity.conflicts {
        let words =
            format!("{}: {} = {} ({})", lang.say(lang::CONFLICT), conflict.field, conflict.value, conflict.source);
        lines.push(paint.paint(Style::Warn, &text::cut(&text::plain(&words, false), view.columns)));
    }
    lines.push(source_line(report, view));
    lines
}

fn source_line(report: &Report, view: View<'_>) -> String {
    let (source, lang) = (&report.source, view.plan.lang);
    let look = match report.status {
        Status::Extracted => Style::Good,
        Status::Partial | Status::NeedsOcr => Style::Warn,
        Status::Refused | Status::Failed => Style::Bad,
    };
    let status = view.plan.paint.paint(look, lang.word(report.status.word()));
    let format = serde_json::to_value(source.format).ok();
    let format = format.as_ref().and_then(|f| f.as_str()).unwrap_or_default().to_uppercase();
    let size = format!("{:.0} KB", source.bytes as f64 / 1_024.0);
    let pages = source.pages.map(|n| format!("{n} {}", lang.say(lang::PAGES)));
    let hash: String = source.sha256.chars().take(12).collect();
    let words = [Some(source.path.clone()), Some(format), Some(size), pages, Some(format!("sha256 {hash}…"))];
    let words: Vec<String> = words.into_iter().flatten().filter(|w| !w.is_empty()).collect();
    let room = view.columns.saturating_sub(10);
    format!("{}  {status}", view.plan.paint.dim(&text::cut(&text::plain(&words.join(" · "), false), room)))
}

fn outline(report: &Report, view: View<'_>) -> Vec<String> {
    // A long outline is cut by depth before it is cut by length.
    let fits = |depth: u32| report.sections.iter().filter(|s| s.level <= depth).count() <= OUTLINE;
    let deepest = report.sections.iter().map(|s| s.level).max().unwrap_or(1);
    let depth = (1..=deepest).rev().find(|&d| fits(d)).unwrap_or(1);
    let shown: Vec<&Section> = report.sections.iter().filter(|s| s.level <= depth).take(OUTLINE).collect();
    let mut lines: Vec<String> = shown.iter().map(|s| outline_line(s, view)).collect();
    let hidden = report.sections.len() - shown.len();
    if hidden > 0 {
        lines.push(view.plan.paint.dim(&format!("  … {hidden} {} --json", view.plan.lang.say(lang::MORE))));
    }
    lines
}

fn outline_line(section: &Section, view: View<'_>) -> String {
    let indent = "  ".repeat(section.level.clamp(1, 8) as usize);
    let place = section.location.page.map(|p| format!("p{p}")).unwrap_or_default();
    let words = heading_of(section);
    let room = view.columns.saturating_sub(indent.len() + 8);
    let words = text::cut(&words, room);
    let paint = view.plan.paint;
    let shown = if section.level == 1 { paint.bold(&words) } else { words };
    format!("{indent}{shown}  {}", paint.dim(&place))
}

fn table_count(report: &Report, view: View<'_>) -> String {
    let placed = report.tables.iter().filter(|t| t.form.is_some()).count();
    let say = |text| view.plan.lang.say(text);
    let unplaced = report.tables.len() - placed;
    format!("{} · {} {placed} · {} {unplaced}", report.tables.len(), say(lang::PLACED), say(lang::UNPLACED))
}

fn list_of_tables(report: &Report, view: View<'_>) -> Vec<String> {
    let lang = view.plan.lang;
    let row = |table: &Table| {
        let place = table.locations.first();
        let page = place.and_then(|l| l.page).map(|p| format!("p{p}"));
        let place = page.or_else(|| place.and_then(|l| l.sheet.clone())).unwrap_or_default();
        vec![
            table.id.clone(),
            table.title.clone().unwrap_or_else(|| lang.say(lang::UNTITLED).to_owned()),
            table.form.clone().unwrap_or_default(),
            format!("{}×{}", table.rows, table.cols),
            table.unit.clone().unwrap_or_default(),
            place,
        ]
    };
    let rows: Vec<Vec<String>> = report.tables.iter().take(OUTLINE).map(row).collect();
    let unit = lang.say(lang::UNIT).trim_end_matches([':', '：', ' ']);
    let header = [
        lang.say(lang::ID),
        lang.say(lang::TITLE),
        lang.say(lang::FORM),
        lang.say(lang::SIZE),
        unit,
        lang.say(lang::PLACE),
    ];
    let mut lines = Grid::of_rows(&header, &rows, &[3]).draw(view.columns, view.plan.paint);
    if report.tables.len() > OUTLINE {
        let hidden = report.tables.len() - OUTLINE;
        lines.push(view.plan.paint.dim(&format!("  … {hidden} {} --json", lang.say(lang::MORE))));
    }
    lines
}

/// The table to draw: the first statement with merged cells, else the first statement, else the first table. A
/// statement of accounts goes before a performance form.
fn sample(report: &Report) -> Option<&Table> {
    let is_accounts = |t: &&Table| t.form.as_deref().is_some_and(|f| !f.starts_with("performance."));
    let is_merged = |t: &&Table| t.cells.iter().any(|c| c.col_span > 1 || c.row_span > 1);
    let accounts = || report.tables.iter().filter(is_accounts);
    accounts().find(is_merged).or_else(|| accounts().next()).or_else(|| report.tables.first())
}

/// The figures that people ask for first, in the order of a report's sections.
const HEADLINE: [&str; FIGURES] = [
    "total.in",
    "total.out",
    "rev.current",
    "exp.current",
    "exp.basic",
    "exp.project",
    "fin.total.in",
    "gpb.exp",
    "gf.exp",
    "tp.total",
    "ops.cost",
    "proc.total",
];

fn figures(report: &Report, view: View<'_>) -> Vec<String> {
    let is_whole = |f: &&Fact| f.func_code.is_none() && f.project.is_none() && f.entity.is_none();
    let is_own = |f: &&Fact| matches!(f.basis, Basis::Table | Basis::Narrative) && f.measure == Measure::Amount;
    let year = report.identity.fiscal_year.map(|y| y.to_string());
    let of_year = |f: &&Fact| year.is_none() || f.period == year;
    let headline = |metric: &&str| {
        let named = report.facts.iter().filter(|f| f.preferred && f.metric == *metric);
        // A final figure goes before the budget that stands beside it.
        named.filter(is_whole).filter(is_own).filter(of_year).min_by_key(|f| f.phase)
    };
    let mut shown: Vec<&Fact> = HEADLINE.iter().filter_map(headline).collect();
    if shown.is_empty() {
        shown = report.facts.iter().take(FIGURES).collect();
    }
    let mut lines = fact_lines(&shown, view);
    let hidden = report.facts.len() - shown.len();
    if hidden > 0 {
        lines.push(view.plan.paint.dim(&format!("… {hidden} {} --facts", view.plan.lang.say(lang::MORE))));
    }
    lines
}

fn findings(report: &Report, view: View<'_>) -> Vec<String> {
    let violated = report.findings.iter().filter(|f| f.status == FindingStatus::Violated);
    let violated: Vec<&Finding> = violated.collect();
    let mut lines: Vec<String> =
        violated.iter().take(FINDINGS).flat_map(|f| finding_lines(report, f, view.plan)).collect();
    if violated.len() > FINDINGS {
        let hidden = violated.len() - FINDINGS;
        lines.push(view.plan.paint.dim(&format!("  … {hidden} {} juesuan check", view.plan.lang.say(lang::MORE))));
    }
    lines
}

fn notes(report: &Report, view: View<'_>) -> Vec<String> {
    let line = |note: &Note| {
        let look = if note.kind.is_loss() { Style::Warn } else { Style::Dim };
        let place = note.location.to_string();
        let room = view.columns.saturating_sub(text::width(&place) + 6);
        let words = text::cut(&text::plain(&note.message, false), room);
        format!("  {}  {}", view.plan.paint.paint(look, &words), view.plan.paint.dim(&place))
    };
    // Losses first: they are what a person must know.
    let (losses, others): (Vec<&Note>, Vec<&Note>) = report.notes.iter().partition(|n| n.kind.is_loss());
    let mut lines: Vec<String> = losses.into_iter().chain(others).take(NOTES).map(line).collect();
    if report.notes.len() > NOTES {
        let hidden = report.notes.len() - NOTES;
        lines.push(view.plan.paint.dim(&format!("  … {hidden} {} --json", view.plan.lang.say(lang::MORE))));
    }
    lines
}
