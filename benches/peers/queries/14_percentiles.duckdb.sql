SELECT
  itemid, quantile_cont(valuenum, 0.05) AS p05, quantile_cont(valuenum, 0.5) AS p50, quantile_cont(valuenum, 0.95) AS p95
FROM mimiciv_hosp.labevents
WHERE valuenum IS NOT NULL
GROUP BY itemid
