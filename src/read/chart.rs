//! Chart parts of DrawingML (ECMA-376-1:2016 §21.2): type, title, series and the cached points that a person
//! sees. The embedded workbook behind a chart is not opened. Documents and workbooks share this room; each
//! says itself where the chart stands.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use rust_decimal::Decimal;

use super::xml::{Element, Ns, Token, Xml};
use crate::error::Result;
use crate::limits::{Deadline, Limits};
use crate::model::{Chart, ChartPoint, ChartSeries};

/// Reads the text of a chart part; the chart has no place yet.
///
/// # Errors
/// When the XML is damaged, too deep, or the time is used up.
pub(super) fn parse_chart(text: &str, limits: &Limits, deadline: &Deadline) -> Result<Chart> {
    let mut xml = Xml::new(text, limits, deadline);
    let mut draft = Draft::default();
    while let Some(token) = xml.next()? {
        match token {
            Token::Open(element) => draft.open(&element),
            Token::Close => draft.close(),
            Token::Text(text) => draft.take(&text),
        }
    }
    Ok(draft.finish())
}

/// What an open element means for the text below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tag {
    Chart,
    Title,
    Series,
    Name,
    Category,
    Value,
    Level,
    Point(u32),
    Paragraph,
    Literal,
    Other,
}

#[derive(Debug, Default)]
struct Draft {
    open: Vec<Tag>,
    kinds: Vec<String>,
    title: String,
    series: Vec<SeriesDraft>,
}

#[derive(Debug, Default)]
struct SeriesDraft {
    name: String,
    /// Levels of category labels, the innermost first, as the file writes them.
    levels: Vec<BTreeMap<u32, String>>,
    values: BTreeMap<u32, String>,
}

impl Draft {
    fn open(&mut self, element: &Element) {
        let tag = self.tag_of(element);
        match tag {
            Tag::Series => self.series.push(SeriesDraft::default()),
            Tag::Level => self.add_level(),
            Tag::Paragraph if self.names_chart() && !self.title.is_empty() => self.title.push('\n'),
            _ => {}
        }
        self.open.push(tag);
    }

    fn tag_of(&mut self, element: &Element) -> Tag {
        match (element.ns, element.name()) {
            (Ns::Chart, "chart") => Tag::Chart,
            (Ns::Chart, "title") => Tag::Title,
            (Ns::Chart, "ser") => Tag::Series,
            (Ns::Chart, "tx") => Tag::Name,
            (Ns::Chart, "cat" | "xVal") => Tag::Category,
            (Ns::Chart, "val" | "yVal") => Tag::Value,
            (Ns::Chart, "lvl") => Tag::Level,
            (Ns::Chart, "pt") => Tag::Point(element.attribute("idx").and_then(|i| i.parse().ok()).unwrap_or(0)),
            (Ns::Chart, "v") | (Ns::Drawing, "t") => Tag::Literal,
            (Ns::Drawing, "p") => Tag::Paragraph,
            (Ns::Chart, name) => {
                self.note_kind(name);
                Tag::Other
            }
            _ => Tag::Other,
        }
    }

    /// `c:bar3DChart` is a `bar`; a combined chart names each of its types once.
    fn note_kind(&mut self, name: &str) {
        let Some(kind) = name.strip_suffix("Chart") else { return };
        let kind = kind.trim_end_matches("3D").to_owned();
        if !kind.is_empty() && !self.kinds.contains(&kind) {
            self.kinds.push(kind);
        }
    }

    fn add_level(&mut self) {
        if let Some(series) = self.series.last_mut() {
            series.levels.push(BTreeMap::new());
        }
    }

    fn close(&mut self) {
        self.open.pop();
    }

    /// Whether the open elements are those of the chart's own title, not of an axis.
    fn names_chart(&self) -> bool {
        let title = self.open.iter().position(|&tag| tag == Tag::Title);
        title.and_then(|at| self.open.get(at.checked_sub(1)?)) == Some(&Tag::Chart)
    }

    fn take(&mut self, text: &str) {
        if self.open.last() != Some(&Tag::Literal) {
            return;
        }
        if self.names_chart() {
            self.title.push_str(text);
        }
        let point = self.open.iter().rev().find_map(|tag| if let Tag::Point(at) = tag { Some(*at) } else { None });
        let within = self.open.iter().skip_while(|&&tag| tag != Tag::Series).nth(1).copied();
        let Some(series) = self.series.last_mut() else { return };
        match (within, point) {
            (Some(Tag::Name), _) => series.name.push_str(text),
            (Some(Tag::Category), Some(at)) => series.add_to_category(at, text),
            (Some(Tag::Value), Some(at)) => series.values.entry(at).or_default().push_str(text),
            _ => {}
        }
    }

    fn finish(self) -> Chart {
        let title = self.title.trim().to_owned();
        Chart {
            title: (!title.is_empty()).then_some(title),
            kind: self.kinds.join("+"),
            series: self.series.into_iter().map(SeriesDraft::finish).collect(),
            ..Chart::default()
        }
    }
}

impl SeriesDraft {
    fn add_to_category(&mut self, at: u32, text: &str) {
        if self.levels.is_empty() {
            self.levels.push(BTreeMap::new());
        }
        if let Some(level) = self.levels.last_mut() {
            level.entry(at).or_default().push_str(text);
        }
    }

