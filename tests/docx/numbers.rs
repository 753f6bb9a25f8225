//! Automatic numbers, as Word prints them.

use super::builder::{document, paragraphs};

fn level(at: u8, format: &str, text: &str, more: &str) -> String {
    format!(
        "<w:lvl w:ilvl='{at}'><w:start w:val='1'/><w:numFmt w:val='{format}'/>{more}<w:lvlText w:val='{text}'/></w:lvl>"
    )
}

fn list(id: u32, levels: &str) -> String {
    format!("<w:abstractNum w:abstractNumId='{id}'>{levels}</w:abstractNum>")
}

fn num(id: u32, of: u32, more: &str) -> String {
    format!("<w:num w:numId='{id}'><w:abstractNumId w:val='{of}'/>{more}</w:num>")
}

fn item(list: u32, level: u8) -> String {
    let number = format!("<w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='{list}'/></w:numPr>");
    format!("<w:p><w:pPr>{number}</w:pPr><w:r><w:t>甲</w:t></w:r></w:p>")
}

fn styled(style: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val='{style}'/></w:pPr><w:r><w:t>甲</w:t></w:r></w:p>")
}

fn labels(body: &str, numbering: &str, styles: &str) -> Vec<String> {
    let read = document(body).numbering(numbering).styles(styles).read();
    paragraphs(&read).iter().map(|p| p.label.clone().unwrap_or_default()).collect()
}

#[test]
fn levels_restart_below_a_higher_one() {
    let levels = level(0, "chineseCounting", "%1、", "")
        + &level(1, "chineseCounting", "（%2）", "")
        + &level(2, "decimal", "%3.", "<w:suff w:val='space'/>");
    let body: String = [(1, 0), (1, 1), (1, 1), (1, 2), (1, 0), (1, 1), (1, 2)].map(|(n, l)| item(n, l)).concat();
    let labels = labels(&body, &(list(7, &levels) + &num(1, 7, "")), "");
    assert_eq!(labels, ["一、", "（一）", "（二）", "1.", "二、", "（一）", "1."]);
}

#[test]
fn a_level_may_keep_counting_and_print_the_levels_above_it() {
    let levels =
        level(0, "upperRoman", "%1", "") + &level(1, "decimal", "%1.%2", "<w:lvlRestart w:val='0'/><w:isLgl/>");
    let body: String = [(1, 0), (1, 1), (1, 0), (1, 1)].map(|(n, l)| item(n, l)).concat();
    assert_eq!(labels(&body, &(list(7, &levels) + &num(1, 7, "")), ""), ["I", "1.1", "II", "2.2"]);
}

#[test]
fn lists_of_one_abstract_number_count_on_until_one_overrides_the_start() {
    let restart = "<w:lvlOverride w:ilvl='0'><w:startOverride w:val='5'/></w:lvlOverride>";
    let numbering = list(7, &level(0, "decimal", "%1.", "")) + &num(1, 7, "") + &num(2, 7, "") + &num(3, 7, restart);
    let body: String = [1, 2, 3, 3, 1].map(|n| item(n, 0)).concat();
    assert_eq!(labels(&body, &numbering, ""), ["1.", "2.", "5.", "6.", "7."]);
}

#[test]
fn an_overridden_start_holds_after_a_restart_too() {
    let restart = "<w:lvlOverride w:ilvl='1'><w:startOverride w:val='3'/></w:lvlOverride>";
    let levels = level(0, "decimal", "%1.", "") + &level(1, "decimal", "%2)", "");
    let body: String = [0, 1, 1, 0, 1].map(|l| item(1, l)).concat();
    assert_eq!(labels(&body, &(list(7, &levels) + &num(1, 7, restart)), ""), ["1.", "3)", "4)", "2.", "3)"]);
}

#[test]
fn an_override_may_change_the_format_of_a_level() {
    let other = format!("<w:lvlOverride w:ilvl='0'>{}</w:lvlOverride>", level(0, "decimalFullWidth", "第%1条 ", ""));
    let numbering = list(7, &level(0, "decimal", "%1.", "")) + &num(1, 7, "") + &num(2, 7, &other);
    assert_eq!(labels(&(item(1, 0) + &item(2, 0)), &numbering, ""), ["1.", "第２条"]);
}

#[test]
fn a_style_numbers_its_paragraphs_and_those_based_on_it() {
    let numbering = list(
        7,
        &(level(0, "chineseCounting", "%1、", "<w:pStyle w:val='H1'/>")
            + &level(1, "ideographTraditional", "%2.", "<w:pStyle w:val='H2'/>")),
    ) + &num(4, 7, "");
    let style = |id: &str, more: &str| {
        format!("<w:style w:type='paragraph' w:styleId='{id}'><w:name w:val='{id}'/>{more}</w:style>")
    };
    let styles = style("H1", "<w:pPr><w:numPr><w:numId w:val='4'/></w:numPr></w:pPr>")
        + &style("H2", "<w:basedOn w:val='H1'/><w:pPr><w:numPr><w:ilvl w:val='1'/></w:numPr></w:pPr>")
        + &style("Mine", "<w:basedOn w:val='H1'/>");
    let none = "<w:p><w:pPr><w:pStyle w:val='H1'/><w:numPr><w:numId w:val='0'/></w:numPr></w:pPr></w:p>";
    let body = ["H1", "H2", "H2", "Mine"].map(styled).concat() + none;
    assert_eq!(labels(&body, &numbering, &styles), ["一、", "甲.", "乙.", "二、", ""]);
}

#[test]
fn an_abstract_number_may_be_defined_by_a_style() {
    let numbering = "<w:abstractNum w:abstractNumId='1'><w:numStyleLink w:val='S'/></w:abstractNum>".to_owned()
        + &list(2, &level(0, "decimalEnclosedCircle", "%1", ""))
        + &num(1, 1, "")
        + &num(2, 2, "");
    let styles = "<w:style w:type='numbering' w:styleId='S'><w:name w:val='S'/><w:pPr><w:numPr><w:numId w:val='2'/></w:numPr></w:pPr></w:style>";
    assert_eq!(labels(&item(1, 0), &numbering, styles), ["①"]);
}

#[test]
fn a_level_above_that_nothing_reached_stands_at_its_start() {
    let levels = level(0, "decimal", "%1", "") + &level(1, "decimal", "%1.%2", "");
    assert_eq!(labels(&item(1, 1), &(list(7, &levels) + &num(1, 7, "")), ""), ["1.1"]);
}

#[test]
fn bullets_are_the_characters_they_look_like() {
    let wingdings = "<w:rPr><w:rFonts w:ascii='Wingdings' w:hAnsi='Wingdings'/></w:rPr>";
    let numbering = list(7, &level(0, "bullet", "\u{F0D8}", wingdings)) + &num(1, 7, "");
    assert_eq!(labels(&item(1, 0), &numbering, ""), ["➢"]);
}

#[test]
fn a_list_that_is_not_defined_gives_no_label() {
    assert_eq!(labels(&item(9, 0), "", ""), [""]);
}
