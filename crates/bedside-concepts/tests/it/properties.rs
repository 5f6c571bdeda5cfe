//! What must be true of the derived tables of any release, asked of synthetic ones. Each property is a query that counts
//! the rows against it, written another way than the definition that it holds against.

use crate::fixture::Home;
use bedside_concepts::Definitions;
use bedside_concepts::Family::MimicIv;
use std::fmt::Write;
use std::sync::LazyLock;

/// Releases of different seeds, all their concepts built.
static RELEASES: LazyLock<Vec<Home>> = LazyLock::new(|| {
    let release = |seed| {
        let home = Home::synthetic(MimicIv, 70, seed);
        let report = home.build(&Definitions::embedded(MimicIv), &[]);
        assert_eq!(report.failures().count(), 0, "{:?}", report.failures().collect::<Vec<_>>());
        home
    };
    [2, 3].map(release).into()
});

/// No row of any release is one of these; `query` is what stands after `SELECT COUNT(*) FROM`. Tables without a dataset are
/// derived ones.
#[track_caller]
fn never(what: &str, query: &str) {
    never_in(&RELEASES, what, query);
}

/// The same for other releases.
#[track_caller]
pub(crate) fn never_in(releases: &[Home], what: &str, query: &str) {
    for home in releases {
        let rows = home.counts(&format!("SELECT COUNT(*) FROM {query}"))[0];
        assert_eq!(rows, 0, "{what}: {} of {} rows: {query}", home.release, rows);
    }
}

/// `1 * a + 1 * b` with NULL as 0.
fn sum(columns: &[&str]) -> String {
    columns.iter().map(|column| format!("COALESCE({column}, 0)")).collect::<Vec<_>>().join(" + ")
}

const ORGANS: [&str; 6] = ["respiration", "coagulation", "liver", "cardiovascular", "cns", "renal"];

#[test]
fn keys_are_unique_and_what_is_never_null_is_not() {
    pages_hold(&RELEASES);
}

/// Keys are unique, and what is never NULL is not.
pub(crate) fn pages_hold(releases: &[Home]) {
    for definition in Definitions::embedded(releases[0].family()).iter() {
        let (name, page) = (&definition.name, &definition.page);
        if !page.key.is_empty() {
            let key = page.key.join(", ");
            never_in(releases, "key", &format!("(SELECT {key} FROM {name} GROUP BY {key} HAVING COUNT(*) > 1)"));
        }
        for column in page.columns.iter().filter(|column| column.not_null) {
            never_in(releases, "not null", &format!("{name} WHERE {} IS NULL", column.name));
        }
    }
}

#[test]
fn patients_admissions_and_stays_are_those_of_the_release() {
    for definition in Definitions::embedded(MimicIv).iter() {
        let name = &definition.name;
        let ids = [
            ("subject_id", "mimiciv_hosp.patients"),
            ("hadm_id", "mimiciv_hosp.admissions"),
            ("stay_id", "mimiciv_icu.icustays"),
        ];
        for (id, table) in ids {
            if definition.page.columns.iter().any(|column| column.name == id) {
                never(
                    "unknown id",
                    &format!("{name} WHERE {id} IS NOT NULL AND {id} NOT IN (SELECT {id} FROM {table})"),
                );
            }
        }
    }
}

#[test]
fn tables_of_stays_have_each_stay_once() {
    for table in [
        "icustay_detail",
        "icustay_times",
        "first_day_bg",
        "first_day_bg_art",
        "first_day_gcs",
        "first_day_height",
        "first_day_lab",
        "first_day_rrt",
        "first_day_sofa",
        "first_day_urine_output",
        "first_day_vitalsign",
        "first_day_weight",
        "apsiii",
        "lods",
        "meld",
        "oasis",
        "sapsii",
        "sirs",
    ] {
        let both = format!("SELECT stay_id FROM mimiciv_icu.icustays UNION ALL SELECT stay_id FROM {table}");
        never(table, &format!("(SELECT stay_id FROM ({both}) GROUP BY stay_id HAVING COUNT(*) <> 2)"));
    }
}

