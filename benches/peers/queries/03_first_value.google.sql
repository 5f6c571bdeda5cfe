-- First value per stay: creatinine.
SELECT i.stay_id, l.charttime, l.valuenum
FROM `physionet-data.mimiciv_icu.icustays` AS i
JOIN `physionet-data.mimiciv_hosp.labevents` AS l
  ON l.subject_id = i.subject_id AND l.charttime >= i.intime AND l.charttime <= i.outtime
WHERE l.itemid = 50912 AND l.valuenum IS NOT NULL
QUALIFY ROW_NUMBER() OVER (PARTITION BY i.stay_id ORDER BY l.charttime, l.labevent_id) = 1
