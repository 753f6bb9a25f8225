//! Which lines are headings. Outline levels, numbering words, `_Toc` marks, outline entries and bold display
//! lines each speak for a heading; sentences, duties and figures speak against one. How the headings nest is
//! told in `nest`.

use std::collections::{BTreeMap, BTreeSet};

use super::number::{Number, number_of};
use super::run::{Numbered, Runs};
use super::title::{self, Reach};
use crate::forms::wording::{Rank, Wording};
use crate::model::{Folded, Role, comparable, cut, fold_line, squeezed, tidied};
use crate::structure::flow::{FlowParagraph, Item};

/// A heading and what belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Heading {
    /// Index of its paragraph in the flow.
    pub item: usize,
    /// Rank of its number, or of its words.
    pub rank: Option<Rank>,
    /// What its number counts.
    pub ordinal: Option<u32>,
    /// Outline level from 0, where the file says one.
    pub outline: Option<u8>,
    /// Number as printed or computed.
    pub label: String,
    /// Title as printed, without number and end mark.
    pub title: String,
    /// Where the section's text begins in the paragraph, when the heading runs into it; in characters.
    pub text_from: Option<u32>,
    /// Further paragraphs that its title takes.
    pub more: Vec<usize>,
}

/// What the file says about headings beside its paragraphs.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    /// Paragraphs of the flow that a mark of a table of contents spans.
    pub marked: BTreeSet<usize>,
    /// Depth by page and comparable text, from the outline of a fixed document.
    pub outline: BTreeMap<(u32, String), u8>,
}

/// Characters that a heading without inner sentence may have, plain and with help from its style.
const LONGEST: [usize; 2] = [50, 80];
/// Characters of a heading without a number.
const LONGEST_PLAIN: usize = 40;
/// Characters above which a line that begins like a duty is one: 指导思想 is a title.
const DUTY: usize = 8;
/// Size in points from which a line is set larger than text.
const DISPLAY: f64 = 18.0;
/// Characters of the rest of a title on a second line, and of the least that stands before it.
const SECOND_LINE: usize = 12;
/// Characters from which a line before the first heading counts as text rather than as cover.
const PROSE: usize = 60;
/// Lines that are looked at to tell a list.
const LIST_SCAN: usize = 60;
/// Lines that a title of an attachment may take.
const TITLE_LINES: usize = 3;

/// Finds the headings of a flow, in order. Lines whose role is known already are none.
pub(super) fn find_headings(items: &[Item], roles: &[Role], evidence: &Evidence, wording: &Wording) -> Vec<Heading> {
    let first = items.iter().position(|item| !matches!(item, Item::Paragraph(p) if p.text.trim().is_empty()));
    let finder = Finder { items, roles, evidence, wording, first };
    let mut found: Vec<Heading> = Vec::new();
    let mut runs = Runs::default();
    let mut next = 0;
    for at in 0..items.len() {
        let Some(line) = (at >= next).then(|| finder.line(at)).flatten() else { continue };
        let heading = finder.heading_of(&line, &found).map(|h| finder.with_further_lines(h, &line));
        let heading = heading.filter(|h| !h.title.is_empty() || matches!(h.rank, Some(Rank::Annex | Rank::Part)));
        runs.take(&line.numbered(), heading.is_some().then_some(found.len()));
        let Some(heading) = heading else { continue };
        if let Some(last) = found.last_mut().filter(|last| finder.is_said_again(last, &heading)) {
            last.more.push(at);
            continue;
        }
        next = heading.more.last().map_or(at, |last| *last) + 1;
        found.push(heading);
    }
    let list_items = runs.list_items();
    let mut at = 0..;
    found.retain(|_| at.next().is_none_or(|at: usize| list_items.binary_search(&at).is_err()));
    let first = found.first().map_or(items.len(), |h| h.item);
    let preface = (0..first).find(|at| finder.paragraph(*at).is_some_and(is_prose));
    found.splice(0..0, preface.map(Heading::without_title));
    found
}

/// Whether a paragraph before the first heading is text rather than a line of the cover.
fn is_prose(p: &FlowParagraph) -> bool {
    p.text.contains('。') && p.text.chars().count() >= PROSE
}

impl Heading {
    /// Stands in for the heading that a preface lacks, so that its text has a section.
    fn without_title(item: usize) -> Self {
        let (label, title) = (String::new(), String::new());
        Self { item, rank: None, ordinal: None, outline: None, label, title, text_from: Some(0), more: Vec::new() }
    }

    /// Whether it stands for a heading that is not there.
    pub(super) fn is_absent(&self) -> bool {
        self.text_from == Some(0)
    }
}

struct Finder<'a> {
    items: &'a [Item],
    roles: &'a [Role],
    evidence: &'a Evidence,
    wording: &'a Wording,
    /// The first item that is not blank.
    first: Option<usize>,
}

