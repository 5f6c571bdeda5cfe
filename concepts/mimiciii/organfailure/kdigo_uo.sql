-- Urine output over the last 6, 12 and 24 hours at each charted output, as KDIGO counts it.
WITH volumes AS (
  SELECT
    urine_output.icustay_id,
    urine_output.charttime,
    -- in boundaries of hours, while the times below are exact: at 10:59 the volume of 05:00 counts, its hours do not
    SUM(CASE
      WHEN DATETIME_DIFF(urine_output.charttime, earlier.charttime, HOUR) <= 5 THEN earlier.value
    END) AS urineoutput_6hr,
    SUM(CASE
      WHEN DATETIME_DIFF(urine_output.charttime, earlier.charttime, HOUR) <= 11 THEN earlier.value
    END) AS urineoutput_12hr,
    SUM(earlier.value) AS urineoutput_24hr,
    MIN(CASE
      WHEN urine_output.charttime <= DATETIME_ADD(earlier.charttime, INTERVAL 5 HOUR) THEN earlier.charttime
    END) AS starttime_6hr,
    MIN(CASE
      WHEN urine_output.charttime <= DATETIME_ADD(earlier.charttime, INTERVAL 11 HOUR) THEN earlier.charttime
    END) AS starttime_12hr,
    MIN(earlier.charttime) AS starttime_24hr
  FROM `physionet-data.mimiciii_derived.urine_output` AS urine_output
  -- with the output itself
  INNER JOIN `physionet-data.mimiciii_derived.urine_output` AS earlier
    ON earlier.icustay_id = urine_output.icustay_id
    AND earlier.charttime <= urine_output.charttime
    AND urine_output.charttime <= DATETIME_ADD(earlier.charttime, INTERVAL 23 HOUR)
  GROUP BY
    urine_output.icustay_id,
    urine_output.charttime
),

-- each volume stands for the hour before it
covered_hours AS (
  SELECT
    *,
    CAST(DATETIME_DIFF(charttime, starttime_6hr, HOUR) + 1 AS FLOAT64) AS uo_tm_6hr,
    CAST(DATETIME_DIFF(charttime, starttime_12hr, HOUR) + 1 AS FLOAT64) AS uo_tm_12hr,
    CAST(DATETIME_DIFF(charttime, starttime_24hr, HOUR) + 1 AS FLOAT64) AS uo_tm_24hr
  FROM volumes
)

SELECT
  covered_hours.icustay_id,
  covered_hours.charttime,
  weights.weight,
  covered_hours.urineoutput_6hr,
  covered_hours.urineoutput_12hr,
  covered_hours.urineoutput_24hr,
  -- a weight of 0 has no rate
  ROUND(CAST(
    covered_hours.urineoutput_6hr / NULLIF(weights.weight, 0) / covered_hours.uo_tm_6hr AS NUMERIC
  ), 4) AS uo_rt_6hr,
  ROUND(CAST(
    covered_hours.urineoutput_12hr / NULLIF(weights.weight, 0) / covered_hours.uo_tm_12hr AS NUMERIC
  ), 4) AS uo_rt_12hr,
  ROUND(CAST(
    covered_hours.urineoutput_24hr / NULLIF(weights.weight, 0) / covered_hours.uo_tm_24hr AS NUMERIC
  ), 4) AS uo_rt_24hr,
  covered_hours.uo_tm_6hr,
  covered_hours.uo_tm_12hr,
  covered_hours.uo_tm_24hr
FROM covered_hours
LEFT JOIN `physionet-data.mimiciii_derived.weight_durations` AS weights
  ON weights.icustay_id = covered_hours.icustay_id
  AND weights.starttime <= covered_hours.charttime
  AND weights.endtime > covered_hours.charttime
