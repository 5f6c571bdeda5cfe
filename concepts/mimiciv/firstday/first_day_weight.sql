-- Body weight known by the end of the first day of each ICU stay.
SELECT
  icustays.subject_id,
  icustays.stay_id,
  AVG(CASE WHEN weights.weight_type = 'admit' THEN weights.weight END) AS weight_admit,
  AVG(weights.weight) AS weight,
  MIN(weights.weight) AS weight_min,
  MAX(weights.weight) AS weight_max
FROM `physionet-data.mimiciv_icu.icustays` AS icustays
LEFT JOIN `physionet-data.mimiciv_derived.weight_durations` AS weights
  ON weights.stay_id = icustays.stay_id
  AND weights.starttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
GROUP BY
  icustays.subject_id,
  icustays.stay_id
