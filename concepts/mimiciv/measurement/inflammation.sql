-- C-reactive protein, one row per blood specimen.
SELECT
  MAX(subject_id) AS subject_id,
  MAX(hadm_id) AS hadm_id,
  MAX(charttime) AS charttime,
  specimen_id,
  MAX(CASE WHEN itemid = 50889 THEN valuenum END) AS crp -- C-Reactive Protein
FROM `physionet-data.mimiciv_hosp.labevents`
WHERE itemid = 50889
  AND valuenum > 0
GROUP BY specimen_id
