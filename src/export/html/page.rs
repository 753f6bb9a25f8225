//! The file around the data: markup, style and scripts, and a policy that lets the page load nothing from anywhere
//! (Content Security Policy Level 3: only the scripts and the style with these hashes run).

use std::collections::BTreeMap;

use serde_json::json;
use sha2::{Digest, Sha256};

use super::model::Model;
use super::packing::{base64, pack};
use super::parts::{Kept, Shared, parts};
use crate::lang::Lang;
use crate::lang::page as words;

const SHELL: &str = include_str!("assets/page.html");
const STYLE: &str = include_str!("assets/page.css");
const CHARTS: &str = include_str!("vendor/chart.js/chart.umd.min.js");
/// Together one script: each file uses what stands before it.
const SCRIPTS: [&str; 6] = [
    include_str!("assets/base.js"),
    include_str!("assets/data.js"),
    include_str!("assets/parts.js"),
    include_str!("assets/region.js"),
    include_str!("assets/body.js"),
    include_str!("assets/main.js"),
];

/// A page is to stay below this many bytes; where it does not, cells of tables go that no figure stands in.
const WANTED_BYTES: usize = 4_900_000;

/// Writes a page.
///
/// # Errors
/// When something in it has no JSON.
pub(super) fn page(model: &Model, lang: Lang) -> std::io::Result<String> {
    let whole = written(model, lang, Kept::All)?;
    if whole.len() <= WANTED_BYTES { Ok(whole) } else { written(model, lang, Kept::Cited) }
}

fn written(model: &Model, lang: Lang, kept: Kept) -> std::io::Result<String> {
    let script = format!("\"use strict\";\n(() => {{\n{}}})();\n", SCRIPTS.concat());
    let charts = without_source_map(CHARTS);
    let policy = format!(
        "default-src 'none'; script-src {} {}; style-src {}; img-src data:; base-uri 'none'; form-action 'none'",
        hash(charts),
        hash(&script),
        hash(STYLE)
    );
    let parts: BTreeMap<&str, String> = [
        ("lang", words::tag(lang).to_owned()),
        ("policy", policy),
        ("title", escaped(&title(model, lang))),
        ("style", STYLE.to_owned()),
        ("skip", escaped(words::say("skip", lang))),
        ("noscript", escaped(words::say("noscript", lang))),
        ("loading", escaped(words::say("loading", lang))),
        ("words", in_script(&words(lang, kept))),
        ("data", data(model, kept)?),
        ("charts", charts.to_owned()),
        ("script", script),
    ]
    .into();
    Ok(filled(SHELL, &parts))
}

/// Puts texts in the place of `{{name}}`; what is put in is not looked through again.
fn filled(shell: &str, parts: &BTreeMap<&str, String>) -> String {
    let mut pieces = shell.split("{{");
    let mut page = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once("}}").unwrap_or(("", piece));
        page.push_str(parts.get(name).map_or("", String::as_str));
        page.push_str(rest);
    }
    page
}

/// Names of the regions, or the program's where there are many.
fn title(model: &Model, lang: Lang) -> String {
    let names: Vec<&str> = model.index.regions.iter().map(|r| r.name.as_str()).filter(|n| !n.is_empty()).collect();
    match names.as_slice() {
        [name] => format!("{name} · {}", words::say("report", lang)),
        _ => words::say("report", lang).to_owned(),
    }
}

fn words(lang: Lang, kept: Kept) -> serde_json::Value {
    let (page, report) = words::all(lang);
    json!({ "page": page, "report": report, "cited_only": kept == Kept::Cited, "program": PROGRAM })
}

const PROGRAM: &str = concat!("juesuan ", env!("CARGO_PKG_VERSION"));

/// The index, what bodies share and, for each body, the content of its documents, as elements that no browser runs.
fn data(model: &Model, kept: Kept) -> std::io::Result<String> {
    let element = |id: &str, packed: &str| format!("<script type=\"text/plain\" id=\"{id}\">{packed}</script>\n");
    let mut bodies = String::new();
    let mut shared = Shared::new(model);
    for part in parts(model, kept, &mut shared) {
        let id = part.body.map_or_else(|| "bx".to_owned(), |body| format!("b{body}"));
        bodies.push_str(&element(&id, &pack(&part)?));
    }
    Ok(element("index", &pack(&model.index)?) + &element("shared", &pack(&shared)?) + &bodies)
}

/// A source as the policy names it.
fn hash(text: &str) -> String {
    format!("'sha256-{}'", base64(&Sha256::digest(text.as_bytes())))
}

/// The library without the line that names a file that is not here.
fn without_source_map(script: &str) -> &str {
    script.rsplit_once("//# sourceMappingURL=").map_or(script, |(script, _)| script)
}

/// JSON that can stand in a script element: nothing in it ends the element.
fn in_script(value: &serde_json::Value) -> String {
    value.to_string().replace('<', "\\u003c")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_does_not_end_the_element_that_it_stands_in() {
        assert_eq!(escaped("<b title=\"x\">&"), "&lt;b title=&quot;x&quot;&gt;&amp;");
        assert_eq!(in_script(&json!({"a": "</script><script>"})), r#"{"a":"\u003c/script>\u003cscript>"}"#);
    }

    #[test]
    fn what_is_put_in_is_not_looked_through_again() {
        let parts = [("a", "{{b}}".to_owned()), ("b", "no".to_owned())].into();
        assert_eq!(filled("1 {{a}} 2 {{c}}3", &parts), "1 {{b}} 2 3");
    }
}
