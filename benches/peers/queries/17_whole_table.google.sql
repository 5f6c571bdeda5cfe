-- An aggregate over a full table.
SELECT
  COUNT(*) AS events, COUNT(valuenum) AS numbers, AVG(valuenum) AS average, MIN(charttime) AS first, MAX(charttime) AS last,
  AVG(DATETIME_DIFF(storetime, charttime, MINUTE)) AS delay
FROM `physionet-data.mimiciv_icu.chartevents`
