SELECT
  COUNT(*) AS events, COUNT(valuenum) AS numbers, AVG(valuenum) AS average, MIN(charttime) AS first, MAX(charttime) AS last,
  AVG(DATE_DIFF('minute', charttime, storetime)) AS delay
FROM mimiciv_icu.chartevents
