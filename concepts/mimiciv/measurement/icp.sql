-- Intracranial pressure at each charted time, the higher one where two monitors are charted.
SELECT
  subject_id,
  stay_id,
  charttime,
  MAX(CASE WHEN valuenum > 0 AND valuenum < 100 THEN valuenum END) AS icp
FROM `physionet-data.mimiciv_icu.chartevents`
WHERE itemid IN (
    220765, -- Intra Cranial Pressure
    227989  -- Intra Cranial Pressure #2
  )
GROUP BY
  subject_id,
  stay_id,
  charttime
