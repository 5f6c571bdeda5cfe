//! What must be true of MIMIC-III's derived tables whatever the release, asked of synthetic ones as in [`crate::properties`].

use crate::fixture::Home;
use crate::properties::{never_in, pages_hold};
use bedside_concepts::Definitions;
use bedside_concepts::Family::MimicIii;
use std::sync::LazyLock;

/// Releases of different seeds, all their concepts built.
static RELEASES: LazyLock<Vec<Home>> = LazyLock::new(|| {
    let release = |seed| {
        let home = Home::synthetic(MimicIii, 60, seed);
        let report = home.build(&Definitions::embedded(MimicIii), &[]);
        assert_eq!(report.failures().count(), 0, "{:?}", report.failures().collect::<Vec<_>>());
        home
    };
    [2, 3].map(release).into()
});

#[track_caller]
fn never(what: &str, query: &str) {
    never_in(&RELEASES, what, query);
}

/// `COALESCE(a, 0) + COALESCE(b, 0)`.
fn sum(columns: &[&str]) -> String {
    columns.iter().map(|column| format!("COALESCE({column}, 0)")).collect::<Vec<_>>().join(" + ")
}

#[test]
fn keys_are_unique_and_what_is_never_null_is_not() {
    pages_hold(&RELEASES);
}

#[test]
fn patients_admissions_and_stays_are_those_of_the_release() {
    for definition in Definitions::embedded(MimicIii).iter() {
        let name = &definition.name;
        for (id, table) in [("subject_id", "patients"), ("hadm_id", "admissions"), ("icustay_id", "icustays")] {
            if definition.page.columns.iter().any(|column| column.name.eq_ignore_ascii_case(id)) {
                let known = format!("(SELECT {id} FROM mimiciii_clinical.{table})");
                never("unknown id", &format!("{name} WHERE {id} IS NOT NULL AND {id} NOT IN {known}"));
            }
        }
    }
}

#[test]
fn tables_of_stays_have_each_stay_once() {
    for table in [
        "code_status",
        "gcs_first_day",
        "heightweight",
        "icustay_times",
        "labs_first_day",
        "rrt",
        "rrt_first_day",
        "ventilation_first_day",
        "lods",
        "mlods",
        "oasis",
        "qsofa",
        "saps",
        "sapsii",
        "apsiii",
        "sirs",
        "sofa",
        "meld",
        "kdigo_stages_48hr",
        "kdigo_stages_7day",
    ] {
        let both =
            format!("SELECT icustay_id FROM mimiciii_clinical.icustays UNION ALL SELECT icustay_id FROM {table}");
        never(table, &format!("(SELECT icustay_id FROM ({both}) GROUP BY icustay_id HAVING COUNT(*) <> 2)"));
    }
}

#[test]
fn hours_of_a_stay_have_no_gaps() {
    let gap = |table: &str, first: &str| {
        format!(
            "(SELECT icustay_id FROM {table} GROUP BY icustay_id
              HAVING MIN(hr) <> {first} OR COUNT(*) <> MAX(hr) - MIN(hr) + 1 OR COUNT(DISTINCT hr) <> COUNT(*)
              OR DATETIME_DIFF(MAX(endtime), MIN(endtime), SECOND) <> 3600 * (COUNT(*) - 1))"
        )
    };
    never("icustay_hours", &gap("icustay_hours", "-24"));
    never("pivoted_oasis", &gap("pivoted_oasis", "0"));
    never("an hour is an hour", "pivoted_sofa WHERE DATETIME_DIFF(endtime, starttime, SECOND) <> 3600");
    never("times", "icustay_times WHERE intime_hr > outtime_hr OR (intime_hr IS NULL) <> (outtime_hr IS NULL)");
}

