//! What a report is, and whose: every clue votes with its weight, the document before the file name, and readings
//! that lost are kept as conflicts.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::error::Result;
use crate::forms::Forms;
use crate::forms::expression::{Expression, Letters};
use crate::forms::kinds::{Clue, Place};
use crate::limits::Deadline;
use crate::model::{Conflict, Content, EntityLevel, Identity, Region, Role, fold_text};

/// Votes for one field: weight by value, and the place that first said so.
#[derive(Debug, Default)]
struct Votes(BTreeMap<String, (f32, Place)>);

impl Votes {
    fn add(&mut self, value: &str, weight: f32, place: Place) {
        let slot = self.0.entry(value.to_owned()).or_insert((0.0, place));
        slot.0 += weight;
        slot.1 = slot.1.min(place);
    }

    /// The winner and its share of all votes.
    fn winner(&self) -> Option<(&str, f32)> {
        let total: f32 = self.0.values().map(|v| v.0).sum();
        let best = self.0.iter().max_by(|a, b| a.1.0.total_cmp(&b.1.0).then(a.0.len().cmp(&b.0.len())))?;
        Some((best.0, best.1.0 / total.max(f32::MIN_POSITIVE)))
    }
}

#[derive(Debug, Default)]
struct Ballot {
    entity: Votes,
    year: Votes,
    family: Votes,
    level: Votes,
}

/// Reads the identity; `has_statements` tells whether tables of accounts or budgets were found.
///
/// # Errors
/// When the deadline passes.
pub(crate) fn read_identity(
    content: &Content,
    name: &str,
    has_statements: bool,
    forms: &Forms,
    deadline: &Deadline,
) -> Result<Identity> {
    let texts = gather(content, name);
    let mut ballot = Ballot::default();
    for clue in &forms.kinds.clues {
        deadline.check()?;
        vote(clue, &texts, forms, &mut ballot);
    }
    merge_suffixes(&mut ballot.entity);
    let entity = ballot.entity.winner().map(|(name, share)| (name.to_owned(), share));
    let year = ballot.year.winner().and_then(|(year, share)| Some((year.parse::<u16>().ok()?, share)));
    let region = entity.as_ref().and_then(|(name, _)| region(name, forms));
    let is_open = !has_statements && (is_bare(content) || family_strength(&ballot) < 3.0);
    let kind = kind(&ballot, &texts, is_open, forms);
    let level = kind.as_deref().and_then(|k| k.split('.').nth(1)).and_then(|l| match l {
        "department" => Some(EntityLevel::Department),
        "unit" => Some(EntityLevel::Unit),
        _ => None,
    });
    let confidence = [entity.as_ref().map(|e| e.1), year.map(|y| y.1), kind.as_ref().map(|_| 1.0)];
    Ok(Identity {
        conflicts: conflicts(&ballot, entity.as_ref().map(|e| e.0.as_str()), year.map(|y| y.0)),
        title: title(content, forms),
        entity: entity.map(|(name, _)| name),
        entity_level: level,
        region,
        fiscal_year: year.map(|(year, _)| year),
        published: published(content),
        confidence: confidence.iter().map(|c| c.unwrap_or(0.0)).sum::<f32>() / 3.0,
        kind,
    })
}

type Texts = BTreeMap<Place, Vec<Line>>;

/// A text that a clue may stand in.
struct Line {
    text: String,
    letters: Letters,
}

impl Line {
    fn of(text: String) -> Self {
        Self { letters: Letters::of(&text), text }
    }
}

