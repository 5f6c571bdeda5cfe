-- Several items side by side, a row for each time that anything was charted.
SELECT
  stay_id, charttime,
  AVG(CASE WHEN itemid = 220045 THEN valuenum END) AS heart_rate,
  AVG(CASE WHEN itemid IN (220050, 220179) THEN valuenum END) AS sbp,
  AVG(CASE WHEN itemid IN (220052, 220181) THEN valuenum END) AS mbp,
  AVG(CASE WHEN itemid = 220210 THEN valuenum END) AS resp_rate,
  AVG(CASE WHEN itemid = 220277 THEN valuenum END) AS spo2,
  AVG(CASE WHEN itemid = 223761 THEN (valuenum - 32) / 1.8 END) AS temperature
FROM `physionet-data.mimiciv_icu.chartevents`
WHERE itemid IN (220045, 220050, 220179, 220052, 220181, 220210, 220277, 223761) AND stay_id IS NOT NULL
GROUP BY stay_id, charttime
