//! Whole flows through all rooms.

use proptest::prelude::*;

use super::specimen::{PART, flow};
use super::*;
use crate::limits::Limits;
use crate::model::{BookmarkKind, Chart, Format, Mark, RawBookmark};

fn content(spec: &str, raw: RawDocument) -> Content {
    content_of(flow(spec), raw)
}

fn content_of(flow: Flow, raw: RawDocument) -> Content {
    let deadline = Deadline::start(&Limits::default());
    flow_to_content(flow, raw, Forms::builtin(), &deadline).expect("there is time")
}

fn read(spec: &str) -> Content {
    content(spec, RawDocument::new(Format::Docx))
}

fn outline(content: &Content) -> Vec<String> {
    content.sections.iter().map(|s| format!("{} {}|{}|{}", s.level, s.label, s.title, s.text)).collect()
}

#[test]
fn a_heading_and_its_text_in_one_paragraph_part_at_the_first_full_stop() {
    let content = read(
        "第一部分 概况\n一、职能及工作\n（一）主要职能。1、起草文件。2、管理档案。\n（二）重点工作。2020年，全力推进。",
    );
    assert_eq!(
        outline(&content),
        [
            "1 第一部分|概况|",
            "2 一、|职能及工作|",
            "3 （一）|主要职能|1、起草文件。2、管理档案。",
            "3 （二）|重点工作|2020年，全力推进。"
        ]
    );
    assert_eq!(content.paragraphs[2].role, Role::Body);
    assert_eq!(content.paragraphs[2].section, Some(2));
    assert_eq!(content.sections[2].location.end, Some(8));
    assert_eq!(content.sections[3].parent.as_deref(), Some("s2"));
}

#[test]
fn computed_numbers_head_sections_and_stand_before_list_items() {
    let content = read("# [第三部分] 名词解释\n[1.] 基本支出：为保障运转的支出。\n[2.] 项目支出：其他支出。");
    assert_eq!(outline(&content), ["1 第三部分|名词解释|1.基本支出：为保障运转的支出。\n2.项目支出：其他支出。"]);
    assert_eq!(content.paragraphs[1].text, "基本支出：为保障运转的支出。");
}

#[test]
fn lists_inside_text_are_no_headings() {
    let content = read(
        "一、职责\n（一）负责文件的起草、核稿和印制工作。\n（二）承担会议的组织工作。\n1.内部管理。\n（1）项目完成较好\n二、机构",
    );
    assert_eq!(content.sections.len(), 2);
    assert_eq!(content.sections[0].text.lines().count(), 4);
}

#[test]
fn terms_and_figures_are_no_headings() {
    let content = read(
        "一、名词解释\n（一）财政拨款收入：指从同级财政取得的资金。\n二、收入情况\n（一）本年收入100.00万元\n（二）项目收入3.5万元。增加较多。",
    );
    assert_eq!(content.sections.len(), 2);
}

#[test]
fn a_number_typed_in_the_wrong_form_goes_on_where_the_others_stopped() {
    let content = read("八、基金支出\n无。\n* 9、国有资本支出情况\n无。\n十、其他");
    let labels: Vec<_> = content.sections.iter().map(|s| (s.label.as_str(), s.level)).collect();
    assert_eq!(labels, [("八、", 1), ("9、", 1), ("十、", 1)]);
}

#[test]
fn an_attachment_takes_the_lines_after_it_as_title() {
    let content = read("第四部分 附件\n^ 附件1\n\n^ 某某办公室\n^ 2020年绩效评价报告\n\n一、概况\n正文。");
    assert_eq!(outline(&content), ["1 第四部分|附件|", "1 附件1|某某办公室2020年绩效评价报告|", "2 一、|概况|正文。"]);
}

#[test]
fn display_lines_one_after_another_are_one_title() {
    let content = read("一、概况\n正文。\n^ 某某中心\n\n^ 2021年自评报告\n^ （物业项目）\n一、概况\n正文。");
    assert_eq!(
        outline(&content),
        ["1 一、|概况|正文。", "1 |某某中心2021年自评报告（物业项目）|", "2 一、|概况|正文。"]
    );
}

#[test]
fn an_attachment_number_at_the_top_belongs_to_the_cover() {
    let content = read("附件2\n某某局2026年部门预算报表\n一、概况\n正文。");
    assert_eq!(outline(&content), ["1 一、|概况|正文。"]);
    assert_eq!(content.paragraphs[0].role, Role::Cover);
}

#[test]
fn a_title_that_is_said_again_opens_no_second_section() {
    let content = read("第四部分 名词解释\n\n名词解释\n一、基本支出：指某某。");
    assert_eq!(outline(&content), ["1 第四部分|名词解释|一、基本支出：指某某。"]);
    assert_eq!(content.paragraphs[2].role, Role::Heading);
}

