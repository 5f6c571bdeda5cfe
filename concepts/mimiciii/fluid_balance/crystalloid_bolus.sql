-- Boluses of crystalloids of more than 248 mL, by time.
WITH metavision AS (
  SELECT
    icustay_id,
    starttime AS charttime,
    ROUND(CASE
      WHEN amountuom = 'L' THEN amount * 1000
      WHEN amountuom = 'ml' THEN amount
    END) AS volume
  FROM `physionet-data.mimiciii_clinical.inputevents_mv`
  WHERE itemid IN (
      225158, -- NaCl 0.9%
      225828, -- LR
      225944, -- Sterile Water
      225797, -- Free Water
      225159, -- NaCl 0.45%
      225823, -- D5 1/2NS
      225825, -- D5NS
      225827, -- D5LR
      225941, -- D5 1/4NS
      226089  -- Piggyback
    )
    AND statusdescription <> 'Rewritten'
    -- fast enough for a bolus, or given at once
    AND (
      (rateuom = 'mL/hour' AND rate > 248)
      OR (rateuom = 'mL/min' AND rate > 248 / 60)
      OR (rate IS NULL AND amountuom = 'L' AND amount > 0.248)
      OR (rate IS NULL AND amountuom = 'ml' AND amount > 248)
    )
),

carevue AS (
  SELECT
    icustay_id,
    charttime,
    ROUND(amount) AS volume
  FROM `physionet-data.mimiciii_clinical.inputevents_cv`
  WHERE itemid IN (
      30015, -- D5/.45NS
      30018, -- .9% Normal Saline
      30020, -- .45% Normal Saline
      30021, -- Lactated Ringers
      30058, -- Free Water Bolus
      30060, -- D5NS
      30061, -- D5RL
      30063, -- IV Piggyback
      30065, -- Sterile Water
      30159, -- D5 Ringers Lact.
      30160, -- D5 Normal Saline
      30169, -- Sterile H20_GU
      30190, -- NS .9%
      40850, -- ns bolus
      41491, -- fluid bolus
      42639, -- bolus
      42187, -- free h20
      43819, -- 1:1 NS Repletion.
      41430, -- free water boluses
      40712, -- free H20
      44160, -- BOLUS
      42383, -- cc for cc replace
      42297, -- Fluid bolus
      42453, -- Fluid Bolus
      40872, -- free water
      41915, -- FREE WATER
      41490, -- NS bolus
      46501, -- H2O Bolus
      45045, -- WaterBolus
      41984, -- FREE H20
      41371, -- ns fluid bolus
      41582, -- free h20 bolus
      41322, -- rl bolus
      40778, -- Free H2O
      41896, -- ivf boluses
      41428, -- ns .9% bolus
      43936, -- FREE WATER BOLUSES
      44200, -- FLUID BOLUS
      41619, -- frfee water boluses
      40424, -- free H2O
      41457, -- Free H20 intake
      41581, -- Water bolus
      42844, -- NS fluid bolus
      42429, -- Free water
      41356, -- IV Bolus
      40532, -- FREE H2O
      42548, -- NS Bolus
      44184, -- LR Bolus
      44521, -- LR bolus
      44741, -- NS FLUID BOLUS
      44126, -- fl bolus
      44110, -- RL BOLUS
      44633, -- ns boluses
      44983, -- Bolus NS
      44815, -- LR BOLUS
      43986, -- iv bolus
      45079, -- 500 cc ns bolus
      46781, -- lr bolus
      45155, -- ns cc/cc replacement
      43909, -- H20 BOlus
      41467, -- NS IV bolus
      44367, -- LR
      41743, -- water bolus
      40423, -- Bolus
      44263, -- fluid bolus ns
      42749, -- fluid bolus NS
      45480, -- 500cc ns bolus
      44491, -- .9NS bolus
      41695, -- NS fluid boluses
      46169, -- free water bolus.
      41580, -- free h2o bolus
      41392, -- ns b
      45989, -- NS Fluid Bolus
      45137, -- NS cc/cc
      45154, -- Free H20 bolus
      44053, -- normal saline bolus
      41416, -- free h2o boluses
      44761, -- Free H20
      41237, -- ns fluid boluses
      44426, -- bolus ns
      43975, -- FREE H20 BOLUSES
      44894, -- N/s 500 ml bolus
      41380, -- nsbolus
      42671  -- free h2o
    )
    AND amount > 248
    AND amount <= 2000
    AND amountuom = 'ml'
)

SELECT
  icustay_id,
  charttime,
  SUM(volume) AS crystalloid_bolus
FROM metavision
WHERE volume > 248
GROUP BY
  icustay_id,
  charttime

UNION DISTINCT

SELECT
  icustay_id,
  charttime,
  SUM(volume) AS crystalloid_bolus
FROM carevue
GROUP BY
  icustay_id,
  charttime
