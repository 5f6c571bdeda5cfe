-- Whether renal replacement therapy is documented on the first day of each ICU stay.
WITH documented_stays AS (
  -- CareVue: any setting of a dialysis machine, dialysis lines, charted procedures
  SELECT icustays.icustay_id
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciii_clinical.chartevents` AS chartevents
    ON chartevents.icustay_id = icustays.icustay_id
    AND chartevents.charttime >= icustays.intime
    AND chartevents.charttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
  WHERE icustays.dbsource = 'carevue'
    AND chartevents.value IS NOT NULL
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
      -- INV Line#1 [Type] to INV Line#8 [Type]
      OR (chartevents.itemid IN (229, 235, 241, 247, 253, 259, 265, 271) AND chartevents.value = 'Dialysis Line')
      OR (
        chartevents.itemid = 582 -- Procedures
        AND chartevents.value IN (
          'CAVH Start', 'CAVH D/C', 'CVVHD Start', 'CVVHD D/C', 'Hemodialysis st', 'Hemodialysis end'
        )
      )
    )

  UNION DISTINCT

  -- MetaVision: numbers charted on dialysis
  SELECT icustays.icustay_id
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciii_clinical.chartevents` AS chartevents
    ON chartevents.icustay_id = icustays.icustay_id
    AND chartevents.charttime >= icustays.intime
    AND chartevents.charttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
  WHERE chartevents.itemid IN (
      226118, -- Dialysis Catheter placed in outside facility
      227357, -- Dialysis Catheter Dressing Occlusive
      225725, -- Dialysis Catheter Tip Cultured
      226499, -- Hemodialysis Output
      224154, -- Dialysate Rate
      225810, -- Dwell Time (Peritoneal Dialysis)
      227639, -- Medication Added Amount  #2 (Peritoneal Dialysis)
      225183, -- Current Goal
      227438, -- Volume not removed
      224191, -- Hourly Patient Fluid Removal
      225806, -- Volume In (PD)
      225807, -- Volume Out (PD)
      228004, -- Citrate (ACD-A)
      228005, -- PBP (Prefilter) Replacement Rate
      228006, -- Post Filter Replacement Rate
      224144, -- Blood Flow (ml/min)
      224145, -- Heparin Dose (per hour)
      224149, -- Access Pressure
      224150, -- Filter Pressure
      224151, -- Effluent Pressure
      224152, -- Return Pressure
      224153, -- Replacement Rate
      224404, -- ART Lumen Volume
      224406, -- VEN Lumen Volume
      226457  -- Ultrafiltrate Output
    )
    AND chartevents.valuenum > 0

  UNION DISTINCT

  SELECT icustays.icustay_id
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciii_clinical.inputevents_mv` AS inputevents
    ON inputevents.icustay_id = icustays.icustay_id
    AND inputevents.starttime >= icustays.intime
    AND inputevents.starttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
  WHERE inputevents.itemid IN (
      227536, -- KCl (CRRT)
      227525  -- Calcium Gluconate (CRRT)
    )
    AND inputevents.amount > 0

  UNION DISTINCT

  SELECT icustays.icustay_id
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciii_clinical.datetimeevents` AS datetimeevents
    ON datetimeevents.icustay_id = icustays.icustay_id
    AND datetimeevents.charttime >= icustays.intime
    AND datetimeevents.charttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
  -- not 225128, Last dialysis: that may have been long before
  WHERE datetimeevents.itemid IN (
      225318, -- Dialysis Catheter Cap Change
      225319, -- Dialysis Catheter Change over Wire Date
      225321, -- Dialysis Catheter Dressing Change
      225322, -- Dialysis Catheter Insertion Date
      225324  -- Dialysis CatheterTubing Change
    )

  UNION DISTINCT

  SELECT icustays.icustay_id
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciii_clinical.procedureevents_mv` AS procedureevents
    ON procedureevents.icustay_id = icustays.icustay_id
    AND procedureevents.starttime >= icustays.intime
    AND procedureevents.starttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
  WHERE procedureevents.itemid IN (
      225441, -- Hemodialysis
      225802, -- Dialysis - CRRT
      225803, -- Dialysis - CVVHD
      225805, -- Peritoneal Dialysis
      224270, -- Dialysis Catheter
      225809, -- Dialysis - CVVHDF
      225955, -- Dialysis - SCUF
      225436  -- CRRT Filter Change
    )
)

SELECT
  icustays.subject_id,
  icustays.hadm_id,
  icustays.icustay_id,
  CASE WHEN documented_stays.icustay_id IS NOT NULL THEN 1 ELSE 0 END AS rrt
FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
LEFT JOIN documented_stays
  ON documented_stays.icustay_id = icustays.icustay_id
