//! What the definitions of the derived tables name must occur; and how the made data compare with the open demo.

use super::{csv, large, shared};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::Path;

/// Every number of the specifications that is an item of the ICU or the laboratory.
fn named_items() -> Option<BTreeSet<i64>> {
    let folder = shared("spec/mimiciv")?;
    let mut items = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        for word in text.split(|c: char| !c.is_ascii_digit()) {
            let is_item = match word.len() {
                6 => (220_000..230_000).contains(&word.parse().unwrap()),
                5 => (50_800..53_200).contains(&word.parse().unwrap()),
                _ => false,
            };
            if is_item {
                items.insert(word.parse().unwrap());
            }
        }
    }
    Some(items)
}

fn distinct(folder: &Path, file: &str, column: &str) -> HashSet<String> {
    let mut values = HashSet::new();
    csv::each(&folder.join(file), |record| {
        if let Some(value) = record.get(column)
            && !values.contains(value)
        {
            values.insert(value.to_owned());
        }
    });
    values
}

#[test]
fn every_item_that_concepts_name_is_known_and_occurs() {
    let Some(named) = named_items() else { return };
    assert!(named.len() > 200, "{}", named.len());
    let folder = large();
    let mut known = distinct(folder, "icu/d_items.csv.gz", "itemid");
    known.extend(distinct(folder, "hosp/d_labitems.csv.gz", "itemid"));
    let mut used = HashSet::new();
    for table in ["chartevents", "inputevents", "outputevents", "procedureevents"] {
        used.extend(distinct(folder, &format!("icu/{table}.csv.gz"), "itemid"));
    }
    used.extend(distinct(folder, "hosp/labevents.csv.gz", "itemid"));
    let missing = |set: &HashSet<String>| -> Vec<i64> {
        named.iter().filter(|id| !set.contains(&id.to_string())).copied().collect()
    };
    assert_eq!(missing(&known), Vec::<i64>::new(), "not in the dictionaries");
    assert_eq!(missing(&used), Vec::<i64>::new(), "without a row");
}

#[test]
fn texts_that_decide_occur() {
    let folder = large();
    let mut found: BTreeMap<i64, HashSet<String>> = BTreeMap::new();
    csv::each(&folder.join("icu/chartevents.csv.gz"), |record| {
        let item = record.int("itemid").unwrap();
        if matches!(item, 223_900 | 226_732 | 229_314 | 223_758 | 224_146 | 225_965)
            && let Some(value) = record.get("value")
            && !found.entry(item).or_default().contains(value)
        {
            found.entry(item).or_default().insert(value.to_owned());
        }
    });
    let check = |item: i64, texts: &[&str]| {
        for text in texts {
            assert!(found[&item].contains(*text), "{item} never holds {text:?}");
        }
    };
    check(223_900, &["No Response-ETT", "Oriented"]);
    check(
        226_732,
        &[
            "Tracheostomy tube",
            "Trach mask ",
            "Endotracheal tube",
            "Bipap mask ",
            "CPAP mask ",
            "High flow nasal cannula",
            "Non-rebreather",
            "Face tent",
            "Aerosol-cool",
            "Venti mask ",
            "Medium conc mask ",
            "Ultrasonic neb",
            "Vapomist",
            "Oxymizer",
            "High flow neb",
            "Nasal cannula",
            "None",
        ],
    );
    check(229_314, &["DuoPaP", "NIV", "NIV-ST", "APV (cmv)", "P-CMV", "ASV"]);
    check(
        223_758,
        &["Full code", "Comfort measures only", "DNI (do not intubate)", "DNR (do not resuscitate)", "DNR / DNI"],
    );
    check(
        224_146,
        &[
            "Active",
            "Initiated",
            "Reinitiated",
            "New Filter",
            "Recirculating",
            "Discontinued",
            "Clots Present",
            "No Clot Present",
            "Clots Increasing",
            "Clot Increasing",
            "Clotted",
        ],
    );
    check(225_965, &["In use"]);
}

