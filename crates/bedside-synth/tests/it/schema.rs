//! Columns, types, keys and times against the catalogue.

use super::{csv, small, text};
use bedside_datasets::{Release, Table, catalogue};
use bedside_types::SqlType;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

fn release() -> &'static Release {
    catalogue().schema("mimiciv", "3.1").unwrap()
}

fn path(module: &str, name: &str) -> PathBuf {
    small().join(format!("{module}/{name}.csv.gz"))
}

fn of(table: &Table) -> PathBuf {
    path(&table.module, &table.name)
}

#[test]
fn tables_columns_cells_and_keys_are_those_of_the_catalogue() {
    assert_eq!(release().tables.len(), 31);
    check(release(), &of);
}

/// Columns, cells and keys of every table of a release whose files `file` finds.
pub(crate) fn check(release: &Release, file: &dyn Fn(&Table) -> PathBuf) {
    for table in &release.tables {
        let expected: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        let found = csv::header(&file(table));
        assert!(
            found.iter().map(String::as_str).eq(expected.iter().copied()) || lower(&found) == expected,
            "{}",
            table.name
        );
        cells(table, &file(table));
        for key in table.primary_key.iter().map(|key| &key.columns).chain(&table.alternate_keys) {
            unique(table, key, &file(table));
        }
    }
    references(release, file);
}

fn lower(names: &[String]) -> Vec<String> {
    names.iter().map(|name| name.to_lowercase()).collect()
}

/// Every cell fits its column.
fn cells(table: &Table, file: &Path) {
    csv::each(file, |record| {
        for (column, cell) in table.columns.iter().zip(record.fields()) {
            let Some(text) = cell else {
                assert!(column.nullable, "{}.{} is NULL", table.name, column.name);
                continue;
            };
            assert!(fits(&column.sql_type, text), "{}.{} is {text}", table.name, column.name);
        }
    });
}

fn fits(sql_type: &SqlType, cell: &str) -> bool {
    let date = |text: &str| {
        text.len() == 10
            && text
                .bytes()
                .enumerate()
                .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() })
    };
    match sql_type {
        SqlType::Int64 => cell.parse::<i64>().is_ok(),
        SqlType::Float64 => cell.parse::<f64>().is_ok_and(f64::is_finite),
        SqlType::Date => date(cell),
        SqlType::Datetime => cell.len() >= 19 && date(&cell[..10]) && cell.as_bytes()[10] == b' ',
        _ => true,
    }
}

fn unique(table: &Table, key: &[String], file: &Path) {
    let mut seen = HashSet::new();
    csv::each(file, |record| {
        let values: Vec<Option<String>> = key.iter().map(|column| record.get(column).map(str::to_owned)).collect();
        assert!(seen.insert(values.clone()), "{} {key:?} {values:?}", table.name);
    });
}

/// Every foreign key has its parent.
fn references(release: &Release, file: &dyn Fn(&Table) -> PathBuf) {
    let mut parents: HashMap<(String, Vec<String>), HashSet<Vec<String>>> = HashMap::new();
    for table in &release.tables {
        for key in &table.foreign_keys {
            let Some(parent) =
                release.tables.iter().find(|parent| parent.name == key.table && parent.module == key.module)
            else {
                continue;
            };
            let known = parents
                .entry((parent.name.clone(), key.referenced.clone()))
                .or_insert_with(|| values(&file(parent), &key.referenced));
            for value in values(&file(table), &key.columns) {
                assert!(known.contains(&value), "{} {:?} {value:?} has no {}", table.name, key.columns, key.table);
            }
        }
    }
}

/// Distinct values of columns; rows with a NULL among them are left out.
fn values(path: &Path, columns: &[String]) -> HashSet<Vec<String>> {
    let mut values = HashSet::new();
    csv::each(path, |record| {
        if let Some(value) = columns.iter().map(|column| record.get(column).map(str::to_owned)).collect() {
            values.insert(value);
        }
    });
    values
}

#[test]
fn identifiers_are_in_the_published_ranges() {
    let range = |column: &str| match column {
        "subject_id" => Some(10_000_000..20_000_000),
        "hadm_id" => Some(20_000_000..30_000_000),
        "stay_id" | "transfer_id" => Some(30_000_000..40_000_000),
        "labevent_id" | "specimen_id" | "pharmacy_id" | "orderid" | "microevent_id" => Some(1..1 << 31),
        _ => None,
    };
    for table in &release().tables {
        let columns: Vec<_> =
            table.columns.iter().filter_map(|column| Some((&column.name, range(&column.name)?))).collect();
        csv::each(&of(table), |record| {
            for (column, range) in &columns {
                if let Some(id) = record.int(column) {
                    assert!(range.contains(&id), "{}.{column} is {id}", table.name);
                }
            }
        });
    }
}

