-- What is documented of dialysis at each time of an ICU stay: whether it runs, and of what kind.
WITH charted AS (
  SELECT
    icustay_id,
    charttime,
    CASE
      WHEN itemid = 147 AND value = 'Yes' THEN 1
      WHEN itemid = 582 AND value IN ('CAVH Start', 'CVVHD Start', 'Hemodialysis st', 'Peritoneal Dial') THEN 1
      WHEN itemid = 225965 AND value = 'In use' THEN 1
      WHEN itemid IN (
          146, 224144, 224145, 224153, 224154, 224191, 225183, 225806, 225807, 226457, 226499, 227438, 228004, 228005,
          228006
        )
        THEN 1
      ELSE 0
    END AS dialysis_active,
    CASE
      WHEN itemid IN (152, 227290) AND value IN ('CVVH', 'CVVHD', 'CVVHDF', 'SCUF', 'Peritoneal') THEN value
      WHEN itemid = 582 AND value IN ('CAVH Start', 'CAVH D/C') THEN 'CAVH'
      WHEN itemid = 582 AND value IN ('CVVHD Start', 'CVVHD D/C') THEN 'CVVHD'
      WHEN itemid = 226499 THEN 'IHD'
      WHEN itemid IN (
          225806, 225807, 225810, 225951, 225952, 225953, 225959, 225961, 225963, 225965, 227638, 227639, 227640
        )
        THEN 'Peritoneal'
    END AS dialysis_type
  FROM `physionet-data.mimiciii_clinical.chartevents`
  WHERE itemid IN (
      -- CareVue
      146,    -- Dialysate Flow ml/hr
      147,    -- Dialysate Infusing
      148,    -- Dialysis Access Site
      149,    -- Dialysis Access Type
      150,    -- Dialysis Machine
      151,    -- Dialysis Site Appear
      152,    -- Dialysis Type
      582,    -- Procedures
      229, 235, 241, 247, 253, 259, 265, 271, -- INV Line#1 [Type] to INV Line#8 [Type]
      -- MetaVision
      224135, -- Dialysis Access Site
      224139, -- Dialysis Site Appearance
      224144, -- Blood Flow (ml/min)
      224145, -- Heparin Dose (per hour)
      224146, -- System Integrity
      224149, -- Access Pressure
      224150, -- Filter Pressure
      224151, -- Effluent Pressure
      224152, -- Return Pressure
      224153, -- Replacement Rate
      224154, -- Dialysate Rate
      224191, -- Hourly Patient Fluid Removal
      224404, -- ART Lumen Volume
      224406, -- VEN Lumen Volume
      225183, -- Current Goal
      225323, -- Dialysis Catheter Site Appear
      225725, -- Dialysis Catheter Tip Cultured
      225740, -- Dialysis Catheter Discontinued
      225776, -- Dialysis Catheter Dressing Type
      225806, -- Volume In (PD)
      225807, -- Volume Out (PD)
      225810, -- Dwell Time (Peritoneal Dialysis)
      225951, -- Peritoneal Dialysis Fluid Appearance
      225952, -- Medication Added #1 (Peritoneal Dialysis)
      225953, -- Solution (Peritoneal Dialysis)
      225954, -- Dialysis Access Type
      225956, -- Reason for CRRT Filter Change
      225958, -- Heparin Concentration (units/mL)
      225959, -- Medication Added Amount  #1 (Peritoneal Dialysis)
      225961, -- Medication Added Units #1 (Peritoneal Dialysis)
      225963, -- Peritoneal Dialysis Catheter Type
      225965, -- Peritoneal Dialysis Catheter Status
      225976, -- Replacement Fluid
      225977, -- Dialysate Fluid
      226118, -- Dialysis Catheter placed in outside facility
      226457, -- Ultrafiltrate Output
      226499, -- Hemodialysis Output
      227124, -- Dialysis Catheter Type
      227290, -- CRRT mode
      227357, -- Dialysis Catheter Dressing Occlusive
      227438, -- Volume not removed
      227638, -- Medication Added #2 (Peritoneal Dialysis)
      227639, -- Medication Added Amount  #2 (Peritoneal Dialysis)
      227640, -- Medication Added Units #2 (Peritoneal Dialysis)
      227753, -- Dialysis Catheter Placement Confirmed by X-ray
      228004, -- Citrate (ACD-A)
      228005, -- PBP (Prefilter) Replacement Rate
      228006  -- Post Filter Replacement Rate
    )
    AND value IS NOT NULL
    AND icustay_id IS NOT NULL
    AND (error IS NULL OR error = 0)
    AND (
      itemid <> 582
      OR value IN (
        'CAVH Start', 'CAVH D/C', 'CVVHD Start', 'CVVHD D/C', 'Hemodialysis st', 'Hemodialysis end', 'Peritoneal Dial'
      )
    )
    AND (itemid NOT IN (229, 235, 241, 247, 253, 259, 265, 271) OR value = 'Dialysis Line')
),

