-- Intracranial pressure at each charted time, the higher of two monitors.
SELECT
  icustay_id,
  charttime,
  MAX(CASE WHEN valuenum > 0 AND valuenum < 100 THEN valuenum END) AS icp
FROM `physionet-data.mimiciii_clinical.chartevents`
WHERE itemid IN (
    226,    -- ICP
    1374,   -- ICP Right
    2045,   -- icp left
    2635,   -- VENT ICP
    2660,   -- ICP Camino
    2733,   -- RIGHT VENT ICP
    2745,   -- ICP LEFT
    2870,   -- ICP-ventriculostomuy
    2956,   -- ventriculostomy icp
    2985,   -- ICP ventricle
    5856,   -- icp
    7116,   -- Rt ICP
    8218,   -- left icp
    8298,   -- L ICP
    8299,   -- R ICP
    8305,   -- ICP  Right
    220765, -- Intra Cranial Pressure
    227989  -- Intra Cranial Pressure #2
  )
  AND icustay_id IS NOT NULL
  AND (error IS NULL OR error <> 1)
GROUP BY
  icustay_id,
  charttime
