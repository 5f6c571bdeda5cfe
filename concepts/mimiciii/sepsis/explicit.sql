-- Severe sepsis and septic shock of each admission where they are coded as such.
WITH diagnoses AS (
  SELECT
    hadm_id,
    MAX(CASE WHEN icd9_code = '99592' THEN 1 ELSE 0 END) AS severe_sepsis,
    MAX(CASE WHEN icd9_code = '78552' THEN 1 ELSE 0 END) AS septic_shock
  FROM `physionet-data.mimiciii_clinical.diagnoses_icd`
  GROUP BY hadm_id
)

SELECT
  admissions.subject_id,
  admissions.hadm_id,
  diagnoses.severe_sepsis,
  diagnoses.septic_shock,
  CASE WHEN diagnoses.severe_sepsis = 1 OR diagnoses.septic_shock = 1 THEN 1 ELSE 0 END AS sepsis
FROM `physionet-data.mimiciii_clinical.admissions` AS admissions
LEFT JOIN diagnoses
  ON diagnoses.hadm_id = admissions.hadm_id