/// A line that may be a heading.
struct Line<'a> {
    item: usize,
    p: &'a FlowParagraph,
    folded: Folded<'a>,
    number: Option<Number>,
    /// Bytes of the folded text that the number takes.
    skip: usize,
    outline: Option<u8>,
    marked: bool,
}

impl Line<'_> {
    fn body(&self) -> &str {
        self.folded.text.get(self.skip..).unwrap_or_default()
    }

    /// The line as a member of a run of numbers.
    fn numbered(&self) -> Numbered {
        let number = self.number.filter(|n| n.heads);
        let certain = self.outline.is_some() || self.marked;
        Numbered { rank: number.map(|n| n.rank), ordinal: number.and_then(|n| n.ordinal), certain }
    }

    /// The heading whose title ends at byte `end` of the body; text goes on at `next`.
    fn heading(&self, number: Option<Number>, end: usize, next: Option<usize>) -> Heading {
        let at = |byte: usize| self.folded.original(self.skip + byte);
        let printed = || tidied(cut(&self.p.text, self.folded.original(0), at(0)));
        let computed = self.p.label.as_deref().map(str::trim).filter(|l| !l.is_empty());
        Heading {
            item: self.item,
            rank: number.map(|n| n.rank),
            ordinal: number.and_then(|n| n.ordinal),
            outline: self.outline,
            label: number.map_or_else(String::new, |_| computed.map_or_else(printed, str::to_owned)),
            title: tidied(cut(&self.p.text, at(0), at(end))),
            text_from: next.map(at),
            more: Vec::new(),
        }
    }

    fn is_strong(&self) -> bool {
        self.outline.is_some() || self.marked || self.p.style.bold
    }
}