inputs AS (
  SELECT
    icustay_id,
    charttime,
    CASE WHEN itemid = 44954 THEN 0 ELSE 1 END AS dialysis_active,
    CASE
      WHEN itemid IN (40788, 41063, 41307, 43829, 44698, 46720) THEN 'Peritoneal'
      WHEN itemid IN (45352, 45353) THEN 'CVVH'
      WHEN itemid IN (45268, 46769, 46773) THEN 'CVVHD'
      WHEN itemid IN (46012, 46013, 46172, 46173) THEN 'CVVHDF'
    END AS dialysis_type
  FROM `physionet-data.mimiciii_clinical.inputevents_cv`
  WHERE itemid IN (
      40788, -- PD dialysate in
      40907, -- dialysate
      41063, -- PD Dialysate Intake
      41147, -- Dialysate instilled
      41307, -- Peritoneal Dialysate
      41460, -- capd dialysate
      41620, -- dialysate in
      41711, -- CAPD dialysate dwell
      41791, -- 2.5% dialysate in
      41792, -- 1.5% dialysate
      42562, -- pos. dialysate intak
      43829, -- PERITONEAL DIALYSATE
      44037, -- Dialysate Instilled
      44188, -- rep.+dialysate
      44526, -- dialysate 1.5% dex
      44527, -- dialysate 2.5%
      44584, -- Dialysate IN
      44591, -- dialysate 4.25%
      44698, -- peritoneal dialysate
      44927, -- CRRT HEPARIN
      44954, -- OR CVVHDF
      45157, -- ca+ gtt for cvvh
      45268, -- CALCIUM FOR CVVHD
      45352, -- CA GLUC for CVVH
      45353, -- KCL for CVVH
      46012, -- CA GLUC CVVHDF
      46013, -- KCL CVVHDF
      46172, -- CVVHDF CA GLUC
      46173, -- CVVHDF KCL
      46250, -- EBL  CVVH
      46262, -- dialysate 2.5% in
      46292, -- CRRT Irrigation
      46293, -- CRRT Citrate
      46311, -- crrt irrigation
      46389, -- CRRT FLUSH
      46574, -- CRRT rescue line NS
      46681, -- CRRT Rescue Flush
      46720, -- PD Dialysate
      46769, -- cvvdh rescue line
      46773  -- CVVHD NS line flush
    )
    AND amount > 0
),

