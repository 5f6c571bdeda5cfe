-- A join of six tables: infusions with patient, admission, stay, item and first service.
SELECT
  p.gender, a.admission_location, i.first_careunit, s.curr_service, d.label,
  COUNT(*) AS infusions, SUM(e.amount) AS amount, AVG(i.los) AS los
FROM `physionet-data.mimiciv_icu.inputevents` AS e
JOIN `physionet-data.mimiciv_icu.icustays` AS i ON i.stay_id = e.stay_id
JOIN `physionet-data.mimiciv_hosp.admissions` AS a ON a.hadm_id = i.hadm_id
JOIN `physionet-data.mimiciv_hosp.patients` AS p ON p.subject_id = a.subject_id
JOIN `physionet-data.mimiciv_icu.d_items` AS d ON d.itemid = e.itemid
JOIN (
  SELECT hadm_id, curr_service
  FROM `physionet-data.mimiciv_hosp.services`
  QUALIFY ROW_NUMBER() OVER (PARTITION BY hadm_id ORDER BY transfertime, curr_service) = 1
) AS s ON s.hadm_id = i.hadm_id
GROUP BY p.gender, a.admission_location, i.first_careunit, s.curr_service, d.label
