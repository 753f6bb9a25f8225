//! Chart parts with cached data (ECMA-376-1:2016 §21.2), which docx-rs cannot write. Values are cached with
//! the 17 digits that Office keeps, so that `1163.4` stands there as `1163.4000000000001`.

use std::fmt::Write as _;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use crate::document::Chart;

const COLOURS: [&str; 6] = ["4472C4", "ED7D31", "A5A5A5", "FFC000", "5B9BD5", "70AD47"];

/// The chart part.
pub fn part(chart: &Chart) -> String {
    let plot = if chart.kind == "pie" { pie(chart) } else { bars(chart) };
    format!(
        concat!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
            r#"<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" "#,
            r#"xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" "#,
            r#"xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">"#,
            r#"<c:lang val="zh-CN"/><c:chart><c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1100"/></a:pPr>"#,
            r#"<a:r><a:rPr lang="zh-CN" sz="1100"/><a:t>{title}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>"#,
            r#"<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>{plot}</c:plotArea>"#,
            r#"<c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend>"#,
            r#"<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart></c:chartSpace>"#,
        ),
        title = chart.title,
        plot = plot,
    )
}

/// The drawing in the text that shows the chart of a relationship.
pub fn drawing(number: usize) -> String {
    format!(
        concat!(
            r#"<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="4680000" cy="2340000"/>"#,
            r#"<wp:docPr id="{number}" name="图表 {number}"/>"#,
            r#"<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">"#,
            r#"<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">"#,
            r#"<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="rIdChart{number}"/>"#,
            r#"</a:graphicData></a:graphic></wp:inline></w:drawing>"#,
        ),
        number = number,
    )
}

fn bars(chart: &Chart) -> String {
    format!(
        concat!(
            r#"<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>{series}"#,
            r#"<c:gapWidth val="150"/><c:axId val="111"/><c:axId val="112"/></c:barChart>"#,
            r#"<c:catAx><c:axId val="111"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>"#,
            r#"<c:axPos val="b"/><c:crossAx val="112"/></c:catAx>"#,
            r#"<c:valAx><c:axId val="112"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling>"#,
            r#"<c:delete val="0"/><c:axPos val="l"/><c:numFmt formatCode="General" sourceLinked="0"/>"#,
            r#"<c:crossAx val="111"/></c:valAx>"#,
        ),
        series = series(chart, "outEnd"),
    )
}

fn pie(chart: &Chart) -> String {
    let series = series(chart, "bestFit");
    format!(r#"<c:pieChart><c:varyColors val="1"/>{series}<c:firstSliceAng val="0"/></c:pieChart>"#)
}

/// The one series: name, colours, labels, categories, values.
fn series(chart: &Chart, labels: &str) -> String {
    let count = chart.points.len();
    let (mut categories, mut values, mut colours) = (String::new(), String::new(), String::new());
    for (at, (category, value)) in chart.points.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(categories, r#"<c:pt idx="{at}"><c:v>{category}</c:v></c:pt>"#);
        let _ = write!(values, r#"<c:pt idx="{at}"><c:v>{}</c:v></c:pt>"#, cached(*value));
        if chart.kind == "pie" {
            let fill = format!(r#"<a:solidFill><a:srgbClr val="{}"/></a:solidFill>"#, COLOURS[at % COLOURS.len()]);
            let _ =
                write!(colours, r#"<c:dPt><c:idx val="{at}"/><c:bubble3D val="0"/><c:spPr>{fill}</c:spPr></c:dPt>"#);
        }
    }
    let last = count + 1;
    format!(
        concat!(
            r#"<c:ser><c:idx val="0"/><c:order val="0"/><c:tx><c:strRef><c:f>Sheet1!$B$1</c:f><c:strCache>"#,
            r#"<c:ptCount val="1"/><c:pt idx="0"><c:v>{name}</c:v></c:pt></c:strCache></c:strRef></c:tx>{paint}{colours}"#,
            r#"<c:dLbls><c:dLblPos val="{labels}"/><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/>"#,
            r#"<c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>"#,
            r#"<c:cat><c:strRef><c:f>Sheet1!$A$2:$A${last}</c:f><c:strCache><c:ptCount val="{count}"/>{categories}"#,
            r#"</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:f>Sheet1!$B$2:$B${last}</c:f><c:numCache>"#,
            r#"<c:formatCode>General</c:formatCode><c:ptCount val="{count}"/>{values}</c:numCache></c:numRef></c:val></c:ser>"#,
        ),
        name = chart.series,
        paint = if chart.kind == "pie" {
            ""
        } else {
            r#"<c:spPr><a:solidFill><a:srgbClr val="4472C4"/></a:solidFill></c:spPr>"#
        },
        colours = colours,
        labels = labels,
        last = last,
        count = count,
        categories = categories,
        values = values,
    )
}

/// A value as Office caches it: 17 significant digits, no trailing zeros.
fn cached(value: Decimal) -> String {
    let float = value.to_f64().unwrap_or_default();
    let whole = format!("{:.0}", float.trunc().abs()).trim_start_matches('0').len();
    let long = format!("{float:.*}", 17_usize.saturating_sub(whole));
    if long.contains('.') { long.trim_end_matches('0').trim_end_matches('.').to_owned() } else { long }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::cached;

    #[test]
    fn a_value_is_cached_with_the_tail_that_office_leaves() {
        assert_eq!(cached(Decimal::new(11634, 1)), "1163.4000000000001");
        assert_eq!(cached(Decimal::new(127_853, 2)), "1278.53");
        assert_eq!(cached(Decimal::from(865)), "865");
    }
}