#[test]
fn units_drugs_and_orders_that_decide_occur() {
    let folder = large();
    let mut units = BTreeSet::new();
    csv::each(&folder.join("icu/inputevents.csv.gz"), |record| {
        if let (Some(unit), Some("221906" | "221749" | "222315")) = (record.get("rateuom"), record.get("itemid")) {
            let light = record.get("patientweight") == Some("1");
            units.insert(format!("{} {unit}{}", record.get("itemid").unwrap(), if light { " at 1 kg" } else { "" }));
        }
    });
    let expected = [
        "221749 mcg/kg/min",
        "221749 mcg/min",
        "221906 mcg/kg/min",
        "221906 mg/kg/min",
        "221906 mg/kg/min at 1 kg",
        "222315 units/hour",
        "222315 units/min",
    ];
    assert_eq!(units.iter().map(String::as_str).collect::<Vec<_>>(), expected);

    let details = distinct(folder, "hosp/poe_detail.csv.gz", "field_value");
    for text in [
        "Resuscitate (Full code)",
        "Full code  (attempt resuscitation)",
        "DNAR (DO NOT attempt resuscitation for cardiac arrest) ",
        "Do not resuscitate (DNR/DNI)",
    ] {
        assert!(details.contains(text), "{text:?}");
    }
    let routes = distinct(folder, "hosp/prescriptions.csv.gz", "route");
    for route in ["OU", "OS", "OD", "TP", "LEFT EYE", "IV", "PO/NG"] {
        assert!(routes.contains(route), "{route}");
    }
    assert!(distinct(folder, "hosp/admissions.csv.gz", "admission_type").contains("ELECTIVE"));
    assert!(distinct(folder, "hosp/microbiologyevents.csv.gz", "org_name").contains("CANCELLED"));
    let gases = distinct(folder, "hosp/labevents.csv.gz", "value");
    for kind in ["ART.", "VEN.", "MIX.", "CENTRAL VENOUS."] {
        assert!(gases.contains(kind), "{kind}");
    }
}

/// Words in double quotes and capitals that concepts look for in names of drugs.
#[test]
fn every_fragment_of_the_drug_lists_is_in_a_name() {
    let Some(path) = shared("spec/mimiciv/medication.md") else { return };
    let text = fs::read_to_string(path).unwrap();
    let mut names = distinct(large(), "hosp/prescriptions.csv.gz", "drug");
    names = names.into_iter().map(|name| name.to_lowercase()).collect();
    let mut fragments: Vec<String> = Vec::new();
    for line in text.lines() {
        if line.starts_with("| ") && line.matches("\"; \"").count() > 1 {
            fragments.extend(line.split('"').skip(1).step_by(2).map(str::to_lowercase));
        } else if let Some(list) = line.strip_prefix("1. Fragments: ") {
            let list = list.trim_end_matches('.').replace(" (one space)", "");
            fragments.extend(list.split(", ").map(str::to_lowercase));
        }
    }
    assert!(fragments.len() > 180, "{}", fragments.len());
    let missing: Vec<&String> =
        fragments.iter().filter(|fragment| !names.iter().any(|name| name.contains(fragment.as_str()))).collect();
    // The rarest brands need more patients than this test makes.
    assert!(missing.len() * 2 < fragments.len(), "{} of {}: {missing:?}", missing.len(), fragments.len());
}

/// Rows per ICU stay in the demo and here; not the same, but of the same order.
#[test]
fn row_counts_per_stay_are_like_those_of_the_demo() {
    let Some(demo) = shared("data/mimic-iv-clinical-database-demo-2.2") else { return };
    let count = |folder: &Path, file: &str| {
        let mut rows = 0;
        csv::each(&folder.join(file), |_| rows += 1);
        f64::from(rows)
    };
    let stays = (count(&demo, "icu/icustays.csv.gz"), count(large(), "icu/icustays.csv.gz"));
    let per_patient = stays.1 / 400.0;
    assert!((1.3..1.5).contains(&per_patient), "{per_patient} stays per patient");
    for (file, slack) in [
        ("icu/chartevents.csv.gz", 1.15),
        ("hosp/labevents.csv.gz", 1.2),
        ("icu/inputevents.csv.gz", 1.3),
        ("icu/ingredientevents.csv.gz", 1.3),
        ("icu/outputevents.csv.gz", 1.3),
        ("icu/procedureevents.csv.gz", 1.3),
        ("icu/datetimeevents.csv.gz", 1.3),
        ("hosp/emar.csv.gz", 1.3),
        ("hosp/emar_detail.csv.gz", 1.3),
        ("hosp/pharmacy.csv.gz", 1.3),
        ("hosp/prescriptions.csv.gz", 1.3),
        ("hosp/poe.csv.gz", 1.3),
        ("hosp/poe_detail.csv.gz", 1.4),
        ("hosp/microbiologyevents.csv.gz", 1.4),
        ("hosp/transfers.csv.gz", 1.3),
        ("hosp/services.csv.gz", 1.3),
        ("hosp/admissions.csv.gz", 1.3),
        ("hosp/diagnoses_icd.csv.gz", 1.4),
        ("hosp/procedures_icd.csv.gz", 1.6),
        ("hosp/drgcodes.csv.gz", 1.4),
        ("hosp/omr.csv.gz", 1.6),
    ] {
        let ratio = (count(large(), file) / stays.1) / (count(&demo, file) / stays.0);
        assert!(ratio < slack && ratio > 1.0 / slack, "{file}: {ratio:.2} times the demo");
    }
}