#[test]
fn scores_are_the_sums_of_their_parts() {
    let organs = ["respiration", "coagulation", "liver", "cardiovascular", "cns", "renal"];
    let logistic = ["neurologic", "cardiovascular", "renal", "pulmonary", "hematologic", "hepatic"];
    let scores: [(&str, &str, &[&str], i64); 6] = [
        ("sofa", "SOFA", &organs, 24),
        ("lods", "LODS", &logistic, 22),
        ("mlods", "mLODS", &logistic, 20),
        ("sirs", "sirs", &["temp_score", "heartrate_score", "resp_score", "wbc_score"], 4),
        ("qsofa", "qsofa", &["sysbp_score", "gcs_score", "resprate_score"], 3),
        (
            "oasis",
            "oasis",
            &[
                "age_score",
                "preiculos_score",
                "gcs_score",
                "heartrate_score",
                "meanbp_score",
                "resprate_score",
                "temp_score",
                "urineoutput_score",
                "mechvent_score",
                "electivesurgery_score",
            ],
            75,
        ),
    ];
    for (table, score, parts, most) in scores {
        never(score, &format!("{table} AS a WHERE a.{score} NOT BETWEEN 0 AND {most} OR a.{score} <> {}", sum(parts)));
    }
    // The other scores: the sum of all columns that end so.
    for (table, score, most) in [("saps", "SAPS", 60), ("sapsii", "sapsii", 163), ("apsiii", "apsiii", 252)] {
        let definitions = Definitions::embedded(MimicIii);
        let columns = &definitions.get(table).unwrap().page.columns;
        let parts: Vec<&str> =
            columns.iter().map(|column| column.name.as_str()).filter(|name| name.ends_with("_score")).collect();
        assert!(parts.len() >= 14, "{parts:?}");
        never(score, &format!("{table} AS a WHERE a.{score} NOT BETWEEN 0 AND {most} OR a.{score} <> {}", sum(&parts)));
    }
    for (table, probability) in [("oasis", "oasis_PROB"), ("sapsii", "sapsii_prob"), ("apsiii", "apsiii_prob")] {
        never(table, &format!("{table} AS a WHERE a.{probability} NOT BETWEEN 0 AND 1"));
    }
}

#[test]
fn kdigo_stages_are_the_worst_of_their_parts() {
    let parts = "GREATEST(IFNULL(aki_stage_creat, 0), IFNULL(aki_stage_uo, 0))";
    never("stage", &format!("kdigo_stages WHERE aki_stage NOT BETWEEN 0 AND 3 OR aki_stage <> {parts}"));
    never(
        "48 hours are within 7 days",
        "kdigo_stages_48hr AS a JOIN kdigo_stages_7day AS b USING (icustay_id) WHERE aki_stage_48hr > aki_stage_7day",
    );
    never("a longer time has a lower lowest", "kdigo_creatinine WHERE creat_low_past_7day > creat_low_past_48hr");
}

#[test]
fn lowest_values_are_not_above_highest_ones() {
    let mut pairs = 0;
    for definition in Definitions::embedded(MimicIii).iter() {
        let has = |name: &str| definition.page.columns.iter().any(|column| column.name == name);
        for column in &definition.page.columns {
            let Some(stem) = column.name.strip_suffix("_min").filter(|stem| has(&format!("{stem}_max"))) else {
                continue;
            };
            pairs += 1;
            let null = format!("({stem}_min IS NULL) <> ({stem}_max IS NULL)");
            never(stem, &format!("{} WHERE {stem}_min > {stem}_max OR {null}", definition.name));
        }
    }
    assert!(pairs > 25, "{pairs}");
}

#[test]
fn durations_begin_before_they_end_and_are_counted_from_one() {
    for table in [
        "adenosine",
        "dobutamine",
        "dopamine",
        "epinephrine",
        "isuprel",
        "milrinone",
        "norepinephrine",
        "phenylephrine",
        "vasopressin",
        "vasopressor",
    ] {
        never(table, &format!("{table}_durations WHERE starttime > endtime OR duration_hours < 0"));
    }
    for (table, number) in [("ventilation_durations", "ventnum"), ("crrt_durations", "num")] {
        never(
            table,
            &format!(
                "(SELECT icustay_id FROM {table} GROUP BY icustay_id HAVING MIN({number}) <> 1 OR MAX({number}) <> COUNT(*))"
            ),
        );
        never(table, &format!("{table} WHERE starttime > endtime"));
    }
}

#[test]
fn units_are_those_of_the_pages() {
    never("degrees Celsius", "pivoted_vital WHERE tempc <= 10 OR tempc >= 50");
    never("per cent", "pivoted_vital WHERE spo2 <= 0 OR spo2 > 100");
    never("coma scale", "pivoted_gcs AS a WHERE a.gcs NOT BETWEEN 3 AND 15");
    never(
        "sepsis",
        "angus AS a WHERE a.angus <> IF(explicit_sepsis = 1 OR (infection = 1 AND organ_dysfunction = 1) OR (infection = 1 AND mech_vent = 1), 1, 0)",
    );
}
