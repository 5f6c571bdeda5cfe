WITH fluids AS (
  SELECT stay_id, CAST(starttime AS DATE) AS day, amount AS volume
  FROM mimiciv_icu.inputevents
  WHERE amountuom = 'ml'
  UNION ALL
  SELECT stay_id, CAST(charttime AS DATE), -value
  FROM mimiciv_icu.outputevents
  WHERE valueuom = 'mL'
)
SELECT stay_id, day, SUM(IF(volume > 0, volume, 0)) AS taken, SUM(IF(volume < 0, -volume, 0)) AS given_off, SUM(volume) AS balance
FROM fluids
GROUP BY stay_id, day
