-- Prescriptions of angiotensin II receptor blockers, the combination with sacubitril included.
SELECT
  subject_id,
  hadm_id,
  drug AS arb,
  starttime,
  stoptime
FROM `physionet-data.mimiciv_hosp.prescriptions`
WHERE REGEXP_CONTAINS(LOWER(drug), r'azilsartan|edarbi|candesartan|atacand|irbesartan|avapro|losartan|cozaar')
  OR REGEXP_CONTAINS(LOWER(drug), r'olmesartan|benicar|telmisartan|micardis|valsartan|diovan|sacubitril|entresto')
