//! Page, fonts, styles and numbering of the Word reports. Sizes are half points, lengths twips, as in
//! ECMA-376-1:2016 §17.

use docx_rs::{
    AbstractNumbering, AlignmentType, Docx, Footer, Level, LevelJc, LevelSuffixType, LevelText, LineSpacing,
    LineSpacingType, NumberFormat, Numbering, PageMargin, PageNum, Paragraph, Run, RunFonts, SpecialIndentType, Start,
    Style, StyleType,
};

/// Width of the text area in twips: A4 less the margins.
pub const TEXT_WIDTH: usize = 9070;

/// The numbering instance that counts 一、二、三、.
pub const CHAPTER_NUMBERS: usize = 2;

/// Fonts of running text, `name` for Chinese and a Latin face for digits.
pub fn fonts(name: &str) -> RunFonts {
    RunFonts::new().ascii("Times New Roman").hi_ansi("Times New Roman").east_asia(name)
}

/// An empty report with its page, styles, numbering and footer, made on the day of publication.
pub fn blank(published: &str) -> Docx {
    let margin = PageMargin::new().top(1701).bottom(1418).left(1418).right(1418).header(850).footer(992).gutter(0);
    let footer = Paragraph::new().align(AlignmentType::Center).add_run(Run::new().add_text("— "));
    let footer = footer.add_page_num(PageNum::new()).add_run(Run::new().add_text(" —"));
    let time = format!("{published}T00:00:00Z");
    let docx = Docx::new()
        .page_size(11906, 16838)
        .page_margin(margin)
        .default_fonts(fonts("宋体"))
        .default_size(24)
        .created_at(&time)
        .updated_at(&time)
        .footer(Footer::new().add_paragraph(footer));
    numbering(styles(docx))
}

/// Headings, text, captions, lines of the contents.
fn styles(docx: Docx) -> Docx {
    let heading = |level: usize, size: usize, font: &str| {
        Style::new(format!("Heading{level}"), StyleType::Paragraph)
            .name(format!("heading {level}"))
            .outline_lvl(level - 1)
            .size(size)
            .bold()
            .fonts(fonts(font))
    };
    let first = heading(1, 36, "黑体").align(AlignmentType::Center);
    let first = first.line_spacing(LineSpacing::new().before(240).after(360));
    let second = heading(2, 28, "黑体").line_spacing(LineSpacing::new().before(240).after(120));
    let third = heading(3, 26, "楷体").line_spacing(LineSpacing::new().before(160).after(80));
    let text = Style::new("BodyText", StyleType::Paragraph).name("Body Text").size(24);
    let text = text.line_spacing(LineSpacing::new().line(500).line_rule(LineSpacingType::Exact));
    let text = text.indent(None, Some(SpecialIndentType::FirstLine(480)), None, None);
    let caption = Style::new("Caption", StyleType::Paragraph).name("caption").size(21);
    let caption = caption.align(AlignmentType::Center).line_spacing(LineSpacing::new().before(60).after(180));
    let contents = |level: i32| {
        Style::new(format!("TOC{level}"), StyleType::Paragraph)
            .name(format!("toc {level}"))
            .size(24)
            .line_spacing(LineSpacing::new().line(380).line_rule(LineSpacingType::Exact))
            .indent(Some((level - 1) * 420), None, None, None)
    };
    vec![first, second, third, text, caption, contents(1), contents(2)].into_iter().fold(docx, Docx::add_style)
}

/// 一、二、三、 for chapters (§17.9.17, `chineseCounting`).
fn numbering(docx: Docx) -> Docx {
    let level = Level::new(
        0,
        Start::new(1),
        NumberFormat::new("chineseCounting"),
        LevelText::new("%1、"),
        LevelJc::new("left"),
    );
    let list = AbstractNumbering::new(CHAPTER_NUMBERS).add_level(level.suffix(LevelSuffixType::Nothing));
    docx.add_abstract_numbering(list).add_numbering(Numbering::new(CHAPTER_NUMBERS, CHAPTER_NUMBERS))
}
