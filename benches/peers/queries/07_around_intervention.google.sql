-- Vital signs around an intervention: six hours before to six hours after each arterial line was placed, by hour.
SELECT
  p.stay_id, p.starttime, DATETIME_DIFF(c.charttime, p.starttime, HOUR) AS hour, c.itemid,
  AVG(c.valuenum) AS average, COUNT(*) AS readings
FROM `physionet-data.mimiciv_icu.procedureevents` AS p
JOIN `physionet-data.mimiciv_icu.chartevents` AS c
  ON c.stay_id = p.stay_id
  AND c.charttime >= DATETIME_SUB(p.starttime, INTERVAL 6 HOUR)
  AND c.charttime < DATETIME_ADD(p.starttime, INTERVAL 6 HOUR)
WHERE p.itemid = 225752 AND c.itemid IN (220045, 220052, 220181, 220210, 220277) AND c.valuenum IS NOT NULL
GROUP BY p.stay_id, p.starttime, hour, c.itemid
