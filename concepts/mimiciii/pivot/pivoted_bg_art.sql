-- Arterial blood gases of each admission, by their label or by what the values make likely, with oxygenation indices.
WITH saturations AS (
  SELECT
    hadm_id,
    charttime,
    AVG(valuenum) AS spo2
  FROM `physionet-data.mimiciii_clinical.chartevents`
  WHERE itemid IN (
      646,   -- SpO2
      220277 -- O2 saturation pulseoxymetry
    )
    AND valuenum > 0
    AND valuenum <= 100
  GROUP BY
    hadm_id,
    charttime
),

-- percentages, or fractions made percentages
charted_fio2 AS (
  SELECT
    hadm_id,
    charttime,
    MAX(CASE
      WHEN itemid = 223835 AND valuenum <= 1 THEN valuenum * 100                   -- Inspired O2 Fraction
      WHEN itemid = 223835 AND valuenum >= 21 THEN valuenum
      WHEN itemid IN (3420, 3422) THEN valuenum                                    -- FiO2, FiO2 [measured]
      WHEN itemid = 190 AND valuenum > 0.20 AND valuenum < 1 THEN valuenum * 100   -- FiO2 set
    END) AS fio2_chartevents
  FROM `physionet-data.mimiciii_clinical.chartevents`
  WHERE itemid IN (223835, 3420, 3422, 190)
    AND valuenum > 0
    AND valuenum < 100
    AND (error IS NULL OR error <> 1)
  GROUP BY
    hadm_id,
    charttime
),

-- the last saturation of the two hours before the gas
numbered_saturations AS (
  SELECT
    gases.*,
    saturations.spo2,
    ROW_NUMBER() OVER (
      PARTITION BY gases.hadm_id, gases.charttime
      ORDER BY saturations.charttime DESC, gases.icustay_id
    ) AS saturation_number
  FROM `physionet-data.mimiciii_derived.pivoted_bg` AS gases
  LEFT JOIN saturations
    ON saturations.hadm_id = gases.hadm_id
    AND saturations.charttime >= DATETIME_SUB(gases.charttime, INTERVAL 2 HOUR)
    AND saturations.charttime <= gases.charttime
  WHERE gases.po2 IS NOT NULL
),

-- the last inspired oxygen of the four hours before it
numbered_fio2 AS (
  SELECT
    numbered_saturations.*,
    charted_fio2.fio2_chartevents,
    ROW_NUMBER() OVER (
      PARTITION BY numbered_saturations.hadm_id, numbered_saturations.charttime
      ORDER BY charted_fio2.charttime DESC
    ) AS fio2_number
  FROM numbered_saturations
  LEFT JOIN charted_fio2
    ON charted_fio2.hadm_id = numbered_saturations.hadm_id
    AND charted_fio2.charttime >= DATETIME_SUB(numbered_saturations.charttime, INTERVAL 4 HOUR)
    AND charted_fio2.charttime <= numbered_saturations.charttime
    AND charted_fio2.fio2_chartevents > 0
  WHERE numbered_saturations.saturation_number = 1
),

-- a logistic model of an arterial specimen; a missing value counts as its usual one, with a term of its own
arterial_logits AS (
  SELECT
    *,
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
      + COALESCE(0.00848 * o2flow, 0.00848 * 7.59362 - 0.35803) AS arterial_logit
  FROM numbered_fio2
  WHERE fio2_number = 1
),

arterial_gases AS (
  SELECT
    *,
    1 / (1 + EXP(-arterial_logit)) AS specimen_prob,
    COALESCE(fio2, fio2_chartevents) AS inspired_oxygen
  FROM arterial_logits
)

SELECT
  hadm_id,
  icustay_id,
  charttime,
  specimen,
  CASE
    WHEN specimen IS NOT NULL THEN specimen
    WHEN specimen_prob > 0.75 THEN 'ART'
  END AS specimen_pred,
  specimen_prob,
  so2,
  spo2,
  po2,
  pco2,
  fio2_chartevents,
  fio2,
  aado2,
  -- what the alveoli hold less what the artery holds, at sea level
  inspired_oxygen / 100 * (760 - 47) - pco2 / 0.8 - po2 AS aado2_calc,
  100 * po2 / inspired_oxygen AS pao2fio2ratio,
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
FROM arterial_gases
WHERE specimen = 'ART'
  OR specimen_prob > 0.75
