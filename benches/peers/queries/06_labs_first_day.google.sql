-- Laboratory values within 24 hours of admission: lowest and highest of each item.
SELECT a.hadm_id, l.itemid, MIN(l.valuenum) AS lowest, MAX(l.valuenum) AS highest, COUNT(*) AS results
FROM `physionet-data.mimiciv_hosp.admissions` AS a
JOIN `physionet-data.mimiciv_hosp.labevents` AS l
  ON l.subject_id = a.subject_id
  AND l.charttime BETWEEN DATETIME_SUB(a.admittime, INTERVAL 6 HOUR) AND DATETIME_ADD(a.admittime, INTERVAL 24 HOUR)
WHERE l.valuenum IS NOT NULL
GROUP BY a.hadm_id, l.itemid
