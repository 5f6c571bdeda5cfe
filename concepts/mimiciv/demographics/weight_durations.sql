-- Charted admission and daily weights as intervals, so that a weight can be looked up at any moment of an ICU stay.
WITH weights AS (
  SELECT
    stay_id,
    charttime,
    CASE itemid WHEN 226512 THEN 'admit' ELSE 'daily' END AS weight_type,
    ROUND(CAST(valuenum AS NUMERIC), 3) AS weight
  FROM `physionet-data.mimiciv_icu.chartevents`
  WHERE itemid IN (
      226512, -- Admission Weight (Kg)
      224639  -- Daily Weight
    )
    AND valuenum > 0
    AND valuenum < 1500
),

numbered_weights AS (
  SELECT
    stay_id,
    charttime,
    weight_type,
    weight,
    ROW_NUMBER() OVER (PARTITION BY stay_id, weight_type ORDER BY charttime, weight) AS weight_number
  FROM weights
),

-- the first admission weight counts from just before the ICU stay, every other weight from when it was charted
started_weights AS (
  SELECT
    numbered_weights.stay_id,
    icustays.intime,
    icustays.outtime,
    CASE
      WHEN numbered_weights.weight_type = 'admit' AND numbered_weights.weight_number = 1
        THEN DATETIME_SUB(icustays.intime, INTERVAL 2 HOUR)
      ELSE numbered_weights.charttime
    END AS starttime,
    numbered_weights.weight,
    numbered_weights.weight_type
  FROM numbered_weights
  INNER JOIN `physionet-data.mimiciv_icu.icustays` AS icustays
    ON icustays.stay_id = numbered_weights.stay_id
),

-- each weight holds until the next one starts, the last until just after the ICU stay
weight_intervals AS (
  SELECT
    stay_id,
    intime,
    starttime,
    COALESCE(
      LEAD(starttime) OVER (PARTITION BY stay_id ORDER BY starttime, weight_type, weight),
      DATETIME_ADD(outtime, INTERVAL 2 HOUR)
    ) AS endtime,
    weight,
    weight_type,
    ROW_NUMBER() OVER (PARTITION BY stay_id ORDER BY starttime, weight_type, weight) AS interval_number
  FROM started_weights
)

SELECT
  stay_id,
  starttime,
  endtime,
  weight,
  weight_type
FROM weight_intervals

UNION ALL

-- where the first weight was charted after the start of the stay, it also holds for the time before
SELECT
  stay_id,
  DATETIME_SUB(intime, INTERVAL 2 HOUR) AS starttime,
  starttime AS endtime,
  weight,
  weight_type
FROM weight_intervals
WHERE interval_number = 1
  AND starttime > intime
