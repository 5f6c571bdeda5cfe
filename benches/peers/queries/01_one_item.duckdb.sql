SELECT stay_id, COUNT(*) AS readings, MIN(valuenum) AS lowest, AVG(valuenum) AS average, MAX(valuenum) AS highest
FROM mimiciv_icu.chartevents
WHERE itemid = 220045
GROUP BY stay_id
