//! What two tables do not share.

use crate::fixture::{Home, only_files, page};
use bedside_concepts::{Difference, Error, TableRef, common_tables, diff};

fn compare(home: &Home, left: &str, right: &str) -> Result<Difference, Error> {
    let table = |name: &str| TableRef { dataset: "mimiciv_derived".to_owned(), table: name.to_owned() };
    diff(&home.engine, &table(left), &table(right))
}

#[test]
fn rows_added_removed_and_changed_by_key() {
    let home = Home::new();
    let stays =
        "SELECT stay_id, first_careunit AS unit, NULLIF(los, -1.0) AS los FROM `physionet-data.mimiciv_icu.icustays`";
    let ids = home.rows("SELECT stay_id FROM mimiciv_icu.icustays ORDER BY stay_id LIMIT 4");
    let [a, b, c, d] = [&ids[0], &ids[1], &ids[2], &ids[3]];
    let left = format!("{stays} WHERE stay_id <> {a}");
    let right = format!(
        "SELECT stay_id, IF(stay_id = {c}, 'moved', unit) AS unit, IF(stay_id IN ({c}, {d}), NULL, los) AS los \
         FROM ({stays}) WHERE stay_id <> {b}"
    );
    let columns = ["stay_id INT64", "unit STRING", "los FLOAT64"];
    let (keyed, bare) = (page(&["stay_id"], &columns), page(&[], &columns));
    let (definitions, _folder) = only_files(&[
        ("l.sql", &left),
        ("l.toml", &keyed),
        ("r.sql", &right),
        ("r.toml", &keyed),
        ("bare.sql", &right),
        ("bare.toml", &bare),
    ]);
    assert_eq!(home.build(&definitions, &[]).failures().count(), 0);
    let rows: u64 = home.rows("SELECT COUNT(*) FROM mimiciv_icu.icustays")[0].parse().unwrap();
    let found = compare(&home, "l", "r").unwrap();
    assert_eq!((found.common, found.added, found.removed, found.changed), (rows - 2, 1, 1, 2));
    assert_eq!(found.changed_columns, [("unit".to_owned(), 1), ("los".to_owned(), 2)]);
    assert!(compare(&home, "l", "l").unwrap().is_none());
    // Without a common key a changed row is one removed and one added.
    let found = compare(&home, "l", "bare").unwrap();
    assert_eq!((found.common, found.added, found.removed, found.changed), (rows - 4, 3, 3, 0));
    assert!(compare(&home, "r", "bare").unwrap().is_none());
}

#[test]
fn a_table_may_have_a_column_of_its_own_name() {
    let home = Home::new();
    assert_eq!(
        home.build(&bedside_concepts::Definitions::embedded(bedside_concepts::Family::MimicIv), &["age"])
            .failures()
            .count(),
        0
    );
    assert!(compare(&home, "age", "age").unwrap().is_none());
}

#[test]
fn other_columns_are_told() {
    let home = Home::new();
    let (definitions, _folder) = only_files(&[
        ("l.sql", "SELECT stay_id, los FROM mimiciv_icu.icustays"),
        ("l.toml", &page(&["stay_id"], &["stay_id INT64", "los FLOAT64"])),
        ("r.sql", "SELECT stay_id, CAST(los AS STRING) AS los, hadm_id FROM mimiciv_icu.icustays"),
        ("r.toml", &page(&["stay_id"], &["stay_id INT64", "los STRING", "hadm_id INT64"])),
    ]);
    home.build(&definitions, &[]);
    let found = compare(&home, "l", "r").unwrap();
    assert_eq!(
        (found.added_columns, found.removed_columns),
        (vec!["los".into(), "hadm_id".into()], vec!["los".into()])
    );
    assert_eq!((found.added, found.removed, found.changed), (0, 0, 0));
    let error = compare(&home, "l", "rr").unwrap_err();
    assert_eq!(error.to_string(), "there is no table mimiciv_derived.rr");
    let [both, left, right] = common_tables(&home.engine, "mimiciv_derived", "mimiciv_icu").unwrap();
    assert_eq!((both.len(), left.join(" ").as_str(), right.contains(&"icustays".to_owned())), (0, "l r", true));
}
