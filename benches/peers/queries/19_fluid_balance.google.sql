-- Fluid balance: what went in and out by stay and day.
WITH fluids AS (
  SELECT stay_id, DATE(starttime) AS day, amount AS volume
  FROM `physionet-data.mimiciv_icu.inputevents`
  WHERE amountuom = 'ml'
  UNION ALL
  SELECT stay_id, DATE(charttime), -value
  FROM `physionet-data.mimiciv_icu.outputevents`
  WHERE valueuom = 'mL'
)
SELECT stay_id, day, SUM(IF(volume > 0, volume, 0)) AS taken, SUM(IF(volume < 0, -volume, 0)) AS given_off, SUM(volume) AS balance
FROM fluids
GROUP BY stay_id, day