#[test]
fn admissions_hold_stays_and_stays_hold_events() {
    let mut admissions = HashMap::new();
    csv::each(&path("hosp", "admissions"), |record| {
        let (admit, discharge) = (record.get("admittime").unwrap(), record.get("dischtime").unwrap());
        assert!(admit < discharge);
        assert!(record.get("deathtime").is_none_or(|death| death == discharge));
        assert_eq!(record.get("deathtime").is_some(), record.get("hospital_expire_flag") == Some("1"));
        admissions.insert(record.int("hadm_id"), (record.int("subject_id"), admit.to_owned(), discharge.to_owned()));
    });
    let mut stays = HashMap::new();
    csv::each(&path("icu", "icustays"), |record| {
        let (subject, admit, discharge) = &admissions[&record.int("hadm_id")];
        let (begin, end) = (record.get("intime").unwrap(), record.get("outtime").unwrap());
        assert_eq!(*subject, record.int("subject_id"));
        assert!(
            admit.as_str() <= begin && begin < end && end <= discharge.as_str(),
            "{admit} {begin} {end} {discharge}"
        );
        let window = (record.int("subject_id"), record.int("hadm_id"), begin.to_owned(), end.to_owned());
        stays.insert(record.int("stay_id"), window);
    });
    for (name, first, last) in [
        ("chartevents", "charttime", "charttime"),
        ("datetimeevents", "charttime", "charttime"),
        ("outputevents", "charttime", "charttime"),
        ("inputevents", "starttime", "endtime"),
        ("ingredientevents", "starttime", "endtime"),
        ("procedureevents", "starttime", "endtime"),
    ] {
        csv::each(&path("icu", name), |record| {
            if record.get("stay_id").is_none() {
                assert!(matches!(name, "inputevents" | "ingredientevents"), "{name}");
                return;
            }
            let (subject, hadm, begin, end) = &stays[&record.int("stay_id")];
            assert_eq!((*subject, *hadm), (record.int("subject_id"), record.int("hadm_id")), "{name}");
            let (from, until) = (record.get(first).unwrap(), record.get(last).unwrap());
            assert!(
                begin.as_str() <= from && from <= until && until <= end.as_str(),
                "{name}: {begin} {from} {until} {end}"
            );
        });
    }
    for (name, time) in [("services", "transfertime"), ("poe", "ordertime"), ("emar", "charttime")] {
        csv::each(&path("hosp", name), |record| {
            if record.get("hadm_id").is_none() {
                return;
            }
            let (subject, admit, discharge) = &admissions[&record.int("hadm_id")];
            assert_eq!(*subject, record.int("subject_id"), "{name}");
            let time = record.get(time).unwrap();
            assert!(admit.as_str() <= time && time <= discharge.as_str(), "{name}: {admit} {time} {discharge}");
        });
    }
}

#[test]
fn nobody_is_admitted_twice_at_a_time_or_after_death() {
    let mut died = HashMap::new();
    csv::each(&path("hosp", "patients"), |record| {
        died.insert(record.int("subject_id"), record.get("dod").map(str::to_owned));
    });
    let mut last: HashMap<Option<i64>, String> = HashMap::new();
    csv::each(&path("hosp", "admissions"), |record| {
        let subject = record.int("subject_id");
        let (admit, discharge) = (record.get("admittime").unwrap(), record.get("dischtime").unwrap());
        if let Some(before) = last.insert(subject, discharge.to_owned()) {
            assert!(before.as_str() < admit, "{before} {admit}");
        }
        if let Some(death) = &died[&subject] {
            assert!(&discharge[..10] <= death.as_str(), "{discharge} {death}");
        }
    });
}

#[test]
fn stays_are_transfers_and_transfers_leave_no_gap() {
    /// Begin, end, kind of a place.
    type Place = (String, Option<String>, String);
    let mut places: HashMap<Option<i64>, Vec<Place>> = HashMap::new();
    csv::each(&path("hosp", "transfers"), |record| {
        places.entry(record.int("hadm_id")).or_default().push((
            record.get("intime").unwrap().to_owned(),
            record.get("outtime").map(str::to_owned),
            record.get("eventtype").unwrap().to_owned(),
        ));
    });
    // Visits to the emergency room that end at home.
    places.remove(&None);
    for (hadm, places) in places {
        let inside: Vec<_> = places.iter().filter(|place| place.2 != "ED").collect();
        assert_eq!(inside[0].2, "admit", "{hadm:?}");
        for pair in inside.windows(2) {
            assert_eq!(pair[0].1.as_ref(), Some(&pair[1].0), "{hadm:?}");
        }
        assert_eq!(inside.last().unwrap().2, "discharge", "{hadm:?}");
    }
}

#[test]
fn the_oddities_of_the_published_files_are_there() {
    let all = |module: &str, name: &str| String::from_utf8(text(&path(module, name))).unwrap();
    let labs = all("hosp", "labevents");
    assert!(labs.contains(", ,"), "a unit that is a blank");
    assert!(labs.contains(",___,"), "removed text");
    assert!(labs.contains(",\""), "quoted remarks");
    assert!(all("hosp", "microbiologyevents").contains("<=        "), "padded comparison");
    assert!(all("hosp", "microbiologyevents").contains("\"\""), "quotes in quotes");
    assert!(all("hosp", "prescriptions").contains(",\"\","), "quoted empty text");
    assert!(all("hosp", "d_hcpcs").contains("TD   ,"), "padded code");
    assert!(all("icu", "procedureevents").contains(".353,"), "fractional seconds");
    assert!(all("icu", "chartevents").contains("See note,\nnext page"), "line break in a field");
    assert!(all("icu", "inputevents").contains("Ampoule      "), "padded component");
    let mut outpatient = (0, 0);
    csv::each(&path("hosp", "labevents"), |record| {
        outpatient.1 += 1;
        outpatient.0 += i32::from(record.get("hadm_id").is_none());
    });
    assert!(outpatient.0 * 10 > outpatient.1 && outpatient.0 * 2 < outpatient.1, "{outpatient:?}");
}
