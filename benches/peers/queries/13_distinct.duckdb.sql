SELECT
  d.category, COUNT(DISTINCT c.subject_id) AS patients, COUNT(DISTINCT c.hadm_id) AS admissions,
  COUNT(DISTINCT c.itemid) AS items, COUNT(DISTINCT c.value) AS contents
FROM mimiciv_icu.chartevents AS c
JOIN mimiciv_icu.d_items AS d ON d.itemid = c.itemid
GROUP BY d.category
