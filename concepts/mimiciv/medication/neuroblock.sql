-- Continuous infusions of vecuronium or cisatracurium, one row per record.
SELECT
  stay_id,
  orderid,
  rate AS drug_rate,
  amount AS drug_amount,
  starttime,
  endtime
FROM `physionet-data.mimiciv_icu.inputevents`
WHERE itemid IN (
    222062, -- Vecuronium
    221555  -- Cisatracurium
  )
  AND rate IS NOT NULL
