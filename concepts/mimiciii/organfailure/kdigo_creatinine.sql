-- Creatinine of the first week of each ICU stay, with the lowest earlier value of the last 48 hours and of 7 days.
WITH creatinines AS (
  SELECT DISTINCT
    icustays.icustay_id,
    labevents.charttime,
    labevents.valuenum AS creat
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  -- by patient: a value from outside the hospital admission counts as well
  LEFT JOIN `physionet-data.mimiciii_clinical.labevents` AS labevents
    ON labevents.subject_id = icustays.subject_id
    AND labevents.itemid = 50912 -- Creatinine
    AND labevents.valuenum IS NOT NULL
    AND labevents.charttime >= DATETIME_SUB(icustays.intime, INTERVAL 6 HOUR)
    AND labevents.charttime <= DATETIME_ADD(icustays.intime, INTERVAL 7 DAY)
    -- six hours less than the 7 days, as published, and so the limit that decides
    AND DATETIME_DIFF(labevents.charttime, icustays.intime, HOUR) <= 7 * 24 - 6
)

SELECT
  creatinines.icustay_id,
  creatinines.charttime,
  creatinines.creat,
  MIN(CASE
    WHEN DATETIME_DIFF(creatinines.charttime, earlier.charttime, HOUR) <= 48 THEN earlier.creat
  END) AS creat_low_past_48hr,
  MIN(CASE
    WHEN DATETIME_DIFF(creatinines.charttime, earlier.charttime, DAY) <= 7 THEN earlier.creat
  END) AS creat_low_past_7day
FROM creatinines
LEFT JOIN creatinines AS earlier
  ON earlier.icustay_id = creatinines.icustay_id
  AND earlier.charttime < creatinines.charttime
GROUP BY
  creatinines.icustay_id,
  creatinines.charttime,
  creatinines.creat
