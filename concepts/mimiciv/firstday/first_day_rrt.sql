-- Whether renal replacement therapy is documented and running on the first day of each ICU stay, and its kinds.
SELECT
  icustays.subject_id,
  icustays.stay_id,
  MAX(rrt.dialysis_present) AS dialysis_present,
  MAX(rrt.dialysis_active) AS dialysis_active,
  STRING_AGG(DISTINCT rrt.dialysis_type, ', ' ORDER BY rrt.dialysis_type) AS dialysis_type
FROM `physionet-data.mimiciv_icu.icustays` AS icustays
LEFT JOIN `physionet-data.mimiciv_derived.rrt` AS rrt
  ON rrt.stay_id = icustays.stay_id
  AND rrt.charttime >= DATETIME_SUB(icustays.intime, INTERVAL 6 HOUR)
  AND rrt.charttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
GROUP BY
  icustays.subject_id,
  icustays.stay_id
