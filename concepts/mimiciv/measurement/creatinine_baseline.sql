-- Baseline creatinine of each adult admission: its lowest value, or an estimate from age and sex.
WITH lowest_creatinine AS (
  SELECT
    hadm_id,
    MIN(creatinine) AS scr_min
  FROM `physionet-data.mimiciv_derived.chemistry`
  GROUP BY hadm_id
),

chronic_kidney_disease AS (
  SELECT DISTINCT hadm_id
  FROM `physionet-data.mimiciv_hosp.diagnoses_icd`
  WHERE (icd_version = 9 AND icd_code LIKE '585%')
    OR (icd_version = 10 AND icd_code LIKE 'N18%')
),

adult_admissions AS (
  SELECT
    age.hadm_id,
    patients.gender,
    age.age,
    lowest_creatinine.scr_min,
    CASE WHEN chronic_kidney_disease.hadm_id IS NOT NULL THEN 1 ELSE 0 END AS ckd,
    -- the creatinine for which the simplified MDRD equation gives an eGFR of 75 mL/min/1.73 m2
    CASE
      WHEN patients.gender = 'F' THEN POW(75 / 186 / POW(age.age, -0.203) / 0.742, -1 / 1.154)
      ELSE POW(75 / 186 / POW(age.age, -0.203), -1 / 1.154)
    END AS mdrd_est
  FROM `physionet-data.mimiciv_derived.age` AS age
  LEFT JOIN `physionet-data.mimiciv_hosp.patients` AS patients
    ON patients.subject_id = age.subject_id
  LEFT JOIN lowest_creatinine
    ON lowest_creatinine.hadm_id = age.hadm_id
  LEFT JOIN chronic_kidney_disease
    ON chronic_kidney_disease.hadm_id = age.hadm_id
  WHERE age.age >= 18
)

SELECT
  hadm_id,
  gender,
  age,
  scr_min,
  ckd,
  mdrd_est,
  CASE
    WHEN scr_min <= 1.1 THEN scr_min
    WHEN ckd = 1 THEN scr_min
    ELSE mdrd_est
  END AS scr_baseline
FROM adult_admissions
