-- Whether anything of dialysis was ever recorded in each ICU stay.
WITH carevue_charted AS (
  SELECT chartevents.icustay_id
  FROM `physionet-data.mimiciii_clinical.chartevents` AS chartevents
  INNER JOIN `physionet-data.mimiciii_clinical.icustays` AS icustays
    ON icustays.icustay_id = chartevents.icustay_id
    AND icustays.dbsource = 'carevue'
  WHERE chartevents.value IS NOT NULL
    AND (chartevents.error IS NULL OR chartevents.error = 0)
    AND (
      chartevents.itemid IN (
        146, -- Dialysate Flow ml/hr
        147, -- Dialysate Infusing
        148, -- Dialysis Access Site
        149, -- Dialysis Access Type
        150, -- Dialysis Machine
        151, -- Dialysis Site Appear
        152  -- Dialysis Type
      )
      OR (
        chartevents.itemid IN (229, 235, 241, 247, 253, 259, 265, 271) -- INV Line#1 [Type] to INV Line#8 [Type]
        AND chartevents.value = 'Dialysis Line'
      )
      OR (chartevents.itemid = 466 AND chartevents.value = 'Dialysis RN')        -- Nursing Consultation
      OR (chartevents.itemid = 927 AND chartevents.value = 'Dialysis Solutions') -- Allergy 2
      OR (chartevents.itemid = 6250 AND chartevents.value = 'dialys')            -- lt av fistula
      OR (
        chartevents.itemid = 917 -- Diagnosis/op
        AND chartevents.value IN (
          '+ INITIATE DIALYSIS', 'BLEEDING FROM DIALYSIS CATHETER', 'FAILED DIALYSIS CATH.',
          'FEBRILE SYNDROME;DIALYSIS', 'HYPOTENSION WITH HEMODIALYSIS', 'HYPOTENSION.GLOGGED DIALYSIS',
          'INFECTED DIALYSIS CATHETER'
        )
      )
      OR (
        chartevents.itemid = 582 -- Procedures
        AND chartevents.value IN (
          'CAVH Start', 'CAVH D/C', 'CVVHD Start', 'CVVHD D/C', 'Hemodialysis st', 'Hemodialysis end'
        )
      )
    )
),

carevue_inputs AS (
  SELECT icustay_id
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
  SELECT icustay_id
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

-- only entries with a number above 0, which most of the texts and tick boxes lack
metavision_charted AS (
  SELECT icustay_id
  FROM `physionet-data.mimiciii_clinical.chartevents`
  WHERE itemid IN (
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
    AND valuenum > 0
    AND (error IS NULL OR error = 0)
),

metavision_inputs AS (
  SELECT icustay_id
  FROM `physionet-data.mimiciii_clinical.inputevents_mv`
  WHERE itemid IN (
      227525, -- Calcium Gluconate (CRRT)
      227536  -- KCl (CRRT)
    )
    AND amount > 0
),

metavision_dates AS (
  SELECT icustay_id
  FROM `physionet-data.mimiciii_clinical.datetimeevents`
  WHERE itemid IN (
      225318, -- Dialysis Catheter Cap Change
      225319, -- Dialysis Catheter Change over Wire Date
      225321, -- Dialysis Catheter Dressing Change
      225322, -- Dialysis Catheter Insertion Date
      225324  -- Dialysis CatheterTubing Change
    )
),

metavision_procedures AS (
  SELECT icustay_id
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
),

dialysed_stays AS (
  SELECT icustay_id FROM carevue_charted
  UNION DISTINCT
  SELECT icustay_id FROM carevue_inputs
  UNION DISTINCT
  SELECT icustay_id FROM outputs
  UNION DISTINCT
  SELECT icustay_id FROM metavision_charted
  UNION DISTINCT
  SELECT icustay_id FROM metavision_inputs
  UNION DISTINCT
  SELECT icustay_id FROM metavision_dates
  UNION DISTINCT
  SELECT icustay_id FROM metavision_procedures
)

SELECT
  icustays.subject_id,
  icustays.hadm_id,
  icustays.icustay_id,
  CASE WHEN dialysed_stays.icustay_id IS NULL THEN 0 ELSE 1 END AS RRT
FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
LEFT JOIN dialysed_stays
  ON dialysed_stays.icustay_id = icustays.icustay_id
