use super::{FILES, catalogue, read, read_family};
use crate::model::{Family, ForeignKey, Release, Table};
use bedside_types::SqlType;
use std::collections::BTreeSet;

fn release(id: &str) -> &'static Release {
    catalogue().release(&id.parse().unwrap()).unwrap()
}

fn table(id: &str, module: &str, name: &str) -> &'static Table {
    release(id).table(module, name).unwrap()
}

fn every_table() -> impl Iterator<Item = (&'static Release, &'static Table)> {
    catalogue().releases().flat_map(|release| release.tables.iter().map(move |table| (release, table)))
}

#[test]
fn the_embedded_files_are_sound() {
    let read = read(&FILES).unwrap();
    assert_eq!(&read, catalogue());
    let releases: Vec<_> = read.releases().map(|release| (release.id.as_str(), release.tables.len())).collect();
    assert_eq!(
        releases,
        [
            ("mimiciii-1.4", 26),
            ("mimiciii-demo-1.4", 26),
            ("mimiciv-1.0", 27),
            ("mimiciv-2.0", 29),
            ("mimiciv-2.1", 29),
            ("mimiciv-2.2", 31),
            ("mimiciv-3.0", 31),
            ("mimiciv-3.1", 31),
            ("mimiciv-demo-2.2", 31),
            ("mimiciv-ed-1.0", 6),
            ("mimiciv-ed-2.0", 6),
            ("mimiciv-ed-2.2", 6),
            ("mimiciv-ed-demo-2.2", 6),
            ("mimiciv-note-2.2", 4),
        ]
    );
}

#[test]
fn everything_is_found_by_name() {
    assert_eq!(catalogue().family("mimiciv").and_then(Family::newest).unwrap().id.as_str(), "mimiciv-3.1");
    assert_eq!(catalogue().schema("mimiciii", "1.4").unwrap().id.as_str(), "mimiciii-1.4");
    assert_eq!(catalogue().schema("mimiciv", "9.9"), None);
    assert_eq!(catalogue().release(&"mimiciv-synth-1-100-7".parse().unwrap()), None);
    assert_eq!(table("mimiciv-3.1", "HOSP", "Admissions").column("SUBJECT_ID").unwrap().sql_type, SqlType::Int64);
}

#[test]
fn releases_differ_where_they_differed() {
    let columns = |id: &str, module: &str, name: &str| -> Vec<_> {
        table(id, module, name).columns.iter().map(|column| column.name.as_str()).collect()
    };
    assert_eq!(release("mimiciv-1.0").table("hosp", "admissions"), None);
    assert_eq!(table("mimiciv-1.0", "core", "admissions").file, "core/admissions.csv.gz");
    assert!(columns("mimiciv-1.0", "core", "admissions").contains(&"ethnicity"));
    assert!(columns("mimiciv-2.0", "hosp", "admissions").contains(&"race"));
    assert!(!columns("mimiciv-2.0", "hosp", "admissions").contains(&"admit_provider_id"));
    assert!(columns("mimiciv-demo-2.2", "hosp", "admissions").contains(&"admit_provider_id"));
    assert_eq!(columns("mimiciv-2.2", "icu", "procedureevents")[20..], ["ORIGINALAMOUNT", "ORIGINALRATE"]);
    let ordinal = |id| table(id, "hosp", "emar_detail").column("parent_field_ordinal").unwrap().sql_type.clone();
    assert_eq!((ordinal("mimiciv-1.0"), ordinal("mimiciv-2.0")), (SqlType::Numeric, SqlType::String));
    assert_eq!(table("mimiciii-1.4", "clinical", "patients").file, "PATIENTS.csv.gz");
    assert_eq!(table("mimiciii-demo-1.4", "clinical", "patients").file, "PATIENTS.csv");
    let modules = |module: &str| release("mimiciii-1.4").tables.iter().filter(|table| table.module == module).count();
    assert_eq!((modules("clinical"), modules("notes")), (25, 1));

    let to = |key: &&ForeignKey| key.columns == ["subject_id"];
    let patients = |id, module| table(id, module, "admissions").foreign_keys.iter().find(to).unwrap().module.as_str();
    assert_eq!((patients("mimiciv-1.0", "core"), patients("mimiciv-3.1", "hosp")), ("core", "hosp"));
    // Without the provider table and columns there is nothing to refer to.
    assert_eq!(table("mimiciv-2.1", "hosp", "admissions").foreign_keys.len(), 1);
    assert_eq!(table("mimiciv-2.2", "hosp", "admissions").foreign_keys.len(), 2);
}

#[test]
fn every_release_table_and_column_has_its_words() {
    let sentence = |text: &str, place: String| {
        let ends = text.ends_with('.') && !text.ends_with("..");
        assert!(ends && text.contains(' ') && text.len() < 400 && !text.contains('\n'), "{place}: {text}");
    };
    for family in catalogue().families() {
        family.notes.iter().for_each(|note| sentence(note, family.name.clone()));
        family.modules.iter().for_each(|module| sentence(&module.description, module.name.clone()));
    }
    for release in catalogue().releases() {
        assert!(release.doi.starts_with("10.13026/") && !release.license.is_empty(), "{}", release.id);
        let date = |date: &String| date.len() == 10 && date.split('-').count() == 3;
        assert!(release.released.as_ref().is_none_or(date), "{}", release.id);
        for module in &release.modules {
            assert!(release.tables.iter().any(|table| table.module == *module), "{} {module}", release.id);
        }
    }
    for (release, table) in every_table() {
        sentence(&table.description, format!("{} {}", release.id, table.name));
        assert_eq!(table.name, table.name.to_lowercase());
        for column in &table.columns {
            sentence(&column.description, format!("{} {}.{}", release.id, table.name, column.name));
        }
    }
}

