-- Vasopressin infusions and boluses, one row per record, with the rate in units/hour.
SELECT
  stay_id,
  linkorderid,
  CASE
    WHEN rateuom = 'units/min' THEN rate * 60
    ELSE rate
  END AS vaso_rate,
  amount AS vaso_amount,
  starttime,
  endtime
FROM `physionet-data.mimiciv_icu.inputevents`
WHERE itemid = 222315 -- Vasopressin
