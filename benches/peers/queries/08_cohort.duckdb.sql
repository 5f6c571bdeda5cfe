WITH coded AS (
  SELECT DISTINCT hadm_id
  FROM mimiciv_hosp.diagnoses_icd
  WHERE (icd_version = 10 AND regexp_matches(icd_code, '^(A40|A41|R652|J1[2-8])'))
    OR (icd_version = 9 AND (icd_code IN ('99591', '99592', '78552') OR starts_with(icd_code, '486') OR starts_with(icd_code, '038')))
)
SELECT
  i.stay_id, p.gender, p.anchor_age, a.admission_type, a.hospital_expire_flag, i.los,
  DATE_DIFF('day', a.admittime, a.dischtime) AS hospital_days
FROM mimiciv_icu.icustays AS i
JOIN coded AS c ON c.hadm_id = i.hadm_id
JOIN mimiciv_hosp.admissions AS a ON a.hadm_id = i.hadm_id
JOIN mimiciv_hosp.patients AS p ON p.subject_id = i.subject_id
WHERE p.anchor_age >= 18
QUALIFY ROW_NUMBER() OVER (PARTITION BY i.subject_id ORDER BY i.intime, i.stay_id) = 1
