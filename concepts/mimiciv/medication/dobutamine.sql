-- Dobutamine infusions and boluses, one row per record, with the rate in mcg/kg/min.
SELECT
  stay_id,
  linkorderid,
  rate AS vaso_rate,
  amount AS vaso_amount,
  starttime,
  endtime
FROM `physionet-data.mimiciv_icu.inputevents`
WHERE itemid = 221653 -- Dobutamine
