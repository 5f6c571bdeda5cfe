SELECT
  c.itemid, d.label, COUNT(*) AS events, COUNT(DISTINCT c.stay_id) AS stays,
  COUNT_IF(c.valuenum IS NULL) AS without_number, COUNT_IF(c.value IS NULL) AS without_value, COUNT_IF(c.warning = 1) AS warnings
FROM mimiciv_icu.chartevents AS c
JOIN mimiciv_icu.d_items AS d ON d.itemid = c.itemid
GROUP BY c.itemid, d.label