/// Every text that a clue may stand in, by place.
fn gather(content: &Content, name: &str) -> Texts {
    let mut texts = Texts::new();
    let lines = |texts: Vec<String>| texts.into_iter().map(Line::of).collect::<Vec<_>>();
    texts.insert(Place::Cover, lines(cover(content)));
    let fold_all = |printed: Vec<&str>| lines(printed.into_iter().map(plain).collect());
    let captions = content.tables.iter().flat_map(|t| t.captions.iter().chain(&t.unit)).map(String::as_str);
    texts.insert(Place::Caption, fold_all(captions.collect()));
    let headings = content.paragraphs.iter().filter(|p| p.role == Role::Heading).map(|p| p.text.as_str());
    let mut headings: Vec<&str> = headings.collect();
    if headings.is_empty() {
        headings = content.sections.iter().map(|s| s.title.as_str()).collect();
    }
    texts.insert(Place::Heading, fold_all(headings));
    let body = content.paragraphs.iter().filter(|p| p.role == Role::Body).map(|p| p.text.as_str());
    texts.insert(Place::Sentence, fold_all(body.take(400).collect()));
    let titles = content.tables.iter().filter_map(|t| t.title.as_deref());
    let sheets = content.tables.iter().filter_map(|t| t.locations.first()?.sheet.as_deref());
    texts.insert(Place::Title, fold_all(titles.chain(sheets).collect()));
    texts.insert(Place::Cells, lines(content.tables.iter().flat_map(head_rows).collect()));
    texts.insert(Place::File, lines(vec![plain(name)]));
    texts
}

/// Cover lines, each alone and joined with the next ones, since a title is often broken.
fn cover(content: &Content) -> Vec<String> {
    let is_cover = |role| matches!(role, Role::Cover);
    let mut lines: Vec<String> =
        content.paragraphs.iter().filter(|p| is_cover(p.role)).map(|p| plain(&p.text)).take(12).collect();
    if lines.is_empty() {
        let first = content.paragraphs.iter().filter(|p| p.role != Role::Running && p.role != Role::Toc);
        lines = first.map(|p| plain(&p.text)).take(6).filter(|l| l.chars().count() < 60).collect();
    }
    lines.retain(|l| !l.is_empty());
    let pairs = lines.windows(2).map(<[String]>::concat);
    let triples = lines.windows(3).map(<[String]>::concat);
    let joined: Vec<String> = pairs.chain(triples).collect();
    lines.extend(joined);
    lines
}

/// The first rows of a table, cells joined by `|`.
fn head_rows(table: &crate::model::Table) -> Vec<String> {
    let mut rows = vec![Vec::new(); 10];
    for cell in table.cells.iter().take(400) {
        if let Some(row) = rows.get_mut(cell.row as usize) {
            row.extend(Some(plain(&cell.text)).filter(|t| t.chars().count() < 80));
        }
    }
    rows.into_iter().map(|row| row.join("|")).filter(|row| !row.is_empty()).collect()
}

/// Folded text with years of Chinese digits in Arabic ones: 二〇二六年 is 2026年.
fn plain(text: &str) -> String {
    static YEAR: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new("二[〇○零0Oo][〇○零一二三四五六七八九]{2}年").ok());
    let folded = fold_text(text);
    let Some(pattern) = YEAR.as_ref() else { return folded.into_owned() };
    let digits = |c: char| match c {
        '一' => '1',
        '二' => '2',
        '三' => '3',
        '四' => '4',
        '五' => '5',
        '六' => '6',
        '七' => '7',
        '八' => '8',
        '九' => '9',
        '年' => '年',
        _ => '0',
    };
    pattern.replace_all(&folded, |found: &regex::Captures<'_>| found[0].chars().map(digits).collect::<String>()).into()
}

fn vote(clue: &Clue, texts: &Texts, forms: &Forms, ballot: &mut Ballot) {
    let mut seen: BTreeMap<(&str, String), u32> = BTreeMap::new();
    // The same telling counts three times at most, so that no table of fifty pages outvotes the cover.
    let mut count = |field: &'static str, value: &str| {
        let times = seen.entry((field, value.to_owned())).or_insert(0);
        *times += 1;
        *times <= 3
    };
    let lines = texts.get(&clue.place).into_iter().flatten();
    for line in lines.filter(|line| clue.pattern.may_be_in(&line.letters)) {
        for found in clue.pattern.captures_iter(&line.text).take(2) {
            let group = |name| found.name(name).map(|m| m.as_str());
            if let Some(name) = group("entity").and_then(|e| forms.kinds.body_name(e)).filter(|n| count("entity", n)) {
                ballot.entity.add(name, clue.weight, clue.place);
            }
            if let Some(year) = group("year").filter(|y| count("year", y)) {
                ballot.year.add(year, clue.weight, clue.place);
            }
            let family = group("family").and_then(|w| forms.kinds.family(w)).or(clue.family.as_deref());
            if let Some(family) = family.filter(|f| count("family", f)) {
                ballot.family.add(family, clue.weight, clue.place);
            }
            let level = group("level").and_then(|w| forms.kinds.level(w)).or(clue.level);
            if let Some(level) = level.map(level_word).filter(|l| count("level", l)) {
                ballot.level.add(level, clue.weight, clue.place);
            }
        }
    }
}

