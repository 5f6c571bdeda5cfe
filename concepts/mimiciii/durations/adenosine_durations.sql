-- Episodes of adenosine in each ICU stay, from both bedside systems.
-- CareVue: one row per charted time
WITH charted_rates AS (
  SELECT
    icustay_id,
    charttime,
    MAX(valuenum) AS rate
  FROM `physionet-data.mimiciii_clinical.chartevents`
  WHERE itemid = 4649 -- adenosine, charted
    AND (error IS NULL OR error = 0)
  GROUP BY
    icustay_id,
    charttime
),

-- a rate holds until the next one is charted
neighbouring_rates AS (
  SELECT
    icustay_id,
    charttime,
    rate,
    LAST_VALUE(rate IGNORE NULLS) OVER (
      PARTITION BY icustay_id ORDER BY charttime ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS held_rate,
    LAST_VALUE(rate IGNORE NULLS) OVER (
      PARTITION BY icustay_id ORDER BY charttime ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS previous_held_rate,
    LEAD(charttime) OVER stay_times AS next_charttime
  FROM charted_rates
  WINDOW stay_times AS (PARTITION BY icustay_id ORDER BY charttime)
),

-- NULL until the first episode starts, or 0 while only the end of one has been charted
numbered_rates AS (
  SELECT
    icustay_id,
    charttime,
    rate,
    -- a rate of 0, or the last that is known of the drug
    rate = 0 OR next_charttime IS NULL AS is_end,
    SUM(
      CASE
        WHEN rate > 0 AND previous_held_rate IS NULL THEN 1
        WHEN held_rate = 0 AND previous_held_rate = 0 THEN 0
        WHEN previous_held_rate = 0 THEN 1
      END
    ) OVER (PARTITION BY icustay_id ORDER BY charttime) AS episode
  FROM neighbouring_rates
),

carevue_episodes AS (
  SELECT
    icustay_id,
    episode,
    MIN(CASE WHEN rate IS NOT NULL THEN charttime END) AS starttime,
    MIN(CASE WHEN is_end THEN charttime END) AS endtime
  FROM numbered_rates
  WHERE icustay_id IS NOT NULL
    AND episode > 0
  GROUP BY
    icustay_id,
    episode
  HAVING MIN(charttime) <> MIN(CASE WHEN is_end THEN charttime END)
    AND MAX(rate) > 0
),

-- MetaVision: one episode per linked order
metavision_episodes AS (
  SELECT
    icustay_id,
    linkorderid,
    MIN(starttime) AS starttime,
    MAX(endtime) AS endtime
  FROM `physionet-data.mimiciii_clinical.inputevents_mv`
  WHERE itemid = 221282 -- Adenosine
    AND statusdescription <> 'Rewritten'
  GROUP BY
    icustay_id,
    linkorderid
)

SELECT
  icustay_id,
  ROW_NUMBER() OVER (PARTITION BY icustay_id ORDER BY starttime, episode) AS vasonum,
  starttime,
  endtime,
  DATETIME_DIFF(endtime, starttime, HOUR) AS duration_hours
FROM carevue_episodes

UNION ALL

SELECT
  icustay_id,
  ROW_NUMBER() OVER (PARTITION BY icustay_id ORDER BY starttime, endtime, linkorderid) AS vasonum,
  starttime,
  endtime,
  DATETIME_DIFF(endtime, starttime, HOUR) AS duration_hours
FROM metavision_episodes
