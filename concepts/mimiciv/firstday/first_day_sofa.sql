-- Sequential Organ Failure Assessment (SOFA) of the first day of each ICU stay.
WITH first_days AS (
  SELECT
    subject_id,
    stay_id,
    DATETIME_SUB(intime, INTERVAL 6 HOUR) AS starttime,
    DATETIME_ADD(intime, INTERVAL 1 DAY) AS endtime
  FROM `physionet-data.mimiciv_icu.icustays`
),

vasopressors AS (
  SELECT stay_id, 'norepinephrine' AS drug, starttime, vaso_rate
  FROM `physionet-data.mimiciv_derived.norepinephrine`
  UNION ALL
  SELECT stay_id, 'epinephrine' AS drug, starttime, vaso_rate
  FROM `physionet-data.mimiciv_derived.epinephrine`
  UNION ALL
  SELECT stay_id, 'dopamine' AS drug, starttime, vaso_rate
  FROM `physionet-data.mimiciv_derived.dopamine`
  UNION ALL
  SELECT stay_id, 'dobutamine' AS drug, starttime, vaso_rate
  FROM `physionet-data.mimiciv_derived.dobutamine`
),

-- infusions that start on the first day
vasopressor_rates AS (
  SELECT
    first_days.stay_id,
    MAX(CASE WHEN vasopressors.drug = 'norepinephrine' THEN vasopressors.vaso_rate END) AS rate_norepinephrine,
    MAX(CASE WHEN vasopressors.drug = 'epinephrine' THEN vasopressors.vaso_rate END) AS rate_epinephrine,
    MAX(CASE WHEN vasopressors.drug = 'dopamine' THEN vasopressors.vaso_rate END) AS rate_dopamine,
    MAX(CASE WHEN vasopressors.drug = 'dobutamine' THEN vasopressors.vaso_rate END) AS rate_dobutamine
  FROM first_days
  INNER JOIN vasopressors
    ON vasopressors.stay_id = first_days.stay_id
    AND vasopressors.starttime >= first_days.starttime
    AND vasopressors.starttime <= first_days.endtime
  GROUP BY first_days.stay_id
),

-- PaO2/FiO2, apart for gases taken during and outside invasive ventilation
arterial_gases AS (
  SELECT
    first_days.stay_id,
    MIN(CASE WHEN ventilation.stay_id IS NOT NULL THEN bg.pao2fio2ratio END) AS pao2fio2_vent_min,
    MIN(CASE WHEN ventilation.stay_id IS NULL THEN bg.pao2fio2ratio END) AS pao2fio2_novent_min
  FROM first_days
  INNER JOIN `physionet-data.mimiciv_derived.bg` AS bg
    ON bg.subject_id = first_days.subject_id
    AND bg.charttime >= first_days.starttime
    AND bg.charttime <= first_days.endtime
    AND bg.specimen = 'ART.'
  LEFT JOIN `physionet-data.mimiciv_derived.ventilation` AS ventilation
    ON ventilation.stay_id = first_days.stay_id
    AND ventilation.starttime <= bg.charttime
    AND ventilation.endtime >= bg.charttime
    AND ventilation.ventilation_status = 'InvasiveVent'
  GROUP BY first_days.stay_id
),

measurements AS (
  SELECT
    icustays.subject_id,
    icustays.hadm_id,
    icustays.stay_id,
    arterial_gases.pao2fio2_vent_min,
    arterial_gases.pao2fio2_novent_min,
    labs.platelets_min,
    labs.bilirubin_total_max,
    labs.creatinine_max,
    vitalsigns.mbp_min,
    vasopressor_rates.rate_norepinephrine,
    vasopressor_rates.rate_epinephrine,
    vasopressor_rates.rate_dopamine,
    vasopressor_rates.rate_dobutamine,
    gcs.gcs_min,
    urine_output.urineoutput
  FROM `physionet-data.mimiciv_icu.icustays` AS icustays
  LEFT JOIN arterial_gases
    ON arterial_gases.stay_id = icustays.stay_id
  LEFT JOIN vasopressor_rates
    ON vasopressor_rates.stay_id = icustays.stay_id
  LEFT JOIN `physionet-data.mimiciv_derived.first_day_vitalsign` AS vitalsigns
    ON vitalsigns.stay_id = icustays.stay_id
  LEFT JOIN `physionet-data.mimiciv_derived.first_day_lab` AS labs
    ON labs.stay_id = icustays.stay_id
  LEFT JOIN `physionet-data.mimiciv_derived.first_day_urine_output` AS urine_output
    ON urine_output.stay_id = icustays.stay_id
  LEFT JOIN `physionet-data.mimiciv_derived.first_day_gcs` AS gcs
    ON gcs.stay_id = icustays.stay_id
),

