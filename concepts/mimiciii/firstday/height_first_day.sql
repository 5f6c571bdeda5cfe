-- Height of adults known by the end of the first day of each ICU stay: charted, else of echo reports.
WITH charted_heights AS (
  SELECT
    icustays.icustay_id,
    CASE
      WHEN chartevents.itemid IN (920, 1394, 4187, 3486) THEN chartevents.valuenum * 2.54 -- from inches
      ELSE chartevents.valuenum
    END AS height
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciii_clinical.chartevents` AS chartevents
    ON chartevents.icustay_id = icustays.icustay_id
    AND chartevents.charttime > DATETIME_SUB(icustays.intime, INTERVAL 1 DAY)
    AND chartevents.charttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
  WHERE chartevents.itemid IN (
      -- in inches
      920,   -- Admit Ht
      1394,  -- Height Inches
      4187,  -- Length Calc Inches
      3486,  -- Length in Inches
      -- in cm
      3485,  -- Length Calc (cm)
      4188,  -- Length in cm
      226730 -- Height (cm)
    )
    AND chartevents.valuenum <> 0
    AND (chartevents.error IS NULL OR chartevents.error = 0)
),

stay_heights AS (
  SELECT
    icustay_id,
    AVG(height) AS height_chart
  FROM charted_heights
  WHERE height > 100
  GROUP BY icustay_id
),

-- by patient: once for each stay that has not ended its first day before the echo
echo_heights AS (
  SELECT
    echo_data.subject_id,
    2.54 * AVG(echo_data.height) AS height_echo -- from inches
  FROM `physionet-data.mimiciii_derived.echo_data` AS echo_data
  INNER JOIN `physionet-data.mimiciii_clinical.icustays` AS icustays
    ON icustays.subject_id = echo_data.subject_id
    AND echo_data.charttime < DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
  WHERE echo_data.height * 2.54 > 100
  GROUP BY echo_data.subject_id
)

SELECT
  icustays.icustay_id,
  COALESCE(stay_heights.height_chart, echo_heights.height_echo) AS height,
  stay_heights.height_chart,
  echo_heights.height_echo
FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
INNER JOIN `physionet-data.mimiciii_clinical.patients` AS patients
  ON patients.subject_id = icustays.subject_id
  AND icustays.intime > DATETIME_ADD(patients.dob, INTERVAL 1 YEAR)
LEFT JOIN stay_heights
  ON stay_heights.icustay_id = icustays.icustay_id
LEFT JOIN echo_heights
  ON echo_heights.subject_id = icustays.subject_id
