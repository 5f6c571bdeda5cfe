-- Lowest, highest and mean vital signs on the first day of each ICU stay.
WITH readings AS (
  SELECT
    icustay_id,
    charttime,
    CASE WHEN itemid IN (211, 220045) AND valuenum > 0 AND valuenum < 300 THEN valuenum END AS heartrate,
    CASE
      WHEN itemid IN (51, 442, 455, 6701, 220179, 220050) AND valuenum > 0 AND valuenum < 400 THEN valuenum
    END AS sysbp,
    CASE
      WHEN itemid IN (8368, 8440, 8441, 8555, 220180, 220051) AND valuenum > 0 AND valuenum < 300 THEN valuenum
    END AS diasbp,
    CASE
      WHEN itemid IN (456, 52, 6702, 443, 220052, 220181, 225312) AND valuenum > 0 AND valuenum < 300 THEN valuenum
    END AS meanbp,
    CASE WHEN itemid IN (615, 618, 220210, 224690) AND valuenum > 0 AND valuenum < 70 THEN valuenum END AS resprate,
    CASE
      WHEN itemid IN (223761, 678) AND valuenum > 70 AND valuenum < 120 THEN (valuenum - 32) / 1.8 -- from Fahrenheit
      WHEN itemid IN (223762, 676) AND valuenum > 10 AND valuenum < 50 THEN valuenum
    END AS tempc,
    CASE WHEN itemid IN (646, 220277) AND valuenum > 0 AND valuenum <= 100 THEN valuenum END AS spo2,
    CASE
      WHEN itemid IN (807, 811, 1529, 3745, 3744, 225664, 220621, 226537) AND valuenum > 0 THEN valuenum
    END AS glucose
  FROM `physionet-data.mimiciii_clinical.chartevents`
  WHERE itemid IN (
      211,    -- Heart Rate
      220045, -- Heart Rate
      51,     -- Arterial BP [Systolic]
      442,    -- Manual BP [Systolic]
      455,    -- NBP [Systolic]
      6701,   -- Arterial BP #2 [Systolic]
      220179, -- Non Invasive Blood Pressure systolic
      220050, -- Arterial Blood Pressure systolic
      8368,   -- Arterial BP [Diastolic]
      8440,   -- Manual BP [Diastolic]
      8441,   -- NBP [Diastolic]
      8555,   -- Arterial BP #2 [Diastolic]
      220180, -- Non Invasive Blood Pressure diastolic
      220051, -- Arterial Blood Pressure diastolic
      456,    -- NBP Mean
      52,     -- Arterial BP Mean
      6702,   -- Arterial BP Mean #2
      443,    -- Manual BP Mean(calc)
      220052, -- Arterial Blood Pressure mean
      220181, -- Non Invasive Blood Pressure mean
      225312, -- ART BP mean
      615,    -- Resp Rate (Total)
      618,    -- Respiratory Rate
      220210, -- Respiratory Rate
      224690, -- Respiratory Rate (Total)
      223761, -- Temperature Fahrenheit
      678,    -- Temperature F
      223762, -- Temperature Celsius
      676,    -- Temperature C
      646,    -- SpO2
      220277, -- O2 saturation pulseoxymetry
      807,    -- Fingerstick Glucose
      811,    -- Glucose (70-105)
      1529,   -- Glucose
      3745,   -- BloodGlucose
      3744,   -- Blood Glucose
      225664, -- Glucose finger stick
      220621, -- Glucose (serum)
      226537  -- Glucose (whole blood)
    )
    AND (error IS NULL OR error = 0)
)

SELECT
  icustays.subject_id,
  icustays.hadm_id,
  icustays.icustay_id,
  MIN(readings.heartrate) AS heartrate_min,
  MAX(readings.heartrate) AS heartrate_max,
  AVG(readings.heartrate) AS heartrate_mean,
  MIN(readings.sysbp) AS sysbp_min,
  MAX(readings.sysbp) AS sysbp_max,
  AVG(readings.sysbp) AS sysbp_mean,
  MIN(readings.diasbp) AS diasbp_min,
  MAX(readings.diasbp) AS diasbp_max,
  AVG(readings.diasbp) AS diasbp_mean,
  MIN(readings.meanbp) AS meanbp_min,
  MAX(readings.meanbp) AS meanbp_max,
  AVG(readings.meanbp) AS meanbp_mean,
  MIN(readings.resprate) AS resprate_min,
  MAX(readings.resprate) AS resprate_max,
  AVG(readings.resprate) AS resprate_mean,
  MIN(readings.tempc) AS tempc_min,
  MAX(readings.tempc) AS tempc_max,
  AVG(readings.tempc) AS tempc_mean,
  MIN(readings.spo2) AS spo2_min,
  MAX(readings.spo2) AS spo2_max,
  AVG(readings.spo2) AS spo2_mean,
  MIN(readings.glucose) AS glucose_min,
  MAX(readings.glucose) AS glucose_max,
  AVG(readings.glucose) AS glucose_mean
FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
INNER JOIN readings
  ON readings.icustay_id = icustays.icustay_id
  AND readings.charttime > icustays.intime
  AND readings.charttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
GROUP BY
  icustays.subject_id,
  icustays.hadm_id,
  icustays.icustay_id
