//! Which figure is which? Tells what a report is ([`Identity`]), which statement form a table is, and turns
//! cells and sentences into [`Fact`]s with their literal and place.
//!
//! All words it looks for are data of [`Forms`]; nothing here knows a file format or judges a figure.

mod chart;
mod classify;
mod codes;
mod figures;
mod grid;
mod identity;
mod narrative;
mod performance;
mod prefer;
#[cfg(test)]
mod specimen;
mod statement;
mod units;

use std::collections::BTreeSet;

use crate::error::Result;
use crate::forms::Forms;
use crate::limits::Deadline;
use crate::model::{Content, Fact, Identity, Indicator, Location, Note, NoteKind, Phase, Table, Unit};

use classify::{Candidates, Placed, classify};
use grid::Grid;
use statement::{Setting, read_statement};

/// What a document says, in the words of the metric dictionary.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// What the report is, and whose.
    pub identity: Identity,
    /// Every figure that was named.
    pub facts: Vec<Fact>,
    /// Rows of performance forms.
    pub indicators: Vec<Indicator>,
}

/// Reads a document's identity and figures; marks each table of `content` with its form, and adds notes.
///
/// `name` is the file's name without folders; it is asked last.
///
/// # Errors
/// When the deadline passes; `content` is then as it was.
pub fn read_figures(content: &mut Content, name: &str, forms: &Forms, deadline: &Deadline) -> Result<Reading> {
    let grids: Vec<Grid<'_>> = content.tables.iter().map(Grid::new).collect();
    let candidate = |grid: &Grid<'_>| deadline.check().map(|()| candidates(grid, content, forms));
    let candidates: Vec<Candidates> = grids.iter().map(candidate).collect::<Result<_>>()?;
    let has_statements = candidates.iter().any(Candidates::has_statement);
    let identity = identity::read_identity(content, name, has_statements, forms, deadline)?;
    // Without a kind the titles are still tried, as those of a budget, but no figure is said to be of a stage.
    let family = identity.kind.as_deref().and_then(|k| k.split('.').next()).unwrap_or("budget").to_owned();
    let setting = setting(content, &identity, &family, forms, deadline);
    let mut facts = Vec::new();
    let mut notes = Vec::new();
    let placed: Vec<Placement> = candidates.iter().map(|c| c.place(&forms.statements, &family)).collect();
    let mut indicators = Vec::new();
    read_tables(&grids, &placed, &setting, &mut facts, &mut indicators, &mut notes)?;
    let own = codes::OwnCodes::of(&facts);
    facts.extend(narrative::read_narrative(content, &own, &setting, &mut notes)?);
    for shown in &content.charts {
        deadline.check()?;
        facts.extend(chart::read_chart(shown, &facts, &setting));
    }
    mark_tables(content, placed, &mut notes);
    notes.extend(identity_notes(&identity));
    prefer::settle(&mut facts);
    content.notes.extend(notes);
    Ok(Reading { identity, facts, indicators })
}

fn setting<'a>(
    content: &Content,
    identity: &Identity,
    family: &'a str,
    forms: &'a Forms,
    deadline: &'a Deadline,
) -> Setting<'a> {
    let phase = identity.kind.as_ref().and(match family {
        "final_accounts" => Some(Phase::Final),
        "budget" => Some(Phase::InitialBudget),
        _ => None,
    });
    let says_adjusted = |text: &str| forms.narrative.words.as_ref().is_some_and(|w| w.adjusted.is_match(text));
    let is_adjusted = content.paragraphs.iter().any(|p| says_adjusted(&p.text));
    let budget_phase = if is_adjusted { Phase::AdjustedBudget } else { Phase::InitialBudget };
    Setting { forms, family, year: identity.fiscal_year, phase, budget_phase, deadline }
}

type Placement = Result<Placed, Vec<String>>;

