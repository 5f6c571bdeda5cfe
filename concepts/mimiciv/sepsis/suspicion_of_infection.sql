-- Suspected infection for each antibiotic prescription: a culture within 72 hours before or 24 hours after it.
WITH antibiotics AS (
  SELECT
    prescriptions.subject_id,
    prescriptions.hadm_id,
    prescriptions.stay_id,
    ROW_NUMBER() OVER (
      PARTITION BY prescriptions.subject_id
      ORDER BY
        prescriptions.starttime,
        prescriptions.stoptime,
        prescriptions.antibiotic,
        prescriptions.hadm_id,
        prescriptions.stay_id
    ) AS ab_id,
    prescriptions.antibiotic,
    prescriptions.starttime AS antibiotic_time,
    CAST(prescriptions.starttime AS DATE) AS antibiotic_date
  FROM `physionet-data.mimiciv_derived.antibiotic` AS prescriptions
),

specimens AS (
  SELECT
    micro_specimen_id,
    MAX(subject_id) AS subject_id,
    CAST(MAX(chartdate) AS DATE) AS chartdate,
    MAX(charttime) AS charttime,
    MAX(spec_type_desc) AS spec_type_desc,
    MAX(CASE
      WHEN org_name IS NOT NULL
        AND org_name <> ''
        AND org_name <> 'CANCELLED'
        AND org_itemid NOT IN (
          90856, -- NEGATIVE
          90760  -- CANCELLED
        )
        THEN 1
      ELSE 0
    END) AS positive_culture
  FROM `physionet-data.mimiciv_hosp.microbiologyevents`
  GROUP BY micro_specimen_id
),

-- by time where the time of the culture is known, else by date
matches AS (
  SELECT
    antibiotics.subject_id,
    antibiotics.ab_id,
    'before' AS direction,
    specimens.micro_specimen_id,
    specimens.chartdate,
    specimens.charttime,
    specimens.spec_type_desc,
    specimens.positive_culture
  FROM antibiotics
  INNER JOIN specimens
    ON specimens.subject_id = antibiotics.subject_id
    AND (
      (
        specimens.charttime < antibiotics.antibiotic_time
        AND specimens.charttime >= DATETIME_SUB(antibiotics.antibiotic_time, INTERVAL 72 HOUR)
      )
      OR (
        specimens.charttime IS NULL
        AND specimens.chartdate <= antibiotics.antibiotic_date
        AND specimens.chartdate >= DATE_SUB(antibiotics.antibiotic_date, INTERVAL 3 DAY)
      )
    )

  UNION ALL

  SELECT
    antibiotics.subject_id,
    antibiotics.ab_id,
    'after' AS direction,
    specimens.micro_specimen_id,
    specimens.chartdate,
    specimens.charttime,
    specimens.spec_type_desc,
    specimens.positive_culture
  FROM antibiotics
  INNER JOIN specimens
    ON specimens.subject_id = antibiotics.subject_id
    AND (
      (
        specimens.charttime > antibiotics.antibiotic_time
        AND specimens.charttime <= DATETIME_ADD(antibiotics.antibiotic_time, INTERVAL 24 HOUR)
      )
      OR (
        specimens.charttime IS NULL
        AND specimens.chartdate >= antibiotics.antibiotic_date
        AND specimens.chartdate <= DATE_ADD(antibiotics.antibiotic_date, INTERVAL 1 DAY)
      )
    )
),

-- the earliest culture of each direction, of several at one time a positive one
numbered_matches AS (
  SELECT
    subject_id,
    ab_id,
    direction,
    COALESCE(charttime, CAST(chartdate AS DATETIME)) AS culture_time,
    spec_type_desc,
    positive_culture,
    ROW_NUMBER() OVER (
      PARTITION BY subject_id, ab_id, direction
      ORDER BY chartdate, charttime NULLS LAST, positive_culture DESC, micro_specimen_id
    ) AS match_number
  FROM matches
)

SELECT
  antibiotics.subject_id,
  antibiotics.stay_id,
  antibiotics.hadm_id,
  antibiotics.ab_id,
  antibiotics.antibiotic,
  antibiotics.antibiotic_time,
  CASE
    WHEN culture_before.spec_type_desc IS NULL AND culture_after.spec_type_desc IS NULL THEN 0
    ELSE 1
  END AS suspected_infection,
  CASE
    WHEN culture_before.spec_type_desc IS NULL AND culture_after.spec_type_desc IS NULL THEN NULL
    ELSE COALESCE(culture_before.culture_time, antibiotics.antibiotic_time)
  END AS suspected_infection_time,
  COALESCE(culture_before.culture_time, culture_after.culture_time) AS culture_time,
  COALESCE(culture_before.spec_type_desc, culture_after.spec_type_desc) AS specimen,
  COALESCE(culture_before.positive_culture, culture_after.positive_culture) AS positive_culture
FROM antibiotics
LEFT JOIN numbered_matches AS culture_before
  ON culture_before.subject_id = antibiotics.subject_id
  AND culture_before.ab_id = antibiotics.ab_id
  AND culture_before.direction = 'before'
  AND culture_before.match_number = 1
LEFT JOIN numbered_matches AS culture_after
  ON culture_after.subject_id = antibiotics.subject_id
  AND culture_after.ab_id = antibiotics.ab_id
  AND culture_after.direction = 'after'
  AND culture_after.match_number = 1
