-- Boluses of colloids of more than 100 mL, by time.
WITH metavision AS (
  SELECT
    icustay_id,
    starttime AS charttime,
    ROUND(CASE
      WHEN amountuom = 'L' THEN amount * 1000
      WHEN amountuom = 'ml' THEN amount
    END) AS volume
  FROM `physionet-data.mimiciii_clinical.inputevents_mv`
  WHERE itemid IN (
      220864, -- Albumin 5%
      220862, -- Albumin 25%
      225174, -- Hetastarch (Hespan) 6%
      225795, -- Dextran 40
      225796  -- Dextran 70
    )
    AND statusdescription <> 'Rewritten'
    -- fast enough for a bolus
    AND (
      (rateuom = 'mL/hour' AND rate > 100)
      OR (rateuom = 'mL/min' AND rate > 100 / 60)
      OR (rateuom = 'mL/kg/hour' AND rate * patientweight > 100)
    )
),

carevue AS (
  SELECT
    icustay_id,
    charttime,
    ROUND(amount) AS volume
  FROM `physionet-data.mimiciii_clinical.inputevents_cv`
  WHERE itemid IN (
      30008, -- Albumin 5%
      30009, -- Albumin 25%
      42832, -- albumin 12.5%
      40548, -- ALBUMIN
      45403, -- albumin
      44203, -- Albumin 12.5%
      30181, -- Serum Albumin 5%
      46564, -- Albumin
      43237, -- 25% Albumin
      43353, -- Albumin (human) 25%
      30012, -- Hespan
      46313, -- 6% Hespan
      30011, -- Dextran 40
      30016, -- Dextrose 10%: a crystalloid, but in the published list
      42975, -- DEXTRAN DRIP
      42944, -- dextran
      46336, -- 10% Dextran 40/D5W
      46729, -- Dextran
      40033, -- DEXTRAN
      45410, -- 10% Dextran 40
      42731  -- Dextran40 10%
    )
    AND amount > 100
    AND amount < 2000
),

charted AS (
  SELECT
    icustay_id,
    charttime,
    ROUND(valuenum) AS volume
  FROM `physionet-data.mimiciii_clinical.chartevents`
  WHERE itemid IN (
      2510, -- DEXTRAN LML 10%
      3087, -- DEXTRAN 40  10%
      6937, -- Dextran
      3088  -- DEXTRAN 40%
    )
    AND valuenum > 100
    AND valuenum < 2000
)

SELECT
  icustay_id,
  charttime,
  SUM(volume) AS colloid_bolus
FROM metavision
WHERE volume > 100
GROUP BY
  icustay_id,
  charttime

UNION ALL

SELECT
  icustay_id,
  charttime,
  SUM(volume) AS colloid_bolus
FROM carevue
GROUP BY
  icustay_id,
  charttime

UNION ALL

SELECT
  icustay_id,
  charttime,
  SUM(volume) AS colloid_bolus
FROM charted
GROUP BY
  icustay_id,
  charttime