fn candidates(grid: &Grid<'_>, content: &Content, forms: &Forms) -> Candidates {
    match forms.performance.as_ref().and_then(|p| performance::form_of(grid.table, grid, p)) {
        Some(id) => Candidates::Performance(id.to_owned()),
        None => classify(grid.table, content, grid, &forms.statements),
    }
}

/// Reads every placed table whose unit is known; one without a unit leaves a note.
fn read_tables(
    grids: &[Grid<'_>],
    placed: &[Placement],
    setting: &Setting<'_>,
    facts: &mut Vec<Fact>,
    indicators: &mut Vec<Indicator>,
    notes: &mut Vec<Note>,
) -> Result<()> {
    let forms = &setting.forms.statements;
    let units: BTreeSet<Unit> =
        grids.iter().filter_map(|g| units::printed_unit(g.table, "")).filter(|u| u.is_money()).collect();
    for (grid, placed) in grids.iter().zip(placed) {
        setting.deadline.check()?;
        let table = grid.table;
        if grid.is_cut {
            let message = format!("table {} is too large; of its last rows no figure is read", table.id);
            notes.push(Note::new(NoteKind::UnplacedTable, message, place_of(table)));
        }
        let Ok(placed) = placed else { continue };
        if let Some(words) = setting.forms.performance.as_ref().filter(|_| placed.form.is_none()) {
            let unit = performance::form_unit(grid, &units);
            let (money, rows) = performance::read_form(grid, words, unit, setting);
            if money.iter().any(|fact| fact.confidence < 0.6) {
                notes.push(assumed_unit(table, unit.unit));
            }
            facts.extend(money);
            indicators.extend(rows);
        }
        let form = placed.form.and_then(|index| forms.forms.get(index));
        let Some(form) = form.filter(|f| !f.columns.is_empty()) else { continue };
        let Some(unit) = units::table_unit(table, &grid.header_text(), &units) else {
            let message = format!("table {} prints no unit, and the document no single one", table.id);
            notes.push(Note::new(NoteKind::UnplacedTable, message, place_of(table)));
            continue;
        };
        if !unit.is_printed {
            let message = format!("table {} prints no unit; it is that of all other tables", table.id);
            notes.push(Note::new(NoteKind::RepairedTable, message, place_of(table)));
        }
        let sure = if unit.is_printed { 1.0 } else { 0.7 };
        facts.extend(read_statement(grid, form, unit.unit, placed.score * sure, setting));
    }
    Ok(())
}

fn assumed_unit(table: &Table, unit: Unit) -> Note {
    let message = format!("table {} prints no unit for some amounts; they are taken as {}", table.id, unit.word());
    Note::new(NoteKind::RepairedTable, message, place_of(table))
}

fn mark_tables(content: &mut Content, placed: Vec<Placement>, notes: &mut Vec<Note>) {
    for (table, placed) in content.tables.iter_mut().zip(placed) {
        match placed {
            Ok(placed) => {
                table.form = Some(placed.id);
                table.score = placed.score;
                table.reasons = placed.reasons;
            }
            Err(reasons) => {
                let message = format!("table {}: {}", table.id, reasons.join("; "));
                notes.push(Note::new(NoteKind::UnplacedTable, message, place_of(table)));
                table.reasons = reasons;
            }
        }
    }
}

fn place_of(table: &Table) -> Location {
    Location { table: Some(table.id.clone()), ..table.locations.first().cloned().unwrap_or_default() }
}

fn identity_notes(identity: &Identity) -> Vec<Note> {
    let unknown = [
        (identity.kind.is_none(), "kind"),
        (identity.entity.is_none(), "entity"),
        (identity.fiscal_year.is_none(), "fiscal year"),
    ];
    let note = |what: &str| {
        Note::new(NoteKind::Identity, format!("nothing in the document tells its {what}"), Location::default())
    };
    unknown.iter().filter(|(is_unknown, _)| *is_unknown).map(|(_, what)| note(what)).collect()
}