#[test]
fn ages_are_those_of_people_and_agree() {
    never(
        "age",
        "age AS a WHERE a.age NOT BETWEEN 0 AND 120 OR a.age - anchor_age <> EXTRACT(YEAR FROM admittime) - anchor_year",
    );
    never("age twice", "icustay_detail JOIN age USING (hadm_id) WHERE icustay_detail.admission_age <> age.age");
    never("minors", "creatinine_baseline WHERE age < 18");
    never("lengths", "icustay_detail WHERE los_icu < 0 OR los_hospital < 0 OR icu_outtime < icu_intime");
    never(
        "first stays",
        "icustay_detail WHERE first_icu_stay <> (icustay_seq = 1) OR first_hosp_stay <> (hospstay_seq = 1)
         OR icustay_seq < 1 OR hospstay_seq < 1",
    );
    never(
        "a patient's first ICU admission is the earliest",
        "icustay_detail AS a JOIN icustay_detail AS b USING (subject_id)
         WHERE a.admittime < b.admittime AND a.hospstay_seq >= b.hospstay_seq",
    );
}

#[test]
fn hours_of_a_stay_have_no_gaps() {
    let gap = |table: &str, first: i64| {
        format!(
            "(SELECT stay_id FROM {table} GROUP BY stay_id HAVING MIN(hr) <> {first} OR COUNT(*) <> MAX(hr) - {first} + 1
              OR COUNT(DISTINCT hr) <> COUNT(*)
              OR DATETIME_DIFF(MAX(endtime), MIN(endtime), SECOND) <> 3600 * (COUNT(*) - 1))"
        )
    };
    never("icustay_hourly", &gap("icustay_hourly", -24));
    never("sofa", &gap("sofa", 0));
    never("an hour is an hour", "sofa WHERE DATETIME_DIFF(endtime, starttime, SECOND) <> 3600");
    never("full hours", "icustay_hourly WHERE endtime <> DATETIME_TRUNC(endtime, HOUR)");
    never(
        "sofa has the hours of the stay",
        "(SELECT stay_id FROM (SELECT stay_id, hr, endtime FROM sofa
            UNION ALL SELECT stay_id, hr, endtime FROM icustay_hourly WHERE hr >= 0)
          GROUP BY stay_id, hr, endtime HAVING COUNT(*) <> 2)",
    );
    never("times", "icustay_times WHERE intime_hr > outtime_hr OR (intime_hr IS NULL) <> (outtime_hr IS NULL)");
}

#[test]
fn sofa_is_the_sum_of_its_parts() {
    let hours = ORGANS.map(|organ| format!("{organ}_24hours"));
    let parts = sum(&hours.each_ref().map(String::as_str));
    never("sofa", &format!("sofa WHERE sofa_24hours NOT BETWEEN 0 AND 24 OR sofa_24hours <> {parts}"));
    never("first day", &format!("first_day_sofa WHERE sofa NOT BETWEEN 0 AND 24 OR sofa <> {}", sum(&ORGANS)));
    for organ in ORGANS {
        never(organ, &format!("sofa WHERE {organ} NOT BETWEEN 0 AND 4 OR {organ}_24hours NOT BETWEEN 0 AND 4"));
        never(organ, &format!("first_day_sofa WHERE {organ} NOT BETWEEN 0 AND 4"));
        // The worst of the last 24 hours, where these all belong to the stay.
        never(
            organ,
            &format!(
                "(SELECT a.stay_id, a.hr FROM sofa AS a JOIN sofa AS b ON b.stay_id = a.stay_id AND b.hr BETWEEN a.hr - 23 AND a.hr
                  WHERE a.hr >= 24 GROUP BY a.stay_id, a.hr
                  HAVING MAX(a.{organ}_24hours) <> COALESCE(MAX(b.{organ}), 0))"
            ),
        );
    }
    never(
        "organs that fail",
        "sofa WHERE (platelet_min < 20 AND coagulation <> 4) OR (platelet_min >= 150 AND coagulation <> 0)
         OR (bilirubin_max >= 12 AND liver <> 4) OR (bilirubin_max < 1.2 AND liver <> 0)
         OR (gcs_min < 6 AND cns <> 4) OR (gcs_min = 15 AND cns <> 0)
         OR (creatinine_max >= 5 AND renal <> 4) OR (rate_norepinephrine > 0.1 AND cardiovascular <> 4)
         OR (rate_dobutamine > 0 AND cardiovascular < 2)",
    );
}

