//! Administrative regions (`codes/regions.csv`, GB/T 2260): which place a name starts with, as printed or shortened.
//!
//! A zone (高新区, 经济技术开发区) is known by how its name ends, behind a place of the list: rows of level `zone` have
//! no code and hold those endings. Its region has the zone's name and no code.

use std::collections::BTreeMap;

use super::codes::records;
use super::{Files, invalid};
use crate::error::Result;
use crate::model::Region;

const FILE: &str = "codes/regions.csv";
/// Characters of a zone's own name before the words that make it a zone: 东湖 of 东湖新技术开发区.
const MAX_ZONE_NAME: usize = 6;
/// How a body ends: a zone's name holds none of these.
const BODY: [char; 16] =
    ['局', '委', '办', '室', '厅', '处', '院', '会', '府', '部', '队', '站', '校', '馆', '社', '团'];

/// Rank of a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Province,
    City,
    County,
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::City => "city",
            Self::County => "county",
        }
    }
}

#[derive(Debug, Clone)]
struct Entry {
    code: String,
    name: String,
    level: Level,
}

/// All regions, found by the start of a text.
#[derive(Debug, Clone, Default)]
pub struct Regions {
    entries: Vec<Entry>,
    /// Full and short names; a name may belong to several regions (西区, 普陀区).
    by_name: BTreeMap<String, Vec<usize>>,
    /// How the names of zones end, longest first.
    zones: Vec<String>,
}

impl Regions {
    pub(super) fn parse(files: &Files) -> Result<Self> {
        let mut regions = Self::default();
        for (line, [code, name, level]) in records(files, FILE)? {
            if level == "zone" {
                if !code.is_empty() {
                    return Err(invalid(FILE, format!("line {line}: a zone has no code, {code} is one")));
                }
                regions.zones.push(name);
                continue;
            }
            if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
                return Err(invalid(FILE, format!("line {line}: {code} is no code of six digits")));
            }
            let level = match level.as_str() {
                "province" => Level::Province,
                "city" => Level::City,
                "county" => Level::County,
                other => return Err(invalid(FILE, format!("line {line}: no level {other}"))),
            };
            regions.insert(Entry { code, name, level });
        }
        regions.zones.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        Ok(regions)
    }

    fn insert(&mut self, entry: Entry) {
        let at = self.entries.len();
        self.by_name.entry(entry.name.clone()).or_default().push(at);
        // 江苏省委, 北京: documents leave the rank out of provinces and cities, not of counties.
        let short =
            entry.name.strip_suffix(['省', '市']).filter(|s| entry.level < Level::County && s.chars().count() > 1);
        if let Some(short) = short {
            self.by_name.entry(short.to_owned()).or_default().push(at);
        }
        self.entries.push(entry);
    }

    /// Code, name and rank (`province`, `city`, `county`) of every region, in the order of the list.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &'static str)> {
        self.entries.iter().map(|e| (e.code.as_str(), e.name.as_str(), e.level.word()))
    }

    /// Finds the region that a name starts with, province before city before district: `上海市普陀区财政局` gives
    /// `上海市普陀区`. What stands before the first place (中共, 中国共产党) has to be taken off by the caller.
    #[must_use]
    pub fn at_start(&self, text: &str) -> Option<Region> {
        let mut rest = text;
        let mut found: Option<&Entry> = None;
        let mut printed = 0;
        while let Some((entry, len)) = self.longest(rest, found) {
            printed += len;
            rest = rest.get(len..).unwrap_or("");
            found = Some(entry);
        }
        let entry = found?;
        if let Some(zone) = self.zone_at_start(rest) {
            let name = text.get(..printed + zone.len()).unwrap_or(text).to_owned();
            return Some(Region { name, code: None });
        }
        // The printed name ends where its last place ends; a short name is given in full.
        let whole = text.get(..printed).unwrap_or(text);
        let name = if whole.ends_with(entry.name.as_str()) { whole.to_owned() } else { entry.name.clone() };
        Some(Region { name, code: Some(entry.code.clone()) })
    }

    /// The zone that a text behind a place starts with: 高新区 of 高新区财政局, 东湖新技术开发区 with its own name.
    #[must_use]
    pub fn zone_at_start<'t>(&self, text: &'t str) -> Option<&'t str> {
        let starts = text.char_indices().take_while(|(_, c)| !BODY.contains(c)).take(MAX_ZONE_NAME + 1);
        let ends = starts.filter_map(|(start, _)| {
            let rest = text.get(start..)?;
            self.zones.iter().find(|zone| rest.starts_with(zone.as_str())).map(|zone| start + zone.len())
        });
        ends.into_iter().next().and_then(|end| text.get(..end))
    }

    /// The longest name at the start of `text` that may lie in `parent`; without a parent the highest rank wins.
    fn longest(&self, text: &str, parent: Option<&Entry>) -> Option<(&Entry, usize)> {
        let ends: Vec<usize> = text.char_indices().map(|(i, c)| i + c.len_utf8()).take(12).collect();
        ends.iter().rev().find_map(|&end| {
            let known = self.by_name.get(text.get(..end)?)?;
            let mut fitting = known.iter().filter_map(|&i| self.entries.get(i)).filter(|e| lies_in(e, parent));
            let first = fitting.next()?;
            // A county's name alone is no place when several counties share it.
            let is_clear = first.level < Level::County || parent.is_some() || fitting.next().is_none();
            is_clear.then_some((first, end))
        })
    }
}