outputs AS (
  SELECT
    icustay_id,
    charttime,
    CASE WHEN itemid = 41897 THEN 0 ELSE 1 END AS dialysis_active,
    CASE WHEN itemid IN (40789, 40910, 41069, 44843, 46394) THEN 'Peritoneal' END AS dialysis_type
  FROM `physionet-data.mimiciii_clinical.outputevents`
  WHERE itemid IN (
      40386, -- hemodialysis
      40425, -- dialysis output
      40426, -- dialysis out
      40507, -- Dialysis out
      40613, -- DIALYSIS OUT
      40624, -- dialysis
      40690, -- DIALYSIS
      40745, -- Dialysis
      40789, -- PD dialysate out
      40881, -- Hemodialysis
      40910, -- PERITONEAL DIALYSIS
      41016, -- hemodialysis out
      41034, -- dialysis in
      41069, -- PD Dialysate Output
      41112, -- Dialysys out
      41250, -- HEMODIALYSIS OUT
      41374, -- Dialysis Out
      41417, -- Hemodialysis Out
      41500, -- hemodialysis output
      41527, -- HEMODIALYSIS
      41623, -- dialysate out
      41635, -- Hemodialysis removal
      41713, -- dialyslate out
      41750, -- dialysis  out
      41829, -- HEMODIALYSIS OUTPUT
      41842, -- Dialysis Output.
      41897, -- CVVH OUTPUT FROM OR
      42289, -- dialysis off
      42388, -- DIALYSIS OUTPUT
      42464, -- hemodialysis ultrafe
      42524, -- HemoDialysis
      42536, -- Dialysis output
      42868, -- hemodialysis off
      42928, -- HEMODIALYSIS.
      42972, -- HEMODIALYSIS OFF
      43016, -- DIALYSIS TOTAL OUT
      43052, -- DIALYSIS REMOVED
      43098, -- hemodialysis crystal
      43115, -- dialysis net
      43687, -- crystalloid/dialysis
      43941, -- dialysis/intake
      44027, -- dialysis fluid off
      44085, -- DIALYSIS OFF
      44193, -- Dialysis.
      44199, -- HEMODIALYSIS O/P
      44216, -- Hemodialysis out
      44286, -- Dialysis indwelling
      44567, -- Hemodialysis.
      44843, -- peritoneal dialysis
      44845, -- Dialysis fluids
      44857, -- dialysis- fluid off
      44901, -- Dialysis Removed
      44943, -- fluid removed dialys
      45479, -- Dialysis In
      45828, -- Hemo dialysis out
      46230, -- Dialysis 1.5% IN
      46232, -- dialysis flush
      46394, -- Peritoneal dialysis
      46464, -- Hemodialysis OUT
      46712, -- CALCIUM-DIALYSIS
      46713, -- KCL-10 MEQ-DIALYSIS
      46715, -- Citrate - dialysis
      46741  -- dialysis removed
    )
    AND value > 0
),

intervals AS (
  SELECT
    icustay_id,
    starttime,
    endtime,
    1 AS dialysis_active,
    'CRRT' AS dialysis_type
  FROM `physionet-data.mimiciii_clinical.inputevents_mv`
  WHERE itemid IN (
      227525, -- Calcium Gluconate (CRRT)
      227536  -- KCl (CRRT)
    )
    AND amount > 0

  UNION DISTINCT

  SELECT
    icustay_id,
    starttime,
    endtime,
    CASE WHEN itemid IN (224270, 225436) THEN 0 ELSE 1 END AS dialysis_active,
    CASE itemid
      WHEN 225441 THEN 'IHD'
      WHEN 225802 THEN 'CRRT'
      WHEN 225803 THEN 'CVVHD'
      WHEN 225805 THEN 'Peritoneal'
      WHEN 225809 THEN 'CVVHDF'
      WHEN 225955 THEN 'SCUF'
    END AS dialysis_type
  FROM `physionet-data.mimiciii_clinical.procedureevents_mv`
  WHERE itemid IN (
      224270, -- Dialysis Catheter
      225436, -- CRRT Filter Change
      225441, -- Hemodialysis
      225802, -- Dialysis - CRRT
      225803, -- Dialysis - CVVHD
      225805, -- Peritoneal Dialysis
      225809, -- Dialysis - CVVHDF
      225955  -- Dialysis - SCUF
    )
    AND value IS NOT NULL
),

records AS (
  SELECT icustay_id, charttime, dialysis_active, dialysis_type FROM charted
  UNION DISTINCT
  SELECT icustay_id, charttime, dialysis_active, dialysis_type FROM inputs
  UNION DISTINCT
  SELECT icustay_id, charttime, dialysis_active, dialysis_type FROM outputs
  UNION DISTINCT
  SELECT icustay_id, starttime AS charttime, dialysis_active, dialysis_type FROM intervals
  UNION DISTINCT
  SELECT icustay_id, endtime AS charttime, dialysis_active, dialysis_type FROM intervals
)

-- what an interval says goes before what is charted within it
SELECT
  records.icustay_id,
  records.charttime,
  1 AS dialysis_present,
  COALESCE(intervals.dialysis_active, records.dialysis_active) AS dialysis_active,
  COALESCE(intervals.dialysis_type, records.dialysis_type) AS dialysis_type
FROM records
LEFT JOIN intervals
  ON intervals.icustay_id = records.icustay_id
  AND intervals.starttime <= records.charttime
  AND intervals.endtime >= records.charttime
WHERE records.icustay_id IS NOT NULL
