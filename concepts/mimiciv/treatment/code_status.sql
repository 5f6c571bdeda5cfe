-- Code status as charted in the ICU and as ordered in the hospital, one row per entry or order detail.
WITH orders AS (
  SELECT
    poe.subject_id,
    poe.hadm_id,
    poe.ordertime,
    poe_detail.field_value
  FROM `physionet-data.mimiciv_hosp.poe` AS poe
  INNER JOIN `physionet-data.mimiciv_hosp.poe_detail` AS poe_detail
    ON poe_detail.poe_id = poe.poe_id
  WHERE poe.order_type = 'General Care'
    AND poe.order_subtype = 'Code status'
)

SELECT
  subject_id,
  hadm_id,
  stay_id,
  charttime,
  CASE WHEN value = 'Full code' THEN 1 ELSE 0 END AS fullcode,
  CASE WHEN value = 'Comfort measures only' THEN 1 ELSE 0 END AS cmo,
  CASE WHEN value IN ('DNI (do not intubate)', 'DNR / DNI') THEN 1 ELSE 0 END AS dni,
  CASE WHEN value IN ('DNR (do not resuscitate)', 'DNR / DNI') THEN 1 ELSE 0 END AS dnr
FROM `physionet-data.mimiciv_icu.chartevents`
WHERE itemid = 223758 -- Code Status

UNION ALL

-- the blanks inside and at the end of these texts are in the data
SELECT
  orders.subject_id,
  orders.hadm_id,
  icustays.stay_id,
  orders.ordertime AS charttime,
  CASE
    WHEN orders.field_value IN ('Resuscitate (Full code)', 'Full code  (attempt resuscitation)') THEN 1
    ELSE 0
  END AS fullcode,
  0 AS cmo,
  CASE WHEN orders.field_value = 'Do not resuscitate (DNR/DNI)' THEN 1 ELSE 0 END AS dni,
  CASE
    WHEN orders.field_value IN (
      'DNAR (DO NOT attempt resuscitation for cardiac arrest) ',
      'Do not resuscitate (DNR/DNI)'
    ) THEN 1
    ELSE 0
  END AS dnr
FROM orders
LEFT JOIN `physionet-data.mimiciv_icu.icustays` AS icustays
  ON icustays.hadm_id = orders.hadm_id
  AND icustays.intime <= orders.ordertime
  AND icustays.outtime >= orders.ordertime
