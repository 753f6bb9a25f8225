//! Characters, fields, boxes, changes, bookmarks, charts, and the stories beside the body.

use juesuan::model::{NoteKind, Role};

use super::builder::{document, notes, p, paragraphs, texts, texts_of};

#[test]
fn characters_that_are_elements_are_text() {
    let body = "<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:softHyphen/>\
                <w:t>１２</w:t><w:sym w:font='Wingdings' w:char='F0FE'/></w:r></w:p>";
    assert_eq!(texts_of(body), ["a\tb\nc-１２☑"]);
}

#[test]
fn references_in_text_are_characters() {
    assert_eq!(texts_of(&p("A&amp;B &#x4E2D;&#169;<![CDATA[<]]>")), ["A&B 中©<"]);
}

#[test]
fn an_unknown_symbol_is_marked_and_noted() {
    let read = document("<w:p><w:r><w:sym w:font='Webdings' w:char='F061'/></w:r></w:p>").read();
    assert_eq!(texts(&read), ["\u{FFFD}"]);
    assert_eq!(read.notes[0].kind, NoteKind::UnknownEncoding);
}

#[test]
fn controls_links_and_tags_are_seen_through() {
    let run = |text: &str| format!("<w:r><w:t>{text}</w:t></w:r>");
    let sdt = |content: &str| format!("<w:sdt><w:sdtPr/><w:sdtContent>{content}</w:sdtContent></w:sdt>");
    let inner = sdt(&run("1"));
    let body = sdt(&format!(
        "<w:p>{inner}<w:hyperlink r:id='x'>{}</w:hyperlink><w:smartTag>{}</w:smartTag></w:p>",
        run("2"),
        run("3")
    ));
    assert_eq!(texts_of(&body), ["123"]);
}

#[test]
fn a_field_prints_its_result_once() {
    let mark = |kind: &str| format!("<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>");
    let body = format!(
        "<w:p>{}<w:r><w:instrText> REF a </w:instrText></w:r>{}<w:r><w:t>12.50</w:t></w:r>{}\
         <w:fldSimple w:instr='PAGE'><w:r><w:t>万元</w:t></w:r></w:fldSimple></w:p>",
        mark("begin"),
        mark("separate"),
        mark("end")
    );
    assert_eq!(texts_of(&body), ["12.50万元"]);
}

#[test]
fn a_field_that_never_ends_hides_nothing_behind_its_paragraph() {
    let body = format!("<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r></w:p>{}", p("12.50"));
    let read = document(&body).read();
    assert_eq!(texts(&read), ["", "12.50"]);
    assert_eq!(read.notes[0].kind, NoteKind::Repaired);
}

#[test]
fn a_table_of_contents_is_told_by_field_style_and_gallery() {
    let field = "<w:p><w:r><w:fldChar w:fldCharType='begin'/><w:instrText>TOC \\o</w:instrText>\
                 <w:fldChar w:fldCharType='separate'/><w:t>一、收入</w:t></w:r></w:p>\
                 <w:p><w:r><w:t>二、支出</w:t><w:fldChar w:fldCharType='end'/></w:r></w:p>";
    let style = "<w:p><w:pPr><w:pStyle w:val='T'/></w:pPr><w:r><w:t>三、</w:t></w:r></w:p>";
    let gallery = format!(
        "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr>\
         <w:sdtContent>{}</w:sdtContent></w:sdt>",
        p("目录")
    );
    let styles = "<w:style w:type='paragraph' w:styleId='T'><w:name w:val='TOC 1'/></w:style>";
    let read = document(&format!("{field}{style}{gallery}{}", p("正文"))).styles(styles).read();
    let roles: Vec<Role> = paragraphs(&read).iter().map(|p| p.role).collect();
    assert_eq!(roles, [Role::Toc, Role::Toc, Role::Toc, Role::Toc, Role::Body]);
}

#[test]
fn a_text_box_comes_once_behind_its_paragraph() {
    let content = format!("<w:txbxContent>{}</w:txbxContent>", p("单位：万元"));
    let body = format!(
        "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{content}</w:drawing></mc:Choice>\
         <mc:Fallback><w:pict>{content}</w:pict></mc:Fallback></mc:AlternateContent><w:t>收入</w:t></w:r></w:p>\
         <w:p><w:r><w:pict><v:shape><v:textbox>{content}</v:textbox></v:shape></w:pict></w:r></w:p>"
    );
    let read = document(&body).read();
    assert_eq!(texts(&read), ["收入", "单位：万元", "", "单位：万元"]);
    let numbers: Vec<_> = paragraphs(&read).iter().filter_map(|p| p.location.paragraph).collect();
    assert_eq!(numbers, [1, 2, 4, 5], "the fallback's paragraph counts, though it is not read");
}

