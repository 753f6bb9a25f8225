//! One digit of one figure is changed in the file of a right report, over and over: the program must tell the changed
//! report from the right one, and name the figure. The documents are clean ones of the sample region; the changes follow
//! from a fixed sequence, so that every run tries the same ones. A debug build tries 120; `JUESUAN_MUTATIONS=500`, or a
//! release build, tries 500.

use std::collections::BTreeSet;
use std::io::{Cursor, Read, Write};
use std::ops::Range;
use std::path::Path;

use juesuan::check::confirmed;
use juesuan::forms::Forms;
use juesuan::limits::Limits;
use juesuan::model::{Fact, Finding, FindingStatus, Report};
use juesuan::pipeline::extract_bytes;
use regex::Regex;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// One with text and statements, one with statements alone; no error is planted in either. Beside each, how its parts
/// spell the text of a paragraph or the value of a cell.
const CLEAN: &[(&str, &str)] = &[
    ("区档案馆/2024/2024年度部门决算.docx", "<w:t[^>]*>([^<]*)</w:t>"),
    ("区文化广电体育和旅游局/2023/2023年度部门决算附表.xlsx", "<v>([0-9]+[.][0-9]+)</v>"),
];

/// Changes to all documents together.
fn changes() -> usize {
    let asked = std::env::var("JUESUAN_MUTATIONS").ok().and_then(|n| n.parse().ok());
    asked.unwrap_or(if cfg!(debug_assertions) { 120 } else { 500 })
}

/// The parts of a package, by name.
struct Package(Vec<(String, Vec<u8>)>);

impl Package {
    fn open(bytes: &[u8]) -> Self {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a package");
        let entries = 0..archive.len();
        let part = |n: usize| {
            let mut entry = archive.by_index(n).expect("an entry");
            let mut content = Vec::new();
            entry.read_to_end(&mut content).expect("it is whole");
            (entry.name().expect("a name").into_owned(), content)
        };
        Self(entries.map(part).collect())
    }

    /// The package with other text at one place of one part.
    fn with(&self, place: &Place, text: &str) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (n, (name, content)) in self.0.iter().enumerate() {
            writer.start_file(name.as_str(), SimpleFileOptions::default()).expect("a part begins");
            let mut content = content.clone();
            if n == place.part {
                content.splice(place.bytes.clone(), text.bytes());
            }
            writer.write_all(&content).expect("a part is written");
        }
        writer.finish().expect("the package ends").into_inner()
    }

    /// The places of all figures with decimals.
    fn figures(&self, holder: &str) -> Vec<Place> {
        let (holder, figure) = (Regex::new(holder).expect("valid"), Regex::new(r"\d[\d,]*\.\d+").expect("valid"));
        let of_part = |(part, (name, content)): (usize, &(String, Vec<u8>))| {
            let is_body = name == "word/document.xml" || name.starts_with("xl/worksheets/sheet");
            let text = std::str::from_utf8(content).unwrap_or_default();
            let texts: Vec<_> = holder.captures_iter(text).filter(|_| is_body).filter_map(|c| c.get(1)).collect();
            let places = texts.iter().flat_map(|text| {
                figure.find_iter(text.as_str()).map(|m| Place {
                    part,
                    bytes: text.start() + m.start()..text.start() + m.end(),
                    literal: m.as_str().to_owned(),
                })
            });
            places.collect::<Vec<_>>()
        };
        self.0.iter().enumerate().flat_map(of_part).collect()
    }
}

/// Where a figure stands in the bytes of a part.
struct Place {
    part: usize,
    bytes: Range<usize>,
    literal: String,
}

/// The literal with its `place`-th digit raised by `by`, past nine from zero on.
fn with_other_digit(literal: &str, place: usize, by: usize) -> String {
    let digits: Vec<usize> = literal.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
    let at = digits[place % digits.len()];
    let digit = (usize::from(literal.as_bytes()[at] - b'0') + by) % 10;
    format!("{}{digit}{}", &literal[..at], &literal[at + 1..])
}

fn read(bytes: &[u8], name: &str) -> Report {
    extract_bytes(bytes, name, Forms::builtin(), &Limits::default())
}

fn violated(report: &Report) -> Vec<&Finding> {
    report.findings.iter().filter(|f| f.status == FindingStatus::Violated).collect()
}

/// The figures that are otherwise than in the right report, as they stand there and here.
fn changed<'a>(right: &'a Report, other: &'a Report) -> Vec<(&'a Fact, &'a Fact)> {
    let is_same = |a: &Fact, b: &Fact| (&a.printed, a.value) == (&b.printed, b.value);
    let pairs = right.facts.iter().zip(&other.facts);
    pairs.filter(|(a, b)| !is_same(a, b)).collect()
}

/// A fixed sequence of numbers (a linear congruential generator).
fn sequence() -> impl Iterator<Item = usize> {
    let step = |n: &u64| Some(n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
    std::iter::successors(Some(2030), step).map(|n| usize::try_from(n >> 40).unwrap_or_default())
}

/// What came of the changes to one document.
#[derive(Default)]
struct Tally {
    caught: usize,
    untouched: usize,
    missed: Vec<String>,
}

impl Tally {
    fn tried(&self) -> usize {
        self.caught + self.missed.len()
    }

    fn try_one(&mut self, right: &Report, touched: &BTreeSet<&str>, other: &Report, change: &str) {
        let changed = changed(right, other);
        if right.facts.len() == other.facts.len() && !changed.iter().any(|(a, _)| touched.contains(a.id.as_str())) {
            self.untouched += 1;
            return;
        }
        let names = |finding: &&Finding| finding.facts.iter().any(|id| changed.iter().any(|(_, b)| b.id == *id));
        if violated(other).iter().any(names) {
            self.caught += 1;
        } else {
            let metrics: Vec<&str> = changed.iter().map(|(a, _)| a.metric.as_str()).collect();
            self.missed.push(format!("{} {change}: {metrics:?}", right.source.path));
        }
    }
}

#[test]
fn nearly_every_changed_digit_is_caught() {
    let each = changes() / CLEAN.len();
    let mut all = Tally::default();
    for (name, holder) in CLEAN {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/region").join(name);
        let bytes = std::fs::read(path).expect("the sample region is there");
        let (package, right) = (Package::open(&bytes), read(&bytes, name));
        assert!(violated(&right).is_empty(), "{name} is clean: {:?}", violated(&right));
        let (figures, touched) = (package.figures(holder), confirmed(&right, Forms::builtin()));
        let mut numbers = sequence();
        let mut next = || numbers.next().unwrap_or_default();
        let mut tally = Tally::default();
        while tally.tried() < each {
            assert!(tally.untouched < 4 * changes(), "{name}: too few figures are held against others");
            let place = &figures[next() % figures.len()];
            let literal = with_other_digit(&place.literal, next(), 1 + next() % 9);
            let change = format!("{} as {literal}", place.literal);
            let other = read(&package.with(place, &literal), name);
            tally.try_one(&right, &touched, &other, &change);
        }
        println!("{name}: {} of {} caught, {} untouched", tally.caught, tally.tried(), tally.untouched);
        all.caught += tally.caught;
        all.untouched += tally.untouched;
        all.missed.extend(tally.missed);
    }
    let (caught, tried) = (all.caught, all.tried());
    println!(
        "{caught} of {tried} changes were caught and named; {} fell on figures that no check touches",
        all.untouched
    );
    println!("missed:\n{}", all.missed.join("\n"));
    assert!(caught * 100 >= tried * 95, "{caught} of {tried} were caught; missed:\n{}", all.missed.join("\n"));
}
