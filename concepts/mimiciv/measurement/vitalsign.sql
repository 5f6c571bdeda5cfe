-- Vital signs at each charted time of an ICU stay, implausible values left out.
SELECT
  subject_id,
  stay_id,
  charttime,
  AVG(CASE WHEN itemid = 220045 AND valuenum > 0 AND valuenum < 300 THEN valuenum END) AS heart_rate, -- Heart Rate
  -- Non Invasive BP systolic, Arterial BP systolic, ART BP Systolic
  AVG(CASE WHEN itemid IN (220179, 220050, 225309) AND valuenum > 0 AND valuenum < 400 THEN valuenum END) AS sbp,
  -- Non Invasive BP diastolic, Arterial BP diastolic, ART BP Diastolic
  AVG(CASE WHEN itemid IN (220180, 220051, 225310) AND valuenum > 0 AND valuenum < 300 THEN valuenum END) AS dbp,
  -- Non Invasive BP mean, Arterial BP mean, ART BP Mean
  AVG(CASE WHEN itemid IN (220181, 220052, 225312) AND valuenum > 0 AND valuenum < 300 THEN valuenum END) AS mbp,
  AVG(CASE WHEN itemid = 220179 AND valuenum > 0 AND valuenum < 400 THEN valuenum END) AS sbp_ni,
  AVG(CASE WHEN itemid = 220180 AND valuenum > 0 AND valuenum < 300 THEN valuenum END) AS dbp_ni,
  AVG(CASE WHEN itemid = 220181 AND valuenum > 0 AND valuenum < 300 THEN valuenum END) AS mbp_ni,
  -- Respiratory Rate, Respiratory Rate (Total)
  AVG(CASE WHEN itemid IN (220210, 224690) AND valuenum > 0 AND valuenum < 70 THEN valuenum END) AS resp_rate,
  ROUND(CAST(AVG(CASE
    WHEN itemid = 223761 AND valuenum > 70 AND valuenum < 120 THEN (valuenum - 32) / 1.8 -- Temperature Fahrenheit
    WHEN itemid = 223762 AND valuenum > 10 AND valuenum < 50 THEN valuenum -- Temperature Celsius
  END) AS NUMERIC), 2) AS temperature,
  MAX(CASE WHEN itemid = 224642 THEN value END) AS temperature_site, -- Temperature Site
  -- O2 saturation pulseoxymetry
  AVG(CASE WHEN itemid = 220277 AND valuenum > 0 AND valuenum <= 100 THEN valuenum END) AS spo2,
  -- Glucose finger stick, Glucose (serum), Glucose (whole blood)
  AVG(CASE WHEN itemid IN (225664, 220621, 226537) AND valuenum > 0 THEN valuenum END) AS glucose
FROM `physionet-data.mimiciv_icu.chartevents`
WHERE itemid IN (
    220045, 220050, 220051, 220052, 220179, 220180, 220181, 220210, 220277, 220621, 223761, 223762,
    224642, 224690, 225309, 225310, 225312, 225664, 226537
  )
  AND stay_id IS NOT NULL
GROUP BY
  subject_id,
  stay_id,
  charttime
