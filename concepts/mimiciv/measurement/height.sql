-- Charted body heights in centimetres, from entries in centimetres and in inches.
WITH centimetre_entries AS (
  SELECT
    subject_id,
    stay_id,
    charttime,
    ROUND(CAST(valuenum AS NUMERIC), 2) AS height
  FROM `physionet-data.mimiciv_icu.chartevents`
  WHERE itemid = 226730 -- Height (cm)
    AND valuenum IS NOT NULL
),

inch_entries AS (
  SELECT
    subject_id,
    stay_id,
    charttime,
    ROUND(CAST(valuenum * 2.54 AS NUMERIC), 2) AS height
  FROM `physionet-data.mimiciv_icu.chartevents`
  WHERE itemid = 226707 -- Height
    AND valuenum IS NOT NULL
),

heights AS (
  SELECT
    COALESCE(centimetre_entries.subject_id, inch_entries.subject_id) AS subject_id,
    COALESCE(centimetre_entries.stay_id, inch_entries.stay_id) AS stay_id,
    COALESCE(centimetre_entries.charttime, inch_entries.charttime) AS charttime,
    COALESCE(centimetre_entries.height, inch_entries.height) AS height
  FROM centimetre_entries
  FULL OUTER JOIN inch_entries
    ON inch_entries.subject_id = centimetre_entries.subject_id
    AND inch_entries.charttime = centimetre_entries.charttime
)

SELECT
  subject_id,
  stay_id,
  charttime,
  height
FROM heights
WHERE height > 120
  AND height < 230
