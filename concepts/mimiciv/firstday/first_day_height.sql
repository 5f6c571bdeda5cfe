-- Mean height charted on the first day of each ICU stay, in centimetres.
SELECT
  icustays.subject_id,
  icustays.stay_id,
  ROUND(AVG(height.height), 2) AS height
FROM `physionet-data.mimiciv_icu.icustays` AS icustays
LEFT JOIN `physionet-data.mimiciv_derived.height` AS height
  ON height.stay_id = icustays.stay_id
  AND height.charttime >= DATETIME_SUB(icustays.intime, INTERVAL 6 HOUR)
  AND height.charttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
GROUP BY
  icustays.subject_id,
  icustays.stay_id