fn lies_in(entry: &Entry, parent: Option<&Entry>) -> bool {
    let Some(parent) = parent else { return true };
    let prefix = match parent.level {
        Level::Province => parent.code.get(..2),
        Level::City => parent.code.get(..4),
        Level::County => return false,
    };
    entry.level > parent.level && prefix.is_some_and(|p| entry.code.starts_with(p))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regions() -> Regions {
        let text = "code,name,level\n310000,上海市,province\n310107,普陀区,county\n330000,浙江省,province\n\
            330900,舟山市,city\n330903,普陀区,county\n510000,四川省,province\n511100,乐山市,city\n,高新区,zone\n,新技术开发区,zone\n";
        Regions::parse(&[(FILE.to_owned(), text.to_owned())].into()).expect("valid")
    }

    fn code(text: &str) -> Option<String> {
        regions().at_start(text).and_then(|r| r.code)
    }

    #[test]
    fn a_district_is_told_by_the_city_before_it() {
        assert_eq!(code("上海市普陀区某局").as_deref(), Some("310107"));
        assert_eq!(code("浙江省舟山市普陀区某局").as_deref(), Some("330903"));
        assert_eq!(code("普陀区某局"), None, "two districts have this name");
    }

    #[test]
    fn a_province_may_lack_its_rank() {
        let region = regions().at_start("浙江省委某厅").expect("a province");
        assert_eq!((region.name.as_str(), region.code.as_deref()), ("浙江省", Some("330000")));
    }

    #[test]
    fn a_zone_behind_any_place_has_a_name_and_no_code() {
        let told = |text: &str| regions().at_start(text).map(|r| (r.name, r.code));
        assert_eq!(told("四川省乐山高新区某办"), Some(("四川省乐山高新区".to_owned(), None)));
        assert_eq!(told("舟山市高新区财政局"), Some(("舟山市高新区".to_owned(), None)));
        assert_eq!(told("舟山市东湖新技术开发区某局"), Some(("舟山市东湖新技术开发区".to_owned(), None)));
        assert_eq!(told("舟山市科技局高新区分局").and_then(|r| r.1).as_deref(), Some("330900"), "its name has ended");
    }

    #[test]
    fn a_zone_with_a_code_is_refused_with_its_line() {
        let files = [(FILE.to_owned(), "code,name,level\n511100,高新区,zone\n".to_owned())].into();
        let error = Regions::parse(&files).expect_err("a code");
        assert_eq!(error.to_string(), "form file codes/regions.csv: line 2: a zone has no code, 511100 is one");
    }
}
