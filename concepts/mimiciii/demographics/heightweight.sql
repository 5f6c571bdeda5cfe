-- First, lowest and highest weight and height of each ICU stay.
WITH numbered_weights AS (
  SELECT
    icustay_id,
    weight,
    ROW_NUMBER() OVER (PARTITION BY icustay_id ORDER BY starttime, weight) AS weight_number
  FROM `physionet-data.mimiciii_derived.weight_durations`
),

weights AS (
  SELECT
    icustay_id,
    MAX(CASE WHEN weight_number = 1 THEN weight END) AS weight_first,
    MIN(weight) AS weight_min,
    MAX(weight) AS weight_max
  FROM numbered_weights
  GROUP BY icustay_id
),

charted_heights AS (
  SELECT
    chartevents.row_id,
    chartevents.icustay_id,
    chartevents.charttime,
    patients.dob,
    CASE
      WHEN chartevents.itemid IN (3485, 4188) THEN chartevents.valuenum
      ELSE chartevents.valuenum * 2.54
    END AS height
  FROM `physionet-data.mimiciii_clinical.chartevents` AS chartevents
  INNER JOIN `physionet-data.mimiciii_clinical.patients` AS patients
    ON patients.subject_id = chartevents.subject_id
  WHERE chartevents.itemid IN (
      920, 1394, 4187, 3486, -- height in inches (CareVue)
      3485, 4188,            -- height in cm (CareVue)
      226707                 -- Height, in inches (MetaVision); 226730 is the same in cm
    )
    AND chartevents.valuenum <> 0
    AND (chartevents.error IS NULL OR chartevents.error = 0)
),

-- an implausible height keeps its place in the order, without a value
numbered_heights AS (
  SELECT
    icustay_id,
    CASE
      WHEN charttime <= DATETIME_ADD(dob, INTERVAL 1 YEAR) AND height < 80 THEN height
      WHEN charttime > DATETIME_ADD(dob, INTERVAL 1 YEAR) AND height > 120 AND height < 230 THEN height
    END AS height,
    ROW_NUMBER() OVER (PARTITION BY icustay_id ORDER BY charttime, row_id) AS height_number
  FROM charted_heights
),

heights AS (
  SELECT
    icustay_id,
    MAX(CASE WHEN height_number = 1 THEN height END) AS height_first,
    MIN(height) AS height_min,
    MAX(height) AS height_max
  FROM numbered_heights
  GROUP BY icustay_id
)

SELECT
  icustays.icustay_id,
  ROUND(CAST(weights.weight_first AS NUMERIC), 2) AS weight_first,
  ROUND(CAST(weights.weight_min AS NUMERIC), 2) AS weight_min,
  ROUND(CAST(weights.weight_max AS NUMERIC), 2) AS weight_max,
  ROUND(CAST(heights.height_first AS NUMERIC), 2) AS height_first,
  ROUND(CAST(heights.height_min AS NUMERIC), 2) AS height_min,
  ROUND(CAST(heights.height_max AS NUMERIC), 2) AS height_max
FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
LEFT JOIN weights
  ON weights.icustay_id = icustays.icustay_id
LEFT JOIN heights
  ON heights.icustay_id = icustays.icustay_id