#[test]
fn scores_are_the_sums_of_their_parts() {
    let scores: [(&str, &str, &[&str], i64); 5] = [
        ("lods", "lods", &["neurologic", "cardiovascular", "renal", "pulmonary", "hematologic", "hepatic"], 22),
        ("sirs", "sirs", &["temp_score", "heart_rate_score", "resp_score", "wbc_score"], 4),
        (
            "oasis",
            "oasis",
            &[
                "age_score",
                "preiculos_score",
                "gcs_score",
                "heart_rate_score",
                "mbp_score",
                "resp_rate_score",
                "temp_score",
                "urineoutput_score",
                "mechvent_score",
                "electivesurgery_score",
            ],
            75,
        ),
        (
            "sapsii",
            "sapsii",
            &[
                "age_score",
                "hr_score",
                "sysbp_score",
                "temp_score",
                "pao2fio2_score",
                "uo_score",
                "bun_score",
                "wbc_score",
                "potassium_score",
                "sodium_score",
                "bicarbonate_score",
                "bilirubin_score",
                "gcs_score",
                "comorbidity_score",
                "admissiontype_score",
            ],
            163,
        ),
        (
            "apsiii",
            "apsiii",
            &[
                "hr_score",
                "mbp_score",
                "temp_score",
                "resp_rate_score",
                "pao2_aado2_score",
                "hematocrit_score",
                "wbc_score",
                "creatinine_score",
                "uo_score",
                "bun_score",
                "sodium_score",
                "albumin_score",
                "bilirubin_score",
                "glucose_score",
                "acidbase_score",
                "gcs_score",
            ],
            252,
        ),
    ];
    for (table, score, parts, most) in scores {
        never(score, &format!("{table} AS a WHERE a.{score} NOT BETWEEN 0 AND {most} OR a.{score} <> {}", sum(parts)));
    }
    for score in ["oasis", "sapsii", "apsiii"] {
        never(score, &format!("{score} WHERE {score}_prob <= 0 OR {score}_prob >= 1"));
        let order =
            format!("{score} AS a JOIN {score} AS b ON a.{score} < b.{score} WHERE a.{score}_prob >= b.{score}_prob");
        never("the worse, the likelier to die", &order);
    }
    never("meld", "meld AS a WHERE meld_initial NOT BETWEEN 6 AND 40 OR a.meld < meld_initial - 1e-9 OR a.meld > 52");
}

#[test]
fn charlson_is_the_weighted_sum_of_its_parts() {
    never(
        "charlson",
        "charlson WHERE charlson_comorbidity_index <> age_score + myocardial_infarct + congestive_heart_failure
           + peripheral_vascular_disease + cerebrovascular_disease + dementia + chronic_pulmonary_disease
           + rheumatic_disease + peptic_ulcer_disease + IF(severe_liver_disease = 1, 3, mild_liver_disease)
           + IF(diabetes_with_cc = 1, 2, diabetes_without_cc) + 2 * paraplegia + 2 * renal_disease
           + IF(metastatic_solid_tumor = 1, 6, 2 * malignant_cancer) + 6 * aids",
    );
    never("age", "charlson JOIN age USING (hadm_id) WHERE age_score <> LEAST(GREATEST(DIV(age.age - 40, 10), 0), 4)");
}

#[test]
fn glasgow_coma_scales_are_within_their_bounds() {
    let bounds = "gcs_motor NOT BETWEEN 1 AND 6 OR gcs_verbal NOT BETWEEN 0 AND 5 OR gcs_eyes NOT BETWEEN 1 AND 4";
    never("gcs", &format!("gcs AS a WHERE a.gcs NOT BETWEEN 3 AND 15 OR {bounds}"));
    never("first day", &format!("first_day_gcs WHERE gcs_min NOT BETWEEN 3 AND 15 OR {bounds}"));
    never("a tube hides the rest", "gcs AS a WHERE gcs_unable = 1 AND gcs_verbal = 0 AND a.gcs <> 15");
    never("complete", "gcs AS a WHERE gcs_unable = 0 AND a.gcs < 15 AND gcs_motor + gcs_verbal + gcs_eyes > a.gcs");
}

