-- Times at which renal replacement therapy is documented, whether it was running, and its type.
WITH chart_entries AS (
  SELECT
    stay_id,
    charttime,
    1 AS dialysis_present,
    CASE
      WHEN itemid IN (
        224144, -- Blood Flow (ml/min)
        224145, -- Heparin Dose (per hour)
        224153, -- Replacement Rate
        224154, -- Dialysate Rate
        224191, -- Hourly Patient Fluid Removal
        225183, -- Current Goal
        225806, -- Volume In (PD)
        225807, -- Volume Out (PD)
        226457, -- Ultrafiltrate Output
        226499, -- Hemodialysis Output
        227438, -- Volume not removed
        228004, -- Citrate (ACD-A)
        228005, -- PBP (Prefilter) Replacement Rate
        228006  -- Post Filter Replacement Rate
      ) THEN 1
      WHEN itemid = 225965 AND value = 'In use' THEN 1 -- Peritoneal Dialysis Catheter Status
      ELSE 0
    END AS dialysis_active,
    CASE
      WHEN itemid IN (
        225806, -- Volume In (PD)
        225807, -- Volume Out (PD)
        225810, -- Dwell Time (Peritoneal Dialysis)
        225951, -- Peritoneal Dialysis Fluid Appearance
        225952, -- Medication Added #1 (Peritoneal Dialysis)
        225953, -- Solution (Peritoneal Dialysis)
        225959, -- Medication Added Amount  #1 (Peritoneal Dialysis)
        225961, -- Medication Added Units #1 (Peritoneal Dialysis)
        225963, -- Peritoneal Dialysis Catheter Type
        225965, -- Peritoneal Dialysis Catheter Status
        227638, -- Medication Added #2 (Peritoneal Dialysis)
        227639, -- Medication Added Amount  #2 (Peritoneal Dialysis)
        227640  -- Medication Added Units #2 (Peritoneal Dialysis)
      ) THEN 'Peritoneal'
      WHEN itemid = 226499 THEN 'IHD' -- Hemodialysis Output
      WHEN itemid = 227290 THEN value -- CRRT mode
    END AS dialysis_type
  FROM `physionet-data.mimiciv_icu.chartevents`
  WHERE itemid IN (
      -- present and running, or with a type: see above
      224144, 224145, 224153, 224154, 224191, 225183, 225806, 225807, 225810, 225951, 225952, 225953,
      225959, 225961, 225963, 225965, 226457, 226499, 227290, 227438, 227638, 227639, 227640, 228004,
      228005, 228006,
      -- present only
      224135, -- Dialysis Access Site
      224139, -- Dialysis Site Appearance
      224146, -- System Integrity
      224149, -- Access Pressure
      224150, -- Filter Pressure
      224151, -- Effluent Pressure
      224152, -- Return Pressure
      224404, -- ART Lumen Volume
      224406, -- VEN Lumen Volume
      225323, -- Dialysis Catheter Site Appear
      225725, -- Dialysis Catheter Tip Cultured
      225740, -- Dialysis Catheter Discontinued
      225776, -- Dialysis Catheter Dressing Type
      225954, -- Dialysis Access Type
      225956, -- Reason for CRRT Filter Change
      225958, -- Heparin Concentration (units/mL)
      225976, -- Replacement Fluid
      225977, -- Dialysate Fluid
      226118, -- Dialysis Catheter placed in outside facility
      227124, -- Dialysis Catheter Type
      227357, -- Dialysis Catheter Dressing Occlusive
      227753  -- Dialysis Catheter Placement Confirmed by X-ray
    )
    AND value IS NOT NULL
),

-- infusions into the circuit, treatments and catheters
intervals AS (
  SELECT
    stay_id,
    starttime,
    endtime,
    1 AS dialysis_present,
    1 AS dialysis_active,
    'CRRT' AS dialysis_type
  FROM `physionet-data.mimiciv_icu.inputevents`
  WHERE itemid IN (
      227536, -- KCl (CRRT)
      227525  -- Calcium Gluconate (CRRT)
    )
    AND amount > 0

  UNION DISTINCT

  SELECT
    stay_id,
    starttime,
    endtime,
    1 AS dialysis_present,
    CASE WHEN itemid IN (224270, 225436) THEN 0 ELSE 1 END AS dialysis_active,
    CASE itemid
      WHEN 225441 THEN 'IHD'
      WHEN 225802 THEN 'CRRT'
      WHEN 225803 THEN 'CVVHD'
      WHEN 225805 THEN 'Peritoneal'
      WHEN 225809 THEN 'CVVHDF'
      WHEN 225955 THEN 'SCUF'
    END AS dialysis_type
  FROM `physionet-data.mimiciv_icu.procedureevents`
  WHERE itemid IN (
      225441, -- Hemodialysis
      225802, -- Dialysis - CRRT
      225803, -- Dialysis - CVVHD
      225805, -- Peritoneal Dialysis
      225809, -- Dialysis - CVVHDF
      225955, -- Dialysis - SCUF
      224270, -- Dialysis Catheter
      225436  -- CRRT Filter Change
    )
    AND value IS NOT NULL
),

documentations AS (
  SELECT
    stay_id,
    charttime,
    dialysis_present,
    dialysis_active,
    dialysis_type
  FROM chart_entries

  UNION DISTINCT

  SELECT
    stay_id,
    starttime AS charttime,
    dialysis_present,
    dialysis_active,
    dialysis_type
  FROM intervals
)

-- what an interval says goes before what was charted within it
SELECT
  documentations.stay_id,
  documentations.charttime,
  documentations.dialysis_present,
  COALESCE(intervals.dialysis_active, documentations.dialysis_active) AS dialysis_active,
  COALESCE(intervals.dialysis_type, documentations.dialysis_type) AS dialysis_type
FROM documentations
LEFT JOIN intervals
  ON intervals.stay_id = documentations.stay_id
  AND intervals.starttime <= documentations.charttime
  AND intervals.endtime >= documentations.charttime
