WITH hours AS (
  SELECT stay_id, DATE_TRUNC('hour', intime) + to_hours(hour) AS start
  FROM mimiciv_icu.icustays, UNNEST(generate_series(0, DATE_DIFF('hour', intime, outtime))) AS u(hour)
)
SELECT h.stay_id, h.start, MAX(c.valuenum) AS highest, MIN(c.valuenum) AS lowest, COUNT(c.valuenum) AS readings
FROM hours AS h
LEFT JOIN mimiciv_icu.chartevents AS c
  ON c.stay_id = h.stay_id AND c.itemid = 220045
  AND c.charttime >= h.start AND c.charttime < h.start + INTERVAL 1 HOUR
GROUP BY h.stay_id, h.start
