-- Criteria of the systemic inflammatory response syndrome (SIRS) met on the first day of each ICU stay.
WITH arterial_gases AS (
  SELECT
    icustay_id,
    MIN(pco2) AS paco2_min
  FROM `physionet-data.mimiciii_derived.blood_gas_first_day_arterial`
  WHERE SPECIMEN_PRED = 'ART'
  GROUP BY icustay_id
),

measurements AS (
  SELECT
    icustays.subject_id,
    icustays.hadm_id,
    icustays.icustay_id,
    vitals.tempc_min,
    vitals.tempc_max,
    vitals.heartrate_max,
    vitals.resprate_max,
    arterial_gases.paco2_min,
    labs.wbc_min,
    labs.wbc_max,
    labs.bands_max
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  LEFT JOIN `physionet-data.mimiciii_derived.vitals_first_day` AS vitals
    ON vitals.icustay_id = icustays.icustay_id
  LEFT JOIN arterial_gases
    ON arterial_gases.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.labs_first_day` AS labs
    ON labs.icustay_id = icustays.icustay_id
),

scores AS (
  SELECT
    subject_id,
    hadm_id,
    icustay_id,
    CASE
      WHEN tempc_min < 36.0 THEN 1
      WHEN tempc_max > 38.0 THEN 1
      WHEN tempc_min IS NULL THEN NULL
      ELSE 0
    END AS temp_score,
    CASE
      WHEN heartrate_max > 90.0 THEN 1
      WHEN heartrate_max IS NULL THEN NULL
      ELSE 0
    END AS heartrate_score,
    CASE
      WHEN resprate_max > 20.0 THEN 1
      WHEN paco2_min < 32.0 THEN 1
      WHEN resprate_max IS NULL AND paco2_min IS NULL THEN NULL
      ELSE 0
    END AS resp_score,
    CASE
      WHEN wbc_min < 4.0 THEN 1
      WHEN wbc_max > 12.0 THEN 1
      WHEN bands_max > 10 THEN 1
      WHEN wbc_min IS NULL AND bands_max IS NULL THEN NULL
      ELSE 0
    END AS wbc_score
  FROM measurements
)

SELECT
  subject_id,
  hadm_id,
  icustay_id,
  COALESCE(temp_score, 0)
  + COALESCE(heartrate_score, 0)
  + COALESCE(resp_score, 0)
  + COALESCE(wbc_score, 0)
  AS sirs,
  temp_score,
  heartrate_score,
  resp_score,
  wbc_score
FROM scores
