-- Net urine volume at each charted time of an ICU stay, irrigation fluid put in being subtracted.
SELECT
  stay_id,
  charttime,
  SUM(CASE WHEN itemid = 227488 AND value > 0 THEN -value ELSE value END) AS urineoutput
FROM `physionet-data.mimiciv_icu.outputevents`
WHERE itemid IN (
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
GROUP BY
  stay_id,
  charttime
