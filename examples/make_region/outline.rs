//! Builds a report block by block and gives each heading its number and its bookmarks, in the ways in which
//! published files have them: before the heading, after its number, or left behind in the paragraph before.

use crate::document::{Block, Bookmark, Chart, Document, Heading, Passage, Start};
use crate::fact::FigureStyle;

/// A report under construction.
pub struct Outline {
    document: Document,
    style: FigureStyle,
    next_bookmark: u32,
    figure: usize,
    auto: bool,
}

impl Outline {
    /// Starts a report. `first_bookmark` numbers its `_Toc` bookmarks.
    pub fn new(document: Document, style: FigureStyle, first_bookmark: u32) -> Self {
        Self { document, style, next_bookmark: first_bookmark, figure: 0, auto: false }
    }

    /// From here on, numbers of level 2 are computed by the word processor.
    pub fn number_automatically(&mut self, auto: bool) {
        self.auto = auto;
    }

    /// Adds 第一部分 and its like, on a new page.
    pub fn part(&mut self, label: &str, title: impl Into<String>) {
        self.document.blocks.push(Block::PageBreak);
        self.heading(1, label, title, Start::Heading);
    }

    /// Adds 一、 and its like; its bookmark starts where `start` says.
    pub fn chapter(&mut self, label: &str, title: impl Into<String>, start: Start) {
        self.heading(2, label, title, start);
    }

    /// Adds （一） and its like.
    pub fn section(&mut self, label: &str, title: impl Into<String>) {
        self.heading(3, label, title, Start::Title);
    }

    fn heading(&mut self, level: usize, label: &str, title: impl Into<String>, start: Start) {
        let name = format!("_Toc{}", self.next_bookmark);
        self.next_bookmark += 1;
        let auto = self.auto && level == 2;
        let start = if auto && start == Start::Title { Start::Heading } else { start };
        let bookmarks = vec![Bookmark { name, start }];
        self.push(Block::Heading(Heading { level, label: label.to_owned(), title: title.into(), auto, bookmarks }));
    }

    /// An empty passage in the report's voice.
    pub fn passage(&self) -> Passage {
        Passage::new(self.document.year, self.style)
    }

    /// Adds a paragraph.
    pub fn tell(&mut self, passage: Passage) {
        self.push(Block::Passage(passage));
    }

    /// Adds a paragraph without figures.
    pub fn say(&mut self, words: impl AsRef<str>) {
        let passage = self.passage().say(words);
        self.tell(passage);
    }

    /// Adds a chart and the caption below it, with the next number.
    pub fn chart(&mut self, mut chart: Chart) {
        self.figure += 1;
        let shape = if chart.kind == "pie" { "饼状图" } else { "柱状图" };
        chart.caption = format!("（图{}：{}）（{shape}）", self.figure, chart.title);
        let caption = chart.caption.clone();
        self.push(Block::Chart(chart));
        self.push(Block::Centred(caption));
    }

    /// Adds any block.
    pub fn push(&mut self, block: Block) {
        self.document.blocks.push(block);
    }

    /// The finished report.
    pub fn finish(self) -> Document {
        self.document
    }
}
