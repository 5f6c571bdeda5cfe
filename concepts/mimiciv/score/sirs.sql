-- Criteria of the systemic inflammatory response syndrome (SIRS) met on the first day of each ICU stay.
WITH scores AS (
  SELECT
    icustays.subject_id,
    icustays.hadm_id,
    icustays.stay_id,
    CASE
      WHEN vitalsigns.temperature_min < 36.0 THEN 1
      WHEN vitalsigns.temperature_max > 38.0 THEN 1
      WHEN vitalsigns.temperature_min IS NULL THEN NULL
      ELSE 0
    END AS temp_score,
    CASE
      WHEN vitalsigns.heart_rate_max > 90.0 THEN 1
      WHEN vitalsigns.heart_rate_max IS NULL THEN NULL
      ELSE 0
    END AS heart_rate_score,
    CASE
      WHEN vitalsigns.resp_rate_max > 20.0 THEN 1
      WHEN arterial_gases.pco2_min < 32.0 THEN 1
      WHEN vitalsigns.resp_rate_max IS NULL AND arterial_gases.pco2_min IS NULL THEN NULL
      ELSE 0
    END AS resp_score,
    CASE
      WHEN labs.wbc_min < 4.0 THEN 1
      WHEN labs.wbc_max > 12.0 THEN 1
      WHEN labs.bands_max > 10 THEN 1
      WHEN labs.wbc_min IS NULL AND labs.bands_max IS NULL THEN NULL
      ELSE 0
    END AS wbc_score
  FROM `physionet-data.mimiciv_icu.icustays` AS icustays
  LEFT JOIN `physionet-data.mimiciv_derived.first_day_bg_art` AS arterial_gases
    ON arterial_gases.stay_id = icustays.stay_id
  LEFT JOIN `physionet-data.mimiciv_derived.first_day_vitalsign` AS vitalsigns
    ON vitalsigns.stay_id = icustays.stay_id
  LEFT JOIN `physionet-data.mimiciv_derived.first_day_lab` AS labs
    ON labs.stay_id = icustays.stay_id
)

SELECT
  subject_id,
  hadm_id,
  stay_id,
  COALESCE(temp_score, 0)
  + COALESCE(heart_rate_score, 0)
  + COALESCE(resp_score, 0)
  + COALESCE(wbc_score, 0)
  AS sirs,
  temp_score,
  heart_rate_score,
  resp_score,
  wbc_score
FROM scores
