-- A window per stay: oxygen saturation with the mean of the last six readings and the lowest so far.
SELECT
  stay_id, charttime, valuenum,
  AVG(valuenum) OVER (PARTITION BY stay_id ORDER BY charttime, valuenum ROWS BETWEEN 5 PRECEDING AND CURRENT ROW) AS recent,
  MIN(valuenum) OVER (PARTITION BY stay_id ORDER BY charttime, valuenum ROWS UNBOUNDED PRECEDING) AS lowest,
  LAG(valuenum) OVER (PARTITION BY stay_id ORDER BY charttime, valuenum) AS before
FROM `physionet-data.mimiciv_icu.chartevents`
WHERE itemid = 220277 AND valuenum IS NOT NULL
