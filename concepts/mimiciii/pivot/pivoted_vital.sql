-- Vital signs at each charted time of an ICU stay, implausible values left out.
SELECT
  icustay_id,
  charttime,
  -- Heart Rate
  AVG(CASE WHEN itemid IN (211, 220045) AND valuenum > 0 AND valuenum < 300 THEN valuenum END) AS heartrate,
  -- Arterial BP, Manual BP, NBP, Arterial BP #2; non invasive and arterial
  AVG(CASE
    WHEN itemid IN (51, 442, 455, 6701, 220179, 220050) AND valuenum > 0 AND valuenum < 400 THEN valuenum
  END) AS sysbp,
  AVG(CASE
    WHEN itemid IN (8368, 8440, 8441, 8555, 220180, 220051) AND valuenum > 0 AND valuenum < 300 THEN valuenum
  END) AS diasbp,
  -- NBP, Arterial BP, Arterial BP #2, Manual BP; arterial, non invasive and ART
  AVG(CASE
    WHEN itemid IN (456, 52, 6702, 443, 220052, 220181, 225312) AND valuenum > 0 AND valuenum < 300 THEN valuenum
  END) AS meanbp,
  -- Respiratory Rate, and Total
  AVG(CASE WHEN itemid IN (615, 618, 220210, 224690) AND valuenum > 0 AND valuenum < 70 THEN valuenum END) AS resprate,
  AVG(CASE
    WHEN itemid IN (223761, 678) AND valuenum > 70 AND valuenum < 120 THEN (valuenum - 32) / 1.8 -- Fahrenheit
    WHEN itemid IN (223762, 676) AND valuenum > 10 AND valuenum < 50 THEN valuenum               -- Celsius
  END) AS tempc,
  -- SpO2, O2 saturation pulseoxymetry
  AVG(CASE WHEN itemid IN (646, 220277) AND valuenum > 0 AND valuenum <= 100 THEN valuenum END) AS spo2,
  -- Fingerstick Glucose, Glucose (70-105), Glucose, BloodGlucose, Blood Glucose; finger stick, serum, whole blood
  AVG(CASE
    WHEN itemid IN (807, 811, 1529, 3745, 3744, 225664, 220621, 226537) AND valuenum > 0 THEN valuenum
  END) AS glucose
FROM `physionet-data.mimiciii_clinical.chartevents`
WHERE itemid IN (
    211, 220045,                                        -- heart rate
    51, 442, 455, 6701, 220179, 220050,                 -- systolic pressure
    8368, 8440, 8441, 8555, 220180, 220051,             -- diastolic pressure
    456, 52, 6702, 443, 220052, 220181, 225312,         -- mean pressure
    615, 618, 220210, 224690,                           -- respiratory rate
    223761, 678, 223762, 676,                           -- temperature
    646, 220277,                                        -- oxygen saturation
    807, 811, 1529, 3745, 3744, 225664, 220621, 226537  -- glucose
  )
  AND icustay_id IS NOT NULL
  AND (error IS NULL OR error <> 1)
GROUP BY
  icustay_id,
  charttime
