//! The schemas in `schemas/` are those of the model, and reports follow them.

use std::path::Path;

use juesuan::forms::Forms;
use juesuan::limits::Limits;
use juesuan::model::Report;
use juesuan::{dataset, pipeline};
use serde_json::{Value, json};

fn committed(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas").join(name);
    serde_json::from_str(&std::fs::read_to_string(&path).expect("the schema is there")).expect("it is JSON")
}

fn report_schema() -> Value {
    serde_json::to_value(schemars::schema_for!(Report)).expect("a schema is JSON")
}

#[test]
fn the_committed_report_schema_is_that_of_the_model() {
    let refresh = "run `cargo run -- schema report > schemas/report.v1.schema.json`";
    assert!(committed("report.v1.schema.json") == report_schema(), "{refresh}");
}

#[test]
fn the_committed_dataset_schema_is_that_of_the_tables() {
    let refresh = "run `cargo run -- schema dataset > schemas/dataset.v1.schema.json`";
    assert!(committed("dataset.v1.schema.json") == dataset::json_schema(), "{refresh}");
}

#[test]
fn both_are_valid_schemas_of_2020_12() {
    for name in ["report.v1.schema.json", "dataset.v1.schema.json"] {
        let schema = committed(name);
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
        assert!(jsonschema::draft202012::meta::is_valid(&schema), "{name}");
    }
}

#[test]
fn reports_follow_the_schema_whatever_became_of_the_document() {
    let validator = jsonschema::draft202012::new(&report_schema()).expect("a valid schema");
    let statement = "收入决算表,,\n部门：某局,,单位：万元\n项目,本年收入合计,财政拨款收入\n合计,12.50,12.50\n";
    for (name, bytes) in
        [("a.csv", statement.as_bytes()), ("b.pdf", b"%PDF-1.7 and then nothing"), ("c.bin", b"\0\x01")]
    {
        let report = pipeline::extract_bytes(bytes, name, Forms::builtin(), &Limits::default());
        let report = serde_json::to_value(&report).expect("a report is JSON");
        let faults: Vec<String> = validator.iter_errors(&report).map(|e| e.to_string()).collect();
        assert!(faults.is_empty(), "{name}: {faults:?}");
    }
}

#[test]
fn a_newer_report_with_an_unknown_field_is_read_and_one_without_its_source_is_none() {
    let validator = jsonschema::draft202012::new(&report_schema()).expect("a valid schema");
    let report = pipeline::extract_bytes(b"", "a.csv", Forms::builtin(), &Limits::default());
    let mut report = serde_json::to_value(&report).expect("a report is JSON");
    report["colour"] = json!("red");
    assert!(validator.is_valid(&report));
    assert!(serde_json::from_value::<juesuan::model::Report>(report.clone()).is_ok());
    report.as_object_mut().expect("an object").remove("source");
    assert!(!validator.is_valid(&report));
    assert!(serde_json::from_value::<juesuan::model::Report>(report).is_err());
}

/// Every document of the golden corpus, and of `JUESUAN_EVAL`'s corpus where that folder is named.
#[test]
fn the_report_of_every_corpus_file_follows_the_schema() {
    let validator = jsonschema::draft202012::new(&report_schema()).expect("a valid schema");
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/cases")];
    folders.extend(std::env::var_os("JUESUAN_EVAL").map(|root| Path::new(&root).join("corpus/fiscal")));
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if !is_aside(&path) {
                let report = extract(&path);
                let faults: Vec<String> = validator.iter_errors(&report).map(|e| e.to_string()).collect();
                assert!(faults.is_empty(), "{}: {faults:?}", path.display());
                read += 1;
            }
        }
    }
    assert!(read >= 5, "only {read} documents were found");
}

/// What stands beside the documents of the golden corpus.
fn is_aside(path: &Path) -> bool {
    path.extension().is_some_and(|e| ["toml", "md", "txt", "json"].iter().any(|known| e == *known))
}

fn extract(path: &Path) -> Value {
    let bytes = std::fs::read(path).expect("the file can be read");
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let report = pipeline::extract_bytes(&bytes, &name, Forms::builtin(), &Limits::default());
    serde_json::to_value(&report).expect("a report is JSON")
}
