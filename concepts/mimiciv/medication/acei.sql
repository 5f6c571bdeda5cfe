-- Prescriptions of angiotensin-converting-enzyme inhibitors.
SELECT
  subject_id,
  hadm_id,
  drug AS acei,
  starttime,
  stoptime
FROM `physionet-data.mimiciv_hosp.prescriptions`
WHERE REGEXP_CONTAINS(LOWER(drug), r'benazepril|captopril|enalapril|fosinopril|lisinopril')
  OR REGEXP_CONTAINS(LOWER(drug), r'moexipril|perindopril|quinapril|ramipril|trandolapril')
