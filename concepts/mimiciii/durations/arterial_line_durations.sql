-- Periods with an arterial line or a balloon pump in each ICU stay, from both bedside systems.
-- CareVue: the type charted for each of the eight line slots, the last in text order where there are two
WITH charted_types AS (
  SELECT
    icustay_id,
    charttime,
    MAX(value) AS line_type
  FROM `physionet-data.mimiciii_clinical.chartevents`
  WHERE itemid IN (229, 235, 241, 247, 253, 259, 265, 271) -- INV Line#1 [Type] to INV Line#8 [Type]
  GROUP BY
    icustay_id,
    charttime,
    itemid
),

times_with_line AS (
  SELECT DISTINCT
    icustay_id,
    charttime
  FROM charted_types
  WHERE line_type IN ('A-Line', 'IABP')
),

neighbouring_times AS (
  SELECT
    icustay_id,
    charttime,
    LAG(charttime) OVER (PARTITION BY icustay_id ORDER BY charttime) AS previous_charttime
  FROM times_with_line
),

-- a silence of more than 16 clock hours starts a new episode
numbered_times AS (
  SELECT
    icustay_id,
    charttime,
    SUM(
      CASE
        WHEN DATETIME_DIFF(charttime, previous_charttime, HOUR) > 16 THEN 1
        ELSE 0
      END
    ) OVER (PARTITION BY icustay_id ORDER BY charttime) AS episode
  FROM neighbouring_times
),

-- episodes of a single time are left out
carevue_episodes AS (
  SELECT
    icustay_id,
    MIN(charttime) AS starttime,
    MAX(charttime) AS endtime
  FROM numbered_times
  GROUP BY
    icustay_id,
    episode
  HAVING MIN(charttime) <> MAX(charttime)
)

SELECT
  icustay_id,
  starttime,
  endtime,
  DATETIME_DIFF(endtime, starttime, HOUR) AS duration_hours
FROM carevue_episodes

UNION ALL

-- MetaVision: every record as it is
SELECT
  icustay_id,
  starttime,
  endtime,
  DATETIME_DIFF(endtime, starttime, HOUR) AS duration_hours
FROM `physionet-data.mimiciii_clinical.procedureevents_mv`
WHERE itemid IN (
    224263, -- Multi Lumen
    224267, -- Cordis/Introducer
    224268, -- Trauma line
    225199, -- Triple Introducer
    225752, -- Arterial Line
    225789, -- Sheath
    224272  -- IABP line
  )
  AND (
    itemid IN (225752, 224272)
    OR locationcategory = 'Invasive Arterial'
    OR (itemid = 225789 AND locationcategory IS NULL)
  )
