//! A report before it becomes a file: headings with their bookmarks, passages with their facts, charts, tables.
//! The Word writer prints it and the truth is read off it, so that neither can say what the other does not.

use rust_decimal::Decimal;

use crate::fact::{Fact, FigureStyle, Key, percent, print_percent, yuan};
use crate::grid::Grid;
use crate::statement::Statement;

/// One report text.
#[derive(Debug)]
pub struct Document {
    /// Report kind.
    pub kind: &'static str,
    /// Body that reports.
    pub entity: String,
    /// Fiscal year.
    pub year: u16,
    /// Day of publication, ISO 8601.
    pub published: String,
    /// Lines of the cover.
    pub cover: Vec<String>,
    /// Everything after the table of contents.
    pub blocks: Vec<Block>,
}

/// One thing after another.
#[derive(Debug)]
pub enum Block {
    /// A heading.
    Heading(Heading),
    /// A paragraph.
    Passage(Passage),
    /// A line in the middle: the caption of a chart, the name of an annex.
    Centred(String),
    /// A chart.
    Chart(Chart),
    /// A performance form under its title.
    Form(Form),
    /// A statement with its title, captions and notes.
    Statement(Box<Statement>),
    /// The next block starts a page.
    PageBreak,
}

/// A heading.
#[derive(Debug)]
pub struct Heading {
    /// 1 for 第一部分, 2 for 一、, 3 for （一）.
    pub level: usize,
    /// Its number.
    pub label: String,
    /// Its words.
    pub title: String,
    /// Whether the number is computed by the word processor.
    pub auto: bool,
    /// Bookmarks that mean it.
    pub bookmarks: Vec<Bookmark>,
}

/// A bookmark of a heading.
#[derive(Debug)]
pub struct Bookmark {
    /// Its name.
    pub name: String,
    /// Where it starts.
    pub start: Start,
}

/// Where a heading's bookmark starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// Before the heading's first character.
    Heading,
    /// Between its number and its words.
    Title,
    /// At the end of the paragraph before.
    Displaced,
}

/// A paragraph, its facts, and a bookmark around some of its characters.
#[derive(Debug)]
pub struct Passage {
    /// What it says.
    pub text: String,
    /// Its figures, in order.
    pub facts: Vec<Fact>,
    /// Name, first and end character of a bookmark inside it.
    pub bookmark: Option<(String, usize, usize)>,
    year: u16,
    style: FigureStyle,
}

/// A chart with its cached data.
#[derive(Debug)]
pub struct Chart {
    /// `bar` or `pie`.
    pub kind: &'static str,
    /// Title over it.
    pub title: String,
    /// Caption below it.
    pub caption: String,
    /// Name of its series.
    pub series: String,
    /// Category and value.
    pub points: Vec<(String, Decimal)>,
}

/// A performance form.
#[derive(Debug)]
pub struct Form {
    /// Its title.
    pub title: String,
    /// A second line below the title.
    pub subtitle: String,
    /// The project that it is of.
    pub project: String,
    /// Level 1 to 3, target, outcome.
    pub indicators: Vec<[String; 5]>,
    /// The table.
    pub grid: Grid,
}

impl Passage {
    /// An empty passage of a year's report.
    pub fn new(year: u16, style: FigureStyle) -> Self {
        Self { text: String::new(), facts: Vec::new(), bookmark: None, year, style }
    }

    /// Adds words.
    pub fn say(mut self, words: impl AsRef<str>) -> Self {
        self.text.push_str(words.as_ref());
        self
    }

    /// Adds an amount of 万元.
    pub fn money(self, key: impl Into<Key>, amount: Decimal) -> Self {
        let printed = self.style.print(amount);
        self.figure(&key.into(), "amount", yuan(amount), &printed).say("万元")
    }

    /// Adds `占…%`.
    pub fn share(self, key: impl Into<Key>, part: Decimal, whole: Decimal) -> Self {
        self.say("占").bare_share(key, part, whole)
    }

