-- Lowest Glasgow Coma Scale on the first day of each ICU stay, with its components; a tube counts as 15.
WITH assessments AS (
  SELECT
    icustays.icustay_id,
    chartevents.charttime,
    MAX(CASE WHEN itemid IN (454, 223901) THEN valuenum END) AS motor,
    MAX(CASE
      WHEN itemid = 723 AND value = '1.0 ET/Trach' THEN 0
      WHEN itemid = 223900 AND value = 'No Response-ETT' THEN 0
      WHEN itemid IN (723, 223900) THEN valuenum
    END) AS verbal,
    MAX(CASE WHEN itemid IN (184, 220739) THEN valuenum END) AS eyes
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciii_clinical.chartevents` AS chartevents
    ON chartevents.icustay_id = icustays.icustay_id
    AND chartevents.charttime >= icustays.intime
    AND chartevents.charttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
  WHERE chartevents.itemid IN (
      454,    -- Motor Response (CareVue)
      723,    -- Verbal Response (CareVue)
      184,    -- Eye Opening (CareVue)
      223901, -- GCS - Motor Response (MetaVision)
      223900, -- GCS - Verbal Response (MetaVision)
      220739  -- GCS - Eye Opening (MetaVision)
    )
    AND (chartevents.error IS NULL OR chartevents.error = 0)
  GROUP BY
    icustays.icustay_id,
    chartevents.charttime
),

consecutive_assessments AS (
  SELECT
    *,
    LAG(charttime) OVER (PARTITION BY icustay_id ORDER BY charttime) AS previous_charttime,
    LAG(motor) OVER (PARTITION BY icustay_id ORDER BY charttime) AS previous_motor,
    LAG(verbal) OVER (PARTITION BY icustay_id ORDER BY charttime) AS previous_verbal,
    LAG(eyes) OVER (PARTITION BY icustay_id ORDER BY charttime) AS previous_eyes
  FROM assessments
),

-- only the one assessment before, and only if it is less than six hours old
carried_assessments AS (
  SELECT
    icustay_id,
    charttime,
    motor,
    verbal,
    eyes,
    CASE WHEN previous_charttime > DATETIME_SUB(charttime, INTERVAL 6 HOUR) THEN previous_motor END AS previous_motor,
    CASE WHEN previous_charttime > DATETIME_SUB(charttime, INTERVAL 6 HOUR) THEN previous_verbal END AS previous_verbal,
    CASE WHEN previous_charttime > DATETIME_SUB(charttime, INTERVAL 6 HOUR) THEN previous_eyes END AS previous_eyes
  FROM consecutive_assessments
),

scored_assessments AS (
  SELECT
    icustay_id,
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
    COALESCE(motor, previous_motor) AS motor,
    COALESCE(verbal, previous_verbal) AS verbal,
    COALESCE(eyes, previous_eyes) AS eyes,
    CASE WHEN verbal = 0 THEN 1 ELSE 0 END AS tube
  FROM carried_assessments
),

-- of equally low assessments the earliest
numbered_assessments AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY icustay_id ORDER BY gcs, charttime) AS assessment_number
  FROM scored_assessments
)

SELECT
  icustays.subject_id,
  icustays.hadm_id,
  icustays.icustay_id,
  lowest.gcs AS mingcs,
  lowest.motor AS gcsmotor,
  lowest.verbal AS gcsverbal,
  lowest.eyes AS gcseyes,
  lowest.tube AS endotrachflag
FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
LEFT JOIN numbered_assessments AS lowest
  ON lowest.icustay_id = icustays.icustay_id
  AND lowest.assessment_number = 1
