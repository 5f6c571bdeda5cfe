-- Periods on any vasoactive drug in each ICU stay, apart for the two bedside systems.
-- CareVue: one row per item and charted time
WITH charted_rates AS (
  SELECT
    icustay_id,
    itemid,
    charttime,
    MAX(CASE WHEN stopped = 'Stopped' OR stopped LIKE 'D/C%' THEN 1 ELSE 0 END) AS is_stopped,
    -- the free-text items have their rate in the column of the amount
    MAX(CASE WHEN itemid IN (42273, 42802) THEN amount ELSE rate END) AS rate
  FROM `physionet-data.mimiciii_clinical.inputevents_cv`
  WHERE itemid IN (
      30047, -- Levophed
      30120, -- Levophed-k
      30044, -- Epinephrine
      30119, -- Epinephrine-k
      30309, -- Epinephrine Drip
      30127, -- Neosynephrine
      30128, -- Neosynephrine-k
      30051, -- Vasopressin
      42273, -- vasopressin, free text
      42802, -- vasopressin, free text
      30043, -- Dopamine
      30307, -- Dopamine Drip
      30042, -- Dobutamine
      30306, -- Dobutamine Drip
      30125  -- Milrinone
    )
  GROUP BY
    icustay_id,
    itemid,
    charttime
),

-- a rate holds until the next one is charted
neighbouring_rates AS (
  SELECT
    icustay_id,
    itemid,
    charttime,
    is_stopped,
    rate,
    LAST_VALUE(rate IGNORE NULLS) OVER (
      PARTITION BY icustay_id, itemid ORDER BY charttime ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS held_rate,
    LAST_VALUE(rate IGNORE NULLS) OVER (
      PARTITION BY icustay_id, itemid ORDER BY charttime ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS previous_held_rate,
    LAG(is_stopped) OVER item_times AS previous_is_stopped,
    LEAD(charttime) OVER item_times AS next_charttime
  FROM charted_rates
  WINDOW item_times AS (PARTITION BY icustay_id, itemid ORDER BY charttime)
),

-- NULL until the first episode starts, or 0 while only the end of one has been charted
numbered_rates AS (
  SELECT
    icustay_id,
    itemid,
    charttime,
    rate,
    -- charted as stopped, or the last that is known of the item
    is_stopped = 1 OR rate = 0 OR next_charttime IS NULL AS is_end,
    SUM(
      CASE
        WHEN rate > 0 AND previous_held_rate IS NULL THEN 1
        WHEN held_rate = 0 AND previous_held_rate = 0 THEN 0
        WHEN previous_held_rate = 0 THEN 1
        WHEN previous_is_stopped = 1 THEN 1
      END
    ) OVER (PARTITION BY icustay_id, itemid ORDER BY charttime) AS episode
  FROM neighbouring_rates
),

carevue_episodes AS (
  SELECT
    icustay_id,
    MIN(CASE WHEN rate IS NOT NULL THEN charttime END) AS starttime,
    MIN(CASE WHEN is_end THEN charttime END) AS endtime
  FROM numbered_rates
  WHERE episode > 0
  GROUP BY
    icustay_id,
    itemid,
    episode
  HAVING MIN(charttime) <> MIN(CASE WHEN is_end THEN charttime END)
    AND MAX(rate) > 0
),

-- MetaVision: one episode per linked order
metavision_episodes AS (
  SELECT
    icustay_id,
    MIN(starttime) AS starttime,
    MAX(endtime) AS endtime
  FROM `physionet-data.mimiciii_clinical.inputevents_mv`
  WHERE itemid IN (
      221906, -- Norepinephrine
      221289, -- Epinephrine
      221749, -- Phenylephrine
      222315, -- Vasopressin
      221662, -- Dopamine
      221653, -- Dobutamine
      221986  -- Milrinone
    )
    AND statusdescription <> 'Rewritten'
  GROUP BY
    icustay_id,
    linkorderid
),

episodes AS (
  SELECT 'carevue' AS bedside_system, icustay_id, starttime, endtime
  FROM carevue_episodes
  WHERE icustay_id IS NOT NULL
  UNION ALL
  SELECT 'metavision' AS bedside_system, icustay_id, starttime, endtime
  FROM metavision_episodes
  WHERE icustay_id IS NOT NULL
),

-- episodes that overlap or touch become one period: it starts where no earlier episode still runs,
starts AS (
  SELECT
    bedside_system,
    icustay_id,
    starttime,
    MAX(MAX(endtime)) OVER (
      PARTITION BY bedside_system, icustay_id
      ORDER BY starttime
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS latest_earlier_endtime
  FROM episodes
  WHERE starttime IS NOT NULL
  GROUP BY
    bedside_system,
    icustay_id,
    starttime
),

-- and ends where no episode that runs on has started
ends AS (
  SELECT
    bedside_system,
    icustay_id,
    endtime,
    MIN(MIN(starttime)) OVER (
      PARTITION BY bedside_system, icustay_id
      ORDER BY endtime
      ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
    ) AS earliest_later_starttime
  FROM episodes
  WHERE endtime IS NOT NULL
  GROUP BY
    bedside_system,
    icustay_id,
    endtime
),

periods AS (
  SELECT
    starts.bedside_system,
    starts.icustay_id,
    starts.starttime,
    MIN(ends.endtime) AS endtime
  FROM starts
  INNER JOIN ends
    ON ends.bedside_system = starts.bedside_system
    AND ends.icustay_id = starts.icustay_id
    AND ends.endtime >= starts.starttime
  WHERE (starts.latest_earlier_endtime IS NULL OR starts.latest_earlier_endtime < starts.starttime)
    AND (ends.earliest_later_starttime IS NULL OR ends.earliest_later_starttime > ends.endtime)
  GROUP BY
    starts.bedside_system,
    starts.icustay_id,
    starts.starttime
)

SELECT
  icustay_id,
  ROW_NUMBER() OVER (PARTITION BY bedside_system, icustay_id ORDER BY starttime) AS vasonum,
  starttime,
  endtime,
  DATETIME_DIFF(endtime, starttime, HOUR) AS duration_hours
FROM periods
