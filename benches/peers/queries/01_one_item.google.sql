-- One item over all stays: heart rate.
SELECT stay_id, COUNT(*) AS readings, MIN(valuenum) AS lowest, AVG(valuenum) AS average, MAX(valuenum) AS highest
FROM `physionet-data.mimiciv_icu.chartevents`
WHERE itemid = 220045
GROUP BY stay_id
