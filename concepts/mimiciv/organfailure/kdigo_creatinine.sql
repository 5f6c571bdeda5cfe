-- Creatinine around each ICU stay, with its lowest earlier value of the last 48 hours and of the last 7 days.
WITH creatinines AS (
  SELECT
    icustays.hadm_id,
    icustays.stay_id,
    labevents.charttime,
    AVG(labevents.valuenum) AS creat
  FROM `physionet-data.mimiciv_icu.icustays` AS icustays
  -- by patient: a value before the hospital admission counts as well
  LEFT JOIN `physionet-data.mimiciv_hosp.labevents` AS labevents
    ON labevents.subject_id = icustays.subject_id
    AND labevents.itemid = 50912 -- Creatinine
    AND labevents.valuenum <= 150
    AND labevents.charttime >= DATETIME_SUB(icustays.intime, INTERVAL 7 DAY)
    AND labevents.charttime <= icustays.outtime
  GROUP BY
    icustays.hadm_id,
    icustays.stay_id,
    labevents.charttime
)

SELECT
  creatinines.hadm_id,
  creatinines.stay_id,
  creatinines.charttime,
  creatinines.creat,
  MIN(CASE
    WHEN earlier.charttime >= DATETIME_SUB(creatinines.charttime, INTERVAL 48 HOUR) THEN earlier.creat
  END) AS creat_low_past_48hr,
  MIN(earlier.creat) AS creat_low_past_7day
FROM creatinines
LEFT JOIN creatinines AS earlier
  ON earlier.stay_id = creatinines.stay_id
  AND earlier.charttime < creatinines.charttime
  AND earlier.charttime >= DATETIME_SUB(creatinines.charttime, INTERVAL 7 DAY)
GROUP BY
  creatinines.hadm_id,
  creatinines.stay_id,
  creatinines.charttime,
  creatinines.creat
