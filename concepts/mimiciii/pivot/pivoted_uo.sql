-- Urine output of ICU stays, summed per charted time.
SELECT
  icustay_id,
  charttime,
  -- what went in as irrigation is taken off
  SUM(CASE WHEN itemid = 227488 AND value > 0 THEN -value ELSE value END) AS urineoutput
FROM `physionet-data.mimiciii_clinical.outputevents`
WHERE itemid IN (
    40055,  -- Urine Out Foley
    40056,  -- Urine Out Lt Nephrostomy
    40057,  -- Urine Out Rt Nephrostomy
    40069,  -- Urine Out Void
    40085,  -- Urine Out Incontinent
    40086,  -- Drain Out #2 Pigtail: the published list takes it for urine
    40094,  -- Urine Out Condom Cath
    40096,  -- Urine Out Ureteral Stent #1
    40405,  -- Urine Out Other
    40428,  -- Urine Out Straight Cath
    40473,  -- Urine Out IleoConduit
    40651,  -- Urine Out Ureteral Stent #2
    40715,  -- Urine Out Suprapubic
    43175,  -- Urine .
    226557, -- R Ureteral Stent
    226558, -- L Ureteral Stent
    226559, -- Foley
    226560, -- Void
    226561, -- Condom Cath
    226563, -- Suprapubic
    226564, -- R Nephrostomy
    226565, -- L Nephrostomy
    226567, -- Straight Cath
    226584, -- Ileoconduit
    227488, -- GU Irrigant Volume In
    227489  -- GU Irrigant/Urine Volume Out
  )
  -- an integer in some copies of the data, a text in others
  AND (iserror IS NULL OR CAST(iserror AS STRING) <> '1')
GROUP BY
  icustay_id,
  charttime
