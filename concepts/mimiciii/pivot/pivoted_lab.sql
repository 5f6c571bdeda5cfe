-- Laboratory results of each patient and time, with the admission and the ICU stay they fall in.
WITH results AS (
  SELECT
    subject_id,
    charttime,
    AVG(CASE WHEN itemid = 50868 AND valuenum <= 10000 THEN valuenum END) AS ANIONGAP,
    AVG(CASE WHEN itemid = 50862 AND valuenum <= 10 THEN valuenum END) AS ALBUMIN,
    AVG(CASE WHEN itemid = 51144 AND valuenum <= 100 THEN valuenum END) AS BANDS,
    AVG(CASE WHEN itemid = 50882 AND valuenum <= 10000 THEN valuenum END) AS BICARBONATE,
    AVG(CASE WHEN itemid = 50885 AND valuenum <= 150 THEN valuenum END) AS BILIRUBIN,
    AVG(CASE WHEN itemid = 50912 AND valuenum <= 150 THEN valuenum END) AS CREATININE,
    AVG(CASE WHEN itemid = 50902 AND valuenum <= 10000 THEN valuenum END) AS CHLORIDE,
    AVG(CASE WHEN itemid = 50931 AND valuenum <= 10000 THEN valuenum END) AS GLUCOSE,
    AVG(CASE WHEN itemid = 51221 AND valuenum <= 100 THEN valuenum END) AS HEMATOCRIT,
    AVG(CASE WHEN itemid = 51222 AND valuenum <= 50 THEN valuenum END) AS HEMOGLOBIN,
    AVG(CASE WHEN itemid = 50813 AND valuenum <= 50 THEN valuenum END) AS LACTATE,
    AVG(CASE WHEN itemid = 51265 AND valuenum <= 10000 THEN valuenum END) AS PLATELET,
    AVG(CASE WHEN itemid = 50971 AND valuenum <= 30 THEN valuenum END) AS POTASSIUM,
    AVG(CASE WHEN itemid = 51275 AND valuenum <= 150 THEN valuenum END) AS PTT,
    AVG(CASE WHEN itemid = 51237 AND valuenum <= 50 THEN valuenum END) AS INR,
    AVG(CASE WHEN itemid = 51274 AND valuenum <= 150 THEN valuenum END) AS PT,
    AVG(CASE WHEN itemid = 50983 AND valuenum <= 200 THEN valuenum END) AS SODIUM,
    AVG(CASE WHEN itemid = 51006 AND valuenum <= 300 THEN valuenum END) AS BUN,
    AVG(CASE WHEN itemid IN (51300, 51301) AND valuenum <= 1000 THEN valuenum END) AS WBC
  FROM `physionet-data.mimiciii_clinical.labevents`
  WHERE itemid IN (
      50813, -- Lactate (blood gas)
      50862, -- Albumin
      50868, -- Anion gap
      50882, -- Bicarbonate
      50885, -- Bilirubin, Total
      50902, -- Chloride
      50912, -- Creatinine
      50931, -- Glucose
      50971, -- Potassium
      50983, -- Sodium
      51006, -- Urea Nitrogen
      51144, -- Bands
      51221, -- Hematocrit
      51222, -- Hemoglobin
      51237, -- INR(PT)
      51265, -- Platelet Count
      51274, -- PT
      51275, -- PTT
      51300, -- WBC Count
      51301  -- White Blood Cells
    )
    AND valuenum > 0
  GROUP BY
    subject_id,
    charttime
),

-- twelve hours to either side of a stay; between two that are less than a day apart, half the time between them
neighbouring_icustays AS (
  SELECT
    subject_id,
    icustay_id,
    intime,
    outtime,
    LAG(outtime) OVER (PARTITION BY subject_id ORDER BY intime, icustay_id) AS previous_outtime,
    LEAD(intime) OVER (PARTITION BY subject_id ORDER BY intime, icustay_id) AS next_intime
  FROM `physionet-data.mimiciii_clinical.icustays`
),

icustay_windows AS (
  SELECT
    subject_id,
    icustay_id,
    CASE
      WHEN previous_outtime > DATETIME_SUB(intime, INTERVAL 24 HOUR)
        THEN DATETIME_SUB(
          intime,
          INTERVAL CAST(DATETIME_DIFF(intime, previous_outtime, SECOND) / 2 AS INT64) SECOND
        )
      ELSE DATETIME_SUB(intime, INTERVAL 12 HOUR)
    END AS window_start,
    CASE
      WHEN next_intime < DATETIME_ADD(outtime, INTERVAL 24 HOUR)
        THEN DATETIME_ADD(
          outtime,
          INTERVAL CAST(DATETIME_DIFF(next_intime, outtime, SECOND) / 2 AS INT64) SECOND
        )
      ELSE DATETIME_ADD(outtime, INTERVAL 12 HOUR)
    END AS window_end
  FROM neighbouring_icustays
),

-- and of admissions in the same way
neighbouring_admissions AS (
  SELECT
    subject_id,
    hadm_id,
    admittime,
    dischtime,
    LAG(dischtime) OVER (PARTITION BY subject_id ORDER BY admittime, hadm_id) AS previous_dischtime,
    LEAD(admittime) OVER (PARTITION BY subject_id ORDER BY admittime, hadm_id) AS next_admittime
  FROM `physionet-data.mimiciii_clinical.admissions`
),

admission_windows AS (
  SELECT
    subject_id,
    hadm_id,
    CASE
      WHEN previous_dischtime > DATETIME_SUB(admittime, INTERVAL 24 HOUR)
        THEN DATETIME_SUB(
          admittime,
          INTERVAL CAST(DATETIME_DIFF(admittime, previous_dischtime, SECOND) / 2 AS INT64) SECOND
        )
      ELSE DATETIME_SUB(admittime, INTERVAL 12 HOUR)
    END AS window_start,
    CASE
      WHEN next_admittime < DATETIME_ADD(dischtime, INTERVAL 24 HOUR)
        THEN DATETIME_ADD(
          dischtime,
          INTERVAL CAST(DATETIME_DIFF(next_admittime, dischtime, SECOND) / 2 AS INT64) SECOND
        )
      ELSE DATETIME_ADD(dischtime, INTERVAL 12 HOUR)
    END AS window_end
  FROM neighbouring_admissions
)

SELECT
  icustay_windows.icustay_id,
  admission_windows.hadm_id,
  results.subject_id,
  results.charttime,
  results.ANIONGAP,
  results.ALBUMIN,
  results.BANDS,
  results.BICARBONATE,
  results.BILIRUBIN,
  results.CREATININE,
  results.CHLORIDE,
  results.GLUCOSE,
  results.HEMATOCRIT,
  results.HEMOGLOBIN,
  results.LACTATE,
  results.PLATELET,
  results.POTASSIUM,
  results.PTT,
  results.INR,
  results.PT,
  results.SODIUM,
  results.BUN,
  results.WBC
FROM results
LEFT JOIN admission_windows
  ON admission_windows.subject_id = results.subject_id
  AND admission_windows.window_start <= results.charttime
  AND admission_windows.window_end > results.charttime
LEFT JOIN icustay_windows
  ON icustay_windows.subject_id = results.subject_id
  AND icustay_windows.window_start <= results.charttime
  AND icustay_windows.window_end > results.charttime