#[test]
fn intervals_of_a_stay_do_not_overlap() {
    let overlap = |table: &str| {
        format!(
            "(SELECT stay_id, starttime, endtime, LEAD(starttime) OVER (PARTITION BY stay_id ORDER BY starttime, endtime) AS next
              FROM (SELECT DISTINCT stay_id, starttime, endtime FROM {table})) WHERE next < endtime"
        )
    };
    for table in ["ventilation", "vasoactive_agent", "norepinephrine_equivalent_dose", "weight_durations"] {
        never(table, &overlap(table));
    }
    for table in ["ventilation", "vasoactive_agent", "norepinephrine_equivalent_dose"] {
        never(table, &format!("{table} WHERE starttime >= endtime"));
    }
    never("weights follow one another", "weight_durations WHERE starttime > endtime AND weight_type = 'admit'");
    never(
        "states of ventilation",
        "ventilation WHERE ventilation_status NOT IN
         ('None', 'SupplementalOxygen', 'HFNC', 'NonInvasiveVent', 'InvasiveVent', 'Tracheostomy')",
    );
    never(
        "periods of one state that touch are one",
        "ventilation AS a JOIN ventilation AS b
           ON b.stay_id = a.stay_id AND b.starttime = a.endtime AND b.ventilation_status = a.ventilation_status",
    );
    never(
        "code status is one of them or none",
        "code_status WHERE (fullcode = 1 AND cmo + dni + dnr > 0) OR fullcode + cmo > 1 OR LEAST(fullcode, cmo, dni, dnr) < 0",
    );
}

#[test]
fn slices_of_vasoactive_agents_hold_the_rates_of_their_drugs() {
    for drug in ["dopamine", "epinephrine", "norepinephrine", "phenylephrine", "vasopressin", "dobutamine", "milrinone"]
    {
        // Every stretch of the drug with a duration is cut into slices without a hole.
        never(
            drug,
            &format!(
                "(SELECT drug.stay_id, drug.starttime, drug.endtime FROM {drug} AS drug
                  LEFT JOIN (SELECT DISTINCT stay_id, starttime, endtime, {drug} AS rate FROM vasoactive_agent) AS slice
                    ON slice.stay_id = drug.stay_id AND slice.starttime >= drug.starttime AND slice.endtime <= drug.endtime
                    AND (slice.rate = drug.vaso_rate OR drug.vaso_rate IS NULL)
                  WHERE drug.starttime < drug.endtime
                  GROUP BY drug.stay_id, drug.linkorderid, drug.starttime, drug.endtime, drug.vaso_rate, drug.vaso_amount
                  HAVING COALESCE(SUM(DATETIME_DIFF(slice.endtime, slice.starttime, SECOND)), 0)
                    < DATETIME_DIFF(drug.endtime, drug.starttime, SECOND))"
            ),
        );
    }
    never(
        "a slice without any of the drugs has no dose",
        "norepinephrine_equivalent_dose AS dose JOIN vasoactive_agent AS agent USING (stay_id, starttime, endtime)
         WHERE agent.norepinephrine IS NULL AND agent.epinephrine IS NULL AND agent.phenylephrine IS NULL
         AND agent.dopamine IS NULL AND agent.vasopressin IS NULL",
    );
    // Slices that are repeated for overlapping records have a dose each; of the others there is one.
    never(
        "the dose",
        "(SELECT stay_id, starttime, endtime,
            MAX(IFNULL(norepinephrine, 0) + IFNULL(epinephrine, 0) + IFNULL(phenylephrine, 0) / 10
              + IFNULL(dopamine, 0) / 100 + IFNULL(vasopressin, 0) * 2.5 / 60) AS expected
          FROM vasoactive_agent GROUP BY stay_id, starttime, endtime HAVING COUNT(*) = 1) AS agent
         JOIN norepinephrine_equivalent_dose AS dose USING (stay_id, starttime, endtime)
         WHERE ABS(CAST(dose.norepinephrine_equivalent_dose AS FLOAT64) - agent.expected) > 0.0000501",
    );
}

#[test]
fn kdigo_stages_are_the_worst_of_their_parts() {
    let parts = "GREATEST(IFNULL(aki_stage_creat, 0), IFNULL(aki_stage_uo, 0), IFNULL(aki_stage_crrt, 0))";
    never("stage", &format!("kdigo_stages WHERE aki_stage NOT BETWEEN 0 AND 3 OR aki_stage <> {parts}"));
    never("smoothed", "kdigo_stages WHERE aki_stage_smoothed NOT BETWEEN aki_stage AND 3");
    never("crrt", "kdigo_stages WHERE aki_stage_crrt <> 3");
    never("a longer time has a lower lowest", "kdigo_creatinine WHERE creat_low_past_7day > creat_low_past_48hr");
    never(
        "creatinine",
        "kdigo_stages WHERE (creat > 3 * creat_low_past_7day AND aki_stage_creat <> 3)
         OR (creat < 1.5 * creat_low_past_7day AND creat < creat_low_past_48hr + 0.29 AND aki_stage_creat <> 0)",
    );
    for hours in [6, 12, 24] {
        never(
            "rates are volumes by weight and hour",
            &format!(
                "kdigo_uo WHERE ABS(CAST(uo_rt_{hours}hr AS FLOAT64) * CAST(weight AS FLOAT64) * CAST(uo_tm_{hours}hr AS FLOAT64)
                   - urineoutput_{hours}hr) > 0.0000501 * CAST(weight AS FLOAT64) * CAST(uo_tm_{hours}hr AS FLOAT64) + 1e-6"
            ),
        );
        never("hours", &format!("kdigo_uo WHERE uo_rt_{hours}hr IS NOT NULL AND uo_tm_{hours}hr < {hours}"));
    }
    for table in ["kdigo_uo", "urine_output_rate"] {
        never(
            "more hours, more urine",
            &format!(
                "{table} WHERE stay_id NOT IN (SELECT stay_id FROM urine_output WHERE urineoutput < 0)
                 AND (urineoutput_6hr > urineoutput_12hr OR urineoutput_12hr > urineoutput_24hr)"
            ),
        );
    }
}

