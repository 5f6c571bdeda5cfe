-- Urine output over the last 6, 12 and 24 hours at each charted output, as KDIGO counts it.
WITH collections AS (
  SELECT
    urine_output.stay_id,
    urine_output.charttime,
    urine_output.urineoutput,
    DATETIME_DIFF(urine_output.charttime, icustays.intime, SECOND) AS seconds_since_intime,
    -- an output was collected since the one before it, the first over one hour
    COALESCE(
      DATETIME_DIFF(
        urine_output.charttime,
        LAG(urine_output.charttime) OVER (PARTITION BY urine_output.stay_id ORDER BY urine_output.charttime),
        SECOND
      ) / 3600,
      1
    ) AS hours
  FROM `physionet-data.mimiciv_derived.urine_output` AS urine_output
  INNER JOIN `physionet-data.mimiciv_icu.icustays` AS icustays
    ON icustays.stay_id = urine_output.stay_id
),

volumes AS (
  SELECT
    stay_id,
    charttime,
    SUM(urineoutput) OVER last_6hr AS urineoutput_6hr,
    SUM(urineoutput) OVER last_12hr AS urineoutput_12hr,
    SUM(urineoutput) OVER last_24hr AS urineoutput_24hr,
    ROUND(CAST(SUM(hours) OVER last_6hr AS NUMERIC), 6) AS uo_tm_6hr,
    ROUND(CAST(SUM(hours) OVER last_12hr AS NUMERIC), 6) AS uo_tm_12hr,
    ROUND(CAST(SUM(hours) OVER last_24hr AS NUMERIC), 6) AS uo_tm_24hr
  FROM collections
  WINDOW
    stay_times AS (PARTITION BY stay_id ORDER BY seconds_since_intime),
    last_6hr AS (stay_times RANGE BETWEEN 21600 PRECEDING AND CURRENT ROW),
    last_12hr AS (stay_times RANGE BETWEEN 43200 PRECEDING AND CURRENT ROW),
    last_24hr AS (stay_times RANGE BETWEEN 86400 PRECEDING AND CURRENT ROW)
)

SELECT
  volumes.stay_id,
  volumes.charttime,
  weights.weight,
  volumes.urineoutput_6hr,
  volumes.urineoutput_12hr,
  volumes.urineoutput_24hr,
  -- a rate only where the collections cover the whole time, for 6 hours not after a long silence
  CASE
    WHEN volumes.uo_tm_6hr >= 6 AND volumes.uo_tm_6hr < 12
      THEN ROUND(CAST(volumes.urineoutput_6hr / weights.weight / volumes.uo_tm_6hr AS NUMERIC), 4)
  END AS uo_rt_6hr,
  CASE
    WHEN volumes.uo_tm_12hr >= 12
      THEN ROUND(CAST(volumes.urineoutput_12hr / weights.weight / volumes.uo_tm_12hr AS NUMERIC), 4)
  END AS uo_rt_12hr,
  CASE
    WHEN volumes.uo_tm_24hr >= 24
      THEN ROUND(CAST(volumes.urineoutput_24hr / weights.weight / volumes.uo_tm_24hr AS NUMERIC), 4)
  END AS uo_rt_24hr,
  volumes.uo_tm_6hr,
  volumes.uo_tm_12hr,
  volumes.uo_tm_24hr
FROM volumes
LEFT JOIN `physionet-data.mimiciv_derived.weight_durations` AS weights
  ON weights.stay_id = volumes.stay_id
  AND weights.starttime <= volumes.charttime
  AND weights.endtime > volumes.charttime
