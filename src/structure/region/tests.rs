//! Sheets drawn as text, one line a row, cells parted by bars.

use super::*;
use crate::model::{Format, NoteKind, SheetValue};

fn sheet(drawing: &str, merges: &[[u32; 4]]) -> Sheet {
    let mut sheet = Sheet { name: "表".into(), merges: merges.to_vec(), ..Sheet::default() };
    for (row, line) in (0u32..).zip(drawing.lines()) {
        for (col, text) in (0u32..).zip(line.split('|')) {
            let text = text.trim().to_owned();
            if !text.is_empty() {
                sheet.cells.push(SheetCell::new(row, col, SheetValue::Text(text.into())));
            }
        }
    }
    sheet
}

fn flow_of(sheet: Sheet) -> (Vec<Item>, RawDocument) {
    let mut raw = RawDocument::new(Format::Xlsx);
    raw.sheets.push(sheet);
    let limits = Limits::default();
    let flow = sheets_to_flow(&mut raw, Forms::builtin(), &limits, &Deadline::start(&limits)).expect("within limits");
    (flow.items, raw)
}

/// Paragraphs as they are, tables as their range, rows by `/`, spans behind the text.
fn outline(items: &[Item]) -> Vec<String> {
    let cell = |c: &crate::model::Cell| match (c.row_span, c.col_span) {
        (1, 1) => c.text.clone(),
        (rows, cols) => format!("{}{rows}x{cols}", c.text),
    };
    let item = |item: &Item| match item {
        Item::Paragraph(p) => p.text.clone(),
        Item::Table(t) => {
            let range = t.locations.first().and_then(|l| l.cell_ref.clone()).unwrap_or_default();
            let rows =
                (0..t.rows).map(|r| t.cells.iter().filter(|c| c.row == r).map(cell).collect::<Vec<_>>().join(" "));
            format!("{range}: {}", rows.collect::<Vec<_>>().join("/"))
        }
    };
    items.iter().map(item).collect()
}

#[test]
fn lines_above_and_below_a_grid_are_paragraphs() {
    let drawing =
        "公开01表\n收入决算表\n部门：某局||单位：万元\n项目|决算数|\n栏次|1|2\n合计|12.50|3\n注：本表反映收入情况。";
    let (items, _) = flow_of(sheet(drawing, &[[1, 0, 1, 2], [3, 1, 3, 2]]));
    let expected = [
        "公开01表",
        "收入决算表",
        "部门：某局",
        "单位：万元",
        "A4:C6: 项目 决算数1x2/栏次 1 2/合计 12.50 3",
        "注：本表反映收入情况。",
    ];
    assert_eq!(outline(&items), expected);
    let Item::Paragraph(unit) = &items[3] else { panic!("a paragraph") };
    assert_eq!(unit.anchors[0].location.to_string(), "sheet 表!C3");
}

#[test]
fn a_header_over_the_whole_width_belongs_to_the_grid_behind_title_and_unit() {
    let drawing = "自评表（1）\n||单位：万元\n项目绩效目标完成情况表\n项目名称|运行经费";
    let (items, _) = flow_of(sheet(drawing, &[[0, 0, 0, 2], [2, 0, 2, 2], [3, 1, 3, 2]]));
    let expected = ["自评表（1）", "单位：万元", "A3:C4: 项目绩效目标完成情况表1x3/项目名称 运行经费1x2"];
    assert_eq!(outline(&items), expected);
}

#[test]
fn two_sided_sheets_stay_one_table() {
    let drawing = "收支总表\n单位：元\n收入||支出|\n项目|金额|项目|金额\n一、拨款|1|一、公共服务|1";
    let (items, _) = flow_of(sheet(drawing, &[[2, 0, 2, 1], [2, 2, 2, 3]]));
    assert_eq!(outline(&items)[2], "A3:D5: 收入1x2 支出1x2/项目 金额 项目 金额/一、拨款 1 一、公共服务 1");
}

