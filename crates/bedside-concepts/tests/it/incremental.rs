//! What is built again when something changes, and what is not.

use crate::fixture::{Home, NOW, built, only_files, outcome, page, shown, with_files};
use bedside_concepts::Definitions;
use bedside_concepts::Family::{MimicIii, MimicIv};

#[test]
fn every_concept_of_mimiciii_is_built_once() {
    let home = Home::synthetic(MimicIii, 8, 7);
    let definitions = Definitions::embedded(MimicIii);
    let report = home.build(&definitions, &[]);
    let not_built: Vec<_> = report.concepts.iter().map(|c| format!("{}: {}", c.name, shown(c))).collect();
    let not_built: Vec<_> = not_built.iter().filter(|line| !line.ends_with(": built")).collect();
    assert_eq!(not_built, Vec::<&String>::new());
    let before = home.manifest();
    assert_eq!(built(&home.build(&definitions, &[])), Vec::<&str>::new());
    assert_eq!(home.manifest(), before, "nothing is written where nothing changed");
}

#[test]
fn every_concept_is_built_once() {
    let home = Home::new();
    let definitions = Definitions::embedded(MimicIv);
    let report = home.build(&definitions, &[]);
    let not_built: Vec<_> = report.concepts.iter().map(|c| format!("{}: {}", c.name, shown(c))).collect();
    let not_built: Vec<_> = not_built.iter().filter(|line| !line.ends_with(": built")).collect();
    assert_eq!(not_built, Vec::<&String>::new());
    let before = home.manifest();
    let again = home.build(&definitions, &[]);
    assert_eq!(built(&again), Vec::<&str>::new());
    assert_eq!(home.manifest(), before, "nothing is written where nothing changed");
    // Everything that readers ask for is with the table.
    let sofa = home.table("sofa").unwrap();
    let derivation = sofa.derivation.unwrap();
    assert_eq!(
        (derivation.key.as_slice(), sofa.loaded_at.as_str()),
        (&["stay_id".to_owned(), "hr".to_owned()][..], NOW)
    );
    assert!(
        derivation.inputs.iter().any(|input| input.table == "derived.bg" && input.release == home.release.as_str())
    );
    assert!(derivation.inputs.iter().any(|input| input.table == "icu.icustays"));
    assert!(derivation.checks > 20 && derivation.sql.contains("SELECT"));
    let metadata = home.rows("SELECT attribute, value FROM mimiciv_derived._metadata");
    for attribute in ["mimic_version|", "bedside_version|", "concepts_fingerprint|"] {
        assert!(metadata.iter().any(|row| row.starts_with(attribute) && row.len() > attribute.len()), "{metadata:?}");
    }
    let described = home.rows(
        "SELECT description FROM mimiciv_derived.INFORMATION_SCHEMA.COLUMN_FIELD_PATHS \
         WHERE table_name = 'sofa' AND column_name = 'hr'",
    );
    assert!(described[0].ends_with("Unit: h."), "{described:?}");
}

const PARENT: &str = "SELECT stay_id, los FROM `physionet-data.mimiciv_icu.icustays`";

/// A parent, a child, a grandchild, and one that has nothing to do with them.
fn family(parent: &str, child: &str, meaning: &str) -> (Definitions, tempfile::TempDir) {
    let two = page(&["stay_id"], &["stay_id INT64", "los FLOAT64"]).replace("A los.", meaning);
    let one = page(&["stay_id"], &["stay_id INT64"]);
    only_files(&[
        ("parent.sql", parent),
        ("parent.toml", &two),
        ("child.sql", child),
        ("child.toml", &one),
        ("grandchild.sql", "SELECT stay_id FROM mimiciv_derived.child"),
        ("grandchild.toml", &one),
        ("other.sql", "SELECT stay_id FROM mimiciv_icu.icustays"),
        ("other.toml", &one),
    ])
}

#[test]
fn a_changed_definition_is_built_again_with_its_descendants() {
    let home = Home::new();
    let child = "SELECT stay_id FROM mimiciv_derived.parent";
    let (first, _a) = family(PARENT, child, "A los.");
    assert_eq!(built(&home.build(&first, &[])).len(), 4);
    let (second, _b) = family(PARENT, "SELECT stay_id FROM mimiciv_derived.parent WHERE los > 1", "A los.");
    assert_eq!(built(&home.build(&second, &[])), ["child", "grandchild"]);
    let (third, _c) = family(&PARENT.replace("los FROM", "los * 2 AS los FROM"), child, "A los.");
    assert_eq!(built(&home.build(&third, &["parent"])), ["parent"]);
    assert_eq!(built(&home.build(&third, &[])), ["child", "grandchild"]);
    assert_eq!(built(&home.build(&third, &[])), Vec::<&str>::new());
}

#[test]
fn other_words_on_a_page_are_taken_over_without_building() {
    let home = Home::new();
    let child = "SELECT stay_id FROM mimiciv_derived.parent";
    let (first, _a) = family(PARENT, child, "A los.");
    home.build(&first, &[]);
    let (second, _b) = family(PARENT, child, "The length of stay.");
    assert_eq!(built(&home.build(&second, &[])), Vec::<&str>::new());
    let derivation = home.table("parent").unwrap().derivation.unwrap();
    assert_eq!(derivation.columns[1].meaning, "The length of stay.");
}

#[test]
fn another_input_makes_a_table_stale() {
    let home = Home::new();
    let (definitions, _folder) = family(PARENT, "SELECT stay_id FROM mimiciv_derived.parent", "A los.");
    home.build(&definitions, &[]);
    let warehouse = home.engine.warehouse();
    let lock = warehouse.lock_release(&home.release).unwrap();
    let touch = |manifest: &mut bedside_store::Manifest| {
        // As a load of another file would leave it.
        manifest.tables.get_mut("icu.icustays").unwrap().source.sha256 = "0".repeat(64);
    };
    warehouse.publish(&lock, || unreachable!(), touch).unwrap();
    drop(lock);
    assert_eq!(built(&home.build(&definitions, &[])), ["child", "grandchild", "other", "parent"]);
}

#[test]
fn one_s_own_concepts_stand_beside_the_others() {
    let home = Home::new();
    let (definitions, _folder) = with_files(&[
        ("mine/tall.sql", "SELECT stay_id, height FROM mimiciv_derived.first_day_height WHERE height > 180"),
        ("mine/tall.toml", &page(&["stay_id"], &["stay_id INT64", "height NUMERIC"])),
    ]);
    let report = home.build(&definitions, &["tall"]);
    assert_eq!(built(&report), ["first_day_height", "height", "tall"]);
    let expected = home.rows("SELECT COUNT(*) FROM mimiciv_derived.first_day_height WHERE height > 180");
    assert_eq!(home.rows("SELECT COUNT(*) FROM mimiciv_derived.tall"), expected);
    // A build without them leaves them as they are.
    let report = home.build(&Definitions::embedded(MimicIv), &["height"]);
    assert_eq!(outcome(&report, "height"), "unchanged");
    assert!(home.table("tall").is_some());
    for (unknown, hint) in [("hight", "did you mean height?"), ("qqqq", "bedside concepts list shows all of them")] {
        let error = home.build_until(&definitions, &[unknown], &|_| (), &false.into()).unwrap_err();
        assert_eq!(error.hint().as_deref(), Some(hint));
    }
}
