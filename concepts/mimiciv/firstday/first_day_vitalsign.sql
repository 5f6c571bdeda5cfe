-- Lowest, highest and mean vital signs on the first day of each ICU stay.
SELECT
  icustays.subject_id,
  icustays.stay_id,
  MIN(vitalsign.heart_rate) AS heart_rate_min,
  MAX(vitalsign.heart_rate) AS heart_rate_max,
  AVG(vitalsign.heart_rate) AS heart_rate_mean,
  MIN(vitalsign.sbp) AS sbp_min,
  MAX(vitalsign.sbp) AS sbp_max,
  AVG(vitalsign.sbp) AS sbp_mean,
  MIN(vitalsign.dbp) AS dbp_min,
  MAX(vitalsign.dbp) AS dbp_max,
  AVG(vitalsign.dbp) AS dbp_mean,
  MIN(vitalsign.mbp) AS mbp_min,
  MAX(vitalsign.mbp) AS mbp_max,
  AVG(vitalsign.mbp) AS mbp_mean,
  MIN(vitalsign.resp_rate) AS resp_rate_min,
  MAX(vitalsign.resp_rate) AS resp_rate_max,
  AVG(vitalsign.resp_rate) AS resp_rate_mean,
  MIN(vitalsign.temperature) AS temperature_min,
  MAX(vitalsign.temperature) AS temperature_max,
  AVG(vitalsign.temperature) AS temperature_mean,
  MIN(vitalsign.spo2) AS spo2_min,
  MAX(vitalsign.spo2) AS spo2_max,
  AVG(vitalsign.spo2) AS spo2_mean,
  MIN(vitalsign.glucose) AS glucose_min,
  MAX(vitalsign.glucose) AS glucose_max,
  AVG(vitalsign.glucose) AS glucose_mean
FROM `physionet-data.mimiciv_icu.icustays` AS icustays
LEFT JOIN `physionet-data.mimiciv_derived.vitalsign` AS vitalsign
  ON vitalsign.stay_id = icustays.stay_id
  AND vitalsign.charttime >= DATETIME_SUB(icustays.intime, INTERVAL 6 HOUR)
  AND vitalsign.charttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
GROUP BY
  icustays.subject_id,
  icustays.stay_id
