//! The made MIMIC-III: its files, keys, times, and what the definitions of the derived tables look for.

use super::folder::digest;
use super::{csv, made, schema, shared};
use bedside_datasets::{Release, catalogue};
use bedside_synth::{Dataset, MARKER, Options};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tempfile::TempDir;

fn options(patients: u64, seed: u64) -> Options {
    let threads = NonZeroUsize::new(2).unwrap();
    Options { dataset: Dataset::MimicIii, threads, ..Options::new(patients, seed) }
}

/// A release that several tests read.
fn large() -> &'static Path {
    static RELEASE: OnceLock<TempDir> = OnceLock::new();
    RELEASE.get_or_init(|| made(&options(200, 7))).path()
}

fn release() -> &'static Release {
    catalogue().schema("mimiciii", "1.4").unwrap()
}

fn path(folder: &Path, table: &str) -> PathBuf {
    folder.join(format!("{}.csv.gz", table.to_uppercase()))
}

/// The content of generator 1. When a value changes on purpose, raise `GENERATOR` once a release was published.
#[test]
fn the_text_is_the_recorded_one() {
    let folder = made(&options(12, 7));
    assert_eq!(digest(folder.path()), "293a28919609790020f079a521d7b2a5a4470b717b033df9b2a14b92cfec1b97");
    assert!(fs::read_to_string(folder.path().join(MARKER)).unwrap().contains("\"schema\":\"mimiciii-1.4\""));
}

#[test]
fn any_number_of_threads_makes_the_same_files() {
    let sums = |threads| {
        let options = Options { threads: NonZeroUsize::new(threads).unwrap(), ..options(20, 11) };
        fs::read_to_string(made(&options).path().join("SHA256SUMS.txt")).unwrap()
    };
    assert_eq!(sums(1), sums(5));
}

#[test]
fn tables_columns_cells_and_keys_are_those_of_the_catalogue() {
    let folder = made(&options(60, 3));
    assert_eq!(release().tables.len(), 26);
    schema::check(release(), &|table| path(folder.path(), &table.name));
}

#[test]
fn identifiers_have_the_published_length_and_times_their_order() {
    let mut admissions = HashMap::new();
    csv::each(&path(large(), "admissions"), |record| {
        let (admit, discharge) = (record.get("admittime").unwrap(), record.get("dischtime").unwrap());
        assert!(admit < discharge);
        assert!((100_000..200_000).contains(&record.int("hadm_id").unwrap()));
        admissions.insert(record.int("hadm_id"), (admit.to_owned(), discharge.to_owned()));
    });
    csv::each(&path(large(), "icustays"), |record| {
        let (admit, discharge) = &admissions[&record.int("hadm_id")];
        assert!((200_000..300_000).contains(&record.int("icustay_id").unwrap()));
        assert!(admit.as_str() <= record.get("intime").unwrap());
        assert!(
            record.get("outtime").is_none_or(|end| end <= discharge.as_str() && end > record.get("intime").unwrap())
        );
    });
}

/// Values of a column, at most once each.
fn distinct(table: &str, column: &str) -> HashSet<String> {
    let mut values = HashSet::new();
    csv::each(&path(large(), table), |record| {
        if let Some(value) = record.get(column)
            && !values.contains(value)
        {
            values.insert(value.to_owned());
        }
    });
    values
}

/// Rows of a table for which something holds.
fn count(table: &str, holds: impl Fn(&csv::Record<'_>) -> bool) -> usize {
    let mut rows = 0;
    csv::each(&path(large(), table), |record| rows += usize::from(holds(record)));
    rows
}

/// Most items of the made dictionary occur; the rarest of those typed by hand need more patients than this test makes.
#[test]
fn most_items_of_the_dictionary_occur() {
    let mut missing = BTreeSet::new();
    let mut known = 0;
    let mut used: HashMap<String, HashSet<String>> = HashMap::new();
    csv::each(&path(large(), "d_items"), |record| {
        let table = record.get("linksto").unwrap();
        let id = record.int("itemid").unwrap();
        if table == "microbiologyevents" {
            return;
        }
        known += 1;
        let used = used.entry(table.to_owned()).or_insert_with(|| distinct(table, "itemid"));
        if !used.contains(&id.to_string()) {
            missing.insert((table.to_owned(), id));
        }
    });
    assert!(missing.len() * 5 < known, "{} of {known} without a row: {missing:?}", missing.len());
}

/// Numbers in the specification that are items of its tables must be in the dictionary.
#[test]
fn every_item_that_concepts_name_is_known() {
    let Some(folder) = shared("spec/mimiciii") else { return };
    let mut known = distinct("d_items", "itemid");
    known.extend(distinct("d_labitems", "itemid"));
    let mut named = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        for word in text.split(|c: char| !c.is_ascii_alphanumeric() && c != '.') {
            let Ok(number) = word.parse::<i64>() else { continue };
            let fluids = (30_001..=30_190).contains(&number) || (40_033..=46_800).contains(&number);
            if fluids || (220_000..229_000).contains(&number) || (50_800..=51_555).contains(&number) {
                named.insert(number);
            }
        }
    }
    // Diagnoses and limits that look like items, and items that the specification names as left out.
    let missing: Vec<i64> = named.iter().copied().filter(|number| !known.contains(&number.to_string())).collect();
    assert!(named.len() > 500, "{}", named.len());
    let not_items = missing.iter().filter(|number| (40_000..50_000).contains(*number)).count();
    assert!(missing.len() - not_items <= 2, "{missing:?}");
}

