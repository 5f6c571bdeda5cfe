-- Percentiles of every laboratory item.
SELECT DISTINCT
  itemid,
  PERCENTILE_CONT(valuenum, 0.05) OVER (PARTITION BY itemid) AS p05,
  PERCENTILE_CONT(valuenum, 0.5) OVER (PARTITION BY itemid) AS p50,
  PERCENTILE_CONT(valuenum, 0.95) OVER (PARTITION BY itemid) AS p95
FROM `physionet-data.mimiciv_hosp.labevents`
WHERE valuenum IS NOT NULL
