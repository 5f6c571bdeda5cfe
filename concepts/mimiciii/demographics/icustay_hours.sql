-- An hourly grid for each ICU stay, from a day before the first charted heart rate to the last one.
WITH stay_hours AS (
  SELECT
    icustay_id,
    -- hour 0 ends at the first heart rate, rounded up to the full hour; its seconds do not count
    DATETIME_TRUNC(DATETIME_ADD(intime_hr, INTERVAL 59 MINUTE), HOUR) AS base_hour,
    GENERATE_ARRAY(-24, DATETIME_DIFF(outtime_hr, intime_hr, HOUR)) AS hours
  FROM `physionet-data.mimiciii_derived.icustay_times`
)

SELECT
  stay_hours.icustay_id,
  hr,
  DATETIME_ADD(stay_hours.base_hour, INTERVAL hr HOUR) AS endtime
FROM stay_hours
CROSS JOIN UNNEST(stay_hours.hours) AS hr
