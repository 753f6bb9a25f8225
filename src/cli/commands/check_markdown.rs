//! The list of corrections as Markdown (CommonMark with tables): a heading a department, a row a correction.

use super::check_list::{Correction, HEADS, Listed, by_department, counts};
use crate::cli::lang::{self, Lang};

/// The whole document.
pub(super) fn document(listed: &[Listed], lang: Lang) -> String {
    let mut text = format!("# {}\n", lang.say(lang::CORRECTIONS));
    for (department, corrections) in by_department(listed, lang) {
        text.extend(["\n## ", &inert(&department), "\n\n", &summary(&corrections, lang), "\n"]);
        if !corrections.is_empty() {
            text.push_str(&table(&corrections, lang));
        }
    }
    text
}

fn summary(corrections: &[Correction], lang: Lang) -> String {
    if corrections.is_empty() {
        return lang.say(lang::CLEAN).to_owned();
    }
    let counts = counts(corrections).into_iter().filter(|(_, n)| *n > 0);
    counts.map(|(severity, n)| format!("{} {n}", lang.word(severity.word()))).collect::<Vec<_>>().join(" · ")
}

fn table(corrections: &[Correction], lang: Lang) -> String {
    let heads: Vec<&str> = HEADS.iter().map(|head| lang.say(*head)).collect();
    let mut text = format!("\n| {} |\n|{}\n", heads.join(" | "), " --- |".repeat(heads.len()));
    for (n, correction) in corrections.iter().enumerate() {
        let cells: Vec<String> = correction.cells(lang).into_iter().map(inert).collect();
        text.extend(["| ", &(n + 1).to_string(), " | ", &cells.join(" | "), " |\n"]);
    }
    text
}

/// A text of a document that Markdown does not take for markup, on one line.
fn inert(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => safe.push(' '),
            '|' | '\\' | '`' | '*' | '_' | '<' | '>' | '[' | ']' | '#' => safe.extend(['\\', c]),
            _ => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_document_holds_is_no_markup() {
        assert_eq!(inert("a|b\n<i>*"), "a\\|b \\<i\\>\\*");
    }
}
