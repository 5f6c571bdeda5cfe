-- Ventilator settings and measurements at each charted time.
SELECT
  subject_id,
  MAX(stay_id) AS stay_id,
  charttime,
  MAX(CASE WHEN itemid = 224688 THEN valuenum END) AS respiratory_rate_set, -- Respiratory Rate (Set)
  MAX(CASE WHEN itemid = 224690 THEN valuenum END) AS respiratory_rate_total, -- Respiratory Rate (Total)
  MAX(CASE WHEN itemid = 224689 THEN valuenum END) AS respiratory_rate_spontaneous, -- Respiratory Rate (spontaneous)
  MAX(CASE WHEN itemid = 224687 THEN valuenum END) AS minute_volume, -- Minute Volume
  MAX(CASE WHEN itemid = 224684 THEN valuenum END) AS tidal_volume_set, -- Tidal Volume (set)
  MAX(CASE WHEN itemid = 224685 THEN valuenum END) AS tidal_volume_observed, -- Tidal Volume (observed)
  MAX(CASE WHEN itemid = 224686 THEN valuenum END) AS tidal_volume_spontaneous, -- Tidal Volume (spontaneous)
  MAX(CASE WHEN itemid = 224696 THEN valuenum END) AS plateau_pressure, -- Plateau Pressure
  -- PEEP set, Total PEEP Level
  MAX(CASE WHEN itemid IN (220339, 224700) AND valuenum >= 0 AND valuenum <= 100 THEN valuenum END) AS peep,
  MAX(CASE -- Inspired O2 Fraction, in % or as a fraction; what lies between (1 to 20) is neither
    WHEN itemid = 223835 AND valuenum >= 0.2 AND valuenum <= 1 THEN valuenum * 100
    WHEN itemid = 223835 AND valuenum >= 20 AND valuenum <= 100 THEN valuenum
  END) AS fio2,
  MAX(CASE WHEN itemid = 224691 THEN valuenum END) AS flow_rate, -- Flow Rate (L/min)
  MAX(CASE WHEN itemid = 223849 THEN value END) AS ventilator_mode, -- Ventilator Mode
  MAX(CASE WHEN itemid = 229314 THEN value END) AS ventilator_mode_hamilton, -- Ventilator Mode (Hamilton)
  MAX(CASE WHEN itemid = 223848 THEN value END) AS ventilator_type -- Ventilator Type
FROM `physionet-data.mimiciv_icu.chartevents`
WHERE itemid IN (
    220339, 223835, 223848, 223849, 224684, 224685, 224686, 224687, 224688, 224689, 224690, 224691,
    224696, 224700, 229314
  )
  AND value IS NOT NULL
  AND stay_id IS NOT NULL
GROUP BY
  subject_id,
  charttime