scores AS (
  SELECT
    subject_id,
    hadm_id,
    stay_id,
    CASE
      WHEN pao2fio2_vent_min < 100 THEN 4
      WHEN pao2fio2_vent_min < 200 THEN 3
      WHEN pao2fio2_novent_min < 300 THEN 2
      WHEN pao2fio2_novent_min < 400 THEN 1
      WHEN pao2fio2_vent_min IS NULL AND pao2fio2_novent_min IS NULL THEN NULL
      ELSE 0
    END AS respiration,
    CASE
      WHEN platelets_min < 20 THEN 4
      WHEN platelets_min < 50 THEN 3
      WHEN platelets_min < 100 THEN 2
      WHEN platelets_min < 150 THEN 1
      WHEN platelets_min IS NULL THEN NULL
      ELSE 0
    END AS coagulation,
    CASE
      WHEN bilirubin_total_max >= 12.0 THEN 4
      WHEN bilirubin_total_max >= 6.0 THEN 3
      WHEN bilirubin_total_max >= 2.0 THEN 2
      WHEN bilirubin_total_max >= 1.2 THEN 1
      WHEN bilirubin_total_max IS NULL THEN NULL
      ELSE 0
    END AS liver,
    CASE
      WHEN rate_dopamine > 15 OR rate_epinephrine > 0.1 OR rate_norepinephrine > 0.1 THEN 4
      WHEN rate_dopamine > 5 OR rate_epinephrine <= 0.1 OR rate_norepinephrine <= 0.1 THEN 3
      WHEN rate_dopamine > 0 OR rate_dobutamine > 0 THEN 2
      WHEN mbp_min < 70 THEN 1
      WHEN mbp_min IS NULL
        AND rate_dopamine IS NULL
        AND rate_dobutamine IS NULL
        AND rate_epinephrine IS NULL
        AND rate_norepinephrine IS NULL
        THEN NULL
      ELSE 0
    END AS cardiovascular,
    CASE
      WHEN gcs_min BETWEEN 13 AND 14 THEN 1
      WHEN gcs_min BETWEEN 10 AND 12 THEN 2
      WHEN gcs_min BETWEEN 6 AND 9 THEN 3
      WHEN gcs_min < 6 THEN 4
      WHEN gcs_min IS NULL THEN NULL
      ELSE 0
    END AS cns,
    CASE
      WHEN creatinine_max >= 5.0 THEN 4
      WHEN urineoutput < 200 THEN 4
      WHEN creatinine_max >= 3.5 THEN 3
      WHEN urineoutput < 500 THEN 3
      WHEN creatinine_max >= 2.0 THEN 2
      WHEN creatinine_max >= 1.2 THEN 1
      WHEN urineoutput IS NULL AND creatinine_max IS NULL THEN NULL
      ELSE 0
    END AS renal
  FROM measurements
)

SELECT
  subject_id,
  hadm_id,
  stay_id,
  COALESCE(respiration, 0)
  + COALESCE(coagulation, 0)
  + COALESCE(liver, 0)
  + COALESCE(cardiovascular, 0)
  + COALESCE(cns, 0)
  + COALESCE(renal, 0)
  AS sofa,
  respiration,
  coagulation,
  liver,
  cardiovascular,
  cns,
  renal
FROM scores
