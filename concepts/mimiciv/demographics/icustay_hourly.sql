-- An hourly grid for each ICU stay, from a day before the first charted heart rate to the last one.
WITH stay_hours AS (
  SELECT
    stay_id,
    -- hour 0 ends at the first heart rate, rounded up to the full hour
    CASE
      WHEN intime_hr = DATETIME_TRUNC(intime_hr, HOUR) THEN intime_hr
      ELSE DATETIME_ADD(DATETIME_TRUNC(intime_hr, HOUR), INTERVAL 1 HOUR)
    END AS base_hour,
    GENERATE_ARRAY(-24, DATETIME_DIFF(outtime_hr, intime_hr, HOUR)) AS hours
  FROM `physionet-data.mimiciv_derived.icustay_times`
)

SELECT
  stay_hours.stay_id,
  hr,
  DATETIME_ADD(stay_hours.base_hour, INTERVAL hr HOUR) AS endtime
FROM stay_hours
CROSS JOIN UNNEST(stay_hours.hours) AS hr
