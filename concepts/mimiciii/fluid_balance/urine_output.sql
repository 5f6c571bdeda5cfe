-- Urine output at each charted time.
SELECT
  icustay_id,
  charttime,
  SUM(CASE
    -- what is put in to flush the bladder comes out again
    WHEN itemid = 227488 THEN -value
    ELSE value
  END) AS value
FROM `physionet-data.mimiciii_clinical.outputevents`
WHERE itemid IN (
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
  AND value < 5000
  AND icustay_id IS NOT NULL
GROUP BY
  icustay_id,
  charttime
