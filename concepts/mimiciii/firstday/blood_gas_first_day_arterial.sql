-- Arterial blood gases of the first day of each ICU stay, by label or by a model, with charted oxygen and its indices.
WITH gases AS (
  SELECT *
  FROM `physionet-data.mimiciii_derived.blood_gas_first_day`
  WHERE po2 IS NOT NULL
),

charted_spo2 AS (
  SELECT
    subject_id,
    hadm_id,
    icustay_id,
    charttime,
    MAX(CASE WHEN valuenum > 0 AND valuenum <= 100 THEN valuenum END) AS spo2
  FROM `physionet-data.mimiciii_clinical.chartevents`
  WHERE itemid IN (
      646,   -- SpO2
      220277 -- O2 saturation pulseoxymetry
    )
  GROUP BY
    subject_id,
    hadm_id,
    icustay_id,
    charttime
),

-- the oxygen saturations of the two hours up to the specimen, the latest first, with a value or without
gases_with_spo2 AS (
  SELECT
    gases.*,
    charted_spo2.spo2,
    ROW_NUMBER() OVER (
      PARTITION BY gases.icustay_id, gases.charttime
      ORDER BY charted_spo2.charttime DESC, charted_spo2.subject_id, charted_spo2.hadm_id
    ) AS spo2_number
  FROM gases
  LEFT JOIN charted_spo2
    ON charted_spo2.icustay_id = gases.icustay_id
    AND charted_spo2.charttime >= DATETIME_SUB(gases.charttime, INTERVAL 2 HOUR)
    AND charted_spo2.charttime <= gases.charttime
),

charted_fio2 AS (
  SELECT
    subject_id,
    hadm_id,
    icustay_id,
    charttime,
    MAX(CASE -- in %
      WHEN itemid = 223835 AND valuenum > 0 AND valuenum <= 1 THEN valuenum * 100
      -- between the fractions and room air there is no inspired oxygen
      WHEN itemid = 223835 AND valuenum >= 21 AND valuenum <= 100 THEN valuenum
      WHEN itemid IN (3420, 3422) THEN valuenum
      WHEN itemid = 190 AND valuenum > 0.20 AND valuenum < 1 THEN valuenum * 100
    END) AS fio2
  FROM `physionet-data.mimiciii_clinical.chartevents`
  WHERE itemid IN (
      223835, -- Inspired O2 Fraction (FiO2), in % or as a fraction
      3420,   -- FiO2, in %
      3422,   -- FIO2 [Meas], in %
      190     -- FiO2 set, as a fraction
    )
    AND (error IS NULL OR error = 0)
  GROUP BY
    subject_id,
    hadm_id,
    icustay_id,
    charttime
),

-- the same for the inspired oxygen of the last four hours
gases_with_fio2 AS (
  SELECT
    gases_with_spo2.*,
    charted_fio2.fio2 AS fio2_chartevents,
    COALESCE(gases_with_spo2.fio2, charted_fio2.fio2) AS fio2_any,
    ROW_NUMBER() OVER (
      PARTITION BY gases_with_spo2.icustay_id, gases_with_spo2.charttime
      ORDER BY charted_fio2.charttime DESC, charted_fio2.subject_id, charted_fio2.hadm_id
    ) AS fio2_number
  FROM gases_with_spo2
  LEFT JOIN charted_fio2
    ON charted_fio2.icustay_id = gases_with_spo2.icustay_id
    AND charted_fio2.charttime >= DATETIME_SUB(gases_with_spo2.charttime, INTERVAL 4 HOUR)
    AND charted_fio2.charttime <= gases_with_spo2.charttime
  WHERE gases_with_spo2.spo2_number = 1
),

-- a logistic regression on labelled specimens; what is missing is imputed and has a term of its own
predictions AS (
  SELECT
    *,
    1 / (1 + EXP(-(
      -0.02544
      + 0.04598 * po2
      + COALESCE(-0.15356 * spo2, -0.15356 * 97.49420 + 0.13429)
      + COALESCE(0.00621 * fio2_chartevents, 0.00621 * 51.49550 - 0.24958)
      + COALESCE(0.10559 * hemoglobin, 0.10559 * 10.32307 + 0.05954)
      + COALESCE(0.13251 * so2, 0.13251 * 93.66539 - 0.23172)
      + COALESCE(-0.01511 * pco2, -0.01511 * 42.08866 - 0.01630)
      + COALESCE(0.01480 * fio2, 0.01480 * 63.97836 - 0.31142)
      + COALESCE(-0.00200 * aado2, -0.00200 * 442.21186 - 0.01328)
      + COALESCE(-0.03220 * bicarbonate, -0.03220 * 22.96894 - 0.06535)
      + COALESCE(0.05384 * totalco2, 0.05384 * 24.72632 - 0.01405)
      + COALESCE(0.08202 * lactate, 0.08202 * 3.06436 + 0.06038)
      + COALESCE(0.10956 * ph, 0.10956 * 7.36233 - 0.00617)
      + COALESCE(0.00848 * o2flow, 0.00848 * 7.59362 - 0.35803)
    ))) AS specimen_prob
  FROM gases_with_fio2
  WHERE fio2_number = 1
)

SELECT
  subject_id,
  hadm_id,
  icustay_id,
  charttime,
  specimen,
  CASE
    WHEN specimen IS NOT NULL THEN specimen
    WHEN specimen_prob > 0.75 THEN 'ART'
  END AS SPECIMEN_PRED,
  specimen_prob,
  so2,
  spo2,
  po2,
  pco2,
  fio2_chartevents,
  fio2,
  aado2,
  -- 760 - 47: atmospheric pressure less water vapour in mm Hg; 0.8: the respiratory quotient
  fio2_any / 100 * (760 - 47) - pco2 / 0.8 - po2 AS AADO2_calc,
  -- an inspired oxygen of 0 has no ratio
  100 * po2 / NULLIF(fio2_any, 0) AS PaO2FiO2,
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
  glucose,
  intubated,
  tidalvolume,
  ventilationrate,
  ventilator,
  peep,
  o2flow,
  requiredo2
FROM predictions
WHERE specimen = 'ART'
  OR specimen_prob > 0.75
