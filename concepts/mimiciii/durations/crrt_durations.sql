-- Episodes of continuous renal replacement therapy in each ICU stay, from the settings and states of the machine.
WITH machine_records AS (
  SELECT
    icustay_id,
    charttime,
    itemid,
    value
  FROM `physionet-data.mimiciii_clinical.chartevents`
  WHERE itemid IN (
      224149, -- Access Pressure
      224144, -- Blood Flow (ml/min)
      228004, -- Citrate (ACD-A)
      225183, -- Current Goal
      225977, -- Dialysate Fluid
      224154, -- Dialysate Rate
      224151, -- Effluent Pressure
      224150, -- Filter Pressure
      225958, -- Heparin Concentration (units/mL)
      224145, -- Heparin Dose (per hour)
      224191, -- Hourly Patient Fluid Removal
      228005, -- PBP (Prefilter) Replacement Rate
      228006, -- Post Filter Replacement Rate
      225976, -- Replacement Fluid
      224153, -- Replacement Rate
      224152, -- Return Pressure
      226457, -- Ultrafiltrate Output
      29,     -- Access mmHg
      173,    -- Effluent Press mmHg
      192,    -- Filter Pressure mmHg
      624,    -- Return Pressure mmHg
      79,     -- Blood Flow ml/min
      142,    -- Current Goal
      146,    -- Dialysate Flow ml/hr
      611,    -- Replace Rate ml/hr
      5683,   -- Hourly PFR
      147,    -- Dialysate Infusing
      665,    -- System integrity (CareVue)
      224146, -- System Integrity (MetaVision)
      225956  -- Reason for CRRT Filter Change
    )
    AND value IS NOT NULL
    AND (valuenum IS NULL OR valuenum <> 0)
),

charted_times AS (
  SELECT
    icustay_id,
    charttime,
    MAX(CASE
      WHEN itemid = 665 AND value IN ('Active', 'Clot Increasing', 'Clots Present', 'No Clot Present') THEN 1
      WHEN itemid = 147 AND value = 'Yes' THEN 1
      WHEN itemid IN (665, 147, 224146, 225956) THEN 0
      ELSE 1
    END) AS is_active,
    MAX(CASE
      WHEN itemid = 665 AND value = 'Initiated' THEN 1
      WHEN itemid = 224146 AND value IN ('New Filter', 'Reinitiated') THEN 1
      ELSE 0
    END) AS is_start,
    MAX(CASE
      WHEN itemid = 665 AND (value = 'Clotted' OR value LIKE 'DC%') THEN 1
      WHEN itemid = 224146 AND value IN ('Discontinued', 'Recirculating') THEN 1
      WHEN itemid = 225956 THEN 1
      ELSE 0
    END) AS is_end
  FROM machine_records
  GROUP BY
    icustay_id,
    charttime
),

-- times with a setting or an end see each other; those that only start, or say nothing, do not
neighbouring_times AS (
  SELECT
    icustay_id,
    charttime,
    is_active,
    is_start,
    is_end,
    LAG(charttime) OVER same_kind AS previous_charttime,
    LAG(is_end) OVER same_kind AS previous_is_end
  FROM charted_times
  WINDOW same_kind AS (
    PARTITION BY icustay_id, CASE WHEN is_active = 1 OR is_end = 1 THEN 1 ELSE 0 END
    ORDER BY charttime
  )
),

-- an end belongs to the episode it ends; a silence of more than two clock hours starts a new one
numbered_times AS (
  SELECT
    icustay_id,
    charttime,
    SUM(
      CASE
        WHEN is_start = 1 THEN 1
        WHEN is_end = 1 THEN 0
        WHEN previous_is_end = 1 THEN 1
        WHEN DATETIME_DIFF(charttime, previous_charttime, HOUR) <= 2 THEN 0
        ELSE 1
      END
    ) OVER (PARTITION BY icustay_id ORDER BY charttime) AS episode
  FROM neighbouring_times
  WHERE is_start = 1
    OR is_active = 1
    OR is_end = 1
),

-- episodes of a single time are left out
episodes AS (
  SELECT
    icustay_id,
    episode,
    MIN(charttime) AS starttime,
    MAX(charttime) AS endtime
  FROM numbered_times
  GROUP BY
    icustay_id,
    episode
  HAVING MIN(charttime) <> MAX(charttime)
)

SELECT
  icustay_id,
  ROW_NUMBER() OVER (PARTITION BY icustay_id ORDER BY starttime, episode) AS num,
  starttime,
  endtime,
  DATETIME_DIFF(endtime, starttime, HOUR) AS duration_hours
FROM episodes
