-- Lowest and highest laboratory values on the first day of each ICU stay.
WITH results AS (
  SELECT
    subject_id,
    hadm_id,
    charttime,
    CASE WHEN itemid = 50868 AND valuenum <= 10000 THEN valuenum END AS aniongap, -- Anion Gap
    CASE WHEN itemid = 50862 AND valuenum <= 10 THEN valuenum END AS albumin, -- Albumin
    CASE WHEN itemid = 51144 AND valuenum <= 100 THEN valuenum END AS bands, -- Bands
    CASE WHEN itemid = 50882 AND valuenum <= 10000 THEN valuenum END AS bicarbonate, -- Bicarbonate
    CASE WHEN itemid = 50885 AND valuenum <= 150 THEN valuenum END AS bilirubin, -- Bilirubin, Total
    CASE WHEN itemid = 50912 AND valuenum <= 150 THEN valuenum END AS creatinine, -- Creatinine
    CASE WHEN itemid IN (50806, 50902) AND valuenum <= 10000 THEN valuenum END AS chloride, -- blood gas, chemistry
    CASE WHEN itemid IN (50809, 50931) AND valuenum <= 10000 THEN valuenum END AS glucose, -- blood gas, chemistry
    CASE WHEN itemid IN (50810, 51221) AND valuenum <= 100 THEN valuenum END AS hematocrit, -- blood gas, hematology
    CASE WHEN itemid IN (50811, 51222) AND valuenum <= 50 THEN valuenum END AS hemoglobin, -- blood gas, hematology
    CASE WHEN itemid = 50813 AND valuenum <= 50 THEN valuenum END AS lactate, -- Lactate
    CASE WHEN itemid = 51265 AND valuenum <= 10000 THEN valuenum END AS platelet, -- Platelet Count
    CASE WHEN itemid IN (50822, 50971) AND valuenum <= 30 THEN valuenum END AS potassium, -- blood gas, chemistry
    CASE WHEN itemid = 51275 AND valuenum <= 150 THEN valuenum END AS ptt, -- PTT
    CASE WHEN itemid = 51237 AND valuenum <= 50 THEN valuenum END AS inr, -- INR(PT)
    CASE WHEN itemid = 51274 AND valuenum <= 150 THEN valuenum END AS pt, -- PT
    CASE WHEN itemid IN (50824, 50983) AND valuenum <= 200 THEN valuenum END AS sodium, -- blood gas, chemistry
    CASE WHEN itemid = 51006 AND valuenum <= 300 THEN valuenum END AS bun, -- Urea Nitrogen
    CASE WHEN itemid IN (51300, 51301) AND valuenum <= 1000 THEN valuenum END AS wbc -- WBC Count, White Blood Cells
  FROM `physionet-data.mimiciii_clinical.labevents`
  WHERE itemid IN (
      50806, 50809, 50810, 50811, 50813, 50822, 50824, 50862, 50868,
      50882, 50885, 50902, 50912, 50931, 50971, 50983, 51006, 51144,
      51221, 51222, 51237, 51265, 51274, 51275, 51300, 51301
    )
    AND valuenum > 0
)

SELECT
  icustays.subject_id,
  icustays.hadm_id,
  icustays.icustay_id,
  MIN(results.aniongap) AS aniongap_min,
  MAX(results.aniongap) AS aniongap_max,
  MIN(results.albumin) AS albumin_min,
  MAX(results.albumin) AS albumin_max,
  MIN(results.bands) AS bands_min,
  MAX(results.bands) AS bands_max,
  MIN(results.bicarbonate) AS bicarbonate_min,
  MAX(results.bicarbonate) AS bicarbonate_max,
  MIN(results.bilirubin) AS bilirubin_min,
  MAX(results.bilirubin) AS bilirubin_max,
  MIN(results.creatinine) AS creatinine_min,
  MAX(results.creatinine) AS creatinine_max,
  MIN(results.chloride) AS chloride_min,
  MAX(results.chloride) AS chloride_max,
  MIN(results.glucose) AS glucose_min,
  MAX(results.glucose) AS glucose_max,
  MIN(results.hematocrit) AS hematocrit_min,
  MAX(results.hematocrit) AS hematocrit_max,
  MIN(results.hemoglobin) AS hemoglobin_min,
  MAX(results.hemoglobin) AS hemoglobin_max,
  MIN(results.lactate) AS lactate_min,
  MAX(results.lactate) AS lactate_max,
  MIN(results.platelet) AS platelet_min,
  MAX(results.platelet) AS platelet_max,
  MIN(results.potassium) AS potassium_min,
  MAX(results.potassium) AS potassium_max,
  MIN(results.ptt) AS ptt_min,
  MAX(results.ptt) AS ptt_max,
  MIN(results.inr) AS inr_min,
  MAX(results.inr) AS inr_max,
  MIN(results.pt) AS pt_min,
  MAX(results.pt) AS pt_max,
  MIN(results.sodium) AS sodium_min,
  MAX(results.sodium) AS sodium_max,
  MIN(results.bun) AS bun_min,
  MAX(results.bun) AS bun_max,
  MIN(results.wbc) AS wbc_min,
  MAX(results.wbc) AS wbc_max
FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
LEFT JOIN results
  ON results.subject_id = icustays.subject_id
  AND results.hadm_id = icustays.hadm_id
  AND results.charttime >= DATETIME_SUB(icustays.intime, INTERVAL 6 HOUR)
  AND results.charttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
GROUP BY
  icustays.subject_id,
  icustays.hadm_id,
  icustays.icustay_id