#[test]
fn what_stands_before_the_first_heading_is_the_cover() {
    use Role::{Body, Cover, Heading, Toc};
    let content = read("^ 某某局\n^ 2020年部门决算\n目录\n第一部分 概况\n二、机构\n第一部分 概况\n正文。");
    let roles: Vec<_> = content.paragraphs.iter().map(|p| p.role).collect();
    assert_eq!(roles, [Cover, Cover, Toc, Toc, Toc, Heading, Body]);
    assert_eq!(outline(&content), ["1 第一部分|概况|正文。"]);
}

#[test]
fn a_preface_keeps_its_text_in_a_section_of_its_own() {
    let preface = "本报告依据有关规定编制，".repeat(6) + "特此说明。";
    let content = read(&format!("某某局\n{preface}\n一、概况\n正文。"));
    assert_eq!(outline(&content), [format!("1 ||{preface}"), "1 一、|概况|正文。".to_owned()]);
    assert_eq!(content.paragraphs[0].role, Role::Cover);
}

#[test]
fn captions_of_tables_are_fields_and_captions_of_charts_are_text() {
    let raw = RawDocument { charts: vec![Chart::default()], ..RawDocument::new(Format::Docx) };
    let content = content(
        "一、收入情况\n收入增加。\n~ 0\n（图1：收入）\n收入决算表\n单位：万元\n| 项目 | 金额 |\n| 合计 | 1.00 |\n注：略。",
        raw,
    );
    assert_eq!(outline(&content), ["1 一、|收入情况|收入增加。\n（图1：收入）"]);
    let table = &content.tables[0];
    assert_eq!((table.id.as_str(), table.section.as_deref(), table.header_rows), ("t1", Some("s1"), 1));
    assert_eq!((table.title.as_deref(), table.unit.as_deref()), (Some("收入决算表"), Some("万元")));
    assert_eq!(content.charts[0].caption.as_deref(), Some("（图1：收入）"));
    assert_eq!((content.charts[0].id.as_str(), content.charts[0].section.as_deref()), ("c1", Some("s1")));
}

fn mark(name: &str, start: (u32, u32), end: (u32, u32)) -> RawBookmark {
    let at = |(paragraph, offset)| Mark { part: PART.to_owned(), paragraph, offset };
    RawBookmark { name: name.to_owned(), start: at(start), end: at(end) }
}

fn marked(spec: &str, marks: Vec<RawBookmark>) -> Content {
    content(spec, RawDocument { bookmarks: marks, ..RawDocument::new(Format::Docx) })
}

fn meant(content: &Content) -> Vec<(BookmarkKind, Option<&str>)> {
    content.bookmarks.iter().map(|b| (b.kind, b.section.as_deref())).collect()
}

#[test]
fn a_mark_means_its_heading_wherever_it_starts() {
    use BookmarkKind::{Displaced, Heading, Inside, System};
    let spec = "一、收入\n收入增加。\n（图1：收入）\n\n二、支出\n（一）基本。2020年支出减少。\n\n三、其他";
    let content = marked(
        spec,
        vec![
            mark("_Toc1", (1, 0), (1, 4)),
            mark("_Toc2", (3, 0), (5, 4)),
            mark("_Toc3", (2, 0), (2, 5)),
            mark("_GoBack", (5, 2), (5, 2)),
            mark("_Toc4", (6, 0), (8, 4)),
            mark("_Toc5", (6, 0), (6, 10)),
            mark("_Toc6", (7, 0), (7, 0)),
            mark("金额", (2, 2), (2, 4)),
        ],
    );
    assert_eq!(
        meant(&content),
        [
            (Heading, Some("s1")),
            (Displaced, Some("s2")),
            (Inside, Some("s1")),
            (System, Some("s2")),
            (Displaced, Some("s4")),
            (Heading, Some("s3")),
            (Displaced, Some("s4")),
            (Inside, Some("s1")),
        ]
    );
    assert_eq!(content.bookmarks[1].text, "（图1：收入）\n二、支出");
    assert_eq!(content.bookmarks[7].text, "增加");
    assert_eq!(content.sections[3].bookmarks, ["_Toc4", "_Toc6"]);
}

#[test]
fn a_mark_that_ends_where_the_next_heading_begins_means_the_heading_it_starts_in() {
    let content = marked("一、收入\n二、支出", vec![mark("_Toc1", (1, 0), (2, 0))]);
    assert_eq!(meant(&content), [(BookmarkKind::Heading, Some("s1"))]);
}