    fn finish(self) -> ChartSeries {
        let first = self.levels.first().into_iter().flat_map(BTreeMap::keys);
        let places: BTreeSet<u32> = first.chain(self.values.keys()).copied().collect();
        let point = |at: u32| ChartPoint {
            category: category_at(&self.levels, at),
            value: self.values.get(&at).and_then(|raw| cached_decimal(raw)),
        };
        ChartSeries { name: self.name.trim().to_owned(), points: places.into_iter().map(point).collect() }
    }
}

/// The label of a point, outer levels first. A label of an outer level holds until the next one.
fn category_at(levels: &[BTreeMap<u32, String>], at: u32) -> String {
    let outer = levels.iter().skip(1).rev().filter_map(|level| level.range(..=at).next_back());
    let inner = levels.first().and_then(|level| level.get(&at));
    let labels: Vec<&str> = outer.map(|(_, label)| label).chain(inner).map(|label| label.trim()).collect();
    labels.join(" ")
}

/// The decimal of a cached double. Caches print 17 digits with the noise of binary sums in the last two
/// (`1277.8799999999999`); 15 digits are what a spreadsheet holds and shows. What is no finite number has no
/// value.
fn cached_decimal(raw: &str) -> Option<Decimal> {
    let cached: f64 = raw.trim().parse().ok()?;
    let shown: f64 = format!("{cached:.14e}").parse().ok()?;
    if !shown.is_finite() {
        return None;
    }
    Decimal::from_str(&shown.to_string()).ok().map(|decimal| decimal.normalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(body: &str) -> Chart {
        let xml = format!(
            "<c:chartSpace xmlns:c='http://schemas.openxmlformats.org/drawingml/2006/chart' \
             xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'><c:chart>{body}</c:chart></c:chartSpace>"
        );
        let limits = Limits::default();
        parse_chart(&xml, &limits, &Deadline::start(&limits)).expect("well formed")
    }

    fn cache(points: &[(u32, &str)]) -> String {
        let points = spell(points);
        format!("<c:strRef><c:f>A!$A$1</c:f><c:strCache><c:ptCount val='9'/>{points}</c:strCache></c:strRef>")
    }

    fn spell(points: &[(u32, &str)]) -> String {
        let point = |(i, v): &(u32, &str)| format!("<c:pt idx='{i}'><c:v>{v}</c:v></c:pt>");
        points.iter().map(point).collect::<Vec<_>>().concat()
    }

    #[test]
    fn a_cached_double_becomes_the_decimal_that_was_typed() {
        let decimal = |raw| cached_decimal(raw).map(|d| d.to_string());
        assert_eq!(decimal("1277.8799999999999").as_deref(), Some("1277.88"));
        assert_eq!(decimal("1163.4000000000001").as_deref(), Some("1163.4"));
        assert_eq!(decimal("8.5E-2").as_deref(), Some("0.085"));
        assert_eq!(decimal("#N/A"), None);
        assert_eq!(decimal("NaN"), None);
        assert_eq!(decimal("1e300"), None);
    }

    #[test]
    fn a_missing_point_keeps_its_category_and_has_no_value() {
        let (names, values) = (cache(&[(0, "基本支出"), (1, "项目支出")]), cache(&[(1, "0.5")]));
        let series = format!(
            "<c:ser><c:tx>{}</c:tx><c:cat>{names}</c:cat><c:val>{values}</c:val></c:ser>",
            cache(&[(0, "2020")])
        );
        let chart = chart(&format!("<c:plotArea><c:pie3DChart>{series}</c:pie3DChart></c:plotArea>"));
        assert_eq!(chart.kind, "pie");
        assert_eq!(chart.series[0].name, "2020");
        let points: Vec<_> = chart.series[0].points.iter().map(|p| (p.category.as_str(), p.value)).collect();
        assert_eq!(points, [("基本支出", None), ("项目支出", Some(Decimal::new(5, 1)))]);
    }

    #[test]
    fn the_title_is_the_charts_and_not_an_axis_title() {
        let title = |text: &str| {
            format!("<c:title><c:tx><c:rich><a:p><a:r><a:t>{text}</a:t></a:r></a:p></c:rich></c:tx></c:title>")
        };
        let body =
            format!("{}<c:plotArea><c:barChart/><c:valAx>{}</c:valAx></c:plotArea>", title("2020年度"), title("万元"));
        assert_eq!(chart(&body).title.as_deref(), Some("2020年度"));
    }

    #[test]
    fn outer_levels_of_categories_stand_before_inner_ones() {
        let level = |points: &[(u32, &str)]| format!("<c:lvl>{}</c:lvl>", spell(points));
        let levels = level(&[(0, "收入"), (1, "支出"), (2, "收入")]) + &level(&[(0, "2019"), (2, "2020")]);
        let series = format!(
            "<c:ser><c:cat><c:multiLvlStrRef><c:multiLvlStrCache>{levels}</c:multiLvlStrCache></c:multiLvlStrRef></c:cat></c:ser>"
        );
        let chart = chart(&format!("<c:plotArea><c:barChart>{series}</c:barChart></c:plotArea>"));
        let labels: Vec<_> = chart.series[0].points.iter().map(|p| p.category.as_str()).collect();
        assert_eq!(labels, ["2019 收入", "2019 支出", "2020 收入"]);
    }
}