#[test]
fn a_title_in_mid_sheet_starts_another_table() {
    for gap in ["\n", "\n\n", "\n\n\n\n"] {
        let drawing = format!("收入表\n项目|金额\n甲|1{gap}支出表\n单位：元\n项目|金额\n乙|2");
        let (items, _) = flow_of(sheet(&drawing, &[]));
        let tables = items.iter().filter(|i| matches!(i, Item::Table(_))).count();
        assert_eq!((items.len(), tables), (5, 2), "{drawing}");
    }
}

#[test]
fn blank_rows_within_a_table_do_not_end_it_where_figures_go_on() {
    let (items, _) = flow_of(sheet("科目|名称|金额\n201|甲|1\n\n\n\n合计||12.5", &[]));
    assert_eq!(outline(&items), ["A1:C6: 科目 名称 金额/201 甲 1/  /  /  /合计  12.5"]);
    let (items, _) = flow_of(sheet("项目|金额|项目|金额\n一、|||\n\n\n\n收入总计||支出总计|\n注：空表", &[]));
    assert_eq!(outline(&items), ["A1:D6: 项目 金额 项目 金额/一、   /   /   /   /收入总计  支出总计 ", "注：空表"]);
    let (items, _) = flow_of(sheet("科目|金额\n201|1\n\n\n名称|数量\n甲|2", &[]));
    assert_eq!(items.len(), 2);
}

#[test]
fn far_cells_are_tables_of_their_own_and_cost_nothing() {
    let cell = |row, col, text: &str| SheetCell::new(row, col, SheetValue::Text(text.into()));
    let cells = vec![
        cell(0, 0, "a"),
        cell(0, 1, "b"),
        cell(0, 16_382, "c"),
        cell(0, 16_383, "d"),
        cell(1_048_575, 16_383, "z"),
    ];
    let merges = vec![[0, 0, 1_048_575, 16_383]];
    let (items, _) = flow_of(Sheet { name: "远".into(), cells, merges, ..Sheet::default() });
    assert_eq!(outline(&items), ["A1:B1: a1x2", "XFC1:XFD1: c d", "z"]);
}

#[test]
fn a_grid_over_the_limit_is_refused_with_its_place() {
    let mut raw = RawDocument::new(Format::Xlsx);
    raw.sheets.push(sheet("甲|乙\n丙|丁", &[]));
    let limits = Limits { cells: 3, ..Limits::default() };
    let error =
        sheets_to_flow(&mut raw, Forms::builtin(), &limits, &Deadline::start(&limits)).expect_err("four positions");
    assert_eq!(error.location().to_string(), "sheet 表!A1:B2");
}

#[test]
fn text_under_a_merge_is_noted_and_overlaps_are_cut() {
    let (items, raw) = flow_of(sheet("甲|隐|丙\n丁|戊|己", &[[0, 0, 0, 1], [0, 2, 1, 2], [1, 1, 1, 2]]));
    assert_eq!(outline(&items), ["A1:C2: 甲1x2 丙2x1/丁 戊"]);
    let kinds: Vec<NoteKind> = raw.notes.iter().map(|n| n.kind).collect();
    assert_eq!(kinds, [NoteKind::LeftOut, NoteKind::RepairedTable]);
}

#[test]
fn prose_above_a_table_is_no_table_whatever_captions_stood_before() {
    let drawing = "情况说明\n联系人：张三\n第一部分 概况\n一、职能\n承担档案工作。\n第二部分 报表\n收入表\n单位：元\n项目|金额\n甲|1";
    let (items, _) = flow_of(sheet(drawing, &[]));
    let lines = [
        "情况说明",
        "联系人：张三",
        "第一部分 概况",
        "一、职能",
        "承担档案工作。",
        "第二部分 报表",
        "收入表",
        "单位：元",
    ];
    let expected: Vec<&str> = lines.into_iter().chain(["A9:B10: 项目 金额/甲 1"]).collect();
    assert_eq!(outline(&items), expected);
}

#[test]
fn text_without_columns_is_no_table() {
    let (items, _) = flow_of(sheet("情况说明\n一、基本情况。\n二、收支情况。", &[]));
    assert_eq!(outline(&items), ["情况说明", "一、基本情况。", "二、收支情况。"]);
}