    /// Adds a share after words that say of what.
    pub fn bare_share(self, key: impl Into<Key>, part: Decimal, whole: Decimal) -> Self {
        self.rate(&key.into(), "share", percent(part, whole))
    }

    /// Adds `完成预算…%`.
    pub fn completion(self, key: impl Into<Key>, outturn: Decimal, budget: Decimal) -> Self {
        self.say("完成预算").rate(&key.into(), "completion", percent(outturn, budget))
    }

    /// Adds `增加…万元，增长…%` or `减少…万元，下降…%`; `each` is 各 or nothing. An unchanged figure is 持平.
    pub fn change(self, key: impl Into<Key>, each: &str, now: Decimal, before: Decimal) -> Self {
        let (key, delta) = (key.into(), now - before);
        if delta.is_zero() {
            return self.say("持平");
        }
        let (more, rise) = if delta.is_sign_positive() { ("增加", "增长") } else { ("减少", "下降") };
        let printed = self.style.print(delta.abs());
        let told = self.say(each).say(more).figure(&key, "yoy_abs", yuan(delta), &printed).say("万元");
        if before.is_zero() {
            return told;
        }
        let rate = percent(delta, before);
        let literal = print_percent(rate.abs());
        told.say("，").say(rise).figure(&key, "yoy_pct", rate, &literal)
    }

    /// Adds a count with its measure word.
    pub fn count(self, metric: &'static str, number: u32, word: &str) -> Self {
        let printed = number.to_string();
        self.figure(&metric.into(), "count", Decimal::from(number), &printed).say(word)
    }

    /// Sets a bookmark around some words of the passage.
    pub fn bookmarked(mut self, name: &str, words: &str) -> Self {
        if let Some(at) = self.text.find(words) {
            let start = self.text[..at].chars().count();
            self.bookmark = Some((name.to_owned(), start, start + words.chars().count()));
        }
        self
    }

    /// Adds a percentage.
    fn rate(self, key: &Key, measure: &'static str, value: Decimal) -> Self {
        let printed = print_percent(value);
        self.figure(key, measure, value, &printed)
    }

    /// Adds a literal and what it means.
    fn figure(mut self, key: &Key, measure: &'static str, value: Decimal, printed: &str) -> Self {
        self.facts.push(key.fact(measure, self.year, value, printed));
        self.text.push_str(printed);
        self
    }
}

impl Heading {
    /// Its number as it stands before the words: a part's stands off by a space.
    pub fn printed_label(&self) -> String {
        let gap = if self.level == 1 && !self.label.is_empty() { "　" } else { "" };
        format!("{}{gap}", self.label)
    }

    /// Number and words.
    pub fn printed(&self) -> String {
        format!("{}{}", self.printed_label(), self.title)
    }
}

impl Block {
    /// Facts of the block, in reading order.
    fn facts(&self) -> Vec<&Fact> {
        match self {
            Self::Passage(passage) => passage.facts.iter().collect(),
            Self::Form(form) => form.grid.facts(),
            Self::Statement(statement) => statement.grid.facts(),
            _ => Vec::new(),
        }
    }
}

/// Prints an ISO 8601 date as covers do: `2025年9月12日`.
pub fn printed_date(date: &str) -> String {
    let mut numbers = date.split('-').map(|part| part.trim_start_matches('0'));
    let [year, month, day] = std::array::from_fn(|_| numbers.next().unwrap_or_default());
    format!("{year}年{month}月{day}日")
}

impl Document {
    /// Every fact, in reading order.
    pub fn facts(&self) -> Vec<&Fact> {
        self.blocks.iter().flat_map(Block::facts).collect()
    }

    /// Its charts.
    pub fn charts(&self) -> impl Iterator<Item = &Chart> {
        self.blocks.iter().filter_map(|block| if let Block::Chart(chart) = block { Some(chart) } else { None })
    }

    /// Its headings.
    pub fn headings(&self) -> impl Iterator<Item = &Heading> {
        self.blocks.iter().filter_map(|block| if let Block::Heading(heading) = block { Some(heading) } else { None })
    }
}
