-- Urine output on the first day of each ICU stay.
SELECT
  icustays.subject_id,
  icustays.hadm_id,
  icustays.icustay_id,
  SUM(CASE
    -- what is put in to flush the bladder comes out again
    WHEN outputevents.itemid = 227488 AND outputevents.value > 0 THEN -outputevents.value
    ELSE outputevents.value
  END) AS urineoutput
FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
INNER JOIN `physionet-data.mimiciii_clinical.outputevents` AS outputevents
  ON outputevents.subject_id = icustays.subject_id
  AND outputevents.hadm_id = icustays.hadm_id
  AND outputevents.icustay_id = icustays.icustay_id
  AND outputevents.charttime >= icustays.intime
  AND outputevents.charttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
  AND outputevents.itemid IN (
    40055,  -- Urine Out Foley
    43175,  -- Urine .
    40069,  -- Urine Out Void
    40094,  -- Urine Out Condom Cath
    40715,  -- Urine Out Suprapubic
    40473,  -- Urine Out IleoConduit
    40085,  -- Urine Out Incontinent
    40057,  -- Urine Out Rt Nephrostomy
    40056,  -- Urine Out Lt Nephrostomy
    40405,  -- Urine Out Other
    40428,  -- Urine Out Straight Cath
    40086,  -- Drain Out #2 Pigtail: the published list takes it for urine
    40096,  -- Urine Out Ureteral Stent #1
    40651,  -- Urine Out Ureteral Stent #2
    226559, -- Foley
    226560, -- Void
    226561, -- Condom Cath
    226584, -- Ileoconduit
    226563, -- Suprapubic
    226564, -- R Nephrostomy
    226565, -- L Nephrostomy
    226567, -- Straight Cath
    226557, -- R Ureteral Stent
    226558, -- L Ureteral Stent
    227488, -- GU Irrigant Volume In
    227489  -- GU Irrigant/Urine Volume Out
  )
GROUP BY
  icustays.subject_id,
  icustays.hadm_id,
  icustays.icustay_id