#[test]
fn tracked_changes_are_read_as_accepted_with_one_note() {
    let run = |tag: &str, text: &str| format!("<w:r><w:{tag}>{text}</w:{tag}></w:r>");
    let body = format!(
        "<w:p><w:del>{}</w:del><w:ins>{}</w:ins><w:moveFrom>{}</w:moveFrom><w:moveTo>{}</w:moveTo></w:p>",
        run("delText", "11.00"),
        run("t", "12.50"),
        run("t", "万"),
        run("t", "元")
    );
    let read = document(&body).read();
    assert_eq!(texts(&read), ["12.50元"]);
    assert_eq!(read.notes.iter().map(|n| n.kind).collect::<Vec<_>>(), [NoteKind::TrackedChange]);
}

#[test]
fn a_deleted_paragraph_mark_joins_two_paragraphs() {
    let first = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>收入</w:t></w:r></w:p>";
    let second = "<w:p><w:bookmarkStart w:id='1' w:name='b'/><w:r><w:t>合计</w:t></w:r></w:p>";
    let read = document(&format!("{first}{second}")).read();
    assert_eq!(texts(&read), ["收入合计"]);
    assert_eq!((read.bookmarks[0].start.paragraph, read.bookmarks[0].start.offset), (1, 2));
}

#[test]
fn ruby_formulas_and_comments() {
    let body = "<w:p><w:r><w:ruby><w:rt><w:r><w:t>jue</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>决</w:t></w:r></w:rubyBase>\
                </w:ruby></w:r><m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>\
                </m:oMath><w:r><w:commentReference w:id='0'/></w:r></w:p>";
    let read = document(body).read();
    assert_eq!(texts(&read), ["决1/2"]);
    assert!(notes(&read).contains("comments are left out") && notes(&read).contains("ruby"), "{}", notes(&read));
}

#[test]
fn bookmarks_have_both_ends_wherever_they_stand() {
    let body = format!(
        "<w:bookmarkStart w:id='1' w:name='between'/><w:p><w:r><w:t>一、</w:t></w:r><w:bookmarkStart w:id='2' w:name='mid'/>\
         <w:bookmarkStart w:id='3' w:name='same'/><w:r><w:t>收入</w:t></w:r><w:bookmarkEnd w:id='2'/></w:p>\
         <w:tbl><w:tr><w:tc><w:p><w:bookmarkStart w:id='4' w:name='cell'/></w:p></w:tc></w:tr></w:tbl>\
         <w:bookmarkEnd w:id='3'/>{}<w:bookmarkEnd w:id='1'/>",
        p("完")
    );
    let read = document(&body).read();
    let ends: Vec<_> = read
        .bookmarks
        .iter()
        .map(|b| (b.name.as_str(), b.start.paragraph, b.start.offset, b.end.paragraph, b.end.offset))
        .collect();
    assert_eq!(ends, [("between", 1, 0, 4, 0), ("mid", 1, 2, 1, 4), ("same", 1, 2, 3, 0), ("cell", 2, 0, 2, 0)]);
}

#[test]
fn a_chart_stands_where_its_relationship_is_used() {
    let place = |id: &str| {
        format!(
            "<w:p><w:r><w:drawing><wp:inline><a:graphic><c:chart r:id='{id}'/></a:graphic></wp:inline></w:drawing></w:r></w:p>"
        )
    };
    let chart = |value: &str| {
        format!(
            "<c:chart><c:plotArea><c:pieChart><c:ser><c:cat><c:strRef><c:strCache><c:pt idx='0'><c:v>甲</c:v></c:pt>\
             </c:strCache></c:strRef></c:cat><c:val><c:numRef><c:numCache><c:pt idx='0'><c:v>{value}</c:v></c:pt></c:numCache>\
             </c:numRef></c:val></c:ser></c:pieChart></c:plotArea></c:chart>"
        )
    };
    let read = document(&format!("{}{}{}", place("b"), place("a"), place("gone")))
        .with("chart", "a", "charts/chart1.xml", "c:chartSpace", &chart("1"))
        .with("chart", "b", "charts/chart2.xml", "c:chartSpace", &chart("1277.8799999999999"))
        .read();
    let first = &read.charts[0];
    assert_eq!(first.series[0].points[0].value.map(|v| v.to_string()).as_deref(), Some("1277.88"));
    assert_eq!((first.location.paragraph, read.charts[1].location.paragraph), (Some(1), Some(2)));
    assert_eq!(paragraphs(&read)[1].charts, [1]);
    assert_eq!(read.notes.iter().map(|n| n.kind).collect::<Vec<_>>(), [NoteKind::SkippedPart]);
}

#[test]
fn notes_and_running_heads_follow_the_body_with_their_roles() {
    let footnotes = format!(
        "<w:footnote w:type='separator' w:id='0'>{}</w:footnote><w:footnote w:id='1'>{}</w:footnote>",
        p("—"),
        p("含结转")
    );
    let body = "<w:p><w:r><w:t>12.50</w:t><w:footnoteReference w:id='1'/><w:t>万元</w:t></w:r></w:p>";
    let read = document(body)
        .with("header", "h", "header1.xml", "w:hdr", &p("某局"))
        .with("footnotes", "f", "footnotes.xml", "w:footnotes", &footnotes)
        .read();
    assert_eq!(texts(&read), ["12.50万元", "含结转", "某局"]);
    let roles: Vec<_> = paragraphs(&read).iter().map(|p| p.role).collect();
    assert_eq!(roles, [Role::Body, Role::Footnote, Role::Running]);
    assert_eq!(paragraphs(&read)[1].location.part.as_deref(), Some("word/footnotes.xml"));
}

