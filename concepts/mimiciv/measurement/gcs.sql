-- Glasgow Coma Scale at each charted time; a missing component comes from the time before, a tube counts as 15.
WITH assessments AS (
  SELECT
    subject_id,
    stay_id,
    charttime,
    MAX(CASE WHEN itemid = 223901 THEN valuenum END) AS motor,
    MAX(CASE
      WHEN itemid = 223900 AND value = 'No Response-ETT' THEN 0
      WHEN itemid = 223900 THEN valuenum
    END) AS verbal,
    MAX(CASE WHEN itemid = 220739 THEN valuenum END) AS eyes,
    MAX(CASE WHEN itemid = 223900 AND value = 'No Response-ETT' THEN 1 ELSE 0 END) AS tube
  FROM `physionet-data.mimiciv_icu.chartevents`
  WHERE itemid IN (
      223900, -- GCS - Verbal Response
      223901, -- GCS - Motor Response
      220739  -- GCS - Eye Opening
    )
  GROUP BY
    subject_id,
    stay_id,
    charttime
),

consecutive_assessments AS (
  SELECT
    *,
    LAG(charttime) OVER (PARTITION BY stay_id ORDER BY charttime, subject_id) AS previous_charttime,
    LAG(motor) OVER (PARTITION BY stay_id ORDER BY charttime, subject_id) AS previous_motor,
    LAG(verbal) OVER (PARTITION BY stay_id ORDER BY charttime, subject_id) AS previous_verbal,
    LAG(eyes) OVER (PARTITION BY stay_id ORDER BY charttime, subject_id) AS previous_eyes
  FROM assessments
),

-- only the one assessment before, and only if it is less than six hours old
carried_assessments AS (
  SELECT
    subject_id,
    stay_id,
    charttime,
    motor,
    verbal,
    eyes,
    tube,
    CASE WHEN previous_charttime > DATETIME_SUB(charttime, INTERVAL 6 HOUR) THEN previous_motor END AS previous_motor,
    CASE WHEN previous_charttime > DATETIME_SUB(charttime, INTERVAL 6 HOUR) THEN previous_verbal END AS previous_verbal,
    CASE WHEN previous_charttime > DATETIME_SUB(charttime, INTERVAL 6 HOUR) THEN previous_eyes END AS previous_eyes
  FROM consecutive_assessments
)

SELECT
  subject_id,
  stay_id,
  charttime,
  CASE
    -- a verbal score of 0 stands for an endotracheal tube
    WHEN verbal = 0 THEN 15
    WHEN verbal IS NULL AND previous_verbal = 0 THEN 15
    -- just extubated: components from the time of the tube do not count
    WHEN previous_verbal = 0 THEN COALESCE(motor, 6) + COALESCE(verbal, 5) + COALESCE(eyes, 4)
    ELSE
      COALESCE(motor, previous_motor, 6)
      + COALESCE(verbal, previous_verbal, 5)
      + COALESCE(eyes, previous_eyes, 4)
  END AS gcs,
  COALESCE(motor, previous_motor) AS gcs_motor,
  COALESCE(verbal, previous_verbal) AS gcs_verbal,
  COALESCE(eyes, previous_eyes) AS gcs_eyes,
  tube AS gcs_unable
FROM carried_assessments
