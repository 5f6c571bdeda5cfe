-- Norepinephrine infusions and boluses, one row per record, with the rate in mcg/kg/min.
SELECT
  stay_id,
  linkorderid,
  CASE
    -- a weight of 1 kg betrays a wrongly documented unit: the rate is mcg/kg/min already
    WHEN rateuom = 'mg/kg/min' AND patientweight = 1 THEN rate
    WHEN rateuom = 'mg/kg/min' THEN rate * 1000
    ELSE rate
  END AS vaso_rate,
  amount AS vaso_amount,
  starttime,
  endtime
FROM `physionet-data.mimiciv_icu.inputevents`
WHERE itemid = 221906 -- Norepinephrine