#[test]
fn orders_begin_with_the_patient_and_times_are_times() {
    for (release, table) in every_table() {
        let place = format!("{} {}", release.id, table.name);
        let patient = table.column("subject_id").map(|column| column.name.as_str());
        assert_eq!(table.order.patient.first().map(String::as_str), patient, "{place}");
        let by_item: &[&str] = match table.name.as_str() {
            "chartevents" | "labevents" => &["itemid", "subject_id", "charttime"],
            _ => &[],
        };
        assert_eq!(table.order.item, by_item, "{place}");
        if let Some(time) = &table.time {
            let sql_type = &table.column(time).unwrap().sql_type;
            assert!(matches!(sql_type, SqlType::Datetime | SqlType::Date), "{place} {time}");
            assert_eq!(table.order.patient.last(), Some(time), "{place}");
        }
        // A table whose events belong to a stay is sorted by stay, another by admission.
        let second = table.order.patient.get(1).map_or("", String::as_str);
        for stay in ["stay_id", "icustay_id"] {
            let events = table.column("itemid").is_some() && table.column(stay).is_some();
            assert!(!events || second == stay, "{place}");
        }
    }
}

#[test]
fn references_lead_to_columns_that_exist() {
    for (release, table) in every_table() {
        for key in &table.foreign_keys {
            // ED and Note join the MIMIC-IV releases with the schema of 2.2.
            let other = catalogue().schema(&key.family, "2.2");
            let home = if key.family == release.family { Some(release) } else { other };
            let parent = home.and_then(|home| home.table(&key.module, &key.table));
            let parent = parent.unwrap_or_else(|| panic!("{} {}: {key:?}", release.id, table.name));
            assert_eq!(key.columns.len(), key.referenced.len());
            for (own, theirs) in key.columns.iter().zip(&key.referenced) {
                let (own, theirs) = (table.column(own).unwrap(), parent.column(theirs).unwrap());
                assert_eq!(own.sql_type, theirs.sql_type, "{} {}.{}", release.id, table.name, own.name);
            }
            assert_eq!(key.known_orphans.is_some(), release.id.as_str().contains("demo"), "{}", release.id);
        }
    }
}

#[test]
fn counts_of_small_tables_tell_releases_with_one_schema_apart() {
    for family in catalogue().families() {
        for (i, second) in family.releases.iter().enumerate() {
            for first in &family.releases[..i] {
                let columns = |release: &Release| -> BTreeSet<_> {
                    let columns = |table: &Table| table.columns.iter().map(|c| c.name.clone()).collect::<Vec<_>>();
                    release
                        .tables
                        .iter()
                        .map(|table| (table.module.clone(), table.name.clone(), columns(table)))
                        .collect()
                };
                let counts = |release: &Release| -> Vec<_> {
                    let telling = |table: &&Table| family.telling_tables.contains(&table.name);
                    release.tables.iter().filter(telling).map(|t| t.rows.as_ref().map(|count| count.rows)).collect()
                };
                if columns(first) == columns(second) {
                    assert_ne!(counts(first), counts(second), "{} {}", first.id, second.id);
                }
            }
        }
    }
}

#[test]
fn a_slip_in_a_file_is_an_error_that_names_it() {
    let (_, note) = FILES[3];
    assert!(read_family(note).is_ok());
    for (from, to, message) in [
        ("format = 1", "format = 2", "format 2 is unknown"),
        ("[modules]", "[modulse]", "unknown field `modulse`"),
        ("description = \"Extra", "descripton = \"Extra", "unknown field `descripton`"),
        (
            "type = \"DATETIME\"",
            "type = \"DATETIEM\"",
            "release 2.2, table discharge: column charttime: Type not found: DATETIEM",
        ),
        ("status = \"documented\"", "status = \"guessed\"", "unknown variant `guessed`"),
        (
            "primary_key = { columns = [\"note_id\"]",
            "primary_key = { columns = [\"note\"]",
            "`note` is no column of it",
        ),
        ("order = [\"subject_id\"", "order = [\"subjectid\"", "`subjectid` is no column of it"),
        ("time = \"charttime\"", "time = \"chart_time\"", "`chart_time` is no column of it"),
        ("{ name = \"storetime\"", "{ name = \"Charttime\"", "column `Charttime` comes twice"),
        ("\"2.2\" = { rows", "\"2.3\" = { rows", "table discharge: `2.3` is no release"),
        ("source = \"validate_2_2\"", "source = \"validate\"", "row count source `validate` is not listed"),
        (
            "references = \"note.discharge\"",
            "references = \"note.dicharge\"",
            "`note.dicharge`, which is no module.table",
        ),
        ("module = \"note\"", "module = \"notes\"", "its module `notes` is not in the release"),
        ("modules = [\"note\"]", "modules = [\"nota\"]", "module `nota` is not described"),
        ("telling_tables = [\"discharge_detail\"]", "telling_tables = [\"x\"]", "telling table `x` is no table"),
        ("name = \"discharge\"", "name = \"discharge\"\nsince = \"2.0\"", "`2.0` is no full release of this file"),
    ] {
        assert!(note.contains(from), "{from}");
        let error = read_family(&note.replacen(from, to, 1)).unwrap_err();
        assert!(error.contains(message), "{from} -> {to}: {error}");
    }
}
