-- Logistic Organ Dysfunction Score (LODS) of the first day of each ICU stay.
WITH cpap_periods AS (
  SELECT
    icustays.stay_id,
    DATETIME_SUB(MIN(chartevents.charttime), INTERVAL 1 HOUR) AS starttime,
    DATETIME_ADD(MAX(chartevents.charttime), INTERVAL 4 HOUR) AS endtime
  FROM `physionet-data.mimiciv_icu.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciv_icu.chartevents` AS chartevents
    ON chartevents.stay_id = icustays.stay_id
    AND chartevents.charttime >= icustays.intime
    AND chartevents.charttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
  WHERE chartevents.itemid = 226732 -- O2 Delivery Device(s)
    AND (LOWER(chartevents.value) LIKE '%cpap%' OR LOWER(chartevents.value) LIKE '%bipap mask%')
  GROUP BY icustays.stay_id
),

-- blood gases of the whole stay, of any kind of specimen, under invasive ventilation or CPAP
ventilated_gases AS (
  SELECT
    icustays.stay_id,
    MIN(bg.pao2fio2ratio) AS pao2fio2_vent_min
  FROM `physionet-data.mimiciv_derived.bg` AS bg
  INNER JOIN `physionet-data.mimiciv_icu.icustays` AS icustays
    ON icustays.hadm_id = bg.hadm_id
    AND icustays.intime <= bg.charttime
    AND icustays.outtime > bg.charttime
  LEFT JOIN `physionet-data.mimiciv_derived.ventilation` AS ventilation
    ON ventilation.stay_id = icustays.stay_id
    AND ventilation.starttime <= bg.charttime
    AND ventilation.endtime >= bg.charttime
    AND ventilation.ventilation_status = 'InvasiveVent'
  LEFT JOIN cpap_periods
    ON cpap_periods.stay_id = icustays.stay_id
    AND cpap_periods.starttime <= bg.charttime
    AND cpap_periods.endtime >= bg.charttime
  WHERE ventilation.stay_id IS NOT NULL
    OR cpap_periods.stay_id IS NOT NULL
  GROUP BY icustays.stay_id
),

measurements AS (
  SELECT
    icustays.stay_id,
    gcs.gcs_min,
    vitalsigns.heart_rate_min,
    vitalsigns.heart_rate_max,
    vitalsigns.sbp_min,
    vitalsigns.sbp_max,
    urine_output.urineoutput,
    labs.bun_max,
    labs.creatinine_max,
    labs.wbc_min,
    labs.wbc_max,
    labs.platelets_min,
    labs.bilirubin_total_max,
    labs.pt_min,
    labs.pt_max,
    ventilated_gases.pao2fio2_vent_min
  FROM `physionet-data.mimiciv_icu.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciv_hosp.admissions` AS admissions
    ON admissions.hadm_id = icustays.hadm_id
  INNER JOIN `physionet-data.mimiciv_hosp.patients` AS patients
    ON patients.subject_id = icustays.subject_id
  LEFT JOIN ventilated_gases
    ON ventilated_gases.stay_id = icustays.stay_id
  LEFT JOIN `physionet-data.mimiciv_derived.first_day_gcs` AS gcs
    ON gcs.stay_id = icustays.stay_id
  LEFT JOIN `physionet-data.mimiciv_derived.first_day_vitalsign` AS vitalsigns
    ON vitalsigns.stay_id = icustays.stay_id
  LEFT JOIN `physionet-data.mimiciv_derived.first_day_urine_output` AS urine_output
    ON urine_output.stay_id = icustays.stay_id
  LEFT JOIN `physionet-data.mimiciv_derived.first_day_lab` AS labs
    ON labs.stay_id = icustays.stay_id
),

scores AS (
  SELECT
    stay_id,
    CASE
      WHEN gcs_min < 3 THEN NULL
      WHEN gcs_min <= 5 THEN 5
      WHEN gcs_min <= 8 THEN 3
      WHEN gcs_min <= 13 THEN 1
      WHEN gcs_min > 13 THEN 0
    END AS neurologic,
    CASE
      WHEN heart_rate_max IS NULL AND sbp_min IS NULL THEN NULL
      WHEN heart_rate_min < 30 THEN 5
      WHEN sbp_min < 40 THEN 5
      WHEN sbp_min < 70 THEN 3
      WHEN sbp_max >= 270 THEN 3
      WHEN heart_rate_max >= 140 THEN 1
      WHEN sbp_max >= 240 THEN 1
      WHEN sbp_min < 90 THEN 1
      ELSE 0
    END AS cardiovascular,
    CASE
      WHEN bun_max IS NULL OR urineoutput IS NULL OR creatinine_max IS NULL THEN NULL
      WHEN urineoutput < 500.0 THEN 5
      WHEN bun_max >= 56.0 THEN 5
      WHEN creatinine_max >= 1.60 THEN 3
      WHEN urineoutput < 750.0 THEN 3
      WHEN bun_max >= 28.0 THEN 3
      WHEN urineoutput >= 10000.0 THEN 3
      WHEN creatinine_max >= 1.20 THEN 1
      WHEN bun_max >= 7.50 THEN 1 -- 17 in the publication, 7.5 in the published table
      ELSE 0
    END AS renal,
    CASE
      WHEN pao2fio2_vent_min IS NULL THEN 0
      WHEN pao2fio2_vent_min >= 150 THEN 1
      WHEN pao2fio2_vent_min < 150 THEN 3
    END AS pulmonary,
    CASE
      WHEN wbc_max IS NULL AND platelets_min IS NULL THEN NULL
      WHEN wbc_min < 1.0 THEN 3
      WHEN wbc_min < 2.5 THEN 1
      WHEN platelets_min < 50.0 THEN 1
      WHEN wbc_max >= 50.0 THEN 1
      ELSE 0
    END AS hematologic,
    CASE
      WHEN pt_max IS NULL AND bilirubin_total_max IS NULL THEN NULL
      WHEN bilirubin_total_max >= 2.0 THEN 1
      -- 3 seconds above, or a quarter of, a normal prothrombin time of 12 seconds
      WHEN pt_max > 12 + 3 THEN 1
      WHEN pt_min < 12 * 0.25 THEN 1
      ELSE 0
    END AS hepatic
  FROM measurements
)

SELECT
  icustays.subject_id,
  icustays.hadm_id,
  icustays.stay_id,
  COALESCE(scores.neurologic, 0)
  + COALESCE(scores.cardiovascular, 0)
  + COALESCE(scores.renal, 0)
  + COALESCE(scores.pulmonary, 0)
  + COALESCE(scores.hematologic, 0)
  + COALESCE(scores.hepatic, 0)
  AS lods,
  scores.neurologic,
  scores.cardiovascular,
  scores.renal,
  scores.pulmonary,
  scores.hematologic,
  scores.hepatic
FROM `physionet-data.mimiciv_icu.icustays` AS icustays
LEFT JOIN scores
  ON scores.stay_id = icustays.stay_id
