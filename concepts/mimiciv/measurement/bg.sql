-- Blood gas panels with a measured pO2, with the charted FiO2, the PaO2/FiO2 ratio and the alveolar-arterial gradient.
WITH specimens AS (
  SELECT
    MAX(subject_id) AS subject_id,
    MAX(hadm_id) AS hadm_id,
    MAX(charttime) AS charttime,
    specimen_id,
    MAX(CASE WHEN itemid = 52033 THEN value END) AS specimen, -- Specimen Type
    MAX(CASE WHEN itemid = 50817 AND valuenum <= 100 THEN valuenum END) AS so2, -- Oxygen Saturation
    MAX(CASE WHEN itemid = 50821 THEN valuenum END) AS po2, -- pO2
    MAX(CASE WHEN itemid = 50818 THEN valuenum END) AS pco2, -- pCO2
    MAX(CASE -- Oxygen, in % or as a fraction
      WHEN itemid = 50816 AND valuenum > 20 AND valuenum <= 100 THEN valuenum
      WHEN itemid = 50816 AND valuenum > 0.2 AND valuenum <= 1 THEN valuenum * 100
    END) AS fio2,
    MAX(CASE WHEN itemid = 50801 THEN valuenum END) AS aado2, -- Alveolar-arterial Gradient
    MAX(CASE WHEN itemid = 50820 THEN valuenum END) AS ph, -- pH
    MAX(CASE WHEN itemid = 50802 THEN valuenum END) AS baseexcess, -- Base Excess
    MAX(CASE WHEN itemid = 50803 THEN valuenum END) AS bicarbonate, -- Calculated Bicarbonate, Whole Blood
    MAX(CASE WHEN itemid = 50804 THEN valuenum END) AS totalco2, -- Calculated Total CO2
    MAX(CASE WHEN itemid = 50810 AND valuenum <= 100 THEN valuenum END) AS hematocrit, -- Hematocrit, Calculated
    MAX(CASE WHEN itemid = 50811 THEN valuenum END) AS hemoglobin, -- Hemoglobin
    MAX(CASE WHEN itemid = 50805 THEN valuenum END) AS carboxyhemoglobin, -- Carboxyhemoglobin
    MAX(CASE WHEN itemid = 50814 THEN valuenum END) AS methemoglobin, -- Methemoglobin
    MAX(CASE WHEN itemid = 50806 THEN valuenum END) AS chloride, -- Chloride, Whole Blood
    MAX(CASE WHEN itemid = 50808 THEN valuenum END) AS calcium, -- Free Calcium
    MAX(CASE WHEN itemid = 50825 THEN valuenum END) AS temperature, -- Temperature
    MAX(CASE WHEN itemid = 50822 THEN valuenum END) AS potassium, -- Potassium, Whole Blood
    MAX(CASE WHEN itemid = 50824 THEN valuenum END) AS sodium, -- Sodium, Whole Blood
    MAX(CASE WHEN itemid = 50813 AND valuenum <= 10000 THEN valuenum END) AS lactate, -- Lactate
    MAX(CASE WHEN itemid = 50809 AND valuenum <= 10000 THEN valuenum END) AS glucose -- Glucose
  FROM `physionet-data.mimiciv_hosp.labevents`
  -- 50807 Comments, 50815 O2 Flow, 50819 PEEP and 50823 Required O2 belong to the panel but have no column
  WHERE itemid IN (
      50801, 50802, 50803, 50804, 50805, 50806, 50807, 50808, 50809,
      50810, 50811, 50813, 50814, 50815, 50816, 50817, 50818, 50819,
      50820, 50821, 50822, 50823, 50824, 50825, 52033
    )
  GROUP BY specimen_id
  HAVING po2 IS NOT NULL
),

charted_fio2 AS (
  SELECT
    subject_id,
    charttime,
    MAX(CASE -- in % or as a fraction; what lies between (1 to 20) is neither
      WHEN valuenum > 0.2 AND valuenum <= 1 THEN valuenum * 100
      WHEN valuenum >= 20 THEN valuenum
    END) AS fio2
  FROM `physionet-data.mimiciv_icu.chartevents`
  WHERE itemid = 223835 -- Inspired O2 Fraction
    AND valuenum > 0
    AND valuenum <= 100
  GROUP BY
    subject_id,
    charttime
  HAVING fio2 IS NOT NULL
),

-- every FiO2 charted in the four hours up to the specimen, the latest first
specimens_with_fio2 AS (
  SELECT
    specimens.*,
    charted_fio2.fio2 AS fio2_chartevents,
    COALESCE(specimens.fio2, charted_fio2.fio2) AS fio2_any,
    ROW_NUMBER() OVER (PARTITION BY specimens.specimen_id ORDER BY charted_fio2.charttime DESC) AS fio2_number
  FROM specimens
  LEFT JOIN charted_fio2
    ON charted_fio2.subject_id = specimens.subject_id
    AND charted_fio2.charttime >= DATETIME_SUB(specimens.charttime, INTERVAL 4 HOUR)
    AND charted_fio2.charttime <= specimens.charttime
)

SELECT
  subject_id,
  hadm_id,
  charttime,
  specimen,
  so2,
  po2,
  pco2,
  fio2_chartevents,
  fio2,
  aado2,
  -- 713 mm Hg: atmospheric pressure less water vapour (760 - 47); 0.8: the respiratory quotient
  ROUND(CAST(fio2_any / 100 * 713 - pco2 / 0.8 - po2 AS NUMERIC), 4) AS aado2_calc,
  100 * po2 / fio2_any AS pao2fio2ratio,
  ph,
  baseexcess,
  bicarbonate,
  totalco2,
  hematocrit,
  hemoglobin,
  carboxyhemoglobin,
  methemoglobin,
  chloride,
  calcium,
  temperature,
  potassium,
  sodium,
  lactate,
  glucose
FROM specimens_with_fio2
WHERE fio2_number = 1
