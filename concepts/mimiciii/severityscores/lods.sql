-- Logistic Organ Dysfunction System score (LODS) of the first day of each ICU stay.
WITH cpap_periods AS (
  SELECT
    icustays.icustay_id,
    DATETIME_SUB(MIN(chartevents.charttime), INTERVAL 1 HOUR) AS starttime,
    DATETIME_ADD(MAX(chartevents.charttime), INTERVAL 4 HOUR) AS endtime
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciii_clinical.chartevents` AS chartevents
    ON chartevents.icustay_id = icustays.icustay_id
    AND chartevents.charttime >= icustays.intime
    AND chartevents.charttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
  WHERE chartevents.itemid IN (
      467,   -- O2 delivery device
      469,   -- O2 delivery mode
      226732 -- O2 Delivery Device(s)
    )
    AND (LOWER(chartevents.value) LIKE '%cpap%' OR LOWER(chartevents.value) LIKE '%bipap mask%')
    AND (chartevents.error IS NULL OR chartevents.error = 0)
  GROUP BY icustays.icustay_id
),

-- arterial blood gases under mechanical ventilation or CPAP
ventilated_gases AS (
  SELECT
    gases.icustay_id,
    MIN(gases.PaO2FiO2) AS pf_vent_min
  FROM `physionet-data.mimiciii_derived.blood_gas_first_day_arterial` AS gases
  LEFT JOIN `physionet-data.mimiciii_derived.ventilation_durations` AS ventilations
    ON ventilations.icustay_id = gases.icustay_id
    AND ventilations.starttime <= gases.charttime
    AND ventilations.endtime >= gases.charttime
  LEFT JOIN cpap_periods
    ON cpap_periods.icustay_id = gases.icustay_id
    AND cpap_periods.starttime <= gases.charttime
    AND cpap_periods.endtime >= gases.charttime
  WHERE ventilations.icustay_id IS NOT NULL
    OR cpap_periods.icustay_id IS NOT NULL
  GROUP BY gases.icustay_id
),

-- stays of a known admission and patient
measurements AS (
  SELECT
    icustays.icustay_id,
    gcs.mingcs,
    vitals.heartrate_min,
    vitals.heartrate_max,
    vitals.sysbp_min,
    vitals.sysbp_max,
    urine_output.urineoutput,
    labs.bun_max,
    labs.creatinine_max,
    labs.wbc_min,
    labs.wbc_max,
    labs.platelet_min,
    labs.bilirubin_max,
    labs.pt_min,
    labs.pt_max,
    ventilated_gases.pf_vent_min
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciii_clinical.admissions` AS admissions
    ON admissions.hadm_id = icustays.hadm_id
  INNER JOIN `physionet-data.mimiciii_clinical.patients` AS patients
    ON patients.subject_id = icustays.subject_id
  LEFT JOIN `physionet-data.mimiciii_derived.gcs_first_day` AS gcs
    ON gcs.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.vitals_first_day` AS vitals
    ON vitals.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.urine_output_first_day` AS urine_output
    ON urine_output.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.labs_first_day` AS labs
    ON labs.icustay_id = icustays.icustay_id
  LEFT JOIN ventilated_gases
    ON ventilated_gases.icustay_id = icustays.icustay_id
),

scores AS (
  SELECT
    icustay_id,
    CASE
      WHEN mingcs IS NULL THEN NULL
      WHEN mingcs < 3 THEN NULL
      WHEN mingcs <= 5 THEN 5
      WHEN mingcs <= 8 THEN 3
      WHEN mingcs <= 13 THEN 1
      ELSE 0
    END AS neurologic,
    CASE
      WHEN heartrate_max IS NULL AND sysbp_min IS NULL THEN NULL
      WHEN heartrate_min < 30 THEN 5
      WHEN sysbp_min < 40 THEN 5
      WHEN sysbp_min < 70 THEN 3
      WHEN sysbp_max >= 270 THEN 3
      WHEN heartrate_max >= 140 THEN 1
      WHEN sysbp_max >= 240 THEN 1
      WHEN sysbp_min < 90 THEN 1
      ELSE 0
    END AS cardiovascular,
    CASE
      WHEN bun_max IS NULL OR urineoutput IS NULL OR creatinine_max IS NULL THEN NULL
      WHEN urineoutput < 500.0 THEN 5
      WHEN bun_max >= 56.0 THEN 5
      WHEN creatinine_max >= 1.60 THEN 3
      WHEN urineoutput < 750.0 THEN 3
      WHEN bun_max >= 28.0 THEN 3
      WHEN urineoutput >= 10000.0 THEN 3
      WHEN creatinine_max >= 1.20 THEN 1
      WHEN bun_max >= 17.0 THEN 1
      WHEN bun_max >= 7.50 THEN 1
      ELSE 0
    END AS renal,
    CASE
      WHEN pf_vent_min IS NULL THEN 0
      WHEN pf_vent_min >= 150 THEN 1
      WHEN pf_vent_min < 150 THEN 3
    END AS pulmonary,
    CASE
      WHEN wbc_max IS NULL AND platelet_min IS NULL THEN NULL
      WHEN wbc_min < 1.0 THEN 3
      WHEN wbc_min < 2.5 THEN 1
      WHEN platelet_min < 50.0 THEN 1
      WHEN wbc_max >= 50.0 THEN 1
      ELSE 0
    END AS hematologic,
    CASE
      WHEN pt_max IS NULL AND bilirubin_max IS NULL THEN NULL
      WHEN bilirubin_max >= 2.0 THEN 1
      WHEN pt_max > 15 THEN 1
      WHEN pt_min < 3 THEN 1
      ELSE 0
    END AS hepatic
  FROM measurements
)

SELECT
  icustays.subject_id,
  icustays.hadm_id,
  icustays.icustay_id,
  COALESCE(scores.neurologic, 0)
  + COALESCE(scores.cardiovascular, 0)
  + COALESCE(scores.renal, 0)
  + COALESCE(scores.pulmonary, 0)
  + COALESCE(scores.hematologic, 0)
  + COALESCE(scores.hepatic, 0)
  AS LODS,
  scores.neurologic,
  scores.cardiovascular,
  scores.renal,
  scores.pulmonary,
  scores.hematologic,
  scores.hepatic
FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
LEFT JOIN scores
  ON scores.icustay_id = icustays.icustay_id
