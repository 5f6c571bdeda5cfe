-- First, last and any charted code status of each ICU stay.
-- the texts of CareVue are cut after 16 characters
WITH entries AS (
  SELECT
    icustay_id,
    charttime,
    CASE WHEN value IN ('Full Code', 'Full code') THEN 1 ELSE 0 END AS fullcode,
    CASE WHEN value IN ('Comfort Measures', 'Comfort measures only') THEN 1 ELSE 0 END AS cmo,
    CASE WHEN value IN ('Do Not Resuscita', 'DNR (do not resuscitate)', 'DNR / DNI') THEN 1 ELSE 0 END AS dnr,
    CASE WHEN value IN ('Do Not Intubate', 'DNI (do not intubate)', 'DNR / DNI') THEN 1 ELSE 0 END AS dni,
    CASE WHEN value = 'CPR Not Indicate' THEN 1 ELSE 0 END AS dncpr,
    ROW_NUMBER() OVER (PARTITION BY icustay_id ORDER BY charttime, row_id) AS number_from_first,
    ROW_NUMBER() OVER (PARTITION BY icustay_id ORDER BY charttime DESC, row_id DESC) AS number_from_last
  FROM `physionet-data.mimiciii_clinical.chartevents`
  WHERE itemid IN (
      128,   -- Code Status (CareVue)
      223758 -- Code Status (MetaVision)
    )
    AND value <> 'Other/Remarks'
    AND (error IS NULL OR error = 0)
),

stays AS (
  SELECT
    icustay_id,
    MAX(CASE WHEN number_from_first = 1 THEN fullcode END) AS fullcode_first,
    MAX(CASE WHEN number_from_first = 1 THEN cmo END) AS cmo_first,
    MAX(CASE WHEN number_from_first = 1 THEN dnr END) AS dnr_first,
    MAX(CASE WHEN number_from_first = 1 THEN dni END) AS dni_first,
    MAX(CASE WHEN number_from_first = 1 THEN dncpr END) AS dncpr_first,
    MAX(CASE WHEN number_from_last = 1 THEN fullcode END) AS fullcode_last,
    MAX(CASE WHEN number_from_last = 1 THEN cmo END) AS cmo_last,
    MAX(CASE WHEN number_from_last = 1 THEN dnr END) AS dnr_last,
    MAX(CASE WHEN number_from_last = 1 THEN dni END) AS dni_last,
    MAX(CASE WHEN number_from_last = 1 THEN dncpr END) AS DNCPR_last,
    MAX(fullcode) AS fullcode,
    MAX(cmo) AS cmo,
    MAX(dnr) AS dnr,
    MAX(dni) AS dni,
    MAX(dncpr) AS dncpr,
    MIN(CASE WHEN dnr = 1 THEN charttime END) AS dnr_first_charttime,
    MIN(CASE WHEN dni = 1 THEN charttime END) AS dni_first_charttime,
    MIN(CASE WHEN dncpr = 1 THEN charttime END) AS dncpr_first_charttime,
    MIN(CASE WHEN cmo = 1 THEN charttime END) AS timecmo_chart
  FROM entries
  GROUP BY icustay_id
)

SELECT
  icustays.subject_id,
  icustays.hadm_id,
  icustays.icustay_id,
  stays.fullcode_first,
  stays.cmo_first,
  stays.dnr_first,
  stays.dni_first,
  stays.dncpr_first,
  stays.fullcode_last,
  stays.cmo_last,
  stays.dnr_last,
  stays.dni_last,
  stays.DNCPR_last,
  stays.fullcode,
  stays.cmo,
  stays.dnr,
  stays.dni,
  stays.dncpr,
  stays.dnr_first_charttime,
  stays.dni_first_charttime,
  stays.dncpr_first_charttime,
  stays.timecmo_chart
FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
LEFT JOIN stays
  ON stays.icustay_id = icustays.icustay_id
