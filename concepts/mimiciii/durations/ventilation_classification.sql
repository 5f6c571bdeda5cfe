-- What each charted time says of ventilation: invasive ventilation, oxygen without it, extubation.
WITH charted_times AS (
  SELECT
    icustay_id,
    charttime,
    MAX(CASE
      WHEN itemid = 720 AND value <> 'Other/Remarks' THEN 1 -- ventilator mode (CareVue)
      WHEN itemid = 223848 AND value <> 'Other' THEN 1      -- ventilator type
      WHEN itemid = 467 AND value = 'Ventilator' THEN 1     -- oxygen delivery device (CareVue)
      WHEN itemid IN (720, 223848, 467, 226732, 640, 468, 469, 470, 471, 227287, 223834) THEN 0
      ELSE 1                                                -- a mode or a setting of the ventilator
    END) AS MechVent,
    -- the blanks at the end of some devices are in the data
    MAX(CASE
      WHEN itemid = 226732 AND value IN (
          'Nasal cannula', 'Face tent', 'Aerosol-cool', 'Trach mask ', 'High flow neb', 'Non-rebreather',
          'Venti mask ', 'Medium conc mask ', 'T-piece', 'High flow nasal cannula', 'Ultrasonic neb', 'Vapomist'
        )
        THEN 1
      WHEN itemid = 467 AND value IN (
          'Cannula', 'Nasal Cannula', 'Face Tent', 'Aerosol-Cool', 'Trach Mask', 'Hi Flow Neb', 'Non-Rebreather',
          'Venti Mask', 'Medium Conc Mask', 'Vapotherm', 'T-Piece', 'Hood', 'Hut', 'TranstrachealCat', 'Heated Neb',
          'Ultrasonic Neb'
        )
        THEN 1
      ELSE 0
    END) AS OxygenTherapy,
    MAX(CASE WHEN itemid = 640 AND value IN ('Extubated', 'Self Extubation') THEN 1 ELSE 0 END) AS Extubated,
    MAX(CASE WHEN itemid = 640 AND value = 'Self Extubation' THEN 1 ELSE 0 END) AS SelfExtubated
  FROM `physionet-data.mimiciii_clinical.chartevents`
  WHERE itemid IN (
      720, 223848, 223849,                                              -- ventilator mode and type
      445, 448, 449, 450, 1340, 1486, 1600, 224687,                     -- minute volume
      639, 654, 681, 682, 683, 684, 224684, 224685, 224686,             -- tidal volume
      218, 436, 444, 535, 224695, 224696, 224697, 224746, 224747,       -- low, high, mean, peak and negative pressure
      1, 221, 1211, 1655, 2000, 224419, 224738, 224750, 226873, 227187, -- inspiratory pressure
      543,                                                              -- plateau pressure
      5865, 5866, 224705, 224706, 224707, 224709,                       -- APRV pressure
      60, 437, 505, 506, 686, 220339, 224700,                           -- PEEP
      3459,                                                             -- high pressure relief
      501, 502, 503, 224702,                                            -- PCV
      223, 667, 668, 669, 670, 671, 672,                                -- TCPCV
      224701,                                                           -- PSV level
      640,                                                              -- Significant Events: extubation
      468, 469, 470, 471, 223834, 227287,                               -- oxygen flow, mode and second devices
      467, 226732                                                       -- oxygen delivery device
    )
    AND value IS NOT NULL
    AND (error IS NULL OR error <> 1)
  GROUP BY
    icustay_id,
    charttime
)

SELECT
  icustay_id,
  charttime,
  MechVent,
  OxygenTherapy,
  Extubated,
  SelfExtubated
FROM charted_times

UNION DISTINCT

SELECT
  icustay_id,
  starttime AS charttime,
  0 AS MechVent,
  0 AS OxygenTherapy,
  1 AS Extubated,
  CASE WHEN itemid = 225468 THEN 1 ELSE 0 END AS SelfExtubated
FROM `physionet-data.mimiciii_clinical.procedureevents_mv`
WHERE itemid IN (
    227194, -- Extubation
    225468, -- Unplanned Extubation (patient-initiated)
    225477  -- Unplanned Extubation (non-patient initiated)
  )
