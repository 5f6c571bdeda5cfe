-- Blood gas panels of the first day of each ICU stay, one row per time of a specimen.
SELECT
  icustays.subject_id AS SUBJECT_ID,
  icustays.hadm_id AS HADM_ID,
  icustays.icustay_id AS ICUSTAY_ID,
  labevents.charttime AS CHARTTIME,
  MAX(CASE WHEN itemid = 50800 THEN value END) AS specimen, -- Specimen Type
  MAX(CASE WHEN itemid = 50801 AND valuenum > 0 THEN valuenum END) AS aado2, -- Alveolar-arterial Gradient
  MAX(CASE WHEN itemid = 50802 THEN valuenum END) AS baseexcess, -- Base Excess, may be negative
  MAX(CASE
    WHEN itemid = 50803 AND valuenum > 0
      THEN valuenum
  END) AS bicarbonate, -- Calculated Bicarbonate, Whole Blood
  MAX(CASE WHEN itemid = 50804 AND valuenum > 0 THEN valuenum END) AS totalco2, -- Calculated Total CO2
  MAX(CASE WHEN itemid = 50805 AND valuenum > 0 THEN valuenum END) AS carboxyhemoglobin, -- Carboxyhemoglobin
  MAX(CASE WHEN itemid = 50806 AND valuenum > 0 THEN valuenum END) AS chloride, -- Chloride, Whole Blood
  MAX(CASE WHEN itemid = 50808 AND valuenum > 0 THEN valuenum END) AS calcium, -- Free Calcium
  MAX(CASE WHEN itemid = 50809 AND valuenum > 0 THEN valuenum END) AS glucose, -- Glucose
  MAX(CASE
    WHEN itemid = 50810 AND valuenum > 0 AND valuenum <= 100
      THEN valuenum
  END) AS hematocrit, -- Hematocrit, Calculated
  MAX(CASE WHEN itemid = 50811 AND valuenum > 0 THEN valuenum END) AS hemoglobin, -- Hemoglobin
  MAX(CASE WHEN itemid = 50812 AND valuenum > 0 THEN valuenum END) AS intubated, -- Intubated
  MAX(CASE WHEN itemid = 50813 AND valuenum > 0 THEN valuenum END) AS lactate, -- Lactate
  MAX(CASE WHEN itemid = 50814 AND valuenum > 0 THEN valuenum END) AS methemoglobin, -- Methemoglobin
  MAX(CASE WHEN itemid = 50815 AND valuenum > 0 AND valuenum <= 70 THEN valuenum END) AS o2flow, -- O2 Flow
  MAX(CASE WHEN itemid = 50816 AND valuenum >= 20 AND valuenum <= 100 THEN valuenum END) AS fio2, -- Oxygen
  MAX(CASE WHEN itemid = 50817 AND valuenum > 0 AND valuenum <= 100 THEN valuenum END) AS so2, -- Oxygen Saturation
  MAX(CASE WHEN itemid = 50818 AND valuenum > 0 THEN valuenum END) AS pco2, -- pCO2
  MAX(CASE WHEN itemid = 50819 AND valuenum > 0 THEN valuenum END) AS peep, -- PEEP
  MAX(CASE WHEN itemid = 50820 AND valuenum > 0 THEN valuenum END) AS ph, -- pH
  MAX(CASE WHEN itemid = 50821 AND valuenum > 0 AND valuenum <= 800 THEN valuenum END) AS po2, -- pO2
  MAX(CASE WHEN itemid = 50822 AND valuenum > 0 THEN valuenum END) AS potassium, -- Potassium, Whole Blood
  MAX(CASE WHEN itemid = 50823 AND valuenum > 0 THEN valuenum END) AS requiredo2, -- Required O2
  MAX(CASE WHEN itemid = 50824 AND valuenum > 0 THEN valuenum END) AS sodium, -- Sodium, Whole Blood
  MAX(CASE WHEN itemid = 50825 AND valuenum > 0 THEN valuenum END) AS temperature, -- Temperature
  MAX(CASE WHEN itemid = 50826 AND valuenum > 0 THEN valuenum END) AS tidalvolume, -- Tidal Volume
  MAX(CASE WHEN itemid = 50827 AND valuenum > 0 THEN valuenum END) AS ventilationrate, -- Ventilation Rate
  MAX(CASE WHEN itemid = 50828 AND valuenum > 0 THEN valuenum END) AS ventilator -- Ventilator
FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
LEFT JOIN `physionet-data.mimiciii_clinical.labevents` AS labevents
  ON labevents.subject_id = icustays.subject_id
  AND labevents.hadm_id = icustays.hadm_id
  AND labevents.charttime >= DATETIME_SUB(icustays.intime, INTERVAL 6 HOUR)
  AND labevents.charttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
  -- 50807 Comments and 51545 belong to the panel but have no column: with nothing else they make a row of NULLs
  AND labevents.itemid IN (
    50800, 50801, 50802, 50803, 50804, 50805, 50806, 50807, 50808, 50809,
    50810, 50811, 50812, 50813, 50814, 50815, 50816, 50817, 50818, 50819,
    50820, 50821, 50822, 50823, 50824, 50825, 50826, 50827, 50828, 51545
  )
GROUP BY
  icustays.subject_id,
  icustays.hadm_id,
  icustays.icustay_id,
  labevents.charttime
