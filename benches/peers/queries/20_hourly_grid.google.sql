-- Hourly highest and lowest heart rate of every stay, hours without a reading included.
WITH hours AS (
  SELECT stay_id, DATETIME_ADD(DATETIME_TRUNC(intime, HOUR), INTERVAL hour HOUR) AS start
  FROM `physionet-data.mimiciv_icu.icustays`, UNNEST(GENERATE_ARRAY(0, DATETIME_DIFF(outtime, intime, HOUR))) AS hour
)
SELECT h.stay_id, h.start, MAX(c.valuenum) AS highest, MIN(c.valuenum) AS lowest, COUNT(c.valuenum) AS readings
FROM hours AS h
LEFT JOIN `physionet-data.mimiciv_icu.chartevents` AS c
  ON c.stay_id = h.stay_id AND c.itemid = 220045
  AND c.charttime >= h.start AND c.charttime < DATETIME_ADD(h.start, INTERVAL 1 HOUR)
GROUP BY h.stay_id, h.start
