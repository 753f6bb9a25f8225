//! Documents of an invented district, joined.

use rust_decimal::Decimal;

use super::*;

fn figure(name: &str, value: i64) -> Figure {
    Figure { name: name.into(), value: value.into(), slack: Decimal::new(50, 0) }
}

/// A department's final accounts of 2024 with a text that prints four totals.
fn text(uri: &str, entity: &str) -> Document {
    Document {
        report_id: uri.into(),
        uri: uri.into(),
        region_code: Some("310199".into()),
        entity: Some(entity.into()),
        entity_level: Some(EntityLevel::Department),
        kind: Some("final_accounts.department".into()),
        fiscal_year: Some(2024),
        has_text: true,
        facts: 40,
        figures: vec![
            figure("total.in", 100_000),
            figure("total.out", 100_000),
            figure("tp.total", 900),
            figure("a", 1),
        ]
        .into(),
        ..Document::default()
    }
}

/// Its tables, which print totals to the 元.
fn tables(uri: &str, entity: &str) -> Document {
    let statements = [("final_accounts.revenue", true), ("final_accounts.gf_revenue_expenditure", false)];
    Document {
        has_text: false,
        statements: statements.map(|(form, filled)| (form.to_owned(), filled)).into(),
        figures: vec![figure("total.in", 100_040), figure("total.out", 99_960), figure("tp.total", 910)].into(),
        ..text(uri, entity)
    }
}

fn joined(documents: &[Document]) -> Vec<Disclosure> {
    let disclosures = join(documents, Forms::builtin());
    let mut turned = documents.to_vec();
    turned.reverse();
    assert_eq!(join(&turned, Forms::builtin()), disclosures, "the order of documents does not matter");
    disclosures
}

fn uris(disclosure: &Disclosure) -> Vec<&str> {
    disclosure.members.iter().map(|m| m.uri.as_str()).collect()
}

/// Has a document print another figure in the place of one.
fn put(document: &mut Document, at: usize, figure: Figure) {
    let mut figures: Vec<Figure> = document.figures.iter().collect();
    figures[at] = figure;
    document.figures = figures.into();
}

#[test]
fn text_and_tables_of_one_identity_complete_each_other() {
    let disclosures = joined(&[tables("d/附件2.xlsx", "甲局"), text("d/附件1.docx", "甲局"), text("d/b.docx", "乙局")]);
    assert_eq!(disclosures.len(), 2);
    let of = disclosures.iter().find(|d| d.entity.as_deref() == Some("甲局")).expect("joined");
    assert_eq!(uris(of), ["d/附件1.docx", "d/附件2.xlsx"]);
    assert_eq!(of.members[1].evidence, [Evidence::Identity, Evidence::Figures(3, 3)]);
    assert_eq!(of.coverage.present, ["收入表"]);
    assert_eq!(of.coverage.declared_empty, ["政府性基金预算支出表"]);
    assert_eq!(of.coverage.missing.len(), 7);
    assert!(of.doubts.is_empty(), "{:?}", of.doubts);
}

#[test]
fn another_spelling_is_the_same_body_and_says_so() {
    let disclosures = joined(&[text("a.pdf", "清川市委办公室"), tables("b.pdf", "中国共产党清川市委员会办公室")]);
    let [only] = disclosures.as_slice() else { panic!("{disclosures:#?}") };
    assert_eq!(only.members[1].evidence[0], Evidence::Spelling("中国共产党清川市委员会办公室".into()));
}

#[test]
fn department_and_unit_years_and_places_stay_apart() {
    let department = text("a.docx", "甲局");
    let unit = Document {
        kind: Some("final_accounts.unit".into()),
        entity_level: Some(EntityLevel::Unit),
        ..tables("b.xlsx", "甲局")
    };
    let earlier = Document { fiscal_year: Some(2023), ..tables("c.xlsx", "甲局") };
    let elsewhere = Document { region_code: Some("310198".into()), ..tables("d.xlsx", "甲局") };
    assert_eq!(joined(&[department, unit, earlier, elsewhere]).len(), 4);
}

