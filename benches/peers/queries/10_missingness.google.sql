-- Counts and missingness of every charted item.
SELECT
  c.itemid, d.label, COUNT(*) AS events, COUNT(DISTINCT c.stay_id) AS stays,
  COUNTIF(c.valuenum IS NULL) AS without_number, COUNTIF(c.value IS NULL) AS without_value, COUNTIF(c.warning = 1) AS warnings
FROM `physionet-data.mimiciv_icu.chartevents` AS c
JOIN `physionet-data.mimiciv_icu.d_items` AS d ON d.itemid = c.itemid
GROUP BY c.itemid, d.label
