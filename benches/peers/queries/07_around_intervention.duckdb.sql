SELECT
  p.stay_id, p.starttime, DATE_DIFF('hour', p.starttime, c.charttime) AS hour, c.itemid,
  AVG(c.valuenum) AS average, COUNT(*) AS readings
FROM mimiciv_icu.procedureevents AS p
JOIN mimiciv_icu.chartevents AS c
  ON c.stay_id = p.stay_id
  AND c.charttime >= p.starttime - INTERVAL 6 HOUR
  AND c.charttime < p.starttime + INTERVAL 6 HOUR
WHERE p.itemid = 225752 AND c.itemid IN (220045, 220052, 220181, 220210, 220277) AND c.valuenum IS NOT NULL
GROUP BY p.stay_id, p.starttime, hour, c.itemid
