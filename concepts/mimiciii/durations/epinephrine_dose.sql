-- Periods of one rate of epinephrine in each ICU stay, from both bedside systems.
-- CareVue: one row per charted time, the items of the drug taken together; what is charted per minute is divided by the
-- patient's weight, 80 kg where none is known
WITH charted_rates AS (
  SELECT
    events.icustay_id,
    events.charttime,
    MAX(CASE WHEN events.stopped = 'Stopped' OR events.stopped LIKE 'D/C%' THEN 1 ELSE 0 END) AS is_stopped,
    MAX(CASE
      WHEN events.itemid = 30044 THEN SAFE_DIVIDE(events.rate, COALESCE(weight_durations.weight, 80.0))
      ELSE events.rate
    END) AS rate,
    MAX(events.amount) AS amount
  FROM `physionet-data.mimiciii_clinical.inputevents_cv` AS events
  LEFT JOIN `physionet-data.mimiciii_derived.weight_durations` AS weight_durations
    ON weight_durations.icustay_id = events.icustay_id
    AND weight_durations.starttime <= events.charttime
    AND weight_durations.endtime >= events.charttime
  WHERE events.itemid IN (
      30044, -- Epinephrine (mcg/min)
      30119, -- Epinephrine-k (mcg/kg/min)
      30309  -- Epinephrine Drip (mcg/kg/min)
    )
    AND events.icustay_id IS NOT NULL
  GROUP BY
    events.icustay_id,
    events.charttime
),

-- a rate holds until the next one is charted
neighbouring_rates AS (
  SELECT
    icustay_id,
    charttime,
    rate,
    amount,
    LAST_VALUE(rate IGNORE NULLS) OVER (
      PARTITION BY icustay_id ORDER BY charttime ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS held_rate,
    LAST_VALUE(rate IGNORE NULLS) OVER (
      PARTITION BY icustay_id ORDER BY charttime ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS previous_held_rate,
    LAG(is_stopped) OVER (PARTITION BY icustay_id ORDER BY charttime) AS previous_is_stopped
  FROM charted_rates
),

-- NULL until the first episode starts, or 0 while only the end of one has been charted
numbered_rates AS (
  SELECT
    icustay_id,
    charttime,
    rate,
    amount,
    SUM(
      CASE
        WHEN rate > 0 AND previous_held_rate IS NULL THEN 1
        WHEN held_rate = 0 AND previous_held_rate = 0 THEN 0
        WHEN previous_held_rate = 0 THEN 1
        WHEN previous_is_stopped = 1 THEN 1
      END
    ) OVER (PARTITION BY icustay_id ORDER BY charttime) AS episode
  FROM neighbouring_rates
),

-- each time of an episode lasts until the next
segments AS (
  SELECT
    icustay_id,
    charttime AS starttime,
    LEAD(charttime) OVER (PARTITION BY icustay_id, episode ORDER BY charttime) AS endtime,
    rate,
    amount
  FROM numbered_rates
  WHERE icustay_id IS NOT NULL
    AND episode > 0
),

-- a segment continues the one before if it touches it and has the same rate
compared_segments AS (
  SELECT
    icustay_id,
    starttime,
    endtime,
    rate,
    amount,
    LAG(endtime) OVER (PARTITION BY icustay_id ORDER BY starttime, endtime) AS previous_endtime,
    LAG(rate) OVER (PARTITION BY icustay_id ORDER BY starttime, endtime) AS previous_rate
  FROM segments
  WHERE rate > 0
    AND endtime <> starttime
),

numbered_segments AS (
  SELECT
    icustay_id,
    starttime,
    endtime,
    rate,
    amount,
    SUM(
      CASE
        WHEN previous_endtime = starttime AND previous_rate = rate THEN 0
        ELSE 1
      END
    ) OVER (PARTITION BY icustay_id ORDER BY starttime, endtime) AS period
  FROM compared_segments
)

SELECT
  icustay_id,
  MIN(starttime) AS starttime,
  MAX(endtime) AS endtime,
  rate AS vaso_rate,
  SUM(amount) AS vaso_amount
FROM numbered_segments
GROUP BY
  icustay_id,
  period,
  rate

UNION ALL

-- MetaVision: every record as it is
SELECT
  icustay_id,
  starttime,
  endtime,
  rate AS vaso_rate,
  amount AS vaso_amount
FROM `physionet-data.mimiciii_clinical.inputevents_mv`
WHERE itemid = 221289 -- Epinephrine
  AND statusdescription <> 'Rewritten'
