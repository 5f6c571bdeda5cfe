SELECT d.itemid, d.label, COUNT(*) AS events, AVG(c.valuenum) AS average
FROM mimiciv_icu.d_items AS d
JOIN mimiciv_icu.chartevents AS c ON c.itemid = d.itemid
WHERE LOWER(d.label) LIKE '%pressure%' AND d.linksto = 'chartevents'
GROUP BY d.itemid, d.label
