-- Time-weighted mean per stay: each pressure holds until the next, four hours at most.
SELECT stay_id, SUM(valuenum * minutes) / SUM(minutes) AS mbp, SUM(minutes) AS minutes
FROM (
  SELECT stay_id, valuenum, LEAST(DATETIME_DIFF(next, charttime, MINUTE), 240) AS minutes
  FROM (
    SELECT stay_id, charttime, valuenum, LEAD(charttime) OVER (PARTITION BY stay_id ORDER BY charttime, itemid, valuenum) AS next
    FROM `physionet-data.mimiciv_icu.chartevents`
    WHERE itemid IN (220052, 220181) AND valuenum > 0 AND valuenum < 300
  )
  WHERE next > charttime
)
WHERE minutes > 0
GROUP BY stay_id
