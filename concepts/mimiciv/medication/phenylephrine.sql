-- Phenylephrine infusions and boluses, one row per record, with the rate in mcg/kg/min.
SELECT
  stay_id,
  linkorderid,
  CASE
    WHEN rateuom = 'mcg/min' THEN rate / patientweight
    ELSE rate
  END AS vaso_rate,
  amount AS vaso_amount,
  starttime,
  endtime
FROM `physionet-data.mimiciv_icu.inputevents`
WHERE itemid = 221749 -- Phenylephrine
