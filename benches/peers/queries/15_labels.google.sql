-- Text search in labels: whatever is about pressure, how often and how high.
SELECT d.itemid, d.label, COUNT(*) AS events, AVG(c.valuenum) AS average
FROM `physionet-data.mimiciv_icu.d_items` AS d
JOIN `physionet-data.mimiciv_icu.chartevents` AS c ON c.itemid = d.itemid
WHERE LOWER(d.label) LIKE '%pressure%' AND d.linksto = 'chartevents'
GROUP BY d.itemid, d.label