fn level_word(level: EntityLevel) -> &'static str {
    match level {
        EntityLevel::Department => "department",
        EntityLevel::Unit => "unit",
    }
}

/// A short name that a fuller one ends with speaks for the fuller one: 某局 for 某市某局.
fn merge_suffixes(votes: &mut Votes) {
    let names: Vec<(String, f32)> = votes.0.iter().map(|(n, v)| (n.clone(), v.0)).collect();
    for (full, (weight, _)) in &mut votes.0 {
        let parts = names.iter().filter(|(n, _)| n != full && full.ends_with(n.as_str()));
        *weight += parts.map(|(_, w)| w).sum::<f32>();
    }
}

/// Whether there is nothing but tables: their titles say then what the document is, without a cover to outvote them.
fn is_bare(content: &Content) -> bool {
    !content.paragraphs.iter().any(|p| matches!(p.role, Role::Cover | Role::Heading | Role::Body))
}

/// The family of accounts or budgets that most clues speak for.
fn accounts(ballot: &Ballot) -> Option<&str> {
    ballot.family.winner().map(|(family, _)| family).filter(|family| *family != "performance")
}

fn family_strength(ballot: &Ballot) -> f32 {
    accounts(ballot).and_then(|family| ballot.family.0.get(family)).map_or(0.0, |v| v.0)
}

/// The kind; where `is_open`, a title of another kind of document decides before accounts and budgets do.
fn kind(ballot: &Ballot, texts: &Texts, is_open: bool, forms: &Forms) -> Option<String> {
    let places = [Place::Cover, Place::Title, Place::Heading, Place::Cells, Place::File];
    let says = |words: &Expression, l: &Line| words.may_be_in(&l.letters) && words.is_match(&l.text);
    let told = |lines: &Vec<Line>| forms.kinds.others.iter().find(|(_, words)| lines.iter().any(|l| says(words, l)));
    // A report that has a form in it says on its cover that it is a report.
    let other = || places.iter().filter_map(|p| texts.get(p)).find_map(told);
    if is_open && let Some((id, _)) = other() {
        return Some(id.clone());
    }
    let family = accounts(ballot)?;
    let level = ballot.level.winner().map_or("department", |(level, _)| level);
    Some(format!("{family}.{level}"))
}

fn conflicts(ballot: &Ballot, entity: Option<&str>, year: Option<u16>) -> Vec<Conflict> {
    let year = year.map(|y| y.to_string());
    let of = |field: &str, votes: &Votes, taken: Option<&str>| {
        let lost = votes.0.iter().filter(|(value, (weight, place))| {
            let is_part = taken.is_some_and(|t| t.ends_with(value.as_str()) || value.ends_with(t));
            !is_part && (*weight >= 3.0 || *place == Place::File)
        });
        let conflict = |(value, (_, place)): (&String, &(f32, Place))| Conflict {
            field: field.to_owned(),
            value: value.clone(),
            source: place.word().to_owned(),
        };
        lost.take(4).map(conflict).collect::<Vec<_>>()
    };
    let mut all = of("entity", &ballot.entity, entity);
    all.extend(of("fiscal_year", &ballot.year, year.as_deref()));
    all
}

/// The place that a body's name starts with: one of the list, or by its shape where the list does not know it all.
fn region(entity: &str, forms: &Forms) -> Option<Region> {
    let name = forms.kinds.without_lead(entity);
    let listed = forms.regions.at_start(name);
    let shape = forms.kinds.place_by_shape(name);
    let unlisted = shape.filter(|s| listed.as_ref().is_none_or(|l| s.len() > l.name.len() && s.starts_with(&l.name)));
    let Some(place) = unlisted else { return listed };
    let zone = name.get(place.len()..).and_then(|rest| forms.regions.zone_at_start(rest)).unwrap_or("");
    Some(Region { name: format!("{place}{zone}"), code: None })
}