#[test]
fn sepsis_is_a_suspected_infection_with_organ_failure() {
    never("sepsis3", "sepsis3 AS a WHERE NOT a.sepsis3 OR sofa_score < 2 OR sofa_time IS NULL");
    never("parts", &format!("sepsis3 WHERE sofa_score <> {}", sum(&ORGANS)));
    never(
        "around the suspicion",
        "sepsis3 WHERE DATETIME_DIFF(sofa_time, suspected_infection_time, SECOND) NOT BETWEEN -172800 AND 86400",
    );
    never(
        "the hour is one of the stay's",
        "sepsis3 LEFT JOIN sofa ON sofa.stay_id = sepsis3.stay_id AND sofa.endtime = sepsis3.sofa_time
         WHERE sofa.sofa_24hours IS NULL OR sofa.sofa_24hours <> sepsis3.sofa_score",
    );
    never(
        "no stay is forgotten",
        "(SELECT DISTINCT stay_id FROM suspicion_of_infection AS suspicion JOIN sofa USING (stay_id)
          WHERE suspicion.suspected_infection = 1 AND sofa.sofa_24hours >= 2
          AND DATETIME_DIFF(sofa.endtime, suspicion.suspected_infection_time, SECOND) BETWEEN -172800 AND 86400)
         WHERE stay_id NOT IN (SELECT stay_id FROM sepsis3)",
    );
    never(
        "suspicion",
        "suspicion_of_infection WHERE (suspected_infection = 1) <> (suspected_infection_time IS NOT NULL)
         OR (suspected_infection = 1) <> (culture_time IS NOT NULL)
         OR suspected_infection_time NOT IN (culture_time, antibiotic_time)
         OR suspected_infection_time > antibiotic_time
         OR DATETIME_DIFF(antibiotic_time, culture_time, HOUR) NOT BETWEEN -48 AND 96",
    );
    never(
        "numbers",
        "(SELECT subject_id FROM suspicion_of_infection GROUP BY subject_id HAVING MIN(ab_id) <> 1 OR MAX(ab_id) <> COUNT(*))",
    );
}

