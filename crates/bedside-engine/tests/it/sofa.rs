//! SOFA of MIMIC-III, as long as people's longest statements are: it plans and runs over tables made up for it.

use crate::fixture::{Home, workspace};

/// Stay 1 of admission 10: hour 0 without a record, hour 1 with a pressor and two gases, hour 2 with laboratory values; the
/// hour before the stay has the lowest pressure.
const TABLES: &str = "
icustays AS (SELECT 1 AS icustay_id, 10 AS hadm_id),
icustay_hours AS (SELECT 1 AS icustay_id, hr, DATETIME_ADD(DATETIME '2150-01-01', INTERVAL hr HOUR) AS endtime FROM UNNEST(GENERATE_ARRAY(-1, 2)) AS hr),
chartevents AS (SELECT 1 AS icustay_id, * FROM UNNEST([
  STRUCT(456 AS itemid, DATETIME '2149-12-31 22:30:00' AS charttime, 60.0 AS valuenum, CAST(NULL AS INT64) AS error),
  (220052, DATETIME '2150-01-01 00:30:00', 80.0, 0), (220052, DATETIME '2150-01-01 00:40:00', 20.0, 1), (52, DATETIME '2150-01-01 00:45:00', 0.0, 0)])),
pivoted_gcs AS (SELECT 1 AS icustay_id, DATETIME '2150-01-01 01:00:00' AS charttime, 12.0 AS gcs),
pivoted_lab AS (SELECT 10 AS hadm_id, DATETIME '2150-01-01 01:30:00' AS charttime, 2.5 AS bilirubin, 1.2 AS creatinine, 45.0 AS platelet),
pivoted_uo AS (SELECT 1 AS icustay_id, DATETIME '2150-01-01 01:30:00' AS charttime, 300.0 AS urineoutput),
pivoted_bg_art AS (SELECT 1 AS icustay_id, * FROM UNNEST([
  STRUCT(DATETIME '2150-01-01 00:10:00' AS charttime, 350.0 AS pao2fio2ratio), (DATETIME '2150-01-01 00:50:00', 150.0)])),
ventilation_durations AS (SELECT 1 AS icustay_id, DATETIME '2150-01-01 00:50:00' AS starttime, DATETIME '2150-01-02 00:00:00' AS endtime),
epinephrine_dose AS (SELECT 2 AS icustay_id, DATETIME '2150-01-01' AS starttime, DATETIME '2150-01-02' AS endtime, 1.0 AS vaso_rate),
norepinephrine_dose AS (SELECT 1 AS icustay_id, DATETIME '2150-01-01 00:20:00' AS starttime, DATETIME '2150-01-01 01:00:00' AS endtime, 0.05 AS vaso_rate),
dopamine_dose AS (SELECT * FROM epinephrine_dose),
dobutamine_dose AS (SELECT * FROM epinephrine_dose),
";

#[test]
fn the_sofa_of_mimic_iii_plans_and_runs() {
    let path = workspace().join("tests/sql/mimiciii/pivoted_sofa.sql");
    let text = std::fs::read_to_string(path).unwrap();
    let text =
        text.replace("`physionet-data.mimiciii_derived.", "`").replace("`physionet-data.mimiciii_clinical.", "`");
    let text = text.replacen("WITH ", &format!("WITH {TABLES}"), 1);
    let columns = "hr, pao2fio2ratio_novent, pao2fio2ratio_vent, rate_norepinephrine, meanbp_min, GCS_min, urineoutput, respiration, \
                   coagulation, liver, cardiovascular, cns, renal, cardiovascular_24hours, sofa_24hours";
    let home = Home::new();
    assert_eq!(home.prepare(&text).unwrap().columns().len(), 29);
    let rows = home.rows(&format!("SELECT {columns} FROM ({text}) ORDER BY hr")).unwrap();
    let rows: Vec<String> = rows
        .into_iter()
        .map(|row| row.into_iter().map(|cell| cell.unwrap_or("-".into())).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        rows,
        [
            "0 - - - - - - - - - - - - 1 1",
            "1 350 150 0.05 80 12 - 3 - - 3 2 - 3 8",
            "1 350 150 0.05 80 12 - 3 - - 3 2 - 3 8",
            "2 - - - - - 300 - 3 2 - - 3 3 16",
        ]
    );
}
