-- Body weight of adults known by the end of the first day of each ICU stay: charted, else of echo reports.
WITH charted_weights AS (
  SELECT
    icustays.icustay_id,
    AVG(CASE WHEN chartevents.itemid IN (762, 226512) THEN chartevents.valuenum END) AS weight_admit,
    AVG(CASE WHEN chartevents.itemid IN (763, 224639) THEN chartevents.valuenum END) AS weight_daily
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciii_clinical.chartevents` AS chartevents
    ON chartevents.icustay_id = icustays.icustay_id
    AND chartevents.charttime > DATETIME_SUB(icustays.intime, INTERVAL 1 DAY)
    AND chartevents.charttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
  WHERE chartevents.itemid IN (
      762,    -- Admit Wt
      226512, -- Admission Weight (Kg)
      763,    -- Daily Weight
      224639  -- Daily Weight
    )
    AND chartevents.valuenum <> 0
    AND (chartevents.error IS NULL OR chartevents.error = 0)
  GROUP BY icustays.icustay_id
),

-- echoes of the same admission, however long before the ICU stay
inpatient_echoes AS (
  SELECT
    icustays.icustay_id,
    0.453592 * AVG(echo_data.weight) AS weight_echoinhosp -- from pounds
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciii_derived.echo_data` AS echo_data
    ON echo_data.hadm_id = icustays.hadm_id
    AND echo_data.charttime < DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
  WHERE echo_data.weight IS NOT NULL
  GROUP BY icustays.icustay_id
),

-- echoes of the month before the ICU stay that belong to no admission
outpatient_echoes AS (
  SELECT
    icustays.icustay_id,
    0.453592 * AVG(echo_data.weight) AS weight_echoprehosp -- from pounds
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciii_derived.echo_data` AS echo_data
    ON echo_data.subject_id = icustays.subject_id
    AND echo_data.charttime < icustays.intime
    AND DATETIME_ADD(echo_data.charttime, INTERVAL 1 MONTH) > icustays.intime
  WHERE echo_data.hadm_id IS NULL
    AND echo_data.weight IS NOT NULL
  GROUP BY icustays.icustay_id
)

SELECT
  icustays.icustay_id,
  ROUND(CAST(COALESCE(
    charted_weights.weight_admit,
    charted_weights.weight_daily,
    inpatient_echoes.weight_echoinhosp,
    outpatient_echoes.weight_echoprehosp
  ) AS NUMERIC), 2) AS weight,
  charted_weights.weight_admit,
  charted_weights.weight_daily,
  inpatient_echoes.weight_echoinhosp,
  outpatient_echoes.weight_echoprehosp
FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
INNER JOIN `physionet-data.mimiciii_clinical.patients` AS patients
  ON patients.subject_id = icustays.subject_id
  AND icustays.intime > DATETIME_ADD(patients.dob, INTERVAL 1 YEAR)
LEFT JOIN charted_weights
  ON charted_weights.icustay_id = icustays.icustay_id
LEFT JOIN inpatient_echoes
  ON inpatient_echoes.icustay_id = icustays.icustay_id
LEFT JOIN outpatient_echoes
  ON outpatient_echoes.icustay_id = icustays.icustay_id
