-- Episodes of invasive ventilation in each ICU stay.
WITH neighbouring_times AS (
  SELECT
    icustay_id,
    charttime,
    MechVent,
    OxygenTherapy,
    Extubated,
    LAG(charttime) OVER (
      PARTITION BY icustay_id, MechVent
      ORDER BY charttime, Extubated, OxygenTherapy, SelfExtubated
    ) AS previous_charttime,
    -- among times that are ventilated or end it, and among all others
    LAG(Extubated) OVER (
      PARTITION BY icustay_id, CASE WHEN MechVent = 1 OR Extubated = 1 THEN 1 ELSE 0 END
      ORDER BY charttime, Extubated, MechVent, OxygenTherapy, SelfExtubated
    ) AS previous_extubated
  FROM `physionet-data.mimiciii_derived.ventilation_classification`
),

-- an extubation before, oxygen without a ventilator, or a silence of the ventilator for more than 8 hours
marked_times AS (
  SELECT
    icustay_id,
    charttime,
    MechVent,
    Extubated,
    CASE
      WHEN previous_extubated = 1 THEN 1
      WHEN MechVent = 0 AND OxygenTherapy = 1 THEN 1
      WHEN MechVent = 1 AND charttime > DATETIME_ADD(previous_charttime, INTERVAL 8 HOUR) THEN 1
      ELSE 0
    END AS starts_episode
  FROM neighbouring_times
),

numbered_times AS (
  SELECT
    icustay_id,
    charttime,
    MechVent,
    Extubated,
    SUM(starts_episode) OVER (PARTITION BY icustay_id ORDER BY charttime) AS episode
  FROM marked_times
),

-- episodes of a single time are left out
episodes AS (
  SELECT
    icustay_id,
    episode,
    MIN(charttime) AS starttime,
    MAX(charttime) AS endtime
  FROM numbered_times
  WHERE MechVent = 1
    OR Extubated = 1
  GROUP BY
    icustay_id,
    episode
  HAVING MIN(charttime) <> MAX(charttime)
    AND MAX(MechVent) = 1
)

SELECT
  icustay_id,
  ROW_NUMBER() OVER (PARTITION BY icustay_id ORDER BY episode) AS ventnum,
  starttime,
  endtime,
  DATETIME_DIFF(endtime, starttime, MINUTE) / 60 AS duration_hours
FROM episodes