#[test]
fn both_systems_and_what_is_rare_occur() {
    let sources = distinct("icustays", "dbsource");
    assert_eq!(sources.len(), 3, "{sources:?}");
    let check = |table: &str, column: &str, texts: &[&str]| {
        let found = distinct(table, column);
        for text in texts {
            assert!(found.contains(*text), "{table}.{column} never holds {text:?}");
        }
    };
    check("admissions", "admission_type", &["ELECTIVE", "EMERGENCY", "NEWBORN", "URGENT"]);
    check("icustays", "first_careunit", &["CCU", "CSRU", "MICU", "NICU", "SICU", "TSICU"]);
    check(
        "inputevents_mv",
        "statusdescription",
        &["Changed", "FinishedRunning", "Flushed", "Paused", "Rewritten", "Stopped"],
    );
    check("inputevents_mv", "rateuom", &["mL/hour", "mL/min", "mL/kg/hour", "units/min", "units/hour", "mcg/kg/min"]);
    check("inputevents_mv", "amountuom", &["ml", "L", "mg"]);
    check("inputevents_cv", "stopped", &["D/C'd", "Stopped", "Restart"]);
    check("procedureevents_mv", "statusdescription", &["FinishedRunning", "Rewritten", "Stopped", "Paused"]);
    check("drgcodes", "drg_type", &["APR ", "HCFA", "MS"]);
    check(
        "noteevents",
        "category",
        &["Echo", "Nutrition", "Discharge summary", "Nursing/other", "Physician ", "Radiology"],
    );
    check("labevents", "value", &["ART", "VEN", "MIX", "CENTRAL VENOUS"]);
    for (table, column) in [
        ("icustays", "outtime"),
        ("chartevents", "icustay_id"),
        ("outputevents", "icustay_id"),
        ("outputevents", "value"),
        ("inputevents_mv", "icustay_id"),
        ("inputevents_cv", "icustay_id"),
        ("inputevents_cv", "rate"),
        ("inputevents_cv", "amount"),
        ("inputevents_mv", "rate"),
        ("inputevents_mv", "statusdescription"),
        ("labevents", "hadm_id"),
        ("microbiologyevents", "charttime"),
        ("noteevents", "hadm_id"),
        ("prescriptions", "route"),
        ("procedureevents_mv", "icustay_id"),
    ] {
        assert!(count(table, |record| record.get(column).is_none()) > 0, "{table}.{column} is never NULL");
    }
    assert!(count("chartevents", |record| record.get("error") == Some("1")) > 50);
    assert!(count("outputevents", |record| record.get("iserror") == Some("1")) > 0);
    let ancient = count("patients", |record| record.get("dob").unwrap() < "1950");
    assert!(ancient > 0, "nobody is over 89");
}

/// Texts that decide, by item; those of circuits in CareVue need more patients than this test makes.
#[test]
fn charted_texts_that_decide_occur() {
    let mut found: HashMap<i64, HashSet<String>> = HashMap::new();
    csv::each(&path(large(), "chartevents"), |record| {
        if let (Some(item), Some(value)) = (record.int("itemid"), record.get("value"))
            && !(10_000..20_000).contains(&item)
            && item < 233_000
        {
            let values = found.entry(item).or_default();
            if values.len() < 400 && !values.contains(value) {
                values.insert(value.to_owned());
            }
        }
    });
    for (items, texts) in TEXTS {
        for text in *texts {
            let held = items.iter().any(|item| found.get(item).is_some_and(|values| values.contains(*text)));
            assert!(held, "{items:?} never hold {text:?}");
        }
    }
}