#[test]
fn a_picture_is_noted_with_its_words_and_size() {
    let body = "<w:p><w:r><w:drawing><wp:inline><wp:extent cx='3600000' cy='1800000'/><wp:docPr id='1' name='图' descr='公章'/>\
                <a:graphic><pic:pic/></a:graphic></wp:inline></w:drawing></w:r></w:p>";
    let read = document(body).read();
    assert!(notes(&read).contains("a picture is left out: “公章”, 100 × 50 mm"), "{}", notes(&read));
    assert!(read.notes.iter().any(|n| n.kind == NoteKind::ImagePage), "nothing but a picture needs OCR");
}

#[test]
fn styles_are_resolved_through_their_chain() {
    let styles = "<w:style w:type='paragraph' w:default='1' w:styleId='a'><w:name w:val='Normal'/><w:rPr><w:sz w:val='28'/></w:rPr></w:style>\
                  <w:style w:type='paragraph' w:styleId='1'><w:name w:val='Heading 1'/><w:basedOn w:val='a'/>\
                  <w:pPr><w:outlineLvl w:val='0'/><w:jc w:val='center'/></w:pPr><w:rPr><w:b/></w:rPr></w:style>\
                  <w:style w:type='paragraph' w:styleId='2'><w:name w:val='Mine'/><w:basedOn w:val='1'/></w:style>";
    let body = "<w:p><w:pPr><w:pStyle w:val='2'/></w:pPr><w:r><w:t>收入</w:t></w:r></w:p>";
    let read = document(body).styles(styles).read();
    let style = &paragraphs(&read)[0].style;
    assert_eq!(style.name.as_deref(), Some("mine"));
    assert_eq!((style.outline_level, style.bold, style.centred, style.size), (Some(0), true, true, Some(14.0)));
}

#[test]
fn strict_documents_and_other_prefixes_read_the_same() {
    let strict = "<x:document xmlns:x='http://purl.oclc.org/ooxml/wordprocessingml/main'><x:body><x:p><x:r><x:t>甲</x:t></x:r>\
                  </x:p></x:body></x:document>";
    let utf_16: Vec<u8> = format!("\u{FEFF}<?xml version='1.0' encoding='UTF-16'?>{strict}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(texts(&document("").part("word/document.xml", strict.as_bytes()).read()), ["甲"]);
    assert_eq!(texts(&document("").part("word/document.xml", &utf_16).read()), ["甲"]);
}

#[test]
fn producer_build_pages_and_date_come_from_the_properties() {
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let links = format!(
        "<Relationships xmlns='{package}'><Relationship Id='1' Type='x/officeDocument' Target='word/document.xml'/>\
         <Relationship Id='2' Type='x/core-properties' Target='docProps/core.xml'/>\
         <Relationship Id='3' Type='x/extended-properties' Target='docProps/app.xml'/>\
         <Relationship Id='4' Type='x/custom-properties' Target='docProps/custom.xml'/></Relationships>"
    );
    let core = "<c xmlns:t='http://purl.org/dc/terms/'><t:modified>2021-11-22T03:05:00Z</t:modified></c>";
    let uri = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties";
    let app = |program: &str| {
        format!(
            "<Properties xmlns='{uri}'><Pages>23</Pages><Application>{program}</Application>\
             <AppVersion>16.0000</AppVersion></Properties>"
        )
    };
    let package = document(&p("甲"))
        .part("_rels/.rels", links.as_bytes())
        .part("docProps/core.xml", core.as_bytes())
        .part("docProps/app.xml", app("Microsoft Office Word").as_bytes());
    let read = package.read();
    assert_eq!(read.producer.as_deref(), Some("Microsoft Office Word 16.0000"));
    assert_eq!(read.page_count, Some(23));
    assert_eq!(read.modified.as_deref(), Some("2021-11-22T03:05:00Z"));

    let custom = "<Properties xmlns='http://schemas.openxmlformats.org/officeDocument/2006/custom-properties' xmlns:v='x'>\
                  <property pid='2' name='ICV'><v:lpwstr>0C63</v:lpwstr></property>\
                  <property pid='3' name='KSOProductBuildVer'><v:lpwstr>2052-11.1.0.10700</v:lpwstr></property></Properties>";
    let package = package.part("docProps/custom.xml", custom.as_bytes());
    let producer = |program: &str| {
        let named = package.clone().part("docProps/app.xml", app(program).as_bytes());
        named.read().producer.expect("a program")
    };
    assert_eq!(
        producer("WPS Office"),
        "WPS Office 11.1.0.10700",
        "the build of WPS, not the Word that it stands in for"
    );
    assert_eq!(producer("WPS Office_11.1.0.10700_F1E3"), "WPS Office_11.1.0.10700_F1E3", "the build is there already");
    assert!(package.read().notes.is_empty());
}
