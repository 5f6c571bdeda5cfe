-- When each ICU stay began and ended, taken from its first and last charted heart rate.
WITH heart_rate_span AS (
  SELECT
    stay_id,
    MIN(charttime) AS intime_hr,
    MAX(charttime) AS outtime_hr
  FROM `physionet-data.mimiciv_icu.chartevents`
  WHERE itemid = 220045 -- Heart Rate
  GROUP BY stay_id
)

SELECT
  icustays.subject_id,
  icustays.hadm_id,
  icustays.stay_id,
  heart_rate_span.intime_hr,
  heart_rate_span.outtime_hr
FROM `physionet-data.mimiciv_icu.icustays` AS icustays
LEFT JOIN heart_rate_span
  ON heart_rate_span.stay_id = icustays.stay_id
