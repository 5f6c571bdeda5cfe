-- Antibiotics of the admission of each ICU stay, with the cultures shortly before and after: suspected infections.
WITH antibiotics AS (
  SELECT
    prescriptions.hadm_id,
    prescriptions.drug,
    prescriptions.startdate
  FROM `physionet-data.mimiciii_clinical.prescriptions` AS prescriptions
  INNER JOIN `physionet-data.mimiciii_derived.abx_prescriptions_list` AS abx_prescriptions_list
    ON abx_prescriptions_list.drug = prescriptions.drug
),

cultures AS (
  SELECT
    hadm_id,
    chartdate,
    charttime,
    spec_type_desc,
    COALESCE(charttime, chartdate) AS culture_time,
    MAX(CASE WHEN org_name <> '' THEN 1 ELSE 0 END) AS positive
  FROM `physionet-data.mimiciii_clinical.microbiologyevents`
  GROUP BY
    hadm_id,
    chartdate,
    charttime,
    spec_type_desc
)

SELECT
  icustays.icustay_id,
  antibiotics.drug AS antibiotic_name,
  antibiotics.startdate AS antibiotic_time,
  earlier.culture_time AS last72_charttime,
  later.culture_time AS next24_charttime,
  COALESCE(earlier.culture_time, later.culture_time) AS suspected_infection_time,
  CASE
    WHEN earlier.culture_time IS NOT NULL THEN earlier.spec_type_desc
    WHEN later.culture_time IS NOT NULL THEN later.spec_type_desc
  END AS specimen,
  CASE
    WHEN earlier.culture_time IS NOT NULL THEN earlier.positive
    WHEN later.culture_time IS NOT NULL THEN later.positive
  END AS positiveculture
FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
LEFT JOIN antibiotics
  ON antibiotics.hadm_id = icustays.hadm_id
-- the culture up to 72 hours before the antibiotic, or 96 hours where only its date is known
LEFT JOIN cultures AS earlier
  ON earlier.hadm_id = antibiotics.hadm_id
  AND (
    (
      antibiotics.startdate >= earlier.charttime
      AND antibiotics.startdate <= DATETIME_ADD(earlier.charttime, INTERVAL 72 HOUR)
    )
    OR (
      earlier.charttime IS NULL
      AND antibiotics.startdate >= earlier.chartdate
      AND antibiotics.startdate <= DATETIME_ADD(earlier.chartdate, INTERVAL 96 HOUR)
    )
  )
-- the culture up to 24 hours after the antibiotic
LEFT JOIN cultures AS later
  ON later.hadm_id = antibiotics.hadm_id
  AND (
    (
      antibiotics.startdate >= DATETIME_SUB(later.charttime, INTERVAL 24 HOUR)
      AND antibiotics.startdate <= later.charttime
    )
    OR (
      later.charttime IS NULL
      AND antibiotics.startdate >= DATETIME_SUB(later.chartdate, INTERVAL 24 HOUR)
      AND antibiotics.startdate <= later.chartdate
    )
  )
