-- Urine output over the last 6, 12 and 24 hours at each charted output, as a volume and per kilogram and hour.
WITH first_heart_rate AS (
  SELECT
    icustays.stay_id,
    MIN(chartevents.charttime) AS charttime
  FROM `physionet-data.mimiciv_icu.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciv_icu.chartevents` AS chartevents
    ON chartevents.stay_id = icustays.stay_id
    AND chartevents.itemid = 220045 -- Heart Rate
    -- a month of slack: only heart rates with a grossly wrong time are shut out
    AND chartevents.charttime > DATETIME_SUB(icustays.intime, INTERVAL 1 MONTH)
    AND chartevents.charttime < DATETIME_ADD(icustays.outtime, INTERVAL 1 MONTH)
  GROUP BY icustays.stay_id
),

-- an output was collected since the one before it, the first since the first heart rate
collections AS (
  SELECT
    urine_output.stay_id,
    urine_output.charttime,
    urine_output.urineoutput,
    DATETIME_DIFF(
      urine_output.charttime,
      COALESCE(
        LAG(urine_output.charttime) OVER (PARTITION BY urine_output.stay_id ORDER BY urine_output.charttime),
        first_heart_rate.charttime
      ),
      MINUTE
    ) AS minutes
  FROM `physionet-data.mimiciv_derived.urine_output` AS urine_output
  INNER JOIN first_heart_rate
    ON first_heart_rate.stay_id = urine_output.stay_id
),

-- each collection with those of the 23 hours before it, itself included
recent_collections AS (
  SELECT
    collections.stay_id,
    collections.charttime,
    collections.urineoutput AS uo,
    recent.urineoutput,
    recent.minutes,
    DATETIME_DIFF(collections.charttime, recent.charttime, HOUR) AS hours_back
  FROM collections
  LEFT JOIN collections AS recent
    ON recent.stay_id = collections.stay_id
    AND recent.charttime <= collections.charttime
    AND recent.charttime >= DATETIME_SUB(collections.charttime, INTERVAL 23 HOUR)
),

-- a collection stands for the hour before it, so 6 hours reach 5 hours back
volumes AS (
  SELECT
    stay_id,
    charttime,
    MAX(uo) AS uo,
    SUM(CASE WHEN hours_back <= 5 THEN urineoutput END) AS urineoutput_6hr,
    SUM(CASE WHEN hours_back <= 11 THEN urineoutput END) AS urineoutput_12hr,
    SUM(urineoutput) AS urineoutput_24hr,
    ROUND(CAST(SUM(CASE WHEN hours_back <= 5 THEN minutes END) / 60 AS NUMERIC), 6) AS hours_6hr,
    ROUND(CAST(SUM(CASE WHEN hours_back <= 11 THEN minutes END) / 60 AS NUMERIC), 6) AS hours_12hr,
    ROUND(CAST(SUM(minutes) / 60 AS NUMERIC), 6) AS hours_24hr
  FROM recent_collections
  GROUP BY
    stay_id,
    charttime
)

SELECT
  volumes.stay_id,
  volumes.charttime,
  weights.weight,
  volumes.uo,
  volumes.urineoutput_6hr,
  volumes.urineoutput_12hr,
  volumes.urineoutput_24hr,
  -- a rate only where the collections cover the whole time
  CASE
    WHEN volumes.hours_6hr >= 6
      THEN ROUND(CAST(volumes.urineoutput_6hr / weights.weight / volumes.hours_6hr AS NUMERIC), 4)
  END AS uo_mlkghr_6hr,
  CASE
    WHEN volumes.hours_12hr >= 12
      THEN ROUND(CAST(volumes.urineoutput_12hr / weights.weight / volumes.hours_12hr AS NUMERIC), 4)
  END AS uo_mlkghr_12hr,
  CASE
    WHEN volumes.hours_24hr >= 24
      THEN ROUND(CAST(volumes.urineoutput_24hr / weights.weight / volumes.hours_24hr AS NUMERIC), 4)
  END AS uo_mlkghr_24hr,
  ROUND(volumes.hours_6hr, 2) AS uo_tm_6hr,
  ROUND(volumes.hours_12hr, 2) AS uo_tm_12hr,
  ROUND(volumes.hours_24hr, 2) AS uo_tm_24hr
FROM volumes
LEFT JOIN `physionet-data.mimiciv_derived.weight_durations` AS weights
  ON weights.stay_id = volumes.stay_id
  AND weights.starttime < volumes.charttime
  AND weights.endtime >= volumes.charttime
  AND weights.weight > 0
