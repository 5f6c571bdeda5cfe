-- Periods of one rate of a neuromuscular blocker in each ICU stay, from both bedside systems.
WITH input_rates AS (
  SELECT
    icustay_id,
    charttime,
    MAX(CASE WHEN stopped IN ('Stopped', "D/C'd") THEN 1 ELSE 0 END) AS is_stopped,
    MAX(CASE
      WHEN itemid >= 40000 AND amount IS NOT NULL THEN 1
      WHEN itemid < 40000 AND rate IS NOT NULL THEN 1
      ELSE 0
    END) AS starts_part,
    MAX(CASE WHEN itemid >= 40000 THEN COALESCE(rate, amount) ELSE rate END) AS rate,
    MAX(amount) AS amount
  FROM `physionet-data.mimiciii_clinical.inputevents_cv`
  WHERE itemid IN (
      30114,                                           -- Cisatracurium
      30138,                                           -- Vecuronium
      30113,                                           -- Atracurium
      -- free text:
      42174, 42385, 41916, 42100, 42045, 42246, 42291, -- nimbex, cisatracurium
      42590, 42284,                                    -- nimbex, cisatracurium
      45096                                            -- vecuronium drip
    )
  GROUP BY
    icustay_id,
    charttime
),

-- numbers up to 10 are taken for rates, above for amounts
charted_rates AS (
  SELECT
    icustay_id,
    charttime,
    MAX(CASE WHEN stopped IN ('Stopped', "D/C'd") THEN 1 ELSE 0 END) AS is_stopped,
    MAX(CASE WHEN valuenum <= 10 THEN 0 ELSE 1 END) AS starts_part,
    MAX(CASE WHEN valuenum <= 10 THEN valuenum END) AS rate,
    MAX(CASE WHEN valuenum > 10 THEN valuenum END) AS amount
  FROM `physionet-data.mimiciii_clinical.chartevents`
  WHERE itemid IN (
      1856,       -- vecuronium mcg/min
      2164,       -- nimbex mg/kg/hr
      2548,       -- nimbex mg/kg/hr
      2285,       -- nimbex mcg/kg/min
      2290,       -- nimbex mcg/kg/m
      2670,       -- nimbex
      2546,       -- cisatracurium mg/kg/h
      1098,       -- cisatracurium mg/kg
      2390,       -- cisatracurium mg/hr
      2511,       -- cisatracurium gtt
      1028, 1858  -- cisatracurium
    )
  GROUP BY
    icustay_id,
    charttime
),

carevue_rates AS (
  SELECT icustay_id, charttime, is_stopped, starts_part, rate, amount FROM input_rates
  UNION DISTINCT
  SELECT icustay_id, charttime, is_stopped, starts_part, rate, amount FROM charted_rates
),

numbered_parts AS (
  SELECT
    icustay_id,
    charttime,
    is_stopped,
    starts_part,
    rate,
    amount,
    SUM(starts_part) OVER (PARTITION BY icustay_id ORDER BY charttime) AS part
  FROM carevue_rates
),

-- the first rate of a part holds through it
held_rates AS (
  SELECT
    icustay_id,
    charttime,
    is_stopped,
    starts_part,
    rate,
    amount,
    FIRST_VALUE(rate) OVER (
      PARTITION BY icustay_id, part
      ORDER BY charttime, starts_part, rate, amount, is_stopped
    ) AS held_rate
  FROM numbered_parts
),

neighbouring_rates AS (
  SELECT
    icustay_id,
    charttime,
    is_stopped,
    starts_part,
    rate,
    amount,
    held_rate,
    LAG(held_rate) OVER (
      PARTITION BY icustay_id, starts_part
      ORDER BY charttime, rate, amount, is_stopped, held_rate
    ) AS previous_held_rate_alike,
    LAG(charttime) OVER stay_times AS previous_charttime,
    LAG(held_rate) OVER stay_times AS previous_held_rate,
    LAG(is_stopped) OVER stay_times AS previous_is_stopped
  FROM held_rates
  WINDOW stay_times AS (
    PARTITION BY icustay_id
    ORDER BY charttime, starts_part, rate, amount, is_stopped, held_rate
  )
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
        WHEN rate > 0 AND previous_held_rate_alike IS NULL THEN 1
        WHEN rate = 0 AND previous_held_rate = 0 THEN 0
        WHEN held_rate = 0 AND previous_held_rate = 0 THEN 0
        WHEN previous_held_rate = 0 THEN 1
        WHEN previous_is_stopped = 1 THEN 1
        WHEN charttime > DATETIME_ADD(previous_charttime, INTERVAL 8 HOUR) THEN 1
      END
    ) OVER (PARTITION BY icustay_id ORDER BY charttime) AS episode
  FROM neighbouring_rates
),

-- each time of an episode lasts until the next
segments AS (
  SELECT
    icustay_id,
    charttime AS starttime,
    LEAD(charttime) OVER (PARTITION BY icustay_id, episode ORDER BY charttime, rate, amount) AS endtime,
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
    LAG(endtime) OVER stay_segments AS previous_endtime,
    LAG(rate) OVER stay_segments AS previous_rate
  FROM segments
  WHERE rate > 0
    AND endtime <> starttime
  WINDOW stay_segments AS (PARTITION BY icustay_id ORDER BY starttime, endtime, rate, amount)
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
  rate AS drug_rate,
  SUM(amount) AS drug_amount
FROM numbered_segments
GROUP BY
  icustay_id,
  period,
  rate

UNION DISTINCT

-- MetaVision: the records with a rate
SELECT
  icustay_id,
  starttime,
  endtime,
  rate AS drug_rate,
  amount AS drug_amount
FROM `physionet-data.mimiciii_clinical.inputevents_mv`
WHERE itemid IN (
    222062, -- Vecuronium
    221555  -- Cisatracurium
  )
  AND statusdescription <> 'Rewritten'
  AND rate IS NOT NULL
