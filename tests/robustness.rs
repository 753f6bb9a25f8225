//! Damaged and hostile files, made here: each ends in a report within its limits, never in a panic.

use juesuan::forms::Forms;
use juesuan::limits::Limits;
use juesuan::model::{NoteKind, Report, Status};
use juesuan::pipeline::extract_bytes;

fn extract(bytes: &[u8], name: &str) -> Report {
    let limits = Limits { seconds: 10, cells: 100_000, ..Limits::default() };
    extract_bytes(bytes, name, Forms::builtin(), &limits)
}

fn docx() -> Vec<u8> {
    let mut document = docx_rs::Docx::new();
    for text in ["某局2024年度部门决算", "第一部分 部门概况", "一、收入支出决算总体情况", "收、支总计12.50万元。"]
    {
        document = document.add_paragraph(docx_rs::Paragraph::new().add_run(docx_rs::Run::new().add_text(text)));
    }
    let mut bytes = std::io::Cursor::new(Vec::new());
    document.build().pack(&mut bytes).expect("packed");
    bytes.into_inner()
}

fn xlsx(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().expect("saved")
}

/// Either something was read, or a note says why not.
fn assert_is_honest(report: &Report, what: &str) {
    let is_stopped = matches!(report.status, Status::Failed | Status::Refused);
    let says_why = report.notes.iter().any(|n| n.kind == NoteKind::Error);
    assert_eq!(is_stopped, says_why, "{what}: {:?} {:?}", report.status, report.notes);
    let losses = report.notes.iter().any(|n| n.kind.is_loss());
    assert!(report.status != Status::Partial || losses, "{what}: partly read, but nothing says what was lost");
}

#[test]
fn a_file_cut_anywhere_ends_in_a_report() {
    let files = [("a.docx", docx()), ("a.xlsx", xlsx(|s| drop(s.write(0, 0, "合计").map(|_| ()))))];
    for (name, whole) in files {
        for i in 0..24 {
            let cut = &whole[..whole.len() * i / 24];
            assert_is_honest(&extract(cut, name), &format!("{name} cut at {}", cut.len()));
        }
    }
}

#[test]
fn a_file_with_bytes_turned_over_ends_in_a_report() {
    let whole = docx();
    for i in 0..40 {
        let mut bytes = whole.clone();
        let at = i * (bytes.len() - 1) / 40;
        bytes[at] ^= 0xFF;
        assert_is_honest(&extract(&bytes, "a.docx"), &format!("byte {at}"));
    }
}

#[test]
fn two_far_cells_cost_no_grid() {
    let bytes = xlsx(|sheet| {
        sheet.write(0, 0, "收入决算表").expect("written");
        sheet.write(1_048_575, 16_383, "远").expect("written");
    });
    assert_is_honest(&extract(&bytes, "far.xlsx"), "far cells");
}

#[test]
fn text_that_is_no_document_is_refused_by_what_it_is() {
    for (name, bytes) in [("a.docx", &b"\x89PNG\r\n\x1a\n"[..]), ("b.pdf", b"GIF89a"), ("c", b"")] {
        let report = extract(bytes, name);
        assert_is_honest(&report, name);
        assert!(report.facts.is_empty(), "{name}");
    }
}

#[test]
fn deep_brackets_do_not_overflow_the_stack() {
    let deep =
        format!("%PDF-1.4\n1 0 obj\n{}{}\nendobj\ntrailer<</Root 1 0 R>>", "[".repeat(50_000), "]".repeat(50_000));
    let report = std::thread::Builder::new()
        .stack_size(64 << 20)
        .spawn(move || extract(deep.as_bytes(), "deep.pdf"))
        .expect("a thread")
        .join()
        .expect("no panic");
    assert_is_honest(&report, "deep.pdf");
}
