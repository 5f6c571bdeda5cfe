SELECT a.hadm_id, l.itemid, MIN(l.valuenum) AS lowest, MAX(l.valuenum) AS highest, COUNT(*) AS results
FROM mimiciv_hosp.admissions AS a
JOIN mimiciv_hosp.labevents AS l
  ON l.subject_id = a.subject_id
  AND l.charttime BETWEEN a.admittime - INTERVAL 6 HOUR AND a.admittime + INTERVAL 24 HOUR
WHERE l.valuenum IS NOT NULL
GROUP BY a.hadm_id, l.itemid
