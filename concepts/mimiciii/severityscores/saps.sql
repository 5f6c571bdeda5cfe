-- Simplified Acute Physiology Score (SAPS, the first version) of the first day of each ICU stay.
WITH cpap_stays AS (
  SELECT DISTINCT icustays.icustay_id
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciii_clinical.chartevents` AS chartevents
    ON chartevents.icustay_id = icustays.icustay_id
    AND chartevents.charttime >= icustays.intime
    AND chartevents.charttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
  WHERE chartevents.itemid IN (
      467,   -- O2 delivery device
      469,   -- O2 delivery mode
      226732 -- O2 Delivery Device(s)
    )
    AND (LOWER(chartevents.value) LIKE '%cpap%' OR LOWER(chartevents.value) LIKE '%bipap mask%')
    AND (chartevents.error IS NULL OR chartevents.error = 0)
),

-- stays of a known admission and patient
measurements AS (
  SELECT
    icustays.icustay_id,
    -- in calendar years: birthdays play no part
    DATETIME_DIFF(icustays.intime, patients.dob, YEAR) AS age,
    vitals.heartrate_min,
    vitals.heartrate_max,
    vitals.sysbp_min,
    vitals.sysbp_max,
    vitals.resprate_min,
    vitals.resprate_max,
    vitals.tempc_min,
    vitals.tempc_max,
    urine_output.urineoutput,
    ventilation.vent AS mechvent,
    CASE WHEN cpap_stays.icustay_id IS NOT NULL THEN 1 END AS cpap,
    labs.bun_min,
    labs.bun_max,
    labs.hematocrit_min,
    labs.hematocrit_max,
    labs.wbc_min,
    labs.wbc_max,
    -- of the bedside where it is known, else of the laboratory
    COALESCE(vitals.glucose_min, labs.glucose_min) AS glucose_min,
    COALESCE(vitals.glucose_max, labs.glucose_max) AS glucose_max,
    labs.potassium_min,
    labs.potassium_max,
    labs.sodium_min,
    labs.sodium_max,
    labs.bicarbonate_min,
    labs.bicarbonate_max,
    gcs.mingcs
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciii_clinical.admissions` AS admissions
    ON admissions.hadm_id = icustays.hadm_id
  INNER JOIN `physionet-data.mimiciii_clinical.patients` AS patients
    ON patients.subject_id = icustays.subject_id
  LEFT JOIN cpap_stays
    ON cpap_stays.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.gcs_first_day` AS gcs
    ON gcs.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.vitals_first_day` AS vitals
    ON vitals.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.urine_output_first_day` AS urine_output
    ON urine_output.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.ventilation_first_day` AS ventilation
    ON ventilation.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.labs_first_day` AS labs
    ON labs.icustay_id = icustays.icustay_id
),

-- limits of glucose and urea are those for mmol/L, although the values are in mg/dL, as published
scores AS (
  SELECT
    icustay_id,
    CASE
      WHEN age <= 45 THEN 0
      WHEN age <= 55 THEN 1
      WHEN age <= 65 THEN 2
      WHEN age <= 75 THEN 3
      WHEN age > 75 THEN 4
    END AS age_score,
    CASE
      WHEN heartrate_max >= 180 THEN 4
      WHEN heartrate_min < 40 THEN 4
      WHEN heartrate_max >= 140 THEN 3
      WHEN heartrate_min <= 54 THEN 3
      WHEN heartrate_max >= 110 THEN 2
      WHEN heartrate_min <= 69 THEN 2
      WHEN heartrate_min >= 70 AND heartrate_max <= 109 THEN 0
    END AS hr_score,
    CASE
      WHEN sysbp_max >= 190 THEN 4
      WHEN sysbp_min < 55 THEN 4
      WHEN sysbp_max >= 150 THEN 2
      WHEN sysbp_min <= 79 THEN 2
      WHEN sysbp_min >= 80 AND sysbp_max <= 149 THEN 0
    END AS sysbp_score,
    CASE
      WHEN resprate_max >= 50 THEN 4
      WHEN resprate_min < 6 THEN 4
      WHEN resprate_max >= 35 THEN 3
      WHEN resprate_min <= 9 THEN 2
      WHEN resprate_max >= 25 THEN 1
      WHEN resprate_min <= 11 THEN 1
      WHEN resprate_min >= 12 AND resprate_max <= 24 THEN 0
    END AS resp_score,
    CASE
      WHEN tempc_max >= 41.0 THEN 4
      WHEN tempc_min < 30.0 THEN 4
      WHEN tempc_max >= 39.0 THEN 3
      WHEN tempc_min <= 31.9 THEN 3
      WHEN tempc_min <= 33.9 THEN 2
      WHEN tempc_max > 38.4 THEN 1
      WHEN tempc_min < 36.0 THEN 1
      WHEN tempc_min >= 36.0 AND tempc_max <= 38.4 THEN 0
    END AS temp_score,
    CASE
      WHEN urineoutput > 5000.0 THEN 2
      WHEN urineoutput >= 3500.0 THEN 1
      WHEN urineoutput >= 700.0 THEN 0
      WHEN urineoutput >= 500.0 THEN 2
      WHEN urineoutput >= 200.0 THEN 3
      WHEN urineoutput < 200.0 THEN 4
    END AS uo_score,
    CASE
      WHEN mechvent IS NULL AND cpap IS NULL THEN NULL
      WHEN cpap = 1 THEN 3
      WHEN mechvent = 1 THEN 3
      ELSE 0
    END AS vent_score,
    CASE
      WHEN bun_max >= 55.0 THEN 4
      WHEN bun_max >= 36.0 THEN 3
      WHEN bun_max >= 29.0 THEN 2
      WHEN bun_max >= 7.50 THEN 1
      WHEN bun_min < 3.5 THEN 1
      WHEN bun_min >= 3.5 AND bun_max < 7.5 THEN 0
    END AS bun_score,
    CASE
      WHEN hematocrit_max >= 60.0 THEN 4
      WHEN hematocrit_min < 20.0 THEN 4
      WHEN hematocrit_max >= 50.0 THEN 2
      WHEN hematocrit_min < 30.0 THEN 2
      WHEN hematocrit_max >= 46.0 THEN 1
      WHEN hematocrit_min >= 30.0 AND hematocrit_max < 46.0 THEN 0
    END AS hematocrit_score,
    CASE
      WHEN wbc_max >= 40.0 THEN 4
      WHEN wbc_min < 1.0 THEN 4
      WHEN wbc_max >= 20.0 THEN 2
      WHEN wbc_min < 3.0 THEN 2
      WHEN wbc_max >= 15.0 THEN 1
      WHEN wbc_min >= 3.0 AND wbc_max < 15.0 THEN 0
    END AS wbc_score,
    CASE
      WHEN glucose_max >= 44.5 THEN 4
      WHEN glucose_min < 1.6 THEN 4
      WHEN glucose_max >= 27.8 THEN 3
      WHEN glucose_min < 2.8 THEN 3
      WHEN glucose_min < 3.9 THEN 2
      WHEN glucose_max >= 14.0 THEN 1
      WHEN glucose_min >= 3.9 AND glucose_max < 14.0 THEN 0
    END AS glucose_score,
    CASE
      WHEN potassium_max >= 7.0 THEN 4
      WHEN potassium_min < 2.5 THEN 4
      WHEN potassium_max >= 6.0 THEN 3
      WHEN potassium_min < 3.0 THEN 2
      WHEN potassium_max >= 5.5 THEN 1
      WHEN potassium_min < 3.5 THEN 1
      WHEN potassium_min >= 3.5 AND potassium_max < 5.5 THEN 0
    END AS potassium_score,
    CASE
      WHEN sodium_max >= 180 THEN 4
      WHEN sodium_min < 110 THEN 4
      WHEN sodium_max >= 161 THEN 3
      WHEN sodium_min < 120 THEN 3
      WHEN sodium_max >= 156 THEN 2
      WHEN sodium_min < 130 THEN 2
      WHEN sodium_max >= 151 THEN 1
      WHEN sodium_min >= 130 AND sodium_max < 151 THEN 0
    END AS sodium_score,
    CASE
      WHEN bicarbonate_min < 5.0 THEN 4
      WHEN bicarbonate_max >= 40.0 THEN 3
      WHEN bicarbonate_min < 10.0 THEN 3
      WHEN bicarbonate_max >= 30.0 THEN 1
      WHEN bicarbonate_min < 20.0 THEN 1
      WHEN bicarbonate_min >= 20.0 AND bicarbonate_max < 30.0 THEN 0
    END AS bicarbonate_score,
    CASE
      WHEN mingcs < 3 THEN NULL
      WHEN mingcs = 3 THEN 4
      WHEN mingcs < 7 THEN 3
      WHEN mingcs < 10 THEN 2
      WHEN mingcs < 13 THEN 1
      WHEN mingcs >= 13 AND mingcs <= 15 THEN 0
    END AS gcs_score
  FROM measurements
)

SELECT
  icustays.subject_id,
  icustays.hadm_id,
  icustays.icustay_id,
  COALESCE(scores.age_score, 0)
  + COALESCE(scores.hr_score, 0)
  + COALESCE(scores.sysbp_score, 0)
  + COALESCE(scores.resp_score, 0)
  + COALESCE(scores.temp_score, 0)
  + COALESCE(scores.uo_score, 0)
  + COALESCE(scores.vent_score, 0)
  + COALESCE(scores.bun_score, 0)
  + COALESCE(scores.hematocrit_score, 0)
  + COALESCE(scores.wbc_score, 0)
  + COALESCE(scores.glucose_score, 0)
  + COALESCE(scores.potassium_score, 0)
  + COALESCE(scores.sodium_score, 0)
  + COALESCE(scores.bicarbonate_score, 0)
  + COALESCE(scores.gcs_score, 0)
  AS SAPS,
  scores.age_score,
  scores.hr_score,
  scores.sysbp_score,
  scores.resp_score,
  scores.temp_score,
  scores.uo_score,
  scores.vent_score,
  scores.bun_score,
  scores.hematocrit_score,
  scores.wbc_score,
  scores.glucose_score,
  scores.potassium_score,
  scores.sodium_score,
  scores.bicarbonate_score,
  scores.gcs_score
FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
LEFT JOIN scores
  ON scores.icustay_id = icustays.icustay_id
