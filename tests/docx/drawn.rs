//! Form fields, and what a run draws from other parts: diagrams, workbooks behind charts, files within the file.

use juesuan::model::{Location, NoteKind};

use crate::builder::{document, notes, p, part_links, texts, texts_of};

/// A form field with that data, instruction and result.
fn form(data: &str, instruction: &str, result: &str) -> String {
    format!(
        "<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:name w:val='栏'/>{data}</w:ffData></w:fldChar></w:r>\
         <w:r><w:instrText> {instruction} </w:instrText></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r>\
         <w:r><w:t>{result}</w:t></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>"
    )
}

fn drawing(content: &str) -> String {
    format!(
        "<w:p><w:r><w:t>图</w:t><w:drawing><wp:inline><a:graphic>{content}</a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
}

#[test]
fn a_text_field_of_a_form_prints_its_result_once_and_never_its_default() {
    let data = "<w:textInput><w:default w:val='请填写'/></w:textInput>";
    let body = format!("<w:p><w:r><w:t>单位：</w:t></w:r>{}</w:p>", form(data, "FORMTEXT", "某局"));
    assert_eq!(texts_of(&body), ["单位：某局"]);
}

#[test]
fn a_box_and_a_list_of_a_form_show_what_their_data_says() {
    let cases = [
        ("<w:checkBox><w:checked/></w:checkBox>", "☑"),
        ("<w:checkBox><w:default w:val='1'/></w:checkBox>", "☑"),
        ("<w:checkBox><w:default w:val='1'/><w:checked w:val='0'/></w:checkBox>", "☐"),
        ("<w:ddList><w:result w:val='1'/><w:listEntry w:val='优'/><w:listEntry w:val='良'/></w:ddList>", "良"),
        ("<w:ddList><w:listEntry w:val='优'/></w:ddList>", "优"),
        ("<w:ddList><w:result w:val='7'/><w:listEntry w:val='优'/></w:ddList>", ""),
    ];
    for (data, shown) in cases {
        assert_eq!(texts_of(&format!("<w:p>{}</w:p>", form(data, "FORM", ""))), [shown], "{data}");
    }
}

#[test]
fn a_written_result_stands_for_the_data_of_a_form() {
    let data = "<w:ddList><w:listEntry w:val='优'/></w:ddList>";
    assert_eq!(texts_of(&format!("<w:p>{}</w:p>", form(data, "FORMDROPDOWN", "良"))), ["良"]);
}

#[test]
fn the_words_of_a_diagram_follow_its_paragraph() {
    let point = |text: &str| format!("<dgm:pt><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>");
    let data = format!("<dgm:ptLst>{}<dgm:pt/>{}</dgm:ptLst>", point("办公室"), point("财务&amp;资产科"));
    let body = format!("{}{}", drawing("<dgm:relIds r:dm='d'/>"), p("后"));
    let read = document(&body).with("diagramData", "d", "diagrams/data1.xml", "dgm:dataModel", &data).read();
    assert_eq!(texts(&read), ["图", "办公室", "财务&资产科", "后"]);
    let note = &read.notes[0];
    assert_eq!((note.kind, note.location.paragraph), (NoteKind::LeftOut, Some(1)));
}

#[test]
fn a_diagram_that_is_not_there_is_noted_at_its_place() {
    let read = document(&format!("{}{}", p("前"), drawing("<dgm:relIds r:dm='d'/>"))).read();
    assert_eq!(read.notes[0].kind, NoteKind::SkippedPart);
    assert_eq!(read.notes[0].location, Location::in_part("word/document.xml", 2));
}

#[test]
fn a_chart_of_office_2016_is_noted_at_its_place() {
    let read = document(&format!("{}{}", p("前"), drawing("<cx:chart r:id='x'/>"))).read();
    assert_eq!(read.notes[0].location, Location::in_part("word/document.xml", 2));
    assert!(notes(&read).contains("chartex"), "{}", notes(&read));
}

#[test]
fn a_file_within_the_document_is_noted_with_its_name_and_place() {
    let body = format!("{}<w:altChunk r:id='k'/>{}", p("前"), p("后"));
    let read = document(&body).link("aFChunk", "k", "chunk.html").read();
    assert_eq!(texts(&read), ["前", "后"]);
    assert!(notes(&read).contains("altChunk, word/chunk.html"), "{}", notes(&read));
    assert_eq!((read.notes[0].kind, read.notes[0].location.paragraph), (NoteKind::SkippedPart, Some(1)));
}

#[test]
fn a_workbook_behind_a_chart_is_noted() {
    let chart = "<c:chart><c:plotArea><c:pieChart/></c:plotArea></c:chart><c:externalData r:id='r1'/>";
    let links = part_links(&[("r1", "package", "../embeddings/book.xlsx")]);
    let read = document(&drawing("<c:chart r:id='c'/>"))
        .with("chart", "c", "charts/chart1.xml", "c:chartSpace", chart)
        .part("word/charts/_rels/chart1.xml.rels", links.as_bytes())
        .read();
    assert_eq!(read.charts.len(), 1);
    assert_eq!(read.notes.iter().map(|n| n.kind).collect::<Vec<_>>(), [NoteKind::LeftOut]);
    assert!(notes(&read).starts_with("1 × the workbook behind a chart"), "{}", notes(&read));
}
