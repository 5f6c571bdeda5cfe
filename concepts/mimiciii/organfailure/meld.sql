-- Model for End-stage Liver Disease (MELD) of the first day of each ICU stay, without and with sodium.
WITH terms AS (
  SELECT
    icustays.subject_id,
    icustays.hadm_id,
    icustays.icustay_id,
    rrt_first_day.rrt,
    labs.creatinine_max,
    labs.bilirubin_max,
    labs.inr_max,
    labs.sodium_min,
    -- values below 1 count as 1, whose logarithm is 0
    CASE
      WHEN rrt_first_day.rrt = 1 OR labs.creatinine_max > 4.0 THEN 0.957 * LN(4)
      WHEN labs.creatinine_max < 1 THEN 0
      ELSE COALESCE(0.957 * LN(labs.creatinine_max), 0)
    END AS creatinine_term,
    CASE
      WHEN labs.bilirubin_max < 1 THEN 0
      ELSE COALESCE(0.378 * LN(labs.bilirubin_max), 0)
    END AS bilirubin_term,
    -- with the constant of the equation
    CASE
      WHEN labs.inr_max < 1 THEN 0.643
      ELSE COALESCE(1.120 * LN(labs.inr_max) + 0.643, 0.643)
    END AS inr_term,
    -- sodium below 137, at most 12
    CASE
      WHEN labs.sodium_min IS NULL THEN 0
      WHEN labs.sodium_min > 137 THEN 0
      WHEN labs.sodium_min < 125 THEN 12
      ELSE 137 - labs.sodium_min
    END AS sodium_deficit
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciii_clinical.admissions` AS admissions
    ON admissions.hadm_id = icustays.hadm_id
  INNER JOIN `physionet-data.mimiciii_clinical.patients` AS patients
    ON patients.subject_id = icustays.subject_id
  LEFT JOIN `physionet-data.mimiciii_derived.labs_first_day` AS labs
    ON labs.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.rrt_first_day` AS rrt_first_day
    ON rrt_first_day.icustay_id = icustays.icustay_id
),

initial_scores AS (
  SELECT
    *,
    CASE
      WHEN creatinine_term + bilirubin_term + inr_term > 4 THEN 40
      ELSE ROUND(CAST(creatinine_term + bilirubin_term + inr_term AS NUMERIC), 1) * 10
    END AS meld_initial
  FROM terms
)

SELECT
  subject_id,
  hadm_id,
  icustay_id,
  meld_initial,
  CASE
    WHEN meld_initial > 11
      THEN meld_initial + 1.32 * sodium_deficit - 0.033 * meld_initial * sodium_deficit
    ELSE meld_initial
  END AS meld,
  rrt,
  creatinine_max,
  bilirubin_max,
  inr_max,
  sodium_min
FROM initial_scores
