-- Urine output on the first day of each ICU stay.
SELECT
  icustays.subject_id,
  icustays.stay_id,
  SUM(urine_output.urineoutput) AS urineoutput
FROM `physionet-data.mimiciv_icu.icustays` AS icustays
-- from the start of the stay: a volume is a sum over time, so the six hours before it are not added
LEFT JOIN `physionet-data.mimiciv_derived.urine_output` AS urine_output
  ON urine_output.stay_id = icustays.stay_id
  AND urine_output.charttime >= icustays.intime
  AND urine_output.charttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
GROUP BY
  icustays.subject_id,
  icustays.stay_id
