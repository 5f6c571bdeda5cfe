-- Glasgow Coma Scale at each time it was charted, missing components taken from the time before.
-- a patient with a tube cannot speak: 0 stands for that
WITH charted_components AS (
  SELECT
    icustay_id,
    charttime,
    MAX(CASE WHEN itemid IN (454, 223901) THEN valuenum END) AS motor,
    MAX(CASE
      WHEN itemid = 723 AND value = '1.0 ET/Trach' THEN 0
      WHEN itemid = 223900 AND value = 'No Response-ETT' THEN 0
      WHEN itemid IN (723, 223900) THEN valuenum
    END) AS verbal,
    MAX(CASE WHEN itemid IN (184, 220739) THEN valuenum END) AS eyes,
    MAX(CASE
      WHEN itemid = 723 AND value = '1.0 ET/Trach' THEN 1
      WHEN itemid = 223900 AND value = 'No Response-ETT' THEN 1
      ELSE 0
    END) AS endotrachflag
  FROM `physionet-data.mimiciii_clinical.chartevents`
  WHERE itemid IN (
      454, 223901, -- motor response
      723, 223900, -- verbal response
      184, 220739  -- eye opening
    )
    AND (error IS NULL OR error <> 1)
  GROUP BY
    icustay_id,
    charttime
),

neighbouring_components AS (
  SELECT
    *,
    LAG(charttime) OVER stay_times AS previous_charttime,
    LAG(motor) OVER stay_times AS motor_before,
    LAG(verbal) OVER stay_times AS verbal_before,
    LAG(eyes) OVER stay_times AS eyes_before
  FROM charted_components
  WINDOW stay_times AS (PARTITION BY icustay_id ORDER BY charttime)
),

-- the time before counts for less than six hours, and only within a known stay
components AS (
  SELECT
    icustay_id,
    charttime,
    motor,
    verbal,
    eyes,
    endotrachflag,
    CASE WHEN is_recent THEN motor_before END AS previous_motor,
    CASE WHEN is_recent THEN verbal_before END AS previous_verbal,
    CASE WHEN is_recent THEN eyes_before END AS previous_eyes
  FROM (
    SELECT
      *,
      icustay_id IS NOT NULL AND previous_charttime > DATETIME_SUB(charttime, INTERVAL 6 HOUR) AS is_recent
    FROM neighbouring_components
  )
)

SELECT
  icustay_id,
  charttime,
  CASE
    WHEN verbal = 0 THEN 15
    WHEN verbal IS NULL AND previous_verbal = 0 THEN 15
    WHEN previous_verbal = 0 THEN COALESCE(motor, 6) + COALESCE(verbal, 5) + COALESCE(eyes, 4)
    ELSE COALESCE(motor, previous_motor, 6) + COALESCE(verbal, previous_verbal, 5) + COALESCE(eyes, previous_eyes, 4)
  END AS gcs,
  COALESCE(motor, previous_motor) AS gcsmotor,
  COALESCE(verbal, previous_verbal) AS gcsverbal,
  COALESCE(eyes, previous_eyes) AS gcseyes,
  endotrachflag
FROM components
