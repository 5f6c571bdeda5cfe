-- Transfusions of red blood cells during each ICU stay, with their volumes.
WITH records AS (
  SELECT
    icustay_id,
    'carevue' AS source,
    row_id,
    charttime,
    -- an amount that was not charted: 0 if stopped, else the usual volume of a unit
    CASE
      WHEN amount IS NOT NULL THEN amount
      WHEN stopped IS NOT NULL THEN 0
      ELSE 375
    END AS amount,
    amountuom
  FROM `physionet-data.mimiciii_clinical.inputevents_cv`
  WHERE itemid IN (
      30179, -- PRBC's
      30001, -- Packed RBC's
      30004  -- Washed PRBC's
    )
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
  WHERE itemid = 225168 -- Packed Red Blood Cells
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
      42324, -- er prbc
      42588, -- VICU PRBC
      42239, -- CC7 PRBC
      46407, -- ED PRBC
      46612, -- E.R. prbc
      46124, -- er in prbc
      42740  -- prbc in er
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
  WHERE itemid = 227070 -- PACU Packed RBC Intake
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
