-- First and last charted heart rate of each ICU stay, as its practical start and end.
WITH neighbouring_admissions AS (
  SELECT
    hadm_id,
    admittime,
    dischtime,
    LAG(dischtime) OVER (PARTITION BY subject_id ORDER BY admittime, hadm_id) AS previous_dischtime,
    LEAD(admittime) OVER (PARTITION BY subject_id ORDER BY admittime, hadm_id) AS next_admittime
  FROM `physionet-data.mimiciii_clinical.admissions`
),

-- twelve hours to either side of the admission; between two that are less than a day apart, half the time between them
admission_windows AS (
  SELECT
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
),

heart_rates AS (
  SELECT
    chartevents.icustay_id,
    MIN(chartevents.charttime) AS intime_hr,
    MAX(chartevents.charttime) AS outtime_hr
  FROM `physionet-data.mimiciii_clinical.chartevents` AS chartevents
  INNER JOIN admission_windows
    ON admission_windows.hadm_id = chartevents.hadm_id
    AND admission_windows.window_start <= chartevents.charttime
    AND admission_windows.window_end > chartevents.charttime
  WHERE chartevents.itemid IN (
      211,   -- Heart Rate (CareVue)
      220045 -- Heart Rate (MetaVision)
    )
  GROUP BY chartevents.icustay_id
)

SELECT
  icustays.subject_id,
  icustays.hadm_id,
  icustays.icustay_id,
  heart_rates.intime_hr,
  heart_rates.outtime_hr
FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
LEFT JOIN heart_rates
  ON heart_rates.icustay_id = icustays.icustay_id