#[test]
fn the_first_day_is_within_its_window() {
    let window = |hours: i64| {
        format!(
            "BETWEEN DATETIME_SUB(icustays.intime, INTERVAL {hours} HOUR) AND DATETIME_ADD(icustays.intime, INTERVAL 24 HOUR)"
        )
    };
    // Table of the first day, its source, the id that joins them, columns.
    let tables: [(&str, &str, &str, &[&str]); 4] = [
        (
            "first_day_vitalsign",
            "vitalsign",
            "stay_id",
            &["heart_rate", "sbp", "mbp", "resp_rate", "temperature", "spo2", "glucose"],
        ),
        ("first_day_bg", "bg", "subject_id", &["lactate", "ph", "po2", "pao2fio2ratio", "baseexcess"]),
        ("first_day_lab", "chemistry", "subject_id", &["creatinine", "sodium", "aniongap"]),
        ("first_day_lab", "coagulation", "subject_id", &["inr", "ptt"]),
    ];
    for (table, source, id, columns) in tables {
        for column in columns {
            let mut query = String::new();
            write!(
                query,
                "(SELECT icustays.stay_id, MIN(source.{column}) AS low, MAX(source.{column}) AS high
                  FROM mimiciv_icu.icustays AS icustays
                  JOIN {source} AS source ON source.{id} = icustays.{id} AND source.charttime {}
                  GROUP BY icustays.stay_id) AS expected
                 FULL JOIN {table} AS found USING (stay_id)
                 WHERE IFNULL(CAST(found.{column}_min AS FLOAT64), -1e9) <> IFNULL(CAST(expected.low AS FLOAT64), -1e9)
                 OR IFNULL(CAST(found.{column}_max AS FLOAT64), -1e9) <> IFNULL(CAST(expected.high AS FLOAT64), -1e9)",
                window(6)
            )
            .unwrap();
            never(table, &query);
        }
    }
    never(
        "urine",
        &format!(
            "(SELECT icustays.stay_id, SUM(urine_output.urineoutput) AS total FROM mimiciv_icu.icustays AS icustays
              JOIN urine_output ON urine_output.stay_id = icustays.stay_id AND urine_output.charttime {}
              GROUP BY icustays.stay_id) AS expected
             FULL JOIN first_day_urine_output AS found USING (stay_id)
             WHERE IFNULL(found.urineoutput, -1e9) <> IFNULL(expected.total, -1e9)",
            window(0)
        ),
    );
    never(
        "the lowest coma scale",
        &format!(
            "(SELECT icustays.stay_id, MIN(gcs.gcs) AS low FROM mimiciv_icu.icustays AS icustays
              JOIN gcs ON gcs.stay_id = icustays.stay_id AND gcs.charttime {} GROUP BY icustays.stay_id) AS expected
             FULL JOIN first_day_gcs AS found USING (stay_id) WHERE IFNULL(found.gcs_min, 0) <> IFNULL(expected.low, 0)",
            window(6)
        ),
    );
}

/// For every `x_min` beside an `x_max`, and `x_mean` between them; what is arterial lies within all blood gases.
#[test]
fn lowest_values_are_not_above_highest_ones() {
    let definitions = Definitions::embedded(MimicIv);
    let mut pairs = 0;
    for definition in definitions.iter() {
        let has = |name: &str| definition.page.columns.iter().any(|column| column.name == name);
        for column in &definition.page.columns {
            let Some(stem) = column.name.strip_suffix("_min").filter(|stem| has(&format!("{stem}_max"))) else {
                continue;
            };
            pairs += 1;
            let name = &definition.name;
            let null = format!("({stem}_min IS NULL) <> ({stem}_max IS NULL)");
            never(stem, &format!("{name} WHERE {stem}_min > {stem}_max OR {null}"));
            if has(&format!("{stem}_mean")) {
                // A mean of equal numbers may differ from them in the last digit.
                let mean = format!("CAST({stem}_mean AS FLOAT64)");
                never(stem, &format!("{name} WHERE {mean} < {stem}_min - 1e-6 OR {mean} > {stem}_max + 1e-6"));
            }
            if name == "first_day_bg_art" {
                never(
                    stem,
                    &format!(
                        "first_day_bg_art AS art JOIN first_day_bg AS bg USING (stay_id)
                         WHERE art.{stem}_min < bg.{stem}_min OR art.{stem}_max > bg.{stem}_max
                         OR (art.{stem}_min IS NOT NULL AND bg.{stem}_min IS NULL)"
                    ),
                );
            }
        }
    }
    assert!(pairs > 80, "{pairs}");
}

#[test]
fn units_are_those_of_the_pages() {
    never("degrees Celsius", "vitalsign WHERE temperature <= 10 OR temperature >= 50");
    never("per cent", "vitalsign WHERE spo2 <= 0 OR spo2 > 100");
    never("per cent of oxygen", "ventilator_setting WHERE fio2 < 20 OR fio2 > 100");
    never("per cent of oxygen", "bg WHERE fio2 < 20 OR fio2 > 100 OR fio2_chartevents < 20 OR fio2_chartevents > 100");
    never("centimetres", "height AS a WHERE a.height <= 120 OR a.height >= 230");
    never("kilograms", "weight_durations WHERE weight <= 0 OR weight >= 1500");
    never(
        "mm Hg per fraction",
        "bg WHERE ABS(pao2fio2ratio - 100 * po2 / COALESCE(fio2, fio2_chartevents)) > 1e-6 AND specimen = 'ART.'",
    );
    never("dialysis that runs is there", "rrt WHERE dialysis_active = 1 AND dialysis_present <> 1");
    never("baselines", "creatinine_baseline WHERE scr_baseline NOT IN (scr_min, mdrd_est) OR ckd NOT IN (0, 1)");
}
