//! `juesuan inspect`: the drawing of a page, and what it says where there is none to draw.

mod pdf_writer;

use std::fs;

use assert_cmd::Command;
use pdf_writer::{Content, Writer};

fn juesuan() -> Command {
    let mut command = Command::cargo_bin("juesuan").expect("the program is built");
    command.env_remove("JUESUAN_LOG").timeout(std::time::Duration::from_mins(1));
    command
}

fn file() -> Vec<u8> {
    let head = Content::default().text(50.0, 100.0, 10.0, "收入决算表");
    let first = head.table(50.0, 700.0, &[&["科目", "金额"], &["合计", "12.50"]]);
    let second = Content::default().table(50.0, 50.0, &[&["科目", "金额"], &["基本支出", "10.00"]]);
    Writer::default().page(&first).page(&second).finish()
}

/// The layer of that id.
fn layer<'a>(svg: &'a str, id: &str) -> &'a str {
    let start = svg.find(&format!("<g id=\"{id}\"")).unwrap_or_else(|| panic!("no layer {id}"));
    let end = svg[start..].find("</g>").expect("the layer ends");
    &svg[start..start + end]
}

#[test]
fn every_step_of_a_page_is_a_layer() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("a.pdf"), file()).expect("written");
    let run = || juesuan().current_dir(&dir).args(["inspect", "a.pdf", "--page", "2", "-o", "page.svg"]).assert();
    run().code(0).stdout("");
    let svg = fs::read_to_string(dir.path().join("page.svg")).expect("a drawing");
    assert!(layer(&svg, "rules").contains("<line") && layer(&svg, "edges").contains("<line"));
    assert_eq!(layer(&svg, "cells").matches("<rect").count(), 4);
    assert_eq!(layer(&svg, "intersections").matches("<circle").count(), 9);
    assert!(layer(&svg, "tables").contains("table 1, part 2 of 2"), "{}", layer(&svg, "tables"));
    assert!(layer(&svg, "cells").contains("r1c0: 基本支出"));
    assert!(layer(&svg, "legend").contains("page 2"));
    quick_xml_agrees(&svg);
    run().code(0);
    assert_eq!(svg, fs::read_to_string(dir.path().join("page.svg")).expect("a drawing"), "the same again");
}

fn quick_xml_agrees(svg: &str) {
    let mut reader = quick_xml::Reader::from_str(svg);
    while !matches!(reader.read_event().expect("well-formed"), quick_xml::events::Event::Eof) {}
}

#[test]
fn a_page_that_is_not_there_and_a_file_that_is_no_pdf_are_named() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("a.pdf"), file()).expect("written");
    fs::write(dir.path().join("b.csv"), "收入决算表\n项目,金额\n合计,1\n").expect("written");
    let says = |arguments: &[&str]| {
        let run = juesuan().current_dir(&dir).arg("inspect").args(arguments).assert().code(3).stdout("");
        String::from_utf8_lossy(&run.get_output().stderr).into_owned()
    };
    let absent = says(&["a.pdf", "--page", "3"]);
    assert!(absent.contains("there is no page 3, the file has 2"), "{absent}");
    let table = says(&["b.csv", "--page", "1"]);
    assert!(table.contains("b.csv: inspect draws pages of PDF files"), "{table}");
    assert!(says(&["c.pdf", "--page", "1"]).contains("c.pdf"));
}
