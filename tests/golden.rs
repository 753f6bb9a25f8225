//! The golden corpus: every case of `corpus/cases` gives exactly its `expected.json` and `findings.txt`.
//!
//! One test a case, so that adding a document is a data change. `JUESUAN_ACCEPT=1 cargo test --test golden`
//! writes what the program says now; read the difference before you commit it.

use std::path::{Path, PathBuf};

use juesuan::forms::Forms;
use juesuan::limits::Limits;
use juesuan::model::{FindingStatus, Report};
use juesuan::pipeline::extract_bytes;
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/cases");
    let cases = folders(&root).iter().flat_map(|format| folders(format)).collect::<Vec<_>>();
    assert!(cases.len() >= 5, "the golden corpus is missing below {}", root.display());
    let trials = cases.into_iter().map(|case| trial(&root, case)).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn trial(root: &Path, case: PathBuf) -> Trial {
    let name = case.strip_prefix(root).unwrap_or(&case).to_string_lossy().into_owned();
    Trial::test(name, move || compare(&case))
}

fn compare(case: &Path) -> Result<(), Failed> {
    let source = source_of(case)?;
    let bytes = std::fs::read(&source)?;
    let name = source.file_name().unwrap_or_default().to_string_lossy();
    let report = extract_bytes(&bytes, &name, Forms::builtin(), &Limits::default());
    let json = serde_json::to_string_pretty(&stable(&report)?)? + "\n";
    same(&case.join("expected.json"), &json)?;
    same(&case.join("findings.txt"), &findings(&report))
}

/// The report without what a rewording of the sources would change: nothing but the version's hash.
fn stable(report: &Report) -> Result<serde_json::Value, Failed> {
    let mut value = serde_json::to_value(report)?;
    value["id"] = "(content and version)".into();
    Ok(value)
}

fn findings(report: &Report) -> String {
    let violated = report.findings.iter().filter(|f| f.status == FindingStatus::Violated);
    let lines: Vec<String> = violated.map(|f| format!("{} {} {}", f.code, f.severity.word(), f.message)).collect();
    if lines.is_empty() { String::new() } else { lines.join("\n") + "\n" }
}

fn same(path: &Path, now: &str) -> Result<(), Failed> {
    if std::env::var_os("JUESUAN_ACCEPT").is_some() {
        return Ok(std::fs::write(path, now)?);
    }
    let kept = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    if kept == now {
        return Ok(());
    }
    let line = kept.lines().zip(now.lines()).take_while(|(a, b)| a == b).count();
    let (kept, now) = (kept.lines().nth(line).unwrap_or("(end)"), now.lines().nth(line).unwrap_or("(end)"));
    Err(format!("{} line {}:\n  kept {kept}\n  now  {now}\naccept with JUESUAN_ACCEPT=1", path.display(), line + 1)
        .into())
}

fn source_of(case: &Path) -> Result<PathBuf, Failed> {
    let is_source = |p: &PathBuf| p.file_stem().is_some_and(|s| s == "source");
    let found = entries(case).into_iter().find(is_source);
    found.ok_or_else(|| format!("{}: no source.* file", case.display()).into())
}

fn folders(path: &Path) -> Vec<PathBuf> {
    entries(path).into_iter().filter(|p| p.is_dir()).collect()
}

fn entries(path: &Path) -> Vec<PathBuf> {
    let Ok(read) = std::fs::read_dir(path) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = read.filter_map(Result::ok).map(|e| e.path()).collect();
    paths.sort();
    paths
}