const TEXTS: &[(&[i64], &[&str])] = &[
    (
        &[128],
        &["Full Code", "Comfort Measures", "CPR Not Indicate", "Do Not Intubate", "Do Not Resuscita", "Other/Remarks"],
    ),
    (
        &[223_758],
        &[
            "Full code",
            "Comfort measures only",
            "DNI (do not intubate)",
            "DNR (do not resuscitate)",
            "DNR / DNI",
            "Other/Remarks",
        ],
    ),
    (&[723], &["1.0 ET/Trach", "5 Oriented"]),
    (&[223_900], &["No Response-ETT", "Oriented"]),
    (
        &[467],
        &[
            "Ventilator",
            "Cannula",
            "Nasal Cannula",
            "Face Tent",
            "Aerosol-Cool",
            "Trach Mask",
            "Hi Flow Neb",
            "Non-Rebreather",
            "Venti Mask",
            "Medium Conc Mask",
            "Vapotherm",
            "T-Piece",
            "Hut",
            "TranstrachealCat",
            "Heated Neb",
            "Ultrasonic Neb",
            "None",
            "CPAP Mask",
            "Bipap Mask",
        ],
    ),
    (
        &[226_732],
        &[
            "Nasal cannula",
            "Face tent",
            "Aerosol-cool",
            "Trach mask ",
            "High flow neb",
            "Non-rebreather",
            "Venti mask ",
            "Medium conc mask ",
            "T-piece",
            "High flow nasal cannula",
            "Ultrasonic neb",
            "Vapomist",
            "CPAP mask ",
            "Bipap mask ",
        ],
    ),
    (&[640], &["Extubated", "Self Extubation"]),
    (&[720], &["Assist Control", "Other/Remarks"]),
    (&[223_848], &["Drager", "Other"]),
    (&[224_146], &["New Filter", "Reinitiated", "Discontinued", "Recirculating", "Active"]),
    (&[152, 227_290], &["CVVH", "CVVHD", "CVVHDF", "SCUF", "Peritoneal", "Other"]),
    (&[582], &["Hemodialysis st", "Hemodialysis end"]),
    (&[466], &["Dialysis RN"]),
    (&[927], &["Dialysis Solutions"]),
    (&[6250], &["dialys"]),
    (
        &[917],
        &[
            "+ INITIATE DIALYSIS",
            "BLEEDING FROM DIALYSIS CATHETER",
            "FAILED DIALYSIS CATH.",
            "FEBRILE SYNDROME;DIALYSIS",
            "HYPOTENSION WITH HEMODIALYSIS",
            "HYPOTENSION.GLOGGED DIALYSIS",
            "INFECTED DIALYSIS CATHETER",
        ],
    ),
    (
        &[229, 235, 241, 247, 253, 259, 265, 271],
        &[
            "A-Line",
            "IABP",
            "Multi-lumen",
            "PICC line",
            "Dialysis Line",
            "Introducer",
            "Trauma Line",
            "Portacath",
            "Venous Access",
            "Hickman",
            "PacerIntroducer",
            "TripleIntroducer",
            "PA line",
            "CCO PA Line",
            "Pre-Sep Catheter",
        ],
    ),
];

/// The codes that definitions look for are all billed, the principal ones first in some bill.
#[test]
fn billed_codes_that_decide_occur() {
    let mut known = HashSet::new();
    csv::each(&path(large(), "d_icd_diagnoses"), |record| {
        let code = record.get("icd9_code").unwrap();
        if !record.get("long_title").unwrap().ends_with("made up") {
            known.insert(code.to_owned());
        }
    });
    let used = distinct("diagnoses_icd", "icd9_code");
    let missing: BTreeSet<&String> = known.iter().filter(|code| !used.contains(*code)).collect();
    // A few codes of conditions that few patients have.
    assert!(missing.len() * 10 < known.len(), "{} of {}: {missing:?}", missing.len(), known.len());
    let principal = count("diagnoses_icd", |record| record.get("seq_num") == Some("1"));
    assert!(principal > 150, "{principal}");
}

/// Rows per patient in the published release and here; not the same, but of the same order.
#[test]
fn row_counts_per_patient_are_like_those_of_the_release() {
    for table in &release().tables {
        // Dictionaries hold what is used.
        if table.name.starts_with("d_") || table.name == "caregivers" {
            continue;
        }
        let Some(published) = &table.rows else { continue };
        let published = published.rows as f64 / 46_520.0;
        let found = count(&table.name, |_| true) as f64 / 200.0;
        let ratio = found / published;
        assert!((0.5..1.8).contains(&ratio), "{}: {ratio:.2} times the release", table.name);
    }
}