#[test]
fn a_mark_in_a_cell_has_its_text_and_section() {
    let content = marked("一、收入\n| 项目 | 金额 |\n| 合计 | 1.00 |", vec![mark("数", (5, 0), (5, 4))]);
    assert_eq!(meant(&content), [(BookmarkKind::Inside, Some("s1"))]);
    assert_eq!(content.bookmarks[0].text, "1.00");
}

#[test]
fn marks_that_span_more_than_fits_keep_their_names_and_say_so() {
    let spec = format!("一、收入\n{}", "长".repeat(200_000));
    let content = marked(&spec, (0..20).map(|_| mark("段", (2, 0), (2, 200_000))).collect());
    assert_eq!(content.bookmarks.len(), 20);
    assert!(content.bookmarks[0].text.len() == 600_000 && content.bookmarks[19].text.is_empty());
    assert_eq!(content.notes.len(), 1);
}

#[test]
fn a_mark_outside_the_document_is_kept() {
    let content = marked("一、收入", vec![mark("远", (99, 0), (99, 0)), mark("倒", (1, 3), (1, 1))]);
    assert_eq!(content.bookmarks.len(), 2);
    assert_eq!(content.bookmarks[1].text, "");
}

#[test]
fn outline_entries_find_their_headings_by_words_and_page() {
    let entry = |title: &str, page| OutlineEntry { depth: 0, title: title.to_owned(), page: Some(page) };
    let mut raw = RawDocument::new(Format::Pdf);
    raw.outline = vec![entry("一、收入", 2), entry("附录甲", 2)];
    let mut flow = flow("一、收入\n正文。");
    for item in &mut flow.items {
        let Item::Paragraph(p) = item else { continue };
        p.anchors[0].location = Location { page: Some(2), ..Location::default() };
    }
    let content = content_of(flow, raw);
    assert_eq!(meant(&content), [(BookmarkKind::Heading, Some("s1")), (BookmarkKind::Inside, Some("s1"))]);
    assert_eq!(content.sections[0].bookmarks, ["一、收入"]);
}

#[test]
fn a_page_with_an_image_and_no_text_is_an_image_page() {
    let page = |number, images| Page { number, images: vec![crate::model::Rect::default(); images], ..Page::default() };
    let raw = RawDocument { pages: vec![page(1, 1), page(2, 0)], ..RawDocument::new(Format::Pdf) };
    assert_eq!(content("", raw).image_pages, [1]);
}

/// Lines of every kind that the rooms tell apart.
fn any_line() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "第一部分 概况",
        "第二部分",
        "一、职能",
        "二、收入。收入增加。",
        "（一）总体情况",
        "（二）其他：无。",
        "1.明细",
        "附件1",
        "^ 评价报告",
        "# 名词解释",
        "[（三）] 绩效",
        "目录",
        "一、职能......3",
        "收入决算表",
        "单位：万元",
        "（2020年度）",
        "| 项目 | 金额 |",
        "| 单位：万元<2 |",
        "注：略。",
        "（图1：收入）",
        "正文一句。",
        "",
        "😀㈠…",
    ])
}

proptest! {
    #[test]
    fn no_line_is_lost_and_every_section_has_its_holder_before_it(
        lines in proptest::collection::vec(any_line(), 0..40),
        marks in proptest::collection::vec(((1u32..50, 0u32..12), (1u32..50, 0u32..12)), 0..6),
    ) {
        let marks: Vec<_> = marks.into_iter().map(|(start, end)| mark("_Toc1", start, end)).collect();
        let content = marked(&lines.join("\n"), marks);
        let ids: Vec<&str> = content.sections.iter().map(|s| s.id.as_str()).collect();
        for (at, section) in content.sections.iter().enumerate() {
            let holder = section.parent.as_deref().map(|p| ids.iter().position(|id| *id == p));
            prop_assert!(holder.is_none_or(|h| h.is_some_and(|h| h < at)));
        }
        let kept: Vec<&str> = content.sections.iter().flat_map(|s| [s.title.as_str(), s.text.as_str()]).collect();
        for paragraph in &content.paragraphs {
            prop_assert!(paragraph.section.is_none_or(|s| s < ids.len()));
            if paragraph.role == Role::Body && paragraph.section.is_some() {
                // The mark that ends a title which runs into its text belongs to neither.
                let last = paragraph.text.trim().rsplit(['。', '：']).find(|s| !s.is_empty()).unwrap_or("");
                prop_assert!(kept.iter().any(|text| text.contains(last)), "{last} is lost");
            }
        }
        prop_assert!(content.bookmarks.iter().all(|b| b.section.as_deref().is_none_or(|s| ids.contains(&s))));
    }
}
