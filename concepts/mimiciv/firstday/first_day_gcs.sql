-- Lowest Glasgow Coma Scale on the first day of each ICU stay, with the components charted with it.
WITH numbered_assessments AS (
  SELECT
    icustays.stay_id,
    gcs.gcs,
    gcs.gcs_motor,
    gcs.gcs_verbal,
    gcs.gcs_eyes,
    gcs.gcs_unable,
    ROW_NUMBER() OVER (
      PARTITION BY icustays.stay_id
      ORDER BY gcs.gcs, gcs.charttime DESC, gcs.subject_id
    ) AS assessment_number
  FROM `physionet-data.mimiciv_icu.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciv_derived.gcs` AS gcs
    ON gcs.stay_id = icustays.stay_id
    AND gcs.charttime >= DATETIME_SUB(icustays.intime, INTERVAL 6 HOUR)
    AND gcs.charttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
)

-- of equally low assessments the latest
SELECT
  icustays.subject_id,
  icustays.stay_id,
  lowest.gcs AS gcs_min,
  lowest.gcs_motor,
  lowest.gcs_verbal,
  lowest.gcs_eyes,
  lowest.gcs_unable
FROM `physionet-data.mimiciv_icu.icustays` AS icustays
LEFT JOIN numbered_assessments AS lowest
  ON lowest.stay_id = icustays.stay_id
  AND lowest.assessment_number = 1
