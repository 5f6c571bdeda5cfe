-- Quick SOFA (qSOFA) of the first day of each ICU stay.
WITH measurements AS (
  SELECT
    icustays.subject_id,
    icustays.hadm_id,
    icustays.icustay_id,
    vitals.sysbp_min,
    vitals.resprate_max,
    gcs.mingcs
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  LEFT JOIN `physionet-data.mimiciii_derived.vitals_first_day` AS vitals
    ON vitals.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.gcs_first_day` AS gcs
    ON gcs.icustay_id = icustays.icustay_id
),

scores AS (
  SELECT
    subject_id,
    hadm_id,
    icustay_id,
    CASE
      WHEN sysbp_min IS NULL THEN NULL
      WHEN sysbp_min <= 100 THEN 1
      ELSE 0
    END AS sysbp_score,
    CASE
      WHEN mingcs IS NULL THEN NULL
      WHEN mingcs <= 13 THEN 1
      ELSE 0
    END AS gcs_score,
    CASE
      WHEN resprate_max IS NULL THEN NULL
      WHEN resprate_max >= 22 THEN 1
      ELSE 0
    END AS resprate_score
  FROM measurements
)

SELECT
  subject_id,
  hadm_id,
  icustay_id,
  COALESCE(sysbp_score, 0)
  + COALESCE(gcs_score, 0)
  + COALESCE(resprate_score, 0)
  AS qsofa,
  sysbp_score,
  gcs_score,
  resprate_score
FROM scores
