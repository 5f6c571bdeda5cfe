-- Transfusions of fresh frozen plasma during each ICU stay, with their volumes.
WITH records AS (
  SELECT
    icustay_id,
    'carevue' AS source,
    row_id,
    charttime,
    amount,
    amountuom
  FROM `physionet-data.mimiciii_clinical.inputevents_cv`
  WHERE itemid IN (
      30005, -- Fresh Frozen Plasma
      30180  -- Fresh Froz Plasma
    )
    AND amount > 0
    AND icustay_id IS NOT NULL

  UNION ALL

  SELECT
    icustay_id,
    'metavision' AS source,
    row_id,
    endtime AS charttime,
    amount,
    amountuom
  FROM `physionet-data.mimiciii_clinical.inputevents_mv`
  WHERE itemid = 220970 -- Fresh Frozen Plasma
    AND amount > 0
    AND icustay_id IS NOT NULL
),

-- what is given from each record on to the end of the stay
remaining_amounts AS (
  SELECT
    icustay_id,
    source,
    row_id,
    charttime,
    amountuom,
    SUM(amount) OVER (PARTITION BY icustay_id ORDER BY charttime DESC) AS remaining_amount,
    DATETIME_DIFF(
      charttime,
      LAG(charttime) OVER (PARTITION BY icustay_id ORDER BY charttime, source, row_id),
      HOUR
    ) AS hours_since_record
  FROM records
),

-- a record less than two full hours after the one before belongs to the same transfusion
openings AS (
  SELECT
    icustay_id,
    source,
    row_id,
    charttime,
    amountuom,
    remaining_amount
  FROM remaining_amounts
  WHERE hours_since_record IS NULL
    OR hours_since_record > 1
),

-- given before the ICU; a stay with a sum from each system has all its rows twice
earlier_amounts AS (
  SELECT
    icustay_id,
    'carevue' AS earlier_source,
    SUM(amount) AS earlier_amount
  FROM `physionet-data.mimiciii_clinical.inputevents_cv`
  WHERE itemid IN (
      44172, -- FFP GTT
      44236, -- E.R. FFP
      46410, -- angio FFP
      46418, -- ER ffp
      46684, -- ER FFP
      44819, -- FFP ON FARR 2
      46530, -- Floor FFP
      44044, -- FFP Drip
      46122, -- ER in FFP
      45669, -- ED FFP
      42323  -- er ffp
    )
    AND amount > 0
    AND icustay_id IS NOT NULL
  GROUP BY icustay_id

  UNION ALL

  SELECT
    icustay_id,
    'metavision' AS earlier_source,
    SUM(amount) AS earlier_amount
  FROM `physionet-data.mimiciii_clinical.inputevents_mv`
  WHERE itemid = 227072 -- PACU FFP Intake
    AND amount > 0
    AND icustay_id IS NOT NULL
  GROUP BY icustay_id
)

SELECT
  openings.icustay_id,
  openings.charttime,
  -- up to the next opening
  ROUND(
    CAST(openings.remaining_amount AS NUMERIC)
    - COALESCE(
      CAST(
        LEAD(openings.remaining_amount) OVER (
          PARTITION BY openings.icustay_id
          ORDER BY openings.charttime, openings.source, openings.row_id, earlier_amounts.earlier_source
        ) AS NUMERIC
      ),
      0
    ),
    2
  ) AS amount,
  ROUND(
    CAST(openings.remaining_amount AS NUMERIC) + COALESCE(CAST(earlier_amounts.earlier_amount AS NUMERIC), 0),
    2
  ) AS totalamount,
  openings.amountuom
FROM openings
LEFT JOIN earlier_amounts
  ON earlier_amounts.icustay_id = openings.icustay_id
