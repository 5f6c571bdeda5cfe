-- Body weights as intervals, so that a weight can be looked up at any moment of an ICU stay.
WITH adult_weights AS (
  SELECT
    icustay_id,
    charttime,
    CASE WHEN itemid IN (762, 226512) THEN 'admit' ELSE 'daily' END AS weight_type,
    valuenum AS weight
  FROM `physionet-data.mimiciii_clinical.chartevents`
  WHERE itemid IN (
      762, 226512, -- admission weight, kg
      763, 224639  -- daily weight, kg
    )
    AND valuenum > 0
    AND icustay_id IS NOT NULL
    AND (error IS NULL OR error = 0)
),

-- in kilograms, or in pounds and ounces together
neonatal_weights AS (
  SELECT
    icustay_id,
    charttime,
    'daily' AS weight_type,
    COALESCE(
      MAX(CASE WHEN itemid = 3580 THEN valuenum END),
      MAX(CASE WHEN itemid = 3581 THEN valuenum END) * 0.45359237
      + MAX(CASE WHEN itemid = 3582 THEN valuenum END) * 0.0283495231
    ) AS weight
  FROM `physionet-data.mimiciii_clinical.chartevents`
  WHERE itemid IN (
      3580, -- present weight, kg
      3581, -- present weight, lb
      3582  -- present weight, oz
    )
    AND valuenum > 0
    AND icustay_id IS NOT NULL
    AND (error IS NULL OR error = 0)
  GROUP BY
    icustay_id,
    charttime
),

birth_records AS (
  SELECT
    icustay_id,
    charttime,
    itemid,
    valuenum,
    -- anything but a plain number counts as no weight
    CASE WHEN NOT REGEXP_CONTAINS(value, r'[^0-9.]') THEN SAFE_CAST(value AS NUMERIC) END AS birth_weight
  FROM `physionet-data.mimiciii_clinical.chartevents`
  WHERE itemid IN (
      3723, -- birth weight, kg
      4183  -- birth weight, kg or g
    )
    AND icustay_id IS NOT NULL
    AND (error IS NULL OR error = 0)
),

birth_weights AS (
  SELECT
    icustay_id,
    charttime,
    'admit' AS weight_type,
    MAX(CASE
      WHEN itemid = 4183 AND birth_weight > 100 THEN CAST(birth_weight / 1000 AS FLOAT64) -- grams
      WHEN itemid = 4183 AND birth_weight < 10 THEN CAST(birth_weight AS FLOAT64)
      WHEN itemid = 3723 AND valuenum < 10 THEN valuenum
    END) AS weight
  FROM birth_records
  GROUP BY
    icustay_id,
    charttime
),

charted_weights AS (
  SELECT icustay_id, charttime, weight_type, weight FROM adult_weights
  UNION ALL
  SELECT icustay_id, charttime, weight_type, weight FROM neonatal_weights
  UNION ALL
  SELECT icustay_id, charttime, weight_type, weight FROM birth_weights
),

-- for stays without any charted weight, usable or not
echo_weights AS (
  SELECT
    icustays.icustay_id,
    echo_data.charttime,
    'echo' AS weight_type,
    CAST(echo_data.Weight * NUMERIC '0.453592' AS FLOAT64) AS weight -- from pounds
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciii_derived.echo_data` AS echo_data
    ON echo_data.hadm_id = icustays.hadm_id
  WHERE NOT EXISTS (
    SELECT 1
    FROM charted_weights
    WHERE charted_weights.icustay_id = icustays.icustay_id
  )
),

numbered_weights AS (
  SELECT
    icustay_id,
    charttime,
    weight_type,
    weight,
    ROW_NUMBER() OVER (PARTITION BY icustay_id, weight_type ORDER BY charttime, weight) AS weight_number
  FROM (
    SELECT icustay_id, charttime, weight_type, weight FROM charted_weights
    UNION ALL
    SELECT icustay_id, charttime, weight_type, weight FROM echo_weights
  )
  WHERE weight IS NOT NULL
),

-- the first admission weight counts from just before the ICU stay, every other weight from when it was charted
started_weights AS (
  SELECT
    numbered_weights.icustay_id,
    icustays.intime,
    icustays.outtime,
    CASE
      WHEN numbered_weights.weight_type = 'admit' AND numbered_weights.weight_number = 1
        THEN DATETIME_SUB(icustays.intime, INTERVAL 2 HOUR)
      ELSE numbered_weights.charttime
    END AS starttime,
    numbered_weights.weight_type,
    numbered_weights.weight
  FROM numbered_weights
  INNER JOIN `physionet-data.mimiciii_clinical.icustays` AS icustays
    ON icustays.icustay_id = numbered_weights.icustay_id
),

-- each weight holds until the next one starts, the last until two hours after the stay or after itself
weight_intervals AS (
  SELECT
    icustay_id,
    intime,
    starttime,
    COALESCE(
      LEAD(starttime) OVER (PARTITION BY icustay_id ORDER BY starttime, weight_type, weight),
      DATETIME_ADD(GREATEST(outtime, starttime), INTERVAL 2 HOUR)
    ) AS endtime,
    weight,
    ROW_NUMBER() OVER (PARTITION BY icustay_id ORDER BY starttime, weight_type, weight) AS weight_number
  FROM started_weights
)

SELECT
  icustay_id,
  starttime,
  endtime,
  weight
FROM weight_intervals

UNION ALL

-- where the first weight was charted after the start of the stay, it also holds for the time before
SELECT
  icustay_id,
  DATETIME_SUB(intime, INTERVAL 2 HOUR) AS starttime,
  starttime AS endtime,
  weight
FROM weight_intervals
WHERE weight_number = 1
  AND starttime > intime
