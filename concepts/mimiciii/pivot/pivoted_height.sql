-- Every height found for a patient, in the chart and in notes.
WITH heights_in_inches AS (
  SELECT
    subject_id,
    charttime,
    ROUND(valuenum * 2.54, 2) AS height
  FROM `physionet-data.mimiciii_clinical.chartevents`
  WHERE itemid IN (
      920, 1394, 4187, 3486, -- height in inches (CareVue)
      226707                 -- Height, in inches (MetaVision)
    )
    AND valuenum <> 0
    AND (error IS NULL OR error = 0)
),

heights_in_cm AS (
  SELECT
    subject_id,
    charttime,
    ROUND(valuenum, 2) AS height
  FROM `physionet-data.mimiciii_clinical.chartevents`
  WHERE itemid IN (
      3485, 4188, -- height in cm (CareVue)
      226730      -- Height (cm) (MetaVision)
    )
    AND valuenum <> 0
    AND (error IS NULL OR error = 0)
),

-- of both at one time the centimetres count
charted_heights AS (
  SELECT
    COALESCE(heights_in_cm.subject_id, heights_in_inches.subject_id) AS subject_id,
    COALESCE(heights_in_cm.charttime, heights_in_inches.charttime) AS charttime,
    COALESCE(heights_in_cm.height, heights_in_inches.height) AS height
  FROM heights_in_cm
  FULL OUTER JOIN heights_in_inches
    ON heights_in_inches.subject_id = heights_in_cm.subject_id
    AND heights_in_inches.charttime = heights_in_cm.charttime
),

plausible_heights AS (
  SELECT
    charted_heights.subject_id,
    charted_heights.charttime,
    'chartevents' AS source,
    charted_heights.height
  FROM charted_heights
  INNER JOIN `physionet-data.mimiciii_clinical.patients` AS patients
    ON patients.subject_id = charted_heights.subject_id
  WHERE (DATETIME_DIFF(charted_heights.charttime, patients.dob, YEAR) <= 1 AND charted_heights.height < 80)
    OR (
      DATETIME_DIFF(charted_heights.charttime, patients.dob, YEAR) > 1
      AND charted_heights.height > 120
      AND charted_heights.height < 230
    )
),

-- a masked height holds an asterisk; the report has a day only: the time of day is in the text
echo_heights AS (
  SELECT
    subject_id,
    DATETIME(
      CAST(chartdate AS DATE),
      SAFE.PARSE_TIME('%H:%M', REGEXP_EXTRACT(text, r'Date/Time: [\[\]0-9*-]+ at ([0-9:]+)'))
    ) AS charttime,
    'noteevents - echo' AS source,
    CAST(
      SAFE_CAST(TRIM(REGEXP_EXTRACT(text, r'Height: \(in\) (.*)\n')) AS NUMERIC) * NUMERIC '2.54'
      AS FLOAT64
    ) AS height
  FROM `physionet-data.mimiciii_notes.noteevents`
  WHERE category = 'Echo'
),

-- the height for which the noted weight is the ideal one
ideal_weights AS (
  SELECT
    subject_id,
    charttime,
    SAFE_CAST(REGEXP_EXTRACT(text, r'Ideal body weight: ([0-9]+\.?[0-9]*)') AS NUMERIC) AS ideal_weight
  FROM `physionet-data.mimiciii_notes.noteevents`
  WHERE category <> 'Echo'
),

ideal_weight_heights AS (
  SELECT
    ideal_weights.subject_id,
    ideal_weights.charttime,
    'noteevents - ibw' AS source,
    CAST(CASE
      WHEN patients.gender = 'F' THEN (ideal_weights.ideal_weight - NUMERIC '45.5') / NUMERIC '0.91' + NUMERIC '152.4'
      ELSE (ideal_weights.ideal_weight - NUMERIC '50') / NUMERIC '0.91' + NUMERIC '152.4'
    END AS FLOAT64) AS height
  FROM ideal_weights
  INNER JOIN `physionet-data.mimiciii_clinical.patients` AS patients
    ON patients.subject_id = ideal_weights.subject_id
  WHERE ideal_weights.ideal_weight <> 0
),

nutrition_numbers AS (
  SELECT
    subject_id,
    charttime,
    SAFE_CAST(REGEXP_EXTRACT(text, r'([0-9]+) cm') AS NUMERIC) AS height
  FROM `physionet-data.mimiciii_notes.noteevents`
  WHERE category = 'Nutrition'
    AND LOWER(text) LIKE '%height%'
),

-- small numbers are taken for inches, whatever the note says
nutrition_heights AS (
  SELECT
    subject_id,
    charttime,
    'noteevents - nutrition' AS source,
    CAST(CASE WHEN height < 80 THEN height * NUMERIC '2.54' ELSE height END AS FLOAT64) AS height
  FROM nutrition_numbers
)

SELECT subject_id, charttime, source, height
FROM plausible_heights
WHERE height > 0

UNION ALL

SELECT subject_id, charttime, source, height
FROM echo_heights
WHERE height > 0

UNION ALL

SELECT subject_id, charttime, source, height
FROM ideal_weight_heights
WHERE height > 0

UNION ALL

SELECT subject_id, charttime, source, height
FROM nutrition_heights
WHERE height > 0