/// The cover's title as printed: the line that says what the report is, with the lines from its year on and those
/// that go on with it; else the first line.
fn title(content: &Content, forms: &Forms) -> Option<String> {
    let lines = content.paragraphs.iter().filter(|p| p.role == Role::Cover).map(|p| p.text.trim());
    let lines: Vec<&str> = lines.filter(|t| !t.is_empty()).take(12).collect();
    let first = lines.first().map(|t| (*t).to_owned());
    let Some(words) = forms.kinds.title_words() else { return first };
    let folded: Vec<String> = lines.iter().map(|t| plain(t)).collect();
    let Some(says) = folded.iter().position(|t| words.says.is_match(t)) else { return first };
    let has_year = |line: &String| words.year.is_match(line);
    let is_dated = folded.get(says).is_some_and(|t| t.contains("20"));
    let before = folded.get(..says).unwrap_or_default();
    let from = if is_dated { says } else { before.iter().rposition(has_year).unwrap_or(says) };
    let behind = folded.get(says + 1..).unwrap_or_default();
    let more = behind.iter().take_while(|t| words.goes_on.is_match(t)).count();
    lines.get(from..=says + more).map(|lines| lines.join(""))
}

/// A date on the cover, as far as it is printed.
fn published(content: &Content) -> Option<String> {
    static DATE: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(20[0-9][0-9])年([0-9]{1,2})月(?:([0-9]{1,2})日)?$").ok());
    let pattern = DATE.as_ref()?;
    let mut lines = content.paragraphs.iter().filter(|p| p.role == Role::Cover).map(|p| plain(&p.text));
    lines.find_map(|line| {
        let found = pattern.captures(&line)?;
        let number = |i| found.get(i).and_then(|m| m.as_str().parse::<u8>().ok());
        let year = found.get(1)?.as_str();
        let month = number(2).filter(|m| (1..=12).contains(m))?;
        let day = number(3).filter(|d| (1..=31).contains(d)).map_or(String::new(), |d| format!("-{d:02}"));
        Some(format!("{year}-{month:02}{day}"))
    })
}

#[cfg(test)]
mod tests {
    use crate::fiscal::specimen::{content, table};
    use crate::forms::Forms;
    use crate::limits::{Deadline, Limits};
    use crate::model::{Content, EntityLevel, Identity};

    fn read(content: &Content, name: &str, has_statements: bool) -> Identity {
        let deadline = Deadline::start(&Limits::default());
        super::read_identity(content, name, has_statements, Forms::builtin(), &deadline).expect("there is time")
    }

    fn identity(content: &Content, name: &str) -> Identity {
        read(content, name, true)
    }

    #[test]
    fn a_wrong_file_name_loses_against_the_document() {
        let content = content(&["南宁市某某管理局", "2022年度部门决算"], vec![], &[]);
        let told = identity(&content, "某财政局_2026年部门预算.pdf");
        assert_eq!(told.kind.as_deref(), Some("final_accounts.department"));
        assert_eq!((told.entity.as_deref(), told.fiscal_year), (Some("南宁市某某管理局"), Some(2022)));
        assert_eq!(told.region.and_then(|r| r.code).as_deref(), Some("450100"));
        assert!(told.conflicts.iter().any(|c| c.value == "2026" && c.source == "file name"), "{:?}", told.conflicts);
    }

    #[test]
    fn a_cover_may_say_it_in_chinese_digits_and_lines() {
        let content = content(&["二〇二五年", "单位预算", "预算单位：长沙市某某事务中心"], vec![], &[]);
        let told = identity(&content, "x.pdf");
        assert_eq!((told.fiscal_year, told.entity_level), (Some(2025), Some(EntityLevel::Unit)));
        assert_eq!(told.entity.as_deref(), Some("长沙市某某事务中心"));
    }

