-- Heart rhythm and ectopy at each charted time.
WITH entries AS (
  SELECT
    subject_id,
    charttime,
    CASE WHEN itemid = 220048 THEN value END AS heart_rhythm, -- Heart Rhythm
    CASE WHEN itemid = 224650 THEN value END AS ectopy_type, -- Ectopy Type 1
    CASE WHEN itemid = 224651 THEN value END AS ectopy_frequency, -- Ectopy Frequency 1
    CASE WHEN itemid = 226479 THEN value END AS ectopy_type_secondary, -- Ectopy Type 2
    CASE WHEN itemid = 226480 THEN value END AS ectopy_frequency_secondary -- Ectopy Frequency 2
  FROM `physionet-data.mimiciv_icu.chartevents`
  WHERE itemid IN (220048, 224650, 224651, 226479, 226480)
    AND stay_id IS NOT NULL
)

SELECT
  subject_id,
  charttime,
  STRING_AGG(DISTINCT heart_rhythm, '; ' ORDER BY heart_rhythm) AS heart_rhythm,
  MAX(ectopy_type) AS ectopy_type,
  MAX(ectopy_frequency) AS ectopy_frequency,
  MAX(ectopy_type_secondary) AS ectopy_type_secondary,
  MAX(ectopy_frequency_secondary) AS ectopy_frequency_secondary
FROM entries
GROUP BY
  subject_id,
  charttime