impl<'a> Finder<'a> {
    fn paragraph(&self, at: usize) -> Option<&'a FlowParagraph> {
        match self.items.get(at)? {
            Item::Paragraph(p) if self.roles.get(at) == Some(&Role::Body) => Some(p),
            _ => None,
        }
    }

    fn line(&self, at: usize) -> Option<Line<'a>> {
        let p = self.paragraph(at)?;
        let folded = fold_line(&p.text);
        if folded.text.is_empty() || self.wording.headings.figure.is_match(&folded.text) {
            return None;
        }
        let computed = p.label.as_deref().and_then(|l| number_of(&fold_line(l).text, self.wording));
        let printed = number_of(&folded.text, self.wording);
        let skip = if computed.is_some() { 0 } else { printed.map_or(0, |n| n.len) };
        let outline = self.outline_of(p);
        let marked = self.evidence.marked.contains(&at);
        Some(Line { item: at, p, folded, number: computed.or(printed), skip, outline, marked })
    }

    /// The outline level that the paragraph, its style or the document's outline gives it.
    fn outline_of(&self, p: &FlowParagraph) -> Option<u8> {
        let style = p.style.outline_level.filter(|l| *l < 9);
        style.or_else(|| style_level(p.style.name.as_deref()?)).or_else(|| {
            let page = p.anchors.first()?.location.page?;
            self.evidence.outline.get(&(page, comparable(&p.text))).copied()
        })
    }

    fn heading_of(&self, line: &Line<'_>, before: &[Heading]) -> Option<Heading> {
        match line.number {
            Some(number) if self.is_term(line, number, before) => None,
            // An 附件2 on top says what the file is, and belongs to its cover.
            Some(number) if number.rank == Rank::Annex && self.first == Some(line.item) => None,
            Some(number) if number.heads || line.outline.is_some() => self.numbered(line, number),
            Some(number) if self.is_misnumbered(line, number, before) => self.misnumbered(line, number),
            Some(_) => None,
            None => self.unnumbered(line, !before.is_empty()),
        }
    }

    /// Whether a numbered line explains a term: below 名词解释, until a number goes on that is no term's.
    fn is_term(&self, line: &Line<'_>, number: Number, before: &[Heading]) -> bool {
        let glossary = before.last().filter(|h| self.wording.headings.glossary.is_match(&squeezed(&h.title)));
        let Some(glossary) = glossary else { return false };
        let follows = Some(number.rank) == glossary.rank && number.ordinal == glossary.ordinal.map(|n| n + 1);
        let ends_it = follows || matches!(number.rank, Rank::Part | Rank::Annex);
        !ends_it && line.outline.is_none() && !line.marked
    }

    /// Whether a line without a number says the title of the heading before it once more, with no text between.
    fn is_said_again(&self, last: &Heading, heading: &Heading) -> bool {
        let end = last.more.last().copied().unwrap_or(last.item);
        let same = heading.label.is_empty() && heading.title == last.title && last.text_from.is_none();
        let text = |at: usize| self.paragraph(at).is_some_and(|p| !p.text.trim().is_empty());
        same && heading.item.saturating_sub(end) < LIST_SCAN && !(end + 1..heading.item).any(text)
    }

    /// Gives a heading the lines after it that its title takes.
    fn with_further_lines(&self, mut heading: Heading, line: &Line<'_>) -> Heading {
        let display = heading.label.is_empty() && heading.outline.is_none();
        if heading.title.is_empty() || display {
            self.take_title_lines(&mut heading, line);
        } else if heading.rank == Some(Rank::Part) {
            self.take_broken_line(&mut heading, line.p);
        }
        heading
    }

    /// Takes the rest of a part's title that a page breaks onto a second line.
    fn take_broken_line(&self, heading: &mut Heading, first: &FlowParagraph) {
        let place = |p: &FlowParagraph| p.anchors.first().and_then(|a| a.location.page);
        let Some(second) = self.line(heading.item + 1).filter(|l| l.number.is_none() && l.outline.is_none()) else {
            return;
        };
        let same_look = first.style.size == second.p.style.size && first.style.bold == second.p.style.bold;
        let same_page = place(first).is_some() && place(first) == place(second.p);
        let words = second.body();
        let is_rest = title::reach(words) == Reach::Line { end: words.len() } && title::is_title(words, SECOND_LINE);
        if same_look && same_page && is_rest && heading.title.chars().count() >= SECOND_LINE {
            heading.title.push_str(&tidied(&second.p.text));
            heading.more.push(second.item);
        }
    }

    fn numbered(&self, line: &Line<'_>, number: Number) -> Option<Heading> {
        let strong = line.is_strong();
        let reach = title::reach(line.body());
        let body = line.body();
        let names_rank = matches!(number.rank, Rank::Part | Rank::Annex);
        if body.trim().is_empty() && names_rank {
            return Some(line.heading(Some(number), 0, None));
        }
        if number.rank == Rank::Annex && !strong && number_of(body, self.wording).is_some() {
            return None;
        }
        match reach {
            Reach::Line { end } => {
                let fits = title::is_title(body.get(..end)?, LONGEST[usize::from(strong)])
                    && (strong || names_rank || !self.is_text(body, end))
                    && (line.outline.is_some() || !title::ends_open(body));
                fits.then(|| line.heading(Some(number), end, None))
            }
            Reach::RunIn { end, next } => {
                let title = body.get(..end)?;
                let rest = body.get(next..)?;
                let fits = title::is_run_in(title, body.get(end..next)?) && !self.is_list_item(number, title, rest);
                fits.then(|| line.heading(Some(number), end, Some(next)))
            }
        }
    }

    /// Whether a plain number goes on where the numbers of chapters stopped, and no list of its own led to it.
    fn is_misnumbered(&self, line: &Line<'_>, number: Number, before: &[Heading]) -> bool {
        let Some(chapter) = before.iter().rev().take(8).find(|h| h.rank == Some(Rank::Chapter)) else { return false };
        let follows = chapter.ordinal.is_some_and(|n| number.ordinal == Some(n + 1));
        let in_list = || {
            let from = (chapter.item + 1).max(line.item.saturating_sub(LIST_SCAN));
            (from..line.item).filter_map(|at| self.line(at)?.number).any(|n| n.rank == Rank::Item)
        };
        number.rank == Rank::Item && follows && line.p.text.chars().count() <= LONGEST_PLAIN && !in_list()
    }

    /// Takes a short line such as `9、` that goes on where a 八、 stood before.
    fn misnumbered(&self, line: &Line<'_>, number: Number) -> Option<Heading> {
        let body = line.body();
        let Reach::Line { end } = title::reach(body) else { return None };
        let named = self.wording.headings.chapters.is_match(body.get(..end).unwrap_or_default());
        let fits = (line.is_strong() || named)
            && title::is_title(body.get(..end)?, LONGEST_PLAIN)
            && !self.is_text(body, end)
            && body.len() == end;
        let mut heading = fits.then(|| line.heading(Some(number), end, None))?;
        heading.rank = Some(Rank::Chapter);
        Some(heading)
    }

    fn unnumbered(&self, line: &Line<'_>, after_heading: bool) -> Option<Heading> {
        let body = line.body();
        if body.len() > 4 * LONGEST[1] {
            return None;
        }
        let Reach::Line { end } = title::reach(body) else { return None };
        let title = body.get(..end)?;
        let word = squeezed(title);
        let chapter = self.wording.headings.chapters.is_match(&word);
        let named = chapter || self.wording.headings.named.is_match(&word);
        let display = after_heading && self.is_display(line) && !self.is_caption(line);
        let calm = end == body.len() && !self.is_text(body, end);
        let spoken_for = line.outline.is_some() || (calm && (named || display || line.marked));
        let fits = spoken_for && title::is_title(title, if line.outline.is_some() { 60 } else { LONGEST_PLAIN });
        let mut heading = fits.then(|| line.heading(None, end, None))?;
        heading.rank = chapter.then_some(Rank::Chapter);
        Some(heading)
    }

    /// Whether a line without a number is set off as titles are.
    fn is_display(&self, line: &Line<'_>) -> bool {
        let set_off = line.p.style.bold && line.p.style.centred;
        set_off && line.number.is_none() && !self.wording.captions.subtitle.is_match(line.body())
    }

    /// Whether a table follows at once, so that the line is its title.
    fn is_caption(&self, line: &Line<'_>) -> bool {
        let next = self.items.iter().skip(line.item + 1).take(4);
        let mut filled = next.filter(|i| !matches!(i, Item::Paragraph(p) if p.text.trim().is_empty()));
        matches!(filled.next(), Some(Item::Table(_)))
    }

    /// Whether the words of a line are those of text: figures, a duty, a long line that ends as a sentence.
    fn is_text(&self, body: &str, end: usize) -> bool {
        let title = body.get(..end).unwrap_or_default();
        let sentence = body.get(end..).is_some_and(|mark| mark.starts_with('。'));
        self.wording.headings.figures.is_match(title)
            || (self.is_duty(title) && (sentence || title.chars().count() > DUTY))
            || (sentence && title.chars().count() > 25)
    }

    /// Whether a first sentence is that of an item of a list: a duty, a statement of figures, a term explained.
    fn is_list_item(&self, number: Number, title: &str, rest: &str) -> bool {
        (self.is_duty(title) && title.chars().count() > DUTY)
            || self.wording.headings.figures.is_match(title)
            || self.wording.headings.definition.is_match(rest)
            || self.numbers_again(number, rest)
    }

    fn is_duty(&self, title: &str) -> bool {
        let words = title.trim_start();
        let verb = self.wording.headings.duties.iter().any(|duty| words.starts_with(duty.as_str()));
        verb && !words.ends_with("情况") && !words.ends_with("说明")
    }

    /// Whether the next number of the same rank stands in the same paragraph: then it is a list.
    fn numbers_again(&self, number: Number, rest: &str) -> bool {
        rest.split_inclusive(['。', ';'])
            .skip(1)
            .any(|sentence| number_of(sentence.trim_start(), self.wording).is_some_and(|n| n.rank == number.rank))
    }

    /// Takes the short lines after a bare 附件1 or 第一部分, or after the first of several display lines.
    fn take_title_lines(&self, heading: &mut Heading, first: &Line<'_>) {
        let mut lines = Vec::new();
        let last = heading.item + 2 * TITLE_LINES + 2;
        for at in heading.item + 1..self.items.len().min(last) {
            let Some(Item::Paragraph(p)) = self.items.get(at) else { break };
            if p.text.trim().is_empty() {
                continue;
            }
            let Some(line) = self.line(at).filter(|l| l.number.is_none() && l.p.charts.is_empty()) else { break };
            let is_title = title::reach(line.body()) == Reach::Line { end: line.body().len() };
            let fits = match heading.rank {
                Some(Rank::Annex) => heading.more.len() < TITLE_LINES,
                Some(_) => heading.more.is_empty() || is_same_print(first.p, p),
                None => heading.more.len() < TITLE_LINES && is_display_rest(first.p, p),
            };
            if !fits || !is_title || !title::is_title(line.body(), LONGEST_PLAIN) {
                break;
            }
            lines.push(tidied(&p.text));
            heading.more.push(at);
        }
        heading.title.push_str(&lines.concat());
    }
}

/// Whether two lines of a page are of one large size, as the lines of a broken title are.
fn is_same_print(first: &FlowParagraph, next: &FlowParagraph) -> bool {
    let page = |p: &FlowParagraph| p.anchors.first().and_then(|a| a.location.page);
    let large = first.style.size.is_some_and(|size| size >= DISPLAY);
    large && first.style.size == next.style.size && page(first).is_some() && page(first) == page(next)
}

/// Whether a line is set off in the same way as the display line before it.
fn is_display_rest(first: &FlowParagraph, next: &FlowParagraph) -> bool {
    let set_off = |p: &FlowParagraph| p.style.bold && p.style.centred && p.style.outline_level.is_none();
    set_off(first) && set_off(next)
}

/// The level of a built-in heading style, from 0.
fn style_level(name: &str) -> Option<u8> {
    let digits = name.strip_prefix("heading").or_else(|| name.strip_prefix("标题"))?;
    digits.trim().parse::<u8>().ok().filter(|n| (1..=9).contains(n)).map(|n| n - 1)
}