    #[test]
    fn tables_alone_tell_the_body_by_their_caption() {
        let mut sheet = table("收支总表", Some("万元"), 1, &["收入|支出"]);
        sheet.captions = vec!["部门：苏州市某某委员会 单位：万元".into()];
        let told = identity(&content(&[], vec![sheet], &[]), "y_2024年.pdf");
        assert_eq!(told.entity.as_deref(), Some("苏州市某某委员会"));
        assert_eq!(told.kind.as_deref(), Some("budget.department"));
        assert_eq!(told.fiscal_year, Some(2024), "the file name is asked last");
    }

    #[test]
    fn the_title_is_all_lines_from_the_year_on() {
        let title = |cover: &[&str]| identity(&content(cover, vec![], &[]), "x.pdf").title;
        let broken = title(&["清川市某局", "2024年度", "部门决算", "公开时间：2025年9月"]);
        assert_eq!(broken.as_deref(), Some("2024年度部门决算"));
        let whole = title(&["清川市某局", "2024年度部门决算", "公开说明"]);
        assert_eq!(whole.as_deref(), Some("2024年度部门决算公开说明"));
        assert_eq!(title(&["清川市某局"]).as_deref(), Some("清川市某局"));
    }

    #[test]
    fn a_region_that_no_list_holds_is_taken_as_printed() {
        let region = |name: &str| super::region(name, Forms::builtin()).map(|r| (r.name, r.code));
        assert_eq!(region("清川市云汀区档案馆"), Some(("清川市云汀区".to_owned(), None)));
        let listed = Some(("上海市普陀区".to_owned(), Some("310107".to_owned())));
        assert_eq!(region("中共上海市普陀区委员会办公室"), listed);
        assert_eq!(region("清川市高新区财政局"), Some(("清川市高新区".to_owned(), None)));
        assert_eq!(region("国家市场监督管理总局"), None);
    }

    #[test]
    fn a_form_of_performance_is_no_budget_and_has_its_own_year() {
        let told = |title: &str, file: &str| {
            let content = content(&[], vec![table(title, Some("万元"), 1, &["一级指标|目标值"])], &[]);
            read(&content, file, false)
        };
        let target =
            told("清川市某某局2026年部门整体预算绩效目标申报表", "清川市某某局2026年部门整体预算绩效目标申报表.pdf");
        assert_eq!(target.kind.as_deref(), Some("performance.target_form"));
        assert_eq!(told("部门整体绩效自评表（2024年度）", "某办_2026年部门预算.pdf").fiscal_year, Some(2024));
        let named = told("绩效目标表", "清川__某某局_清川市某某局2026年项目支出绩效目标表.pdf");
        assert_eq!(named.entity.as_deref(), Some("清川市某某局"));
    }

    #[test]
    fn a_report_that_holds_a_form_is_a_report() {
        let form = table("部门整体支出绩效自评表", None, 1, &["一级指标|目标值"]);
        let content = content(&["清川市某局2023年度部门整体支出绩效自评报告"], vec![form], &[]);
        let told = read(&content, "x.docx", false);
        assert_eq!(told.kind.as_deref(), Some("performance.department_self_eval"));
    }

    #[test]
    fn names_keep_their_first_characters_and_lose_their_numbers() {
        let entity = |cover: &[&str], file: &str| identity(&content(cover, vec![], &[]), file).entity;
        assert_eq!(entity(&["本溪市某局", "2023年度部门决算"], "x").as_deref(), Some("本溪市某局"));
        assert_eq!(entity(&["某市文艺中心", "2023年度部门（单位）决算"], "x").as_deref(), Some("某市文艺中心"));
        let mut numbered = content(&[], vec![], &[("二、某省某州促进局2018年度部门决算公开报表", "见附表。")]);
        numbered.sections[0].title = "二、某省某州促进局2018年度部门决算公开报表".into();
        assert_eq!(identity(&numbered, "x").entity.as_deref(), Some("某省某州促进局"));
    }

    #[test]
    fn what_nothing_tells_stays_unknown() {
        let told = identity(&Content::default(), "scan.pdf");
        assert_eq!((told.kind, told.entity, told.fiscal_year), (None, None, None));
    }
}