#[test]
fn figures_that_disagree_forbid_a_join_and_leave_a_note() {
    let mut foreign = tables("b.xlsx", "甲局");
    foreign.figures =
        vec![figure("total.in", 5_000_000), figure("total.out", 5_000_000), figure("tp.total", 40_000)].into();
    let disclosures = joined(&[text("a.docx", "甲局"), foreign]);
    assert_eq!(disclosures.len(), 2);
    assert!(disclosures[1].doubts[0].contains("only 0 of 3 common figures agree"), "{:?}", disclosures[1].doubts);
}

#[test]
fn a_revision_takes_the_place_of_the_first_and_lists_what_changed() {
    let first = text("a.docx", "甲局");
    let mut revised = text("a（更正）.docx", "甲局");
    put(&mut revised, 2, figure("tp.total", 1_900));
    let [only] = &joined(&[first, revised])[..] else { panic!("one disclosure") };
    assert_eq!(only.live().map(|m| m.uri.as_str()).collect::<Vec<_>>(), ["a（更正）.docx"]);
    let old = only.members.iter().find(|m| m.superseded_by.is_some()).expect("superseded");
    assert_eq!(old.superseded_by.as_deref(), Some("a（更正）.docx"));
    let changed = Difference { name: "tp.total".into(), here: 900.into(), there: 1_900.into() };
    assert_eq!((old.differences.as_slice(), only.doubts.len()), (&[changed][..], 0));
}

#[test]
fn of_versions_without_a_date_it_is_said_that_none_is_newer() {
    let mut other = text("b.docx", "甲局");
    put(&mut other, 2, figure("tp.total", 1_900));
    let [only] = &joined(&[text("a.docx", "甲局"), other])[..] else { panic!("one disclosure") };
    assert_eq!((only.live().count(), only.doubts.len()), (1, 1));
    let [only] = &joined(&[text("a.docx", "甲局"), text("b.docx", "甲局")])[..] else { panic!("one disclosure") };
    assert_eq!((only.live().count(), only.doubts.len()), (1, 0), "a copy raises no doubt");
}

#[test]
fn an_evaluation_is_an_annex_of_the_accounts_of_its_body_and_year() {
    let annex = Document { kind: Some("performance.department_self_eval".into()), ..text("e.docx", "甲局") };
    let [only] = &joined(&[annex.clone(), text("a.docx", "甲局")])[..] else { panic!("one disclosure") };
    assert_eq!(only.members[1].part, Part::Annex);
    assert_eq!(only.members[1].evidence[0], Evidence::AnnexKind);
    let alone = joined(&[annex]);
    assert_eq!(alone[0].kind.as_deref(), Some("performance.department_self_eval"));
}

#[test]
fn a_nameless_workbook_joins_the_report_beside_it_only_with_figures_or_the_name() {
    let nameless = |uri: &str| Document { entity: None, region_code: None, kind: None, ..tables(uri, "") };
    let [only] = &joined(&[text("d/a.docx", "甲局"), nameless("d/附件2.xlsx")])[..] else { panic!("joined") };
    assert_eq!(only.members[1].evidence, [Evidence::Folder, Evidence::Figures(3, 3)]);
    let mut silent = nameless("d/附件2.xlsx");
    silent.figures = Figures::default();
    let apart = joined(&[text("d/a.docx", "甲局"), silent.clone()]);
    assert_eq!(apart.len(), 2);
    assert!(apart[1].doubts[0].contains("may belong to it"), "{:?}", apart[1].doubts);
    silent.uri = "d/甲局报表.xlsx".into();
    assert_eq!(joined(&[text("d/a.docx", "甲局"), silent]).len(), 1);
    let two = joined(&[text("d/a.docx", "甲局"), text("d/b.docx", "乙局"), nameless("d/附件2.xlsx")]);
    assert_eq!(two.len(), 3);
    assert!(two[2].doubts[0].starts_with("2 reports"), "{:?}", two[2].doubts);
}
